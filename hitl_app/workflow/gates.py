"""Gates of a run: asked where the face lives, and every passage put on record."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar

from hitl_app.domain.codec import gradient_to_json
from hitl_app.domain.hunk import Hunk
from hitl_app.domain.inspection import Gradient, Inspection
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.model import Usage
from hitl_app.domain.ports import Approval, Clock, Gate, Guidance, Judgement, Store
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.routing import Route, RoutedStage
from hitl_app.domain.run import GateName, Passage
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import Trajectory
from hitl_app.workflow.threads import Threads

T = TypeVar("T")

Pass = tuple[GateName, str, int]
"""Which gate, asked about which trajectory, in which iteration: what rules answer there is on record once a run."""


def pass_of(passage: Passage) -> Pass:
    """Where a passage was."""
    return passage.gate, passage.trajectory_id, passage.iteration


class FaceGate:
    """A gate that lives in another event loop than the one that asks it, such as Qt's."""

    def __init__(self, gate: Gate, loop: asyncio.AbstractEventLoop) -> None:
        self._gate = gate
        self._loop = loop

    @property
    def who(self) -> str:
        """The annotator's name, or the name of the rules."""
        return self._gate.who

    async def choose(self, task: Task, candidates: Sequence[tuple[Trajectory, Inspection]]) -> int:
        """PLAN."""
        return await self._there(self._gate.choose(task, candidates))

    async def guide(self, base: Trajectory, inspection: Inspection, locked: int) -> Guidance:
        """INSPECT."""
        return await self._there(self._gate.guide(base, inspection, locked))

    async def review(self, base: Trajectory, inspection: Inspection, proposal: Proposal) -> tuple[Hunk, ...]:
        """EVOLVE."""
        return await self._there(self._gate.review(base, inspection, proposal))

    async def approve(self, judgement: Judgement) -> Approval:
        """ACCEPT."""
        return await self._there(self._gate.approve(judgement))

    async def route(self, task: Task, stage: RoutedStage) -> Route:
        """ROUTE."""
        return await self._there(self._gate.route(task, stage))

    async def verify(self, trajectory: Trajectory, inspection: Inspection) -> tuple[Gradient, ...]:
        """VERIFY."""
        return await self._there(self._gate.verify(trajectory, inspection))

    async def _there(self, question: Coroutine[Any, Any, T]) -> T:  # what a coroutine is sent is asyncio's matter
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(question, self._loop))


class RecordedGate:
    """Records every passage through a gate: who, when, how long, what changed, and what was spent by then.

    Attributes:
        iteration: Of the loop that asks; set by who follows its events.
    """

    def __init__(
        self,
        gate: Gate,
        *,
        store: Store,
        threads: Threads,
        clock: Clock,
        run_id: str,
        spent: Callable[[], Usage],
        passed: frozenset[Pass] = frozenset(),
    ) -> None:
        """Stand before a gate.

        Args:
            gate: Who decides.
            store: Where passages are kept.
            threads: Where the store runs.
            clock: Gives their times.
            run_id: The run that they belong to.
            spent: What the task has consumed by now.
            passed: Passages that were on record when a run was resumed, and that are not recorded again.
        """
        self._gate = gate
        self._store = store
        self._threads = threads
        self._clock = clock
        self._run_id = run_id
        self._spent = spent
        self._passed = passed
        self.iteration = 0

    @property
    def who(self) -> str:
        """The annotator's name, or the name of the rules."""
        return self._gate.who

    async def choose(self, task: Task, candidates: Sequence[tuple[Trajectory, Inspection]]) -> int:
        """PLAN."""
        started = time.monotonic()
        number = await self._gate.choose(task, candidates)
        changed: JsonObject = {"candidate": number, "of": len(candidates)}
        await self._keep(GateName.PLAN, candidates[number][0].id, started, changed)
        return number

    async def guide(self, base: Trajectory, inspection: Inspection, locked: int) -> Guidance:
        """INSPECT."""
        started = time.monotonic()
        guidance = await self._gate.guide(base, inspection, locked)
        await self._keep(GateName.INSPECT, base.id, started, _guided(inspection, locked, guidance))
        return guidance

    async def review(self, base: Trajectory, inspection: Inspection, proposal: Proposal) -> tuple[Hunk, ...]:
        """EVOLVE."""
        started = time.monotonic()
        hunks = await self._gate.review(base, inspection, proposal)
        kept = [number for number, hunk in enumerate(proposal.hunks) if hunk in hunks]
        changed: JsonObject = {"kept": kept, "of": len(proposal.hunks), "own": len(hunks) - len(kept)}
        await self._keep(GateName.EVOLVE, base.id, started, changed if hunks != proposal.hunks else {})
        return hunks

    async def approve(self, judgement: Judgement) -> Approval:
        """ACCEPT."""
        started = time.monotonic()
        approval = await self._gate.approve(judgement)
        changed: dict[str, Any] = {}
        if approval.taken != judgement.accepted:
            changed = {"taken": approval.taken, "override": approval.override, "reason": approval.reason}
        await self._keep(GateName.ACCEPT, judgement.candidate.id, started, changed)
        return approval

    async def route(self, task: Task, stage: RoutedStage) -> Route:
        """ROUTE."""
        started = time.monotonic()
        route = await self._gate.route(task, stage)
        changed: JsonObject = {}
        if route != Route():
            said = {"action": route.action, "guideline": route.guideline, "reason": route.reason}
            changed = {"stage": stage.stage, "step": stage.step, "attempt": stage.attempt, **said}
        await self._keep(GateName.ROUTE, stage.start_id, started, changed)
        return route

    async def verify(self, trajectory: Trajectory, inspection: Inspection) -> tuple[Gradient, ...]:
        """VERIFY."""
        started = time.monotonic()
        missed = await self._gate.verify(trajectory, inspection)
        changed: JsonObject = {"missed": [gradient_to_json(gradient) for gradient in missed]} if missed else {}
        await self._keep(GateName.VERIFY, trajectory.id, started, changed)
        return missed

    async def _keep(self, gate: GateName, trajectory_id: str, started: float, changed: JsonObject) -> None:
        passage = Passage(
            gate,
            trajectory_id,
            self.iteration,
            self._gate.who,
            time.monotonic() - started,
            changed,
            self._spent(),
            self._clock.now(),
        )
        # A cascade asks about each stage once in a run, also where that is resumed.
        if gate is GateName.ROUTE or pass_of(passage) not in self._passed:
            await self._threads.record(self._store.save_passage, self._run_id, passage)


def _guided(inspection: Inspection, locked: int, guidance: Guidance) -> JsonObject:
    before, after = inspection, guidance.inspection
    changed: dict[str, Any] = {}
    if before.earliest_cause != after.earliest_cause:
        changed["blame"] = [before.earliest_cause, after.earliest_cause]
    if locked != guidance.locked:
        changed["locked"] = [locked, guidance.locked]
    known, left = {g.id for g in before.gradients}, {g.id for g in after.gradients}
    if left - known:
        changed["added"] = [gradient_to_json(g) for g in after.gradients if g.id not in known]
    if known - left:
        changed["dismissed"] = sorted(known - left)
    return changed
