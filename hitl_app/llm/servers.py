"""OpenAI-compatible servers."""

from dataclasses import replace

from hitl_app.domain.endpoints import server_url
from hitl_app.domain.model import Capabilities, ModelEndpoint, ModelUnavailableError
from hitl_app.domain.ports import CallKeeper, Clock, ModelClient, SecretStore
from hitl_app.llm.client import OpenAIClient
from hitl_app.llm.line import Line
from hitl_app.llm.manner import Manner
from hitl_app.llm.probing import Probe

FIRST_PAUSE = 0.5
"""Seconds before the first new attempt; it doubles with each further one."""


class OpenAIServers:
    """Implements `domain.ports.ModelServers`. Belongs to one event loop."""

    def __init__(self, secrets: SecretStore, clock: Clock, first_pause: float = FIRST_PAUSE) -> None:
        self._secrets = secrets
        self._clock = clock
        self._first_pause = first_pause
        self._lines: dict[tuple[str, int], Line] = {}

    def client(self, endpoint: ModelEndpoint, capabilities: Capabilities, keeper: CallKeeper) -> ModelClient:
        """A client of a model.

        Raises:
            ModelUnavailableError: The base URL is none.
        """
        endpoint = replace(endpoint, base_url=server_url(endpoint.base_url))
        manner = Manner.first(endpoint, capabilities)
        return OpenAIClient(
            self._line(endpoint),
            endpoint,
            manner=manner,
            keeper=keeper,
            clock=self._clock,
            first_pause=self._first_pause,
        )

    async def probe(self, endpoint: ModelEndpoint) -> Capabilities:
        """Ask a server what it can do, with a few short calls. What does not work is said in the answer."""
        try:
            endpoint = replace(endpoint, base_url=server_url(endpoint.base_url))
            return await Probe(self._line(endpoint), endpoint, self._first_pause).run()
        except ModelUnavailableError as error:
            return Capabilities(problem=str(error))

    async def close(self) -> None:
        """Close all connections."""
        lines, self._lines = self._lines, {}
        for line in lines.values():
            await line.close()

    def _line(self, endpoint: ModelEndpoint) -> Line:
        key = (endpoint.base_url, endpoint.concurrency)
        if key not in self._lines:
            self._lines[key] = Line(endpoint.base_url, self._secrets, endpoint.concurrency)
        return self._lines[key]
