"""Runs the desk: the application, its event loop, and a clean end."""

import asyncio
import logging
import sys
import traceback
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from hitl_app.domain.crash import CrashReport, CrashReports
from hitl_app.ui.application import make_application
from hitl_app.ui.garbage import GarbageCollector, settle, unsettle
from hitl_app.ui.interrupts import on_interrupt
from hitl_app.ui.language import Translations
from hitl_app.ui.main_window import MainWindow
from hitl_app.ui.position import DeskPosition
from hitl_app.ui.typing_filter import TypingFilter
from hitl_app.ui.windows.crash import CrashDialog
from hitl_app.ui.windows.settings import Page
from hitl_app.workflow.workspace import Workspace

log = logging.getLogger(__name__)

SWITCH_SECONDS = 0.0005
"""How long a thread that computes keeps the interpreter while the window waits for it: a tenth of Python's default.

Qt's bindings give it up at almost every call, so that drawing beside a running search would wait for it many times.
"""

Guest = Callable[[MainWindow, Workspace], Coroutine[Any, Any, None]]  # what a coroutine is sent is asyncio's matter
"""What is done at each window once it stands, beside the person at it."""


async def nobody(_: MainWindow, __: Workspace) -> None:
    """Leave the window to the person."""


def run_desk(
    workspace: Workspace,
    close: Callable[[], None],
    crashes: CrashReports,
    *,
    annotator: str,
    samples: bool,
    resources: Path,
    user: str = "annotator",
    guest: Guest = nobody,
) -> int:
    """Show the desk until it is closed.

    Args:
        workspace: The open store with its use cases.
        close: Called at the end, after everything was saved.
        crashes: What earlier ends left, and where unexpected errors are kept.
        annotator: Who decides, as named at the start; empty for the name in the settings.
        samples: Add the samples where the store is empty.
        resources: Folder of icons and translations.
        user: The name in the system, where nobody chose another one.
        guest: Who comes to each window beside the person; is let go when that closes.

    Returns:
        The exit code: 0 after a clean end.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    app = make_application(resources)
    garbage = GarbageCollector()
    crashes.watch()  # not earlier: that no screen can be reached is no crash
    try:
        with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
            person = Person(annotator, user)
            translations = resources / "translations"
            runner.run(run_windows(app, workspace, crashes, person, translations, samples=samples, guest=guest))
    finally:
        close()  # ends the other threads, which must not collect either
        garbage.stop()
        crashes.end()
    return 0


@dataclass(frozen=True)
class Person:
    """Who is at the desk: as named at its start, which may be empty, and in the system."""

    named: str
    user: str


async def run_windows(
    app: QApplication,
    workspace: Workspace,
    crashes: CrashReports,
    person: Person,
    translations: Path,
    *,
    samples: bool,
    guest: Guest = nobody,
) -> None:
    """Show the window until it is closed; another language or name takes a new one, in the place of the old."""
    language, again, page = Translations(app, translations), True, None
    while again:
        position, settings = await DeskPosition.kept(workspace.library), await workspace.settings.read()
        language.install(settings.language)
        annotator = person.named or settings.annotator or person.user
        window = MainWindow(app, workspace, annotator, position, settings, named=bool(person.named))
        again = await _run_window(app, window, crashes, page, partial(guest, window, workspace), samples=samples)
        samples, page = False, window.settings.left_at


async def _run_window(
    app: QApplication,
    window: MainWindow,
    crashes: CrashReports,
    page: Page | None,
    visit: Callable[[], Coroutine[Any, Any, None]],
    *,
    samples: bool,
) -> bool:
    """Show one window, and a page of its settings, until it is closed; whether another one is wanted in its place."""
    loop = asyncio.get_running_loop()
    over, again = asyncio.Event(), asyncio.Event()
    on_interrupt(loop, over.set)
    window.closed.connect(over.set)
    window.reopen_requested.connect(again.set)
    window.reopen_requested.connect(over.set)
    unexpected = Unexpected(crashes, window.show_details)
    sys.excepthook = unexpected.raised
    loop.set_exception_handler(unexpected.in_loop)
    watch = TypingFilter(app, window.session.touch)
    try:
        await window.start(samples=samples)
        settle()
        _show_crashes(crashes, window)
        if page is not None:
            window.settings.show(page)
        visiting = asyncio.create_task(visit())
        await over.wait()
        visiting.cancel()
    finally:
        app.removeEventFilter(watch)
        await window.shut_down()
        window.hide()
        window.deleteLater()
        unsettle()
    return again.is_set()


class Unexpected:
    """What nobody caught: logged, kept as a crash report, and shown with details to copy."""

    def __init__(self, crashes: CrashReports, show: Callable[[str, str], None]) -> None:
        self._crashes = crashes
        self._show = show

    def raised(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """As `sys.excepthook`: Python calls it for what a slot of Qt raises."""
        log.critical("unexpected error", exc_info=(kind, error, trace))
        if isinstance(error, Exception):
            self._tell(error)

    def in_loop(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:  # asyncio gives what it has
        """As the event loop's exception handler."""
        error = context.get("exception")
        log.error("%s", context.get("message", "error in the event loop"), exc_info=error)
        if isinstance(error, Exception):
            self._tell(error)

    def _tell(self, error: Exception) -> None:
        details = "".join(traceback.format_exception(error))
        self._crashes.keep(details)
        words = QCoreApplication.translate("Crash", "Something went wrong: {0}. What was saved is on record.")
        self._show(words.format(str(error) or type(error).__name__), details)


def _show_crashes(crashes: CrashReports, window: MainWindow) -> None:
    """Show the newest crash in a window, an end from outside in the bar above the plan; the others stay in files."""
    reports = crashes.unseen()
    crashed = next((report for report in reports if report.details), None)
    if crashed is not None:
        _offer(crashed, crashes.place, window)
    elif reports:
        words = QCoreApplication.translate(
            "Crash", "The desk ended without closing last time. What was saved is on record, and drafts are kept."
        )
        window.status.tell(words)
    for report in reports:
        crashes.dismiss(report)


def _offer(report: CrashReport, place: str, window: MainWindow) -> None:
    dialog, title = CrashDialog(report, place, window), f"hitl-app crash {report.at[:19]}"
    save = window.pictures.save_file
    dialog.save_requested.connect(lambda: save(dialog, title, "txt", report.text.encode, dialog.say))
    dialog.open()
