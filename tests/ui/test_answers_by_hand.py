"""A person at the desk as the model: questions open a window, and what is pasted there goes on as any answer does."""

import asyncio
import json
from pathlib import Path

import pytest
from desk_scripts import NAMED
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from test_model_at_desk import asks, failing
from test_model_settings import no_model_from_outside, opened
from test_shell_window import play, until

from hitl_app.domain.model import PASTE, ModelEndpoint, PastedQuestion, Purpose
from hitl_app.domain.run import RunStatus, TaskStatus
from hitl_app.ui.by_hand import ByHand
from hitl_app.ui.main_window import MainWindow
from hitl_app.ui.windows.pasting import SHOWN, PasteDialog
from hitl_app.workflow.workspace import Workspace

pytestmark = [
    pytest.mark.qt_log_ignore("does not support propagateSizeHints"),
    pytest.mark.usefixtures(no_model_from_outside.__name__),
]

CHAT = ModelEndpoint(PASTE, "my <b>chat</b>")


async def asked(window: MainWindow) -> PasteDialog:
    """The window with a question that waits."""
    window.actions_by_id["propose_with_model"].trigger()
    await until(lambda: any(each.isVisible() for each in window.findChildren(PasteDialog)))
    (dialog,) = window.findChildren(PasteDialog)
    return dialog


def paste(dialog: PasteDialog, text: str) -> None:
    """As a person does: by the keys for it, where the focus is."""
    QGuiApplication.clipboard().setText(text)
    for key in (Qt.Key.Key_V, Qt.Key.Key_Return):
        QTest.keyClick(QApplication.focusWidget() or dialog, key, Qt.KeyboardModifier.ControlModifier)


def test_a_question_is_copied_answered_and_taken_back_by_keys(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        await workspace.models.save(CHAT)
        await failing(window)
        dialog = await asked(window)
        assert QApplication.focusWidget() is dialog.copy_question
        QTest.keyClick(dialog.copy_question, Qt.Key.Key_Return)
        assert QGuiApplication.clipboard().text().endswith('"required": ["kind"]}')
        assert QApplication.focusWidget() is dialog.answer
        assert not dialog.use.isEnabled()
        paste(dialog, "no <b>JSON</b>")
        await until(dialog.copy_problem.isVisible)
        assert "it holds no JSON" in dialog.told.text()
        assert (dialog.answer.toPlainText(), dialog.answer.textCursor().selectedText()) == ("no <b>JSON</b>",) * 2
        dialog.copy_problem.click()
        assert QGuiApplication.clipboard().text().startswith("This answer cannot be used: it holds no JSON. Answer")
        dialog.reject()
        assert dialog.isVisible(), "the run waits for an answer"
        blamed = max(int(found) for found in NAMED.findall(dialog.question.toPlainText()))
        paste(dialog, json.dumps({"kind": "edits", "edits": [{"op": "delete", "step": blamed}], "reasoning": "gone"}))
        await until(lambda: not asks(window))
        assert [working.hunk.operator for working in window.session.state.draft.hunks] == ["delete"]
        await until(lambda: not dialog.isVisible())
        (run,) = await workspace.running.runs()
        (call,) = await workspace.running.calls(run.id)
        assert (call.model, call.attempts, call.usage.measured, call.usage.usd) == (CHAT.model, 2, False, None)

        # Taking a question back stops the run that asked.
        await asked(window)
        dialog.stop.click()
        await until(lambda: not asks(window))
        stopped, _ = await workspace.running.runs()
        assert stopped.status is RunStatus.CANCELLED
        assert [result.status for result in stopped.results] == [TaskStatus.CANCELLED]
        await until(lambda: not dialog.isVisible())
        await asked(window)
        window.session.cancel()
        await window.session.idle()
        await until(lambda: not dialog.isVisible())

    play(qapp, tmp_path, story)


def test_a_huge_question_is_cut_on_the_screen_and_copied_whole(qapp: QApplication) -> None:
    async def story() -> None:
        text = "<i>x</i> " * SHOWN
        asked = ByHand(PastedQuestion("chat", Purpose.ACT, text), asyncio.get_running_loop().create_future())
        parent = QWidget()
        dialog = PasteDialog(parent)
        dialog.show_question(asked)
        assert len(dialog.question.toPlainText()) == SHOWN
        dialog.copy_question.click()
        assert QGuiApplication.clipboard().text() == text
        dialog.answer.setPlainText("<b>as it is</b>")
        dialog.use.click()
        assert asked.answer.result() == "<b>as it is</b>"
        dialog.rest()
        dialog.reject()
        assert not dialog.isVisible()
        parent.deleteLater()

    asyncio.run(story())


def test_pasted_answers_are_chosen_in_the_settings_in_the_place_of_a_server(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        dialog = await opened(window)
        page, form = dialog.connection, dialog.connection.form
        form.preset.setCurrentIndex(form.preset.findData(PASTE))
        form.preset.activated.emit(form.preset.currentIndex())
        assert not any(each.isVisible() for each in (form.base_url, form.key, form.timeout, form.retries))
        form.model.setEditText("a chat of mine")
        page.save.click()
        await until(lambda: page.told.text() == "Saved.")
        assert await workspace.models.saved() == ModelEndpoint(PASTE, "a chat of mine")
        form.preset.setCurrentIndex(0)
        form.preset.activated.emit(0)
        assert form.base_url.isVisible()
        assert form.base_url.text() == ""

    play(qapp, tmp_path, story, samples=False)
