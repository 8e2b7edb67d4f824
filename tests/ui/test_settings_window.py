"""What people choose in the window of settings holds at once, and is kept."""

import asyncio
import sys
from pathlib import Path
from shutil import copytree

import pytest
from desk import prepared_store
from PySide6.QtCore import QLocale, Qt, QTranslator
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTreeWidget
from qasync import QEventLoop
from test_shell_window import play, press, until

from hitl_app.bootstrap import build
from hitl_app.domain.decision import ReviewStatus
from hitl_app.domain.team import ReviewPolicy
from hitl_app.system.clock import SystemClock
from hitl_app.system.crash import CrashFolder
from hitl_app.system.paths import resource
from hitl_app.ui.app import Person, run_windows
from hitl_app.ui.garbage import GarbageCollector
from hitl_app.ui.keymap import use_chosen
from hitl_app.ui.main_window import MainWindow
from hitl_app.ui.windows.keys import KeysDialog
from hitl_app.ui.windows.pages.keys import KeysPage
from hitl_app.ui.windows.palette import Palette
from hitl_app.ui.windows.settings import Page, SettingsWindow
from hitl_app.workflow.workspace import Workspace

pytestmark = pytest.mark.qt_log_ignore("does not support (propagateSizeHints|raise)")


@pytest.fixture(autouse=True)
def shipped_keys_afterwards() -> None:
    use_chosen({})


def keys_page(window: MainWindow, action: str) -> KeysPage:
    page = window.settings.show(Page.KEYS).keys
    page.tree.select(action)
    page.line.setFocus()
    return page


def texts(tree: QTreeWidget) -> dict[str, str]:
    """The second column by the first."""
    everything = Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive
    return {item.text(0): item.text(1) for item in tree.findItems("", everything, 0)}


def open_root(window: MainWindow) -> str:
    opened = window.session.state.opened
    return opened.row.root_id if opened else ""


def test_a_new_key_works_at_once_everywhere_and_still_after_a_restart(qapp: QApplication, tmp_path: Path) -> None:
    async def choose(window: MainWindow, workspace: Workspace) -> None:
        page = keys_page(window, "skip")
        QTest.keyClick(page.line, Qt.Key.Key_B)
        page = keys_page(window, "propose")
        QTest.keyClick(page.line, Qt.Key.Key_F9, Qt.KeyboardModifier.ShiftModifier)
        window.settings.show(Page.KEYS).reject()
        assert window.actions_by_id["skip"].shortcut().toString() == "B"
        assert window.proposal.empty.search.text() == "Propose a repair (Shift+F9)"
        window.show_palette()
        (palette,) = window.findChildren(Palette)
        assert texts(palette.list)["Skip"] == "B"
        palette.reject()
        window.show_keys()
        (sheet,) = window.findChildren(KeysDialog)
        assert texts(sheet.tree)["Skip"] == "B"
        QTest.keyClicks(sheet.line, "shift+f9")
        assert sheet.tree.selected == "propose"
        sheet.reject()
        root = open_root(window)
        window.activateWindow()
        await press(window, "s")
        assert open_root(window) == root
        await press(window, "b")
        assert (await workspace.library.row(root)).status is ReviewStatus.SKIPPED

    async def come_back(window: MainWindow, workspace: Workspace) -> None:
        assert window.actions_by_id["skip"].shortcut().toString() == "B"
        assert (await workspace.settings.read()).keys == {"skip": "B", "propose": "Shift+F9"}

    play(qapp, tmp_path, choose)
    play(qapp, tmp_path, come_back)


def test_a_key_that_another_action_has_is_only_taken_over_when_the_person_says_so(
    qapp: QApplication, tmp_path: Path
) -> None:
    async def story(window: MainWindow, _: Workspace) -> None:
        actions = window.actions_by_id
        page = keys_page(window, "skip")
        QTest.keyClick(page.line, Qt.Key.Key_F)
        assert "Flag" in page.told.text()
        assert (actions["skip"].shortcut().toString(), actions["flag"].shortcut().toString()) == ("S", "F")
        page.take_over.click()
        assert (actions["skip"].shortcut().toString(), actions["flag"].shortcut().toString()) == ("F", "")
        page.reset.click()
        assert (actions["skip"].shortcut().toString(), actions["flag"].shortcut().toString()) == ("S", "F")

    play(qapp, tmp_path, story)


def test_keys_of_panes_and_of_text_are_protected_and_said_why(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, _: Workspace) -> None:
        page = keys_page(window, "skip")
        QTest.keyClick(page.line, Qt.Key.Key_Down)
        assert "in the panes" in page.told.text()
        QTest.keyClick(page.line, Qt.Key.Key_3)
        assert "rubric" in page.told.text()
        QTest.keyClick(page.line, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        assert "works on text" in page.told.text()
        assert window.actions_by_id["skip"].shortcut().toString() == "S"
        fixed = keys_page(window, "stop")
        assert not fixed.line.isEnabled()
        assert "cannot be changed" in fixed.told.text()

    play(qapp, tmp_path, story)


def test_the_policy_of_review_holds_at_once(qapp: QApplication, tmp_path: Path) -> None:
    async def story(window: MainWindow, workspace: Workspace) -> None:
        settings = window.settings.show(Page.REVIEW)
        settings.review.judge_first.click()
        await until(lambda: window.session.state.policy == ReviewPolicy(judge_first=True))
        assert (await workspace.team.policy()).judge_first

    play(qapp, tmp_path, story)


def test_another_language_or_name_keeps_the_open_trajectory_its_draft_and_the_page(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copytree(prepared_store().name, tmp_path, dirs_exist_ok=True)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)

    def desks() -> list[MainWindow]:
        return [each for each in qapp.topLevelWidgets() if isinstance(each, MainWindow) and each.isVisible()]

    async def another(before: MainWindow | None = None) -> MainWindow:
        await until(lambda: any(each is not before and each.session.state.opened for each in desks()))
        (window,) = [each for each in desks() if each is not before]
        await window.session.idle()
        return window

    async def story() -> None:
        application, garbage = build(tmp_path), GarbageCollector()
        crashes = CrashFolder(tmp_path / "crashes", SystemClock())
        translations = resource("translations")
        running = asyncio.create_task(
            run_windows(qapp, application.workspace, crashes, Person("", "ann"), translations, samples=False)
        )
        try:
            window = await another()
            await press(window, "j")
            window.session.delete_step(0)
            await window.session.idle()
            root, hunks = open_root(window), len(window.session.state.draft.hunks)
            general = window.settings.show().general
            general.annotator.clear()
            general.use.click()
            assert "needs a name" in general.problem.text()
            general.annotator.setText("李雷")
            QTest.keyClick(general.annotator, Qt.Key.Key_Return)
            window = await another(window)
            assert (window.session.annotator, open_root(window)) == ("李雷", root)
            assert len(window.session.state.draft.hunks) == hunks > 0
            assert window.findChildren(SettingsWindow)[0].page is Page.GENERAL
            window.settings.choose_language("zh_CN")
            window = await another(window)
            assert open_root(window) == root
            assert len(window.session.state.draft.hunks) == hunks
            assert QLocale().name() == "zh_CN"
            window.close()
            await running
        finally:
            running.cancel()
            for translator in qapp.findChildren(QTranslator):
                qapp.removeTranslator(translator)
            QLocale.setDefault(QLocale.c())
            garbage.stop()
            application.close()

    qapp.setQuitOnLastWindowClosed(False)
    try:
        with asyncio.Runner(loop_factory=lambda: QEventLoop(qapp)) as runner:
            runner.run(story())
    finally:
        qapp.setQuitOnLastWindowClosed(True)


def test_the_state_of_each_environment_is_shown_and_a_check_says_what_it_found(
    qapp: QApplication, tmp_path: Path
) -> None:
    async def story(window: MainWindow, _: Workspace) -> None:
        page = window.settings.show(Page.ENVIRONMENTS).environments
        await until(lambda: page.table.rowCount() > 0)
        page.select("travel")
        assert not page.install.isEnabled()
        assert not page.remove.isEnabled()
        page.check.click()
        await until(lambda: page.told.text() == "travel works.")
        assert "generated tasks" in page.output.toPlainText()

    play(qapp, tmp_path, story)
