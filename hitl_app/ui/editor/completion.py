"""Suggestions at the place where one types: a list that never takes the focus, nor a key while it is hidden."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QPlainTextEdit, QWidget

from hitl_app.ui.step_text import one_line

MOST_SHOWN = 8
"""Rows before the list scrolls."""

MOST_SUGGESTED = 40
_WIDEST, _DETAIL = 60, 80
"""Characters."""

_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -MOST_SHOWN, Qt.Key.Key_PageDown: MOST_SHOWN}
_TAKES = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab})
_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


@dataclass(frozen=True)
class Suggestion:
    """Something that could stand here.

    Attributes:
        text: What is shown and compared with what was typed.
        detail: What it is, in a few words.
        insert: What is put in.
    """

    text: str
    insert: str
    detail: str = ""


Suggest = Callable[[bool], Sequence[Suggestion]]
"""Says what could stand at the cursor; its argument says whether the person asked for it."""


def matching(typed: str, suggestions: Iterable[Suggestion]) -> tuple[Suggestion, ...]:
    """Suggestions that contain what was typed; those that begin with it first."""
    wanted = typed.casefold()
    found = [s for s in suggestions if wanted in s.text.casefold()]
    return tuple(sorted(found, key=lambda s: not s.text.casefold().startswith(wanted))[:MOST_SUGGESTED])


class _Popup(QListWidget):
    """The list. It is a part of the window that lies above the others, so that the focus stays where one types."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.window_of = window
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.Box)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setUniformItemSizes(True)
        self.setAutoFillBackground(True)

    def offer(self, suggestions: Sequence[Suggestion], cursor: QRect, *, chosen: bool) -> None:
        """Show suggestions below a rectangle of the window, or above it; `chosen` chooses the first."""
        self.clear()
        for suggestion in suggestions:
            detail = one_line(suggestion.detail, _DETAIL)
            text = one_line(suggestion.text, _WIDEST)
            self.addItem(f"{text}   ·   {detail}" if detail else text)
        self.setCurrentRow(0 if chosen else -1)
        size = self._size(len(suggestions)).boundedTo(self.window_of.size())
        area = self.window_of.rect()
        place = QPoint(min(cursor.left(), area.right() - size.width()), cursor.bottom() + 2)
        if place.y() + size.height() > area.bottom():
            place.setY(max(area.top(), cursor.top() - 2 - size.height()))
        self.setGeometry(QRect(place, size))
        self.show()
        self.raise_()

    def _size(self, count: int) -> QSize:
        row = max(self.sizeHintForRow(0), self.fontMetrics().lineSpacing())
        width = min(self.sizeHintForColumn(0) + 32, _WIDEST * self.fontMetrics().averageCharWidth())
        return QSize(width, min(count, MOST_SHOWN) * row + 2 * self.frameWidth())


class Completion(QObject):
    """Gives a text field suggestions: as one types, and at Ctrl+Space."""

    def __init__(
        self, editor: QLineEdit | QPlainTextEdit, suggest: Suggest, take: Callable[[Suggestion], None]
    ) -> None:
        """Watch a field.

        Args:
            editor: The field, which owns this.
            suggest: What could stand at the cursor.
            take: Puts a suggestion in.
        """
        super().__init__(editor)
        self._editor, self._suggest, self._take = editor, suggest, take
        self._popup: _Popup | None = None
        self._suggestions: tuple[Suggestion, ...] = ()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(lambda: self.offer(asked=False))
        editor.installEventFilter(self)

    @property
    def offered(self) -> tuple[Suggestion, ...]:
        """What is shown now."""
        return self._suggestions if self._popup is not None and self._popup.isVisible() else ()

    def offer(self, *, asked: bool) -> None:
        """Show what could stand at the cursor; hide the list where there is nothing.

        As one types none is chosen: Return and Tab stay those of the text until Down chooses one.
        """
        found = tuple(self._suggest(asked))[:MOST_SUGGESTED] if self._editor.hasFocus() or asked else ()
        self._suggestions = found
        if not found:
            self.hide()
            return
        if self._popup is None or self._popup.window_of is not self._editor.window():
            self._popup = _Popup(self._editor.window())
            self._popup.setAccessibleName(self.tr("Suggestions"))
            self._popup.itemClicked.connect(lambda item: self._take_row(self._popup_row()))
            self.destroyed.connect(self._popup.deleteLater)
        self._popup.offer(found, self._cursor(), chosen=asked)

    def hide(self) -> None:
        """Take the list away."""
        self._soon.stop()
        if self._popup is not None:
            self._popup.hide()

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Qt: keys that belong to the list while it is shown, and keys after which it may change."""
        kind = event.type()
        if kind in (QEvent.Type.FocusOut, QEvent.Type.Hide):
            self.hide()
        elif kind is QEvent.Type.InputMethod:
            self._soon.start()
        elif isinstance(event, QKeyEvent) and kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            return self._key(event, pressed=kind is QEvent.Type.KeyPress)
        return False

    def _key(self, event: QKeyEvent, *, pressed: bool) -> bool:
        key, plain = Qt.Key(event.key()), not event.modifiers() & _COMMANDS
        asks = key == Qt.Key.Key_Space and event.modifiers() == Qt.KeyboardModifier.ControlModifier
        shown = bool(self.offered)
        takes = key in _TAKES and self._popup_row() >= 0
        if asks or (shown and plain and (key in _STEPS or takes or key == Qt.Key.Key_Escape)):
            event.accept()
            if pressed:
                self._act(key)
            return True
        types = bool(event.text()) and event.text().isprintable()
        if pressed and plain and (types or (shown and key in _ERASES)):
            self._soon.start()
        elif pressed and shown and key not in _MODIFIERS:
            self.hide()
        return False

    def _act(self, key: Qt.Key) -> None:
        if key == Qt.Key.Key_Space:
            self.offer(asked=True)
        elif key == Qt.Key.Key_Escape:
            self.hide()
        elif key in _TAKES:
            self._take_row(self._popup_row())
        elif self._popup is not None:
            row = self._popup_row() + _STEPS[key]
            self._popup.setCurrentRow(max(0, min(row, len(self._suggestions) - 1)))

    def _popup_row(self) -> int:
        return self._popup.currentRow() if self._popup is not None else -1

    def _take_row(self, row: int) -> None:
        self.hide()
        if 0 <= row < len(self._suggestions):
            self._take(self._suggestions[row])

    def _cursor(self) -> QRect:
        """The cursor, as a rectangle of the window; of a field of one line the field itself."""
        shown: QWidget
        if isinstance(self._editor, QPlainTextEdit):
            area, shown = self._editor.cursorRect(), self._editor.viewport()
        else:
            area, shown = self._editor.rect(), self._editor
        return QRect(shown.mapTo(self._editor.window(), area.topLeft()), area.size())


_ERASES = frozenset({Qt.Key.Key_Backspace, Qt.Key.Key_Delete})
_MODIFIERS = frozenset({Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr})
