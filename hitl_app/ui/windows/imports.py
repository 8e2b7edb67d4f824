"""Shows an import: progress while it runs, then what came of it."""

import time
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QProgressBar, QVBoxLayout, QWidget

from hitl_app.domain.library import ImportSummary, MergeCounts
from hitl_app.ui.run_words import duration_words

SHOWN_RECORDS = 500
"""Rejected records that the summary lists; the rest is counted."""


ESTIMATED_AFTER = 1.0
"""Seconds after which an estimate is worth saying."""


class ImportDialog(QDialog):
    """Progress with counts and a way to stop; afterwards a summary that can be copied.

    Signals:
        stop_requested: The person wants the import to stop; what is in stays in.
    """

    stop_requested = Signal()

    def __init__(self, parent: QWidget, expected: int = 0) -> None:
        """Make the dialog.

        Args:
            parent: The window.
            expected: How many records there are; 0 where that is not known.
        """
        super().__init__(parent)
        self._running, self._stops = True, False
        self._expected, self._began = expected, time.monotonic()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Import"))
        self._text = QLabel(self.tr("Reading…"))
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._bar = QProgressBar()
        self._bar.setRange(0, expected)
        self._bar.setAccessibleName(self.tr("Import is running"))
        self.details = QPlainTextEdit()
        self.details.setReadOnly(True)
        self.details.setAccessibleName(self.tr("Summary of the import"))
        self.details.hide()
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (self._text, self._bar, self.details, self._buttons):
            layout.addWidget(widget)
        self.resize(560, 160)

    def show_progress(self, done: Sequence[ImportSummary], current: ImportSummary | None) -> None:
        """Show the counts so far."""
        everything = [*done, current] if current else list(done)
        lines = [current.file if current else "", self._counts(everything)]
        read = sum(s.tasks + s.trajectories + s.duplicates + len(s.rejected) for s in everything if s.format)
        seconds = time.monotonic() - self._began
        if self._expected:
            self._bar.setValue(min(read, self._expected))
            if 0 < read < self._expected and seconds > ESTIMATED_AFTER:
                left = seconds / read * (self._expected - read)
                lines.append(self.tr("About {0} left (minutes:seconds)").format(duration_words(left)))
        if self._stops:
            lines.append(self.tr("Stopping after what is being written…"))
        self._text.setText("\n".join(lines))

    def show_result(self, done: Sequence[ImportSummary], *, stopped: bool, problem: str = "") -> None:
        """Show what came of it; the dialog then only closes."""
        self._running = False
        self._buttons.setEnabled(True)
        self._bar.hide()
        head = self.tr("Import stopped: what was read so far is kept.") if stopped else self.tr("Import finished.")
        self._text.setText("\n".join(part for part in (problem or head, self._counts(done)) if part))
        lines = [line for summary in done for line in self._lines(summary)]
        hidden = len(lines) - SHOWN_RECORDS
        if hidden > 0:
            lines = [*lines[:SHOWN_RECORDS], self.tr("… and more lines: {0}").format(hidden)]
        self.details.setPlainText("\n".join(lines))
        self.details.setVisible(bool(lines))
        self._buttons.setStandardButtons(QDialogButtonBox.StandardButton.Close)
        copy = self._buttons.addButton(self.tr("&Copy"), QDialogButtonBox.ButtonRole.ActionRole)
        copy.setAccessibleName(self.tr("Copy the summary"))
        copy.clicked.connect(self._copy)
        self._buttons.button(QDialogButtonBox.StandardButton.Close).setDefault(True)
        self.resize(640, 360)

    def reject(self) -> None:
        """Stop the import while it runs; close the summary afterwards."""
        if self._running:
            self._stops = True
            self._buttons.setEnabled(False)
            self._text.setText(self.tr("Stopping after what is being written…"))
            self.stop_requested.emit()
        else:
            super().reject()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(f"{self._text.text()}\n{self.details.toPlainText()}")

    def _counts(self, summaries: Sequence[ImportSummary]) -> str:
        new = sum(s.trajectories for s in summaries)
        known = sum(s.duplicates for s in summaries)
        rejected = sum(len(s.rejected) for s in summaries if s.format)
        counts = [self.tr("new trajectories: {0}, already there: {1}, rejected: {2}").format(new, known, rejected)]
        tasks = sum(s.tasks for s in summaries)
        if tasks:
            counts.append(self.tr("new tasks: {0}").format(tasks))
        merged = sum((s.merged for s in summaries), MergeCounts())
        if merged.decisions or merged.revisions:
            counts.append(self.tr("decisions: {0}, revisions: {1}").format(merged.decisions, merged.revisions))
        alone = sum(not s.format for s in summaries)
        if alone:
            counts.append(self.tr("files left alone: {0}").format(alone))
        return "; ".join(counts)

    def _lines(self, summary: ImportSummary) -> list[str]:
        if not summary.format:
            return [self.tr("{0}: left alone, {1}").format(each.where, each.reason) for each in summary.rejected]
        head = f"{summary.file} ({summary.format}): {self._counts([summary])}"
        return [head, *(f"    {record.where}: {record.reason}" for record in summary.rejected)]
