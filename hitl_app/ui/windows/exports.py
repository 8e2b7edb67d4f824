"""Asks what to export and where, shows what would be written while one chooses, and then what was."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from hitl_app.domain.ports import ExportSummary
from hitl_app.domain.training import ExportSettings
from hitl_app.ui.export_reasons import reason_words
from hitl_app.ui.export_words import found_words, note_words
from hitl_app.ui.panes.parts import column, paragraph, scrolled
from hitl_app.ui.theme import SPACE_L, SPACE_M, SPACE_S, mark
from hitl_app.ui.windows.export_options import ExportOptions
from hitl_app.ui.windows.export_parts import CommandLine, ExportPages, FormatChoice
from hitl_app.workflow.export_choices import ExportChoices
from hitl_app.workflow.exporting import ExportFormat, ExportPreview

SOON_MS = 300
"""Milliseconds after the last change until counts are made anew: not at every letter that is typed."""


class ExportDialog(QDialog):
    """A format with its options, what it would write, a folder, and the result in words.

    Signals:
        preview_wanted: Of these `ExportChoices`; to be answered by `show_preview` or `show_problem`.
        export_requested: With these `ExportChoices`; to be answered by `show_result` or `show_problem`.
        stop_requested: The export is to end, without leaving anything.
    """

    preview_wanted = Signal(object)
    export_requested = Signal(object)
    stop_requested = Signal()

    def __init__(self, formats: Sequence[ExportFormat], parent: QWidget) -> None:
        super().__init__(parent)
        self._writes, self._written_to, self._report = False, "", ""
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Export"))
        self.formats = FormatChoice(formats)
        self.format = self.formats.box
        self.options, self.pages, self.command = ExportOptions(self.formats.format), ExportPages(), CommandLine()
        self.rows = self.pages.rows
        self.summary = paragraph()
        self._bar = QProgressBar()
        self._bar.setAccessibleName(self.tr("Reading the record"))
        self._bar.setTextVisible(False)
        self._bar.setMaximumHeight(SPACE_M)
        policy = self._bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._bar.setSizePolicy(policy)
        self.folder = QLineEdit()
        self.folder.setAccessibleName(self.tr("Folder"))
        self.folder.textChanged.connect(self._allow)
        self._choose_folder = QPushButton(self.tr("&Choose…"))
        self._choose_folder.setAccessibleName(self.tr("Choose a folder"))
        self._choose_folder.clicked.connect(self._choose)
        self._choose_file = QPushButton(self.tr("As o&ne file…"))
        self._choose_file.clicked.connect(self._name_file)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MS)
        self._soon.timeout.connect(self.ask_for_preview)
        self.formats.chosen.connect(self._change_format)
        self.options.changed.connect(self._change)
        self._make_buttons()
        self._lay_out()
        self._show_options()
        self._allow()

    def _make_buttons(self) -> None:
        role = QDialogButtonBox.ButtonRole
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._go = self._buttons.addButton(self.tr("&Export"), role.ActionRole)
        self._go.setProperty("primary", "true")
        self._go.clicked.connect(self._start)
        self._open = self._buttons.addButton(self.tr("Open fol&der"), role.ActionRole)
        self._open.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(self._written_to)))
        self._copy = self._buttons.addButton(self.tr("Cop&y"), role.ActionRole)
        self._copy.setAccessibleName(self.tr("Copy the summary"))
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._report))
        self._buttons.rejected.connect(self.reject)
        self._hide_result()

    def _lay_out(self) -> None:
        names = QLabel(self.tr("&Format")), QLabel(self.tr("F&older"))
        for name, field in zip(names, (self.format, self.folder), strict=True):
            name.setBuddy(field)
        form = QFormLayout()
        form.addRow(names[0], self.formats)
        self._halves = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._halves.setSpacing(SPACE_L)
        self._halves.addWidget(self.options)
        self._halves.addWidget(self.pages, 1)
        inner = QWidget()
        body = column(inner, margin=SPACE_S)
        body.addLayout(form)
        body.addLayout(self._halves, 1)
        row = QHBoxLayout()
        row.addWidget(self.folder)
        row.addWidget(self._choose_folder)
        row.addWidget(self._choose_file)
        where = QFormLayout()
        where.addRow(names[1], row)
        layout = QVBoxLayout(self)
        layout.addWidget(scrolled(inner), 1)
        layout.addWidget(self.summary)
        layout.addWidget(self._bar)
        layout.addLayout(where)
        layout.addWidget(self.command)
        layout.addWidget(self._buttons)
        self._go.setDefault(True)
        width = self.fontMetrics().averageCharWidth() * 180
        self.resize(QSize(width, width * 3 // 4).boundedTo(self.screen().availableSize() * 0.9))

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Qt: options and what they give stand side by side where there is room for both."""
        super().resizeEvent(event)
        direction = QBoxLayout.Direction
        wide = event.size().width() > 5 * self.options.sizeHint().width() // 2
        self._halves.setDirection(direction.LeftToRight if wide else direction.TopToBottom)

    # -- choosing --------------------------------------------------------------------------------------------------

    def show_choices(self, choices: ExportChoices) -> None:
        """Show what was chosen the last time."""
        self.format.setCurrentText(choices.format_name)
        self.options.show_settings(choices.settings)
        self.folder.setText(choices.folder)
        if choices.template:
            self.rows.choose_template(Path(choices.template))

    def choices(self) -> ExportChoices | None:
        """What is chosen; None where it makes no sense."""
        chosen = self.formats.format
        settings = self.options.settings() if chosen.chooses else ExportSettings()
        if settings is None:
            return None
        template = self.rows.template.currentData()
        return ExportChoices(
            chosen.name,
            settings,
            self.folder.text().strip(),
            str(template) if template is not None else "",
        )

    def _change_format(self) -> None:
        self._show_options()
        self.pages.show_summary(ExportSummary("", ()))
        self.rows.show_rows({})
        self._change()

    def _show_options(self) -> None:
        self.options.setVisible(self.formats.format.chooses)
        self.options.show_for(self.formats.format)
        self._choose_file.setVisible(bool(self.formats.format.suffix))

    def _change(self) -> None:
        self._hide_result()
        self._soon.start()
        self._wait(self.tr("Counting…"))
        self._allow()

    def ask_for_preview(self) -> None:
        """Look at what the choices would write."""
        self._soon.stop()
        self._hide_result()
        choices = self.choices()
        if choices is None:
            self._bar.hide()
            self._say(self.tr("Nothing is counted: {0}").format(self.options.problem), "danger")
        else:
            self._wait(self.tr("Counting…"))
            self.preview_wanted.emit(choices)
        self._allow()

    def show_preview(self, preview: ExportPreview) -> None:
        """Show what would be written, unless something else was chosen meanwhile."""
        if self._soon.isActive():
            return
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
        self._say(words.format(f"{rows:,}", len(preview.summary.files), f"{left_out:,}"))
        settings = self.options.settings() or ExportSettings()
        self.pages.show_preview(preview, settings.splits.names)

    def _allow(self) -> None:
        ready = bool(self.folder.text().strip()) and self.choices() is not None
        self._go.setEnabled(ready and not self._writes)

    def _choose(self) -> None:
        dialog = QFileDialog(self, self.tr("Folder to export into"), self.folder.text())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self.folder.setText)
        dialog.open()

    def _name_file(self) -> None:
        suffix = self.formats.format.suffix
        dialog = QFileDialog(self, self.tr("File to export to"), self.folder.text())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(f"*{suffix}")
        dialog.setDefaultSuffix(suffix)
        dialog.fileSelected.connect(self.folder.setText)
        dialog.open()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Qt: Return among the options counts at once; elsewhere it presses the button as in every dialog."""
        is_return = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_return and self.options.isAncestorOf(self.focusWidget()):
            self.ask_for_preview()
        else:
            super().keyPressEvent(event)

    # -- writing ---------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        choices = self.choices()
        if choices is not None:
            self._soon.stop()
            self._hide_result()
            self._set_writing(writing=True)
            self._wait(self.tr("Writing…"))
            folder = str(Path(choices.folder).expanduser())
            self.export_requested.emit(replace(choices, folder=folder))

    def _say(self, words: str, tone: str = "text") -> None:
        self.summary.setText(words)
        mark(self.summary, "tone", tone)

    def _wait(self, words: str) -> None:
        self._say(words)
        self._bar.setRange(0, 0)
        self._bar.show()

    def _set_writing(self, *, writing: bool) -> None:
        self._writes = writing
        for widget in (self.formats, self.options, self.folder, self._choose_folder, self._choose_file):
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
            words = self.tr("Writing… Read so far: {0} of {1}") if total else self.tr("Writing… Read so far: {0}")
            self._say(words.format(f"{read:,}", f"{total:,}"))

    def show_result(self, summary: ExportSummary, out: Path, command: str) -> None:
        """Show the files with their rows, what was left out and why, and the command that does the same."""
        self._written_to = str(out if out.is_dir() else out.parent)
        rows, left_out = (sum(n for _, n in counts) for counts in (summary.files, summary.excluded))
        lines = [self.tr("Written to {0}").format(out)]
        lines.append(
            self.tr("Rows: {0}, in files: {1}, left out: {2}").format(f"{rows:,}", len(summary.files), f"{left_out:,}")
        )
        self._end("\n".join(lines))
        lines += [self.tr("{0}: rows {1}").format(name, count) for name, count in summary.files]
        lines += [self.tr("left out, {0}: {1}").format(reason_words(reason), n) for reason, n in summary.excluded]
        lines += [self.tr("found, {0}: {1}").format(found_words(kind), n) for kind, n in summary.found]
        self._report = "\n".join((*lines, *map(note_words, summary.notes), command))
        settings = self.options.settings() or ExportSettings()
        self.pages.show_summary(summary, settings.splits.names)
        self.command.show_command(command)
        self.command.show()
        self._open.show()

    def show_problem(self, problem: str) -> None:
        """Say why nothing was written."""
        self._end(problem, "danger")

    def _end(self, words: str, tone: str = "text") -> None:
        self._set_writing(writing=False)
        self._bar.hide()
        self._say(words, tone)
        self._report = words
        self._copy.show()

    def _hide_result(self) -> None:
        for widget in (self._open, self._copy, self.command):
            widget.hide()

    def reject(self) -> None:
        """Qt: Escape and the button; stop while something is written, close afterwards."""
        if self._writes:
            self._buttons.button(QDialogButtonBox.StandardButton.Close).setEnabled(False)
            self._say(self.tr("Stopping…"))
            self.stop_requested.emit()
        else:
            super().reject()
