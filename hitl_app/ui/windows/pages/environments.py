"""The environments in which trajectories execute: what is there, and a way to install or remove each."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHeaderView,
    QMessageBox,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from hitl_app.domain.ports import EnvironmentStatus
from hitl_app.ui.panes.flow import Flow
from hitl_app.ui.panes.parts import ElidedLabel, column, label, paragraph
from hitl_app.ui.theme import mark

NAME, STATE, VERSION, USE = range(4)
ROWS, LINES = 7, 6
"""In view at least: rows of the table, lines of the output."""
MOST_LINES = 5000
"""Of output that are kept."""


class EnvironmentsPage(QWidget):
    """A table, what was said of the selected one, and the output of what runs.

    Signals:
        install_requested, reinstall_requested, remove_requested, check_requested: Name of an environment.
        stop_requested: Stop what runs.
    """

    install_requested = Signal(str)
    reinstall_requested = Signal(str)
    remove_requested = Signal(str)
    check_requested = Signal(str)
    stop_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._statuses: tuple[EnvironmentStatus, ...] = ()
        self._working = False
        self.table = self._table()
        self.about, self.place = paragraph(), ElidedLabel(tone="muted")
        self.told = paragraph()
        self.install = QPushButton(self.tr("&Install"))
        self.reinstall = QPushButton(self.tr("&Reinstall…"))
        self.remove = QPushButton(self.tr("R&emove…"))
        self.check = QPushButton(self.tr("&Check"))
        self.stop = QPushButton(self.tr("S&top"))
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Work on an environment is under way"))
        self.output = QPlainTextEdit()
        self.output.setReadOnly(True)
        self.output.setTabChangesFocus(True)
        self.output.setProperty("role", "mono")
        self.output.setMaximumBlockCount(MOST_LINES)
        self.output.setAccessibleName(self.tr("Output of the installation"))
        self.output.setMinimumHeight(LINES * self.fontMetrics().lineSpacing())
        layout = column(self)
        layout.addWidget(label(self.tr("Environments"), role="title", wrap=True))
        layout.addWidget(self.table, 2)
        layout.addWidget(self.about)
        layout.addWidget(self.place)
        layout.addWidget(Flow(self.install, self.reinstall, self.remove, self.check, self.stop))
        layout.addWidget(self.bar)
        layout.addWidget(self.told)
        layout.addWidget(self.output, 1)
        self._connect()
        self._show_selected()

    def _table(self) -> QTableWidget:
        table = QTableWidget(0, 4)
        table.setAccessibleName(self.tr("Environments"))
        table.setHorizontalHeaderLabels(
            [self.tr("Name"), self.tr("State"), self.tr("Version"), self.tr("What it is for")]
        )
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setSectionResizeMode(USE, QHeaderView.ResizeMode.Stretch)
        table.setMinimumHeight(ROWS * (self.fontMetrics().lineSpacing() + 8))
        return table

    def _connect(self) -> None:
        self.table.currentCellChanged.connect(self._show_selected)
        for button, signal in (
            (self.install, self.install_requested),
            (self.check, self.check_requested),
        ):
            button.clicked.connect(lambda _=False, signal=signal: signal.emit(self.selected))
        self.reinstall.clicked.connect(self._ask_to_reinstall)
        self.remove.clicked.connect(self._ask_to_remove)
        self.stop.clicked.connect(self._stop)
        for button in (self.install, self.reinstall, self.remove, self.check, self.stop):
            button.setAutoDefault(False)

    @property
    def selected(self) -> str:
        """Name of the selected environment; empty for none."""
        row = self.table.currentRow()
        return self._statuses[row].name if 0 <= row < len(self._statuses) else ""

    def select(self, name: str) -> None:
        """Select an environment."""
        for row, status in enumerate(self._statuses):
            if status.name == name:
                self.table.setCurrentCell(row, NAME)

    def show_statuses(self, statuses: Sequence[EnvironmentStatus]) -> None:
        """Show what is there now."""
        selected = self.selected
        self._statuses = tuple(statuses)
        self.table.setRowCount(len(self._statuses))
        for row, status in enumerate(self._statuses):
            for place, words in (
                (NAME, status.name),
                (STATE, self._state_words(status)),
                (VERSION, status.version),
                (USE, status.problem or status.description),
            ):
                item = QTableWidgetItem(words)
                item.setToolTip(words.replace("<", "‹"))  # a tooltip would take a tag for rich text
                self.table.setItem(row, place, item)
        self.select(selected or (self._statuses[0].name if self._statuses else ""))
        self._show_selected()

    def _state_words(self, status: EnvironmentStatus) -> str:
        if status.problem:
            return self.tr("✕ broken")
        if not status.needs_install:
            return self.tr("✓ built in")
        return self.tr("✓ installed") if status.installed else self.tr("○ not installed")

    def _show_selected(self) -> None:
        status = next((each for each in self._statuses if each.name == self.selected), None)
        there = status is not None and status.installed
        managed = status is not None and status.needs_install
        self.install.setEnabled(managed and not there and not self._working)
        self.reinstall.setEnabled(managed and there and not self._working)
        self.remove.setEnabled(managed and there and not self._working)
        self.check.setEnabled(there and not self._working)
        self.stop.setEnabled(self._working)
        self.bar.setVisible(self._working)
        self.output.setVisible(bool(self.output.toPlainText()) or self._working)
        self.about.setText("" if status is None else status.problem or status.description)
        place = status.place if status is not None and status.needs_install and not status.problem else ""
        self.place.set_text(self.tr("Installed in {0}").format(place))
        self.place.setVisible(bool(place))

    # -- what runs -------------------------------------------------------------------------------------------------

    def show_working(self, words: str) -> None:
        """Something begins: its output comes line by line."""
        self._working = True
        self.output.clear()
        self._tell(words, "accent")

    def add_line(self, line: str) -> None:
        """Show a line of output."""
        self.output.appendPlainText(line)

    def show_result(self, words: str, *, good: bool) -> None:
        """Say how it ended."""
        self._working = False
        self._tell(words, "success" if good else "danger")

    def _tell(self, words: str, tone: str) -> None:
        self.told.setText(words)
        mark(self.told, "tone", tone)
        self._show_selected()

    def _stop(self) -> None:
        self.stop.setEnabled(False)
        self.told.setText(self.tr("Stopping…"))
        self.stop_requested.emit()

    def _ask_to_reinstall(self) -> None:
        self._ask(
            self.tr("Remove {0} and install it again? That takes minutes and needs the network.").format(self.selected),
            self.tr("&Reinstall"),
            self.reinstall_requested.emit,
        )

    def _ask_to_remove(self) -> None:
        words = self.tr("Remove {0}? Its trajectories stay, and cannot be executed until it is installed again.")
        self._ask(words.format(self.selected), self.tr("&Remove"), self.remove_requested.emit)

    def _ask(self, words: str, yes: str, then: Callable[[str], object]) -> None:
        name = self.selected
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(self.tr("Environments"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(words)
        go = box.addButton(yes, QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        go.clicked.connect(lambda: then(name))
        box.open()
