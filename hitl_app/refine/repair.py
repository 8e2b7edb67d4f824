"""The offline repairer: a proposer that needs no model and no network.

A deterministic, bounded search over the edit operators (`refine.candidates`). It tries single edits on the best
trajectory so far and executes each; what improves on it by the rule of acceptance is gone on with. Where that leads
nowhere, it comes back to the trajectories before: the worse one of them is and the more was tried on it in vain, the
later. It ends when nothing is left to repair or to try, or when the executions are used up. What a search finds in so
many executions, a longer one finds in as many: the budget only says where it is cut off.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from hitl_app.domain.diff import diff_steps
from hitl_app.domain.hunk import Hunk
from hitl_app.domain.inspection import Inspection
from hitl_app.domain.jsontypes import canonical
from hitl_app.domain.ports import ProposalRequest
from hitl_app.domain.proposal import Cost, Proposal
from hitl_app.domain.trajectory import Step, Trajectory
from hitl_app.refine.accept import describe_difference, judge
from hitl_app.refine.candidates import Edit, edits
from hitl_app.refine.values import ValuePool

NAME = "repair/2"

PREFERENCE = 3
"""Edits that are tried on a trajectory for each one on a trajectory with one unmet goal or hard constraint more."""


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


@dataclass(eq=False)
class _Node:
    """A trajectory that improves on the one it was made of, with what is left to try on it.

    Attributes:
        tried: Edits of it that were executed.
    """

    trajectory: Trajectory
    inspection: Inspection
    edits: Iterator[Edit]
    tried: int = 0


class _Search:
    """One search. Keeps what was tried, so that no candidate is executed twice."""

    def __init__(self, request: ProposalRequest) -> None:
        self._request = request
        self._seen = {_key(request.base.steps)}
        self._tried: list[str] = []
        self._actions = 0
        self._best = self._node(request.base, request.inspection)
        self._open = [self._best]

    async def run(self) -> Proposal:
        started = time.perf_counter()
        request = self._request
        while self._open and not _perfect(self._best.inspection):
            if len(self._tried) >= request.max_executions or request.cancelled():
                break
            await self._try(self._next())
        best = self._best
        hunks = explained_hunks(request.base.steps, best.trajectory.steps, request.inspection)
        return Proposal(
            base_id=request.base.id,
            hunks=hunks,
            proposer=NAME,
            cost=Cost(len(self._tried), self._actions, time.perf_counter() - started),
            losses=best.inspection.losses if hunks else None,
            tried=tuple(self._tried),
            settings={"max_executions": request.max_executions, "locked": request.locked},
        )

    def _node(self, trajectory: Trajectory, inspection: Inspection) -> _Node:
        request = self._request
        pool = ValuePool(request.task, trajectory, inspection, request.tools)
        return _Node(trajectory, inspection, edits(trajectory, inspection, pool, request.locked))

    def _next(self) -> _Node:
        """Where to go on: the better a trajectory, and the less was tried on it in vain, the sooner.

        Once every goal and hard constraint holds, only what holds them, too, is worth going on with.
        """
        unmet = _worth(self._best.inspection)[0]
        if unmet == 0:
            self._open = [node for node in self._open if _worth(node.inspection)[0] == 0]

        def turn(node: _Node) -> tuple[int, ...]:
            worth = _worth(node.inspection)
            return node.tried * PREFERENCE ** (worth[0] - unmet), *worth

        return min(self._open, key=turn)

    async def _try(self, node: _Node) -> None:
        """Execute the next edit of a trajectory; what improves on it is gone on with, too."""
        edit = self._new_edit(node)
        if edit is None:
            self._open.remove(node)
            return
        candidate = replace(
            node.trajectory, steps=edit.steps, parent_id=self._request.base.id, carried_over=frozenset()
        )
        result = await self._request.inspect(candidate)
        node.tried += 1
        self._actions += len(candidate.actions)
        self._tried.append(f"{edit.description}: {describe_difference(node.inspection, result)}")
        before, after = _worth(node.inspection), _worth(result)
        if judge(node.inspection, result).accepted and after < before:
            child = self._node(candidate, result)
            if after[0] < before[0] or after[0] == 0:  # else only what counts less is better: that can wait
                self._open.append(child)
            if after < _worth(self._best.inspection):
                self._best = child

    def _new_edit(self, node: _Node) -> Edit | None:
        for edit in node.edits:
            key = _key(edit.steps)
            if key not in self._seen:
                self._seen.add(key)
                return edit
        return None


def explained_hunks(base: Sequence[Step], revised: Sequence[Step], inspection: Inspection) -> tuple[Hunk, ...]:
    """Hunks that make one list of steps of another, each with the gradients of the base that it answers."""
    return tuple(_explained(hunk, inspection) for hunk in diff_steps(base, revised))


def _explained(hunk: Hunk, inspection: Inspection) -> Hunk:
    """Name the gradients that the hunk answers: those of its steps, else those of the whole plan."""
    gradients = inspection.gradients
    here = [g.id for g in gradients if g.step_index is not None and hunk.start <= g.step_index < hunk.end]
    return replace(hunk, gradient_ids=tuple(here or (g.id for g in gradients if g.step_index is None)))


def _worth(inspection: Inspection) -> tuple[int, ...]:
    """The order without discrepancy: leaving out a look-up only because it answers otherwise repairs nothing."""
    return inspection.losses.rank[:3]


def _perfect(inspection: Inspection) -> bool:
    return not any(_worth(inspection))


def _key(steps: Sequence[Step]) -> str:
    return canonical([step.content for step in steps])
