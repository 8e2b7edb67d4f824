"""Finds out with a few short calls what a server can do. What it says about itself is not asked for."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import openai

from hitl_app.domain.arguments import check_value
from hitl_app.domain.jsontypes import JsonObject, parse_or_text
from hitl_app.domain.model import (
    Answering,
    Capabilities,
    ChatMessage,
    ModelEndpoint,
    ModelRequest,
    Purpose,
    Sampling,
)
from hitl_app.llm.asking import Asking
from hitl_app.llm.faults import FaultError
from hitl_app.llm.line import Line
from hitl_app.llm.manner import Manner
from hitl_app.llm.receiving import Received

LISTING = 10.0
"""Seconds that the list of models may take."""

MANY = 20
"""Models that are named to a person at most."""

_HELLO = "Answer with the word OK."
_QUESTION = "Are you ready?"
_READY: JsonObject = {
    "type": "object",
    "properties": {"ready": {"type": "boolean"}},
    "required": ["ready"],
    "additionalProperties": False,
}


@dataclass
class _Timing:
    """When the first piece of an answer came."""

    began: float = field(default_factory=time.monotonic)
    first: float | None = None

    def on_text(self, text: str) -> None:
        if self.first is None:
            self.first = time.monotonic() - self.began


class Probe:
    """Asks one server."""

    def __init__(self, line: Line, endpoint: ModelEndpoint, first_pause: float) -> None:
        self._line = line
        self._endpoint = replace(endpoint, retries=min(endpoint.retries, 1))
        self._first_pause = first_pause
        self._notes: list[str] = []

    async def run(self) -> Capabilities:
        """What the server can do.

        Raises:
            ModelUnavailableError: The key cannot be sent.
        """
        api = await self._line.open()
        timing = _Timing()
        hello = self._asking(api, Manner(), _request(_HELLO, tokens=16), timing.on_text)
        try:
            received = await self._ask(hello)
        except FaultError as fault:
            return await self._broken(api, hello, fault)
        seconds = hello.seconds
        models = await self._models(api)
        tools = await self._tools(api, hello.manner)
        schema = await self._schema(api, hello.manner)
        streaming, usage = received.streamed, received.counted is not None
        first = timing.first if streaming else None
        notes = (
            _streaming_note(first, seconds, streaming=streaming),
            "tokens: the server counts them" if usage else "tokens: the server does not count them; they are estimated",
            "seed: accepted" if hello.manner.seed else "seed: refused; it is not sent",
            *([] if hello.manner.temperature else ["temperature: refused; the model's own is used"]),
            *self._notes,
        )
        return Capabilities(
            streaming, tools, schema, usage, hello.manner.seed, models, "", notes, first, seconds
        )  # fmt: skip

    async def _broken(self, api: openai.AsyncOpenAI, hello: Asking, fault: FaultError) -> Capabilities:
        """What to say of a connection that does not work; the models help where the name may be wrong."""
        problem = hello.explained(fault)
        models = await self._models(api) if fault.unknown else ()
        if models:
            more = f" and {len(models) - MANY} more" if len(models) > MANY else ""
            problem += f". The server lists {', '.join(models[:MANY])}{more}"
        return Capabilities(models=models, problem=problem, notes=tuple(self._notes))

    async def _models(self, api: openai.AsyncOpenAI) -> tuple[str, ...]:
        try:
            models = await self._line.models(api, min(LISTING, self._endpoint.timeout))
        except FaultError as fault:
            self._notes.append(f"models: the server {fault}")
            return ()
        listed = "" if self._endpoint.model in models else f", and {self._endpoint.model} is not among them"
        self._notes.append(f"models: the server lists {len(models)}{listed}")
        return models

    async def _tools(self, api: openai.AsyncOpenAI, manner: Manner) -> bool | None:
        """Whether an answer can be had by a forced call; None where that could not be found out."""
        request = _request(_QUESTION, tokens=256, schema=_READY)
        asking = self._asking(api, replace(manner, answering=Answering.TOOL), request)
        received = await self._tried("tool calls", asking)
        if received is None:
            return None
        if asking.manner.answering is not Answering.TOOL:
            self._notes.append("tool calls: refused; tools are described in the prompt")
        elif not received.called:
            self._notes.append("tool calls: accepted, but the model called nothing; tools are described in the prompt")
        else:
            self._notes.append("tool calls: work")
            return True
        return False

    async def _schema(self, api: openai.AsyncOpenAI, manner: Manner) -> bool | None:
        """Whether the server holds the model to a schema, of which the prompt says nothing."""
        request = _request(_QUESTION, tokens=256, schema=_READY)
        asking = self._asking(api, replace(manner, answering=Answering.SCHEMA), request)
        received = await self._tried("JSON schema", asking)
        if received is None:
            return None
        answer = received.answer()
        if asking.manner.answering is not Answering.SCHEMA:
            self._notes.append("JSON schema: refused")
        elif not answer["text"] and answer["finish"] == "length":
            self._notes.append("JSON schema: accepted; the model thought for too long to answer the test")
            return True
        elif check_value(_READY, parse_or_text(str(answer["text"]))):
            self._notes.append("JSON schema: accepted, but the answer did not fit")
        else:
            self._notes.append("JSON schema: works")
            return True
        return False

    async def _tried(self, what: str, asking: Asking) -> Received | None:
        try:
            return await self._ask(asking)
        except FaultError as fault:
            self._notes.append(f"{what}: not found out; the server {fault}")
            return None

    async def _ask(self, asking: Asking) -> Received:
        async with self._line.limit:
            return await asking.run(asking.request.sampling.max_tokens)

    def _asking(
        self,
        api: openai.AsyncOpenAI,
        manner: Manner,
        request: ModelRequest,
        on_text: Callable[[str], None] = lambda text: None,
    ) -> Asking:
        return Asking(
            self._line,
            api,
            self._endpoint,
            request,
            request.messages,
            on_text,
            manner=manner,
            first_pause=self._first_pause,
        )


def _request(text: str, *, tokens: int, schema: JsonObject | None = None) -> ModelRequest:
    sampling = Sampling(max_tokens=tokens, seed=1)
    return ModelRequest(Purpose.TEST, (ChatMessage("user", text),), schema=schema, sampling=sampling)


def _streaming_note(first: float | None, seconds: float, *, streaming: bool) -> str:
    if not streaming:
        return f"streaming: the server answers at once, after {seconds:.2f} s"
    begins = "" if first is None else f"first token after {first:.2f} s, "
    return f"streaming: works; {begins}a short answer after {seconds:.2f} s"
