"""Single edits of a trajectory that may repair it, likeliest first; nothing is executed here."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from hitl_app.domain.inspection import FindingKind, Inspection, StepStatus
from hitl_app.domain.jsontypes import Json, canonical
from hitl_app.domain.trajectory import Step, Trajectory
from hitl_app.refine.values import Path, ValuePool, leaves, with_value

MOVES = 4
"""Places on each side that a step is moved to, counted in actions."""

HEAD_START = 8
"""Edits that are tried of one step before the next one joins in."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One candidate: the whole list of steps it leads to, and what was done in words."""

    steps: tuple[Step, ...]
    description: str


def edits(base: Trajectory, inspection: Inspection, pool: ValuePool, locked: int) -> Iterator[Edit]:
    """All single edits from step `locked` on.

    First without each of the steps that failed or that the findings name; then other arguments and other places for
    all that may be at fault, calls to put in where something is missing, and the other steps left out, in turns.
    """
    focus = [index for index in focus_steps(base, inspection) if index >= locked]
    named = {step for finding in inspection.unmet for step in finding.steps} | set(_failed(base, inspection))
    likely = [index for index in focus if index in named] or focus
    yield from _deletions(base, likely)
    families = [_one_after_another(_step_edits(base, index, pool, locked) for index in focus)]
    texts = [finding.observed or finding.description for finding in inspection.unmet if not finding.steps]
    if texts:
        families.append(_one_after_another(_insertions(base, inspection, pool, text, locked) for text in texts))
        families.append(_repetitions(base, inspection, locked))
    families.append(_deletions(base, [index for index in focus if index not in likely]))
    yield from _in_turns(families)


def focus_steps(base: Trajectory, inspection: Inspection) -> list[int]:
    """Actions in the order in which they deserve an edit.

    First those that unmet hard constraints and goals name, then failed ones, then those that soft constraints name,
    then every action that changed the state, the latest first. A step that a finding names alone goes before those
    that one names together.
    """
    by_size = sorted(inspection.unmet, key=lambda finding: len(finding.steps))
    hard = [step for finding in by_size if finding.kind is not FindingKind.SOFT for step in finding.steps]
    soft = [step for finding in by_size if finding.kind is FindingKind.SOFT for step in finding.steps]
    named = dict.fromkeys([*hard, *_failed(base, inspection), *soft, *_writes(base, inspection)])
    return [index for index in named if base.steps[index].is_action]


def _deletions(base: Trajectory, indexes: Sequence[int]) -> Iterator[Edit]:
    for index in indexes:
        yield Edit(_without(base.steps, index), f"delete step {index}")


def _failed(base: Trajectory, inspection: Inspection) -> list[int]:
    return [index for index in base.actions if inspection.execution.steps[index].status is StepStatus.FAILED]


def _writes(base: Trajectory, inspection: Inspection) -> list[int]:
    executed = inspection.execution.steps
    return [i for i in reversed(base.actions) if (observed := executed[i].observation) and observed.changed]


def _in_turns(families: Sequence[Iterator[Edit]]) -> Iterator[Edit]:
    """One edit of each family in turn, the first family first: none uses up the executions of the others."""
    waiting = deque(families)
    while waiting:
        family = waiting.popleft()
        edit = next(family, None)
        if edit is not None:
            yield edit
            waiting.append(family)


def _one_after_another(families: Iterable[Iterator[Edit]]) -> Iterator[Edit]:
    """In turns, too, but each family joins in `HEAD_START` edits after the one before it: the first ones get most."""
    active, coming = deque[Iterator[Edit]](), iter(families)
    taken = 0
    while True:
        if not active or taken >= HEAD_START:
            active.extend(islice(coming, 1))
            taken = 0
        if not active:
            return
        family = active.popleft()
        edit = next(family, None)
        if edit is not None:
            yield edit
            taken += 1
            active.append(family)


def _step_edits(base: Trajectory, index: int, pool: ValuePool, locked: int) -> Iterator[Edit]:
    """Edits of one step: one argument each, several from one record, another place; in turns."""
    step = base.steps[index]
    changes = [_argument_edits(base, index, path, present, pool) for path, present in leaves(step.arguments)]
    yield from _in_turns([*changes, _filled(base, index, pool), _moves(base, index, locked)])


def _argument_edits(base: Trajectory, index: int, path: Path, present: Json, pool: ValuePool) -> Iterator[Edit]:
    step = base.steps[index]
    for value in pool.alternatives(step, path, present):
        changed = replace(step, arguments=with_value(step.arguments, path, value), expected=None)
        where = ".".join(map(str, path))
        yield Edit(_with(base.steps, index, changed), f"set {where} of step {index} to {canonical(value)[:60]}")


def _filled(base: Trajectory, index: int, pool: ValuePool) -> Iterator[Edit]:
    step = base.steps[index]
    for arguments in pool.fillings(step.arguments):
        changed = replace(step, arguments=arguments, expected=None)
        yield Edit(_with(base.steps, index, changed), f"set step {index} to {canonical(arguments)[:90]}")


def _moves(base: Trajectory, index: int, locked: int) -> Iterator[Edit]:
    others = [other for other in base.actions if other != index and other >= locked]
    earlier = [other for other in reversed(others) if other < index][:MOVES]
    later = [other for other in others if other > index][:MOVES]
    for target in (*earlier, *later):
        rest = _without(base.steps, index)
        place = target  # behind a later action, which slides down by one when the step is taken out
        yield Edit((*rest[:place], base.steps[index], *rest[place:]), f"move step {index} to {target}")


def _repetitions(base: Trajectory, inspection: Inspection, locked: int) -> Iterator[Edit]:
    """A failed call once more, after the last action."""
    place = _end(base)
    if place >= locked:
        for index in _failed(base, inspection):
            step = replace(base.steps[index], expected=None, turn=None)
            yield Edit(_inserted(base.steps, place, step), f"repeat step {index} at the end")


def _insertions(base: Trajectory, inspection: Inspection, pool: ValuePool, text: str, locked: int) -> Iterator[Edit]:
    """For what a finding misses: calls like those that were made, made to fit what it says, after the last action.

    Calls that need the least change come first: they say already most of what the finding speaks of.
    """
    place = _end(base)
    if place < locked:
        return
    by_tool: dict[str, list[Step]] = {}
    for index in dict.fromkeys([*_failed(base, inspection), *_writes(base, inspection)]):
        step = base.steps[index]
        by_tool.setdefault(step.tool, []).append(replace(step, expected=None, turn=None))
    for steps in by_tool.values():
        steps.sort(key=lambda step: -pool.said(step.arguments, text))
    yield from _in_turns(
        [
            _one_after_another(_variants(base, pool.fitted(step, text), place, pool, text) for step in steps)
            for steps in by_tool.values()
        ]
    )


def _variants(base: Trajectory, step: Step, place: int, pool: ValuePool, text: str) -> Iterator[Edit]:
    """A call to put in: as it is, then filled from another record, then with one other value.

    What the finding speaks of stays.
    """
    yield Edit(_inserted(base.steps, place, step), f"insert {step.tool} {canonical(step.arguments)[:90]}")
    others = [pool.fillings(step.arguments)]
    for path, present in leaves(step.arguments):
        if not pool.said(present, text):
            others.append([with_value(step.arguments, path, value) for value in pool.alternatives(step, path, present)])
    families = [
        (
            Edit(
                _inserted(base.steps, place, replace(step, arguments=arguments)),
                f"insert {step.tool} {canonical(arguments)[:90]}",
            )
            for arguments in found
        )
        for found in others
    ]
    yield from _in_turns(families)


def _end(base: Trajectory) -> int:
    return max((index + 1 for index in base.actions), default=len(base.steps))


def _with(steps: Sequence[Step], index: int, step: Step) -> tuple[Step, ...]:
    return (*steps[:index], step, *steps[index + 1 :])


def _without(steps: Sequence[Step], index: int) -> tuple[Step, ...]:
    return (*steps[:index], *steps[index + 1 :])


def _inserted(steps: Sequence[Step], place: int, step: Step) -> tuple[Step, ...]:
    return (*steps[:place], step, *steps[place:])
