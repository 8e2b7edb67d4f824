"""Plans over time over a real store: a plan is written, refused while it is not grounded, saved, and undone."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTableWidgetItem
from serving import serving
from test_shell_window import play, until

from hitl_app.domain.decision import ReviewStatus
from hitl_app.domain.grounding import GroundingFault, GroundingFaultKind
from hitl_app.domain.model import ModelEndpoint
from hitl_app.ui.grounding_words import SHOWN, listed
from hitl_app.ui.main_window import MainWindow
from hitl_app.ui.panes.plan_table import STEP, STEPS
from hitl_app.ui.windows.plan_versions import PlanWindow
from hitl_app.workflow.workspace import Workspace

POLICY = Path(__file__).parents[1] / "policy"

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


async def begun(window: MainWindow) -> PlanWindow:
    """The window of plans, with a grounded plan of the open trajectory that is being written."""
    await until(lambda: window.session.state.opened is not None)
    window.actions_by_id["plans"].trigger()
    plans = window.methods.plans.window
    assert plans is not None
    await until(lambda: plans.list.count() > 0 and plans.ground.isEnabled())
    plans.ground.click()
    await until(lambda: plans.writing)
    return plans


def test_a_plan_that_names_nothing_of_a_long_run_is_told_in_a_few_lines(qapp: QApplication) -> None:
    faults = [GroundingFault(GroundingFaultKind.GAP, None, step) for step in range(50)]
    lines = listed(faults)
    assert lines[0] == "step 0 is an action that no plan step names"
    assert lines[SHOWN:] == ["… (+42)"]
    assert len(listed(faults[:SHOWN])) == SHOWN


def test_a_grounded_plan_is_saved_once_it_names_every_action(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        plans = await begun(window)
        opened = window.session.state.opened
        assert opened is not None
        named = plans.table.item(1, STEPS)
        assert named is not None
        whole = named.text()
        plans.table.setItem(1, STEPS, QTableWidgetItem("x–y"))
        plans.save.click()
        assert "cannot be read" in plans.problem.text()
        plans.table.setItem(1, STEPS, QTableWidgetItem(""))
        plans.save.click()
        await until(lambda: "no plan step names" in plans.problem.text())
        plans.table.setItem(1, STEPS, QTableWidgetItem(whole))
        plans.table.setItem(0, STEP, QTableWidgetItem("Look at the ways to get there"))
        QTest.keyClick(plans, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: not plans.writing or bool(plans.problem.text()))
        assert plans.problem.text() == ""
        row = await workspace.library.row(opened.row.root_id)
        assert row.status is ReviewStatus.EDITED
        revision = (await workspace.library.open(row.head_id)).trajectory
        assert revision.plan[0].step == "Look at the ways to get there"
        assert [step.content for step in revision.steps] == [step.content for step in opened.trajectory.steps]
        await until(
            lambda: window.session.state.opened is not None and window.session.state.opened.trajectory.id == row.head_id
        )
        await workspace.review.undo("ann")
        assert (await workspace.library.row(opened.row.root_id)).head_id == opened.trajectory.id

    play(qapp, tmp_path, story)


def test_a_plan_of_the_planner_is_accepted_in_its_window(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        with serving("travel_policy:policy", POLICY) as server:
            await workspace.models.save(ModelEndpoint(server.base_url, "planner"))
            await until(lambda: window.session.state.opened is not None)
            window.actions_by_id["plans"].trigger()
            plans = window.methods.plans.window
            assert plans is not None
            await until(plans.planner.isEnabled)
            before = window.session.state.opened
            assert before is not None
            plans.at.setValue(3)
            plans.planner.click()
            await until(plans.stop.isVisible)
            await until(lambda: not plans.stop.isVisible())
            await until(lambda: plans.accept.isVisible() or bool(plans.problem.text()))
            assert plans.problem.text() == ""
            assert plans.chosen is not None
            assert plans.chosen.proposal is not None
            plans.accept.click()
            await until(lambda: window.session.state.opened is not before and not plans.accept.isVisible())
            (entry,) = await workspace.review.entries()
            assert (entry.decision.rule, entry.decision.status_after) == ("plan_only", ReviewStatus.APPROVED)
            revision = (await workspace.library.open(entry.decision.head_after)).trajectory
            assert [each.until for each in revision.earlier] == [3]
            await until(lambda: plans.list.count() == 2)  # P(0) and P(1)

    play(qapp, tmp_path, story)


def test_a_plan_waits_until_what_was_edited_on_the_desk_is_decided(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        plans = await begun(window)
        window.session.delete_step(3)
        await window.session.idle()
        edited = window.session.state.draft
        assert edited.hunks
        plans.save.click()
        await window.methods.plans.idle()
        assert "on the desk first" in plans.problem.text()
        assert plans.writing
        assert window.session.state.draft == edited
        assert await workspace.review.entries() == []

    play(qapp, tmp_path, story)
