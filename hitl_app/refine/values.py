"""Values that an argument could take instead: seen in the trajectory, allowed by the schema, or close by."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from hitl_app.domain.inspection import Inspection
from hitl_app.domain.jsontypes import Json, JsonObject, canonical, parse_or_text
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import Step, Trajectory

Path = tuple[str | int, ...]
"""Where a value is inside a step's arguments, such as `("flights", 0, "date")`."""

PER_ARGUMENT = 48
"""Values tried for one place: the search is bounded, the likeliest come first."""

NUMBERS = 4
"""Numbers that unmet findings expect, and those that they observed, tried before the others that were seen."""

_LONG_WORD = 12
_LARGE_NUMBER = 100

_NUMBER = re.compile(r"(?<![\w.:-])\d+(?:\.\d+)?(?![\w:-])")
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


def telling(value: Json) -> str:
    """A value that is unlikely to occur by chance, as text; empty for common words, small numbers and the like."""
    if isinstance(value, str):
        return value if _is_telling(value) else ""
    if isinstance(value, int | float) and not isinstance(value, bool) and _is_large(value):
        return canonical(value)
    return ""


def _is_telling(text: str) -> bool:
    if len(text) < 3:
        return False
    return len(text) >= _LONG_WORD or any(c.isdigit() or c.isupper() or c.isspace() or ord(c) > 127 for c in text)


def _is_large(number: float) -> bool:
    return abs(number) >= _LARGE_NUMBER or number != int(number)


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

    def __init__(self, task: Task, trajectory: Trajectory, inspection: Inspection, tools: Sequence[ToolSpec]) -> None:
        self._by_name: dict[str, dict[str, Json]] = {}
        self._by_shape: dict[str, dict[str, Json]] = {}
        self._records: list[JsonObject] = []
        self._columns: dict[str, set[tuple[int, Path]]] = {}
        self._schemas = {tool.name: tool.parameters for tool in tools}
        self._hints = " ".join(f"{f.description} {f.expected} {f.observed}" for f in inspection.unmet)
        self._told = [
            *_numbers(" ".join(finding.expected for finding in inspection.unmet)),
            *_numbers(" ".join(finding.observed for finding in inspection.unmet)),
        ]
        for index, (step, executed) in enumerate(zip(trajectory.steps, inspection.execution.steps, strict=True)):
            if not step.is_action:
                self._add_text(step.text)
            elif executed.observation is not None and not executed.observation.failed:
                observed = parse_or_text(executed.observation.text)
                for path, value in leaves(observed):
                    self._add(_name_of(path), value)
                    if isinstance(value, str):
                        self._columns.setdefault(value, set()).add((index, _column(path)))
                if not executed.observation.changed:
                    self._records += [{**step.arguments, **record} for record in _records(observed)]
        self._add_text(task.instruction)
        self._rows: dict[str, list[JsonObject]] = {}
        for record in self._records:
            for item in record.values():
                if isinstance(item, str):
                    self._rows.setdefault(item, []).append(record)

    def _add(self, name: str, value: Json) -> None:
        key = canonical(value)
        self._by_name.setdefault(name, {}).setdefault(key, value)
        if shape(value):
            self._by_shape.setdefault(shape(value), {}).setdefault(key, value)

    def _add_text(self, text: str) -> None:
        for token in _TOKEN.findall(text):
            self._by_shape.setdefault(shape(token), {}).setdefault(canonical(token), token)

    def alternatives(self, step: Step, path: Path, present: Json) -> list[Json]:
        """Other values for one place of a call, likeliest first.

        The schema's come first, then those that findings speak of, then those that a look-up listed beside the present
        one or with the call's other values, such as another train on its date; then by name and shape; times by how
        close they are.
        """
        return list(self._others(step, path, present))[:PER_ARGUMENT]

    def fitted(self, step: Step, text: str) -> Step:
        """The call with a value that the text says in each place that can take one, such as its date."""
        arguments = step.arguments
        for path, present in leaves(step.arguments):
            if isinstance(present, str) and not self.said(present, text):
                said = (value for value in self._others(step, path, present) if self.said(value, text))
                arguments = with_value(arguments, path, next(said, present))
        return replace(step, arguments=arguments)

    @staticmethod
    def said(value: Json, text: str) -> int:
        """How many values of a JSON value a text says; short words and numbers do not count."""
        return sum(isinstance(item, str) and len(item) > 2 and item in text for _, item in leaves(value))

    def fillings(self, arguments: JsonObject) -> list[JsonObject]:
        """The arguments filled from one record that a look-up answered with, such as another flight and its date.

        What the look-up asked for counts as part of the record. At least two values change: one alone is for
        `alternatives`. Records that the unmet findings speak of come first, then those that fit most of the call.
        """
        found: dict[str, tuple[int, int, JsonObject]] = {}
        for record in self._records:
            changed = {
                name: value
                for name, present in arguments.items()
                if (value := _field(record, name)) is not None
                and _alike(value, present)
                and canonical(value) != canonical(present)
            }
            if len(changed) > 1:
                filled = {**arguments, **changed}
                rank = sum(map(self._hinted, record.values())), self._beside(changed, arguments)
                found.setdefault(canonical(filled), (*rank, filled))
        return [filled for _, _, filled in sorted(found.values(), key=lambda item: (-item[0], -item[1]))]

    def _beside(self, changed: JsonObject, arguments: JsonObject) -> int:
        return sum(self._listed_together(value, arguments[name]) for name, value in changed.items())

    def _others(self, step: Step, path: Path, present: Json) -> Iterator[Json]:
        found = {canonical(present)}
        for value in self._candidates(step, path, present):
            key = canonical(value)
            if key not in found:
                found.add(key)
                yield value

    def _candidates(self, step: Step, path: Path, present: Json) -> Iterator[Json]:
        yield from _enumerated(self._schemas.get(step.tool, {}), path)
        if isinstance(present, bool):
            yield not present
            return
        named = [v for v in self._named(_name_of(path)) if _alike(v, present)]
        shaped: list[Json] = []
        if isinstance(present, str):
            shaped = list(self._by_shape.get(shape(present), {}).values()) if shape(present) else []
            if _TIME.fullmatch(present):
                named = sorted([*named, *shaped, *_shifted(present)], key=lambda v: _minutes_apart(v, present))
        elif isinstance(present, int | float):
            told = [number for number in self._told if _alike(number, present) or isinstance(present, float)]
            named = [*told, present + 1, present - 1, *named]
        beside = _beside_of(step.arguments, path)

        def order(value: Json) -> tuple[bool, int]:
            return not self._hinted(value), -self._kinship(value, present, beside)

        yield from sorted(named, key=order)
        yield from sorted(shaped, key=order)

    def _kinship(self, value: Json, present: Json, beside: JsonObject) -> int:
        """How well a value fits where another one stands: listed together with it, or with what stands beside it."""
        if not isinstance(value, str) or _TIME.fullmatch(value):
            return 0
        agreeing = (
            sum(record.get(name) == item for name, item in beside.items()) for record in self._rows.get(value, ())
        )
        return self._listed_together(value, present) + max(agreeing, default=0)

    def _listed_together(self, value: Json, present: Json) -> bool:
        if not isinstance(value, str) or not isinstance(present, str):
            return False
        return not self._columns.get(value, set()).isdisjoint(self._columns.get(present, ()))

    def _hinted(self, value: Json) -> bool:
        """Whether an unmet finding speaks of the value."""
        return isinstance(value, str) and len(value) > 2 and value in self._hints

    def _named(self, name: str) -> Iterator[Json]:
        """Values under the same name; `hotel_id` also takes what a list of hotels calls `id`."""
        yield from self._by_name.get(name, {}).values()
        short = name.rsplit("_", 1)[-1]
        if short != name:
            yield from self._by_name.get(short, {}).values()


def _records(value: Json) -> Iterator[JsonObject]:
    """The innermost objects of an observation that hold plain values: rows of a look-up."""
    if isinstance(value, Mapping):
        if any(not isinstance(item, Mapping) and not _is_list(item) for item in value.values()):
            yield value
        for item in value.values():
            yield from _records(item)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for item in value:
            yield from _records(item)


def _is_list(value: Json) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _field(record: JsonObject, name: str) -> Json:
    value = record.get(name, record.get(name.rsplit("_", 1)[-1]))
    return None if isinstance(value, Mapping) or _is_list(value) else value


def _name_of(path: Path) -> str:
    return next((part for part in reversed(path) if isinstance(part, str)), "")


def _numbers(text: str) -> list[Json]:
    return [parse_or_text(number) for number in dict.fromkeys(_NUMBER.findall(text))][:NUMBERS]


def _column(path: Path) -> Path:
    """Where the values of a list's rows stand that have the same name: the path without the row's number."""
    last = max((place for place, part in enumerate(path) if isinstance(part, int)), default=-1)
    return (*path[:last], "", *path[last + 1 :]) if last >= 0 else path


def _child(node: Json, part: str | int) -> Json:
    """The part of an object or a list that a path's next step leads to; None where there is none."""
    if isinstance(node, Mapping) and isinstance(part, str):
        return node.get(part)
    if isinstance(node, Sequence) and not isinstance(node, str) and isinstance(part, int):
        return node[part] if part < len(node) else None
    return None


def _beside_of(arguments: JsonObject, path: Path) -> JsonObject:
    """The other values of the object in which a place is, and those of the call."""
    node: Json = arguments
    for part in path[:-1]:
        node = _child(node, part)
    inner = node if isinstance(node, Mapping) else {}
    return {name: item for name, item in {**arguments, **inner}.items() if name != path[-1]}


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


def _minutes_apart(value: Json, present: str) -> int:
    match, other = _TIME.fullmatch(str(value)), _TIME.fullmatch(present)
    if match is None or other is None:
        return 24 * 60
    return abs((int(match[1]) - int(other[1])) * 60 + int(match[2]) - int(other[2]))


def _shifted(text: str) -> Iterator[str]:
    match = _TIME.fullmatch(text)
    if match:
        minutes = int(match[1]) * 60 + int(match[2])
        for shift in _SHIFTS:
            if 0 <= minutes + shift < 24 * 60:
                yield f"{(minutes + shift) // 60:02}:{(minutes + shift) % 60:02}"
