"""Steps as text: the form that the editor types, and short previews of bounded cost.

An action is written as `tool_name`, a line break, and its arguments as JSON; a message is written as itself.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from hitl_app.domain.jsontypes import Json, JsonObject, canonical
from hitl_app.domain.trajectory import Step

PREVIEW = 240
"""Characters of a preview."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_ESCAPED = {ord(c): f"\\u{ord(c):04x}" for c in "\u2028\u2029\ufdd0\ufdd1\u0085"}
"""Characters that a text editor takes for the end of a line or keeps for itself."""


def text_of_step(step: Step) -> str:
    """The step in the editor's form."""
    if not step.is_action:
        return step.text
    return f"{step.tool}\n{pretty(step.arguments)}"


def step_from_text(old: Step, text: str) -> Step:
    """The step that the text describes, in the place of `old`: of its kind, turn and plan link.

    Raises:
        ValueError: The text is not valid; says what to do about it.
    """
    if not old.is_action:
        if not text.strip() and text != old.text:
            raise ValueError("a message cannot be empty; delete the step instead")
        new = replace(old, text=text)
    else:
        tool, _, arguments = text.partition("\n")
        if not tool.strip():
            raise ValueError("name the tool to call")
        new = replace(old, tool=tool.strip(), arguments=arguments_from_text(arguments))
    return old if new.key == old.key else replace(new, expected=None)


class NotJsonError(ValueError):
    """A text is not JSON.

    Attributes:
        position: Index of the character where it breaks; None where it breaks nowhere in particular.
    """

    def __init__(self, words: str, position: int | None = None) -> None:
        super().__init__(words)
        self.position = position


def json_from_text(text: str) -> Json:
    """Parse a value, strictly: every name once, and only what JSON can say.

    Raises:
        NotJsonError: It is not JSON; names the line and column where it breaks.
    """
    try:
        value: Json = json.loads(text, object_pairs_hook=_without_duplicates, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        words = f"not valid JSON: {error.msg}, line {error.lineno}, column {error.colno}"
        raise NotJsonError(words, error.pos) from None
    except RecursionError:
        raise NotJsonError("not valid JSON: nested too deeply") from None
    except NotJsonError:
        raise
    except ValueError:
        raise NotJsonError("a number is too large for JSON") from None
    try:
        canonical(value)
    except ValueError:
        raise NotJsonError("a number is too large for JSON") from None
    return value


def arguments_from_text(text: str) -> JsonObject:
    """Parse the arguments of a call.

    Raises:
        ValueError: Not a JSON object; names the line and column where the JSON breaks.
    """
    value = json_from_text(text)
    if not isinstance(value, Mapping):
        raise ValueError('the arguments must be a JSON object, such as {"name": "value"}')
    return value


def pretty(value: Json) -> str:
    """JSON with indentation that survives a text editor unchanged."""
    return json.dumps(value, indent=2, ensure_ascii=False).translate(_ESCAPED)


def short_json(value: Json, limit: int = PREVIEW) -> str:
    """JSON on one line, cut at `limit` characters; the cost is bounded by the limit, not by the value."""
    return _cut(_pieces(value, limit), limit)


def call_text(step: Step, limit: int = PREVIEW) -> str:
    """An action on one line: `tool(name="value", …)`."""

    def pieces() -> Iterator[str]:
        yield f"{step.tool}("
        for number, (name, value) in enumerate(step.arguments.items()):
            yield f"{', ' if number else ''}{name}="
            yield from _pieces(value, limit)
        yield ")"

    return _cut(pieces(), limit)


def one_line(text: str, limit: int = PREVIEW) -> str:
    """The beginning of a text on one line, without control characters."""
    line = _CONTROL.sub("", " ".join(text[: limit * 2].split()))
    return line if len(line) <= limit and len(text) <= limit * 2 else f"{line[: limit - 1]}…"


def preview(step: Step, limit: int = PREVIEW) -> str:
    """A step on one line."""
    return call_text(step, limit) if step.is_action else one_line(step.text, limit)


def _cut(pieces: Iterator[str], limit: int) -> str:
    text = ""
    for piece in pieces:
        text += piece
        if len(text) > limit:
            return f"{one_line(text, limit).rstrip('…')[: limit - 1]}…"
    return one_line(text, limit)


def _pieces(value: Json, limit: int) -> Iterator[str]:
    if isinstance(value, str):
        yield json.dumps(value[: limit + 1], ensure_ascii=False)
    elif isinstance(value, Mapping):
        yield "{"
        for number, (name, item) in enumerate(islice(value.items(), limit)):
            yield f"{', ' if number else ''}{json.dumps(name[:limit], ensure_ascii=False)}: "
            yield from _pieces(item, limit)
        yield "}"
    elif isinstance(value, Sequence):
        yield "["
        for number, item in enumerate(islice(value, limit)):
            yield ", " if number else ""
            yield from _pieces(item, limit)
        yield "]"
    else:
        yield json.dumps(value)


def _without_duplicates(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise NotJsonError(f'not valid JSON: "{twice}" is given twice')
    return found


def _refuse_constant(name: str) -> Json:
    raise NotJsonError(f"not valid JSON: there is no {name} in JSON")
