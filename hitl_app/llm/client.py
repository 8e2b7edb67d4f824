"""Asks one model on behalf of one task, with a keeper around every call."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

import openai

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.model import (
    AnswerError,
    ChatMessage,
    ModelAnswer,
    ModelCall,
    ModelEndpoint,
    ModelRequest,
    ModelUnavailableError,
    Usage,
    request_key,
)
from hitl_app.domain.ports import CallKeeper, Clock, OnText
from hitl_app.llm.asking import Asking
from hitl_app.llm.faults import FaultError
from hitl_app.llm.line import Line
from hitl_app.llm.manner import Manner
from hitl_app.llm.structured import Reading, quoted, read, whole_characters, whole_object

ONCE_MORE = "\n[the answer does not fit: asking once more]\n"


class OpenAIClient:
    """Implements `domain.ports.ModelClient`."""

    def __init__(
        self,
        line: Line,
        endpoint: ModelEndpoint,
        *,
        manner: Manner,
        keeper: CallKeeper,
        clock: Clock,
        first_pause: float,
    ) -> None:
        self._line = line
        self._endpoint = endpoint
        self._first = manner
        self._keeper = keeper
        self._clock = clock
        self._first_pause = first_pause
        self._api: openai.AsyncOpenAI | None = None

    async def ask(self, request: ModelRequest, on_text: OnText = lambda text: None) -> ModelAnswer:
        """The answer to a request; one that does not fit is shown to the model once, with what is wrong with it."""
        messages = tuple(map(_whole, request.messages))
        call = await self._call(request, messages, on_text)
        usage, reading = call.usage, read(request, call.answer)
        if reading.problem:
            on_text(ONCE_MORE)
            call = await self._call(request, (*messages, *_correction(call.answer, reading)), on_text)
            usage, reading = usage + call.usage, read(request, call.answer)
        text = str(call.answer.get("text") or "")
        if reading.problem:
            start = quoted(_said(call.answer)) or "nothing"
            raise AnswerError(
                f"the answer of {self._endpoint.model} does not fit, even after it was told why: {reading.problem}. "
                f"It begins: {start}"
            )
        return ModelAnswer(text, reading.calls, reading.value, usage, str(call.answer.get("finish") or "stop"))

    async def _call(self, request: ModelRequest, messages: tuple[ChatMessage, ...], on_text: OnText) -> ModelCall:
        """One call: from the record, or else from the server."""
        parameters = _parameters(request)
        recalled = await self._keeper.recall(request_key(self._endpoint.model, messages, parameters))
        if recalled is not None:
            await self._keeper.keep(recalled, recalled=True)
            if recalled.error:
                raise ModelUnavailableError(recalled.error)
            on_text(str(recalled.answer.get("text") or ""))
            return recalled
        blank = ModelCall(
            str(request.purpose), request.prompt, self._endpoint.model, messages, parameters, {}, Usage(),
            endpoint=self._endpoint.base_url,
        )  # fmt: skip
        api = await self._open()
        async with self._line.limit:
            known = (self._endpoint.model, self._first)
            manner = self._line.manners.get(known, self._first)
            asking = Asking(
                self._line,
                api,
                self._endpoint,
                request,
                messages,
                on_text,
                manner=manner,
                first_pause=self._first_pause,
            )
            call = await self._admitted(asking, replace(blank, started_at=self._clock.now()))
            if asking.manner is not manner:
                self._line.manners[known] = asking.manner
            return call

    async def _admitted(self, asking: Asking, blank: ModelCall) -> ModelCall:
        """Ask the server under the keeper's eyes."""
        prompt, wanted = asking.prompt(), asking.request.sampling.max_tokens
        allowed = await self._keeper.admit(prompt, wanted)
        # What was reserved is given back after the call is counted: in between nobody may take it.
        try:
            try:
                await asking.run(allowed)
            except FaultError as fault:
                error = asking.explained(fault)
                await _to_the_end(self._keeper.keep(self._record(asking, blank, error)))
                raise ModelUnavailableError(error) from None
            except asyncio.CancelledError:
                asking.lose()
                await _to_the_end(self._keeper.keep(self._record(asking, blank, "cancelled")))
                raise
            call = self._record(asking, blank)
            await _to_the_end(self._keeper.keep(call))
        finally:
            self._keeper.release(prompt, allowed)
        return call

    async def _open(self) -> openai.AsyncOpenAI:
        if self._api is None:
            self._api = await self._line.open()
        return self._api

    def _record(self, asking: Asking, blank: ModelCall, error: str = "") -> ModelCall:
        tokens_in, tokens_out = asking.lost
        measured = asking.lost == (0, 0)
        answer: JsonObject = {}
        if asking.received is not None:
            counted = asking.received.counted
            measured = measured and counted is not None
            prompt, completion = counted or (asking.prompt(), asking.received.estimated_tokens())
            tokens_in, tokens_out = tokens_in + prompt, tokens_out + completion
            answer = asking.received.answer()
        price = self._endpoint.price
        usd = None if price is None else price.of(tokens_in, tokens_out)
        return replace(
            blank,
            answer=answer,
            usage=Usage(1, tokens_in, tokens_out, measured, usd),
            seconds=asking.seconds,
            attempts=asking.attempts,
            error=error,
            answering=str(asking.answering or ""),
        )


def _whole(message: ChatMessage) -> ChatMessage:
    """The message without halves of characters, which can neither be sent nor kept."""
    calls = (replace(call, arguments=whole_object(call.arguments)) for call in message.calls)
    return replace(message, text=whole_characters(message.text), calls=tuple(calls))


def _parameters(request: ModelRequest) -> JsonObject:
    """All that may change the answer besides model and messages."""
    sampling = request.sampling
    return {
        "temperature": sampling.temperature,
        "max_tokens": sampling.max_tokens,
        "seed": sampling.seed,
        "tools": [
            {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
            for tool in request.tools
        ],
        "schema": request.schema,
        "sample": request.sample,
    }


def _correction(answer: JsonObject, reading: Reading) -> tuple[ChatMessage, ChatMessage]:
    """The answer and what is wrong with it, as the model is shown them."""
    wrong = f"This answer cannot be used: {reading.problem}. Answer again, in the form that was asked for."
    return ChatMessage("assistant", _said(answer) or "(nothing)"), ChatMessage("user", wrong)


def _said(answer: JsonObject) -> str:
    """The answer as text, calls included."""
    calls = answer.get("calls")
    listed = (
        [f"{call['name']}({call['arguments']})" for call in calls if isinstance(call, dict)]
        if isinstance(calls, list)
        else []
    )
    return "\n".join(filter(None, [str(answer.get("text") or ""), *listed]))


async def _to_the_end(work: Coroutine[Any, Any, None]) -> None:  # what a coroutine is sent is asyncio's matter
    """Await work that must not be left half done: what was paid is on record, also where the task is cancelled."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise
