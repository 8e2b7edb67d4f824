"""Files that are opened at the desk: by the desktop, by a later start, and while others are looked at."""

import asyncio
import json
import os
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtNetwork import QLocalSocket
from PySide6.QtWidgets import QApplication, QMainWindow, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot
from test_shell_window import play, until

from hitl_app.domain.errors import UserError
from hitl_app.domain.installation import BuildDetails, BuildKind, Places
from hitl_app.domain.launching import is_started_by_a_desktop
from hitl_app.system.paths import resource
from hitl_app.ui.application import show_problem
from hitl_app.ui.main_window import MainWindow
from hitl_app.ui.opening import Opening
from hitl_app.ui.single_instance import MAX_BYTES, DeskClaim, DeskServer, Request, take_or_hand_over
from hitl_app.ui.windows.about import AboutDialog
from hitl_app.ui.windows.import_preview import ImportPreviewDialog
from hitl_app.ui.windows.imports import ImportDialog
from hitl_app.workflow.workspace import Workspace

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


def chat(folder: Path, name: str) -> Path:
    file = folder / f"{name}.json"
    words = [{"role": "user", "content": name}, {"role": "assistant", "content": "!"}]
    file.write_text(json.dumps({"messages": words}))
    return file


def shown(window: MainWindow) -> str:
    """What the one open preview is of; empty where there is none."""
    previews = [each for each in window.findChildren(ImportPreviewDialog) if each.isVisible()]
    assert len(previews) <= 1
    return previews[0].place.text() if previews else ""


def test_what_is_opened_meanwhile_waits_for_its_turn(qapp: QApplication, tmp_path: Path) -> None:
    files = [chat(tmp_path, name) for name in ("one", "two", "three")]
    claim = DeskClaim(tmp_path / "desk.db", tmp_path, "ann")
    assert claim.take()
    opening = Opening(qapp, DeskServer(claim, qapp), files[:1])

    async def story(window: MainWindow, workspace: Workspace) -> None:
        visiting = asyncio.create_task(opening.visit(window, workspace))
        await until(lambda: shown(window) == str(files[0]))
        opening.eventFilter(qapp, QFileOpenEvent(str(files[1])))
        window.files.preview_paths([files[2]])
        (first,) = window.findChildren(ImportPreviewDialog)
        await until(first.go.isEnabled)
        first.go.click()
        (imported,) = window.findChildren(ImportDialog)
        await until(lambda: "1" in imported.details.toPlainText())
        assert not shown(window)
        imported.reject()
        await until(lambda: shown(window) == str(files[1]))
        next(each for each in window.findChildren(ImportPreviewDialog) if each.isVisible()).reject()
        await until(lambda: shown(window) == str(files[2]))
        visiting.cancel()

    play(qapp, tmp_path / "desk", story, samples=False)
    claim.release()


def test_a_request_says_what_to_open_whatever_a_file_is_called() -> None:
    odd = Path(os.fsdecode(b"/data/\xff\n\xe5\xa5\xbd.hitl"))
    request = Request.of_start([odd], {"DESKTOP_STARTUP_ID": "host_TIME12"})
    assert request.encode().count(b"\n") == 1
    assert Request.decode(request.encode()) == Request((odd,), "host_TIME12")
    assert Request.of_start([], {"XDG_ACTIVATION_TOKEN": "x" * 9_999}) == Request()


@pytest.mark.parametrize(
    "line",
    [
        b"[]\n",
        b'{"files": ["relative"]}\n',
        b'{"files": [1]}\n',
        b'{"files": [], "token": 5}\n',
        b"\xff\n",
        b"[" * 90_000 + b"\n",
        b"x" * (MAX_BYTES + 1),
    ],
)
def test_what_is_no_request_is_refused_and_the_desk_goes_on(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, line: bytes
) -> None:
    claim = DeskClaim(tmp_path / "desk.db", tmp_path, "ann")
    assert claim.take()
    server, socket = DeskServer(claim, qapp), QLocalSocket()
    socket.connectToServer(claim.address)
    socket.write(line)
    qtbot.waitUntil(lambda: socket.state() is QLocalSocket.LocalSocketState.UnconnectedState)
    assert not server.knocks
    server.close()
    claim.release()


def test_a_desk_that_does_not_answer_is_told_of(tmp_path: Path) -> None:
    first, second = (DeskClaim(tmp_path / "desk.db", tmp_path, "ann") for _ in range(2))
    assert first.take()
    assert DeskClaim(tmp_path / "other.db", tmp_path, "ann").take()
    with pytest.raises(UserError, match=f"process {os.getpid()}"):
        take_or_hand_over(second, Request(), patience=0.1)
    first.release()
    assert take_or_hand_over(second, Request(), patience=0.1)
    second.release()


def test_the_window_says_which_build_it_is(qtbot: QtBot, tmp_path: Path) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    build = BuildDetails("1.2", BuildKind.APPLICATION, "abcdef0123456789", "2026-01-31", "3.11.7", "3.40.1", tmp_path)
    dialog = AboutDialog(build, Places(tmp_path, tmp_path / "environments", portable=True), window)
    copy, licences = (
        next(each for each in dialog.findChildren(QPushButton) if word in each.text()) for word in ("Copy", "Licences")
    )
    copy.click()
    copied = QApplication.clipboard().text()
    assert "hitl-app 1.2 (packaged application, commit abcdef012345, 2026-01-31)\nPython 3.11.7" in copied
    assert "portable" in copied
    assert licences.isEnabled()


def test_a_start_from_the_menu_that_fails_says_why_in_a_window(qapp: QApplication) -> None:
    words: list[str] = []

    def read() -> None:
        box = qapp.activeModalWidget()
        assert isinstance(box, QMessageBox)
        words.extend((box.text(), box.textFormat().name))
        box.reject()

    QTimer.singleShot(0, read)
    show_problem(qapp, resource("translations"), "<b>runs.json</b>: there is no such file")
    assert words == ["<b>runs.json</b>: there is no such file", "PlainText"]


def test_only_what_a_desktop_starts_tells_of_problems_in_a_window() -> None:
    assert is_started_by_a_desktop({"DESKTOP_STARTUP_ID": "host_TIME12"})
    assert is_started_by_a_desktop({"XDG_ACTIVATION_TOKEN": "abc"})
    assert not is_started_by_a_desktop({"DISPLAY": ":0", "DESKTOP_STARTUP_ID": ""})
