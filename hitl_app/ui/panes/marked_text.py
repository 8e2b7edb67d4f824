"""Plain text as high as it needs: values on cards, and the sides of a diff with marked pieces."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QResizeEvent, QTextCharFormat, QTextCursor, QWheelEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QTextEdit, QWidget

from hitl_app.ui.panes.sides import Side
from hitl_app.ui.theme import current_theme, theme_notifier

MOST_LINES = 14
"""Lines before it scrolls."""


class ShownText(QPlainTextEdit):
    """Read-only text of any length that breaks anywhere; it can be selected and copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("role", "mono")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def show_text(self, text: str) -> None:
        """Show a text."""
        self.setPlainText(text)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Qt: the lines of the text in the present width."""
        lines = min(max(round(self.document().size().height()), 1), MOST_LINES)
        margins = self.contentsMargins()
        frame = 2 * round(self.document().documentMargin()) + margins.top() + margins.bottom() + 2
        return QSize(200, lines * self.fontMetrics().lineSpacing() + frame)

    def minimumSizeHint(self) -> QSize:
        """Qt: never lower than it needs to be."""
        return QSize(80, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Qt: another width wraps otherwise."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """Qt: a click on the text of a card counts for the card as well."""
        super().mousePressEvent(event)
        event.ignore()

    def wheelEvent(self, event: QWheelEvent, /) -> None:
        """Qt: turns the pane over where there is nothing to scroll here."""
        if self.verticalScrollBar().maximum() > 0:
            super().wheelEvent(event)
        else:
            event.ignore()


class MarkedText(ShownText):
    """One side of a diff, with marked pieces."""

    def __init__(self, kind: str, parent: QWidget | None = None) -> None:
        """Make an empty side; `kind` is `added` or `removed`."""
        super().__init__(parent)
        self._kind = kind
        self._side = Side("")
        self.setProperty("diff", kind)
        theme_notifier.theme_changed.connect(self._show_marks)

    def show_side(self, side: Side) -> None:
        """Show text with its marks."""
        if side != self._side:
            self._side = side
            self.show_text(side.text)
            self._show_marks()

    def _show_marks(self) -> None:
        theme = current_theme()
        look = QTextCharFormat()
        look.setBackground(QColor(theme.diff_added_mark if self._kind == "added" else theme.diff_removed_mark))
        look.setFontUnderline(self._kind == "added")
        look.setFontStrikeOut(self._kind == "removed")
        selections = []
        for start, length in self._side.marks:
            marked = QTextEdit.ExtraSelection()
            cursor = QTextCursor(self.document())
            cursor.setPosition(_utf16(self._side.text, start))
            cursor.setPosition(_utf16(self._side.text, start + length), QTextCursor.MoveMode.KeepAnchor)
            marked.cursor = cursor
            marked.format = look
            selections.append(marked)
        self.setExtraSelections(selections)


def _utf16(text: str, position: int) -> int:
    """A position as Qt counts it: characters beyond the basic plane take two places."""
    return position + sum(ord(c) > 0xFFFF for c in text[:position])
