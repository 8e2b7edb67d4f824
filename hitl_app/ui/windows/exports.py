"""Asks what to export and where, shows what would be written, and then what was."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from hitl_app.domain.ports import ExportSummary
from hitl_app.ui.panes.parts import paragraph
from hitl_app.ui.panes.tables import Table
from hitl_app.ui.windows.export_parts import Exclusions, FirstRows, FormatChoice
from hitl_app.workflow.exporting import ExportPreview


class ExportDialog(QDialog):
    """A format, what it would write, a folder, and the result in words.

    Signals:
        preview_wanted: Of the format with this name; to be answered by `show_preview` or `show_problem`.
        export_requested: The format's name and the folder as a `Path`; to be answered by `show_result` or
            `show_problem`.
        stop_requested: The export is to end, without leaving anything.
    """

    preview_wanted = Signal(str)
    export_requested = Signal(str, object)
    stop_requested = Signal()

    def __init__(self, formats: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self._writes, self._written_to = False, ""
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Export"))
        self.formats = FormatChoice(formats)
        self.formats.chosen.connect(self.ask_for_preview)
        self.format = self.formats.box
        self.summary = paragraph()
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName(self.tr("Reading the record"))
        self.rows, self.exclusions = FirstRows(), Exclusions()
        self.files = Table(self.tr("Files"), [self.tr("File"), self.tr("Rows")])
        self.pages = QTabWidget()
        self.pages.setDocumentMode(True)
        self.pages.setAccessibleName(self.tr("What would be written"))
        self.pages.addTab(self.rows, self.tr("First rows"))
        self.pages.addTab(self.files, self.tr("Files"))
        self.pages.addTab(self.exclusions, self.tr("Left out"))
        self.folder = QLineEdit()
        self.folder.setAccessibleName(self.tr("Folder"))
        self.folder.textChanged.connect(self._allow)
        self._choose_folder = QPushButton(self.tr("&Choose…"))
        self._choose_folder.setAccessibleName(self.tr("Choose a folder"))
        self._choose_folder.clicked.connect(self._choose)
        self._make_buttons()
        self._lay_out()
        self._allow()

    def _make_buttons(self) -> None:
        role = QDialogButtonBox.ButtonRole
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._go = self._buttons.addButton(self.tr("&Export"), role.ActionRole)
        self._go.clicked.connect(self._start)
        self._open = self._buttons.addButton(self.tr("Open fol&der"), role.ActionRole)
        self._open.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(self._written_to)))
        self._copy = self._buttons.addButton(self.tr("Cop&y"), role.ActionRole)
        self._copy.setAccessibleName(self.tr("Copy the summary"))
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.summary.text()))
        self._open.hide()
        self._copy.hide()
        self._buttons.rejected.connect(self.reject)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.folder)
        row.addWidget(self._choose_folder)
        form = QFormLayout()
        names = QLabel(self.tr("&Format")), QLabel(self.tr("F&older"))
        for name, field in zip(names, (self.format, self.folder), strict=True):
            name.setBuddy(field)
        form.addRow(names[0], self.formats)
        form.addRow(names[1], row)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.summary)
        layout.addWidget(self._bar)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self._buttons)
        self._go.setDefault(True)
        width = self.fontMetrics().averageCharWidth() * 110
        self.resize(width, width * 3 // 4)

    # -- before ----------------------------------------------------------------------------------------------------

    def ask_for_preview(self) -> None:
        """Look at what the chosen format would write."""
        self._wait(self.tr("Looking at what would be written…"))
        self._show_lists(ExportSummary(self.formats.name, ()))
        self.rows.show_rows({})
        self.preview_wanted.emit(self.formats.name)

    def show_preview(self, preview: ExportPreview) -> None:
        """Show what would be written."""
        self._bar.hide()
        rows = sum(count for _, count in preview.summary.files)
        left_out = sum(count for _, count in preview.summary.excluded)
        words = (
            self.tr("Would write {0} rows to {1} files, and leave out {2}. Nothing is written yet.")
            if preview.whole
            else self.tr(
                "Would write at least {0} rows to {1} files, and leave out at least {2}: only the beginning "
                "of the record was read. Nothing is written yet."
            )
        )
        lines = [words.format(rows, len(preview.summary.files), left_out), *preview.summary.notes]
        self.summary.setText("\n".join(lines))
        self._show_lists(preview.summary)
        self.rows.show_rows(preview.rows)

    def _show_lists(self, summary: ExportSummary) -> None:
        self.files.show_rows([(name, str(rows)) for name, rows in summary.files])
        self.exclusions.show_exclusions(summary.excluded)
        left_out = sum(count for _, count in summary.excluded)
        self.pages.setTabText(2, self.tr("Left out ({0})").format(left_out))

    def _allow(self) -> None:
        self._go.setEnabled(bool(self.folder.text().strip()) and self.format.count() > 0 and not self._writes)

    def _choose(self) -> None:
        dialog = QFileDialog(self, self.tr("Folder to export into"), self.folder.text())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self.folder.setText)
        dialog.open()

    # -- writing ---------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        self._set_writing(writing=True)
        self._wait(self.tr("Writing…"))
        self.export_requested.emit(self.formats.name, Path(self.folder.text().strip()).expanduser())

    def _wait(self, words: str) -> None:
        self._open.hide()
        self._copy.hide()
        self.summary.setText(words)
        self._bar.setRange(0, 0)
        self._bar.show()

    def _set_writing(self, *, writing: bool) -> None:
        self._writes = writing
        for widget in (self.formats, self.folder, self._choose_folder):
            widget.setEnabled(not writing)
        close = self._buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setEnabled(True)
        close.setText(self.tr("&Stop") if writing else self.tr("Close"))
        self._allow()

    def show_progress(self, read: int, total: int) -> None:
        """Say how many items of the record have been read, and of how many where that is known."""
        if self._writes:
            self._bar.setRange(0, total)
            self._bar.setValue(read)
            self.summary.setText(self.tr("Writing… Read so far: {0}").format(read))

    def show_result(self, summary: ExportSummary, out: Path) -> None:
        """Show the files with their rows, and what was left out and why."""
        self._written_to = str(out)
        lines = [self.tr("Written to {0}").format(out)]
        lines += [self.tr("{0}: rows {1}").format(name, rows) for name, rows in summary.files]
        lines += [self.tr("left out, {0}: {1}").format(reason, count) for reason, count in summary.excluded]
        self._end("\n".join((*lines, *summary.notes)))
        self._show_lists(summary)
        self._open.show()

    def show_problem(self, problem: str) -> None:
        """Say why nothing was written."""
        self._end(problem)

    def _end(self, words: str) -> None:
        self._set_writing(writing=False)
        self._bar.hide()
        self.summary.setText(words)
        self._copy.show()

    def reject(self) -> None:
        """Qt: Escape and the button; stop while something is written, close afterwards."""
        if self._writes:
            self._buttons.button(QDialogButtonBox.StandardButton.Close).setEnabled(False)
            self.summary.setText(self.tr("Stopping…"))
            self.stop_requested.emit()
        else:
            super().reject()
