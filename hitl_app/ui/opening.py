"""What is opened at the desk, wherever it comes from: the command line, a later start, or the desktop."""

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QFileOpenEvent, QGuiApplication
from PySide6.QtWidgets import QApplication

from hitl_app.domain.launching import TOKENS
from hitl_app.ui.main_window import MainWindow
from hitl_app.ui.single_instance import DeskServer, Request
from hitl_app.workflow.workspace import Workspace


class Opening(QObject):
    """Hands files to the window, as a guest of the desk; they wait while there is none."""

    def __init__(self, app: QApplication, server: DeskServer, files: Sequence[Path]) -> None:
        """Begin to listen.

        Args:
            app: The application, to which macOS sends what is opened.
            server: Where later starts knock.
            files: What this start is to open.
        """
        super().__init__(app)
        self._window: MainWindow | None = None
        self._files = list(files)
        self._server = server
        server.knocked.connect(self._open)
        if sys.platform == "darwin":  # elsewhere no such events come, and a filter sees every event
            app.installEventFilter(self)

    async def visit(self, window: MainWindow, _: Workspace) -> None:
        """Open in this window what waits and what comes, until the window closes."""
        self._window = window
        try:
            self._open()
            await asyncio.Event().wait()
        finally:
            self._window = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: the desktop asks for a file to be opened, as macOS does."""
        if isinstance(event, QFileOpenEvent) and event.file():
            self._files.append(Path(event.file()))
            self._open()
            return True
        return super().eventFilter(watched, event)

    def _open(self) -> None:
        if self._window is None:
            return
        files, self._files = self._files, []
        self._window.files.preview_paths(files)
        while self._server.knocks:
            knock = self._server.knocks.popleft()
            if knock.take():
                bring_forward(self._window, knock.request)
                self._window.files.preview_paths(knock.request.files)


def bring_forward(window: MainWindow, request: Request) -> None:
    """Bring the window before all others, as far as the desktop allows it."""
    if request.token and QGuiApplication.platformName() == "wayland":
        os.environ[TOKENS[0]] = request.token  # where Qt looks for it, and takes it away
    if window.isMinimized():
        window.showNormal()
    window.raise_()
    window.activateWindow()
