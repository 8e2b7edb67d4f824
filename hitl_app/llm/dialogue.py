"""What every client does with a question: its answer is recalled or asked for, read, and corrected once."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from typing import Any

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.model import (
    AnswerError,
    ChatMessage,
    ModelAnswer,
    ModelCall,
    ModelRequest,
    ModelUnavailableError,
    correction,
    request_key,
)
from hitl_app.domain.ports import CallKeeper, OnText
from hitl_app.llm.structured import Reading, quoted, read, whole_characters, whole_object

ONCE_MORE = "\n[the answer does not fit: asking once more]\n"

Call = Callable[[ModelRequest, tuple[ChatMessage, ...], OnText], Awaitable[ModelCall]]
"""Asks with these messages, and puts the call on record."""


async def converse(model: str, request: ModelRequest, keeper: CallKeeper, on_text: OnText, call: Call) -> ModelAnswer:
    """The answer to a request; one that does not fit is shown to the model once, with what is wrong with it.

    Args:
        model: Its name, as it is asked for.
        request: The question.
        keeper: Knows the calls on record: what is found there is not asked again.
        on_text: Receives the answer as it comes.
        call: Asks where nothing is on record.

    Raises:
        AnswerError: The second answer does not fit either.
        ModelUnavailableError: The recorded call had failed.
    """

    async def once(messages: tuple[ChatMessage, ...]) -> ModelCall:
        recalled = await keeper.recall(request_key(model, messages, parameters(request)))
        if recalled is None:
            return await call(request, messages, on_text)
        await keeper.keep(recalled, recalled=True)
        if recalled.error:
            raise ModelUnavailableError(recalled.error)
        on_text(str(recalled.answer.get("text") or ""))
        return recalled

    messages = tuple(map(_whole, request.messages))
    made = await once(messages)
    usage, reading = made.usage, read(request, made.answer)
    if reading.problem:
        on_text(ONCE_MORE)
        made = await once((*messages, *_correction(made.answer, reading)))
        usage, reading = usage + made.usage, read(request, made.answer)
    if reading.problem:
        start = quoted(_said(made.answer)) or "nothing"
        raise AnswerError(
            f"the answer of {model} does not fit, even after it was told why: {reading.problem}. It begins: {start}"
        )
    text, finish = str(made.answer.get("text") or ""), str(made.answer.get("finish") or "stop")
    return ModelAnswer(text, reading.calls, reading.value, usage, finish)


def parameters(request: ModelRequest) -> JsonObject:
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


async def to_the_end(work: Coroutine[Any, Any, None]) -> None:  # what a coroutine is sent is asyncio's matter
    """Await work that must not be left half done: what was paid is on record, also where the task is cancelled."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


def _whole(message: ChatMessage) -> ChatMessage:
    """The message without halves of characters, which can neither be sent nor kept."""
    calls = (replace(call, arguments=whole_object(call.arguments)) for call in message.calls)
    return replace(message, text=whole_characters(message.text), calls=tuple(calls))


def _correction(answer: JsonObject, reading: Reading) -> tuple[ChatMessage, ChatMessage]:
    """The answer and what is wrong with it, as the model is shown them."""
    return ChatMessage("assistant", _said(answer) or "(nothing)"), ChatMessage("user", correction(reading.problem))


def _said(answer: JsonObject) -> str:
    """The answer as text, calls included."""
    calls = answer.get("calls")
    listed = calls if isinstance(calls, list) else []
    said = [f"{call['name']}({call['arguments']})" for call in listed if isinstance(call, dict)]
    return "\n".join(filter(None, [str(answer.get("text") or ""), *said]))
