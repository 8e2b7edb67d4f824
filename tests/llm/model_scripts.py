"""The script of this room's tests: the name of the model says which behaviour is wanted.

A behaviour that changes with time counts the requests for its model alone: each test uses a model of its own.
"""

import itertools
import json
import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from scripted_replies import (
    JsonDict,
    Reply,
    Script,
    busy,
    calling,
    failing,
    fitting,
    in_turn,
    refusing,
    sample,
    slowly,
    wanted,
)

HELLO = "hello to all of you out there"
LONG = "so many words that no single piece of a stream could ever hold them all at once"
CITY = {"city": "Lund", "nights": 2}
KEY = "sk-very-secret-0123456789"


def _event(value: object) -> bytes:
    return b"data: " + json.dumps(value).encode() + b"\n\n"


def _piece(text: str) -> bytes:
    return _event({"choices": [{"index": 0, "delta": {"content": text}}]})


def capable(request: JsonDict, number: int) -> Reply:
    """Does all that may be asked of it."""
    schema = wanted(request)
    if schema is not None:
        return fitting(request, sample(schema))
    return calling(("lookup", {"city": "Lund"})) if "tools" in request else Reply(HELLO)


def without(*features: str) -> Script:
    """A server that refuses some fields of a request by name."""
    return lambda request, number: refusing(request, *features) or fitting(request, CITY)


def vaguely(request: JsonDict, number: int) -> Reply:
    """Refuses a structured answer without saying why."""
    return failing(400, "bad request") if "response_format" in request else fitting(request, CITY)


def newer(request: JsonDict, number: int) -> Reply:
    """Hosted reasoning models."""
    if "max_tokens" in request:
        return failing(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")
    if "temperature" in request:
        return failing(400, "Unsupported value: 'temperature' does not support 0.0 with this model.")
    return Reply(HELLO)


def mixed(request: JsonDict, number: int) -> Reply:
    """A day's work: most requests are answered, some at once, some are turned away first."""
    if number % 7 == 3:
        return busy("0.01")
    if number % 11 == 5:
        return failing(503)
    if number % 5 == 2:
        return replace(capable(request, number), streams=False)
    return capable(request, number)


SCRIPTS: dict[str, Script] = {
    "capable": capable,
    "mixed": mixed,
    "plain": in_turn(Reply(HELLO)),
    "uncounted": in_turn(Reply(HELLO, usage=False)),
    "at-once": in_turn(Reply(HELLO, streams=False)),
    "slow": in_turn(slowly(Reply(LONG), 0.03)),
    "dripping": in_turn(slowly(Reply(LONG), 0.5)),
    "busy-once": in_turn(busy("0.3"), Reply(HELLO)),
    "busy-silently": in_turn(busy(), busy(), Reply(HELLO)),
    "busy-always": in_turn(busy()),
    "busy-for-long": in_turn(busy("60")),
    "busy-for-an-hour": in_turn(busy("3600")),
    "failing-twice": in_turn(failing(500), failing(503), Reply(HELLO)),
    "failing-always": in_turn(failing(500, "out of memory")),
    "no-credit": in_turn(failing(429, "you exceeded your current quota", "insufficient_quota")),
    "unknown": in_turn(failing(404, "the model does not exist")),
    "locked": in_turn(failing(401, f"incorrect key: {KEY}")),
    "too-long": in_turn(failing(400, "this model's maximum context length is 10 tokens")),
    "cut-once": in_turn(Reply(LONG, cut_after=3), Reply(LONG)),
    "cut-always": in_turn(Reply(LONG, cut_after=3)),
    "cut-at-once": in_turn(Reply(LONG, streams=False, cut_after=0), Reply(LONG)),
    "dropped": in_turn(Reply(status=0), Reply(LONG)),
    "hanging": in_turn(Reply(hang=True)),
    "stalling": in_turn(Reply(LONG, cut_after=3, hang=True)),
    "not-json": in_turn(Reply(raw=b"data: {nonsense\n\n"), Reply(HELLO)),
    "telling": in_turn(Reply(raw=json.dumps({"error": {"message": f"{'x' * 180} {KEY}"}}).encode(), streams=False)),
    "marked": in_turn(Reply(raw=b"\xef\xbb\xbf" + _piece("hello ") + _piece("you") + b"data: [DONE]\n\n")),
    "marked-at-once": in_turn(
        Reply(
            raw=b'\xef\xbb\xbf{"choices": [{"message": {"content": "hello you"}, "finish_reason": "stop"}]}',
            streams=False,
        )
    ),
    "html": in_turn(Reply(raw=b"<html>Welcome</html>", streams=False)),
    "no-choices": in_turn(Reply(raw=b'{"choices": 3}', streams=False)),
    "wrong-types": in_turn(
        Reply(raw=_event({"choices": [{"delta": {"content": 7, "tool_calls": "x"}}], "usage": {"prompt_tokens": "9"}}))
    ),
    "half": in_turn(Reply(raw=_piece("half an")), Reply(HELLO)),
    "error-inside": in_turn(Reply(raw=_piece("a") + _event({"error": {"message": "gpu lost"}})), Reply(HELLO)),
    "line-ends": in_turn(
        Reply(raw=b": hello\r\n\r\n" + _piece("one\u2028line\x85two").replace(b"\n\n", b"\r\n\r\n") + b"data: [DONE]")
    ),
    "no-goodbye": in_turn(
        Reply(raw=_piece(HELLO) + _event({"choices": [{"delta": {}, "finish_reason": "stop"}]}), cut_after=0)
    ),
    "all-numbered-0": in_turn(
        Reply(
            raw=b"".join(
                _event({"choices": [{"delta": {"tool_calls": [{"index": 0, **piece}]}, "finish_reason": end}]})
                for piece, end in (
                    ({"id": "a", "function": {"name": "lookup", "arguments": '{"city":'}}, None),
                    ({"function": {"arguments": '"Lund"}'}}, None),
                    ({"id": "b", "function": {"name": "lookup", "arguments": {"city": "Oslo"}}}, "tool_calls"),
                )
            )
        )
    ),
    "out-of-order": in_turn(
        Reply(
            raw=b"".join(
                _event({"choices": [{"delta": {"tool_calls": [{"index": index, **piece}]}, "finish_reason": end}]})
                for index, piece, end in (
                    (1, {"id": "b", "function": {"name": "lookup", "arguments": '{"city":'}}, None),
                    (0, {"id": "a", "function": {"name": "lookup", "arguments": '{"city": "Lund"}'}}, None),
                    (1, {"function": {"arguments": '"Oslo"}'}}, "tool_calls"),
                )
            )
        )
    ),
    "nameless-once": in_turn(Reply(calls=(("", "{}"),)), calling(("lookup", {"city": "Lund"}))),
    "huge": in_turn(Reply("x" * 4_500_000, chunk=500_000)),
    "no-stream-options": without("stream_options"),
    "no-stream": without("stream"),
    "no-schema": without("response_format"),
    "no-schema-no-tools": without("response_format", "tool_choice"),
    "vague": vaguely,
    "newer": newer,
    "no-tools": lambda request, number: (
        refusing(request, "tools")
        or Reply('I call:\n{"tool": "lookup", "arguments": {"city": "Lund"}}')
    ),
    "chatty": in_turn(Reply('Sure! {"city": "Lund", "nights": 2,} is it, {I think}.')),
    "nonsense-once": in_turn(Reply("I would rather not."), Reply(json.dumps(CITY))),
    "nonsense-always": in_turn(Reply("I would rather\x1b[31m not.\x00")),
    "wrong-value-once": in_turn(Reply('{"city": "Lund", "nights": "two"}'), Reply(json.dumps(CITY))),
    "cut-short": in_turn(Reply('{"city": "Lu', finish="length")),
    "bad-arguments-once": in_turn(Reply(calls=(("lookup", '{"city": Lund'),)), calling(("lookup", {"city": "Lund"}))),
    "bad-arguments-always": in_turn(Reply(calls=(("lookup", "[1]"),))),
    "two-calls": in_turn(calling(("lookup", {"city": "Lund"}), ("lookup", {"city": "Oslo"}), text="both")),
    "no-arguments": in_turn(Reply(calls=(("lookup", ""),))),
    "half-characters": in_turn(Reply("\ud800 and \x00\x07 and \u202e back \udfff", finish="st\ud800p")),
    "half-character-inside": in_turn(Reply('{"city": "\\ud800", "nights": 1}')),
}  # fmt: skip

_lock = threading.Lock()
_numbers: defaultdict[str, Iterator[int]] = defaultdict(lambda: itertools.count(1))


def by_model(request: JsonDict, number: int) -> Reply:
    """The behaviour that the model's name asks for; a suffix behind `/` only sets tests apart."""
    model = str(request["model"])
    with _lock:
        own = next(_numbers[model])
    return SCRIPTS[model.partition("/")[0]](request, own)
