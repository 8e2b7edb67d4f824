"""A field that takes the next key that is pressed, instead of text."""

from PySide6.QtCore import QEvent, QKeyCombination, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

_HELD = frozenset(
    {
        *(Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr),
        *(Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock, Qt.Key.Key_unknown),
    }
)
_LEAVES = frozenset({Qt.Key.Key_Tab, Qt.Key.Key_Backtab})


class KeyLine(QLineEdit):
    """Tab goes on to the next field as everywhere, and Esc gives up: neither can be given to an action.

    Signals:
        pressed: A key in Qt's portable notation.
        given_up: Esc was pressed.
    """

    pressed = Signal(str)
    given_up = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def event(self, event: QEvent, /) -> bool:
        """Qt: a key is wanted here and is no shortcut, whatever it means elsewhere."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Qt: take the key with what is held down."""
        key = Qt.Key(event.key())
        if key in _LEAVES:
            super().keyPressEvent(event)
        elif key == Qt.Key.Key_Escape:
            self.given_up.emit()
        elif key not in _HELD:
            self.pressed.emit(QKeySequence(QKeyCombination(_modifiers(event), key)).toString())


def _modifiers(event: QKeyEvent) -> Qt.KeyboardModifier:
    """What is held down; without Shift where that only makes the character, as in `?`."""
    held = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.GroupSwitchModifier)
    text = event.text()
    if text and text.isprintable() and not text.isalnum() and not text.isspace():
        held &= ~Qt.KeyboardModifier.ShiftModifier
    return held
