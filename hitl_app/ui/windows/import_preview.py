"""Shows what an import would add, before anything is written."""

from collections.abc import Sequence

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QProgressBar,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from hitl_app.domain.library import ImportedRun, Rejected
from hitl_app.domain.ports import ImportFormat
from hitl_app.domain.trajectory import Step
from hitl_app.ui.panes.parts import paragraph
from hitl_app.ui.panes.tables import Table
from hitl_app.ui.run_words import duration_words
from hitl_app.ui.step_text import one_line
from hitl_app.ui.step_text import preview as preview_of_step
from hitl_app.ui.words import role_name
from hitl_app.workflow.previewing import ImportPreview

LISTED = 500
"""Files and rejected records that are listed; the rest is counted."""

STEPS = 30
"""Steps of a run that are shown as they would look."""

WORTH_SAYING = 3.0
"""Seconds of an import from which on an estimate is said."""

LARGE_FILE = 500_000_000
"""Bytes from which on somebody is told that a file is large."""


class ImportPreviewDialog(QDialog):
    """The format, what would be added and what would not, and the first runs. Nothing is written by looking.

    Signals:
        preview_wanted: Of the format with this name, or of any where it is empty; to be answered by `show_preview`.
        confirmed: Import, with the format of this name.
    """

    preview_wanted = Signal(str)
    confirmed = Signal(str)

    def __init__(self, place: str, parent: QWidget) -> None:
        """Make the dialog; `place` names what would be imported."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Import preview"))
        self._glimpses: tuple[ImportedRun, ...] = ()
        self.format = QComboBox()
        self.format.setAccessibleName(self.tr("Format"))
        self.format.addItem(self.tr("As recognised by the content"), "")
        self.format.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.format.setMinimumContentsLength(24)
        self.format.activated.connect(self.ask_for_preview)
        self.place = paragraph(place)
        self.summary, self.warning = paragraph(), paragraph(tone="warning")
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName(self.tr("Reading"))
        self.runs = _Runs(self.tr("The first runs, with their steps"))
        self.files = Table(
            self.tr("Files"),
            [self.tr("File"), self.tr("Format"), self.tr("New"), self.tr("Already there"), self.tr("Rejected")],
        )
        self.refused = Table(self.tr("Records that are not taken"), [self.tr("Where"), self.tr("Why")])
        for table in (self.files, self.refused):
            table.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # paths differ at their ends
        self.pages = QTabWidget()
        self.pages.setDocumentMode(True)
        self.pages.setAccessibleName(self.tr("What would be imported"))
        for page, title in ((self.runs, self.tr("First runs")), (self.files, self.tr("Files"))):
            self.pages.addTab(page, title)
        self.pages.addTab(self.refused, self.tr("Not taken"))
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.go = self._buttons.addButton(self.tr("&Import"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._buttons.accepted.connect(self._confirm)
        self._buttons.rejected.connect(self.reject)
        self._lay_out()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.addRow(self.tr("From"), self.place)
        form.addRow(self.tr("&Format"), self.format)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        for widget in (self.summary, self.warning, self._bar):
            layout.addWidget(widget)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self._buttons)
        self.go.setDefault(True)
        width = self.fontMetrics().averageCharWidth() * 110
        self.resize(width, width * 3 // 4)

    def show_formats(self, formats: Sequence[ImportFormat]) -> None:
        """Offer the formats that can be read."""
        for known in formats:
            if not known.problem:
                self.format.addItem(known.name, known.name)

    @property
    def format_name(self) -> str:
        """The chosen format; empty to recognise it."""
        return str(self.format.currentData())

    def ask_for_preview(self) -> None:
        """Begin anew, with the chosen format."""
        self._glimpses = ()
        self.show_preview(ImportPreview(), ended=False)
        self.summary.setText(self.tr("Reading…"))
        self.preview_wanted.emit(self.format_name)

    def show_problem(self, problem: str) -> None:
        """Nothing can be read."""
        self._bar.hide()
        self.summary.setText(problem)

    def show_preview(self, preview: ImportPreview, *, ended: bool) -> None:
        """Show what is known so far.

        Args:
            preview: What was read.
            ended: Nothing more will be read.
        """
        self._bar.setVisible(not ended)
        self.summary.setText(self._counts(preview, ended=ended))
        self.warning.setText("\n".join(self._warnings(preview, ended=ended)))
        self.warning.setVisible(bool(self.warning.text()))
        self.go.setEnabled(preview.brings_anything or preview.duplicates > 0 or (ended and not preview.whole))
        if preview.glimpses != self._glimpses or not preview.glimpses:
            self._glimpses = preview.glimpses
            self.runs.show_runs(preview.glimpses)
        if ended or not preview.summaries:
            self._show_lists(preview)

    def _show_lists(self, preview: ImportPreview) -> None:
        alone = self.tr("left alone")
        rows = [
            (each.file, each.format or alone, *map(str, (each.trajectories, each.duplicates, len(each.rejected))))
            for each in preview.summaries
        ]
        self.files.show_rows(self._shortened(rows))
        rejected: tuple[Rejected, ...] = (*preview.rejected, *preview.left_alone)
        self.refused.show_rows(self._shortened([(each.where, each.reason) for each in rejected]))
        self.pages.setTabText(1, self.tr("Files ({0})").format(len(preview.summaries)))
        self.pages.setTabText(2, self.tr("Not taken ({0})").format(len(rejected)))

    def _shortened(self, rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
        more = len(rows) - LISTED
        rest = [(self.tr("… and more: {0}").format(more), *[""] * (len(rows[0]) - 1))] if more > 0 else []
        return [*rows[:LISTED], *rest]

    def _counts(self, preview: ImportPreview, *, ended: bool) -> str:
        if ended and preview.whole and not preview.records:
            return self.tr("No recorded run was found there.")
        words = (
            self.tr("New trajectories: {0}. New tasks: {1}. Already there: {2}. Rejected records: {3}.")
            if preview.whole or not ended
            else self.tr(
                "New trajectories: at least {0}. New tasks: at least {1}. Already there: at least {2}. "
                "Rejected records: at least {3}."
            )
        )
        formats = sorted({summary.format for summary in preview.summaries if summary.format})
        lines = [self.tr("Read as: {0}").format(", ".join(formats))] if formats else []
        lines += [words.format(preview.trajectories, preview.tasks, preview.duplicates, len(preview.rejected))]
        merged = preview.merged
        if merged.decisions or merged.revisions:
            lines.append(self.tr("Decisions: {0}. Revisions: {1}.").format(merged.decisions, merged.revisions))
        if preview.left_alone:
            lines.append(self.tr("Files left alone: {0}.").format(len(preview.left_alone)))
        seconds = preview.import_seconds or 0.0
        if ended and preview.brings_anything and seconds >= WORTH_SAYING:
            lines.append(self.tr("The import takes about {0} (minutes:seconds).").format(duration_words(seconds)))
        return "\n".join(lines)

    def _warnings(self, preview: ImportPreview, *, ended: bool) -> list[str]:
        lines, size = [], preview.measure.largest_bytes
        if size > LARGE_FILE:
            formatted = QLocale().formattedDataSize(size)
            words = self.tr("▲ {0} is large ({1}): it may need that much memory and more, and take a while.")
            lines.append(words.format(preview.measure.largest, formatted))
        if ended and not preview.whole:
            words = self.tr("▲ Only the first records were read ({0}): the counts are at least these.")
            lines.append(words.format(preview.records))
        if ended and preview.rejected:
            lines.append(self.tr("▲ Rejected records stay out, the others come in. Each is listed with its reason."))
        return lines

    def _confirm(self) -> None:
        self.confirmed.emit(self.format_name)
        self.accept()


class _Runs(QTreeWidget):
    """Runs as they would look: title, steps and tools, and below it the steps."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setColumnCount(1)
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setFrameShape(QFrame.Shape.NoFrame)

    def show_runs(self, runs: Sequence[ImportedRun]) -> None:
        """Show runs, the first one unfolded."""
        self.clear()
        for run in runs:
            steps = run.trajectory.steps
            model = run.trajectory.source.model if run.trajectory.source is not None else ""
            tools = ", ".join(dict.fromkeys(step.tool for step in steps if step.is_action))
            title = QTreeWidgetItem([one_line(run.task.title or run.task.key)])
            about = " · ".join(part for part in (run.task.environment, model) if part)
            lines = [about, self.tr("Steps: {0}. Tools: {1}").format(len(steps), tools)]
            lines += [_step_words(step) for step in steps[:STEPS]]
            if len(steps) > STEPS:
                lines.append(self.tr("… and more steps: {0}").format(len(steps) - STEPS))
            title.addChildren([QTreeWidgetItem([line]) for line in lines])
            self.addTopLevelItem(title)
        if first := self.topLevelItem(0):
            first.setExpanded(True)
            self.setCurrentItem(first)


def _step_words(step: Step) -> str:
    return preview_of_step(step) if step.is_action else f"{role_name(step.role)}: {preview_of_step(step)}"
