"""Hunks: the unit in which a revision is proposed, reviewed and applied.

All hunks of one revision speak in indexes of the base trajectory, so that any subset of them can be applied.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from hitl_app.domain.jsontypes import canonical
from hitl_app.domain.trajectory import Step


class Operator(StrEnum):
    """The edit operators."""

    REPLACE = "replace"
    INSERT = "insert"
    DELETE = "delete"
    MOVE = "move"
    SET_ARGUMENT = "set_argument"
    REGENERATE_SUFFIX = "regenerate_suffix"


class HunkError(ValueError):
    """A hunk does not fit its base, or two hunks touch the same step."""


@dataclass(frozen=True)
class Hunk:
    """One change of consecutive steps.

    Attributes:
        start: First step of the base that is taken out.
        end: One past the last such step; equal to `start` where nothing is taken out.
        before: The steps taken out, `base.steps[start:end]`.
        after: The steps put in.
        to: Base index that `after` is put in front of; None means at `start`. Only a move has one.
        gradient_ids: Gradients that the hunk answers.
        why: Reason in a few words, for people.
    """

    operator: Operator
    start: int
    end: int
    before: tuple[Step, ...]
    after: tuple[Step, ...]
    to: int | None = None
    gradient_ids: tuple[str, ...] = ()
    why: str = ""

    @property
    def at(self) -> int:
        """Base index in front of which `after` is put in."""
        return self.start if self.to is None else self.to

    @property
    def first(self) -> int:
        """Smallest base index that the hunk touches."""
        return min(self.start, self.at)


def check_hunks(base: Sequence[Step], hunks: Sequence[Hunk]) -> None:
    """Make sure that the hunks fit the base and do not overlap.

    Raises:
        HunkError: Says which hunk, which step and why.
    """
    taken: dict[int, int] = {}
    for number, hunk in enumerate(hunks):
        where = f"hunk {number} ({hunk.operator})"
        if not 0 <= hunk.start <= hunk.end <= len(base) or not 0 <= hunk.at <= len(base):
            raise HunkError(f"{where}: steps {hunk.start}..{hunk.end} are not in a trajectory of {len(base)} steps")
        if [step.key for step in hunk.before] != [step.key for step in base[hunk.start : hunk.end]]:
            raise HunkError(f"{where}: the steps it takes out are not those of the base")
        if hunk.start < hunk.at < hunk.end:
            raise HunkError(f"{where}: a step cannot be moved into the range that is moved")
        for index in range(hunk.start, hunk.end):
            if index in taken:
                raise HunkError(f"{where}: step {index} is already changed by hunk {taken[index]}")
            taken[index] = number


@dataclass(frozen=True, slots=True)
class Applied:
    """The steps that hunks make of a base.

    Attributes:
        origin: For each step its index in the base, or None where a hunk put it in.
        divergence: Index of the first step that differs from the base; `len(steps)` where none does.
    """

    steps: tuple[Step, ...]
    origin: tuple[int | None, ...]
    divergence: int


def apply_hunks(base: Sequence[Step], hunks: Sequence[Hunk]) -> Applied:
    """Apply hunks to a base. Steps put in at the same place keep the order of the hunks.

    Raises:
        HunkError: The hunks do not fit.
    """
    check_hunks(base, hunks)
    removed = {index for hunk in hunks for index in range(hunk.start, hunk.end)}
    put_in: dict[int, list[Step]] = {}
    for hunk in hunks:
        put_in.setdefault(hunk.at, []).extend(hunk.after)
    steps: list[Step] = []
    origin: list[int | None] = []
    for index in range(len(base) + 1):
        for step in put_in.get(index, ()):
            steps.append(step)
            origin.append(None)
        if index < len(base) and index not in removed:
            steps.append(base[index])
            origin.append(index)
    divergence = next((i for i, source in enumerate(origin) if source != i), len(steps))
    return Applied(tuple(steps), tuple(origin), divergence)


def first_deviation(base: Sequence[Step], applied: Applied) -> int:
    """Index of the first step that does otherwise than the one that stood there; `len(steps)` where none does.

    Unlike `Applied.divergence` it passes over steps that were put in and do the same, be it for another plan step.
    """
    return next(
        (
            index
            for index, (origin, step) in enumerate(zip(applied.origin, applied.steps, strict=True))
            if origin != index and not (index < len(base) and canonical(step.content) == canonical(base[index].content))
        ),
        len(applied.steps),
    )
