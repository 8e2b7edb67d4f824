"""Judging, rating, restoring, deciding in bulk and blind, as an engineer scripts it."""

from pathlib import Path

import pytest
from in_process import answer, call

ANN, BOB = ("--annotator", "ann", "--reason", "because"), ("--annotator", "bob", "--reason", "because")


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    call(tmp_path, "samples", "--count", "4")
    return tmp_path


def ids(data_dir: Path, query: str = "") -> list[str]:
    return [line["id"] for line in call(data_dir, "list", "--query", query)]


def test_a_bulk_decision_is_shown_first_and_taken_back_by_one_undo(data_dir: Path) -> None:
    (dry,) = call(data_dir, "bulk", "skip", "--query", "status:skipped", "--dry-run", *ANN)
    assert dry == {"action": "skip", "dry_run": True, "decided": 0, "left_out": 0, "batch": None}
    call(data_dir, "mark", "flag", ids(data_dir)[0], *BOB)
    *lines, last = call(data_dir, "bulk", "approve", "--query", "", "--dry-run", *ANN)
    assert {line["left_out"] for line in lines} == {"not_inspected"}
    assert (last["decided"], last["left_out"]) == (0, 4)
    (done,) = call(data_dir, "bulk", "reject", "--query", "status:pending", *ANN)
    assert (done["decided"], len(ids(data_dir, "status:rejected"))) == (3, 3)
    (undone,) = call(data_dir, "undo", "--annotator", "ann")
    assert (undone["undone"], undone["kept"]) == (3, 0)
    assert len(ids(data_dir, "status:pending")) == 3
    code, _, message = answer(data_dir, "bulk", "reject", "--query", "", "--annotator", "ann")
    assert (code, "needs a reason" in message) == (1, True)


def test_a_judgement_a_rating_and_a_restored_recording_are_on_record(data_dir: Path, tmp_path: Path) -> None:
    root = ids(data_dir)[0]
    (judged,) = call(data_dir, "judge", root, "--step", "1", *ANN)
    assert judged["detail"] == {"blame": 1, "proposal_id": None}
    (judged,) = call(data_dir, "judge", root, "--none", *ANN)
    assert judged["detail"]["blame"] is None
    (rated,) = call(data_dir, "rate", root, "tone", "4", "--rubric", "2", *ANN)
    assert rated["detail"] == {"item": "tone", "value": 4, "rubric": "2"}
    edits = tmp_path / "edits.json"
    edits.write_text('[{"op": "insert", "before": 1, "message": "One moment."}]', encoding="utf-8")
    (revised,) = call(data_dir, "revise", root, "--edits", edits, "--override", *ANN)
    assert revised["head"] == revised["id"]
    (restored,) = call(data_dir, "restore", root, *ANN)
    assert (restored["kind"], restored["head"], restored["status"]) == ("restore", root, "pending")
    code, _, message = answer(data_dir, "restore", root, *ANN)
    assert (code, "the head already" in message) == (1, True)


def test_two_who_decide_blind_and_differently_make_a_dispute(data_dir: Path) -> None:
    root = ids(data_dir)[0]
    call(data_dir, "mark", "reject", root, *ANN, "--blind")
    call(data_dir, "mark", "approve", root, *BOB, "--blind", "--override")
    assert ids(data_dir, "status:disputed") == [root]
    call(data_dir, "undo", "--annotator", "bob", "--blind")
    assert ids(data_dir, "status:rejected") == [root]
