"""A person who reviews by keys alone, and what they begin with."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from shutil import make_archive

from in_process import Line, call
from screen import Desk, State

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


def prepare(folder: Path) -> Work:
    """Make a file of recordings with what was found about them, and a colleague who has decided on some."""
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


# -- jobs -------------------------------------------------------------------------------------------------------------


def import_work(desk: Desk, file: Path) -> None:
    desk.wait("an empty desk", lambda state: state["focus"] == "Import…")
    desk.keys("ctrl+o")
    desk.choose_file(file)
    desk.wait(
        "the preview", lambda state: state["dialog"] == "Import preview" and "Import" in state["words"].split("\n")
    )
    desk.keys("alt+i")
    desk.wait("the import's summary", lambda state: state["dialog"] == "Import" and state["root"] is not None)
    desk.keys("Escape")
    desk.wait("the desk", lambda state: quiet(state) and state["focus"] is not None)


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
