"""Parts of the export's window: the choice of a format, tables of what it gives, and the command that does the same."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QTabWidget, QVBoxLayout, QWidget

from hitl_app.domain.ports import ExportSummary
from hitl_app.ui.export_reasons import reason_words
from hitl_app.ui.export_words import format_words, found_words, note_words
from hitl_app.ui.panes.parts import paragraph
from hitl_app.ui.panes.tables import Table
from hitl_app.ui.theme import SPACE_S
from hitl_app.ui.windows.export_rows import ExportRows
from hitl_app.workflow.exporting import ExportFormat, ExportPreview


class FormatChoice(QWidget):
    """A list of formats, and below it what the chosen one is for.

    Signals:
        chosen: Another format was chosen.
    """

    chosen = Signal()

    def __init__(self, formats: Sequence[ExportFormat]) -> None:
        super().__init__()
        self._formats = {each.name: each for each in formats}
        self.box = QComboBox()
        self.box.setAccessibleName(self.tr("Format"))
        self.box.addItems(list(self._formats))
        self._about = paragraph(tone="muted")
        self._problem = paragraph(tone="danger")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        for widget in (self.box, self._about, self._problem):
            layout.addWidget(widget)
        self.box.currentTextChanged.connect(self._choose)
        self._say()

    @property
    def format(self) -> ExportFormat:
        """The chosen format."""
        return self._formats[self.box.currentText()]

    def _choose(self) -> None:
        self._say()
        self.chosen.emit()

    def _say(self) -> None:
        chosen = self.format
        words = format_words(chosen)
        if not chosen.chooses:
            words = self.tr("{0} It always holds everything: there is nothing to choose.").format(words)
        self._about.setText(words)
        self.box.setAccessibleDescription(words)
        self._problem.setText(chosen.problem)
        self._problem.setVisible(bool(chosen.problem))


class ExportPages(QTabWidget):
    """What an export gives: its first rows, its files, what is left out and why, and what cleaning found."""

    def __init__(self) -> None:
        super().__init__()
        self.setDocumentMode(True)
        self.setAccessibleName(self.tr("What would be written"))
        self.rows = ExportRows()
        count = self.tr("Count")
        self.files = Table(self.tr("Files"), [self.tr("File"), self.tr("Part"), self.tr("Rows")])
        self.exclusions = Table(self.tr("What is left out, and why"), [self.tr("Left out because"), count])
        self.found = Table(self.tr("Secrets and personal data that were found"), [self.tr("Found"), count])
        for page in (self.rows, self.files, self.exclusions, self.found):
            self.addTab(page, "")
        self.setMinimumHeight(16 * self.fontMetrics().lineSpacing())
        self.show_summary(ExportSummary("", ()))

    def show_preview(self, preview: ExportPreview, parts: Sequence[str]) -> None:
        """Show what would be written, with the names of the parts that were asked for."""
        self.show_summary(preview.summary, parts, "" if preview.whole else "≥ ")
        self.rows.show_rows(preview.rows)

    def show_summary(self, summary: ExportSummary, parts: Sequence[str] = (), least: str = "") -> None:
        """Show counts; `least` stands before those of a record that was not read to its end."""
        files = [(name, _part_of(name, parts), f"{least}{rows:,}") for name, rows in summary.files]
        self.files.show_rows([*files, *((note_words(note), "", "") for note in summary.notes)])
        self.exclusions.show_rows([(reason_words(reason), f"{least}{n:,}") for reason, n in summary.excluded])
        self.found.show_rows([(found_words(kind), f"{least}{n:,}") for kind, n in summary.found])
        left_out, found = (sum(n for _, n in counts) for counts in (summary.excluded, summary.found))
        titles = self.tr("First rows"), self.tr("Files ({0})"), self.tr("Left out ({0})"), self.tr("Found ({0})")
        for number, (title, n) in enumerate(zip(titles, (0, len(summary.files), left_out, found), strict=True)):
            self.setTabText(number, title.format(f"{n:,}"))


class CommandLine(QWidget):
    """The command that does the same, to be copied."""

    def __init__(self) -> None:
        super().__init__()
        self.line = QLineEdit()
        self.line.setReadOnly(True)
        self.line.setProperty("role", "mono")
        self.line.setAccessibleName(self.tr("The same on the command line"))
        self.copy = QPushButton(self.tr("Copy co&mmand"))
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.line.text()))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.line, 1)
        layout.addWidget(self.copy)

    def show_command(self, command: str) -> None:
        """Show a command, from its beginning."""
        self.line.setText(command)
        self.line.setCursorPosition(0)


def _part_of(file: str, parts: Sequence[str]) -> str:
    """The part of the data that a file holds, as its name says."""
    return next((part for part in parts if file.rpartition(".")[0].endswith(f"-{part}")), "")
