"""The offline repairer: a proposer that needs no model and no network.

A deterministic, bounded search over the edit operators. Each round tries single edits on the best trajectory so far:
first without each of the steps that the gradients name; then with a call put in for what is missing; then, step by
step, with other arguments and in other places. Values that the findings speak of come first. Every candidate is
executed; the best by the loss order starts the next round. It ends when nothing is left to repair, when a round finds
nothing better, or when the executions are used up.
"""

import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from hitl_app.domain.diff import diff_steps
from hitl_app.domain.hunk import Hunk
from hitl_app.domain.inspection import Inspection, StepStatus
from hitl_app.domain.jsontypes import Json, canonical
from hitl_app.domain.ports import ProposalRequest
from hitl_app.domain.proposal import Cost, Proposal
from hitl_app.domain.trajectory import Step, Trajectory
from hitl_app.refine.accept import describe_difference, judge
from hitl_app.refine.values import Path, ValuePool, leaves, with_value

NAME = "repair/1"
FILLED = 24
"""Calls filled from a record that are put in before single steps are edited."""
MOVES = 4
"""Places on each side that a step is moved to, counted in actions."""


@dataclass(frozen=True, slots=True)
class _Edit:
    """One candidate of a round: the whole list of steps it leads to, and what was done in words."""

    steps: tuple[Step, ...]
    description: str


class Repairer:
    """Implements `domain.ports.Proposer`."""

    @property
    def name(self) -> str:
        """Name and version; the version changes when the same base may get another proposal."""
        return NAME

    @property
    def deterministic(self) -> bool:
        """It is."""
        return True

    async def propose(self, request: ProposalRequest) -> Proposal:
        """Search for a better trajectory; a proposal without hunks where none was found."""
        return await _Search(request).run()


class _Search:
    """One search. Keeps what was tried, so that no candidate is executed twice."""

    def __init__(self, request: ProposalRequest) -> None:
        self._request = request
        self._seen = {_key(request.base.steps)}
        self._tried: list[str] = []
        self._executions = 0
        self._actions = 0

    async def run(self) -> Proposal:
        started = time.perf_counter()
        request = self._request
        best, best_inspection = request.base, request.inspection
        while not _perfect(best_inspection):
            found = await self._round(best, best_inspection)
            if found is None:
                break
            best, best_inspection = found
        hunks = tuple(self._explain(hunk) for hunk in diff_steps(request.base.steps, best.steps))
        return Proposal(
            base_id=request.base.id,
            hunks=hunks,
            proposer=NAME,
            cost=Cost(self._executions, self._actions, time.perf_counter() - started),
            losses=best_inspection.losses if hunks else None,
            tried=tuple(self._tried),
            settings={"max_executions": request.max_executions, "locked": request.locked},
        )

    async def _round(self, base: Trajectory, inspection: Inspection) -> tuple[Trajectory, Inspection] | None:
        """The best single edit; the first one that lowers hard constraints and goals together ends the round."""
        best: tuple[Trajectory, Inspection] | None = None
        for edit in self._edits(base, inspection):
            if self._executions >= self._request.max_executions or self._request.cancelled():
                return best
            key = _key(edit.steps)
            if key in self._seen:
                continue
            self._seen.add(key)
            candidate = replace(base, steps=edit.steps, parent_id=self._request.base.id, carried_over=frozenset())
            result = await self._request.inspect(candidate)
            self._executions += 1
            self._actions += len(candidate.actions)
            self._tried.append(f"{edit.description}: {describe_difference(inspection, result)}")
            reference = best[1] if best else inspection
            if judge(reference, result).accepted and _worth(result) < _worth(reference):
                best = candidate, result
                if _perfect(result) or result.losses.rank[0] < inspection.losses.rank[0]:
                    return best
        return best

    def _edits(self, base: Trajectory, inspection: Inspection) -> Iterator[_Edit]:
        request = self._request
        pool = ValuePool(request.task, base, inspection, request.tools)
        focus = [index for index in focus_steps(base, inspection) if index >= request.locked]
        for index in focus:
            yield _Edit(_without(base.steps, index), f"delete step {index}")
        missing = not all(finding.steps for finding in inspection.unmet)
        if missing:
            yield from islice(_filled_insertions(base, inspection, pool, request.locked), FILLED)
        for index in focus:
            yield from _step_edits(base, index, pool, request.locked)
        if missing:
            yield from _insertions(base, inspection, pool, request.locked)

    def _explain(self, hunk: Hunk) -> Hunk:
        """Name the gradients that the hunk answers: those of its steps, else those of the whole plan."""
        gradients = self._request.inspection.gradients
        here = [g.id for g in gradients if g.step_index is not None and hunk.start <= g.step_index < hunk.end]
        return replace(hunk, gradient_ids=tuple(here or (g.id for g in gradients if g.step_index is None)))


def focus_steps(base: Trajectory, inspection: Inspection) -> list[int]:
    """Actions in the order in which they deserve an edit.

    First those that unmet hard constraints and goals name, then failed ones, then those that soft constraints name,
    then every action that changed the state, the latest first.
    """
    by_weight = sorted(inspection.unmet, key=lambda finding: finding.kind == "soft")
    hard = [step for finding in by_weight if finding.kind != "soft" for step in finding.steps]
    soft = [step for finding in by_weight if finding.kind == "soft" for step in finding.steps]
    executed = inspection.execution.steps
    failed = [index for index in base.actions if executed[index].status is StepStatus.FAILED]
    writes = [i for i in reversed(base.actions) if (observed := executed[i].observation) and observed.changed]
    return [index for index in dict.fromkeys([*hard, *failed, *soft, *writes]) if base.steps[index].is_action]


def _in_turns(families: Sequence[Iterator[_Edit]]) -> Iterator[_Edit]:
    """One edit of each family in turn, the first family first: no step uses up the executions of the others."""
    waiting = deque(families)
    while waiting:
        family = waiting.popleft()
        edit = next(family, None)
        if edit is not None:
            yield edit
            waiting.append(family)


def _step_edits(base: Trajectory, index: int, pool: ValuePool, locked: int) -> Iterator[_Edit]:
    """Edits of one step: one argument each, several from one record, another place; in turns."""
    step = base.steps[index]
    changes = [_argument_edits(base, index, path, present, pool) for path, present in leaves(step.arguments)]
    yield from _in_turns([*changes, _filled(base, index, pool), _moves(base, index, locked)])


def _argument_edits(base: Trajectory, index: int, path: Path, present: Json, pool: ValuePool) -> Iterator[_Edit]:
    step = base.steps[index]
    for value in pool.alternatives(step.tool, path, present):
        changed = replace(step, arguments=with_value(step.arguments, path, value), expected=None)
        where = ".".join(map(str, path))
        yield _Edit(_with(base.steps, index, changed), f"set {where} of step {index} to {canonical(value)[:60]}")


def _filled(base: Trajectory, index: int, pool: ValuePool) -> Iterator[_Edit]:
    step = base.steps[index]
    for arguments in pool.fillings(step.arguments):
        changed = replace(step, arguments=arguments, expected=None)
        yield _Edit(_with(base.steps, index, changed), f"set step {index} to {canonical(arguments)[:90]}")


def _moves(base: Trajectory, index: int, locked: int) -> Iterator[_Edit]:
    others = [other for other in base.actions if other != index and other >= locked]
    earlier = [other for other in reversed(others) if other < index][:MOVES]
    later = [other for other in others if other > index][:MOVES]
    for target in (*earlier, *later):
        rest = _without(base.steps, index)
        place = target  # behind a later action, which slides down by one when the step is taken out
        yield _Edit((*rest[:place], base.steps[index], *rest[place:]), f"move step {index} to {target}")


def _templates(base: Trajectory, inspection: Inspection) -> list[int]:
    """Calls to insert something like: failed ones first, then those that changed the state, the latest first."""
    executed = inspection.execution.steps
    failed = [i for i in base.actions if executed[i].status is StepStatus.FAILED]
    writes = [i for i in reversed(base.actions) if (observed := executed[i].observation) and observed.changed]
    return list(dict.fromkeys([*failed, *writes]))


def _filled_insertions(base: Trajectory, inspection: Inspection, pool: ValuePool, locked: int) -> Iterator[_Edit]:
    """For what is missing: a call like one that was made, filled from another record, after the last action."""
    place = max((index + 1 for index in base.actions), default=len(base.steps))
    tools: dict[str, Step] = {}
    for index in _templates(base, inspection):
        tools.setdefault(base.steps[index].tool, base.steps[index])
    if place >= locked:
        yield from _in_turns([_insertions_of(base, step, place, pool) for step in tools.values()])


def _insertions_of(base: Trajectory, step: Step, place: int, pool: ValuePool) -> Iterator[_Edit]:
    for arguments in pool.fillings(step.arguments):
        new = replace(step, arguments=arguments, expected=None, turn=None)
        yield _Edit(_inserted(base.steps, place, new), f"insert {step.tool} {canonical(arguments)[:90]}")


def _insertions(base: Trajectory, inspection: Inspection, pool: ValuePool, locked: int) -> Iterator[_Edit]:
    """For what is missing: a failed call again at the end, or a call like one that was made with one other value."""
    place = max((index + 1 for index in base.actions), default=len(base.steps))
    if place < locked:
        return
    for index in _templates(base, inspection):
        step = replace(base.steps[index], expected=None, turn=None)
        if inspection.execution.steps[index].status is StepStatus.FAILED:
            yield _Edit(_inserted(base.steps, place, step), f"repeat step {index} at the end")
        for path, present in leaves(step.arguments):
            for value in pool.alternatives(step.tool, path, present):
                new = replace(step, arguments=with_value(step.arguments, path, value))
                where = f"{'.'.join(map(str, path))}={canonical(value)[:60]}"
                yield _Edit(_inserted(base.steps, place, new), f"insert {step.tool} like step {index} with {where}")


def _worth(inspection: Inspection) -> tuple[int, ...]:
    """The order without discrepancy: leaving out a look-up only because it answers otherwise repairs nothing."""
    return inspection.losses.rank[:3]


def _perfect(inspection: Inspection) -> bool:
    return not any(_worth(inspection))


def _key(steps: Sequence[Step]) -> str:
    return canonical([step.content for step in steps])


def _with(steps: Sequence[Step], index: int, step: Step) -> tuple[Step, ...]:
    return (*steps[:index], step, *steps[index + 1 :])


def _without(steps: Sequence[Step], index: int) -> tuple[Step, ...]:
    return (*steps[:index], *steps[index + 1 :])


def _inserted(steps: Sequence[Step], place: int, step: Step) -> tuple[Step, ...]:
    return (*steps[:place], step, *steps[place:])
