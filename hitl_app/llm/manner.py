"""How a server wants to be asked: begun from what was probed, learned further from what it refuses."""

import re
from dataclasses import dataclass, replace

from hitl_app.domain.model import Answering, Capabilities, ModelEndpoint, ModelRequest

_UNKNOWN = ("support", "unknown", "unrecognized", "unexpected", "extra", "not permitted", "not allowed")
_TOO_LONG = ("context length", "context window", "context size", "too long")


@dataclass(frozen=True)
class Manner:
    """What a server is sent.

    Attributes:
        answering: How a structured answer is asked for.
        tools: Tools are sent as such; else they are described in the prompt.
        streaming: Answers are streamed.
        count_stream: A stream is asked for its tokens.
        seed: A seed is sent.
        temperature: A temperature is sent.
        newer_ceiling: The ceiling of tokens is sent as `max_completion_tokens`.
    """

    answering: Answering = Answering.SCHEMA
    tools: bool = True
    streaming: bool = True
    count_stream: bool = True
    seed: bool = True
    temperature: bool = True
    newer_ceiling: bool = False

    @classmethod
    def first(cls, endpoint: ModelEndpoint, capabilities: Capabilities) -> "Manner":
        """The manner that the settings and the probe suggest. What was never probed is tried."""
        unknown = capabilities.schema is None and capabilities.tools is None
        probed = Answering.SCHEMA if unknown else capabilities.answering
        return cls(
            answering=endpoint.answering or probed,
            tools=capabilities.tools is not False,
            streaming=capabilities.streaming is not False,
            seed=capabilities.seed is not False,
        )

    def after_refusal(self, reason: str, request: ModelRequest) -> "Manner | None":
        """The next manner to try where a server refused this request; None where another manner cannot help.

        A refusal that names a feature drops that feature; one that names none is blamed on the structured answer, then
        on the tools.
        """
        reason = reason.lower()
        if any(words in reason for words in _TOO_LONG):
            return None
        return self._without_named(reason, request) or self._less_structured(request)

    def _without_named(self, reason: str, request: ModelRequest) -> "Manner | None":
        unknown = any(word in reason for word in _UNKNOWN)
        if "stream_options" in reason and self.streaming and self.count_stream:
            return replace(self, count_stream=False)
        if "max_completion_tokens" in reason and not self.newer_ceiling and unknown:
            return replace(self, newer_ceiling=True)
        if "temperature" in reason and self.temperature and unknown:
            return replace(self, temperature=False)
        if "seed" in reason and self.seed and request.sampling.seed is not None and unknown:
            return replace(self, seed=False)
        if re.search(r"\bstream\b", reason) and self.streaming:
            return replace(self, streaming=False)
        return None

    def _less_structured(self, request: ModelRequest) -> "Manner | None":
        if request.schema is not None and self.answering is Answering.SCHEMA:
            return replace(self, answering=Answering.TOOL if self.tools else Answering.TEXT)
        if request.schema is not None and self.answering is Answering.TOOL:
            return replace(self, answering=Answering.TEXT)
        if request.tools and self.tools:
            return replace(self, tools=False)
        return None


def names_a_feature(reason: str) -> bool:
    """Whether an error that is no plain refusal speaks of a feature: some servers answer 404 or 500 to tools."""
    return any(
        word in reason.lower() for word in ("tool", "response_format", "json_schema", "grammar", "stream_options")
    )
