"""Check a tool call's arguments against the part of JSON Schema that tool descriptions use.

Known are `type`, `enum`, `required`, `properties`, `additionalProperties: false`, `items`, `minimum`, `maximum`
and `maxLength`; other keywords (`anyOf`, `$ref`, ...) are not judged, so that nothing valid is refused.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeGuard

from hitl_app.domain.jsontypes import Json, JsonObject, same_json

_SHOWN = 60

JsonPath = tuple[str | int, ...]
"""The way from a whole value to a part of it: names in objects, indexes in lists."""


class Fault(StrEnum):
    """What can be wrong with a value."""

    TYPE = "type"
    CHOICE = "choice"
    MISSING = "missing"
    UNKNOWN = "unknown"
    LEAST = "least"
    MOST = "most"
    LENGTH = "length"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a value.

    Attributes:
        path: Where; of something missing or unknown with its name.
        wanted: What the schema wants: types, choices, a bound, or a number of characters.
        value: What is there instead; None where that says nothing.
    """

    fault: Fault
    path: JsonPath
    wanted: Json = None
    value: Json = None

    @property
    def where(self) -> str:
        """The path as text, such as `flights[0].date`; empty for the whole."""
        return path_text(self.path)

    def text(self, whole: str = "the arguments") -> str:
        """The problem in English; `whole` names the whole value."""
        return f"{self.where or whole} {self._said}" if self.fault is not Fault.UNKNOWN else self._unknown

    @property
    def _said(self) -> str:
        value = shown(self.value)
        return {
            Fault.TYPE: f"must be {types_text(self.wanted)}, not {value}",
            Fault.CHOICE: f"must be one of {choices_text(self.wanted)}, not {value}",
            Fault.MISSING: "is missing",
            Fault.LEAST: f"must be at least {self.wanted}, not {value}",
            Fault.MOST: f"must be at most {self.wanted}, not {value}",
            Fault.LENGTH: f"may have {self.wanted} characters at most",
        }[self.fault]

    @property
    def _unknown(self) -> str:
        name = shown(str(self.path[-1]))
        return f"{path_text(self.path[:-1])} has no {name}" if self.path[1:] else f"{name} is not an argument"


def path_text(path: JsonPath) -> str:
    """A path as people write it, such as `flights[0].date`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def choices_text(choices: Json) -> str:
    """What can be chosen from, on one line."""
    return ", ".join(map(str, choices)) if _is_list(choices) else str(choices)


def shown(value: Json) -> str:
    """A value as an error text quotes it: short, on one line."""
    text = repr(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def argument_problems(schema: JsonObject, arguments: JsonObject, *, allow_unknown: bool = True) -> tuple[Problem, ...]:
    """What is wrong with the arguments of a call; empty where nothing is.

    Args:
        schema: JSON Schema of the arguments object.
        arguments: The arguments.
        allow_unknown: Whether arguments that the schema does not name pass where it does not forbid them itself.
    """
    problems = list(_problems(schema, arguments, ()))
    properties = schema.get("properties")
    if not allow_unknown and schema.get("additionalProperties") is None and isinstance(properties, Mapping):
        problems += [Problem(Fault.UNKNOWN, (name,)) for name in arguments if name not in properties]
    return tuple(problems)


def check_arguments(schema: JsonObject, arguments: JsonObject, *, allow_unknown: bool = True) -> tuple[str, ...]:
    """The same as `argument_problems`, in words."""
    return tuple(p.text() for p in argument_problems(schema, arguments, allow_unknown=allow_unknown))


def check_value(schema: JsonObject, value: Json) -> tuple[str, ...]:
    """What is wrong with any value that should fit a schema, such as a model's answer; empty where nothing is."""
    return tuple(problem.text("the answer") for problem in _problems(schema, value, ()))


def _problems(schema: JsonObject, value: Json, path: JsonPath) -> Iterator[Problem]:
    if not _has_type(schema.get("type"), value):
        yield Problem(Fault.TYPE, path, schema.get("type"), value)
        return
    choices = schema.get("enum")
    if _is_list(choices) and not any(same_json(value, choice) for choice in choices):
        yield Problem(Fault.CHOICE, path, choices, value)
    if isinstance(value, Mapping):
        yield from _object_problems(schema, value, path)
    elif isinstance(value, str):
        longest = schema.get("maxLength")
        if isinstance(longest, int) and len(value) > longest:
            yield Problem(Fault.LENGTH, path, longest)
    elif _is_list(value):
        items = schema.get("items")
        if isinstance(items, Mapping):
            for index, item in enumerate(value):
                yield from _problems(items, item, (*path, index))
    elif isinstance(value, int | float):
        yield from _range_problems(schema, value, path)


def _object_problems(schema: JsonObject, value: JsonObject, path: JsonPath) -> Iterator[Problem]:
    required = schema.get("required")
    for name in required if _is_list(required) else ():
        if isinstance(name, str) and name not in value:
            yield Problem(Fault.MISSING, (*path, name))
    properties = schema.get("properties")
    known: JsonObject = properties if isinstance(properties, Mapping) else {}
    for name, item in value.items():
        inner = known.get(name)
        if isinstance(inner, Mapping):
            yield from _problems(inner, item, (*path, name))
        elif name not in known and schema.get("additionalProperties") is False:
            yield Problem(Fault.UNKNOWN, (*path, name))


def _range_problems(schema: JsonObject, value: float, path: JsonPath) -> Iterator[Problem]:
    minimum, maximum = schema.get("minimum"), schema.get("maximum")
    if isinstance(minimum, int | float) and value < minimum:
        yield Problem(Fault.LEAST, path, minimum, value)
    if isinstance(maximum, int | float) and value > maximum:
        yield Problem(Fault.MOST, path, maximum, value)


def _has_type(wanted: Json, value: Json) -> bool:
    if _is_list(wanted):
        return any(_has_type(one, value) for one in wanted)
    fits = _TYPES.get(wanted) if isinstance(wanted, str) else None
    return fits is None or fits(value)


def types_text(wanted: Json) -> str:
    """A type, or types to choose from."""
    return " or ".join(map(str, wanted)) if _is_list(wanted) else f"of type {wanted}"


def _is_list(value: Json) -> TypeGuard[Sequence[Json]]:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_whole(value: Json) -> bool:
    return _is_number(value) and (isinstance(value, int) or (isinstance(value, float) and value.is_integer()))


_TYPES: Mapping[str, Callable[[Json], bool]] = {
    "object": lambda value: isinstance(value, Mapping),
    "array": _is_list,
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "integer": _is_whole,
    "number": _is_number,
}
