"""The arguments of a call as JSON text, with completion and a mark where the text breaks."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from hitl_app.ui.editor.completion import Completion, Suggestion
from hitl_app.ui.editor.json_place import Place, place_in
from hitl_app.ui.editor.suggesting import Suggesting
from hitl_app.ui.theme import current_theme, mark, theme_notifier

_NEARBY = 4096
"""Characters behind the cursor that are looked at."""


class BodyEdit(QPlainTextEdit):
    """A message, or the arguments of a call as JSON. Tab goes on to the next field."""

    def __init__(self, suggesting: Suggesting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._suggesting = suggesting
        self._place: Place | None = None
        self._broken: int | None = None
        self._is_json = True
        self.setTabChangesFocus(True)
        self.setProperty("field", "true")
        self.completion = Completion(self, self._suggest, self._take)
        theme_notifier.theme_changed.connect(self._mark_break)

    def be_json(self, is_json: bool) -> None:
        """Hold the arguments of a call, or else a message."""
        self._is_json = is_json
        mark(self, "role", "mono" if is_json else "")

    def typed(self) -> str:
        """The text as typed; Qt's own answer would make an ordinary space of a non-breaking one."""
        return self.document().toRawText().replace("\u2029", "\n")

    def show_break(self, position: int | None) -> None:
        """Mark the place where the text is no JSON, or no place."""
        if position is None and self._broken is None:
            return
        self._broken = position
        self._mark_break()

    def go_to_break(self) -> None:
        """Put the cursor where the text is no JSON."""
        if self._broken is not None:
            self.setTextCursor(self._at(self._broken))
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _mark_break(self) -> None:
        at = self._broken
        self.setExtraSelections([] if at is None else [self._line_mark(at), self._place_mark(at)])

    def _line_mark(self, position: int) -> QTextEdit.ExtraSelection:
        made = QTextEdit.ExtraSelection()
        made.cursor = self._at(position)
        look = QTextCharFormat()
        look.setBackground(QColor(current_theme().danger_soft))
        look.setProperty(QTextCharFormat.Property.FullWidthSelection, True)
        made.format = look
        return made

    def _place_mark(self, position: int) -> QTextEdit.ExtraSelection:
        made = QTextEdit.ExtraSelection()
        cursor = self._at(position)
        if not cursor.movePosition(QTextCursor.MoveOperation.NextCharacter, QTextCursor.MoveMode.KeepAnchor):
            cursor.movePosition(QTextCursor.MoveOperation.PreviousCharacter, QTextCursor.MoveMode.KeepAnchor)
        made.cursor = cursor
        look = QTextCharFormat()
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        look.setUnderlineColor(QColor(current_theme().danger))
        look.setForeground(QColor(current_theme().danger))
        made.format = look
        return made

    def _at(self, position: int) -> QTextCursor:
        cursor = QTextCursor(self.document())
        cursor.setPosition(min(_utf16(self.typed()[:position]), self.document().characterCount() - 1))
        return cursor

    # -- completion ------------------------------------------------------------------------------------------------

    def _suggest(self, asked: bool) -> tuple[Suggestion, ...]:
        if not self._is_json:
            return ()
        cursor = self.textCursor()
        whole, at = self.typed().encode("utf-16-le", "surrogatepass"), 2 * cursor.position()
        before = whole[:at].decode("utf-16-le", "surrogatepass")
        after = whole[at : at + _NEARBY].decode("utf-16-le", "replace")
        self._place = place_in(before, after)
        return () if self._place is None else self._suggesting.at(self._place, asked=asked)

    def _take(self, suggestion: Suggestion) -> None:
        if self._place is None:
            return
        cursor = self.textCursor()
        at = cursor.position()
        cursor.setPosition(at - _utf16(self._place.before))
        cursor.setPosition(at + _utf16(self._place.after), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(suggestion.insert)


def _utf16(text: str) -> int:
    """Length as Qt counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
