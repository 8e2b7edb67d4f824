"""A chat template, rendered as `transformers` renders it, with what is trained on marked.

The environment is that of `transformers.utils.chat_template_utils`: a sandbox in which nothing can be changed, blocks
trimmed, `break` and `continue`, `raise_exception`, `strftime_now`, `tojson` without HTML's escapes, and the tag
`generation` around what the assistant writes.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from jinja2 import TemplateError, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from hitl_app.domain.chat import Chat, Doubt, Piece, RenderedChat, TemplateSource, Trained
from hitl_app.domain.jsontypes import Json, JsonObject

LONGEST = 200_000
"""Characters of a rendered chat; what goes on after them is cut."""

Span = tuple[int, int]

_MARK = re.compile(r"\{%-?\s*generation\s*-?%\}")


class ChatTemplate:
    """A template that renders chats."""

    def __init__(self, source: TemplateSource) -> None:
        """Compile a template. Raises jinja2's TemplateError where it cannot be read."""
        self._environment = ImmutableSandboxedEnvironment(
            trim_blocks=True, lstrip_blocks=True, extensions=[_Generation, "jinja2.ext.loopcontrols"]
        )
        self._environment.filters["tojson"] = _to_json
        self._environment.globals.update(raise_exception=_raise, strftime_now=_now)
        self._marks: list[Span] = []
        self._written = 0
        self._environment.extend(wrote=self._wrote)
        self._template = self._environment.from_string(source.text)
        self._tokens = dict(source.tokens)
        self._has_marks = _MARK.search(source.text) is not None

    def render(self, chat: Chat) -> RenderedChat:
        """What a trainer sees of a chat; a template that fails is told, whatever it fails with."""
        try:
            text, spans = self._text(chat.messages, chat.tools, ask=chat.trained is Trained.NOTHING), tuple(self._marks)
            doubts = list(self._lost(chat, text))
            match chat.trained:
                case Trained.ANSWER:
                    asked = self._text(chat.prompt, chat.tools, ask=True)
                    spans = ((_shared(asked, text), len(text)),)
                    if any(item.get("role") == "tool" for item in chat.answer):
                        doubts.append(Doubt.TRAINS_ON_RESULTS)
                case Trained.NOTHING:
                    spans = ()
                case Trained.TURNS if not self._has_marks:
                    doubts.append(Doubt.NO_MARKS)
                    found = list(self._turns(chat, text))
                    spans = tuple(span for span in found if span is not None)
                    doubts += [Doubt.NOT_FOUND] * (None in found)
        except Exception as error:  # the template is a stranger's program
            return RenderedChat(chat.name, problem=f"{type(error).__name__}: {error}".strip(": ")[:2_000])
        if len(text) >= LONGEST:
            doubts.append(Doubt.CUT)
        return RenderedChat(chat.name, tuple(_pieces(text, spans)), tuple(doubts))

    def _text(self, messages: Sequence[JsonObject], tools: Sequence[JsonObject], *, ask: bool = False) -> str:
        """The rendered text, as far as it may go; `ask` adds the words that an answer begins with."""
        self._marks, self._written = [], 0
        values: dict[str, Any] = {**self._tokens, "tools": list(tools) or None, "documents": None}
        parts: list[str] = []
        for part in self._template.generate(**values, messages=list(messages), add_generation_prompt=ask):
            parts.append(part)
            self._written += len(part)
            if self._written >= LONGEST:
                break
        return "".join(parts)[:LONGEST]

    def _wrote(self, text: str) -> None:
        """Remember that a marked part begins where the text now ends: this is how `transformers` finds its place."""
        self._marks.append((self._written, self._written + len(text)))

    def _turns(self, chat: Chat, text: str) -> Iterator[Span | None]:
        """Where each of the assistant's messages stands: what it adds to the rendering of those before it."""
        for number, item in enumerate(chat.messages):
            if item.get("role") == "assistant":
                before = self._text(chat.messages[:number], chat.tools, ask=True)
                after = self._text(chat.messages[: number + 1], chat.tools)
                fits = after.startswith(before) and text.startswith(after)
                yield (len(before), len(after)) if fits else None

    def _lost(self, chat: Chat, text: str) -> Iterator[Doubt]:
        """What makes no difference to the text, and is therefore not in it."""
        for doubt, without in _WITHOUT.items():
            less = without(chat)
            if less != chat and self._same(less, text):
                yield doubt
        if any(json.dumps(arguments, ensure_ascii=False) in text for arguments in _arguments(chat)):
            yield Doubt.QUOTED_TWICE

    def _same(self, chat: Chat, text: str) -> bool:
        try:
            return self._text(chat.messages, chat.tools, ask=chat.trained is Trained.NOTHING) == text
        except Exception:  # as above; a template that misses something does not leave it out
            return False


class _Generation(Extension):
    """The tag `generation`: marks what a trainer trains on."""

    tags = {"generation"}  # noqa: RUF012 -- as Jinja declares it

    def parse(self, parser: Parser) -> nodes.Node:
        """Jinja: a block that is rendered as it is, by way of `_mark`."""
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
        return nodes.CallBlock(self.call_method("_mark"), [], [], body).set_lineno(line)

    def _mark(self, caller: Callable[[], str]) -> str:
        text = caller()
        self.environment.wrote(text)  # type: ignore[attr-defined]  # what `extend` gave it
        return text


def _shared(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    both = enumerate(zip(one, other, strict=False))
    return next((at for at, (left, right) in both if left != right), min(len(one), len(other)))


def _pieces(text: str, spans: Sequence[Span]) -> Iterator[Piece]:
    at = 0
    for start, end in [*spans, (len(text), len(text))]:
        if at < start:
            yield Piece(text[at:start], trained=False)
        if start < end and text[start:end]:
            yield Piece(text[start:end], trained=True)
        at = max(at, end)


def _without_calls(item: JsonObject) -> JsonObject:
    return {name: value for name, value in item.items() if name != "tool_calls"}


def _without_result(item: JsonObject) -> JsonObject:
    return {**item, "content": ""} if item.get("role") == "tool" else item


def _changed(change: Callable[[JsonObject], JsonObject]) -> Callable[[Chat], Chat]:
    return lambda chat: replace(chat, prompt=tuple(map(change, chat.prompt)), answer=tuple(map(change, chat.answer)))


_WITHOUT: Mapping[Doubt, Callable[[Chat], Chat]] = {
    Doubt.CALLS_DROPPED: _changed(_without_calls),
    Doubt.RESULTS_DROPPED: _changed(_without_result),
    Doubt.TOOLS_DROPPED: lambda chat: replace(chat, tools=()),
}


def _arguments(chat: Chat) -> Iterator[str]:
    """Arguments of calls that are JSON text."""
    for item in chat.messages:
        calls = item.get("tool_calls")
        for call in calls if isinstance(calls, Sequence) else ():
            function = call.get("function") if isinstance(call, Mapping) else None
            arguments = function.get("arguments") if isinstance(function, Mapping) else None
            if isinstance(arguments, str):
                yield arguments


def _to_json(
    value: Json,
    ensure_ascii: bool = False,
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def _raise(message: str) -> None:
    raise TemplateError(message)


def _now(form: str) -> str:
    return datetime.now().strftime(form)  # local, as `transformers` has it
