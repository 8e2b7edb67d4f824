"""Tool calls as text, for trainers that know none: one form, the words that Qwen's chat templates have for them.

Schemas stand in the system text, calls between `<tool_call>` marks behind what was said with them, and a result keeps
the role `tool`. A model that is trained on this reads and writes what Qwen2.5's own template makes of native calls.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.task import ToolSpec
from hitl_app.exchange.columns import Type
from hitl_app.exchange.conversation import from_first_words, functions, schemas, to_text, up_to_last_answer
from hitl_app.exchange.examples import Demonstration, PreferencePair

FLAT: Type = {"role": "string", "content": "string"}
"""A message of nothing but text."""

BEGIN = "<|im_start|>assistant\n"
END = "<|im_end|>"
"""What stands around an answer in a rendered chat."""

NO_PROMPT = "the assistant acts before anybody says a word"
NO_ANSWER = "the assistant says and does nothing"
EQUAL = "chosen equals rejected where calls are text"

ABOUT = """\
The trainer knows no tools: the schemas stand as text in the system message (`# Tools`, one JSON schema a line between
`<tools>` marks), calls as `<tool_call>` with JSON in the assistant's text behind what it said, and results are messages
of the role `tool`. These are the words of Qwen's chat templates; another model family may want others."""

_TOOLS = """\
# Tools

You may call one or more functions to assist with the user query.

You are provided with function signatures within <tools></tools> XML tags:
<tools>
{schemas}
</tools>

For each function call, return a json object with function name and arguments within <tool_call></tool_call> XML tags:
<tool_call>
{{"name": <function-name>, "arguments": <args-json-object>}}
</tool_call>"""

_BETWEEN_RESULTS = "\n</tool_response>\n<tool_response>\n"
"""Between the results of parallel calls in one message: the template has the outer marks."""


@dataclass(frozen=True)
class FlatPair:
    """A preference pair of nothing but text."""

    prompt: list[JsonObject]
    chosen: list[JsonObject]
    rejected: list[JsonObject]


def flat(messages: Sequence[JsonObject], tools: Sequence[ToolSpec] = ()) -> list[JsonObject]:
    """Messages of `role` and `content` alone, with the schemas of the tools in the first one."""
    told: list[JsonObject] = [{"role": item["role"], "content": said(item)} for item in messages]
    if not tools:
        return told
    described = _TOOLS.format(schemas="\n".join(map(to_text, schemas(tools))))
    if told and told[0]["role"] == "system":
        return [{"role": "system", "content": f"{told[0]['content']}\n\n{described}"}, *told[1:]]
    return [{"role": "system", "content": described}, *told]


def whole_chat(example: Demonstration) -> list[JsonObject] | str:
    """A chat of nothing but text that ends with the assistant and does not begin with it, or why there is none."""
    messages = up_to_last_answer(example.messages)
    asked = from_first_words(messages)
    if not asked:
        return NO_PROMPT if messages else NO_ANSWER
    return flat(asked, example.tools)


def flat_pair(pair: PreferencePair) -> FlatPair | str:
    """A pair of nothing but text, or why there is none."""
    made = FlatPair(flat(pair.prompt, pair.tools), flat(pair.chosen), flat(pair.rejected))
    return EQUAL if made.chosen == made.rejected else made


def said(message: JsonObject) -> str:
    """What a message says, its calls included."""
    called = [f"<tool_call>\n{call}\n</tool_call>" for call in calls(message)]
    content = str(message["content"])
    return "\n".join([content, *called] if content else called)


def calls(message: JsonObject) -> Iterator[str]:
    """The calls of a message as JSON texts of objects with `name` and `arguments`, arguments as they were written."""
    return (f'{{"name": {to_text(name)}, "arguments": {arguments}}}' for name, arguments in functions(message))


def joined_results(messages: Sequence[JsonObject]) -> list[JsonObject]:
    """Flat messages with the results of parallel calls in one."""
    joined: list[JsonObject] = []
    for item in messages:
        if joined and item["role"] == joined[-1]["role"] == "tool":
            joined[-1] = {"role": "tool", "content": between_results(joined[-1], item)}
        else:
            joined.append(item)
    return joined


def chatml(messages: Sequence[JsonObject]) -> str:
    """Flat messages as Qwen's template renders them, for trainers that take rendered texts."""
    return "".join(f"<|im_start|>{_seen_as(item)}{END}\n" for item in joined_results(messages))


def between_results(*results: JsonObject) -> str:
    """The results of parallel calls as one text."""
    return _BETWEEN_RESULTS.join(str(item["content"]) for item in results)


def _seen_as(message: JsonObject) -> str:
    role, content = message["role"], message["content"]
    return f"user\n<tool_response>\n{content}\n</tool_response>" if role == "tool" else f"{role}\n{content}"
