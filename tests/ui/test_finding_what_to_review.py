"""Finding what to review in the window: completion, mistakes, views, progress, and decisions on several at once."""

import asyncio
from pathlib import Path

import desk
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from test_shell_window import play, press, until

from hitl_app.domain.library import QueueOrder
from hitl_app.domain.team import Assignment
from hitl_app.ui.main_window import MainWindow
from hitl_app.ui.models.queue import ROW_ROLE
from hitl_app.ui.several import MENU, SeveralAction
from hitl_app.ui.windows.several import SeveralDialog
from hitl_app.ui.windows.views import SaveViewDialog, ViewsDialog
from hitl_app.workflow.workspace import Workspace


def _type(window: MainWindow, text: str) -> None:
    QTest.keyClicks(window.queue.query, text)


def _key(window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(window.queue.query, key, modifier)


async def _several(window: MainWindow, action: SeveralAction) -> SeveralDialog:
    window.actions_by_id[f"several_{action}"].trigger()
    dialog = window.findChildren(SeveralDialog)[-1]
    await until(lambda: dialog.list.topLevelItemCount() > 0)
    return dialog


def _select(window: MainWindow, numbers: range) -> None:
    view = window.queue.view
    view.setCurrentIndex(window.queue.model.index(numbers[0]))
    for number in numbers:
        select = QItemSelectionModel.SelectionFlag.Select
        view.selectionModel().select(window.queue.model.index(number), select)


def test_the_query_line_completes_by_keys_and_marks_what_it_cannot_understand(
    qapp: QApplication, tmp_path: Path
) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        line = window.queue.query
        await press(window, "/")
        _type(window, "sta")
        assert line.offered == ("status:",)
        _key(window, Qt.Key.Key_Tab)
        assert "pending" in line.offered
        _type(window, "pe")
        _key(window, Qt.Key.Key_Down)
        _key(window, Qt.Key.Key_Return)
        assert (line.text(), len(line.offered)) == ("status:pending", 0)
        _type(window, " env:")
        await until(lambda: line.offered == ("travel",))
        _key(window, Qt.Key.Key_Escape)
        await until(lambda: not line.offered)
        assert QApplication.focusWidget() is line
        _key(window, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: line.offered == ("travel",))
        _key(window, Qt.Key.Key_Return)
        _key(window, Qt.Key.Key_Return)
        await until(lambda: window.queue.model.query == "status:pending env:travel")
        await until(lambda: QApplication.focusWidget() is window.queue.view)
        await _make_a_mistake(window)

    play(qapp, tmp_path, story)


def test_who_goes_on_while_a_query_is_run_keeps_the_focus(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        await press(window, "/")
        _type(window, "status:pending")
        _key(window, Qt.Key.Key_Escape)
        window.queue.focus_query()
        _key(window, Qt.Key.Key_Return)
        window.focus_next_pane()
        left_to = QApplication.focusWidget()
        assert not window.queue.isAncestorOf(left_to or window.queue)
        await until(lambda: window.queue.model.query == "status:pending")
        await window.session.idle()
        await asyncio.sleep(0.05)
        assert QApplication.focusWidget() is left_to

    play(qapp, tmp_path, story)


async def _make_a_mistake(window: MainWindow) -> None:
    line = window.queue.query
    await press(window, "/")
    _type(window, "x stats:pending")
    before = line.grab().toImage()
    await until(lambda: bool(window.queue.problem))
    assert 'did you mean "status"?' in line.accessibleDescription()
    assert line.grab().toImage() != before
    assert window.queue.model.query == "status:pending env:travel"
    line.clear()
    _type(window, "status:pend")
    await until(lambda: not window.queue.problem)
    _key(window, Qt.Key.Key_Escape)
    _key(window, Qt.Key.Key_Return)
    await until(lambda: bool(window.queue.problem))
    assert QApplication.focusWidget() is line


def test_a_view_is_saved_picked_renamed_and_deleted(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        assert [action.text() for action in window.views.menu.actions()][:2] == ["To do", "Worst first"]
        QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: window.queue.views.name == "Worst first")
        window.queue.show_query("loss.total>3", QueueOrder.WORST_FIRST)
        await window.queue.run_query()
        window.actions_by_id["save_view"].trigger()
        (dialog,) = window.findChildren(SaveViewDialog)
        QTest.keyClicks(dialog.name, "Bad & ugly")
        QTest.keyClick(dialog.name, Qt.Key.Key_Return)
        await until(lambda: window.queue.views.name == "Bad & ugly")
        window.views.show_view(window.views.known[0])
        await until(lambda: window.queue.model.query == "status:pending")
        assert window.queue.views.name == "To do"
        (saved,) = [action for action in window.views.menu.actions() if action.shortcut().toString() == "Ctrl+7"]
        saved.trigger()
        await until(lambda: window.queue.model.query == "loss.total>3")
        assert window.queue.model.order is QueueOrder.WORST_FIRST
        window.views.show_views()
        (views,) = window.findChildren(ViewsDialog)
        views.list.item(0).setText("mine")
        await until(lambda: views.list.item(0).text() != "mine")
        views.list.item(0).setText("Ugly")
        await until(lambda: window.views.known[-1].name == "Ugly")
        views.delete_requested.emit("Ugly")
        await until(lambda: len(window.views.known) == 6)
        assert await workspace.views.saved() == ()
        views.reject()

    play(qapp, tmp_path, story)


def test_several_are_decided_on_after_a_preview_and_undone_at_once(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        _open_menu_by_its_key(window)
        _select(window, range(3))
        opened = window.session.state.opened
        await window.session.idle()
        assert window.session.state.opened == opened
        dialog = await _several(window, SeveralAction.SKIP)
        assert (dialog.only_selected, dialog.go.text()) == (True, "S&kip 3")
        dialog.everything.setChecked(True)
        await until(lambda: dialog.go.text() == "S&kip 6")
        assert not await workspace.review.entries()
        dialog.selected.setChecked(True)
        await until(lambda: dialog.go.text() == "S&kip 3")
        dialog.go.click()
        await until(lambda: "skipped 3" in window.session.state.message)
        assert len(await workspace.library.root_ids("status:skipped")) == 3
        window.session.undo()
        await window.session.idle()
        assert await workspace.library.root_ids("status:skipped") == []
        assert "3 trajectories" in window.session.state.message

        await _reject_all(window, workspace)

    play(qapp, tmp_path, story)


def _open_menu_by_its_key(window: MainWindow) -> None:
    view = window.queue.view
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
    QApplication.sendEvent(view.viewport(), event)
    (menu,) = [found for found in window.findChildren(QMenu) if found.isVisible()]
    assert [action.objectName() for action in menu.actions()] == list(MENU)
    menu.close()


async def _reject_all(window: MainWindow, workspace: Workspace) -> None:
    dialog = await _several(window, SeveralAction.APPROVE)
    assert not dialog.go.isEnabled() or "not inspected yet" in dialog.summary.text()
    dialog.reject()
    dialog = await _several(window, SeveralAction.REJECT)
    assert not dialog.go.isEnabled()
    dialog.words.setEditText("not worth it")
    assert dialog.go.isEnabled()
    dialog.go.click()
    await until(lambda: window.queue.progress.words == "6 of 6 decided")
    assert {entry.decision.reason for entry in (await workspace.review.entries())[-6:]} == {"not worth it"}


def test_trajectories_are_assigned_and_the_progress_says_how_many_are_ones_own(
    qapp: QApplication, tmp_path: Path
) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        _select(window, range(2))
        dialog = await _several(window, SeveralAction.ASSIGN)
        dialog.words.setEditText("ann")
        await until(dialog.go.isEnabled)
        dialog.go.click()
        await until(lambda: "yours: 0 of 2" in window.queue.progress.words)
        found: list[Assignment] = await workspace.team.assignments("ann")
        assert len(found) == 2
        window.views.show_view(window.views.known[4])
        await until(lambda: window.queue.model.rowCount() == 2)
        assert window.queue.views.name == "Mine"

    play(qapp, tmp_path, story)


def test_a_blind_annotator_sees_no_names_of_models_in_rows_and_completions(qapp: QApplication, tmp_path: Path) -> None:
    async def story(at: desk.Desk) -> None:
        model = at.queue
        assert await model.values("model", "")
        model.viewer = "ann"
        assert await model.values("model", "") == ()
        await model.reload()
        assert {model.index(number).data(ROW_ROLE).model for number in range(model.rowCount())} == {""}

    desk.play(qapp, tmp_path, story)
