"""A run with a person at its five gates: asked and answered in the panes of the review, by keys alone."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from test_shell_window import play, press, until

from hitl_app.domain.decision import DecisionKind, ReviewStatus
from hitl_app.domain.inspection import Inspection
from hitl_app.domain.ports import Approval, Judgement
from hitl_app.domain.run import Arm, GateName, Run, RunStatus, TaskStatus
from hitl_app.ui.gate import Approving, Choosing, Guiding, Question, Reviewing, Verifying
from hitl_app.ui.main_window import MainWindow
from hitl_app.ui.panes.add_gradient import AddGradientDialog
from hitl_app.ui.runs import Wanted
from hitl_app.ui.state import Activity, Draft
from hitl_app.ui.windows.candidates import CandidatesDialog
from hitl_app.ui.windows.reason import ReasonDialog
from hitl_app.workflow.opened import Opened
from hitl_app.workflow.workspace import Workspace

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

PATIENCE = 20.0
"""Seconds that a person has at a gate."""

Person = Callable[[MainWindow, Workspace, Opened, Inspection], Awaitable[None]]


def at_desk(app: QApplication, folder: Path, person: Person) -> None:
    """Give the person the sample that has a proposal; the desk follows what a run asks."""

    async def story(window: MainWindow, workspace: Workspace) -> None:
        opened = await repairable(workspace)
        assert opened.inspection is not None
        window.session.follow()
        async with asyncio.timeout(PATIENCE):
            await person(window, workspace, opened, opened.inspection)

    play(app, folder, story)


async def repairable(workspace: Workspace) -> Opened:
    """The sample that has a proposal."""
    for root_id in await workspace.library.root_ids():
        opened = await workspace.library.open(root_id)
        if opened.proposals:
            return opened
    raise AssertionError("no sample has a proposal")


async def back_at_desk(window: MainWindow) -> None:
    """Without a window manager nobody gives the keys back to the desk when a dialog closes."""
    window.activateWindow()
    window.plan.focus_target.setFocus()
    await until(window.isActiveWindow)


def shift(window: MainWindow, key: Qt.Key) -> None:
    """Press a key with Shift where the focus is."""
    QTest.keyClick(QApplication.focusWidget() or window, key, Qt.KeyboardModifier.ShiftModifier)


async def asked(window: MainWindow, kind: type[Question]) -> None:
    """Wait until a question of that kind stands at the desk, and nothing runs."""
    session = window.session
    await until(lambda: isinstance(session.state.question, kind) and session.state.activity is Activity.IDLE)


async def ended(window: MainWindow, workspace: Workspace) -> Run:
    """The run once it has ended."""
    await until(lambda: not window.run_desk.runs.going)
    await window.run_desk.runs.idle()
    return (await workspace.running.runs())[0]


def test_a_run_is_led_through_its_gates_by_keys_and_every_passage_is_on_record(
    qapp: QApplication, tmp_path: Path
) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        base = await repairable(workspace)
        window.run_desk.runs.start(Wanted([base.trajectory.id], with_person=True))
        for kind in (Verifying, Guiding, Reviewing, Approving, Verifying):
            await asked(window, kind)
            await press(window, "a" * (window.session.state.pending_hunks + 1))
        run = await ended(window, workspace)
        assert (run.settings.arm, run.status) == (Arm.HUMAN, RunStatus.ENDED)
        assert [result.status for result in run.results] == [TaskStatus.VERIFIED]
        passages = await workspace.running.passages(run.id)
        names = [GateName.VERIFY, GateName.INSPECT, GateName.EVOLVE, GateName.ACCEPT, GateName.VERIFY]
        assert [(passage.gate, passage.who, passage.changed) for passage in passages] == [
            (name, "ann", {}) for name in names
        ]
        decided = [entry.decision.kind for entry in await workspace.review.entries(base.row.root_id)]
        assert decided == [DecisionKind.ACCEPT, DecisionKind.VERIFY]
        await window.session.idle()
        row = await workspace.library.row(base.row.root_id)
        assert (row.status, row.head_id) == (ReviewStatus.APPROVED, run.results[0].best_id)
        assert window.session.state.opened is not None
        assert window.session.state.opened.trajectory.id == row.head_id
        assert not window.session.state.held

    play(qapp, tmp_path, story)


def test_a_moved_blame_a_dismissed_gradient_and_locked_steps_guide_the_run(qapp: QApplication, tmp_path: Path) -> None:
    async def person(window: MainWindow, workspace: Workspace, opened: Opened, inspection: Inspection) -> None:
        answer = asyncio.create_task(window.run_desk.runs.gate.guide(opened.trajectory, inspection, 3))
        await asked(window, Guiding)
        assert window.run_desk.bar.locked.value() == 3
        window.session.select_step(2)
        await press(window, "m")
        assert window.session.state.locked == 2
        window.session.dismiss_gradient(inspection.gradients[-1].id)
        await window.session.idle()
        window.session.select_step(1)
        shift(window, Qt.Key.Key_L)
        await press(window, "a")
        guidance = await answer
        assert (guidance.locked, guidance.inspection.earliest_cause) == (1, 2)
        assert guidance.inspection.gradients == inspection.gradients[:-1]

    at_desk(qapp, tmp_path, person)


def test_undo_at_a_gate_takes_back_only_what_was_noted_there(qapp: QApplication, tmp_path: Path) -> None:
    async def person(window: MainWindow, workspace: Workspace, opened: Opened, inspection: Inspection) -> None:
        before = len(opened.gradients)
        answer = asyncio.create_task(window.run_desk.runs.gate.guide(opened.trajectory, inspection, 3))
        await asked(window, Guiding)
        window.session.dismiss_gradient(inspection.gradients[0].id)
        await window.session.idle()
        await press(window, "uu")
        assert window.session.state.opened is not None
        assert len(window.session.state.opened.gradients) == before
        await press(window, "a")
        assert (await answer).inspection.gradients == inspection.gradients

    at_desk(qapp, tmp_path, person)


def test_a_hunk_that_is_left_out_does_not_reach_the_run(qapp: QApplication, tmp_path: Path) -> None:
    async def person(window: MainWindow, workspace: Workspace, opened: Opened, inspection: Inspection) -> None:
        proposal = opened.proposals[0]
        answer = asyncio.create_task(window.run_desk.runs.gate.review(opened.trajectory, inspection, proposal))
        await asked(window, Reviewing)
        assert not window.proposal.bar.approve.isEnabled()
        await press(window, "r" + "a" * len(proposal.hunks))
        assert await answer == proposal.hunks[1:]

    at_desk(qapp, tmp_path, person)


def test_a_whole_proposal_is_rejected_with_one_key_and_its_draft_is_gone(qapp: QApplication, tmp_path: Path) -> None:
    async def person(window: MainWindow, workspace: Workspace, opened: Opened, inspection: Inspection) -> None:
        proposal = opened.proposals[0]
        answer = asyncio.create_task(window.run_desk.runs.gate.review(opened.trajectory, inspection, proposal))
        await asked(window, Reviewing)
        shift(window, Qt.Key.Key_R)
        assert await answer == ()
        await window.session.idle()

    at_desk(qapp, tmp_path, person)


async def judgement(workspace: Workspace, opened: Opened, *, accepted: bool) -> Judgement:
    """What a run would ask about the proposal's candidate; or as if the rule refused it."""
    proposal = opened.proposals[0]
    tried = await workspace.refinement.try_candidate(opened.trajectory.id, proposal.hunks, proposal.proposer)
    rule, why = ("improves", "better") if accepted else ("worse", "goal 0 → 1")
    return Judgement(
        proposal,
        proposal.hunks,
        opened.trajectory,
        tried.before,
        tried.trajectory,
        tried.inspection,
        accepted,
        rule,
        why,
    )


def test_a_candidate_that_the_rule_accepts_is_rejected_with_a_reason(qapp: QApplication, tmp_path: Path) -> None:
    async def person(window: MainWindow, workspace: Workspace, opened: Opened, inspection: Inspection) -> None:
        question = await judgement(workspace, opened, accepted=True)
        answer = asyncio.create_task(window.run_desk.runs.gate.approve(question))
        await asked(window, Approving)
        await press(window, "r")
        (dialog,) = window.findChildren(ReasonDialog)
        assert "the run goes on" in dialog.findChildren(QLabel)[0].text()
        QTest.keyClick(dialog.reasons, Qt.Key.Key_1)
        approval = await answer
        assert not approval.taken
        assert "policy" in approval.reason

    at_desk(qapp, tmp_path, person)


def test_what_the_rule_refuses_is_taken_only_by_an_override_with_a_reason(qapp: QApplication, tmp_path: Path) -> None:
    async def person(window: MainWindow, workspace: Workspace, opened: Opened, inspection: Inspection) -> None:
        question = await judgement(workspace, opened, accepted=False)
        answer = asyncio.create_task(window.run_desk.runs.gate.approve(question))
        await asked(window, Approving)
        await press(window, "a")
        assert "The rule refuses this candidate" in window.session.state.problem
        await press(window, "o")
        (dialog,) = window.findChildren(ReasonDialog)
        QTest.keyClicks(dialog.words, "the goal is wrong")
        QTest.keyClick(dialog.words, Qt.Key.Key_Return)
        assert await answer == Approval(taken=True, override=True, reason="the goal is wrong")

    at_desk(qapp, tmp_path, person)


def test_a_reason_that_comes_after_the_run_was_stopped_decides_nothing(qapp: QApplication, tmp_path: Path) -> None:
    async def person(window: MainWindow, workspace: Workspace, opened: Opened, inspection: Inspection) -> None:
        for key, accepted in (("r", True), ("o", False)):
            question = await judgement(workspace, opened, accepted=accepted)
            answer = asyncio.create_task(window.run_desk.runs.gate.approve(question))
            await asked(window, Approving)
            await press(window, key)
            dialog = window.findChildren(ReasonDialog)[-1]
            answer.cancel()
            await asyncio.wait([answer])
            QTest.keyClick(dialog.reasons, Qt.Key.Key_1)
            await window.session.idle()
            assert "nothing was recorded" in window.session.state.problem
            await back_at_desk(window)
        row = await workspace.library.row(opened.row.root_id)
        assert (row.status, row.head_id) == (ReviewStatus.PENDING, opened.row.head_id)

    at_desk(qapp, tmp_path, person)


def test_a_gate_says_why_the_last_proposal_led_to_nothing(qapp: QApplication, tmp_path: Path) -> None:
    async def person(window: MainWindow, workspace: Workspace, opened: Opened, inspection: Inspection) -> None:
        gate, bar = window.run_desk.runs.gate, window.run_desk.bar
        first = asyncio.create_task(gate.guide(opened.trajectory, inspection, 0))
        await asked(window, Guiding)
        assert not window.actions_by_id["propose"].isEnabled()
        bar.locked.setFocus()
        QTest.keyClick(bar.locked, Qt.Key.Key_Return)
        assert window.plan.focus_target.hasFocus()
        await press(window, "a")
        await first
        window.session.hear("nothing was proposed")
        again = asyncio.create_task(gate.guide(opened.trajectory, inspection, 0))
        await asked(window, Guiding)
        await until(lambda: "led to no candidate: nothing was proposed" in bar.words.text())
        await press(window, "a")
        await again

    at_desk(qapp, tmp_path, person)


def test_constraints_that_the_checks_miss_are_added_one_by_one(qapp: QApplication, tmp_path: Path) -> None:
    async def person(window: MainWindow, workspace: Workspace, opened: Opened, inspection: Inspection) -> None:
        answer = asyncio.create_task(window.run_desk.runs.gate.verify(opened.trajectory, inspection))
        await asked(window, Verifying)
        assert window.verify.findings.isVisible()
        for words in ("no flights before nine", "no flights at all"):
            shift(window, Qt.Key.Key_G)
            dialog = window.findChildren(AddGradientDialog)[-1]
            assert dialog.component.count() == 2
            dialog.critique.setPlainText(words)
            dialog.accept()
            await back_at_desk(window)
        await press(window, "ua")
        assert [gradient.critique for gradient in await answer] == ["no flights before nine"]

    at_desk(qapp, tmp_path, person)


def test_a_question_waits_with_its_draft_while_another_trajectory_is_reviewed(
    qapp: QApplication, tmp_path: Path
) -> None:
    async def person(window: MainWindow, workspace: Workspace, opened: Opened, inspection: Inspection) -> None:
        proposal = opened.proposals[0]
        answer = asyncio.create_task(window.run_desk.runs.gate.review(opened.trajectory, inspection, proposal))
        await asked(window, Reviewing)
        await press(window, "a")
        await press(window, "k")
        assert not window.session.state.held
        assert window.run_desk.bar.go.isVisible()
        await press(window, "s")
        (skipped,) = await workspace.review.entries()
        assert (skipped.decision.kind, skipped.decision.root_id) != (DecisionKind.SKIP, opened.row.root_id)
        QTest.keyClick(window, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
        await asked(window, Reviewing)
        assert window.session.state.pending_hunks == len(proposal.hunks) - 1
        await press(window, "a" * len(proposal.hunks))
        assert await answer == proposal.hunks

    at_desk(qapp, tmp_path, person)


def test_while_a_run_asks_the_keys_of_the_review_record_nothing_of_their_own(
    qapp: QApplication, tmp_path: Path
) -> None:
    async def person(window: MainWindow, workspace: Workspace, opened: Opened, inspection: Inspection) -> None:
        answer = asyncio.create_task(window.run_desk.runs.gate.verify(opened.trajectory, inspection))
        await asked(window, Verifying)
        await press(window, "sflurope")
        assert not window.findChildren(ReasonDialog)
        assert window.session.state.draft == Draft()
        assert isinstance(window.session.state.question, Verifying)
        await press(window, "aaa")
        assert await answer == ()
        assert await workspace.review.entries() == []

    at_desk(qapp, tmp_path, person)


def test_a_question_does_not_open_itself_while_something_is_typed(qapp: QApplication, tmp_path: Path) -> None:
    async def person(window: MainWindow, workspace: Workspace, opened: Opened, inspection: Inspection) -> None:
        shown = window.session.state.opened
        await press(window, "/")
        asking = asyncio.create_task(window.run_desk.runs.gate.verify(opened.trajectory, inspection))
        await until(lambda: window.session.state.run.question is not None)
        QTest.keyClicks(window.queue.query, "aar")
        assert window.queue.query.text() == "aar"
        assert window.session.state.opened is shown
        assert window.run_desk.bar.isVisible()
        asking.cancel()
        await until(lambda: window.session.state.run.question is None)

    at_desk(qapp, tmp_path, person)


def test_candidates_are_chosen_by_a_number_and_a_closed_dialog_leaves_the_question(
    qapp: QApplication, tmp_path: Path
) -> None:
    async def person(window: MainWindow, workspace: Workspace, opened: Opened, inspection: Inspection) -> None:
        found = [(opened.trajectory, inspection), (opened.trajectory, inspection)]
        answer = asyncio.create_task(window.run_desk.runs.gate.choose(opened.task, found))
        await until(lambda: bool(window.findChildren(CandidatesDialog)))
        window.findChildren(CandidatesDialog)[0].reject()
        await until(lambda: not window.findChildren(CandidatesDialog))
        await back_at_desk(window)
        assert isinstance(window.session.state.run.question, Choosing)
        window.run_desk.bar.go.click()
        await until(lambda: any(dialog.isActiveWindow() for dialog in window.findChildren(CandidatesDialog)))
        QTest.keyClick(window.findChildren(CandidatesDialog)[0], Qt.Key.Key_2)
        assert await answer == 1
        await until(lambda: not window.findChildren(CandidatesDialog))

    at_desk(qapp, tmp_path, person)


def test_a_stop_takes_a_waiting_question_back_and_the_run_can_be_resumed(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        base = await repairable(workspace)
        window.run_desk.runs.start(Wanted([base.trajectory.id], with_person=True))
        await asked(window, Verifying)
        window.run_desk.stop()
        run = await ended(window, workspace)
        assert (run.status, run.results[0].status) == (RunStatus.CANCELLED, TaskStatus.CANCELLED)
        assert not window.run_desk.bar.isVisible()
        window.run_desk.runs.resume(run)
        await asked(window, Verifying)

    async def later(window: MainWindow, workspace: Workspace) -> None:
        (run,) = await workspace.running.runs()
        assert run.status is RunStatus.CANCELLED
        window.run_desk.runs.resume(run)
        await asked(window, Verifying)

    play(qapp, tmp_path, story)  # its window is closed while a question waits
    play(qapp, tmp_path, later)
