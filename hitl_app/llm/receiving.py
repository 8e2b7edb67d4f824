"""Reads what a server sends, whatever it sends: an answer at once, or a stream of pieces."""

import asyncio
import codecs
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.domain.ports import OnText
from hitl_app.llm.estimating import text_tokens
from hitl_app.llm.faults import FaultError
from hitl_app.llm.structured import ANSWER_TOOL, quoted, whole_characters

LARGEST = 4_000_000
"""Characters of an answer, and bytes of one event, beyond which a server is taken to be broken."""

GOODBYE = 0.5
"""Seconds that a server has to end a stream after it said that it is done."""


@dataclass
class _Call:
    id: str = ""
    number: int = 0
    name: str = ""
    arguments: list[str] = field(default_factory=list)


class Received:
    """What has come of one answer so far.

    Attributes:
        complete: The server said that this is all.
        streamed: It came piece by piece.
        unread: Bytes that have come and were not understood, or not yet.
        counted: Tokens of the prompt and of the answer, where the server counted them.
    """

    def __init__(self, on_text: OnText) -> None:
        self.complete = False
        self.streamed = False
        self.unread = 0
        self.counted: tuple[int, int] | None = None
        self._on_text = on_text
        self._text: list[str] = []
        self._hidden: list[str] = []
        self._calls: list[_Call] = []
        self._numbered: dict[int, _Call] = {}
        self._finish = ""
        self._length = 0
        self._pieces = 0

    @property
    def anything(self) -> bool:
        """Whether a piece of the answer has come."""
        return self._length > 0

    @property
    def called(self) -> bool:
        """Whether the answer is a call of a tool."""
        return bool(self._calls)

    def estimated_tokens(self) -> int:
        """Estimated tokens of what has come, thoughts that the server shows included; at least one a piece."""
        calls = [piece for call in self._calls for piece in (call.name, *call.arguments)]
        tokens = text_tokens("".join((*self._text, *self._hidden, *calls, "." * self.unread)))
        return max(tokens, self._pieces)

    def answer(self) -> JsonObject:
        """The raw answer as the record keeps it. An answer given by a forced call is its text, like any other."""
        text, calls = "".join(self._text), self._calls
        if calls and calls[0].name == ANSWER_TOOL:
            text, calls = "".join(calls[0].arguments), []
        ordered = sorted(calls, key=lambda call: call.number)
        kept = [{"id": call.id, "name": call.name, "arguments": "".join(call.arguments)} for call in ordered]
        clean = [{name: whole_characters(value) for name, value in call.items()} for call in kept]
        return {"text": whole_characters(text), "calls": clean, "finish": whole_characters(self._finish) or "stop"}

    def add(self, chunk: Json) -> None:
        """Take one event of a stream, or a whole completion.

        Raises:
            FaultError: It is neither, or the server says that it failed.
        """
        if not isinstance(chunk, Mapping):
            raise FaultError(
                f"sent something that is no part of an answer: {quoted(str(chunk))}", retry=True, consumed=True
            )
        if chunk.get("error"):
            raise FaultError(f"failed in the middle of the answer: {error_text(chunk)}", retry=True, consumed=True)
        self._count(chunk.get("usage"))
        for choice in _objects(chunk.get("choices")):
            part = choice.get("delta", choice.get("message"))
            if isinstance(part, Mapping):
                self._pieces += 1
                self._add_part(part)
            if isinstance(finish := choice.get("finish_reason"), str):
                self._finish = finish
                self.complete = True

    def _add_part(self, part: JsonObject) -> None:
        for piece in (_text(part.get("content")), _text(part.get("refusal"))):
            if piece:
                self._grow(piece)
                self._text.append(piece)
                self._on_text(whole_characters(piece))
        hidden = _text(part.get("reasoning_content")) or _text(part.get("reasoning"))
        if hidden:
            self._grow(hidden)
            self._hidden.append(hidden)
        for call in _objects(part.get("tool_calls")):
            self._add_call(call)

    def _add_call(self, piece: JsonObject) -> None:
        function = piece.get("function")
        function = function if isinstance(function, Mapping) else {}
        call = self._call(piece.get("index"), _text(piece.get("id")), _text(function.get("name")))
        arguments = function.get("arguments")
        # Some servers send the arguments as the object that they should be the text of.
        text = json.dumps(arguments) if isinstance(arguments, Mapping) else _text(arguments)
        if text:
            self._grow(text)
            call.arguments.append(text)
            if call.name == ANSWER_TOOL:
                self._on_text(whole_characters(text))

    def _call(self, index: Json, call_id: str, name: str) -> _Call:
        """The call that a piece belongs to. Some servers number none, or number all of them 0."""
        known = self._numbered.get(index) if isinstance(index, int) else None
        if known is None and not (name or call_id) and self._calls:
            return self._calls[-1]
        if known is None or (name and call_id and call_id != known.id):
            self._grow(name or "?")
            known = _Call(call_id)
            self._calls.append(known)
            if isinstance(index, int):
                known.number = index
                self._numbered[index] = known
        known.name = known.name or name
        return known

    def _grow(self, piece: str) -> None:
        self._length += len(piece)
        if self._length > LARGEST:
            raise FaultError(f"sends an answer without an end: more than {LARGEST} characters", consumed=True)

    def _count(self, usage: Json) -> None:
        if isinstance(usage, Mapping):
            tokens_in, tokens_out = usage.get("prompt_tokens"), usage.get("completion_tokens")
            if _is_count(tokens_in) and _is_count(tokens_out) and tokens_in:
                self.counted = (int(str(tokens_in)), int(str(tokens_out)))


async def receive(kind: str, pieces: AsyncIterator[bytes], received: Received) -> None:
    """Read an answer to its end.

    Args:
        kind: The `Content-Type`: a stream of events, or JSON at once from a server that does not stream.
        pieces: The bytes of the body as they come.
        received: Takes what comes.

    Raises:
        FaultError: It is malformed, or ends before it is complete.
    """
    received.streamed = "text/event-stream" in kind.lower()
    if received.streamed:
        async for data in _events(pieces):
            if data == "[DONE]":
                received.complete = True
                await _drain(pieces)
                break
            received.add(_parsed(data))
    else:
        whole = await _all(pieces, received)
        received.add(_parsed(whole.decode("utf-8-sig", "replace")))
        received.unread = 0
    if not received.complete:
        raise FaultError("ended the answer before it was complete", retry=True, consumed=True)


async def _drain(pieces: AsyncIterator[bytes]) -> None:
    """Read the body to its end, so that its connection can be used again; one that never ends is not waited for."""
    with suppress(TimeoutError):
        async with asyncio.timeout(GOODBYE):
            async for _ in pieces:
                continue


def error_text(body: object) -> str:
    """The message in an error that a server sent."""
    if isinstance(body, Mapping):
        inner = body.get("error", body)
        if isinstance(inner, Mapping):
            inner = inner.get("message") or inner.get("detail") or inner
        return quoted(str(inner))
    return quoted(str(body or ""))


async def _events(pieces: AsyncIterator[bytes]) -> AsyncIterator[str]:
    """The data of each event of a stream."""
    rest, lines, begun = bytearray(), list[bytes](), False
    async for piece in pieces:
        rest += piece
        if not begun and len(rest) >= len(codecs.BOM_UTF8):
            rest, begun = rest.removeprefix(codecs.BOM_UTF8), True
        if len(rest) > LARGEST:
            raise FaultError("sends an event without an end", consumed=True)
        *whole, last = bytes(rest).split(b"\n") if b"\n" in piece else (bytes(rest),)
        rest = bytearray(last)
        for line in whole:
            text = line.rstrip(b"\r")
            if text.startswith(b"data:"):
                lines.append(text[5:].removeprefix(b" "))
            elif not text and lines:
                yield b"\n".join(lines).decode("utf-8", "replace")
                lines.clear()
    lines += [bytes(rest)[5:].strip()] if rest.startswith(b"data:") else []
    if lines:
        yield b"\n".join(lines).decode("utf-8", "replace")


async def _all(pieces: AsyncIterator[bytes], received: Received) -> bytes:
    whole = bytearray()
    async for piece in pieces:
        whole += piece
        received.unread = len(whole)
        if len(whole) > 4 * LARGEST:
            raise FaultError("sends an answer without an end", consumed=True)
    return bytes(whole)


def _parsed(text: str) -> Json:
    try:
        value: Json = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FaultError(f"sent something that is not JSON: {quoted(text)}", retry=True, consumed=True) from error
    return value


def _objects(value: Json) -> list[JsonObject]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return []
    return [item for item in value if isinstance(item, Mapping)]


def _text(value: Json) -> str:
    """Text, which some servers send in parts."""
    if isinstance(value, str):
        return value
    return "".join(_text(part.get("text")) for part in _objects(value))


def _is_count(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
