"""LLaMA-Factory: ShareGPT turns in strict alternation, and the `dataset_info.json` that names the files."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile

from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.domain.task import ToolSpec
from hitl_app.domain.training import Span
from hitl_app.exchange.card import CardFile
from hitl_app.exchange.columns import Columns, Type
from hitl_app.exchange.conversation import from_first_words, tools_text, up_to_last_answer
from hitl_app.exchange.dataset import Table, Target
from hitl_app.exchange.examples import Demonstration, PreferencePair, UnpairedJudgement, demonstrations
from hitl_app.exchange.exporters import flat, trl_dpo, trl_kto

ABOUT = """\
ShareGPT turns: `human` or `observation`, then `gpt` or `function_call`, in strict alternation, because the loader drops
every other row with nothing but a warning. Parallel calls are one `function_call` with a JSON list, and their results
one `observation`; messages of the assistant that follow each other are one turn; where the user speaks right after a
tool, an empty `gpt` turn stands between; what the assistant says before the user's first words is left out, and so is
what stands after its last message. Arguments are objects, `tools` is JSON text, and `<` in a call is written `\\u003c`,
because the loader looks for its own marks before it reads the JSON.

`dataset_info.json` names each file: `dataset: pairs-divergence-train` with `dataset_dir` set to this folder. Pairs load
for DPO, ORPO, SimPO and reward models alike. The template must be named (`template: qwen`); where `system` is empty it
puts in its own."""

MID_CHAT = "the system speaks in the middle of the chat: there is no place for that"
NO_USER = "the user says nothing before the assistant acts"
MARKED = "a thought holds the mark of a tool call, which the loader would take for one"

JUDGEMENTS = "judgements-divergence"

_MARK = "<tool_call>"
_TURN: Type = {"from": "string", "value": "string"}
_AROUND: Columns = {"system": "string", "tools": "string"}


@dataclass(frozen=True)
class Chat:
    """A chat as LLaMA-Factory takes it; the turns begin with the user and end with the assistant."""

    turns: list[JsonObject]
    around: JsonObject


def chat(messages: Sequence[JsonObject], tools: Sequence[ToolSpec]) -> Chat | str:
    """A chat that ends with the assistant, or why there is none."""
    first = list(takewhile(lambda item: item["role"] == "system", messages))
    turns: list[JsonObject] = []
    asked = from_first_words(messages[len(first) :], ("user",))
    if not asked:
        return NO_USER
    for role, group in groupby(asked, key=lambda item: item["role"]):
        turn = _turn(str(role), list(group))
        if isinstance(turn, str):
            return turn
        if role != "assistant" and turns and turns[-1]["from"] in ("human", "observation"):
            turns.append({"from": "gpt", "value": ""})
        turns.append(turn)
    system = "\n\n".join(str(item["content"]) for item in first)
    return Chat(turns, {"system": system, "tools": tools_text(tools) or ""})


def demonstration(example: Demonstration) -> JsonObject | str:
    """A demonstration, for the stage `sft`."""
    messages = up_to_last_answer(example.messages)
    made = chat(messages, example.tools) if messages else flat.NO_ANSWER
    if isinstance(made, str):
        return made
    return {"conversations": made.turns, **made.around, "carried_over": example.carried_over}


def pair(example: PreferencePair) -> JsonObject | str:
    """A preference, for the stages `dpo` and `rm`: one turn each."""
    chosen = chat([*example.prompt, *example.chosen], example.tools)
    rejected = chat([*example.prompt, *example.rejected], example.tools)
    if isinstance(chosen, str) or isinstance(rejected, str):
        return chosen if isinstance(chosen, str) else str(rejected)
    if chosen.turns == rejected.turns:
        return flat.EQUAL
    return {
        "conversations": chosen.turns[:-1],
        "chosen": chosen.turns[-1],
        "rejected": rejected.turns[-1],
        **chosen.around,
        **trl_dpo.known(example),
    }


def judgement(example: UnpairedJudgement) -> JsonObject | str:
    """A judgement, for the stage `kto`: the last turn was judged."""
    made = chat([*example.prompt, *example.completion], example.tools)
    if isinstance(made, str):
        return made
    return {
        "conversations": made.turns,
        "kto_tag": example.label,
        **made.around,
        "carried_over": example.carried_over,
    }


def describe(files: Sequence[CardFile]) -> Mapping[str, str]:
    """`dataset_info.json`: each file under its name without the ending."""
    named = {file.file.removesuffix(".jsonl"): _info(file) for file in files}
    return {"dataset_info.json": json.dumps(named, indent=2) + "\n"}


def _info(file: CardFile) -> JsonObject:
    columns = {"messages": "conversations", "system": "system", "tools": "tools"}
    info: dict[str, Json] = {"file_name": file.file, "formatting": "sharegpt"}
    if file.table.startswith("pairs-"):
        return {**info, "ranking": True, "columns": {**columns, "chosen": "chosen", "rejected": "rejected"}}
    tagged = {"kto_tag": "kto_tag"} if file.table == JUDGEMENTS else {}
    return {**info, "columns": {**columns, **tagged}}


def _turn(role: str, messages: Sequence[JsonObject]) -> JsonObject | str:
    """What one role says at a time, or why there is no place for it."""
    match role:
        case "assistant":
            return _agent(messages)
        case "tool":
            return {"from": "observation", "value": flat.between_results(*messages)}
        case "user":
            return {"from": "human", "value": "\n".join(str(item["content"]) for item in messages)}
    return MID_CHAT


def _agent(messages: Sequence[JsonObject]) -> JsonObject | str:
    """What the assistant says and does at a time."""
    text = "\n".join(str(item["content"]) for item in messages if item["content"])
    called = [call for item in messages for call in flat.calls(item)]
    if not called:
        return {"from": "gpt", "value": text}
    listed = f"[{', '.join(called)}]".replace("<", "\\u003c")
    if not text:
        return {"from": "function_call", "value": listed}
    if _MARK in text:
        return MARKED
    return {"from": "function_call", "value": f"{text}\n{_MARK}{listed}</tool_call>"}


_PAIR: Columns = {"conversations": [_TURN], "chosen": _TURN, "rejected": _TURN, **_AROUND, **trl_dpo.KNOWN}

TARGET = Target(
    "llama-factory",
    "LLaMA-Factory: SFT, DPO, reward models and KTO",
    ABOUT,
    (
        Table(
            "demonstrations",
            "Chats for the stage `sft`.",
            demonstrations,
            {"conversations": [_TURN], **_AROUND, "carried_over": "int64"},
            demonstration,
        ),
        *trl_dpo.tables(_PAIR, pair, trl_dpo.ONE_TURN),
        Table(
            JUDGEMENTS,
            "Chats for the stage `kto`, whose last turn was called good or bad.",
            trl_kto.judgements_over(Span.DIVERGENCE),
            {"conversations": [_TURN], "kto_tag": "bool", **_AROUND, "carried_over": "int64"},
            judgement,
        ),
    ),
    {"formatting": "sharegpt"},
    describe,
)
