"""Fine-tuning at OpenAI, and at the services that took over its files: supervised, and by preference."""

import re
from collections.abc import Sequence

from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.domain.task import ToolSpec
from hitl_app.exchange.conversation import functions, up_to_last_answer
from hitl_app.exchange.dataset import Table, Target
from hitl_app.exchange.examples import Demonstration, PreferencePair, demonstrations
from hitl_app.exchange.exporters import flat, trl_dpo

ABOUT = """\
The service refuses a file with keys that it does not know: where a row comes from is in the file beside it, line by
line (`….provenance.jsonl`). Keys of messages that are not used are left out, `tools` are objects, `arguments` JSON
text. There is no Parquet of it."""

ABOUT_SFT = f"""\
Chats with tool calls for `method: supervised`; they end with the assistant, and all that it says is trained. {ABOUT}"""

ABOUT_DPO = f"""\
Preferences for `method: dpo`: a prompt and one message of the assistant each. {ABOUT}"""

REFUSED_NAME = "a tool's name has other characters than letters, digits, _ and -, or more than 64"
MOST_TOOLS = 128
TOO_MANY_TOOLS = f"more than {MOST_TOOLS} tools"

_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_KEYS = {
    "assistant": ("role", "content", "tool_calls"),
    "tool": ("role", "content", "tool_call_id"),
}


def demonstration(example: Demonstration) -> JsonObject | str:
    """A row of a supervised file."""
    said = up_to_last_answer(example.messages)
    return _with_tools(said, example.tools) if said else flat.NO_ANSWER


def pair(example: PreferencePair) -> JsonObject | str:
    """A row of a preference file."""
    chosen, rejected = _messages(example.chosen), _messages(example.rejected)
    asked = _with_tools(example.prompt, example.tools, (*example.chosen, *example.rejected))
    if isinstance(asked, str):
        return asked
    return {"input": asked, "preferred_output": chosen, "non_preferred_output": rejected}


def _with_tools(
    messages: Sequence[JsonObject], tools: Sequence[ToolSpec], answers: Sequence[JsonObject] = ()
) -> JsonObject | str:
    """Messages with the tools that they may call, or why the service would refuse them."""
    called = [[name for name, _ in functions(item)] for item in (*messages, *answers)]
    names = {name for each in called for name in each} | {tool.name for tool in tools}
    if not all(_NAME.fullmatch(name) for name in names):
        return REFUSED_NAME
    if len(tools) > MOST_TOOLS:
        return TOO_MANY_TOOLS
    told: dict[str, Json] = {"messages": _messages(messages)}
    if tools:
        told["tools"] = [_schema(tool) for tool in tools]
        told["parallel_tool_calls"] = any(len(each) > 1 for each in called)
    return told


def _messages(messages: Sequence[JsonObject]) -> list[JsonObject]:
    """Messages without the keys that they do not use; what only calls has no content."""
    return [_message(item, _KEYS.get(str(item["role"]), ("role", "content"))) for item in messages]


def _message(item: JsonObject, keys: Sequence[str]) -> JsonObject:
    unused = {"content"} if item["tool_calls"] and not item["content"] else set()
    return {key: item[key] for key in keys if item[key] is not None and key not in unused}


def _schema(tool: ToolSpec) -> JsonObject:
    """A function schema; without parameters there is no such key."""
    described: JsonObject = {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
    return {"type": "function", "function": {key: value for key, value in described.items() if value}}


SFT = Target(
    "openai-sft",
    "OpenAI fine-tuning, supervised",
    ABOUT_SFT,
    (Table("demonstrations", "Chats.", demonstrations, {}, demonstration, beside=True),),
)
DPO = Target(
    "openai-dpo",
    "OpenAI fine-tuning by preference",
    ABOUT_DPO,
    trl_dpo.tables({}, pair, trl_dpo.ONE_TURN, beside=True),
)
