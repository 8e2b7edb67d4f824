"""What the tour shows: a small card with words, and a ring around the pane that they are about."""

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QRegion,
)
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from hitl_app.ui.panes.parts import column, label, scrolled
from hitl_app.ui.theme import SPACE_L, SPACE_M, current_theme

RING = 4
"""Width of the ring, in pixels."""

CHARACTERS = 44
"""Of a line on the card."""


class TourRing(QWidget):
    """A frame around a pane. It lets the mouse through, and leaves the pane itself free."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def surround(self, place: QRect) -> None:
        """Stand around a place of the window, inside of its edges."""
        self.setGeometry(place)
        inside = self.rect().adjusted(RING, RING, -RING, -RING)
        self.setMask(QRegion(self.rect()).subtracted(QRegion(inside)))
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Qt: a line of the accent colour with an edge, to be seen on any ground."""
        theme, painter = current_theme(), QPainter(self)
        for colour, width in ((theme.window, RING), (theme.accent, RING - 1)):
            pen = QPen(QColor(colour), width)
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            painter.setPen(pen)
            half = RING // 2
            painter.drawRect(self.rect().adjusted(half, half, -half, -half))


class TourCard(QFrame):
    """The words of one stop, and the ways on. It never takes the focus by itself.

    Signals:
        next_requested, back_requested: To another stop.
        left: The person has seen enough.
    """

    next_requested = Signal()
    back_requested = Signal()
    left = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setProperty("card", "selected")
        self.setAutoFillBackground(True)
        self._count, self._title = label(role="caption"), label(role="title", wrap=True)
        self._words = label(wrap=True)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        policy = self._words.sizePolicy()
        policy.setVerticalPolicy(QSizePolicy.Policy.Ignored)  # else it scrolls to its height at its least width
        self._words.setSizePolicy(policy)
        self._scroll = scrolled(self._words)
        self.leave, self.back, self.next = (
            QPushButton(words) for words in (self.tr("Leave"), self.tr("Back"), self.tr("Next"))
        )
        self.leave.setAccessibleName(self.tr("Leave the tour"))
        self.leave.clicked.connect(self.left)
        self.back.clicked.connect(self.back_requested)
        self.next.clicked.connect(self.next_requested)
        row = QHBoxLayout()
        for button in (self.leave, self.back, self.next):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the focus where the work is
            button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
            row.addWidget(button)
        row.insertStretch(1)
        layout = column(self, margin=SPACE_L, spacing=SPACE_M)
        layout.addWidget(self._count)
        layout.addWidget(self._title)
        layout.addWidget(self._scroll, 1)
        layout.addLayout(row)
        self.hide()

    @property
    def focus_target(self) -> QWidget:
        """What takes the focus on the way round the panes."""
        return self.next

    @property
    def text(self) -> str:
        """What it says."""
        return f"{self._title.text()}: {self._words.text()}"

    def show_stop(self, number: int, count: int, title: str, words: str) -> None:
        """Show the words of a stop, and tell them to screen readers where they are new.

        Args:
            number: Of the stop, from 0.
            count: How many there are.
            title: What it is about.
            words: What it says.
        """
        before = self.text
        self._count.setText(self.tr("Tour, {0} of {1}").format(number + 1, count).upper())
        self._title.setText(title)
        self._words.setText(words)
        self.back.setEnabled(number > 0)
        last = number + 1 == count
        self.next.setText(self.tr("Finish") if last else self.tr("Next"))
        self.setAccessibleName(self._count.text())
        self.setAccessibleDescription(self.text)
        self.next.setAccessibleDescription(self.text)
        if self.text != before or not self.isVisible():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.text))

    def stand_beside(self, target: QRect, room: QRect) -> None:
        """Come up in a room of the window, where it covers least of a target there."""
        margin = 2 * (SPACE_L + self.frameWidth())
        buttons = sum(each.sizeHint().width() for each in (self.leave, self.back, self.next)) + 3 * SPACE_M
        width = max(CHARACTERS * self.fontMetrics().averageCharWidth(), buttons) + margin
        width = min(width, room.width() - 2 * SPACE_M)
        heights = [each.heightForWidth(width - margin) for each in (self._title, self._words)]
        fixed = self._count.sizeHint().height() + self.next.sizeHint().height() + 3 * SPACE_M + margin
        height = min(fixed + sum(heights), room.height() - 2 * SPACE_M)
        self._title.setFixedHeight(heights[0])
        size = QSize(width, height)
        self.setGeometry(QRect(_place(size, target, room.adjusted(SPACE_M, SPACE_M, -SPACE_M, -SPACE_M)), size))
        self.show()
        self.raise_()

    def event(self, event: QEvent, /) -> bool:
        """Qt: Escape is the card's own while the focus is in it, and no shortcut of the window."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() is QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() is QEvent.Type.KeyPress:
                self.left.emit()
                return True
        return super().event(event)

    @property
    def has_focus(self) -> bool:
        """Whether the focus is in it."""
        focus = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus)


def _place(size: QSize, target: QRect, room: QRect) -> QPoint:
    """Below the target or beside its lower end, as far inside of the room as it goes."""
    low = target.bottom() - size.height()
    wanted = (
        QPoint(target.left(), target.bottom() + SPACE_M),
        QPoint(target.right() + SPACE_M, low),
        QPoint(target.left() - SPACE_M - size.width(), low),
        QPoint(target.left(), target.top() - SPACE_M - size.height()),
        room.bottomRight(),
    )
    last = QPoint(room.right() - size.width(), room.bottom() - size.height())
    inside = [QPoint(max(room.left(), min(at.x(), last.x())), max(room.top(), min(at.y(), last.y()))) for at in wanted]
    return min(inside, key=lambda at: _covered(QRect(at, size), target))


def _covered(card: QRect, target: QRect) -> int:
    both = card.intersected(target)
    return both.width() * both.height() if both.isValid() else 0
