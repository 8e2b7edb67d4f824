"""A person's clipboard as the model: each question is one plain text, each answer what the person pastes.

Whatever chat a person has can answer, and no server, key or network is needed. Pasted answers are read like those of
a server that knows neither tools nor schemas, and are on record like any other.
"""

import time

from hitl_app.domain.model import (
    Answering,
    Capabilities,
    ChatMessage,
    ModelAnswer,
    ModelCall,
    ModelEndpoint,
    ModelRequest,
    PastedQuestion,
    Usage,
)
from hitl_app.domain.ports import CallKeeper, Clock, Hand, ModelClient, ModelServers, OnText
from hitl_app.llm.dialogue import converse, parameters, to_the_end
from hitl_app.llm.estimating import text_tokens
from hitl_app.llm.manner import Manner
from hitl_app.llm.receiving import LARGEST
from hitl_app.llm.structured import read, whole_characters
from hitl_app.llm.wire import plain_messages

ABLE = Capabilities(
    streaming=False,
    tools=False,
    schema=False,
    usage=False,
    seed=False,
    notes=("no server is asked: each question is shown, and its answer is pasted",),
)
"""What a clipboard can do."""

PLAIN = Manner(answering=Answering.TEXT, tools=False)
"""Tools and schemas are described in the question."""


class PastingServers:
    """Implements `domain.ports.ModelServers`: pasted answers here, every other base URL with other servers."""

    def __init__(self, hand: Hand, clock: Clock, others: ModelServers) -> None:
        self._hand = hand
        self._clock = clock
        self._others = others

    def client(self, endpoint: ModelEndpoint, capabilities: Capabilities, keeper: CallKeeper) -> ModelClient:
        """A client of a model."""
        if endpoint.pasted:
            return PastingClient(endpoint, hand=self._hand, keeper=keeper, clock=self._clock)
        return self._others.client(endpoint, capabilities, keeper)

    async def probe(self, endpoint: ModelEndpoint) -> Capabilities:
        """What the model can do; nobody is asked what a clipboard can."""
        return ABLE if endpoint.pasted else await self._others.probe(endpoint)

    async def close(self) -> None:
        """Close all connections."""
        await self._others.close()


class PastingClient:
    """Implements `domain.ports.ModelClient`."""

    def __init__(self, endpoint: ModelEndpoint, *, hand: Hand, keeper: CallKeeper, clock: Clock) -> None:
        self._endpoint = endpoint
        self._hand = hand
        self._keeper = keeper
        self._clock = clock

    async def ask(self, request: ModelRequest, on_text: OnText = lambda text: None) -> ModelAnswer:
        """The answer to a request."""
        return await converse(self._endpoint.model, request, self._keeper, on_text, self._call)

    async def _call(self, request: ModelRequest, messages: tuple[ChatMessage, ...], on_text: OnText) -> ModelCall:
        """One question. What is pasted and does not fit is shown with what is wrong with it, and is no call.

        Its tokens are those of the question and of the answer that is used, estimated.
        """
        text = question_text(request, messages)
        tokens_in = text_tokens(text)
        allowed = await self._keeper.admit(tokens_in, request.sampling.max_tokens)
        try:
            started_at, began = self._clock.now(), time.monotonic()
            answer, attempts = await self._fitting(request, text)
            on_text(answer)
            tokens_out, price = text_tokens(answer), self._endpoint.price
            call = ModelCall(
                purpose=str(request.purpose),
                prompt=request.prompt,
                model=self._endpoint.model,
                messages=messages,
                parameters=parameters(request),
                answer=_raw(answer),
                usage=Usage(
                    1, tokens_in, tokens_out, measured=False, usd=price.of(tokens_in, tokens_out) if price else None
                ),
                seconds=time.monotonic() - began,
                attempts=attempts,
                endpoint=self._endpoint.base_url,
                answering="" if request.schema is None else str(Answering.TEXT),
                started_at=started_at,
            )
            await to_the_end(self._keeper.keep(call))
            return call
        finally:
            self._keeper.release(tokens_in, allowed)

    async def _fitting(self, request: ModelRequest, text: str) -> tuple[str, int]:
        """An answer that fits, and how many were pasted until then."""
        answer, problem, attempts = "", "", 0
        while problem or not attempts:
            attempts += 1
            asked = PastedQuestion(self._endpoint.model, request.purpose, text, answer, problem)
            answer = whole_characters(await self._hand.answer(asked))
            problem = _problem(request, text, answer)
        return answer, attempts


def question_text(request: ModelRequest, messages: tuple[ChatMessage, ...]) -> str:
    """A question as one text to copy: its messages one after the other, then how the answer must look."""
    plain = plain_messages(request, messages, PLAIN)
    if len(plain) == 1:
        return plain[0].text
    return "\n\n".join(f"--- {message.role} ---\n{message.text}" for message in plain)


def _problem(request: ModelRequest, question: str, answer: str) -> str:
    if not answer.strip():
        return "it is empty"
    if answer.strip() == question.strip():  # it may hold an example that fits
        return "it is the question itself"
    if len(answer) > LARGEST:
        return f"it is longer than {LARGEST} characters"
    return read(request, _raw(answer)).problem


def _raw(answer: str) -> dict[str, str | list[str]]:
    """The answer as the record keeps it."""
    return {"text": answer, "calls": [], "finish": "stop"}
