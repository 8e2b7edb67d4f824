"""Two versions of a step, of a JSON value or of an observation as lines side by side."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from hitl_app.domain.json_diff import NOTHING, Below, Change, by_place, is_list, json_changes
from hitl_app.domain.jsontypes import Json, parse_or_text
from hitl_app.domain.side_by_side import (
    COMPARED,
    LONGEST,
    Cell,
    Line,
    Unit,
    beside,
    equal,
    fold_equal,
    folded,
    json_text,
    text_alone,
    text_cells,
    text_lines,
)
from hitl_app.domain.trajectory import Step

UNCHANGED = 100
"""Characters of a value that both sides share; what is longer is folded to its size."""

ONE_LINE = 64
"""Calls up to this length stand on one line."""

INDENT = "  "


def step_lines(old: Step | None, new: Step | None, *, whole: bool = False) -> list[Line]:
    """A step and what became of it; a step that only one side has stands alone. `whole` folds and cuts nothing."""
    if old is None or new is None:
        left, right = (step_alone(step, whole=whole) if step is not None else () for step in (old, new))
        return beside(left, right)
    if old.content == new.content and old.key == new.key:
        return [equal(cell) for cell in step_alone(old, whole=whole)]
    if not old.is_action and not new.is_action:
        return text_lines(old.text, new.text, whole=whole)
    if old.is_action and new.is_action and old.tool == new.tool:
        return [*_thought_lines(old.thought, new.thought, whole), *call_lines(old, new, whole=whole)]
    return beside(step_alone(old, whole=whole), step_alone(new, whole=whole))


def step_alone(step: Step, *, whole: bool = False) -> list[Cell]:
    """A step without a counterpart: a call with an argument a line where it is long."""
    if not step.is_action:
        return text_alone(step.text, whole=whole)
    limit = COMPARED if whole else LONGEST
    arguments = [(name, json_text(value, limit)) for name, value in step.arguments.items()]
    one = f"{step.tool}({', '.join(f'{name}={text}' for name, text in arguments)})"
    if len(one) <= ONE_LINE:
        return [Cell(one)]
    shown = [Cell(f"{INDENT}{name}={text}", cut=text.endswith("…")) for name, text in arguments]
    return [Cell(f"{step.tool}("), *shown, Cell(")")]


def call_lines(old: Step, new: Step, *, whole: bool = False) -> list[Line]:
    """Two calls of one tool, an argument a line; nested arguments only as far as they differ."""
    writer = _JsonLines(whole)
    below = by_place(json_changes(old.arguments, new.arguments))
    lines = [equal(Cell(f"{old.tool}("))]
    for name, value in old.arguments.items():
        lines += writer.entry(f"{name}=", value, below.get(name, NOTHING), 1)
    for added, here in below.items():
        lines += writer.added(f"{added}=", here, 1)
    return [*lines, equal(Cell(")"))]


def json_lines(old: Json, new: Json, *, whole: bool = False) -> list[Line]:
    """Two JSON values as far as they differ; empty where they are the same."""
    changes = json_changes(old, new)
    return list(_JsonLines(whole).value("", old, changes, 0)) if changes else []


def observation_lines(old: str, new: str, *, whole: bool = False) -> list[Line]:
    """Two answers of an environment, folded to what differs: JSON by structure, other text by lines."""
    if max(len(old), len(new)) <= COMPARED:
        left, right = parse_or_text(old), parse_or_text(new)
        if not isinstance(left, str) and not isinstance(right, str):
            return json_lines(left, right, whole=whole) or [folded(1, Unit.SAME_JSON)]
    return text_lines(old, new, whole=whole)


def _thought_lines(old: str, new: str, whole: bool) -> list[Line]:
    if old == new:
        return []
    lines = text_lines(old, new, whole=whole)
    head = "# "

    def quoted(cell: Cell | None) -> Cell | None:
        return cell if cell is None or not cell.text else cell.behind(head)

    return [Line(quoted(line.left), quoted(line.right), line.same, line.folded) for line in lines]


class _JsonLines:
    """Writes lines of JSON without commas and quotes around keys: to be read, not to be parsed."""

    def __init__(self, whole: bool) -> None:
        self._whole = whole

    def entry(self, head: str, value: Json, here: Below, depth: int) -> Iterator[Line]:
        """An argument or a key with what changes there."""
        if here.removed:
            yield Line(self._alone(head, value, depth, marked=True), None)
        else:
            yield from self.value(head, value, here.inside, depth)

    def added(self, head: str, here: Below, depth: int) -> Iterator[Line]:
        """What is put in."""
        for value in here.added:
            yield Line(None, self._alone(head, value, depth, marked=True))

    def value(self, head: str, value: Json, changes: Sequence[Change], depth: int) -> Iterator[Line]:
        """A value that stays, with the changes in it."""
        if not changes:
            yield equal(self._alone(head, value, depth))
        elif not changes[0].path:
            yield self._replaced(head, value, changes[0].after, depth)
        else:
            opening, closing = "{}" if isinstance(value, Mapping) else "[]"
            yield equal(Cell(f"{INDENT * depth}{head}{opening}"))
            parts = [list(part) for part in self._parts(value, by_place(changes), depth + 1)]
            unit = Unit.KEYS if isinstance(value, Mapping) else Unit.ITEMS
            yield from chain.from_iterable(parts) if self._whole else fold_equal(parts, context=1, unit=unit)
            yield equal(Cell(f"{INDENT * depth}{closing}"))

    def _parts(self, value: Json, below: Mapping[str | int, Below], depth: int) -> Iterator[Iterator[Line]]:
        """A part for each key or item, and for what is put in."""
        if isinstance(value, Mapping):
            for name, item in value.items():
                yield self.entry(f"{name}: ", item, below.get(name, NOTHING), depth)
            for added, here in below.items():
                if here.added:
                    yield self.added(f"{added}: ", here, depth)
        elif is_list(value):
            for index in range(len(value) + 1):
                here = below.get(index, NOTHING)
                if here.added:
                    yield self.added("", here, depth)
                if index < len(value):
                    yield self.entry("", value[index], Below(removed=here.removed, inside=here.inside), depth)

    def _replaced(self, head: str, old: Json, new: Json, depth: int) -> Line:
        left, right = (json.dumps(value, ensure_ascii=False) for value in (old, new))
        if isinstance(old, str) and isinstance(new, str):
            cells = text_cells(left, right, whole=self._whole)
            return Line(cells[0].behind(INDENT * depth + head), cells[1].behind(INDENT * depth + head))
        cells = self._marked(left), self._marked(right)
        return Line(cells[0].behind(INDENT * depth + head), cells[1].behind(INDENT * depth + head))

    def _alone(self, head: str, value: Json, depth: int, *, marked: bool = False) -> Cell:
        """A value on one line; where both sides share it and it is long, as little as its size."""
        if marked:
            text = json_text(value, COMPARED if self._whole else LONGEST)
            return Cell(head + text, ((0, len(head + text)),), text.endswith("…")).behind(INDENT * depth)
        if self._whole:
            return Cell(f"{INDENT * depth}{head}{json_text(value, COMPARED)}")
        text = json_text(value, UNCHANGED)
        if len(text) <= UNCHANGED:
            return Cell(f"{INDENT * depth}{head}{text}")
        return Cell(f"{INDENT * depth}{head}{_size(value)}", cut=True)

    def _marked(self, text: str) -> Cell:
        shown = text if self._whole or len(text) <= LONGEST else f"{text[:LONGEST]}…"
        return Cell(shown, ((0, len(shown)),), cut=shown != text)


def _size(value: Json) -> str:
    """What stands for a long value that both sides share."""
    if isinstance(value, Mapping):
        return f"{{… {len(value)}}}"
    if is_list(value):
        return f"[… {len(value)}]"
    return f"{json_text(value, UNCHANGED)}"
