"""Step-aligned difference of two trajectories: the inverse of applying hunks."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace

from hitl_app.domain.alignment import MOST_SCORES, Pairs, best_pairs, common
from hitl_app.domain.hunk import Hunk, Operator
from hitl_app.domain.jsontypes import hashable
from hitl_app.domain.likeness import features, likeness
from hitl_app.domain.trajectory import Step

ALIKE = 0.5
"""Likeness from which on two steps in the same place are one that was edited."""

MOVED_ALIKE = 0.7
"""Likeness from which on two steps in different places are one that was moved and edited."""

SAME_KIND = 0.01
"""What a pair of steps scores that only call the same tool, or only are of the same speaker."""


@dataclass(frozen=True, slots=True)
class Aligned:
    """A row of two lists of steps side by side.

    Attributes:
        old: Index of the step in the base; None where there is nothing beside the new one.
        new: Index of the step in the revision; None where there is nothing beside the old one.
        moved: Of a step that stands alone: its index on the other side, where it was moved from or to.
        same: Both are there, and equal.
    """

    old: int | None
    new: int | None
    moved: int | None = None
    same: bool = False


def diff_steps(base: Sequence[Step], revised: Sequence[Step]) -> tuple[Hunk, ...]:
    """Hunks that make one list of steps of another.

    The inverse of applying: `apply_hunks(base, diff_steps(base, revised)).steps` is `revised`.
    """
    return tuple(_hunks(base, revised))


def align_steps(base: Sequence[Step], revised: Sequence[Step]) -> tuple[Aligned, ...]:
    """Rows in which both lists are read downwards; each step stands in one row.

    Equal steps are aligned first, then steps that do the same, then moved ones; what is left between two aligned steps
    is paired by how much tool, role and content have in common. The cost is bounded: in long stretches only what is
    near the diagonal is compared.
    """
    return _Alignment(base, revised).rows()


def change_operator(old: Step, new: Step) -> Operator:
    """`set_argument` where only argument values of the same call differ, else `replace`."""
    if old.is_action and new.is_action and replace(old, arguments=new.arguments, expected=new.expected).key == new.key:
        return Operator.SET_ARGUMENT
    return Operator.REPLACE


def _hunks(base: Sequence[Step], revised: Sequence[Step]) -> Iterator[Hunk]:
    """Steps put in at one place keep their order, so a step that was put in or moved is a hunk where it stands."""
    at = 0
    for row in align_steps(base, revised):
        if row.old is not None and row.new is not None:
            at = row.old + 1
            if not row.same:
                old, new = base[row.old], revised[row.new]
                yield Hunk(change_operator(old, new), row.old, at, (old,), (new,))
        elif row.new is not None:
            step = revised[row.new]
            if row.moved is None:
                yield Hunk(Operator.INSERT, at, at, (), (step,))
            else:
                yield Hunk(Operator.MOVE, row.moved, row.moved + 1, (base[row.moved],), (step,), to=at)
        elif row.old is not None and row.moved is None:
            yield Hunk(Operator.DELETE, row.old, row.old + 1, (base[row.old],), ())


class _Alignment:
    """Which step of the base became which of the revision: in its place (`pairs`, in order), or moved."""

    def __init__(self, base: Sequence[Step], revised: Sequence[Step]) -> None:
        self._old = [_Known(step) for step in base]
        self._new = [_Known(step) for step in revised]
        self._pairs = common([known.key for known in self._old], [known.key for known in self._new])
        self._same = set(self._pairs)
        self._moved_from: dict[int, int] = {}
        self._moved_to: dict[int, int] = {}
        self._pair_gaps(self._same_content)
        self._find_moves()
        self._pair_gaps(self._alike)
        self._find_edited_moves()
        self._pair_gaps(self._same_kind)
        self._pair_gaps(_one_by_one)

    def rows(self) -> tuple[Aligned, ...]:
        """What was put in stands in front of what was taken out there."""
        rows: list[Aligned] = []
        for before, after, (old_end, new_end) in self._gaps():
            rows += [Aligned(None, j, self._moved_from.get(j)) for j in after]
            rows += [Aligned(i, None, self._moved_to.get(i)) for i in before]
            rows.append(Aligned(old_end, new_end, same=(old_end, new_end) in self._same))
        return tuple(rows[:-1])

    def _gaps(self) -> Iterator[tuple[range, range, tuple[int, int]]]:
        """Stretches between two pairs, each with the pair that ends it; the last with the ends of both lists."""
        old, new = 0, 0
        for pair in (*self._pairs, (len(self._old), len(self._new))):
            yield range(old, pair[0]), range(new, pair[1]), pair
            old, new = pair[0] + 1, pair[1] + 1

    def _pair_gaps(self, pair: Callable[[list[int], list[int]], Pairs]) -> None:
        """Pair some of what is left between the pairs there are."""
        pairs: Pairs = []
        for before, after, end in self._gaps():
            left = [i for i in before if i not in self._moved_to]
            right = [j for j in after if j not in self._moved_from]
            if left and right:
                pairs += [(left[i], right[j]) for i, j in pair(left, right)]
            pairs.append(end)
        self._pairs = pairs[:-1]

    def _same_content(self, left: list[int], right: list[int]) -> Pairs:
        return common([self._old[i].content for i in left], [self._new[j].content for j in right])

    def _alike(self, left: list[int], right: list[int]) -> Pairs:
        def score(i: int, j: int) -> float:
            alike = _likeness(self._old[left[i]], self._new[right[j]])
            return alike if alike >= ALIKE else 0.0

        return best_pairs(len(left), len(right), score)

    def _same_kind(self, left: list[int], right: list[int]) -> Pairs:
        def score(i: int, j: int) -> float:
            old, new = self._old[left[i]], self._new[right[j]]
            return SAME_KIND + _likeness(old, new) if old.kind == new.kind else 0.0

        return best_pairs(len(left), len(right), score)

    def _find_moves(self) -> None:
        """Steps that do the same in another place."""
        left, right = self._left()
        waiting: dict[Hashable, list[int]] = defaultdict(list)
        for i in left:
            waiting[self._old[i].content].append(i)
        for j in right:
            if found := waiting[self._new[j].content]:
                self._move(found.pop(0), j)

    def _find_edited_moves(self) -> None:
        """Steps that do nearly the same in another place, the most alike first."""
        left, right = self._left()
        if len(left) * len(right) > MOST_SCORES:
            return
        scored = [(_likeness(self._old[i], self._new[j]), i, j) for i in left for j in right]
        for alike, i, j in sorted(scored, key=lambda each: -each[0]):
            if alike >= MOVED_ALIKE and i not in self._moved_to and j not in self._moved_from:
                self._move(i, j)

    def _move(self, old: int, new: int) -> None:
        self._moved_to[old], self._moved_from[new] = new, old

    def _left(self) -> tuple[list[int], list[int]]:
        """Steps that are neither paired nor moved."""
        old, new = {i for i, _ in self._pairs}, {j for _, j in self._pairs}
        left = [i for i in range(len(self._old)) if i not in old and i not in self._moved_to]
        return left, [j for j in range(len(self._new)) if j not in new and j not in self._moved_from]


class _Known:
    """A step with what it is compared by; equal keys are those of `Step.key`, but cost no text of the step."""

    def __init__(self, step: Step) -> None:
        self.step = step
        self.kind = (step.kind, step.tool or step.role)
        self.content = (step.role, step.text, step.tool, step.kind, step.thought, hashable(step.arguments))
        expected = None if step.expected is None else (step.expected.text, step.expected.failed)
        self.key = (self.content, expected, step.turn, step.plan_step)
        self._features: frozenset[int] | None = None

    @property
    def features(self) -> frozenset[int]:
        if self._features is None:
            self._features = features([self.step.arguments, self.step.text, self.step.thought])
        return self._features


def _likeness(left: _Known, right: _Known) -> float:
    return likeness(left.features, right.features) if left.kind == right.kind else 0.0


def _one_by_one(left: list[int], right: list[int]) -> Pairs:
    """Where as many steps go as come, each takes the place of one."""
    return [(i, i) for i in range(len(left))] if len(left) == len(right) else []
