"""Gates: where someone decides in the loop. A gate answers from rules, from the window, or from a script."""

from collections.abc import Sequence

from hitl_app.domain.decision import AUTOMATIC
from hitl_app.domain.hunk import Hunk
from hitl_app.domain.inspection import Gradient, Inspection
from hitl_app.domain.loss import NotComparableError
from hitl_app.domain.ports import Approval, Guidance, Judgement
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.routing import Route, RoutedStage
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import Trajectory


class AutomaticGate:
    """Rules alone: the autonomous run. Takes whatever the rule of acceptance allows, and changes nothing."""

    @property
    def who(self) -> str:
        """The name of the rules."""
        return AUTOMATIC

    async def choose(self, task: Task, candidates: Sequence[tuple[Trajectory, Inspection]]) -> int:
        """The candidate with the least loss; the first of equals."""
        return least_loss([inspection for _, inspection in candidates])

    async def guide(self, base: Trajectory, inspection: Inspection, locked: int) -> Guidance:
        """The inspection as it is."""
        return Guidance(inspection, locked)

    async def review(self, base: Trajectory, inspection: Inspection, proposal: Proposal) -> tuple[Hunk, ...]:
        """All hunks."""
        return proposal.hunks

    async def approve(self, judgement: Judgement) -> Approval:
        """What the rule says."""
        return Approval(judgement.accepted)

    async def route(self, task: Task, stage: RoutedStage) -> Route:
        """What the threshold says."""
        return Route()

    async def verify(self, trajectory: Trajectory, inspection: Inspection) -> tuple[Gradient, ...]:
        """Nothing is missed."""
        return ()


def least_loss(inspections: Sequence[Inspection]) -> int:
    """Number of the inspection with the least loss, the first of equals; those that cannot be compared are skipped."""
    best = 0
    for number, inspection in enumerate(inspections[1:], 1):
        try:
            if inspection.losses.compare(inspections[best].losses) < 0:
                best = number
        except NotComparableError:
            continue
    return best
