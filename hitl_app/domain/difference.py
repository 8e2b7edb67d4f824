"""The whole difference of two trajectories, each with what its execution found."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from hitl_app.domain.diff import Aligned, align_steps
from hitl_app.domain.inspection import Finding, Inspection
from hitl_app.domain.jsontypes import parse_or_text
from hitl_app.domain.side_by_side import COMPARED, Cell, Line, beside, text_alone
from hitl_app.domain.step_lines import observation_lines, step_lines
from hitl_app.domain.trajectory import Step, Trajectory

OBSERVATION_ALONE = 160
"""Characters of an observation that has no counterpart, unless all is asked for."""


class RowKind(StrEnum):
    """What a row of two trajectories side by side says."""

    SAME = "same"
    CHANGED = "changed"
    OBSERVED = "observed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED_HERE = "moved_here"
    MOVED_AWAY = "moved_away"


@dataclass(frozen=True, slots=True)
class Version:
    """A trajectory with its newest inspection, where it has one."""

    trajectory: Trajectory
    inspection: Inspection | None = None

    def step(self, index: int | None) -> Step | None:
        """A step; None for none."""
        return None if index is None else self.trajectory.steps[index]

    def observation(self, index: int | None) -> str | None:
        """What was answered to a step when it was executed, else what was recorded; None where nothing is known."""
        if index is None:
            return None
        executed = self.inspection.execution.steps[index].observation if self.inspection else None
        if executed is not None:
            return executed.error or executed.text
        recorded = self.trajectory.steps[index].expected
        return None if recorded is None else recorded.text


@dataclass(frozen=True, slots=True)
class RowLines:
    """A row in lines: the step, and what was answered to it."""

    step: tuple[Line, ...]
    observation: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Difference:
    """Two trajectories side by side, each step of both in one row."""

    before: Version
    after: Version
    rows: tuple[Aligned, ...]

    @classmethod
    def between(cls, before: Version, after: Version) -> "Difference":
        """Align two trajectories. The cost is bounded, but not small: not for the thread of a window."""
        return cls(before, after, align_steps(before.trajectory.steps, after.trajectory.steps))

    @cached_property
    def kinds(self) -> tuple[RowKind, ...]:
        """What each row says."""
        return tuple(self._kind(row) for row in self.rows)

    @property
    def changed_findings(self) -> Iterator[tuple[Finding | None, Finding | None]]:
        """Goals and constraints whose verdict differs, as judged before and after; None where they were not judged."""
        sides = [{f.id: f for f in v.inspection.findings} if v.inspection else {} for v in (self.before, self.after)]
        for name in dict.fromkeys((*sides[0], *sides[1])):
            old, new = sides[0].get(name), sides[1].get(name)
            if old is None or new is None or old.met is not new.met:
                yield old, new

    def lines(self, number: int, *, whole: bool = False) -> RowLines:
        """A row in lines, folded to what differs; `whole` folds nothing.

        A step that was moved is compared, where it stands now, with what it was.
        """
        row, kind = self.rows[number], self.kinds[number]
        if kind is RowKind.MOVED_AWAY and not whole:
            return RowLines(())
        left = row.moved if kind is RowKind.MOVED_HERE else row.old
        step = step_lines(self.before.step(left), self.after.step(row.new), whole=whole)
        if not whole and kind in (RowKind.OBSERVED, RowKind.MOVED_HERE) and all(line.same for line in step):
            step = []
        answers = self.before.observation(left), self.after.observation(row.new)
        return RowLines(tuple(step), tuple(_observed(*answers, whole=whole)))

    def size(self, number: int) -> int:
        """Characters of observations that are compared for the lines of a row."""
        row = self.rows[number]
        texts = self.before.observation(row.old), self.after.observation(row.new)
        if texts[0] is None or texts[1] is None or texts[0] == texts[1]:
            return 0
        return len(texts[0]) + len(texts[1])

    def _kind(self, row: Aligned) -> RowKind:
        if row.old is None:
            return RowKind.ADDED if row.moved is None else RowKind.MOVED_HERE
        if row.new is None:
            return RowKind.REMOVED if row.moved is None else RowKind.MOVED_AWAY
        old, new = self.before.trajectory.steps[row.old], self.after.trajectory.steps[row.new]
        if old is not new and (old.content != new.content or old.plan_step != new.plan_step):
            return RowKind.CHANGED
        answers = self.before.observation(row.old), self.after.observation(row.new)
        return RowKind.SAME if answers[0] == answers[1] else RowKind.OBSERVED


def _observed(old: str | None, new: str | None, *, whole: bool) -> list[Line]:
    if old == new and not whole:
        return []
    if old is None or new is None:
        return beside(_alone(old, whole), _alone(new, whole))
    if old == new:
        return [Line(cell, cell, same=True) for cell in _alone(old, whole)]
    return observation_lines(old, new, whole=whole)


def _alone(text: str | None, whole: bool) -> list[Cell]:
    if text is None:
        return []
    text = _readable(text) if whole else text
    shown = text[: COMPARED if whole else OBSERVATION_ALONE]
    cells = text_alone(shown, whole=True)
    if len(shown) < len(text):
        cells[-1] = Cell(f"{cells[-1].text}…", cut=True)
    return cells


def _readable(text: str) -> str:
    """JSON with line breaks, any other text as it is."""
    parsed = parse_or_text(text)
    return text if isinstance(parsed, str) else json.dumps(parsed, indent=2, ensure_ascii=False)
