"""Fields for one value each. What they hold is JSON text: what was typed stays, also while it is no JSON."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QLineEdit, QPlainTextEdit

from hitl_app.domain.arguments import JsonPath
from hitl_app.domain.jsontypes import Json, JsonObject, same_json
from hitl_app.ui.editor.completion import Completion, Suggestion
from hitl_app.ui.editor.shapes import Shape, choices_of
from hitl_app.ui.editor.suggesting import Suggesting
from hitl_app.ui.step_text import NotJsonError, json_from_text, pretty
from hitl_app.ui.theme import SPACE_M, mark

MOST_LINES = 8
"""Lines of a text field before it scrolls."""


class ChoiceInput(QComboBox):
    """One of the values that the schema allows. The wheel turns the pane, never the value."""

    changed = Signal()

    def __init__(self, choices: Sequence[Json], value: Json) -> None:
        """Offer the choices; a value that is none of them is offered as well, so that nothing is lost."""
        super().__init__()
        known = any(same_json(value, choice) for choice in choices)
        self._values = list(choices) if known else [value, *choices]
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        for item in self._values:
            self.addItem(item if isinstance(item, str) else pretty(item))
        self.setCurrentIndex(next(n for n, item in enumerate(self._values) if same_json(item, value)))
        self.currentIndexChanged.connect(self.changed)

    def json_text(self) -> str:
        """The value."""
        return pretty(self._values[self.currentIndex()])

    def wheelEvent(self, event: QWheelEvent, /) -> None:
        """Qt: not for this field."""
        event.ignore()


class SwitchInput(QCheckBox):
    """True or false."""

    changed = Signal()

    def __init__(self, value: bool) -> None:
        super().__init__("true" if value else "false")
        self.setChecked(value)
        self.toggled.connect(self._toggled)

    def json_text(self) -> str:
        """The value."""
        return pretty(self.isChecked())

    def _toggled(self, value: bool) -> None:
        self.setText("true" if value else "false")
        self.changed.emit()


class LineInput(QLineEdit):
    """A text on one line."""

    changed = Signal()

    def __init__(self, value: str, suggesting: Suggesting, path: JsonPath) -> None:
        super().__init__(value)
        self.setCursorPosition(0)
        self.completion = Completion(
            self,
            lambda asked: suggesting.texts(path, _typed(self), self.text()) if asked or _typed(self) else (),
            self._take,
        )
        self.textChanged.connect(self.changed)

    def json_text(self) -> str:
        """The value."""
        return pretty(self.text())

    def _take(self, suggestion: Suggestion) -> None:
        self.selectAll()
        self.insert(suggestion.text)


class NumberInput(QLineEdit):
    """A number. Anything can be typed; what is no number is said, and kept."""

    changed = Signal()

    def __init__(self, value: Json, suggesting: Suggesting, path: JsonPath) -> None:
        super().__init__(pretty(value))
        self.completion = Completion(
            self,
            lambda asked: suggesting.numbers(path, _typed(self), self.text()) if asked else (),
            self._take,
        )
        self.textChanged.connect(self.changed)

    def json_text(self) -> str:
        """What was typed."""
        return self.text()

    def _take(self, suggestion: Suggestion) -> None:
        self.selectAll()
        self.insert(suggestion.insert)


class _Lines(QPlainTextEdit):
    """Some lines, as high as they need to be; Tab goes on."""

    changed = Signal()
    fewest_lines = 2

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setProperty("field", "true")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setPlainText(text)
        self._fit()
        self.textChanged.connect(self._typed)

    def typed(self) -> str:
        """What was typed; Qt's own answer would make an ordinary space of a non-breaking one."""
        return self.document().toRawText().replace("\u2029", "\n")

    def wheelEvent(self, event: QWheelEvent, /) -> None:
        """Qt: turns the pane over where there is nothing to scroll here."""
        if self.verticalScrollBar().maximum() > 0:
            super().wheelEvent(event)
        else:
            event.ignore()

    def _typed(self) -> None:
        self._fit()
        self.changed.emit()

    def _fit(self) -> None:
        lines = min(max(self.blockCount(), len(self.typed()) // 50 + 1, self.fewest_lines), MOST_LINES)
        frame = 2 * round(self.document().documentMargin()) + SPACE_M
        height = lines * self.fontMetrics().lineSpacing() + frame
        if height != self.minimumHeight():
            self.setFixedHeight(height)


class TextInput(_Lines):
    """A text of several lines."""

    def json_text(self) -> str:
        """The value."""
        return pretty(self.typed())


class JsonInput(_Lines):
    """Any value, as JSON."""

    fewest_lines = 1

    def __init__(self, value: Json) -> None:
        super().__init__(pretty(value))
        mark(self, "role", "mono")

    def json_text(self) -> str:
        """What was typed."""
        return self.typed()


def _typed(line: QLineEdit) -> str:
    """What stands in front of the cursor: what is behind it says nothing of what is wanted."""
    return line.text()[: line.cursorPosition()]


Input = ChoiceInput | SwitchInput | LineInput | NumberInput | TextInput | JsonInput


def input_for(shape: Shape, schema: JsonObject, value: Json, suggesting: Suggesting, path: JsonPath) -> Input:
    """A field in this shape; the shapes of lists and objects have none."""
    if shape is Shape.CHOICE:
        return ChoiceInput(choices_of(schema), value)
    if shape is Shape.SWITCH:
        return SwitchInput(bool(value))
    if shape is Shape.NUMBER:
        return NumberInput(value, suggesting, path)
    if isinstance(value, str) and shape in (Shape.LINE, Shape.TEXT):
        return LineInput(value, suggesting, path) if shape is Shape.LINE else TextInput(value)
    return JsonInput(value)


def fault_in(field: Input) -> str:
    """Why what was typed is no JSON; empty where it is."""
    if not isinstance(field, NumberInput | JsonInput):
        return ""
    try:
        json_from_text(field.json_text())
    except NotJsonError as error:
        return str(error)
    return ""
