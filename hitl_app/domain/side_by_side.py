"""Two versions of a text, a JSON value or a step as lines side by side, with what changed inside them marked.

What both have is folded to its size. Costs are bounded: very long lines are cut, very long texts are compared in part.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import zip_longest

from hitl_app.domain.alignment import best_pairs, common
from hitl_app.domain.likeness import WORD, features, likeness

LONGEST = 4000
"""Characters of a text that stands alone, and of one changed piece of a line."""

COMPARED = 400_000
"""Characters of a text that are compared; the rest is only counted."""

MOST_LINES = 5000
"""Lines of a text that are compared."""

MOST_WORDS = 2000
"""Words of a line up to which it is compared word by word."""

CONTEXT = 2
"""Equal lines that stay on either side of a change."""

LEAST_FOLDED = 3
"""Fewer equal lines are not worth folding."""

EQUAL_STRETCH = 160
"""Characters of a line that both sides share before the middle of them is left out."""

KEPT_OF_STRETCH = 60

ALIKE = 0.4
"""Likeness from which on two lines are one that changed."""

Mark = tuple[int, int]


class Unit(StrEnum):
    """What is folded away."""

    LINES = "lines"
    ITEMS = "items"
    KEYS = "keys"
    NOT_COMPARED = "not_compared"
    SAME_JSON = "same_json"


@dataclass(frozen=True, slots=True)
class Folded:
    """How many of what both sides share; of what was not compared, how many characters."""

    count: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Cell:
    """One side of a line.

    Attributes:
        marks: Pieces that the other side does not have (start, length).
        cut: Something is left out: `…` stands for it.
    """

    text: str
    marks: tuple[Mark, ...] = ()
    cut: bool = False

    def behind(self, head: str) -> "Cell":
        """The cell with something in front of it."""
        return Cell(head + self.text, tuple((start + len(head), length) for start, length in self.marks), self.cut)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of two versions side by side; `same` where both say the same."""

    left: Cell | None
    right: Cell | None
    same: bool = False
    folded: Folded | None = None


def folded(count: int, unit: Unit) -> Line:
    """A line that stands for what is folded away."""
    return Line(None, None, same=True, folded=Folded(count, unit))


def equal(cell: Cell) -> Line:
    """A line that both sides have."""
    return Line(cell, cell, same=True)


def word_marks(left: str, right: str) -> tuple[tuple[Mark, ...], tuple[Mark, ...]]:
    """The pieces of each text that the other does not have."""
    cells = text_cells(left, right, whole=True)
    return cells[0].marks, cells[1].marks


def text_cells(left: str, right: str, *, whole: bool = False) -> tuple[Cell, Cell]:
    """Two versions of a line, compared word by word; `whole` leaves nothing out."""
    sides = _Writer(whole), _Writer(whole)
    for old, new, same in _pieces(left, right):
        for writer, text in zip(sides, (old, new), strict=True):
            writer.add(text, same=same)
    return sides[0].cell(), sides[1].cell()


def text_lines(left: str, right: str, *, whole: bool = False) -> list[Line]:
    """Two versions of a text by lines; what is longer than is compared is only counted."""
    old, new = (text[:COMPARED].split("\n")[:MOST_LINES] for text in (left, right))
    lines: list[Line] = []
    i = j = 0
    for end in (*common(old, new), (len(old), len(new))):
        lines += _changed_lines(old[i : end[0]], new[j : end[1]], whole)
        if end[0] < len(old):
            lines.append(equal(_alone(old[end[0]], whole)))
        i, j = end[0] + 1, end[1] + 1
    rest = max(len(text) - len("\n".join(shown)) for text, shown in ((left, old), (right, new)))
    shown = lines if whole else fold_equal([[line] for line in lines])
    return [*shown, *([folded(rest, Unit.NOT_COMPARED)] if rest > 0 else [])]


def fold_equal(parts: Sequence[Sequence[Line]], context: int = CONTEXT, unit: Unit = Unit.LINES) -> list[Line]:
    """Fold runs of parts that both sides share, but for those next to a change."""
    result: list[Line] = []
    start = 0
    while start < len(parts):
        end = start
        while end < len(parts) and all(line.same for line in parts[end]):
            end += 1
        before = start + (context if start else 0)
        after = end - (context if end < len(parts) else 0)
        if after - before < LEAST_FOLDED:
            before = after = end
        for part in parts[start:before]:
            result += part
        if after > before:
            result.append(folded(after - before, unit))
        for part in parts[after : end + 1]:
            result += part
        start = end + 1
    return result


def side_by_side(lines: Sequence[Line]) -> Iterator[Line]:
    """The same lines, with what goes and what comes in one place on the same height.

    Nothing is marked there: a line that one side alone has is a change as a whole.
    """
    left: list[Cell] = []
    right: list[Cell] = []
    for line in lines:
        if line.folded is None and line.right is None and line.left is not None:
            left.append(replace(line.left, marks=()))
        elif line.folded is None and line.left is None and line.right is not None:
            right.append(replace(line.right, marks=()))
        else:
            yield from beside(left, right)
            yield line
            left, right = [], []
    yield from beside(left, right)


def beside(left: Sequence[Cell], right: Sequence[Cell]) -> list[Line]:
    """Two blocks that have nothing to do with each other."""
    return [Line(old, new) for old, new in zip_longest(left, right)]


def text_alone(text: str, *, whole: bool = False) -> list[Cell]:
    """The lines of a text without a counterpart."""
    shown = text[: COMPARED if whole else LONGEST]
    cells = [Cell(line) for line in shown.split("\n")]
    if len(shown) < len(text):
        cells[-1] = Cell(f"{cells[-1].text}…", cut=True)
    return cells


def json_text(value: object, limit: int) -> str:
    """JSON on one line, no longer than a limit and a word: the cost is bounded by the limit and one string."""
    if isinstance(value, str):
        value = value[: limit + 1]
    text = ""
    for piece in json.JSONEncoder(ensure_ascii=False).iterencode(value):
        text += piece
        if len(text) > limit:
            return f"{text[:limit]}…"
    return text


def _changed_lines(old: Sequence[str], new: Sequence[str], whole: bool) -> Iterator[Line]:
    i = j = 0
    for end in (*_alike(old, new), (len(old), len(new))):
        yield from (Line(_marked(line, whole), None) for line in old[i : end[0]])
        yield from (Line(None, _marked(line, whole)) for line in new[j : end[1]])
        if end[0] < len(old):
            yield Line(*text_cells(old[end[0]], new[end[1]], whole=whole))
        i, j = end[0] + 1, end[1] + 1


def _alike(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Lines that are one which changed."""
    if len(old) == len(new):
        return [(i, i) for i in range(len(old))]
    left, right = [features(line) for line in old], [features(line) for line in new]

    def score(i: int, j: int) -> float:
        alike = likeness(left[i], right[j])
        return alike if alike >= ALIKE else 0.0

    return best_pairs(len(old), len(new), score)


def _alone(text: str, whole: bool) -> Cell:
    if whole or len(text) <= EQUAL_STRETCH:
        return Cell(text)
    return Cell(f"{text[: EQUAL_STRETCH - 1]}…", cut=True)


def _marked(text: str, whole: bool) -> Cell:
    shown = text if whole or len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return Cell(shown, ((0, len(shown)),) if shown else (), cut=shown != text)


def _pieces(left: str, right: str) -> list[tuple[str, str, bool]]:
    """Both texts in pieces that are the same or not. A gap between two changed words belongs to the change."""
    a, b = WORD.findall(left), WORD.findall(right)
    if max(len(a), len(b)) > MOST_WORDS:
        return _ends(left, right)
    pieces: list[tuple[str, str, bool]] = []
    i = j = 0
    for k, m in (*common(a, b), (len(a), len(b))):
        if k > i or m > j:
            _add_change(pieces, "".join(a[i:k]), "".join(b[j:m]))
        if k < len(a):
            _add_equal(pieces, a[k])
        i, j = k + 1, m + 1
    return pieces


def _add_equal(pieces: list[tuple[str, str, bool]], word: str) -> None:
    if pieces and pieces[-1][2]:
        word = pieces.pop()[0] + word
    pieces.append((word, word, True))


def _add_change(pieces: list[tuple[str, str, bool]], old: str, new: str) -> None:
    if len(pieces) > 1 and pieces[-1][2] and not pieces[-1][0].strip():
        gap = pieces.pop()[0]
        before = pieces.pop()
        old, new = before[0] + gap + old, before[1] + gap + new
    pieces.append((old, new, False))


def _ends(left: str, right: str) -> list[tuple[str, str, bool]]:
    """What both texts begin and end with, and the rest between."""
    shortest = min(len(left), len(right))
    start = next((i for i in range(shortest) if left[i] != right[i]), shortest)
    rest = shortest - start
    end = next((i for i in range(rest) if left[-1 - i] != right[-1 - i]), rest)
    shared, last = left[:start], left[len(left) - end :]
    return [
        (shared, shared, True),
        (left[start : len(left) - end], right[start : len(right) - end], False),
        (last, last, True),
    ]


class _Writer:
    """Writes one side of a line and keeps the marks."""

    def __init__(self, whole: bool) -> None:
        self._whole = whole
        self._parts: list[str] = []
        self._length = 0
        self._marks: list[Mark] = []
        self._cut = False

    def add(self, text: str, *, same: bool) -> None:
        """Add a piece that both sides share, or a marked one."""
        if not text:
            return
        shown = text if self._whole else _shortened(text, same)
        self._cut |= shown != text
        if not same:
            self._marks.append((self._length, len(shown)))
        self._parts.append(shown)
        self._length += len(shown)

    def cell(self) -> Cell:
        """What was written."""
        return Cell("".join(self._parts), tuple(self._marks), self._cut)


def _shortened(text: str, same: bool) -> str:
    if not same:
        return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    if len(text) <= EQUAL_STRETCH:
        return text
    return f"{text[:KEPT_OF_STRETCH]} … {text[-KEPT_OF_STRETCH:]}"
