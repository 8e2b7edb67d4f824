"""Before and after of a hunk as text, with what changed inside it marked and what did not folded to its size."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hitl_app.domain.side_by_side import Cell, Folded, Line, Mark, Unit
from hitl_app.domain.step_lines import step_alone, step_lines
from hitl_app.domain.trajectory import Step
from hitl_app.ui.translating import translate

LONGEST_WHOLE = 60_000
"""Characters of a side that is shown whole: a text view takes no longer ones without holding the window up."""


@dataclass(frozen=True)
class Side:
    """Text, and the pieces of it that the other side does not have (start, length); `cut` where something is left out.

    A position counts characters, as Python does.
    """

    text: str
    marks: tuple[Mark, ...] = ()
    cut: bool = False


def sides(before: Sequence[Step], after: Sequence[Step], *, whole: bool = False) -> tuple[Side, Side]:
    """The two sides of a change; `whole` leaves nothing out that a text view can take."""
    if len(before) == len(after) == 1:
        old, new = before[0], after[0]
        if old.content == new.content and old.plan_step != new.plan_step:
            return _linked(old, whole), _linked(new, whole)
        lines = step_lines(old, new, whole=whole)
        return _side(lines, right=False), _side(lines, right=True)
    return _all_of(before, whole), _all_of(after, whole)


def folded_words(folded: Folded) -> str:
    """What stands for what both sides share."""
    match folded.unit:
        case Unit.LINES:
            return translate("Sides", "⋯ {0} equal lines").format(f"{folded.count:,}")
        case Unit.ITEMS:
            return translate("Sides", "⋯ {0} equal items").format(f"{folded.count:,}")
        case Unit.KEYS:
            return translate("Sides", "⋯ {0} equal keys").format(f"{folded.count:,}")
        case Unit.NOT_COMPARED:
            return translate("Sides", "⋯ {0} characters more, not compared").format(f"{folded.count:,}")
        case Unit.SAME_JSON:
            return translate("Sides", "⋯ the same JSON, written otherwise")


def _side(lines: Iterable[Line], *, right: bool) -> Side:
    cells: list[Cell] = []
    for line in lines:
        if line.folded is not None:
            cells.append(Cell(folded_words(line.folded), cut=True))
        elif (cell := line.right if right else line.left) is not None:
            cells.append(cell)
    return _joined(cells)


def _joined(cells: Iterable[Cell]) -> Side:
    texts: list[str] = []
    marks: list[Mark] = []
    offset, cut = 0, False
    for cell in cells:
        texts.append(cell.text)
        marks += [(offset + start, length) for start, length in cell.marks]
        offset += len(cell.text) + 1
        cut |= cell.cut
    text = "\n".join(texts)
    if len(text) <= LONGEST_WHOLE:
        return Side(text, tuple(marks), cut)
    kept = tuple((start, min(length, LONGEST_WHOLE - start)) for start, length in marks if start < LONGEST_WHOLE)
    return Side(f"{text[:LONGEST_WHOLE]}…", kept, cut=True)


def _all_of(steps: Sequence[Step], whole: bool) -> Side:
    cells: list[Cell] = []
    for step in steps:
        cells += [*([Cell("")] if cells else []), *step_alone(step, whole=whole)]
    return _joined(cells)


def _linked(step: Step, whole: bool) -> Side:
    """A step below the plan step that it carries out, where that is all that changes: long words hide nothing."""
    number = "" if step.plan_step is None else f"{step.plan_step + 1}"
    words = translate("Sides", "plan step {0}").format(number) if number else translate("Sides", "no plan step")
    return _joined([Cell(words, ((0, len(words)),)), *step_alone(step, whole=whole)])
