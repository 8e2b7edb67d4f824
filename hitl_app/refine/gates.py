"""Gates: where someone decides in the loop. A gate answers from a rule, from the window, or from a script."""

from hitl_app.domain.inspection import Inspection
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.trajectory import Trajectory


class AutomaticGate:
    """Takes whatever the rule of acceptance allows: the autonomous run."""

    async def decide(self, proposal: Proposal, candidate: Trajectory, inspection: Inspection) -> bool:
        """Always yes; the rule has its say all the same."""
        return True
