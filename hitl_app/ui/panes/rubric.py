"""The rubric: a few questions, each answered with its digit."""

from functools import partial

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QActionGroup, QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QStyle, QVBoxLayout, QWidget

from hitl_app.domain.guidelines import ItemKind, RubricItem
from hitl_app.ui.focus_order import tab_through
from hitl_app.ui.panes.parts import Header, clear, column, scrolled
from hitl_app.ui.rating import RubricAtDesk
from hitl_app.ui.state import DeskState
from hitl_app.ui.theme import RADIUS, SMALL, SPACE_L, SPACE_M, SPACE_S, current_theme, mono_font, scaled, theme_notifier

FEWEST_ROWS = 2
"""Rows that are in view however low the window is."""


class RubricRow(QAbstractButton):
    """One item: its key, its question, and the answer. Painted by hand; said in the accessible name."""

    def __init__(self, number: int, item: RubricItem, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.item = item
        self._key = str(number)
        self._value: int | None = None
        self._saving = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        help_ = f"{item.question}\n{item.help}" if item.help else item.question
        self.setToolTip(f"{help_} ({self._key})".replace("<", "‹"))
        self.setAccessibleDescription(item.help)
        theme_notifier.theme_changed.connect(self.updateGeometry)
        self.show_answer(None, saving=False)

    def show_answer(self, value: int | None, *, saving: bool) -> None:
        """Show an answer, and whether it is still being saved."""
        self._value, self._saving = value, saving
        spoken = self.tr("saving") if saving else self.answer if value is not None else self.tr("not answered")
        self.setAccessibleName(f"{self._key}. {self.item.question} {spoken}")
        self.update()

    @property
    def answer(self) -> str:
        """The answer in words."""
        if self._saving:
            return "◌"
        if self._value is None:
            return "–"
        if self.item.kind is ItemKind.SCALE:
            return self.tr("{0} of {1}").format(self._value, self.item.high)
        return self.tr("✓ yes") if self._value else self.tr("✕ no")

    def sizeHint(self) -> QSize:
        """Qt: one line."""
        return QSize(240, self.fontMetrics().height() + SPACE_S)

    def minimumSizeHint(self) -> QSize:
        """Qt: key and answer; the question may be cut, and stands in the tooltip."""
        return QSize(self._cap() + self._answer_width() + 8 * SPACE_M, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Qt: paint the row; a ring shows the focus."""
        theme, painter = current_theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = self.rect().adjusted(0, 0, -1, -1)
        painter.setPen(QColor(theme.accent) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.selection) if self.underMouse() else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(ring, RADIUS, RADIUS)
        cap = QRect(1, 2, self._cap(), self.height() - 4)
        answer = QRect(self.width() - self._answer_width() - 2, 0, self._answer_width(), self.height())
        question = QRect(QPoint(cap.right() + SPACE_M, 0), QPoint(answer.left() - SPACE_M, self.height() - 1))
        painter.setPen(QColor(theme.line))
        painter.setBrush(QColor(theme.key))
        painter.drawRoundedRect(self._place(cap), 3, 3)
        painter.setFont(scaled(mono_font(), SMALL))
        painter.setPen(QColor(theme.muted))
        painter.drawText(self._place(cap), Qt.AlignmentFlag.AlignCenter, self._key)
        painter.setFont(self.font())
        painter.setPen(QColor(theme.text))
        cut = painter.fontMetrics().elidedText(self.item.question, Qt.TextElideMode.ElideRight, question.width())
        self._write(painter, question, cut, Qt.AlignmentFlag.AlignLeft)
        painter.setPen(theme.tone(self._tone()))
        self._write(painter, answer, self.answer, Qt.AlignmentFlag.AlignRight)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Qt: Return presses it, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    def _tone(self) -> str:
        if self._saving or self._value is None:
            return "muted"
        if self.item.kind is ItemKind.SCALE:
            return "text"
        return "success" if self._value else "danger"

    def _write(self, painter: QPainter, place: QRect, text: str, side: Qt.AlignmentFlag) -> None:
        aligned = QStyle.visualAlignment(self.layoutDirection(), side)
        painter.drawText(self._place(place), aligned | Qt.AlignmentFlag.AlignVCenter, text)

    def _place(self, place: QRect) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), self.rect(), place)

    def _cap(self) -> int:
        return self.fontMetrics().height()

    def _answer_width(self) -> int:
        longest = (self.tr("✓ yes"), self.tr("✕ no"), self.tr("{0} of {1}").format(9, 9))
        return max(self.fontMetrics().horizontalAdvance(words) for words in longest) + SPACE_S


class RubricPane(QWidget):
    """All items with their answers. A yes-no item is answered by its key alone, a scale by its key and a digit.

    Signals:
        toggled: Id of a yes-no item.
        answered: Id of an item, and the answer.
    """

    toggled = Signal(str)
    answered = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = RubricAtDesk()
        self._open = False
        self.rows: list[RubricRow] = []
        self.header = Header(self.tr("Rubric"))
        inner = self._inner = QWidget()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        whole = column(inner, margin=0, spacing=0)
        whole.addLayout(self._rows)
        whole.addStretch(1)
        self._area = scrolled(inner)
        layout = column(self, spacing=SPACE_S)
        layout.addWidget(self.header)
        layout.addWidget(self._area, 1)
        self.setAccessibleName(self.tr("Rubric"))
        self.hide()
        theme_notifier.theme_changed.connect(self._fit)

    @property
    def focus_target(self) -> QWidget:
        """Where the keys go when a person turns to this pane."""
        return self.rows[0] if self.rows else self

    def render_state(self, state: DeskState) -> None:
        """Show a state."""
        shown = state.rubric
        if shown is self._shown and self._open == (state.opened is not None):
            return
        if shown.rubric != self._shown.rubric:
            self._make_rows(shown)
        self._shown, self._open = shown, state.opened is not None
        for row in self.rows:
            row.setEnabled(self._open)
            row.show_answer(shown.answer(row.item), saving=row.item.id in shown.saving)
        words = self.tr("{0} of {1} answered").format(shown.answered, len(self.rows))
        self.header.set_aside(self.tr("saving…") if shown.saving else words)
        self.setVisible(bool(self.rows))

    def press(self, number: int) -> None:
        """What the key of an item does: answer it, or ask for the digit of a scale."""
        if not self._open or number >= len(self.rows):
            return
        row = self.rows[number]
        if row.item.kind is ItemKind.YES_NO:
            self.toggled.emit(row.item.id)
        else:
            self._area.ensureWidgetVisible(row)
            self.menu_for(row).popup(row.mapToGlobal(QPoint(0, row.height())))

    def menu_for(self, row: RubricRow) -> QMenu:
        """The values of a scale, each on its digit."""
        item = row.item
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(item.question)
        chosen = self._shown.answer(item)
        group = QActionGroup(menu)
        for value in range(item.low, item.high + 1):
            ends = {item.low: self.tr("&{0}   least"), item.high: self.tr("&{0}   most")}
            action = menu.addAction(ends.get(value, "&{0}").format(value))
            group.addAction(action)
            action.setCheckable(True)
            action.setChecked(value == chosen)
            action.triggered.connect(partial(self.answered.emit, item.id, value))
        return menu

    def _make_rows(self, shown: RubricAtDesk) -> None:
        clear(self._rows)
        self.rows = []
        for number, item in enumerate(shown.rubric.items):
            row = RubricRow(number + 1, item)
            row.clicked.connect(partial(self.press, number))
            self._rows.addWidget(row)
            self.rows.append(row)
        tab_through(self._inner, self.rows)
        self._fit()

    def _fit(self) -> None:
        """As high as the rows at most, and a few of them at least: the rest of the room is the neighbours'."""
        height = RubricRow(0, RubricItem("", "")).sizeHint().height() if self.rows else 0
        self._area.setMinimumHeight(height * min(FEWEST_ROWS, len(self.rows)))
        self._area.setMaximumHeight(height * len(self.rows))
        frame = 2 * SPACE_L + SPACE_S
        self.setMaximumHeight(height * len(self.rows) + self.header.sizeHint().height() + frame)
