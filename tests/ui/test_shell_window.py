"""The whole window over a real store, driven by keys."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from shutil import copytree

import pytest
from desk import prepared_store
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QTreeWidget
from qasync import QEventLoop

from hitl_app.bootstrap import build
from hitl_app.domain.decision import DecisionKind, ReviewStatus
from hitl_app.ui.garbage import GarbageCollector
from hitl_app.ui.main_window import MainWindow
from hitl_app.ui.panes.hunk_editor import ArgumentsView
from hitl_app.ui.position import DeskPosition
from hitl_app.ui.state import DeskState
from hitl_app.ui.typing_filter import TypingFilter
from hitl_app.ui.windows.imports import ImportDialog
from hitl_app.ui.windows.palette import Palette
from hitl_app.ui.windows.reason import ReasonDialog
from hitl_app.workflow.workspace import Workspace

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

Story = Callable[[MainWindow, Workspace], Awaitable[None]]


def play(app: QApplication, folder: Path, story: Story, *, samples: bool = True) -> None:
    """Run a story in a window; its position and drafts are saved at the end."""
    app.setQuitOnLastWindowClosed(False)  # as the desk does
    if samples and not any(folder.iterdir()):
        copytree(prepared_store().name, folder, dirs_exist_ok=True)

    async def run() -> None:
        application = build(folder)
        workspace = application.workspace
        position, settings = await DeskPosition.kept(workspace.library), await workspace.settings.read()
        window = MainWindow(app, workspace, "ann", position, settings)
        watch = TypingFilter(app, window.session.touch)
        garbage = GarbageCollector()
        try:
            await window.start(samples=False)
            await window.session.idle()
            window.activateWindow()
            await story(window, application.workspace)
        finally:
            app.removeEventFilter(watch)
            await window.shut_down()
            window.close()
            window.deleteLater()
            garbage.stop()
            application.close()

    with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
        runner.run(run())


async def until(true: Callable[[], bool]) -> None:
    """Let the loop run until something is so."""
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110 - a widget has no event to wait for
            await asyncio.sleep(0.01)


def _state(window: MainWindow) -> DeskState:
    return window.session.state


def _is_in_editor(window: MainWindow) -> bool:
    return window.proposal.editor.isAncestorOf(QApplication.focusWidget() or window)


def _root(window: MainWindow) -> str:
    opened = window.session.state.opened
    return opened.row.root_id if opened else ""


async def press(window: MainWindow, keys: str) -> None:
    """Press keys one after another where the focus is, and wait until the session is idle."""
    for key in keys:
        QTest.keyClicks(QApplication.focusWidget() or window, key)
        await asyncio.sleep(0)
    await window.session.idle()


async def _to_the_proposal(window: MainWindow) -> None:
    while not _state(window).draft.hunks:
        await press(window, "j")


def test_a_proposal_is_reviewed_by_keys_alone(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        await _to_the_proposal(window)
        root, hunks = _root(window), len(_state(window).draft.hunks)
        await press(window, "a" * hunks)
        assert _state(window).can_approve
        await press(window, "a")
        assert _root(window) != root
        await press(window, "u")
        assert _root(window) == root
        (decided, undone) = await workspace.review.entries(root)
        assert decided.decision.kind is DecisionKind.ACCEPT
        assert undone.decision.undoes == decided.sequence

    play(qapp, tmp_path, story)


def test_a_rejection_goes_through_the_dialog_of_reasons(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        root = _root(window)
        await press(window, "r")
        (dialog,) = window.findChildren(ReasonDialog)
        QTest.keyClicks(dialog.words, "wrong task")
        QTest.keyClick(dialog.words, Qt.Key.Key_Return)
        await window.session.idle()
        assert (await workspace.library.row(root)).status is ReviewStatus.REJECTED

    play(qapp, tmp_path, story)


def test_letters_typed_into_the_query_decide_nothing(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        root = _root(window)
        await press(window, "/")
        QTest.keyClicks(window.queue.query, "sarfu?")
        await window.session.idle()
        assert window.queue.query.text() == "sarfu?"
        assert _root(window) == root
        assert not await workspace.review.entries()
        assert not window.findChildren(ReasonDialog)

    play(qapp, tmp_path, story)


def test_a_step_folds_out_by_its_key_wherever_the_focus_is(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        window.session.select_step(1)
        window.queue.focus_list()
        await press(window, "d")
        await until(lambda: bool(window.plan.detail.text.toPlainText()))
        await press(window, "d")
        assert not window.plan.detail.isVisible()

    play(qapp, tmp_path, story)


def test_letters_typed_into_the_step_editor_stay_there(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        window.session.select_step(0)
        await press(window, "e")
        assert _state(window).draft.editing == 0
        await until(lambda: isinstance(QApplication.focusWidget(), QPlainTextEdit))
        await press(window, "ars")
        assert "ars" in _state(window).draft.text
        assert not await workspace.review.entries()

    play(qapp, tmp_path, story)


def test_control_and_return_finish_an_edit_and_approve_nothing(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        await _to_the_proposal(window)
        root = _root(window)
        while _state(window).pending_hunks:
            await press(window, "a")
        came_from = QApplication.focusWidget()
        await press(window, "e")
        await until(lambda: _is_in_editor(window))
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: _state(window).draft.editing is None)
        assert _root(window) == root
        assert not await workspace.review.entries()
        await until(lambda: QApplication.focusWidget() is came_from)

    play(qapp, tmp_path, story)


def test_a_call_is_edited_by_keys_alone_and_the_view_is_kept(qapp: QApplication, tmp_path: Path) -> None:
    async def type_something(window: MainWindow, workspace: Workspace) -> None:
        opened = _state(window).opened
        assert opened is not None
        step = opened.trajectory.actions[0]
        window.plan.focus_target.setFocus()
        window.session.select_step(step)
        await until(lambda: _state(window).selected_step == step)
        await press(window, "e")
        await until(lambda: _is_in_editor(window))
        assert window.proposal.editor.shows_form
        await press(window, "zz")
        assert "zz" in _state(window).draft.text
        await until(lambda: not _state(window).stale and _state(window).candidate is not None)
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: not window.proposal.editor.shows_form)
        assert "zz" in window.proposal.editor.body.toPlainText()
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Escape)
        await until(lambda: _state(window).draft.editing is None)
        await until(lambda: QApplication.focusWidget() is window.plan.focus_target)

    async def come_back(window: MainWindow, workspace: Workspace) -> None:
        await until(lambda: window.proposal.editor.view is ArgumentsView.JSON)

    play(qapp, tmp_path, type_something)
    play(qapp, tmp_path, come_back)


def test_f6_goes_round_the_panes(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        await _to_the_proposal(window)
        visited: list[str] = []
        for _ in range(7):
            QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_F6)
            focus = QApplication.focusWidget() or window
            rubric = window.review_desk.rubric
            panes = (window.queue, window.plan, rubric, window.gradients, window.history, window.proposal)
            visited += [pane.accessibleName() for pane in panes if pane.isAncestorOf(focus)]
        assert visited[0] == visited[6]
        assert len(set(visited)) == 6

    play(qapp, tmp_path, story)


def test_the_palette_runs_what_its_letters_say(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        root = _root(window)
        QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        (palette,) = window.findChildren(Palette)
        QTest.keyClicks(palette.line, "skip")
        assert palette.findChildren(QTreeWidget)[0].topLevelItemCount() >= 1
        QTest.keyClick(palette.line, Qt.Key.Key_Return)
        await window.session.idle()
        assert (await workspace.library.row(root)).status is ReviewStatus.SKIPPED

    play(qapp, tmp_path, story)


def test_the_desk_reopens_where_it_was_left(qapp: QApplication, tmp_path: Path) -> None:
    left: list[str] = []

    async def leave(window: MainWindow, workspace: Workspace) -> None:
        await press(window, "jj")
        window.look.choose("dark")
        window.look.zoom_by(1)
        window.queue.show_query("env:travel", window.queue.order.currentData())
        await window.queue.run_query()
        left.append(_root(window))

    async def come_back(window: MainWindow, workspace: Workspace) -> None:
        assert [_root(window)] == left
        assert (window.look.theme, window.look.zoom) == ("dark", 110)
        assert window.queue.query.text() == "env:travel"
        window.look.restore("light", 100)

    play(qapp, tmp_path, leave)
    play(qapp, tmp_path, come_back)


def test_a_query_that_nothing_fits_leaves_the_keys_to_the_desk(qapp: QApplication, tmp_path: Path) -> None:
    async def search(window: MainWindow, workspace: Workspace) -> None:
        await press(window, "/")
        QTest.keyClicks(window.queue.query, "status:rejected")
        QTest.keyClick(window.queue.query, Qt.Key.Key_Return)
        await until(lambda: window.queue.view.model().rowCount() == 0)

    async def come_back(window: MainWindow, workspace: Workspace) -> None:
        await press(window, "s")
        assert window.queue.query.text() == "status:rejected"
        assert len(await workspace.review.entries()) == 1

    play(qapp, tmp_path, search)
    play(qapp, tmp_path, come_back)


def test_an_empty_store_offers_samples(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        assert not _root(window)
        window.queue.samples_requested.emit()
        await until(lambda: bool(_root(window)))
        await window.session.idle()

    play(qapp, tmp_path, story, samples=False)


def test_files_are_imported_with_a_summary_and_the_first_one_opens(
    qapp: QApplication, tmp_path: Path, recordings: Path
) -> None:
    recording = next(recordings.glob("tau2-bench/*.json"))

    async def story(window: MainWindow, workspace: Workspace) -> None:
        window.files.import_paths([recording])
        (dialog,) = window.findChildren(ImportDialog)
        await until(lambda: bool(_root(window)))
        assert "new" in dialog.details.toPlainText()
        dialog.reject()

    play(qapp, tmp_path, story, samples=False)


DESK = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from hitl_app.bootstrap import build
from hitl_app.system.clock import SystemClock
from hitl_app.system.crash import CrashFolder
from hitl_app.system.paths import resource
from hitl_app.ui.app import run_desk

crashes = CrashFolder(Path(sys.argv[1]) / "crashes", SystemClock())
application = build(Path(sys.argv[1]))
app = QApplication([])
def close():
    for window in app.topLevelWidgets():
        window.close()
QTimer.singleShot(1500, close)
code = run_desk(
    application.workspace, application.close, crashes, annotator="ann", samples=True, resources=resource("")
)
assert "openai" not in sys.modules
sys.exit(code)
"""


def test_the_desk_starts_on_samples_and_ends_in_silence(tmp_path: Path) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONWARNINGS": "error"}
    done = subprocess.run(
        [sys.executable, "-c", DESK, tmp_path], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    silent = "\n".join(line for line in done.stderr.splitlines() if "propagateSizeHints" not in line)
    assert (done.returncode, done.stdout, silent) == (0, "", "")
