"""A model at the desk: it proposes and goes on, its words and its cost are seen, and it stops when told."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from serving import Served, serving
from test_model_settings import no_model_from_outside
from test_shell_window import play, press, until

from hitl_app.domain.inspection import Execution
from hitl_app.domain.model import ModelEndpoint, Price
from hitl_app.domain.run import RunStatus, TaskStatus
from hitl_app.domain.trajectory import action, message
from hitl_app.ui.main_window import MainWindow
from hitl_app.ui.state import Activity
from hitl_app.ui.windows.continuing import ContinueDialog
from hitl_app.ui.windows.models import ModelDialog
from hitl_app.ui.windows.sent import SentDialog
from hitl_app.ui.windows.speaking import SpeakDialog
from hitl_app.workflow.workspace import Workspace

pytestmark = [
    pytest.mark.qt_log_ignore("does not support propagateSizeHints"),
    pytest.mark.usefixtures(no_model_from_outside.__name__),
]

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with serving("desk_scripts:reply", HERE) as served:
        yield served


async def set_up(workspace: Workspace, server: Served, model: str) -> None:
    await workspace.models.save(ModelEndpoint(server.base_url, model, Price(1.0, 2.0)))


def asks(window: MainWindow) -> bool:
    return window.session.state.asks_model


async def press_shift(window: MainWindow, key: Qt.Key) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key, Qt.KeyboardModifier.ShiftModifier)
    await window.session.idle()


async def failing(window: MainWindow) -> str:
    """Open a recording that nobody has proposed anything for, and that fails; returns its id."""
    session = window.session
    for _ in range(6):
        opened = session.state.opened
        assert opened is not None
        if not opened.proposals and opened.inspection is not None and opened.inspection.verified is False:
            return opened.trajectory.id
        await press(window, "j")
    raise AssertionError("no sample fails")


def test_what_the_model_proposes_lies_on_the_desk_undecided_with_its_cost(
    qapp: QApplication, tmp_path: Path, server: Served
) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        await set_up(workspace, server, "repairs")
        await failing(window)
        said: list[str] = []
        window.session.model_said.connect(said.append)
        await press_shift(window, Qt.Key.Key_P)
        state = window.session.state
        assert [working.hunk.operator for working in state.draft.hunks] == ["delete"]
        assert state.pending_hunks == 1
        assert "The model proposed a repair" in state.message
        assert '"reasoning": "The <b>blamed</b> step goes."' in "".join(said)
        speech = window.proposal.speech
        await until(lambda: "<b>blamed</b>" in speech.text.toPlainText())
        assert "calls: 1 · tokens: " in speech.spent
        assert "USD" in speech.spent
        assert "price not known" not in speech.spent

    play(qapp, tmp_path, story)


def test_everything_that_was_sent_can_be_read(qapp: QApplication, tmp_path: Path, server: Served) -> None:
    async def sent(window: MainWindow) -> SentDialog:
        window.actions_by_id["sent"].trigger()
        await until(lambda: any(dialog.isVisible() for dialog in window.findChildren(SentDialog)))
        return next(dialog for dialog in window.findChildren(SentDialog) if dialog.isVisible())

    async def story(window: MainWindow, workspace: Workspace) -> None:
        await set_up(workspace, server, "repairs")
        await failing(window)
        nothing = await sent(window)
        assert "No model was asked anything" in nothing.told.text()
        nothing.reject()
        window.actions_by_id["propose_with_model"].trigger()
        await window.session.idle()
        dialog = await sent(window)
        await until(dialog.all.isVisible)
        assert "RAW ANSWER" in dialog.text.toPlainText()
        dialog.all.click()
        await until(lambda: not dialog.all.isVisible())
        text = dialog.text.toPlainText()
        assert "prompt: evolve/1-" in text
        assert "SENT AS SYSTEM" in text
        assert "SENT AS USER" in text
        assert "<b>blamed</b>" in text
        assert '"temperature": 0.0' in text
        assert dialog.calls.topLevelItemCount() == 1
        dialog.reject()

    play(qapp, tmp_path, story)


def test_a_model_stops_within_a_second_and_what_was_paid_is_on_record(
    qapp: QApplication, tmp_path: Path, server: Served
) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        await set_up(workspace, server, "slow")
        await failing(window)
        QTest.keyClick(window.plan.focus_target, Qt.Key.Key_P, Qt.KeyboardModifier.ShiftModifier)
        await until(lambda: bool(window.proposal.speech.text.toPlainText()))
        assert asks(window)
        began = time.monotonic()
        QTest.keyClick(window.plan.focus_target, Qt.Key.Key_Escape)
        await window.session.idle()
        assert time.monotonic() - began < 1
        assert not asks(window)
        assert "Stopped" in window.session.state.message
        assert not window.session.state.draft.hunks
        (run,) = await workspace.running.runs()
        assert run.status is RunStatus.CANCELLED
        assert [result.status for result in run.results] == [TaskStatus.CANCELLED]

    play(qapp, tmp_path, story)


def test_without_a_model_the_desk_says_so_and_leads_to_the_settings(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, _: Workspace) -> None:
        await failing(window)
        await press_shift(window, Qt.Key.Key_P)
        assert "no model is set up" in window.session.state.problem
        assert window.notice.settings.isVisibleTo(window)
        window.notice.settings.click()
        dialog = window.findChild(ModelDialog)
        assert dialog is not None
        assert dialog.isVisible()
        dialog.reject()
        window.session.dismiss_problem()
        assert not window.notice.isVisibleTo(window)

    play(qapp, tmp_path, story)


def test_a_model_goes_on_from_a_step_and_its_branches_stand_among_the_revisions(
    qapp: QApplication, tmp_path: Path, server: Served
) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        await set_up(workspace, server, "acts")
        base_id = await failing(window)
        window.session.select_step(2)
        window.plan.continue_requested.emit(2)
        (dialog,) = window.findChildren(ContinueDialog)
        assert "before step 2 stay" in dialog.findChildren(type(window.proposal.progress))[0].text()
        dialog.times.setValue(2)
        dialog.tokens.setValue(500_000)
        dialog.accept()
        await until(lambda: window.session.state.activity is Activity.CONTINUING)
        await window.session.idle()
        state = window.session.state
        assert state.opened is not None
        assert "Branches: 2" in state.message
        made = [revision for revision in state.opened.revisions if revision.trajectory.parent_id == base_id]
        assert len(made) == 2
        assert all(revision.inspection is not None for revision in made)
        assert state.opened.trajectory.id == base_id
        kept = [step.key for step in state.opened.trajectory.steps[:2]]
        assert all([step.key for step in revision.trajectory.steps[:2]] == kept for revision in made)
        (run,) = await workspace.running.runs()
        assert run.settings.command == "continue"
        assert run.settings.budget.tokens == 500_000
        await until(
            lambda: window.history.list.topLevelItemCount() == len(state.opened.revisions if state.opened else ())
        )

    play(qapp, tmp_path, story)


def test_a_person_speaks_for_the_user_and_no_word_of_theirs_is_lost(qapp: QApplication, tmp_path: Path) -> None:
    steps = (message("Change my <i>seat</i>.", role="user"), action("find", {"id": "A1"}), message("Which seat?"))

    async def story(window: MainWindow, _: Workspace) -> None:
        voice = window.session.voice
        asked = asyncio.ensure_future(voice.reply(steps, Execution("t", "travel", "1", ())))
        await until(lambda: bool(window.findChildren(SpeakDialog)))
        (dialog,) = window.findChildren(SpeakDialog)
        shown = dialog.conversation.toPlainText()
        assert "user: Change my <i>seat</i>." in shown
        assert "The agent calls find" in shown
        assert not dialog.say.isEnabled()
        QTest.keyClicks(dialog.words, "12C, please")
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert dialog.isVisible()
        assert dialog.words.toPlainText() == "12C, please"
        dialog.activateWindow()
        QTest.keyClick(dialog.words, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert (await asked).text == "12C, please"
        await until(lambda: not window.findChildren(SpeakDialog))
        over = asyncio.ensure_future(voice.reply(steps, Execution("t", "travel", "1", ())))
        await until(lambda: bool(window.findChildren(SpeakDialog)))
        window.findChildren(SpeakDialog)[0].over.click()
        assert (await over).over
        await until(lambda: not window.findChildren(SpeakDialog))
        stopped = asyncio.ensure_future(voice.reply(steps, Execution("t", "travel", "1", ())))
        await until(lambda: bool(window.findChildren(SpeakDialog)))
        stopped.cancel()
        await until(lambda: not window.findChildren(SpeakDialog))

    play(qapp, tmp_path, story, samples=False)
