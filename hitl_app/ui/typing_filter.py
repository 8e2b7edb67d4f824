"""Keeps single-letter shortcuts silent while somebody types, and notices that somebody is there."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
_EDITORS_OWN = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
"""With Ctrl these finish what is typed in an editor of several lines in the desk's window; elsewhere, also in a dialog,
they are shortcuts."""

_FUNCTION_KEYS = range(Qt.Key.Key_F1.value, Qt.Key.Key_F35.value + 1)
_PRESENCE = frozenset({QEvent.Type.ShortcutOverride, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel})


def is_typing_in(widget: QWidget | None) -> bool:
    """Whether a widget takes text."""
    if isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit):
        return not widget.isReadOnly()
    return isinstance(widget, QAbstractSpinBox) or (isinstance(widget, QComboBox) and widget.isEditable())


class TypingFilter(QObject):
    """Watches the whole application.

    Before a key becomes a shortcut, Qt asks the focused widget whether it wants the key for itself
    (`ShortcutOverride`). For a widget that takes text the answer is yes for every key without Ctrl, Alt or Meta.
    """

    def __init__(self, app: QApplication, present: Callable[[], None]) -> None:
        """Install the filter; `present` is called at every input."""
        super().__init__(app)
        self._app = app
        self._present = present
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: look at an event before its receiver."""
        kind = event.type()
        if kind not in _PRESENCE:
            return False
        self._present()
        if kind is not QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        focus = self._app.focusWidget()
        if not is_typing_in(focus) or event.key() in _FUNCTION_KEYS:
            return False
        several_lines = isinstance(focus, QPlainTextEdit | QTextEdit) and isinstance(focus.window(), QMainWindow)
        if event.modifiers() & _COMMANDS and not (several_lines and event.key() in _EDITORS_OWN):
            return False
        event.accept()
        return True
