"""Two trajectories side by side as a list: keys go from difference to difference, and fold rows out and in."""

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from hitl_app.domain.difference import RowLines
from hitl_app.ui.delegates.difference import DifferenceDelegate
from hitl_app.ui.models.difference import DifferenceModel, Index, LineKind, plain_text
from hitl_app.ui.theme import theme_notifier
from hitl_app.workflow.differences import Compared

FITTING = 40
"""Milliseconds after which lines are broken to another width."""


class DiffView(QListView):
    """The list. `n` and `p` (or F7 and Shift+F7) walk, Return folds out and in, Ctrl+C copies.

    Signals:
        lines_wanted: Number of a row whose lines are to be made, and whether all of it is wanted; to be answered by
            `show_lines`.
        moved: Another line is the current one.
    """

    lines_wanted = Signal(int, bool)
    moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = DifferenceModel(self)
        self._whole: set[int] = set()
        self._fitting = QTimer(self)  # lines are not broken anew for each step of a window that is drawn larger
        self._fitting.setSingleShot(True)
        self._fitting.setInterval(FITTING)
        self._fitting.timeout.connect(self._fit)
        self._delegate = DifferenceDelegate(self)
        self.setModel(self.lines)
        self.setItemDelegate(self._delegate)
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Steps of both side by side"))
        self.doubleClicked.connect(self.toggle)
        theme_notifier.theme_changed.connect(self._forget_fonts)

    def show_compared(self, compared: Compared) -> None:
        """Show a difference, and go to the first row that differs."""
        self._whole = set()
        self.lines.show_difference(compared.difference, compared.lines)
        self._go_to(self.lines.differences[0] if self.lines.differences else 0)

    @property
    def row(self) -> int:
        """The row of the difference that the current line belongs to; -1 where there is none."""
        index = self.currentIndex()
        return self.lines.line(index).row if index.isValid() else -1

    def step(self, distance: int) -> None:
        """Go to the next (1) or the previous (-1) difference."""
        rows = self.lines.differences
        beyond = [row for row in rows if (row > self.row if distance > 0 else row < self.row)]
        if beyond:
            self._go_to(beyond[0] if distance > 0 else beyond[-1])

    def toggle(self) -> None:
        """Fold the current row out or in; below its header, show all of it, or again what differs."""
        index = self.currentIndex()
        if not index.isValid():
            return
        line = self.lines.line(index)
        if line.kind is LineKind.RUN:
            self.lines.open_run(line.row)
            self._go_to(line.row)
        elif line.kind is LineKind.HEADER and self.lines.is_open(line.row):
            self._whole.discard(line.row)
            self.lines.close_row(line.row)
            self._go_to(line.row)
        else:
            whole = line.same if line.kind is LineKind.HEADER else line.row not in self._whole
            (self._whole.add if whole else self._whole.discard)(line.row)
            self.lines_wanted.emit(line.row, whole)

    def show_lines(self, row: int, lines: RowLines) -> None:
        """Fold a row out."""
        self.lines.open_row(row, lines)
        self._go_to(row)

    def copy(self) -> None:
        """Put the selected lines on the clipboard."""
        chosen = sorted(self.selectedIndexes(), key=QModelIndex.row)
        QGuiApplication.clipboard().setText("\n".join(plain_text(self.lines.line(index)) for index in chosen))

    def _go_to(self, row: int) -> None:
        index = self.lines.index(self.lines.place_of(row), 0)
        if index.isValid():
            self.setCurrentIndex(index)
            upper = self.viewport().rect().adjusted(0, 0, 0, -self.viewport().height() // 2)
            if not upper.contains(self.visualRect(index)):  # what differs stands below its header
                self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtTop)

    def _forget_fonts(self) -> None:
        self._delegate.forget_fonts()
        self._fit()
        self.viewport().update()

    def _fit(self) -> None:
        """Break the lines to the present width."""
        columns, row = self._delegate.columns_in(self.viewport().width()), self.row
        self.lines.set_columns(columns)
        if row >= 0 and self.row != row:
            self._go_to(row)

    # -- Qt --------------------------------------------------------------------------------------------------------

    def currentChanged(self, current: Index, previous: Index, /) -> None:
        """Qt: another line is current."""
        super().currentChanged(current, previous)
        self.moved.emit()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Qt: another width breaks otherwise."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fitting.start()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Qt: the keys of the view."""
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() == Qt.Key.Key_F7:
            self.step(1 if plain else -1)
        elif plain and event.key() in (Qt.Key.Key_N, Qt.Key.Key_P):
            self.step(1 if event.key() == Qt.Key.Key_N else -1)
        elif plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.toggle()
        else:
            super().keyPressEvent(event)
