"""Dialogs of plan expansion: from which seeds, how many, against which failures; and the list of failure classes."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHeaderView,
    QPushButton,
    QRadioButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from hitl_app.domain.failure_classes import FailureClass
from hitl_app.domain.run import Budget
from hitl_app.ui.panes.ceilings import Ceilings, number_field
from hitl_app.ui.panes.parts import paragraph, tell_whole


@dataclass(frozen=True)
class Expansion:
    """What a person wants.

    Attributes:
        selected: The selected rows are the seeds; else all good ones that the queue shows.
        failure_class: Name of the class to augment for; empty makes tasks like the seeds.
        count: New pairs in all.
    """

    selected: bool
    failure_class: str
    count: int
    budget: Budget


class ExpandDialog(QDialog):
    """Asks for an expansion.

    Signals:
        wanted: An `Expansion`, to be begun and answered by `close` or `show_problem`.
        classes_requested: Edit the failure classes.
        settings_requested: Set up a model.
    """

    wanted = Signal(object)
    classes_requested = Signal()
    settings_requested = Signal()

    def __init__(self, selected: int, query: str, parent: QWidget) -> None:
        """Make the dialog.

        Args:
            selected: How many rows of the queue are selected.
            query: What the queue shows; empty for everything.
            parent: The window.
        """
        super().__init__(parent)
        self._selected = selected
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("New tasks with plans"))
        self.selected = QRadioButton(self.tr("&Selected rows: {0}").format(selected))
        everything = self.tr("All &good ones in the queue")
        fitting = self.tr("All &good ones that fit the query")
        self.all = QRadioButton(fitting if query else everything)
        (self.selected if selected else self.all).setChecked(True)
        self.selected.setEnabled(selected > 0)
        self.failure_class = QComboBox()
        self.failure_class.setAccessibleName(self.tr("Against failures of the class"))
        tell_whole(self.failure_class)
        self.count = number_field(self.tr("New tasks"), 1, 1000, 10)
        self.ceilings = Ceilings()
        self.model = paragraph(tone="muted")
        self.problem = paragraph(tone="danger")
        self.problem.hide()
        self._lay_out()

    def _lay_out(self) -> None:
        self.classes = QPushButton(self.tr("Failure &classes…"))
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.addRow(self.tr("Seeds"), self.selected)
        form.addRow("", self.all)
        form.addRow(self.tr("&Against failures of"), self.failure_class)
        form.addRow("", self.classes)
        form.addRow(self.tr("Ne&w tasks"), self.count)
        self.ceilings.add_to(form)
        form.addRow(self.tr("Model"), self.model)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.go = QPushButton(self.tr("S&tart"))
        self.go.setEnabled(False)  # until it is known which model is asked
        self.settings = QPushButton(self.tr("&Model…"))
        buttons.addButton(self.go, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.settings, QDialogButtonBox.ButtonRole.ActionRole)
        self.classes.setAutoDefault(False)
        self.settings.setAutoDefault(False)
        self.go.setDefault(True)
        buttons.rejected.connect(self.reject)
        self.go.clicked.connect(self._want)
        self.classes.clicked.connect(self.classes_requested)
        self.settings.clicked.connect(self.settings_requested)
        self.failure_class.currentIndexChanged.connect(self._suggest)
        layout = QVBoxLayout(self)
        layout.addWidget(
            paragraph(
                self.tr(
                    "A model writes new tasks with their plans after good ones, which are verified or approved and "
                    "have a plan. Each waits in the queue for review, with the seeds that it was made after."
                )
            )
        )
        layout.addLayout(form)
        layout.addWidget(self.problem)
        layout.addWidget(buttons)
        self.setMinimumWidth(560)

    def show_classes(self, classes: Sequence[FailureClass]) -> None:
        """Offer the failure classes; the chosen one stays."""
        chosen = self.failure_class.currentData()
        self.failure_class.clear()
        self.failure_class.addItem(self.tr("no class: new tasks like the seeds"), "")
        for each in classes:
            self.failure_class.addItem(each.name, each.name)
        self.failure_class.setCurrentIndex(max(0, self.failure_class.findData(chosen)))

    def show_model(self, model: str, *, priced: bool) -> None:
        """Show which model is asked."""
        self.model.setText(model or self.tr("none is set up"))
        self.ceilings.allow(model=bool(model), priced=priced)
        self.go.setEnabled(bool(model))

    def show_problem(self, words: str) -> None:
        """Say why it cannot begin."""
        self.problem.setText(words)
        self.problem.setVisible(bool(words))

    def _suggest(self) -> None:
        """One new task a seed where it is against a class, else ten."""
        if self.failure_class.currentData() and self.selected.isChecked():
            self.count.setValue(self._selected)

    def _want(self) -> None:
        self.show_problem("")
        self.wanted.emit(
            Expansion(
                self.selected.isChecked(),
                str(self.failure_class.currentData() or ""),
                self.count.value(),
                self.ceilings.budget(),
            )
        )


class ClassesDialog(QDialog):
    """The failure classes, edited in place.

    Signals:
        save_requested: The classes as they stand, as a list of `FailureClass`; to be answered by `accept` or
            `show_problem`.
        reset_requested: The list that is shipped; to be answered by `show_classes`.
    """

    save_requested = Signal(object)
    reset_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Failure classes"))
        self.table = QTableWidget(0, 3)
        self.table.setHorizontalHeaderLabels([self.tr("Name"), self.tr("What fails"), self.tr("Words that tell it")])
        self.table.setAccessibleName(self.tr("Failure classes"))
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(True)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.problem = paragraph(tone="danger")
        self.problem.hide()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        role = QDialogButtonBox.ButtonRole.ActionRole
        self.add, self.remove = QPushButton(self.tr("&Add")), QPushButton(self.tr("&Remove"))
        self.reset = QPushButton(self.tr("As s&hipped"))
        for button in (self.add, self.remove, self.reset):
            button.setAutoDefault(False)
            buttons.addButton(button, role)
        self.add.clicked.connect(self._add)
        self.remove.clicked.connect(lambda: self.table.removeRow(self.table.currentRow()))
        self.reset.clicked.connect(self.reset_requested)
        buttons.accepted.connect(self._save)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        words = self.tr("Words are separated by commas; a finding or a failed step that has one tells the class.")
        layout.addWidget(paragraph(words, tone="muted"))
        layout.addWidget(self.table, 1)
        layout.addWidget(self.problem)
        layout.addWidget(buttons)
        self.resize(860, 480)

    def show_classes(self, classes: Sequence[FailureClass]) -> None:
        """Show a list."""
        self.table.setRowCount(0)
        for each in classes:
            self._append(each.name, each.description, ", ".join(each.words))
        self.show_problem("")

    def show_problem(self, words: str) -> None:
        """Say why the list cannot be kept."""
        self.problem.setText(words)
        self.problem.setVisible(bool(words))

    @property
    def classes(self) -> list[FailureClass]:
        """The list as it is written; a row without any text is none."""
        rows = [[self._text(row, column) for column in range(3)] for row in range(self.table.rowCount())]
        return [
            FailureClass(name, about, tuple(word.strip() for word in words.split(",") if word.strip()))
            for name, about, words in rows
            if name or about or words
        ]

    def _append(self, *texts: str) -> None:
        row = self.table.rowCount()
        self.table.insertRow(row)
        for column, text in enumerate(texts):
            self.table.setItem(row, column, QTableWidgetItem(text))

    def _text(self, row: int, column: int) -> str:
        item = self.table.item(row, column)
        return item.text().strip() if item is not None else ""

    def _add(self) -> None:
        self._append("", "", "")
        row = self.table.rowCount() - 1
        self.table.setCurrentCell(row, 0)
        self.table.setFocus()
        item = self.table.item(row, 0)
        if item is not None:
            self.table.editItem(item)

    def _save(self) -> None:
        self.table.setCurrentCell(-1, -1)  # takes what is still in a cell's editor
        self.save_requested.emit(self.classes)
