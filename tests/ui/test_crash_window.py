"""The window that tells of a crash, and errors that nobody caught."""

import asyncio

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from hitl_app.domain.crash import CrashReport
from hitl_app.ui.app import Unexpected
from hitl_app.ui.windows.crash import CrashDialog


class Reports:
    """Keeps reports in a list."""

    def __init__(self) -> None:
        self.kept: list[str] = []

    @property
    def place(self) -> str:
        return "crashes"

    def watch(self) -> None:
        """Nothing to watch."""

    def end(self) -> None:
        """Nothing to end."""

    def keep(self, details: str) -> None:
        self.kept.append(details)

    def unseen(self) -> tuple[CrashReport, ...]:
        return ()

    def dismiss(self, report: CrashReport) -> None:
        raise AssertionError(report)


def test_details_of_a_crash_can_be_read_and_copied_as_plain_text(qtbot: QtBot) -> None:
    report = CrashReport("crash.txt", "2026-01-31T12:00:00.000000+00:00", "Traceback\n<b>not bold</b>")
    dialog = CrashDialog(report, "crashes")
    qtbot.addWidget(dialog)
    dialog.open()
    (copy,) = (button for button in dialog.findChildren(QPushButton) if "Copy" in button.text())
    copy.click()
    assert QGuiApplication.clipboard().text() == "Traceback\n<b>not bold</b>"


def test_a_crash_is_offered_as_a_file_that_holds_all_of_its_report(qtbot: QtBot) -> None:
    report = CrashReport("crash.txt", "2026-01-31T12:00:00.000000+00:00", "hitl-app 1.0\n\nTraceback")
    dialog = CrashDialog(report, "crashes")
    qtbot.addWidget(dialog)
    dialog.open()
    (save,) = (button for button in dialog.findChildren(QPushButton) if "Save" in button.text())
    with qtbot.waitSignal(dialog.save_requested):
        save.click()
    assert report.text == "2026-01-31T12:00:00.000000+00:00\nhitl-app 1.0\n\nTraceback\n"


def test_an_error_that_nobody_caught_is_shown_and_kept_wherever_it_was_raised() -> None:
    reports, shown = Reports(), list[tuple[str, str]]()
    unexpected = Unexpected(reports, lambda summary, details: shown.append((summary, details)))
    error = ValueError("it broke")
    unexpected.raised(ValueError, error, None)
    loop = asyncio.new_event_loop()
    unexpected.in_loop(loop, {"message": "task failed", "exception": error})
    loop.close()
    assert len(reports.kept) == len(shown) == 2
    assert all("it broke" in summary and "ValueError" in details for summary, details in shown)
