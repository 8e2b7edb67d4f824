"""Answers as values: found in what a model said, and checked against what was asked for."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from hitl_app.domain.arguments import check_value
from hitl_app.domain.jsontypes import Json, JsonObject, parse_json
from hitl_app.domain.model import ModelRequest, ToolCall

ANSWER_TOOL = "answer"
"""Name of the tool that a structured answer is asked for with, where a server knows no schemas."""

_THOUGHTS = re.compile(r"\A\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
_FENCED = re.compile(r"```[\w-]*[ \t]*\n(.*?)```", re.DOTALL)
_BEGIN = re.compile(r"[{\[]")
_COMMA_BEFORE_END = re.compile(r'("(?:[^"\\]|\\.)*+(?:"|\Z))|,(?=\s*+[}\]])', re.DOTALL)
_MOST_STARTS = 100
_MOST_PROBLEMS = 5
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_QUOTED = 200


@dataclass(frozen=True)
class Reading:
    """What an answer says; `problem` where it does not fit what was asked for."""

    value: Json = None
    calls: tuple[ToolCall, ...] = ()
    problem: str = ""


def read(request: ModelRequest, answer: JsonObject) -> Reading:
    """Read a recorded answer (`{"text", "calls", "finish"}`) as the request wants it, however it was asked for."""
    text = str(answer.get("text") or "")
    if request.schema is not None:
        reading = _read_value(request.schema, text)
    else:
        reading = _read_calls(answer.get("calls"))
        if not reading.calls and not reading.problem and request.tools:
            reading = Reading(calls=_described_call(request, text))
    if reading.problem and answer.get("finish") == "length":
        return Reading(problem=f"{reading.problem}; the answer was cut off because it was too long")
    return reading


def values_in(text: str) -> Iterator[Json]:
    """JSON values in a text, the likeliest first: the text itself, then what is fenced, then what prose surrounds.

    Trailing commas are forgiven where nothing else fits; no other mistake is.
    """
    text = _THOUGHTS.sub("", text, count=1)
    yield from _exact_values(text)
    begins = _BEGIN.search(text)
    if begins:
        forgiven = _without_trailing_commas(text[begins.start() :])
        if len(forgiven) < len(text) - begins.start():
            yield from _exact_values(forgiven)


def whole_characters(text: str) -> str:
    """The text with halves of characters (lone surrogates), which no store can keep, replaced."""
    return _HALF_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", text)


def whole_value(value: Json) -> Json:
    """The value with halves of characters replaced: escapes in JSON bring them in."""
    if isinstance(value, str):
        return whole_characters(value)
    if isinstance(value, Mapping):
        return whole_object(value)
    if isinstance(value, Sequence):
        return [whole_value(item) for item in value]
    return value


def whole_object(value: JsonObject) -> JsonObject:
    """The object with halves of characters replaced."""
    return {whole_characters(key): whole_value(item) for key, item in value.items()}


def quoted(text: str) -> str:
    """The start of a text on one line, for an error."""
    line = "".join(character if character.isprintable() else " " for character in text[: _QUOTED * 2])
    line = " ".join(line.split())
    return line if len(line) <= _QUOTED else line[: _QUOTED - 1] + "…"


def _read_value(schema: JsonObject, text: str) -> Reading:
    first: tuple[str, ...] = ()
    for value in values_in(text):
        problems = check_value(schema, value)
        if not problems:
            return Reading(whole_value(value))
        first = first or problems
    if not first:
        return Reading(problem="it holds no JSON" if text.strip() else "it is empty")
    more = f"; and {len(first) - _MOST_PROBLEMS} more" if len(first) > _MOST_PROBLEMS else ""
    return Reading(problem="; ".join(first[:_MOST_PROBLEMS]) + more)


def _read_calls(calls: Json) -> Reading:
    found = []
    for call in calls if isinstance(calls, Sequence) and not isinstance(calls, str) else ():
        if isinstance(call, Mapping):
            name, arguments = str(call.get("name") or ""), str(call.get("arguments") or "{}")
            if not name:
                return Reading(problem="a call names no tool")
            try:
                value = whole_value(parse_json(arguments))
            except ValueError as error:
                return Reading(problem=f"the arguments of the call of {quoted(name)} are not JSON ({error})")
            if not isinstance(value, Mapping):
                return Reading(problem=f"the arguments of the call of {quoted(name)} are not a JSON object")
            found.append(ToolCall(name, value, str(call.get("id") or "")))
    return Reading(calls=tuple(found))


def _described_call(request: ModelRequest, text: str) -> tuple[ToolCall, ...]:
    """The call in an answer to a prompt that described the tools, because the server knows none."""
    for value in values_in(text):
        if isinstance(value, Mapping) and value.keys() == {"tool", "arguments"}:
            name, arguments = value["tool"], whole_value(value["arguments"])
            if any(name == spec.name for spec in request.tools) and isinstance(arguments, Mapping):
                return (ToolCall(str(name), arguments),)
    return ()


def _without_trailing_commas(text: str) -> str:
    return _COMMA_BEFORE_END.sub(lambda match: match[1] or "", text)


def _exact_values(text: str) -> Iterator[Json]:
    fenced = (found[1] for found in islice(_FENCED.finditer(text), _MOST_STARTS))
    for part in chain((text,), fenced):
        try:
            yield parse_json(part)
        except ValueError:
            continue
    yield from _values_in_prose(text)


def _values_in_prose(text: str) -> Iterator[Json]:
    """Objects and lists that begin somewhere in a text, outermost only; tried from a bounded number of places."""
    decoder = json.JSONDecoder()
    position = 0
    for _ in range(_MOST_STARTS):
        begins = _BEGIN.search(text, position)
        if begins is None:
            return
        start = begins.start()
        try:
            _, position = decoder.raw_decode(text, start)
            yield parse_json(text[start:position])
        except (ValueError, RecursionError):
            position = max(position, start + 1)
