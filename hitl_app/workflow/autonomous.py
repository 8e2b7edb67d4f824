"""The autonomous run: the loop with an automatic gate, each decision recorded under the gate's own name."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from hitl_app.domain.inspection import Inspection
from hitl_app.domain.loss import LossVector
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.trajectory import Trajectory
from hitl_app.refine.gates import AutomaticGate
from hitl_app.refine.loop import Inspected, Judged, Outcome, Proposed, Stages, Stopped, Verified, refine
from hitl_app.refine.verify import Verification
from hitl_app.workflow.library import Library
from hitl_app.workflow.refinement import Candidate, Refinement
from hitl_app.workflow.review import Maker, Review

__all__ = ["GATE", "Autonomous", "Outcome", "Refined"]

GATE = "automatic gate"


@dataclass(frozen=True)
class Refined:
    """What the loop made of one lineage."""

    root_id: str
    task: str
    outcome: Outcome
    stopped_by: str
    before: LossVector
    after: LossVector
    executions: int


class Autonomous:
    """Runs the loop over lineages, one after the other."""

    def __init__(self, library: Library, refinement: Refinement, review: Review) -> None:
        self._library = library
        self._refinement = refinement
        self._review = review

    async def refine(self, root_ids: list[str], max_iterations: int = 3) -> AsyncIterator[Refined]:
        """Refine the heads of these lineages; yields a result for each. What a person decided on is left alone."""
        for root_id in root_ids:
            if not await self._decided_by_a_person(root_id):
                yield await self._refine_one(root_id, max_iterations)

    async def _decided_by_a_person(self, root_id: str) -> bool:
        return any(entry.decision.annotator != GATE for entry in await self._review.entries(root_id))

    async def _refine_one(self, root_id: str, max_iterations: int) -> Refined:
        row = await self._library.row(root_id)
        opened = await self._library.open(row.head_id)
        recorded = (await self._refinement.inspect(root_id))[0].inspection
        last, executions, verification = recorded, 0, None
        async for event in refine(opened.trajectory, self._stages(), AutomaticGate(), max_iterations):
            match event:
                case Inspected(inspection=inspection):
                    last = inspection
                case Proposed(proposal=proposal):
                    executions += proposal.cost.executions
                case Judged():
                    await self._record(event)
                    last = event.inspection if event.taken else last
                case Verified():
                    verification = event.verification
                case Stopped(outcome=outcome, stopped_by=stopped_by, best=best):
                    if verification is not None:
                        await self._review.record_verification(best.id, verification, Maker(GATE, stopped_by))
                    title = f"{opened.task.key} {opened.task.title}"
                    return Refined(root_id, title, outcome, stopped_by, recorded.losses, last.losses, executions)
        raise AssertionError("the loop ends with Stopped")

    def _stages(self) -> Stages:
        refinement = self._refinement

        async def inspect(trajectory: Trajectory) -> Inspection:
            return await refinement.execute(trajectory)

        async def propose(base: Trajectory, inspection: Inspection) -> Proposal:
            return (await refinement.propose(base.id))[0]

        async def verify(trajectory: Trajectory, inspection: Inspection) -> Verification:
            return (await refinement.verify(trajectory.id))[0]

        return Stages(inspect, propose, verify)

    async def _record(self, event: Judged) -> None:
        candidate = Candidate(
            event.base,
            event.candidate,
            event.proposal.hunks,
            event.before,
            event.before,
            event.inspection,
            event.acceptance,
        )
        await self._review.settle(candidate, Maker(GATE, event.acceptance.explanation), proposal_id=event.proposal.id)
