"""Finds the chats in a row of training data, whichever target it is of."""

import json
from collections.abc import Iterator, Mapping, Sequence

from hitl_app.domain.chat import Chat, Piece, RenderedChat, Trained
from hitl_app.domain.jsontypes import Json, JsonObject, parse_or_text

PROMPTS = ("prompt", "input", "messages", "conversations")
"""Columns that a conversation begins in."""

WHOLE = ("messages", "conversations")
"""Those of which all is trained on that the agent says; others are prompts, unless the agent has the last word."""

ANSWERS = (
    *("chosen", "rejected", "completion", "output", "output_A", "output_B"),
    *("preferred_output", "non_preferred_output"),
)
"""Columns that it goes on in; each makes a chat of its own."""

_SHAREGPT = {"human": "user", "gpt": "assistant", "function_call": "assistant", "observation": "tool"}


def chats_of(row: JsonObject) -> list[Chat]:
    """The chats of a row; none where it has none, such as a row of a table."""
    row = _usual(row)
    name = next((name for name in PROMPTS if row.get(name)), "")
    prompt = (*_system(row), *_messages(row.get(name)))
    if not prompt:
        return []
    tools = _tools(row.get("tools"))
    answers = [(each, _messages(row[each])) for each in ANSWERS if row.get(each)]
    if answers:
        return [Chat(each, prompt, tuple(answer), tools) for each, answer in answers]
    roles = [item.get("role") for item in prompt]
    whole = "assistant" in (roles if name in WHOLE else roles[-1:])
    return [Chat(name, prompt, (), tools, Trained.TURNS if whole else Trained.NOTHING)]


def _usual(row: JsonObject) -> JsonObject:
    """OpenAI's preferences, and Alpaca's rows, which trainers make chats of, in the form of the others."""
    given = row.get("input")
    if isinstance(given, Mapping):
        return {**row, **given, "input": None}
    if isinstance(row.get("instruction"), str):
        asked = "\n".join(str(row[name]) for name in ("instruction", "input") if row.get(name))
        said = {"role": "assistant", "content": str(row.get("output", ""))}
        return {"prompt": [{"role": "user", "content": asked}], "output": [said]}
    return row


def _messages(value: Json) -> list[JsonObject]:
    """One message or a list of them, with roles as chat templates know them and without what is null."""
    items = [value] if isinstance(value, Mapping) else value
    if not isinstance(items, Sequence) or isinstance(items, str):
        return []
    return [_message(item) for item in items if isinstance(item, Mapping) and ("role" in item or "from" in item)]


def _message(item: JsonObject) -> JsonObject:
    if "role" in item:
        return _without_null(item)
    role, text = str(item["from"]), str(item.get("value", ""))
    known = _SHAREGPT.get(role, role)
    if role != "function_call":
        return {"role": known, "content": text}
    thought, calls = _calls(text)
    return {"role": known, "content": thought, **({"tool_calls": calls} if calls else {})}


def _calls(text: str) -> tuple[str, list[Json]]:
    """The thought and the calls in `THOUGHT <tool_call>[...]</tool_call>`, or in a bare list of calls."""
    thought, found, inside = text.partition("<tool_call>")
    calls = parse_or_text(inside.partition("</tool_call>")[0] if found else text)
    calls = [calls] if isinstance(calls, Mapping) else calls
    if isinstance(calls, str) or not isinstance(calls, Sequence):
        return text, []
    return thought.strip() if found else "", [{"type": "function", "function": call} for call in calls]


def _system(row: JsonObject) -> Iterator[JsonObject]:
    system = row.get("system")
    if isinstance(system, str) and system and "conversations" in row:
        yield {"role": "system", "content": system}


def _tools(value: Json) -> tuple[JsonObject, ...]:
    found = parse_or_text(value) if isinstance(value, str) else value
    if isinstance(found, str) or not isinstance(found, Sequence):
        return ()
    return tuple(tool for tool in found if isinstance(tool, Mapping))


def _without_null(item: JsonObject) -> JsonObject:
    """TRL and Axolotl take out what is null before a template sees it."""
    return {name: value for name, value in item.items() if value is not None}


def read_row(text: str) -> JsonObject:
    """A row of JSON; empty for one of another kind, such as a line of CSV."""
    try:
        row = json.loads(text)
    except ValueError:
        return {}
    return row if isinstance(row, dict) else {}


def texts_of(row: JsonObject) -> list[RenderedChat]:
    """The texts of a row that holds them as a trainer sees them already, without a template."""
    prompt = row.get("prompt")
    if not isinstance(prompt, str) or "completions" in row:  # labels of steps are no text
        return []
    asked = Piece(prompt, trained=False)
    answers = ((name, row.get(name)) for name in ANSWERS)
    found = [
        RenderedChat(name, (asked, Piece(answer, trained=True))) for name, answer in answers if isinstance(answer, str)
    ]
    return found or [RenderedChat("prompt", (asked,))]
