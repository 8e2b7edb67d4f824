"""What a form can show: read from a tool's schema and from the value itself. Pure functions.

A value is shown in the shape of its own type where the schema allows that type, and as JSON otherwise, so that a form
never has to change a value to show it.
"""

import re
from collections.abc import Mapping, Sequence
from enum import Enum, auto
from typing import TypeGuard

from hitl_app.domain.arguments import JsonPath
from hitl_app.domain.jsontypes import Json, JsonObject

DEEPEST = 3
"""Levels of lists and objects that are rows of a form; what is nested deeper is JSON."""

MOST_ROWS = 30
"""Entries of a list or an object up to which it is rows of a form."""

ONE_LINE = 60
"""Characters of a text up to which it is edited on one line."""

_UNEDITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffc\ufffe\uffff]")
"""Characters that a text field takes for something else, or does not keep."""

_EMPTY: Mapping[str, Json] = {"string": "", "integer": 0, "number": 0, "boolean": False, "array": [], "object": {}}


class Shape(Enum):
    """How a form shows a value."""

    CHOICE = auto()
    SWITCH = auto()
    NUMBER = auto()
    LINE = auto()
    TEXT = auto()
    LIST = auto()
    OBJECT = auto()
    JSON = auto()


def shape_of(schema: JsonObject, value: Json, depth: int = 0) -> Shape:
    """The shape of a value; `depth` counts the lists and objects around it."""
    choices, types = choices_of(schema), types_of(schema)
    if choices and not is_list(value) and not isinstance(value, Mapping):
        return Shape.CHOICE
    if isinstance(value, bool):
        return _allowed(Shape.SWITCH, types, "boolean")
    if isinstance(value, int | float):
        return _allowed(Shape.NUMBER, types, "integer", "number")
    if isinstance(value, str):
        one_line = len(value) <= ONE_LINE and "\n" not in value and "\t" not in value
        text = Shape.LINE if one_line else Shape.TEXT
        return Shape.JSON if _UNEDITABLE.search(value) else _allowed(text, types, "string")
    if value is None or depth >= DEEPEST or len(value) > MOST_ROWS:
        return Shape.JSON
    return _allowed(Shape.LIST, types, "array") if is_list(value) else _allowed(Shape.OBJECT, types, "object")


def _allowed(shape: Shape, types: Sequence[str], *names: str) -> Shape:
    return shape if not types or any(name in types for name in names) else Shape.JSON


def is_list(value: Json) -> TypeGuard[Sequence[Json]]:
    """Whether a value is a list."""
    return isinstance(value, Sequence) and not isinstance(value, str)


def as_schema(value: Json) -> JsonObject:
    """A schema; one that says nothing where there is none."""
    return value if isinstance(value, Mapping) else {}


def types_of(schema: JsonObject) -> tuple[str, ...]:
    """The types that a schema allows; empty where it allows all."""
    found = schema.get("type")
    names = found if is_list(found) else (found,)
    return tuple(name for name in names if isinstance(name, str))


def choices_of(schema: JsonObject) -> tuple[Json, ...]:
    """The values that a schema allows; empty where it names none, or some that are no plain values."""
    found = schema.get("enum")
    choices = tuple(found) if is_list(found) else ()
    return () if any(is_list(choice) or isinstance(choice, Mapping) for choice in choices) else choices


def properties_of(schema: JsonObject) -> Mapping[str, JsonObject]:
    """The schemas of an object's properties."""
    return {name: as_schema(inner) for name, inner in as_schema(schema.get("properties")).items()}


def required_of(schema: JsonObject) -> frozenset[str]:
    """Names of the properties that must be there."""
    found = schema.get("required")
    return frozenset(name for name in found if isinstance(name, str)) if is_list(found) else frozenset()


def description_of(schema: JsonObject) -> str:
    """What the schema says of a value."""
    found = schema.get("description")
    return found if isinstance(found, str) else ""


def inner_schema(schema: JsonObject, part: str | int) -> JsonObject:
    """The schema of a property, or of the items of a list."""
    if isinstance(part, int):
        return as_schema(schema.get("items"))
    found = properties_of(schema).get(part)
    return as_schema(schema.get("additionalProperties")) if found is None else found


def schema_at(schema: JsonObject, path: JsonPath) -> JsonObject:
    """The schema of a part of a value."""
    for part in path:
        schema = inner_schema(schema, part)
    return schema


def blank(schema: JsonObject) -> Json:
    """A value to start from: the default, the first choice, or an empty one with what it requires."""
    if "default" in schema:
        return schema["default"]
    choices, types = choices_of(schema), types_of(schema)
    if choices:
        return choices[0]
    kind = types[0] if types else "object" if properties_of(schema) else "string"
    return blank_object(schema) if kind == "object" else _EMPTY.get(kind)


def blank_object(schema: JsonObject) -> JsonObject:
    """An object with blank values for what the schema requires."""
    required = required_of(schema)
    return {name: blank(inner) for name, inner in properties_of(schema).items() if name in required}


def name_in(path: JsonPath) -> str:
    """The name that a value goes by: that of its list where it is an item of one."""
    return next((part for part in reversed(path) if isinstance(part, str)), "")


def signature(schema: JsonObject) -> str:
    """The arguments of a tool, as `user_id: string, flights: array, origin?: string`."""
    must = required_of(schema)
    return ", ".join(
        f"{name}{'' if name in must else '?'}" + (f": {'|'.join(types)}" if (types := types_of(inner)) else "")
        for name, inner in properties_of(schema).items()
    )
