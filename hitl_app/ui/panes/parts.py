"""Small widgets that the panes are made of. All show plain text, whatever the data holds."""

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QListView,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from hitl_app.ui.keymap import cap, keymap_notifier
from hitl_app.ui.theme import RADIUS, SMALL, SPACE_L, SPACE_M, SPACE_S, current_theme, mark, mono_font, scaled

GAP = SPACE_S + 2
LONGEST = 2000
"""Characters that a label shows at most; longer text belongs in a text view."""


class _Words(QLabel):
    """Text that can be selected; a click on it counts for what it stands on as well."""

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """Qt: a card is chosen by a click wherever it is clicked."""
        super().mousePressEvent(event)
        event.ignore()


def label(text: str = "", *, tone: str = "", role: str = "", wrap: bool = False) -> QLabel:
    """A label of plain text, selectable by mouse where it wraps."""
    made = _Words()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text[:LONGEST])
    if tone:
        made.setProperty("tone", tone)
    if role:
        made.setProperty("role", role)
    if wrap:
        made.setWordWrap(True)
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    return made


def paragraph(text: str = "", *, tone: str = "") -> QLabel:
    """A few lines in a dialog, as high as their width asks for."""
    made = label(text, tone=tone, wrap=True)
    policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    policy.setHeightForWidth(True)
    made.setSizePolicy(policy)
    return made


def badge(text: str = "", tone: str = "muted") -> QLabel:
    """A few words on a soft background."""
    made = label(text)
    made.setProperty("badge", tone)
    made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
    return made


def set_badge(widget: QLabel, tone: str, text: str) -> None:
    """Give a badge new words; an empty text hides it."""
    widget.setText(text)
    widget.setVisible(bool(text))
    mark(widget, "badge", tone)


def caption(text: str = "") -> QLabel:
    """The heading of a part of the window."""
    return label(text.upper(), role="caption")


class KeepingList(QListView):
    """A list that keeps its current row in view when it gets smaller, and goes nowhere by a letter."""

    def keyboardSearch(self, search: str, /) -> None:
        """Qt: a letter whose action cannot be used now must not lead to another row, and so to another trajectory."""

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Qt: scroll, where the current row was in view."""
        current = self.currentIndex()
        was_in_view = current.isValid() and QRect(QPoint(0, 0), event.oldSize()).intersects(self.visualRect(current))
        super().resizeEvent(event)
        if was_in_view:
            self.scrollTo(current)


class ElidedLabel(QLabel):
    """One line that is cut with an ellipsis where it does not fit; the tooltip holds the rest."""

    def __init__(self, parent: QWidget | None = None, *, tone: str = "", role: str = "") -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("tone", tone)
        self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._whole = ""

    def set_text(self, text: str) -> None:
        """Show a text as far as the width allows."""
        self._whole = " ".join(text[:LONGEST].split())
        self.setAccessibleName(self._whole)
        self._elide()
        self.updateGeometry()

    @property
    def whole_text(self) -> str:
        """The text that was given."""
        return self._whole

    def sizeHint(self) -> QSize:
        """Qt: room for the whole text."""
        wide = self.fontMetrics().horizontalAdvance(self._whole) + 2 + self._margins
        return QSize(wide, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Qt: a few characters."""
        few = 4 * self.fontMetrics().averageCharWidth() + self._margins
        return QSize(min(self.sizeHint().width(), few), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Qt: cut anew."""
        super().resizeEvent(event)
        self._elide()

    @property
    def _margins(self) -> int:
        margins = self.contentsMargins()
        return margins.left() + margins.right()

    def _elide(self) -> None:
        room = max(self.width() - self._margins, 20)
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room)
        self.setText(shown)
        # A tooltip guesses the format of its text: a line that cannot be markup keeps data plain.
        self.setToolTip("" if shown == self._whole else self._whole.replace("<", "‹"))


class Header(QWidget):
    """A caption with a word at the other end."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_M)
        self._title = ElidedLabel(role="caption")
        self._aside = label(role="caption")
        row.addWidget(self._title, 1)
        row.addWidget(self._aside)
        self.set_title(text)

    def set_title(self, text: str) -> None:
        """New words at the beginning."""
        self._title.set_text(text.upper())

    def set_aside(self, text: str) -> None:
        """New words at the end."""
        self._aside.setText(text.upper())

    @property
    def text(self) -> str:
        """Both texts as shown."""
        return f"{self._title.whole_text} {self._aside.text()}".strip()


class KeyButton(QAbstractButton):
    """A flat button that shows the key of its action in a cap before its word; no cap where it has no key."""

    def __init__(self, text: str, action: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._action = action
        self._key = ""
        self.setText(text)
        self.setAccessibleName(text)
        keymap_notifier.keymap_changed.connect(self._show_key)
        self._show_key()
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_text(self, text: str) -> None:
        """Give the button another word."""
        if text != self.text():
            self.setText(text)
            self.setAccessibleName(text)
            self._show_key()

    def _show_key(self) -> None:
        self._key = cap(self._action)
        self.setToolTip(f"{self.text()} ({self._key})" if self._key else "")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Qt: cap, gap and word."""
        metrics = self.fontMetrics()
        width = self._cap_width() + GAP + metrics.horizontalAdvance(self.text()) + 3 * SPACE_S
        return QSize(width, metrics.height() + 2 * SPACE_S)

    def minimumSizeHint(self) -> QSize:
        """Qt: never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Qt: paint cap and word; a ring shows the focus."""
        theme, painter = current_theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self.rect().adjusted(1, 1, -1, -1)
        if self.underMouse() and self.isEnabled():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.selection))
            painter.drawRoundedRect(area, RADIUS, RADIUS)
        if self.hasFocus():
            painter.setPen(QColor(theme.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area, RADIUS, RADIUS)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        place = QRect(SPACE_S, SPACE_S, self._cap_width(), self.height() - 2 * SPACE_S)
        word = QRect(place.right() + GAP, 0, self.width() - place.right() - GAP, self.height())
        if mirrored:
            place.moveRight(self.width() - SPACE_S)
            word.moveLeft(0)
        if self._key:
            painter.setPen(QColor(theme.line))
            painter.setBrush(QColor(theme.key))
            painter.drawRoundedRect(place, 3, 3)
            painter.setPen(QColor(theme.muted))
            painter.setFont(scaled(mono_font(), SMALL))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, self._key)
        painter.setFont(self.font())
        painter.setPen(QColor(theme.text if self.isEnabled() else theme.muted))
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        painter.drawText(word, Qt.AlignmentFlag.AlignVCenter | side, self.text())

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Qt: Return presses it, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def _cap_width(self) -> int:
        if not self._key:
            return 0
        return max(self.fontMetrics().height(), self.fontMetrics().horizontalAdvance(self._key) + 2 * SPACE_S)


class TwoParts(QWidget):
    """What is said and what can be pressed: side by side, or one above the other where the width is small."""

    def __init__(self, start: QWidget, end: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = (start, end)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(SPACE_S)
        self._row.addWidget(start, 1)
        self._row.addWidget(end)

    def minimumSizeHint(self) -> QSize:
        """Qt: as wide as the wider part."""
        start, end = (part.minimumSizeHint() for part in self._parts)
        return QSize(max(start.width(), end.width()), max(start.height(), end.height()))

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Qt: turn the row where the width asks for it."""
        super().resizeEvent(event)
        self._turn()

    def event(self, event: QEvent, /) -> bool:
        """Qt: a part needs another size."""
        if event.type() is QEvent.Type.LayoutRequest:
            self._turn()
        return super().event(event)

    def _turn(self) -> None:
        start, end = self._parts
        least = start.minimumSizeHint().width() + self._row.spacing() + end.minimumSizeHint().width()
        narrow = self.width() < max(least, 2 * end.sizeHint().width())
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self._row.direction() is not direction:
            self._row.setDirection(direction)
            self.updateGeometry()


def rule() -> QFrame:
    """A hairline between two parts."""
    line = QFrame()
    line.setFrameShape(QFrame.Shape.HLine)
    line.setFrameShadow(QFrame.Shadow.Plain)
    line.setFixedHeight(1)
    line.setForegroundRole(QPalette.ColorRole.Mid)
    return line


def column(parent: QWidget, *, margin: int = SPACE_L, spacing: int = SPACE_M) -> QVBoxLayout:
    """The vertical layout of a pane."""
    layout = QVBoxLayout(parent)
    layout.setContentsMargins(margin, margin, margin, margin)
    layout.setSpacing(spacing)
    return layout


def scrolled(inner: QWidget) -> QScrollArea:
    """A part of the window that scrolls where it has not enough room."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inner)
    return area


def tell_whole(box: QComboBox) -> None:
    """Let a tooltip hold what is chosen, for where the box is narrower than that."""
    box.currentTextChanged.connect(lambda text: box.setToolTip(text.replace("<", "‹")))
    box.setToolTip(box.currentText().replace("<", "‹"))


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and let it go."""
    for number in reversed(range(layout.count())):
        item = layout.takeAt(number)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
