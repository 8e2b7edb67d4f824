"""What the scripted server can answer, good and bad; scripts build their replies from it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

JsonDict = dict[str, Any]  # what a client sent, as parsed: scripts look into it freely
Script = Callable[[JsonDict, int], "Reply"]
"""Gets the body of a request and its number (from 1 on, in the order of arrival)."""


@dataclass(frozen=True)
class Reply:
    """One reply.

    Attributes:
        text: Text of the message.
        calls: Tool calls: the name, and the arguments as text, which need not be JSON.
        finish: `finish_reason`; empty chooses `stop` or `tool_calls`.
        usage: Whether the server counts tokens (in a stream only where the client asks for it).
        status: HTTP status; from 400 on `text` is the message of the error. 0 closes the connection without a word.
        code: `code` of an error.
        headers: Headers besides the usual ones.
        raw: The body as it is, instead of a proper one; in a stream, events instead of proper ones.
        chunk: Characters a piece in a stream.
        wait: Seconds before the first byte.
        delay: Seconds before each piece.
        cut_after: Pieces after which the connection is closed; with `raw`, any number closes it behind the events.
        hang: Answers nothing until the client is gone; in a stream, after `cut_after` pieces where that is given.
        streams: Whether `stream` is honoured, or answered with an ordinary body.
    """

    text: str = ""
    calls: tuple[tuple[str, str], ...] = ()
    finish: str = ""
    usage: bool = True
    status: int = 200
    code: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    chunk: int = 16
    wait: float = 0.0
    delay: float = 0.0
    cut_after: int | None = None
    hang: bool = False
    streams: bool = True

    @property
    def reason(self) -> str:
        """Why the model stopped."""
        return self.finish or ("tool_calls" if self.calls else "stop")


def fitting(request: JsonDict, value: object) -> Reply:
    """The value in the way in which the request asks for one: by schema, by a forced tool call, or as text."""
    text = json.dumps(value, ensure_ascii=False)
    choice = request.get("tool_choice")
    if isinstance(choice, dict):
        return Reply(calls=((choice["function"]["name"], text),))
    return Reply(text if "response_format" in request else f"Here it is:\n```json\n{text}\n```\n")


def sample(schema: JsonDict) -> object:
    """The smallest value that fits a schema of objects, lists and plain values: for tests of the connection."""
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "object")
    if kind == "object":
        return {name: sample(schema["properties"][name]) for name in schema.get("required", ())}
    return {"array": [], "string": "", "integer": 0, "number": 0, "boolean": True}.get(kind)


def wanted(request: JsonDict) -> JsonDict | None:
    """The schema that the answer must fit, as the server is told it; None where it is told none."""
    if "response_format" in request:
        return dict(request["response_format"]["json_schema"]["schema"])
    if isinstance(request.get("tool_choice"), dict):
        return dict(request["tools"][0]["function"]["parameters"])
    return None


def calling(*calls: tuple[str, Mapping[str, object]], text: str = "") -> Reply:
    """Tool calls."""
    return Reply(text, tuple((name, json.dumps(arguments)) for name, arguments in calls))


def busy(retry_after: str | None = None) -> Reply:
    """Too many requests, with or without a time to wait."""
    return Reply("slow down", status=429, headers={} if retry_after is None else {"Retry-After": retry_after})


def failing(status: int, message: str = "the server has a problem", code: str = "") -> Reply:
    """An error."""
    return Reply(message, status=status, code=code)


def refusing(request: JsonDict, *features: str) -> Reply | None:
    """An error where the request uses a feature, such as `response_format`; None where it uses none of them."""
    used = [feature for feature in features if feature in request]
    return failing(400, f"{used[0]} is not supported by this server") if used else None


def in_turn(*replies: Reply) -> Script:
    """One reply after the other; the last one again and again."""
    return lambda request, number: replies[min(number, len(replies)) - 1]


def slowly(reply: Reply, delay: float) -> Reply:
    """The same reply, piece by piece with a pause before each."""
    return replace(reply, delay=delay)


def said(request: JsonDict) -> str:
    """All that a request says to the model: the texts of its messages, tool calls, tools and schema."""
    parts = []
    for message in request.get("messages", ()):
        parts.append(message.get("content") or "")
        parts += [call["function"]["arguments"] for call in message.get("tool_calls") or ()]
    parts += [json.dumps(tool) for tool in request.get("tools", ())]
    return "\n".join(parts)


def count(text: str) -> int:
    """Tokens as the scripted server counts them: runs of characters without white space."""
    return len(text.split())
