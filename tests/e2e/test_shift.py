"""A whole shift at the real window by keys alone: from the import to the export, with a restart and a colleague."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from shutil import make_archive

import pytest
from in_process import Line, call
from screen import Desk, State, desk_on, virtual_screen

REASON = "the checks miss it"
OWN_WORDS = "Reason in your own words"
COUNT = 33
"""Trajectories of the shift: thirty that are reviewed one by one, and three for a decision on several."""

SEARCHED = 4
"""Failing trajectories that come with a proposal."""


@dataclass
class Work:
    """What the shift begins with.

    Attributes:
        file: To import: recordings with what was found about them, and some proposals.
        colleague: The data folder of somebody who has the same file and decided on some of it.
        rows: The recordings in the order of the queue.
        proposed: Number of hunks by root id, where there is a proposal.
        rejected_by_bo: What the colleague rejected; they approved the first trajectory of all.
    """

    file: Path
    colleague: Path
    rows: list[Line]
    proposed: dict[str, int]
    rejected_by_bo: tuple[str, ...] = ()

    @property
    def failing(self) -> list[str]:
        """Those that are not verified and come without a proposal."""
        return [row["id"] for row in self.rows if not row["verified"] and row["id"] not in self.proposed]


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Work:
    folder = tmp_path_factory.mktemp("work")
    store = folder / "bo"
    call(store, "samples", "--count", str(COUNT), "--level", "1")
    call(store, "inspect", "--all")
    rows = call(store, "list")
    wrong = [row["id"] for row in rows if not row["verified"]]
    proposed = {}
    for root in wrong[:SEARCHED]:
        (proposal,) = call(store, "propose", root)
        proposed[root] = len(proposal["hunks"])
    call(store, "export", "--format", "bundle", "--out", folder / "bundle")
    file = Path(make_archive(str(folder / "work"), "zip", folder / "bundle"))
    found = Work(file, store, rows, proposed)
    found.rejected_by_bo = (wrong[0], wrong[-1])
    for root in found.rejected_by_bo:
        call(store, "mark", "reject", root, "--annotator", "bo", "--reason", "beyond repair")
    call(store, "mark", "approve", rows[0]["id"], "--annotator", "bo", "--reason", "seen", "--override")
    return found


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    with virtual_screen() as name:
        yield name


def quiet(state: State) -> bool:
    """Nothing runs, nothing is asked, and what is on the desk was inspected."""
    return state["dialog"] is None and state["activity"] == "idle" and state["inspected"]


@dataclass
class Shift:
    """A person at the desk, who counts what should be on record."""

    desk: Desk
    recorded: Counter[str] = field(default_factory=Counter)
    reviewed: int = 0

    # -- the whole trajectory --------------------------------------------------------------------------------------

    def decide(self, kind: str, *keys: str, then: Callable[[], None] | None = None) -> State:
        """Press the keys of a decision, and wait for what comes next on the desk."""
        before = self.desk.wait("a quiet desk", quiet)
        self.desk.keys(*keys)
        if then is not None:
            then()
        return self._decided(kind, before)

    def _decided(self, kind: str, before: State) -> State:
        self.recorded[kind] += 1
        self.reviewed += 1

        def is_next(state: State) -> bool:
            return quiet(state) and "Saved" in state["message"] and (state["root"] != before["root"])

        return self.desk.wait(f"the trajectory after {before['task']} ({kind})", is_next)

    def reject(self) -> State:
        """With one of the common reasons."""
        return self.decide("reject", "shift+r", then=self._common_reason)

    def flag(self) -> State:
        return self.decide("flag", "f", then=self._own_reason)

    def override(self, kind: str) -> State:
        return self.decide(kind, "o", then=self._own_reason)

    def _common_reason(self) -> None:
        self.desk.wait("the reasons", lambda state: state["focus"] == "Common reasons")
        self.desk.keys("1")

    def _own_reason(self) -> None:
        state = self.desk.wait("the question why", lambda state: state["focus"] in ("Common reasons", OWN_WORDS))
        if state["focus"] != OWN_WORDS:
            self.desk.keys("Tab")
            self.desk.wait("the line for a reason", lambda state: state["focus"] == OWN_WORDS)
        self.desk.type(REASON)
        self.desk.keys("Return")

    def settle(self, kind: str = "edit") -> State:
        """Decide on the candidate by what the rule says of it."""
        state = self.desk.wait("an executed candidate", lambda s: quiet(s) and s["can_approve"] and not s["stale"])
        if state["rule"] == "improves":
            return self.decide(kind, "a")
        return self.decide(kind, "l") if state["rule"] == "equal" else self.override(kind)

    def to_failing(self) -> State:
        """Approve what is right as it is, up to something that is not."""
        state = self.desk.wait("a quiet desk", quiet)
        while state["verified"]:
            state = self.decide("accept", "a")
        return state

    # -- one trajectory after another ------------------------------------------------------------------------------

    def go_to(self, root: str, rows: list[Line]) -> State:
        """Go down the queue by its key."""
        wanted = [row["id"] for row in rows].index(root)
        state = self.desk.wait("a quiet desk", quiet)
        here = [row["id"] for row in rows].index(state["root"])
        self.desk.keys(*["j" if wanted > here else "k"] * abs(wanted - here))
        return self.desk.wait(f"trajectory {wanted}", lambda s: s["root"] == root and quiet(s))

    def note(self, kind: str, what: str, *keys: str, until: Callable[[State], bool]) -> State:
        """Press the keys of something that is recorded and stays on the trajectory."""
        self.desk.keys(*keys)
        self.recorded[kind] += 1
        return self.desk.wait(what, lambda state: quiet(state) and until(state))


# -- what a shift consists of ------------------------------------------------------------------------------------------


def import_work(desk: Desk, file: Path) -> None:
    desk.wait("an empty desk", lambda state: state["focus"] == "Import…")
    desk.keys("ctrl+o")
    desk.wait("the file dialog", lambda state: state["dialog"] is not None and state["typing"])
    desk.type(str(file))
    desk.keys("Return")
    desk.wait(
        "the preview", lambda state: state["dialog"] == "Import preview" and "Import" in state["words"].split("\n")
    )
    desk.keys("alt+i")
    desk.wait("the import's summary", lambda state: state["dialog"] == "Import" and state["root"] is not None)
    desk.keys("Escape")
    desk.wait("the desk", lambda state: quiet(state) and state["focus"] is not None)


def proposals(shift: Shift, work: Work) -> None:
    """The first five: as it is, all hunks, without one of them, with a hunk changed in the form, all at once."""
    desk, hunks = shift.desk, list(work.proposed.values())
    shift.decide("accept", "a")
    desk.keys(*["a"] * hunks[0])
    shift.settle("accept")
    desk.keys("r", *["a"] * (hunks[1] - 1))
    shift.settle("accept")
    desk.keys("e")
    desk.wait("the form", lambda state: state["editing"] == 0 and state["typing"])
    desk.keys("ctrl+a")
    desk.type("nothing")
    desk.keys("ctrl+Return")
    shift.settle()
    shift.decide("accept", "ctrl+Return")


def by_hand(shift: Shift) -> str:
    """Delete, insert, move, and an edit as JSON; the rule answers each. Returns the last lineage."""
    desk = shift.desk
    desk.keys("Delete")
    shift.settle()
    desk.keys("shift+i")
    desk.wait("the message", lambda state: state["focus"] == "Message")
    desk.type("One moment, please.")
    desk.keys("ctrl+Return")
    shift.settle()
    desk.keys("ctrl+shift+Down")
    shift.settle()
    edited: str = shift.to_failing()["root"]
    desk.keys("e")
    desk.wait("the editor", lambda state: state["editing"] == 0 and state["typing"])
    desk.keys("ctrl+j")
    desk.wait("the JSON", lambda state: state["focus"] == "Arguments as JSON")
    desk.keys("ctrl+a")
    desk.type("{}")
    desk.keys("ctrl+Return")
    shift.settle()
    return edited


def gradients(shift: Shift) -> None:
    """Confirm, move, dismiss and add; and the rubric, of which the last item has a scale."""
    desk = shift.desk
    before = desk.wait("gradients", lambda state: quiet(state) and state["gradient"] is not None)
    shift.note("confirm_blame", "the confirmation", "c", until=lambda state: "confirmed" in state["message"])
    turn_to(desk, "Steps")
    desk.keys("Down")
    step = desk.wait("another step", lambda state: state["selected_step"] != before["selected_step"])["selected_step"]
    shift.note("move_blame", "the blame", "m", until=lambda state: state["blame"] == step)
    desk.keys("Up")
    desk.wait("a gradient", lambda state: state["gradient"] is not None)
    shift.note("dismiss_gradient", "one less", "x", until=lambda s: s["gradients"] == before["gradients"] - 1)
    desk.keys("g")
    desk.wait("the form of a gradient", lambda state: state["dialog"] is not None and state["typing"])
    desk.type("The hotel is too far away.")
    shift.recorded["add_gradient"] += 1
    desk.keys("ctrl+Return")
    desk.wait("one more", lambda state: quiet(state) and state["gradients"] == before["gradients"])
    shift.note("rate", "an answer", "1", until=lambda state: state["answered"] == 1)
    desk.keys("5")
    desk.wait("the scale", lambda state: state["dialog"] is not None)
    shift.note("rate", "a value", "4", until=lambda state: state["answered"] == 2)


def restore(shift: Shift, work: Work, root: str) -> None:
    """Go back to what was decided last, and make the recording the head again."""
    desk, here = shift.desk, shift.desk.state["root"]
    shift.go_to(root, work.rows)
    turn_to(desk, "Revisions")
    desk.keys("Home", "ctrl+shift+r")
    shift.recorded["restore"] += 1
    desk.wait("the recording", lambda state: quiet(state) and state["trajectory"] == root)
    shift.go_to(here, work.rows)


def several(shift: Shift, left: int) -> None:
    """Skip everything that is left with one decision, and take it back with one key."""
    desk = shift.desk
    search(desk, "status:pending")
    desk.keys("ctrl+k")
    desk.wait("the palette", lambda state: state["focus"] == "Command")
    desk.type("skip several")
    desk.keys("Return")
    desk.wait("the preview", lambda state: f"Skip {left}" in state["words"].split("\n"))
    desk.keys("alt+e", "alt+k")
    shift.recorded["skip"] += left
    desk.wait("what was saved", lambda state: quiet(state) and state["status"] == "skipped")
    desk.keys("u")
    shift.recorded["undo"] += left
    desk.wait("one undo", lambda state: quiet(state) and state["status"] == "pending" and "Undone" in state["message"])
    search(desk, "")


def turn_to(desk: Desk, pane: str) -> None:
    """Go round the panes up to one."""
    here = desk.state["focus"]
    while here != pane:
        desk.keys("F6")
        here = other_than(desk, here)


def other_than(desk: Desk, left: str | None) -> str:
    """Where the focus is once it is somewhere else."""
    focus: str = desk.wait("another pane", lambda state: state["focus"] not in (None, left))["focus"]
    return focus


def search(desk: Desk, query: str) -> None:
    """Let the queue show what fits a query."""
    desk.keys("slash")
    desk.wait("the query", lambda state: state["focus"] == "Query")
    desk.keys("ctrl+a", "Delete")
    desk.type(query)
    desk.keys("Return", "Escape")
    desk.wait("the list", lambda state: quiet(state) and not state["typing"])


def merge(shift: Shift, colleague: Path, root: str) -> None:
    """Take what a colleague decided; see how far both agree; and settle what they do not agree on."""
    desk = shift.desk
    desk.keys("ctrl+shift+g")
    desk.wait("the page of merging", lambda state: state["focus"] == "The other store")
    desk.type(str(colleague))
    desk.keys("Return")
    desk.wait("the summary", lambda state: "Disputed now: 1" in state["words"])
    desk.keys("Escape")
    desk.wait("the desk", quiet)
    desk.keys("ctrl+shift+a")
    desk.wait("the figures", lambda state: "1 is perfect agreement" in state["words"])
    desk.wait("the disputes", lambda state: state["focus"] == "Different verdicts")
    desk.keys("Return")
    desk.wait("the disputed one", lambda s: quiet(s) and s["root"] == root and s["status"] == "disputed")
    shift.override("accept")


def export(desk: Desk, folder: Path) -> None:
    desk.keys("ctrl+e")
    desk.wait("the export dialog", lambda state: state["focus"] == "Format")
    desk.type("trl-d")
    desk.wait("the preview", lambda state: "Nothing is written yet" in state["words"])
    desk.keys("alt+o")
    desk.wait("the folder", lambda state: state["focus"] == "Folder")
    desk.keys("ctrl+a")
    desk.type(str(folder))
    desk.keys("Return")
    desk.wait("the files", lambda state: "Written to" in state["words"])
    desk.keys("Escape")
    desk.wait("the desk", quiet)


def judgement(shift: Shift) -> None:
    """The proposal is shown after the annotator said what is wrong."""
    desk = shift.desk
    desk.keys("p")
    desk.wait("a proposal that is held back", lambda state: state["judging"] and quiet(state))
    shift.note("judge", "the proposal", "n", until=lambda state: bool(state["hunks"]))
    desk.keys(*["a"] * len(desk.state["hunks"]))
    shift.settle("accept")


# -- the shift ---------------------------------------------------------------------------------------------------------


def first_half(shift: Shift, work: Work) -> None:
    import_work(shift.desk, work.file)
    proposals(shift, work)
    restore(shift, work, by_hand(shift))
    shift.to_failing()
    gradients(shift)
    shift.reject()
    shift.decide("skip", "s")
    while shift.reviewed < 20:
        shift.to_failing()
        (shift.reject, shift.flag)[shift.reviewed % 2]()


def second_half(shift: Shift, work: Work, out: Path) -> None:
    desk = shift.desk
    desk.wait("the desk as it was left", lambda state: not state.get("starting") and state["root"] and quiet(state))
    desk.keys("u")
    shift.recorded["undo"] += 1
    undone = desk.wait("the undo", lambda state: quiet(state) and "Undone" in state["message"])
    assert undone["root"] == work.rows[shift.reviewed - 1]["id"]
    shift.reviewed -= 1
    shift.reject()
    shift.to_failing()
    judgement(shift)
    while shift.reviewed < COUNT - 3:
        shift.to_failing()
        shift.override("accept")
    several(shift, 4)  # the one that was restored is pending again
    merge(shift, work.colleague, work.rejected_by_bo[0])
    export(desk, out)


def test_a_shift_by_keys_alone(display: str, work: Work, tmp_path: Path) -> None:
    data_dir, out = tmp_path / "desk", tmp_path / "export"
    with desk_on(display, data_dir) as desk:
        shift = Shift(desk)
        first_half(shift, work)
        assert desk.quit() == ""
    call(data_dir, "policy", "--judge-first")
    with desk_on(display, data_dir) as desk:
        shift.desk = desk
        second_half(shift, work, out)
        assert desk.quit() == ""
    check_record(data_dir, shift)
    check_export(data_dir, out)


def check_record(data_dir: Path, shift: Shift) -> None:
    (report,) = call(data_dir, "ledger", "check")
    assert report["sound"] is True
    entries = call(data_dir, "ledger", "show")
    assert Counter(entry["kind"] for entry in entries if entry["annotator"] == "ann") == shift.recorded
    assert Counter(entry["kind"] for entry in entries if entry["annotator"] == "bo") == {"reject": 2, "accept": 1}
    assert {"improves", "lateral", "as_is"} <= {entry["rule"] for entry in entries}
    assert {True, False} == {entry["override"] for entry in entries}
    verdict = next(line for line in call(data_dir, "agreement") if line["question"] == "verdict")
    assert (verdict["n"], verdict["pairs"][0]["equal"]) == (2, 1)
    assert not call(data_dir, "list", "--query", "status:disputed")


def check_export(data_dir: Path, out: Path) -> None:
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    rows = (out / "pairs-divergence.jsonl").read_text(encoding="utf-8").splitlines()
    assert {each["name"]: each["rows"] for each in manifest["files"]}["pairs-divergence.jsonl"] == len(rows)
    assert len(rows) >= 4
