"""A person leads a run through its gates in the real window."""

from pathlib import Path

import pytest
from screen import desk_on, virtual_screen

from hitl_app.domain.run import Arm, RunStatus, TaskStatus
from hitl_app.domain.store_file import STORE
from hitl_app.store import open_store
from hitl_app.system.clock import SystemClock


@pytest.mark.slow
def test_a_run_is_started_and_led_to_a_verified_end(tmp_path: Path) -> None:
    data_dir = tmp_path / "desk"
    with virtual_screen() as display, desk_on(display, data_dir) as desk:

        def at_gate(name: str) -> None:
            desk.wait(name, lambda state: state["gate"] == name and state["activity"] == "idle" and not state["stale"])

        desk.wait("an empty desk", lambda state: state["focus"] == "Import…")
        desk.click("Add samples")
        desk.wait("a trajectory", lambda state: state["inspected"] and state["activity"] == "idle")
        desk.keys("j")
        desk.wait("a failing one", lambda state: state["verified"] is False and state["activity"] == "idle")
        desk.keys("ctrl+r")
        desk.wait("the window of runs", lambda state: state["window"] == "Runs")
        desk.click("With me at the five gates, one task after the other")
        desk.click("Start the run")  # waits until the form knows what there is to choose from
        at_gate("verify")
        desk.keys("a")
        at_gate("inspect")
        desk.keys("a")
        at_gate("evolve")
        desk.keys("j")
        desk.wait("another trajectory", lambda state: state["gate"] is None and state["activity"] == "idle")
        desk.keys("ctrl+g")
        at_gate("evolve")
        desk.keys("ctrl+Return")
        at_gate("accept")
        desk.screenshot(tmp_path / "accept.png")
        desk.keys("a")
        at_gate("verify")
        desk.keys("a")
        desk.wait("the end of the run", lambda state: not state["run"] and state["verified"] is True)
        desk.keys("ctrl+r")
        desk.wait("the window of runs again", lambda state: state["window"] == "Runs")
        assert desk.quit() == ""
    store = open_store(data_dir / STORE, SystemClock())
    (run,) = store.runs()
    store.close()
    assert (run.settings.arm, run.status) == (Arm.HUMAN, RunStatus.ENDED)
    assert [result.status for result in run.results] == [TaskStatus.VERIFIED]
