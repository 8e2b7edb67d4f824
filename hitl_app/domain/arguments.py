"""Check a tool call's arguments against the part of JSON Schema that tool descriptions use.

Known are `type`, `enum`, `required`, `properties`, `additionalProperties: false`, `items`, `minimum`, `maximum`
and `maxLength`; other keywords (`anyOf`, `$ref`, ...) are not judged, so that nothing valid is refused.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeGuard

from hitl_app.domain.jsontypes import Json, JsonObject, same_json

_SHOWN = 60


def shown(value: Json) -> str:
    """A value as an error text quotes it: short, on one line."""
    text = repr(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def check_arguments(schema: JsonObject, arguments: JsonObject, *, allow_unknown: bool = True) -> tuple[str, ...]:
    """What is wrong with the arguments of a call; empty where nothing is.

    Args:
        schema: JSON Schema of the arguments object.
        arguments: The arguments.
        allow_unknown: Whether arguments that the schema does not name pass where it does not forbid them itself.
    """
    problems = list(_problems(schema, arguments, ""))
    properties = schema.get("properties")
    if not allow_unknown and schema.get("additionalProperties") is None and isinstance(properties, Mapping):
        problems += [f"{shown(name)} is not an argument" for name in arguments if name not in properties]
    return tuple(problems)


def check_value(schema: JsonObject, value: Json) -> tuple[str, ...]:
    """What is wrong with any value that should fit a schema, such as a model's answer; empty where nothing is."""
    return tuple(_problems(schema, value, "", whole="the answer"))


def _problems(schema: JsonObject, value: Json, where: str, whole: str = "the arguments") -> Iterator[str]:
    what = where or whole
    if not _has_type(schema.get("type"), value):
        yield f"{what} must be {_type_words(schema.get('type'))}, not {shown(value)}"
        return
    choices = schema.get("enum")
    if _is_list(choices) and not any(same_json(value, choice) for choice in choices):
        yield f"{what} must be one of {', '.join(map(str, choices))}, not {shown(value)}"
    if isinstance(value, Mapping):
        yield from _object_problems(schema, value, where)
    elif isinstance(value, str):
        longest = schema.get("maxLength")
        if isinstance(longest, int) and len(value) > longest:
            yield f"{what} may have {longest} characters at most"
    elif _is_list(value):
        items = schema.get("items")
        if isinstance(items, Mapping):
            for index, item in enumerate(value):
                yield from _problems(items, item, f"{where}[{index}]")
    elif isinstance(value, int | float):
        yield from _range_problems(schema, value, what)


def _object_problems(schema: JsonObject, value: JsonObject, where: str) -> Iterator[str]:
    prefix = f"{where}." if where else ""
    required = schema.get("required")
    for name in required if _is_list(required) else ():
        if isinstance(name, str) and name not in value:
            yield f"{prefix}{name} is missing"
    properties = schema.get("properties")
    known: JsonObject = properties if isinstance(properties, Mapping) else {}
    for name, item in value.items():
        inner = known.get(name)
        if isinstance(inner, Mapping):
            yield from _problems(inner, item, f"{prefix}{name}")
        elif name not in known and schema.get("additionalProperties") is False:
            yield f"{shown(name)} is not an argument" if not where else f"{where} has no {shown(name)}"


def _range_problems(schema: JsonObject, value: float, what: str) -> Iterator[str]:
    minimum, maximum = schema.get("minimum"), schema.get("maximum")
    if isinstance(minimum, int | float) and value < minimum:
        yield f"{what} must be at least {minimum}, not {shown(value)}"
    if isinstance(maximum, int | float) and value > maximum:
        yield f"{what} must be at most {maximum}, not {shown(value)}"


def _has_type(wanted: Json, value: Json) -> bool:
    if _is_list(wanted):
        return any(_has_type(one, value) for one in wanted)
    fits = _TYPES.get(wanted) if isinstance(wanted, str) else None
    return fits is None or fits(value)


def _type_words(wanted: Json) -> str:
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
