"""EVOLVE with a model."""

from hitl_app.domain.model import ModelError
from hitl_app.domain.ports import ModelClient, Prompts, ProposalRequest
from hitl_app.domain.proposal import Proposal


class ModelProposer:
    """Implements `domain.ports.Proposer`."""

    def __init__(self, client: ModelClient, prompts: Prompts) -> None:
        self._client = client
        self._prompts = prompts

    @property
    def name(self) -> str:
        """Name and version."""
        return "model/1"

    @property
    def deterministic(self) -> bool:
        """It is not."""
        return False

    async def propose(self, request: ProposalRequest) -> Proposal:
        """A proposal."""
        raise ModelError("being built")
