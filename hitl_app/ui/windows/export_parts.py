"""Parts of the export's window: the choice of a format, what is left out, and the first rows as text."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QPlainTextEdit, QVBoxLayout, QWidget

from hitl_app.ui.panes.parts import paragraph
from hitl_app.ui.panes.tables import Table
from hitl_app.ui.theme import SPACE_S
from hitl_app.ui.translating import translate
from hitl_app.workflow.exporting import Row


def format_words(name: str) -> str:
    """What a format is for, in a sentence; empty for one that is not known here."""
    return {
        "trl-sft": translate(
            "Export", "Demonstrations for supervised fine-tuning with TRL: accepted revisions that were verified."
        ),
        "trl-dpo": translate(
            "Export", "Preference pairs for DPO with TRL: of two trajectories for one task, the one that was preferred."
        ),
        "atif": translate("Export", "The head of each lineage as an ATIF document, for tools that read this format."),
        "calls": translate(
            "Export", "Every call of a model, to replay a run without a server or to count what it cost."
        ),
        "bundle": translate(
            "Export", "Everything that this store holds, for another store: tasks, revisions, decisions, the ledger."
        ),
    }.get(name, "")


class FormatChoice(QWidget):
    """A list of formats, and below it what the chosen one is for.

    Signals:
        chosen: Another format was chosen, by its name.
    """

    chosen = Signal(str)

    def __init__(self, formats: Sequence[str]) -> None:
        super().__init__()
        self.box = QComboBox()
        self.box.setAccessibleName(self.tr("Format"))
        self.box.addItems(list(formats))
        self._about = paragraph(tone="muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self.box)
        layout.addWidget(self._about)
        self.box.currentTextChanged.connect(self._choose)
        self._say(self.name)

    @property
    def name(self) -> str:
        """The chosen format."""
        return self.box.currentText()

    def _choose(self, name: str) -> None:
        self._say(name)
        self.chosen.emit(name)

    def _say(self, name: str) -> None:
        words = format_words(name)
        self._about.setText(words)
        self.box.setAccessibleDescription(words)


class Exclusions(Table):
    """What is left out, by reason."""

    def __init__(self) -> None:
        super().__init__(
            translate("Export", "What is left out, and why"),
            [translate("Export", "Left out because"), translate("Export", "Count")],
        )

    def show_exclusions(self, excluded: Sequence[tuple[str, int]]) -> None:
        """Show reasons with their counts."""
        self.show_rows([(reason, str(count)) for reason, count in excluded])


class FirstRows(QWidget):
    """The first rows of a file, exactly as they will be written."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: Mapping[str, Sequence[Row]] = {}
        self.file = QComboBox()
        self.file.setAccessibleName(self.tr("File"))
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setProperty("role", "mono")
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.text.setAccessibleName(self.tr("The first rows, as they will be written"))
        self.file.currentTextChanged.connect(self._show)
        form = QFormLayout()
        form.addRow(self.tr("Fi&le"), self.file)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.text, 1)

    def show_rows(self, rows: Mapping[str, Sequence[Row]]) -> None:
        """Show the rows of files; those without any are left out."""
        self._rows = {name: found for name, found in rows.items() if found}
        self.file.blockSignals(True)
        self.file.clear()
        self.file.addItems(list(self._rows))
        self.file.blockSignals(False)
        self._show(self.file.currentText())

    def _show(self, name: str) -> None:
        cut = self.tr("… (characters that are not shown: {0})")
        rows = self._rows.get(name, ())
        self.text.setPlainText("\n".join(row.text + (cut.format(row.more) if row.more else "") for row in rows))
