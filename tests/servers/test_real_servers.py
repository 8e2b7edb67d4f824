"""The client on servers that people run. Their models are random: what they say is nonsense, how they say it is real.

Run it with `make test-servers`.
"""

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import pytest
from real_servers import RealServer, llama_cpp_server, transformers_serve

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.model import (
    AnswerError,
    Answering,
    Capabilities,
    ChatMessage,
    ModelCall,
    ModelEndpoint,
    ModelRequest,
    Purpose,
    Sampling,
    Usage,
)
from hitl_app.domain.ports import ModelClient
from hitl_app.llm.servers import OpenAIServers
from hitl_app.system.clock import SystemClock
from hitl_app.system.secrets import Secrets

pytestmark = pytest.mark.slow

T = TypeVar("T")

SERVERS = {"transformers": transformers_serve, "llama-cpp-python": llama_cpp_server}
TRIP: JsonObject = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "days": {"type": "integer", "minimum": 1, "maximum": 7}},
    "required": ["city", "days"],
    "additionalProperties": False,
}
VERDICT: JsonObject = {
    "type": "object",
    "properties": {"met": {"type": "boolean"}, "kind": {"enum": ["goal", "hard", "soft"]}},
    "required": ["met", "kind"],
    "additionalProperties": False,
}


def report(line: str) -> None:
    """What was seen, for whoever runs this."""
    sys.stdout.write(f"\n{line}\n")


@dataclass
class Kept:
    """Implements `domain.ports.CallKeeper`: admits every call and keeps it."""

    calls: list[ModelCall] = field(default_factory=list)

    async def recall(self, key: str) -> ModelCall | None:
        return None

    async def admit(self, tokens_in: int, max_tokens: int) -> int:
        return max_tokens

    def release(self, tokens_in: int, max_tokens: int) -> None:
        pass

    async def keep(self, call: ModelCall, *, recalled: bool = False) -> None:
        self.calls.append(call)

    @property
    def usage(self) -> Usage:
        return sum((call.usage for call in self.calls), Usage())


@dataclass
class Found:
    """A server with what the connection test found, and what was asked of it since."""

    server: RealServer
    capabilities: Capabilities
    kept: Kept = field(default_factory=Kept)

    @property
    def endpoint(self) -> ModelEndpoint:
        return ModelEndpoint(self.server.base_url, self.server.model, retries=1)

    def run(self, work: Callable[[ModelClient], Awaitable[T]], answering: Answering | None = None) -> T:
        """Ask in an event loop of its own, like a run of the desk."""

        async def asked() -> T:
            servers = OpenAIServers(Secrets({}), SystemClock())
            try:
                endpoint = replace(self.endpoint, answering=answering)
                return await work(servers.client(endpoint, self.capabilities, self.kept))
            finally:
                await servers.close()

        return asyncio.run(asked())


@pytest.fixture(scope="module", params=list(SERVERS))
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    venv = os.environ.get("SERVERS_VENV")
    if not venv:
        pytest.skip("the servers are not installed: run `make test-servers`")
    with SERVERS[request.param](Path(venv).resolve(), tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture(scope="module")
def capabilities(served: RealServer) -> Capabilities:
    async def probe() -> Capabilities:
        servers = OpenAIServers(Secrets({}), SystemClock())
        try:
            return await servers.probe(ModelEndpoint(served.base_url, served.model))
        finally:
            await servers.close()

    found = asyncio.run(probe())
    report(f"{served.name}: {found}")
    return found


@pytest.fixture
def found(served: RealServer, capabilities: Capabilities) -> Found:
    return Found(served, capabilities)


def question(max_tokens: int = 40, schema: JsonObject | None = None) -> ModelRequest:
    return ModelRequest(
        Purpose.TEST,
        (ChatMessage("system", "You plan trips."), ChatMessage("user", "Where to, and for how long?")),
        schema=schema,
        sampling=Sampling(temperature=0.0, max_tokens=max_tokens),
    )


def test_the_connection_test_finds_what_the_server_can_do(capabilities: Capabilities) -> None:
    assert capabilities.problem == ""
    assert capabilities.streaming is True
    assert capabilities.schema is not True, "neither of them enforces a schema that is given as response_format"
    assert capabilities.notes


def test_an_answer_streams_piece_by_piece(found: Found) -> None:
    pieces: list[str] = []
    answer = found.run(lambda client: client.ask(question(200), pieces.append))
    assert len(pieces) > 5
    assert "".join(pieces) == answer.text != ""
    assert answer.finish in ("stop", "length")


def test_a_long_answer_is_cancelled_within_a_second(found: Found) -> None:
    async def cancelled(client: ModelClient) -> float:
        began = asyncio.Event()
        asking = asyncio.create_task(client.ask(question(60_000), lambda text: began.set()))
        await asyncio.wait_for(began.wait(), 60)
        now = time.monotonic()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        return time.monotonic() - now

    seconds = found.run(cancelled)
    (call,) = found.kept.calls
    assert seconds < 1
    assert (call.error, call.usage.measured, call.usage.tokens_out > 0) == ("cancelled", False, True)
    began = time.monotonic()
    found.run(lambda client: client.ask(question(5)))
    report(f"{found.server.name}: cancelled after {seconds:.3f} s, next answer after {time.monotonic() - began:.2f} s")


@pytest.mark.parametrize("answering", list(Answering))
def test_nonsense_is_refused_after_one_correction(found: Found, answering: Answering) -> None:
    began = time.monotonic()
    with pytest.raises(AnswerError, match="even after it was told why"):
        found.run(lambda client: client.ask(question(60, TRIP)), answering)
    assert [call.error for call in found.kept.calls] == ["", ""]
    assert time.monotonic() - began < 60


def test_a_grammar_makes_even_a_random_model_answer_in_the_form_that_was_asked_for(found: Found) -> None:
    ask = question(60, VERDICT)
    if found.server.name == "llama-cpp-python":
        answer = found.run(lambda client: client.ask(ask), Answering.TOOL)
        assert isinstance(answer.value, dict)
        assert answer.value["kind"] in ("goal", "hard", "soft")
        assert len(found.kept.calls) == 1
    else:
        with pytest.raises(AnswerError):
            found.run(lambda client: client.ask(ask), Answering.TOOL)


def test_what_calls_used_adds_up_to_what_is_on_record(found: Found) -> None:
    first = found.run(lambda client: client.ask(question(30)))
    again = found.run(lambda client: client.ask(question(30)))
    assert first.usage + again.usage == found.kept.usage
    assert first.usage == again.usage
    assert 0 < first.usage.tokens_out <= 60
    assert first.usage.measured is bool(found.capabilities.usage)
    report(f"{found.server.name}: {first.usage}")
