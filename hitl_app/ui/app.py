"""Runs the desk: the application, its event loop, and a clean end."""

import asyncio
import logging
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from hitl_app.ui.garbage import GarbageCollector
from hitl_app.ui.main_window import MainWindow
from hitl_app.ui.position import DeskPosition
from hitl_app.ui.typing_filter import TypingFilter
from hitl_app.workflow.workspace import Workspace

log = logging.getLogger(__name__)

SWITCH_SECONDS = 0.0005
"""How long a thread that computes keeps the interpreter while the window waits for it: a tenth of Python's default.

Qt's bindings give it up at almost every call, so that drawing beside a running search would wait for it many times.
"""

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def run_desk(workspace: Workspace, close: Callable[[], None], *, annotator: str, samples: bool, icon: Path) -> int:
    """Show the desk until it is closed.

    Args:
        workspace: The open store with its use cases.
        close: Called at the end, after everything was saved.
        annotator: Who decides.
        samples: Add the samples where the store is empty.
        icon: Picture of the window in task bars.

    Returns:
        The exit code: 0 after a clean end.
    """
    qInstallMessageHandler(_log_qt)
    sys.setswitchinterval(SWITCH_SECONDS)
    sys.excepthook = _log_exception
    app = QApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(app, QApplication):
        raise TypeError("the desk needs a QApplication; there is another application in this process")
    app.setApplicationName("hitl-app")
    app.setWindowIcon(QIcon(str(icon)))
    app.setApplicationDisplayName("HITL desk")
    app.setQuitOnLastWindowClosed(False)
    garbage = GarbageCollector()
    try:
        with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
            runner.run(_run_window(app, workspace, annotator, samples=samples))
    finally:
        close()  # ends the other threads, which must not collect either
        garbage.stop()
    return 0


async def _run_window(app: QApplication, workspace: Workspace, annotator: str, *, samples: bool) -> None:
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(_log_loop)
    over = asyncio.Event()
    for interrupt in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(interrupt, over.set)
    window = MainWindow(app, workspace, annotator, await DeskPosition.kept(workspace.library))
    window.closed.connect(over.set)
    watch = TypingFilter(app, window.session.touch)
    try:
        await window.start(samples=samples)
        await over.wait()
    finally:
        app.removeEventFilter(watch)
        await window.shut_down()
        window.hide()
        window.deleteLater()


def _log_qt(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    logging.getLogger("qt").log(_LEVELS.get(kind, logging.WARNING), "%s", message)


def _log_exception(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    log.critical("unexpected error", exc_info=(kind, error, trace))


def _log_loop(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:  # asyncio gives what it has at hand
    log.error("%s", context.get("message", "error in the event loop"), exc_info=context.get("exception"))
