"""A whole shift at the real window by keys alone: from the import to the export, with a restart and a colleague."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from in_process import call
from screen import desk_on, virtual_screen
from shift import COUNT, Shift, Work, export, import_work, prepare, quiet, search, turn_to


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Work:
    return prepare(tmp_path_factory.mktemp("work"))


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    with virtual_screen() as name:
        yield name


# -- what a shift consists of ------------------------------------------------------------------------------------------


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
    rows = (out / "pairs-divergence-train.jsonl").read_text(encoding="utf-8").splitlines()
    assert {each["name"]: each["rows"] for each in manifest["files"]}["pairs-divergence-train.jsonl"] == len(rows)
    assert len(rows) >= 4
