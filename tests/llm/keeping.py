"""A keeper in memory, and short ways to ask a model."""

import asyncio
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar

from model_scripts import KEY
from serving import Served

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.model import (
    Answering,
    Capabilities,
    ChatMessage,
    ModelAnswer,
    ModelCall,
    ModelEndpoint,
    ModelRequest,
    Price,
    Purpose,
    Usage,
)
from hitl_app.domain.ports import ModelClient
from hitl_app.domain.task import ToolSpec
from hitl_app.llm.servers import OpenAIServers
from hitl_app.system.clock import SystemClock
from hitl_app.system.secrets import Secrets

T = TypeVar("T")

COUNTED_SECONDS = 5.0
"""Within which a server has counted what it was asked."""

PLACE: JsonObject = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "nights": {"type": "integer"}},
    "required": ["city", "nights"],
    "additionalProperties": False,
}
LOOKUP = ToolSpec("lookup", "Looks up a city.", {"type": "object", "properties": {"city": {"type": "string"}}})


NOT_PROBED = Capabilities()


@dataclass(frozen=True)
class Settings:
    """Of an endpoint."""

    timeout: float = 5.0
    retries: int = 2
    concurrency: int = 4
    price: Price | None = None
    answering: Answering | None = None


USUAL = Settings()


@dataclass
class Keeper:
    """Implements `domain.ports.CallKeeper`: keeps calls in a list and in a dictionary."""

    calls: list[ModelCall] = field(default_factory=list)
    recalled: list[ModelCall] = field(default_factory=list)
    admitted: list[tuple[int, int]] = field(default_factory=list)
    reserved: int = 0
    allowed: int | None = None

    async def recall(self, key: str) -> ModelCall | None:
        return next((call for call in self.calls if call.key == key and not call.error), None)

    async def admit(self, tokens_in: int, max_tokens: int) -> int:
        allowed = max_tokens if self.allowed is None else min(max_tokens, self.allowed)
        self.admitted.append((tokens_in, allowed))
        self.reserved += tokens_in + allowed
        return allowed

    def release(self, tokens_in: int, max_tokens: int) -> None:
        self.reserved -= tokens_in + max_tokens

    async def keep(self, call: ModelCall, *, recalled: bool = False) -> None:
        (self.recalled if recalled else self.calls).append(call)

    @property
    def usage(self) -> Usage:
        return sum((call.usage for call in self.calls), Usage())


@dataclass
class Desk:
    """Models of one server with one keeper, for one test."""

    served: Served
    servers: OpenAIServers
    keeper: Keeper = field(default_factory=Keeper)

    def endpoint(self, model: str, settings: Settings = USUAL) -> ModelEndpoint:
        return ModelEndpoint(
            self.served.base_url,
            model,
            price=settings.price,
            timeout=settings.timeout,
            retries=settings.retries,
            concurrency=settings.concurrency,
            answering=settings.answering,
        )

    def client(self, model: str, settings: Settings = USUAL, capabilities: Capabilities = NOT_PROBED) -> ModelClient:
        return self.servers.client(self.endpoint(model, settings), capabilities, self.keeper)

    def run(self, work: Coroutine[Any, Any, T], seconds: float = 10.0) -> T:  # what it is sent is asyncio's matter
        """Run a test's coroutine, and close the connections; one that hangs fails."""

        async def within() -> T:
            try:
                async with asyncio.timeout(seconds):
                    return await work
            finally:
                await self.servers.close()

        return asyncio.run(within())

    def ask(self, model: str, request: ModelRequest | None = None, settings: Settings = USUAL) -> ModelAnswer:
        """The answer to one question."""
        return self.run(self.client(model, settings).ask(request or question()))

    def counts(self, model: str) -> dict[str, Any]:  # parsed JSON, as the server describes it
        """What the server counted for a model. It counts a request once it lets go, maybe after a client that left."""
        deadline = time.monotonic() + COUNTED_SECONDS
        while model not in (by_model := self.served.counters()["by_model"]) and time.monotonic() < deadline:
            pass
        counts: dict[str, Any] = by_model[model]  # parsed JSON
        return counts


def open_desk(served: Served) -> Desk:
    """Models that pause for hundredths of a second only."""
    return Desk(served, OpenAIServers(Secrets({"HITL_APP_API_KEY": KEY}), SystemClock(), first_pause=0.02))


def question(
    text: str = "where to?",
    *,
    prompt: str = "",
    tools: tuple[ToolSpec, ...] = (),
    schema: JsonObject | None = None,
    sample: int = 0,
) -> ModelRequest:
    return ModelRequest(Purpose.TEST, (ChatMessage("user", text),), prompt, tools, schema, sample=sample)
