"""Which text of a row ought to be trained, worked out from the row alone: no code of a trainer or a reader is asked.

Messages are rendered one prefix after the other with the readers' chat template; what a message adds to the prefix
before it is its text. A tool result that stood in a trained text would be seen here, because none is ever expected.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any  # rows of exports, whose columns differ

from jinja2.sandbox import ImmutableSandboxedEnvironment

from hitl_app.exchange.checking.outside.trainer_readers.template import TEMPLATE

Row = Mapping[str, Any]
Messages = Sequence[Mapping[str, Any]]
Runs = list[tuple[bool, str]]
Texts = dict[str, Runs]

START = "<|im_start|>assistant\n"
END = "<|im_end|>"

_environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
_environment.filters["tojson"] = lambda value: json.dumps(value, ensure_ascii=False)
_template = _environment.from_string(TEMPLATE.replace("{% generation %}", "").replace("{% endgeneration %}", ""))


def render(messages: Messages, tools: str | None = None, *, answer_follows: bool = False) -> str:
    listed = json.loads(tools) if tools else None
    return _template.render(messages=messages, tools=listed, add_generation_prompt=answer_follows)


def by_turn(messages: Messages, tools: str | None = None, *, newline: bool) -> Runs:
    """Every message of the assistant is trained with its end, and with the line break behind that where `newline`."""
    runs: Runs = []
    done = ""
    for number, message in enumerate(messages):
        whole = render(messages[: number + 1], tools)
        if message["role"] == "assistant":
            before = render(messages[:number], tools, answer_follows=True)
            end = len(whole) - (not newline)
            runs += [(False, before[len(done) :]), (True, whole[len(before) : end]), (False, whole[end:])]
        else:
            runs.append((False, whole[len(done) :]))
        done = whole
    return joined(runs)


def answer(prompt: Messages, said: Messages, tools: str | None = None) -> Runs:
    """All that stands behind the prompt is trained."""
    before = render(prompt, tools, answer_follows=True)
    return joined([(False, before), (True, render([*prompt, *said], tools)[len(before) :])])


def stripped(runs: Runs) -> Runs:
    """Without the line break at the very end, which OpenRLHF takes away."""
    *first, (trained, text) = runs
    return joined([*first, (trained, text.removesuffix("\n"))])


def joined(runs: Runs) -> Runs:
    """Runs with their neighbours of the same kind in one, and none that is empty."""
    kept = groupby((run for run in runs if run[1]), key=lambda run: run[0])
    return [(trained, "".join(text for _, text in group)) for trained, group in kept]


def of_trl(name: str, row: Row) -> Texts:
    tools = row.get("tools")
    match name:
        case "trl-sft" | "plan-and-act-messages":
            return {"messages": by_turn(row["messages"], tools, newline=False)}
        case "trl-dpo":
            return {side: answer(row["prompt"], row[side], tools) for side in ("chosen", "rejected")}
        case "trl-reward":
            sides = ("chosen", "rejected")
            return {side: [(True, render([*row["prompt"], *row[side]], tools))] for side in sides}
        case "trl-grpo":
            return {"prompt": [(False, render(row["prompt"], answer_follows=True))]}
        case _:
            return {"completion": answer(row["prompt"], row["completion"], tools)}


def of_openrlhf(name: str, row: Row) -> Texts:
    if "chosen" in row:
        return {side: stripped(answer(row["prompt"], row[side])) for side in ("chosen", "rejected")}
    if "label" in row:
        return {"input": [(False, render(row["input"], answer_follows=True))]}
    if "output" in row:
        return {"input": stripped(answer(row["input"], row["output"]))}
    return {"input": stripped(by_turn(row["input"], newline=True))}


def of_axolotl(name: str, row: Row) -> Texts:
    """Its preference data are texts: the prompt with the beginning of the answer, and the answer with its end."""
    if "chosen" in row:
        prompt = (False, render(row["messages"], answer_follows=True))
        return {side: [prompt, (True, row[side]["content"] + END)] for side in ("chosen", "rejected")}
    if "label" in row:
        return {"completion": [(False, row["prompt"]), (True, row["completion"])]}
    return {"messages": by_turn(row["messages"], row["tools"], newline=False)}


def of_verl(name: str, row: Row) -> Texts:
    if "messages" in row:
        return {"messages": by_turn(row["messages"], newline=True)}
    return {"prompt": [(False, render(row["prompt"], answer_follows=True))]}


def of_llama_factory(name: str, row: Row) -> Texts:
    """In the words of its template `qwen`; what it writes of the system and the tools is not looked at."""
    if "chosen" in row:
        return {side: _last([*row["conversations"], row[side]]) for side in ("chosen", "rejected")}
    if "kto_tag" in row:
        return {"conversations": _last(row["conversations"])}
    return {"conversations": joined(list(map(_turn, row["conversations"])))}


def of_alpaca(name: str, row: Row) -> Texts:
    """LLaMA-Factory joins what is asked with the input below it."""
    asked = "\n".join(filter(None, (row["instruction"], row["input"])))
    return {"conversations": _last([{"from": "human", "value": asked}, {"from": "gpt", "value": row["output"]}])}


def _last(turns: Messages) -> Runs:
    """Nothing but the last turn is trained."""
    return joined([*((False, _turn(turn)[1]) for turn in turns[:-1]), _turn(turns[-1])])


def _turn(turn: Mapping[str, str]) -> tuple[bool, str]:
    value = turn["value"]
    match turn["from"]:
        case "human":
            return False, f"<|im_start|>user\n{value}{END}\n{START}"
        case "observation":
            return False, f"<|im_start|>user\n<tool_response>\n{value}\n</tool_response>{END}\n{START}"
        case "gpt":
            return True, f"{value}{END}\n"
    words, mark, listed = value.partition("<tool_call>")
    calls = json.loads(listed.removesuffix("</tool_call>") if mark else value)
    said = (f"<tool_call>\n{json.dumps(call, ensure_ascii=False)}\n</tool_call>" for call in calls)
    return True, f"{words if mark else ''}{chr(10).join(said)}{END}\n"


EXPECTED: Mapping[str, Callable[[str, Row], Texts]] = {
    **dict.fromkeys(("trl-sft", "trl-dpo", "trl-kto", "trl-reward", "trl-grpo", "critic"), of_trl),
    "plan-and-act-messages": of_trl,
    "plan-and-act": of_alpaca,
    "openrlhf": of_openrlhf,
    "axolotl": of_axolotl,
    "verl": of_verl,
    "llama-factory": of_llama_factory,
}
