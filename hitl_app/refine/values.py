"""Values that an argument could take instead: seen in the trajectory, allowed by the schema, or close by."""

import re
from collections.abc import Iterator, Mapping, Sequence

from hitl_app.domain.inspection import Execution
from hitl_app.domain.jsontypes import Json, JsonObject, canonical, parse_or_text
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import Trajectory

Path = tuple[str | int, ...]
"""Where a value is inside a step's arguments, such as `("flights", 0, "date")`."""

PER_ARGUMENT = 16
"""Values tried for one place: the search is bounded, the likeliest come first."""

_TOKEN = re.compile(r"[\w#:.-]*\d[\w#:.-]*\w")
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_SHIFTS = (30, -30, 60, -60, 15, -15, 120, -120, 180, -180, 240, -240)


def leaves(value: Json, path: Path = ()) -> Iterator[tuple[Path, Json]]:
    """All scalar values inside a JSON value, with where they are."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from leaves(item, (*path, name))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    else:
        yield path, value


def with_value(arguments: JsonObject, path: Path, value: Json) -> JsonObject:
    """A copy of the arguments with another value in one place."""
    changed = _with_value(arguments, path, value)
    assert isinstance(changed, Mapping)  # noqa: S101  # a path into an object leaves it an object
    return changed


def _with_value(tree: Json, path: Path, value: Json) -> Json:
    if not path:
        return value
    head, rest = path[0], path[1:]
    if isinstance(tree, Mapping):
        return {name: _with_value(item, rest, value) if name == head else item for name, item in tree.items()}
    if isinstance(tree, Sequence) and not isinstance(tree, str):
        return [_with_value(item, rest, value) if index == head else item for index, item in enumerate(tree)]
    return tree


def shape(value: Json) -> str:
    """The form of an id, date or time: `HAT039` and `HAT276` have one, so have two dates; empty without digits."""
    if not isinstance(value, str) or not re.search(r"\d", value):
        return ""
    return re.sub(r"[a-z]+", "a", re.sub(r"[A-Z]+", "A", re.sub(r"\d", "9", value)))


class ValuePool:
    """Everything that was seen while a trajectory ran, by name and by shape, in the order it was seen."""

    def __init__(self, task: Task, trajectory: Trajectory, execution: Execution, tools: Sequence[ToolSpec]) -> None:
        self._by_name: dict[str, dict[str, Json]] = {}
        self._by_shape: dict[str, dict[str, Json]] = {}
        self._schemas = {tool.name: tool.parameters for tool in tools}
        for step, executed in zip(trajectory.steps, execution.steps, strict=True):
            if not step.is_action:
                self._add_text(step.text)
            elif executed.observation is not None and not executed.observation.failed:
                for path, value in leaves(parse_or_text(executed.observation.text)):
                    self._add(_name_of(path), value)
        self._add_text(task.instruction)

    def _add(self, name: str, value: Json) -> None:
        key = canonical(value)
        self._by_name.setdefault(name, {}).setdefault(key, value)
        if shape(value):
            self._by_shape.setdefault(shape(value), {}).setdefault(key, value)

    def _add_text(self, text: str) -> None:
        for token in _TOKEN.findall(text):
            self._by_shape.setdefault(shape(token), {}).setdefault(canonical(token), token)

    def alternatives(self, tool: str, path: Path, present: Json) -> list[Json]:
        """Other values for one place, likeliest first: the schema's, same name, same shape, close by."""
        found: dict[str, Json] = {}
        for value in self._candidates(tool, path, present):
            if canonical(value) != canonical(present):
                found.setdefault(canonical(value), value)
        return list(found.values())[:PER_ARGUMENT]

    def _candidates(self, tool: str, path: Path, present: Json) -> Iterator[Json]:
        yield from _enumerated(self._schemas.get(tool, {}), path)
        if isinstance(present, bool):
            yield not present
            return
        same_type = [v for v in self._named(_name_of(path)) if _alike(v, present)]
        yield from same_type
        if isinstance(present, str):
            yield from self._by_shape.get(shape(present), {}).values() if shape(present) else ()
            yield from _shifted(present)
        elif isinstance(present, int | float):
            yield from (present + 1, present - 1)

    def _named(self, name: str) -> Iterator[Json]:
        """Values under the same name; `hotel_id` also takes what a list of hotels calls `id`."""
        yield from self._by_name.get(name, {}).values()
        short = name.rsplit("_", 1)[-1]
        if short != name:
            yield from self._by_name.get(short, {}).values()


def _name_of(path: Path) -> str:
    return next((part for part in reversed(path) if isinstance(part, str)), "")


def _alike(value: Json, present: Json) -> bool:
    if isinstance(present, str) and isinstance(value, str):
        return shape(present) == shape(value)
    return type(value) is type(present)


def _enumerated(schema: JsonObject, path: Path) -> Iterator[Json]:
    node: Json = schema
    for part in path:
        if not isinstance(node, Mapping):
            return
        if isinstance(part, int):
            node = node.get("items")
        else:
            properties = node.get("properties")
            node = properties.get(part) if isinstance(properties, Mapping) else None
    if isinstance(node, Mapping):
        values = node.get("enum")
        if isinstance(values, Sequence) and not isinstance(values, str):
            yield from values


def _shifted(text: str) -> Iterator[str]:
    match = _TIME.fullmatch(text)
    if match:
        minutes = int(match[1]) * 60 + int(match[2])
        for shift in _SHIFTS:
            if 0 <= minutes + shift < 24 * 60:
                yield f"{(minutes + shift) // 60:02}:{(minutes + shift) % 60:02}"
