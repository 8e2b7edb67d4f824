"""The arguments of a call as a form: one row a property of the tool's schema, lists and objects as rows in rows.

The form's content is a JSON text. Rows that were not touched give back the value that they were made of, in its
place; what is typed and is no JSON stands in that text as it was typed.
"""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from hitl_app.domain.arguments import JsonPath, Problem
from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.ui.editor.inputs import Input, fault_in, input_for
from hitl_app.ui.editor.problem_words import problem_words
from hitl_app.ui.editor.row import Row, discard
from hitl_app.ui.editor.shapes import (
    Shape,
    as_schema,
    blank,
    inner_schema,
    is_list,
    properties_of,
    required_of,
    shape_of,
)
from hitl_app.ui.editor.suggesting import Suggesting
from hitl_app.ui.step_text import json_from_text, pretty
from hitl_app.ui.theme import SPACE_M, SPACE_S


class Group(QFrame):
    """The rows of one object or list.

    Signals:
        changed: Something was typed, added or removed.
        rows_changed: Rows came or went.
    """

    changed = Signal()
    rows_changed = Signal()

    def __init__(self, schema: JsonObject, path: JsonPath, suggesting: Suggesting) -> None:
        super().__init__()
        self.schema, self.path, self._suggesting = schema, path, suggesting
        self.rows: dict[str | int, Row] = {}
        self.fields: dict[str | int, Input | Group] = {}
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(SPACE_M if path else 0, 0, 0, 0)
        self.column.setSpacing(SPACE_S)

    # -- what it holds ---------------------------------------------------------------------------------------------

    def json_text(self) -> str:
        """All rows as JSON, in the form of `pretty`; what is no JSON stands in it as typed."""
        raise NotImplementedError

    def value(self) -> Json:
        """All rows as a value; what is no JSON stands in it as a text."""
        raise NotImplementedError

    def unfinished(self) -> list[JsonPath]:
        """Where something was typed that is no JSON, as seen from here."""
        found: list[JsonPath] = []
        for part, field in self.fields.items():
            if isinstance(field, Group):
                found += [(part, *inner) for inner in field.unfinished()]
            elif fault_in(field):
                found.append((part,))
        return found

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Say at each row what is wrong with it; what is no JSON is said in any case."""
        depth = len(self.path)
        for part, row in self.rows.items():
            here = [problem for problem in problems if problem.path[depth] == part]
            field = self.fields.get(part)
            if isinstance(field, Group):
                field.show_problems([problem for problem in here if len(problem.path) > depth + 1])
                here = [problem for problem in here if len(problem.path) == depth + 1]
            fault = fault_in(field) if field is not None and not isinstance(field, Group) else ""
            row.show_problem(fault or "; ".join(problem_words(problem) for problem in here))

    def focus_first(self) -> bool:
        """Put the cursor into the first field; False where there is none."""
        first = next((stop for stop in self.tab_stops() if not isinstance(stop, QPushButton)), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)
        return first is not None

    def tab_stops(self) -> list[QWidget]:
        """What takes the focus, as it is read."""
        stops: list[QWidget] = []
        for part, row in self.rows.items():
            field = self.fields.get(part)
            own = [] if field is None else field.tab_stops() if isinstance(field, Group) else [field]
            stops += [*own, row.remove, row.add]
        return stops

    # -- rows ------------------------------------------------------------------------------------------------------

    def _make_field(self, part: str | int, value: Json) -> "Input | Group":
        schema, path = inner_schema(self.schema, part), (*self.path, part)
        shape = shape_of(schema, value, len(self.path) + 1)
        made: Input | Group
        if shape is Shape.OBJECT and isinstance(value, Mapping):
            made = ObjectGroup(schema, path, self._suggesting, value)
        elif shape is Shape.LIST and is_list(value):
            made = ListGroup(schema, path, self._suggesting, value)
        else:
            made = input_for(shape, schema, value, self._suggesting, path)
        if isinstance(made, Group):
            made.rows_changed.connect(self.rows_changed)
        made.changed.connect(self.changed)
        self.fields[part] = made
        return made

    def _focus(self, part: str | int) -> None:
        field = self.fields.get(part)
        if isinstance(field, ListGroup) and not field.rows:
            field.add_item.setFocus(Qt.FocusReason.OtherFocusReason)
        elif isinstance(field, Group):
            field.focus_first()
        elif field is not None:
            field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _align(self) -> None:
        """Give all labels the same width."""
        width = max((row.label_width for row in self.rows.values()), default=0)
        for row in self.rows.values():
            row.set_label_width(width)

    def _told(self) -> None:
        self._align()
        self.rows_changed.emit()
        self.changed.emit()


class ObjectGroup(Group):
    """An object: what it holds in its own order, then the properties of the schema that it does not have."""

    def __init__(self, schema: JsonObject, path: JsonPath, suggesting: Suggesting, value: JsonObject) -> None:
        super().__init__(schema, path, suggesting)
        self._known, self._required = properties_of(schema), required_of(schema)
        for name in (*value, *(name for name in self._known if name not in value)):
            self._add_row(name)
        for name, item in value.items():
            self._fill(name, item)
        self._align()

    def json_text(self) -> str:
        """All rows as JSON."""
        lines = [f"{pretty(name)}: {_text_of(field)}" for name, field in self.fields.items()]
        return _joined("{", lines, "}")

    def value(self) -> Json:
        """All rows as a value."""
        return {str(name): _value_of(field) for name, field in self.fields.items()}

    def add(self, name: str) -> None:
        """Give the object a property that it does not have yet."""
        self._fill(name, blank(inner_schema(self.schema, name)))
        self._told()
        self._focus(name)

    def remove(self, name: str) -> None:
        """Take a property out; one that the schema does not know loses its row."""
        del self.fields[name]
        row = self.rows[name]
        if name in self._known:
            row.show_absent()
            row.add.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            del self.rows[name]
            self.focusNextChild()
            discard(row, self.column)
        self._told()

    def _add_row(self, name: str) -> None:
        row = Row(
            name, name, inner_schema(self.schema, name), required=name in self._required, known=name in self._known
        )
        row.add_requested.connect(lambda: self.add(name))
        row.remove_requested.connect(lambda: self.remove(name))
        row.show_absent()
        self.rows[name] = row
        self.column.addWidget(row)

    def _fill(self, name: str, value: Json) -> None:
        field = self._make_field(name, value)
        removable = name not in self._required or name not in self._known
        self.rows[name].show_field(field, removable=removable, nested=isinstance(field, Group))


class ListGroup(Group):
    """A list: its items, and a button that adds one."""

    def __init__(self, schema: JsonObject, path: JsonPath, suggesting: Suggesting, value: Sequence[Json]) -> None:
        super().__init__(schema, path, suggesting)
        self.add_item = QPushButton(self.tr("+ Add item"))
        self.add_item.setAutoDefault(False)
        self.add_item.clicked.connect(self.add)
        for index, item in enumerate(value):
            self._add_row(index, item)
        self.column.addWidget(self.add_item, 0, Qt.AlignmentFlag.AlignLeft)
        self._align()

    def json_text(self) -> str:
        """All rows as JSON."""
        return _joined("[", [_text_of(field) for field in self.fields.values()], "]")

    def value(self) -> Json:
        """All rows as a value."""
        return [_value_of(field) for field in self.fields.values()]

    def add(self) -> None:
        """Add an item like the last one, or a blank one."""
        items = as_schema(self.schema.get("items"))
        self._add_row(len(self.rows), blank(items))
        self._told()
        self._focus(len(self.rows) - 1)

    def remove(self, index: int) -> None:
        """Take an item out."""
        row = self.rows[index]
        rows = [kept for kept in self.rows.values() if kept is not row]
        fields = [field for number, field in self.fields.items() if number != index]
        self.rows = dict(enumerate(rows))
        self.fields = dict(enumerate(fields))
        for number, kept in enumerate(rows):
            kept.rename(number, f"[{number}]")
        discard(row, self.column)
        self._told()
        if rows:
            self._focus(min(index, len(rows) - 1))
        else:
            self.add_item.setFocus(Qt.FocusReason.OtherFocusReason)

    def tab_stops(self) -> list[QWidget]:
        """What takes the focus, as it is read."""
        return [*super().tab_stops(), self.add_item]

    def _add_row(self, index: int, value: Json) -> None:
        row = Row(index, f"[{index}]", as_schema(self.schema.get("items")), required=False, known=True)
        row.remove_requested.connect(lambda: self.remove(int(row.part)))
        self.rows[index] = row
        field = self._make_field(index, value)
        row.show_field(field, removable=True, nested=isinstance(field, Group))
        self.column.insertWidget(index, row)


class ArgumentForm(QWidget):
    """The whole form.

    Signals:
        changed: Something was typed, added or removed.
        rows_changed: Rows came or went.
    """

    changed = Signal()
    rows_changed = Signal()

    def __init__(self, suggesting: Suggesting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._suggesting = suggesting
        self.group = ObjectGroup({}, (), suggesting, {})
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.group)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def show_arguments(self, schema: JsonObject, arguments: JsonObject) -> None:
        """Show other arguments."""
        old, self.group = self.group, ObjectGroup(schema, (), self._suggesting, arguments)
        self.group.changed.connect(self.changed)
        self.group.rows_changed.connect(self.rows_changed)
        discard(old, self._column)
        self._column.addWidget(self.group)
        self.rows_changed.emit()

    def arguments(self) -> JsonObject:
        """The arguments; what is no JSON stands in them as a text."""
        value = self.group.value()
        return value if isinstance(value, Mapping) else {}


def _text_of(field: "Input | Group") -> str:
    """A field's JSON text, one level deeper; what is no JSON is left as it was typed."""
    text = field.json_text()
    if isinstance(field, Group):
        return text if field.unfinished() else text.replace("\n", "\n  ")
    return text if fault_in(field) else pretty(json_from_text(text)).replace("\n", "\n  ")


def _value_of(field: "Input | Group") -> Json:
    if isinstance(field, Group):
        return field.value()
    return field.json_text() if fault_in(field) else json_from_text(field.json_text())


def _joined(opening: str, lines: Sequence[str], closing: str) -> str:
    inner = ",\n  ".join(lines)
    return f"{opening}\n  {inner}\n{closing}" if lines else f"{opening}{closing}"
