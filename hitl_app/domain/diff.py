"""Step-aligned difference of two trajectories: the inverse of applying hunks."""

from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from hitl_app.domain.hunk import Hunk, Operator
from hitl_app.domain.trajectory import Step


def diff_steps(base: Sequence[Step], revised: Sequence[Step]) -> tuple[Hunk, ...]:
    """Hunks that make one list of steps of another.

    The inverse of applying: `apply_hunks(base, diff_steps(base, revised)).steps` is `revised`.
    """
    old, new = [step.key for step in base], [step.key for step in revised]
    hunks: list[Hunk] = []
    for tag, start, end, other_start, other_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            hunks.extend(_pair(start, base[start:end], revised[other_start:other_end]))
    return tuple(_find_moves(hunks))


def _pair(start: int, before: Sequence[Step], after: Sequence[Step]) -> list[Hunk]:
    """Split one changed block into hunks of one step each where steps correspond."""
    pairs = SequenceMatcher(None, [_shape(s) for s in before], [_shape(s) for s in after], autojunk=False)
    hunks: list[Hunk] = []
    for tag, i1, i2, j1, j2 in pairs.get_opcodes():
        if tag == "equal" or (tag == "replace" and i2 - i1 == j2 - j1):
            for offset in range(i2 - i1):
                index = start + i1 + offset
                old, new = before[i1 + offset], after[j1 + offset]
                hunks.append(Hunk(change_operator(old, new), index, index + 1, (old,), (new,)))
        else:
            hunks.extend(_uneven(start + i1, before[i1:i2], after[j1:j2]))
    return hunks


def _uneven(start: int, before: Sequence[Step], after: Sequence[Step]) -> list[Hunk]:
    """Take out each step alone; put in each step alone, in front of the block."""
    inserts = [Hunk(Operator.INSERT, start, start, (), (step,)) for step in after]
    deletes = [
        Hunk(Operator.DELETE, start + offset, start + offset + 1, (step,), ()) for offset, step in enumerate(before)
    ]
    return [*inserts, *deletes]


def _shape(step: Step) -> tuple[str, str]:
    return (step.kind, step.tool or step.role)


def change_operator(old: Step, new: Step) -> Operator:
    """`set_argument` where only argument values of the same call differ, else `replace`."""
    if old.is_action and new.is_action and replace(old, arguments=new.arguments, expected=new.expected).key == new.key:
        return Operator.SET_ARGUMENT
    return Operator.REPLACE


def _find_moves(hunks: list[Hunk]) -> list[Hunk]:
    """Join a deletion and an insertion of the same step into a move.

    Steps put in at one place keep their order, so an insertion becomes a move in its own position of the list.
    """
    deleted: dict[str, list[Hunk]] = {}
    for hunk in hunks:
        if hunk.operator is Operator.DELETE:
            deleted.setdefault(hunk.before[0].key, []).append(hunk)
    joined: set[int] = set()
    result: list[Hunk] = []
    for hunk in hunks:
        candidates = deleted.get(hunk.after[0].key, []) if hunk.operator is Operator.INSERT else []
        if candidates:
            source = candidates.pop(0)
            joined.add(id(source))
            result.append(Hunk(Operator.MOVE, source.start, source.end, source.before, hunk.after, to=hunk.start))
        else:
            result.append(hunk)
    return [hunk for hunk in result if id(hunk) not in joined]
