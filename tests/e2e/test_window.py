"""A person reviews a real failing run in the real window: keys and mouse, nothing else."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from screen import Desk, State, desk_on, virtual_screen

from hitl_app.domain.decision import DecisionKind, LedgerEntry
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.store_file import STORE
from hitl_app.store import open_store
from hitl_app.system.clock import SystemClock

AIRLINE = "toolorchestra_airline_gpt-5_subset.json"
BOOKING_RUN = "13"
"""Key of the task whose run books a flight although the policy forbids it."""


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    with virtual_screen() as name:
        yield name


def ledger(data_dir: Path) -> list[LedgerEntry]:
    """What is on record, read while the desk is open."""
    store = open_store(data_dir / STORE, SystemClock())
    try:
        return list(store.entries())
    finally:
        store.close()


def draft_of(data_dir: Path, trajectory_id: str) -> JsonObject | None:
    store = open_store(data_dir / STORE, SystemClock())
    try:
        return store.draft(trajectory_id)
    finally:
        store.close()


def import_through_the_dialog(desk: Desk, file: Path) -> None:
    desk.wait("an empty desk", lambda state: state["focus"] == "Import…")
    desk.keys("ctrl+o")
    desk.choose_file(file)
    desk.wait(
        "the preview", lambda state: state["dialog"] == "Import preview" and "Import" in state["words"].split("\n")
    )
    desk.keys("alt+i")
    desk.wait("the import's summary", lambda state: state["dialog"] == "Import" and state["root"] is not None)
    desk.keys("Escape")
    desk.wait("the desk", lambda state: state["dialog"] is None and state["focus"] is not None)


def go_to(desk: Desk, task: str) -> State:
    """Narrow the queue to one task with the query box, and open it."""
    desk.keys("slash")
    desk.wait("the query box", lambda state: state["focus"] == "Query")
    desk.type(f"task:{task}")
    desk.keys("Return")
    found = desk.wait(f"task {task}", lambda state: state["focus"] == "Trajectories" and state["task"] == task)
    return found if found["inspected"] else desk.wait("its inspection", lambda state: state["inspected"])


def go_down_to(desk: Desk, step: int) -> None:
    """Select a step further down, step by step."""
    while (at := desk.state["selected_step"]) != step:
        desk.keys("Down")
        desk.wait("the next step", lambda state, at=at: state["selected_step"] != at)  # type: ignore[misc]  # as in `walk`


def walk(desk: Desk, key: str, *stops: str) -> None:
    """Go on by a key, over the stops one after another."""
    for stop in stops:
        desk.keys(key)
        desk.wait(stop, lambda state, name=stop: state["focus"] == name)  # type: ignore[misc]  # a default binds it


def rewrite(desk: Desk, tool: str, arguments: str) -> None:
    """Edit the selected step: another tool, other arguments."""
    desk.keys("e")
    if desk.wait("the editor", lambda state: state["typing"])["focus"] != "Arguments as JSON":
        desk.keys("ctrl+j")
    desk.wait("the arguments", lambda state: state["focus"] == "Arguments as JSON")
    walk(desk, "shift+Tab", "JSON", "Tool")
    desk.keys("ctrl+a")
    desk.type(tool)
    walk(desk, "Tab", "JSON", "Arguments as JSON")
    desk.keys("ctrl+a")
    desk.type(arguments)


def export_through_the_dialog(desk: Desk, folder: Path) -> None:
    desk.keys("ctrl+e")
    desk.wait("the export dialog", lambda state: state["focus"] == "Format")
    desk.type("trl-d")
    desk.keys("alt+o")
    desk.wait("the folder's field", lambda state: state["focus"] == "Folder")
    desk.keys("ctrl+a")
    desk.type(str(folder))
    desk.keys("Return")
    desk.wait("the files", lambda _: (folder / "manifest.json").exists())
    desk.click("Close")


def test_a_failing_run_is_imported_repaired_by_hand_undone_and_exported(
    display: str, recordings: Path, tau2_home: Path, tmp_path: Path
) -> None:
    data_dir, variables = tmp_path / "desk", {"HITL_APP_ENV_DIR": str(tau2_home)}
    with desk_on(display, data_dir, variables=variables) as desk:
        import_through_the_dialog(desk, recordings / "tau2-bench" / AIRLINE)
        state = go_to(desk, BOOKING_RUN)
        assert state["verified"] is False
        booking: int = state["selected_step"]
        desk.screenshot(tmp_path / "1-inspected.png")

        # The right edit: hand over instead of booking. Losses follow the typing, before anything is approved.
        rewrite(desk, "transfer_to_human_agents", '{"summary": "wants another destination"}')
        state = desk.wait("the rule's answer", lambda state: state["can_approve"] and state["accepted_by_rule"])
        desk.screenshot(tmp_path / "2-improves.png")
        desk.keys("ctrl+Return")
        desk.wait("the editor closed", lambda state: state["editing"] is None)
        desk.click("Approve and next")
        desk.wait("the decision", lambda state: "Saved" in state["message"])
        (entry,) = ledger(data_dir)
        fixed = entry.decision.candidate_id
        assert (entry.decision.kind, entry.decision.accepted, entry.decision.rule) == (
            DecisionKind.EDIT,
            True,
            "improves",
        )

        # A worse edit of the repaired run is refused; nothing is recorded until a person overrides with a reason.
        go_to(desk, BOOKING_RUN)
        state = desk.wait("the revision", lambda state: state["trajectory"] == fixed and state["inspected"])
        assert state["verified"] is True
        desk.keys("F6")
        desk.wait("the plan in focus", lambda state: state["focus"] == "Steps")
        go_down_to(desk, booking)
        rewrite(desk, "get_user_details", '{"user_id": "nobody"}')
        desk.wait("the refusal", lambda state: state["accepted_by_rule"] is False and not state["stale"])
        desk.keys("ctrl+Return")
        desk.wait(
            "the editor closed, the candidate inspected",
            lambda state: state["editing"] is None and state["focus"] == "Steps" and state["can_approve"],
        )
        desk.keys("ctrl+Return")
        desk.wait("the explanation", lambda state: "refuses" in state["problem"])
        desk.screenshot(tmp_path / "3-refused.png")
        assert len(ledger(data_dir)) == 1
        desk.keys("o")
        desk.wait("the question why", lambda state: state["dialog"] is not None)
        desk.type("the gold is wrong here")
        desk.keys("Return")
        desk.wait("the override", lambda state: "Saved" in state["message"])
        assert ledger(data_dir)[-1].decision.override is True
        assert desk.quit() == ""

    with desk_on(display, data_dir, variables=variables) as desk:
        desk.wait("the desk again", lambda state: state["root"] is not None and state["inspected"])
        desk.keys("u")
        desk.wait("the undo", lambda state: state["trajectory"] == fixed)
        assert [entry.decision.kind for entry in ledger(data_dir)][-1] is DecisionKind.UNDO
        export_through_the_dialog(desk, tmp_path / "export")
        assert desk.quit() == ""
    (pair,) = (tmp_path / "export" / "pairs-divergence-train.jsonl").read_text(encoding="utf-8").splitlines()
    assert "transfer_to_human_agents" in json.dumps(json.loads(pair)["chosen"])
    assert "book_reservation" in json.dumps(json.loads(pair)["rejected"])


@pytest.mark.slow
def test_a_proposal_is_searched_for_and_approved_by_keys_alone(
    display: str, recordings: Path, tau2_home: Path, tmp_path: Path
) -> None:
    data_dir, variables = tmp_path / "desk", {"HITL_APP_ENV_DIR": str(tau2_home)}
    with desk_on(display, data_dir, variables=variables) as desk:
        import_through_the_dialog(desk, recordings / "tau2-bench" / AIRLINE)
        go_to(desk, BOOKING_RUN)
        desk.keys("Escape", "p")
        desk.wait("a proposal", lambda state: state["hunks"] == ["pending"] and not state["stale"])
        desk.keys("a")
        desk.wait("the hunk accepted", lambda state: state["hunks"] == ["accepted"] and state["can_approve"])
        desk.keys("a")
        desk.wait("the decision", lambda state: "Saved" in state["message"])
        assert desk.quit() == ""
    (entry,) = ledger(data_dir)
    assert (entry.decision.kind, entry.decision.kept_hunks, entry.decision.annotator) == (
        DecisionKind.ACCEPT,
        (0,),
        "ann",
    )
    losses = entry.decision.detail["losses_after"]
    assert json.dumps(losses).count('"count": 0') == 3


@pytest.mark.slow
def test_a_draft_survives_a_kill(display: str, tmp_path: Path) -> None:
    data_dir = tmp_path / "desk"
    with desk_on(display, data_dir) as desk:
        desk.wait("an empty desk", lambda state: state["focus"] == "Import…")
        desk.click("Add samples")
        desk.wait("a trajectory", lambda state: state["inspected"] and state["activity"] == "idle")
        desk.keys("j")
        before = desk.wait("a failing one", lambda state: state["selected_step"] is not None and state["inspected"])
        desk.keys("Delete")
        desk.wait("a hunk", lambda state: len(state["hunks"]) == 1)
        desk.wait("the saved draft", lambda _: draft_of(data_dir, before["trajectory"]) is not None)
        desk.kill()
    with desk_on(display, data_dir) as desk:
        after = desk.wait("the same trajectory", lambda state: state["root"] == before["root"])
        assert len(after["hunks"]) == 1
        assert desk.quit() == ""
