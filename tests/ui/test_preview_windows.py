"""The previews in the window: what is dropped is looked at first, and what is shown is plain text."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from hitl_app.domain.library import ImportedRun, ImportSummary, Rejected
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import Trajectory, message
from hitl_app.ui.dropping import DropTarget
from hitl_app.ui.windows.import_preview import ImportPreviewDialog
from hitl_app.workflow.previewing import ImportPreview

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

BUTTONS, KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    made = QMainWindow()
    qtbot.addWidget(made)
    return made


def _data(url: str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl(url)])
    return data


def test_files_of_this_machine_can_be_dropped_on_the_window_and_nothing_else(parent: QWidget) -> None:
    target, dropped = DropTarget(parent), list[list[Path]]()
    target.dropped.connect(dropped.append)
    for url, taken in (("file:///data/runs.json", True), ("https://example.org/runs.json", False)):
        data = _data(url)
        enter = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, BUTTONS, KEYS)
        enter.ignore()
        QApplication.sendEvent(parent, enter)
        assert enter.isAccepted() is taken
        drop = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, BUTTONS, KEYS)
        drop.ignore()
        QApplication.sendEvent(parent, drop)
    assert dropped == [[Path("/data/runs.json")]]


def test_the_preview_of_an_import_shows_counts_runs_and_why_records_stay_out(parent: QWidget) -> None:
    dialog = ImportPreviewDialog("runs.json", parent)
    asked = list[str]()
    dialog.preview_wanted.connect(asked.append)
    dialog.ask_for_preview()
    assert asked == [""]
    assert not dialog.go.isEnabled()
    task = Task("recorded", "1", "<b>Trip</b>", "Go")
    run = ImportedRun(task, Trajectory(task.id, (message("user", "<img src=x> hello"),)))
    summary = ImportSummary("runs.json", "openai-chat", 1, 1, 2, (Rejected("runs.json: record 3", "no list"),))
    dialog.show_preview(ImportPreview((summary,), (run,), whole=False), ended=True)
    assert "New trajectories: at least 1." in dialog.summary.text()
    assert "openai-chat" in dialog.summary.text()
    first = dialog.runs.topLevelItem(0)
    assert first is not None
    assert first.text(0) == "<b>Trip</b>"
    step = first.child(first.childCount() - 1)
    assert step is not None
    assert "<img src=x> hello" in step.text(0)
    row = dialog.refused.topLevelItem(0)
    assert row is not None
    assert (row.text(0), row.text(1)) == ("runs.json: record 3", "no list")
    confirmed = list[str]()
    dialog.confirmed.connect(confirmed.append)
    dialog.go.click()
    assert confirmed == [""]
