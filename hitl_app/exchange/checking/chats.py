"""The chats in a row, whatever the format calls them, and what is wrong with them."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import TypeAlias

from hitl_app.domain.jsontypes import Json, JsonObject, canonical, parse_json

Messages: TypeAlias = Sequence[JsonObject]

PROMPTS = ("messages", "prompt", "input", "conversations")
ANSWERS = ("chosen", "rejected", "completion", "output", "preferred_output", "non_preferred_output")
OPPOSED = (("chosen", "rejected"), ("preferred_output", "non_preferred_output"))

CALL, CALL_END = "<tool_call>", "</tool_call>"


def chats(row: JsonObject) -> Iterator[Messages]:
    """Each prompt with each of its answers; the prompt alone where it has none."""
    prompt: Messages = next((found for name in PROMPTS if (found := _messages(row.get(name)))), ())
    answers = [found for name in ANSWERS if (found := _messages(row.get(name)))]
    if answers:
        yield from ((*prompt, *answer) for answer in answers)
    elif prompt:
        yield prompt


def same_answers(row: JsonObject) -> bool | None:
    """Whether two answers that ought to differ are the same; None where the row has no such answers."""
    found = [(row[one], row[other]) for one, other in OPPOSED if one in row and other in row]
    if not found:
        return None
    return any(canonical(_without_ids(one)) == canonical(_without_ids(other)) for one, other in found)


def wrong_call(chat: Messages) -> str | None:
    """What is wrong with the first call whose arguments are no JSON object; None where all are sound."""
    found = chain.from_iterable(map(_arguments, chat))
    wrong = (_wrong_arguments(name, arguments) for name, arguments in found)
    return next((each for each in wrong if each is not None), None)


def stray_result(chat: Messages) -> str | None:
    """The first result of a tool that answers no call before it; None where each does."""
    open_calls: set[str] = set()
    waiting = False
    for message in chat:
        if message.get("from") is not None:
            if message["from"] == "observation" and not waiting:
                return "an observation without a call before it"
            waiting = message["from"] == "function_call"
            continue
        open_calls.update(str(call.get("id")) for call in _calls(message))
        answered = message.get("tool_call_id")
        if message.get("role") == "tool" and answered is not None:
            if answered not in open_calls:
                return f"a result of {answered}, which was not called or is answered already"
            open_calls.discard(str(answered))
    return None


def uses_tools(chat: Messages) -> bool:
    """Whether tools are called or answer in it, in a form in which that can be seen."""
    speakers = {"function_call", "observation"}
    return any(_calls(each) or each.get("from") in speakers or each.get("tool_call_id") is not None for each in chat)


def _messages(value: Json) -> Messages:
    """The chat in a column: a list of messages, one message, or an object that holds a list of them."""
    if isinstance(value, Mapping):
        return _messages(value["messages"]) if "messages" in value else ((value,) if _is_message(value) else ())
    if isinstance(value, str) or not isinstance(value, Sequence):
        return ()
    return tuple(each for each in value if isinstance(each, Mapping) and _is_message(each))


def _is_message(value: JsonObject) -> bool:
    return "role" in value or "from" in value


def _calls(message: JsonObject) -> list[JsonObject]:
    calls = message.get("tool_calls")
    listed = calls if isinstance(calls, Sequence) and not isinstance(calls, str) else ()
    return [call for call in listed if isinstance(call, Mapping)]


def _arguments(message: JsonObject) -> Iterator[tuple[str, Json]]:
    """Names of what a message calls, with the arguments as they stand there."""
    for call in _calls(message):
        function = call.get("function")
        known = function if isinstance(function, Mapping) else {}
        yield str(known.get("name")), known.get("arguments")
    if message.get("from") == "function_call":
        yield from _calls_in_text(str(message.get("value")))


def _calls_in_text(text: str) -> Iterator[tuple[str, Json]]:
    """Calls as LLaMA-Factory has them: a JSON list, which stands between marks where words come before it."""
    _, mark, after = text.partition(CALL)
    try:
        listed = parse_json(after.removesuffix(CALL_END) if mark else text)
    except ValueError:
        yield "the whole turn", text
        return
    for call in listed if isinstance(listed, Sequence) and not isinstance(listed, str) else [listed]:
        known = call if isinstance(call, Mapping) else {}
        arguments = known.get("arguments")
        yield str(known.get("name")), None if isinstance(arguments, str) else arguments  # text would be quoted twice


def _wrong_arguments(name: str, arguments: Json) -> str | None:
    if isinstance(arguments, str):
        try:
            arguments = parse_json(arguments)
        except ValueError as error:
            return f"{name}: {error}"
    return None if isinstance(arguments, Mapping) else f"{name}: not an object"


def _without_ids(value: Json) -> Json:
    """A value without the ids of calls, which only number the steps."""
    if isinstance(value, Mapping):
        return {name: _without_ids(each) for name, each in value.items() if name not in {"id", "tool_call_id"}}
    return (
        value if isinstance(value, str) or not isinstance(value, Sequence) else [_without_ids(each) for each in value]
    )
