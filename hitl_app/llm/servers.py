"""OpenAI-compatible servers."""

from hitl_app.domain.model import Capabilities, ModelEndpoint
from hitl_app.domain.ports import CallKeeper, Clock, ModelClient, SecretStore


class OpenAIServers:
    """Implements `domain.ports.ModelServers`."""

    def __init__(self, secrets: SecretStore, clock: Clock) -> None:
        self._secrets = secrets

    def client(self, endpoint: ModelEndpoint, capabilities: Capabilities, keeper: CallKeeper) -> ModelClient:
        """A client of a model."""
        raise NotImplementedError

    async def probe(self, endpoint: ModelEndpoint) -> Capabilities:
        """Ask a server what it can do."""
        raise NotImplementedError

    async def close(self) -> None:
        """Close all connections."""
