"""Axolotl: chats with native tool calls for SFT, text for DPO and KTO, and the configuration that reads them."""

from collections.abc import Mapping, Sequence

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.training import Span
from hitl_app.exchange.card import CardFile
from hitl_app.exchange.columns import MESSAGES, Columns
from hitl_app.exchange.conversation import tools_text, up_to_last_answer
from hitl_app.exchange.dataset import Table, Target
from hitl_app.exchange.examples import Demonstration, PreferencePair, UnpairedJudgement, demonstrations
from hitl_app.exchange.exporters import flat, trl_dpo, trl_kto

ABOUT = f"""\
`sft.yaml`, `dpo.yaml` and `kto.yaml` have the `datasets:` section for each kind of data, with the paths as seen from
this folder.

For SFT, messages have native `tool_calls`, and `tools` is JSON text; chats end with the assistant. For DPO and KTO all
is text. {flat.ABOUT}

For DPO, answers have no white space at their ends, because the trainer looks for them in what the chat template made of
them; so answers that are part of the words around them, such as `user`, are left out. For KTO the
trainer takes rendered texts: they are ChatML, for models whose template that is."""

JUDGEMENTS = "judgements-divergence"
PART_OF_THE_FRAME = "an answer that is part of the chat template's own words"

FRAME = """\
<|begin_of_text|><|im_start|>system
You are Qwen, created by Alibaba Cloud. You are a helpful assistant.<|im_end|>
<|im_start|>user
[[dummy_message]]<|im_end|>
<|im_start|>assistant
<|start_header_id|>system<|end_header_id|>

Cutting Knowledge Date: December 2023
Today Date: 26 Jul 2024

<|eot_id|><|start_header_id|>user<|end_header_id|><s>[INST] [[dummy_message]] [/INST]<bos><start_of_turn>model
"""
"""What common templates write before the answer: what is found in it is taken for the answer's beginning."""

_SFT = """\
    type: chat_template
    field_messages: messages
    roles_to_train: [assistant]
    train_on_eos: turn
"""
_DPO = "    type: chat_template.default\n"
_KTO = """\
    type:
      field_prompt: prompt
      field_completion: completion
      field_label: label
      prompt_format: "{prompt}"
      completion_format: "{completion}"
"""


def demonstration(example: Demonstration) -> JsonObject | str:
    """A chat with native calls."""
    messages = up_to_last_answer(example.messages)
    if not messages:
        return flat.NO_ANSWER
    return {"messages": messages, "tools": tools_text(example.tools), "carried_over": example.carried_over}


def pair(example: PreferencePair) -> JsonObject | str:
    """A preference; each answer is one message."""
    prompt = flat.flat(example.prompt, example.tools)
    (chosen,), (rejected,) = flat.flat(example.chosen), flat.flat(example.rejected)
    answers = [str(each["content"]).strip() for each in (chosen, rejected)]
    if reason := _why_not(answers):
        return reason
    chosen, rejected = ({"role": "assistant", "content": answer} for answer in answers)
    return {"messages": prompt, "chosen": chosen, "rejected": rejected, **trl_dpo.known(example)}


def judgement(example: UnpairedJudgement) -> JsonObject | str:
    """A judgement as rendered texts."""
    prompt = flat.chatml(flat.flat(example.prompt, example.tools)) + flat.BEGIN
    answer = flat.said(example.completion[0]).strip()
    return {
        "prompt": prompt,
        "completion": answer + flat.END,
        "label": example.label,
        "carried_over": example.carried_over,
    }


def describe(files: Sequence[CardFile]) -> Mapping[str, str]:
    """A configuration for each kind of data."""
    pairs = [file for file in files if file.table.startswith("pairs-")]
    chats = [file for file in files if file.table == "demonstrations"]
    judged = [file for file in files if file.table == JUDGEMENTS]
    kinds = (
        ("sft.yaml", "", chats, _SFT),
        ("dpo.yaml", "rl: dpo\n", pairs, _DPO),
        ("kto.yaml", "rl: kto\n", judged, _KTO),
    )
    return {name: head + _datasets(found, read_as) for name, head, found, read_as in kinds if found}


def _datasets(files: Sequence[CardFile], read_as: str) -> str:
    """`datasets:` for the first part of the data, and `test_datasets:` for the others."""
    first = files[0].part
    lines = []
    for key, members in (
        ("datasets", [file for file in files if file.part == first]),
        ("test_datasets", [file for file in files if file.part != first]),
    ):
        lines += [f"{key}:\n"] if members else []
        lines += [f"  - path: {each.file}\n    ds_type: json\n    split: train\n{read_as}" for each in members]
    return "".join(lines)


def _why_not(answers: Sequence[str]) -> str:
    if any(answer in FRAME for answer in answers):
        return PART_OF_THE_FRAME
    return flat.EQUAL if answers[0] == answers[1] else ""


_PAIR: Columns = {"messages": [flat.FLAT], "chosen": flat.FLAT, "rejected": flat.FLAT, **trl_dpo.KNOWN}

TARGET = Target(
    "axolotl",
    "Axolotl: SFT, DPO and KTO",
    ABOUT,
    (
        Table(
            "demonstrations",
            "Chats for `type: chat_template`.",
            demonstrations,
            {"messages": MESSAGES, "tools": "string", "carried_over": "int64"},
            demonstration,
        ),
        *trl_dpo.tables(_PAIR, pair, trl_dpo.ONE_TURN),
        Table(
            JUDGEMENTS,
            "Answers that were called good or bad, rendered as ChatML.",
            trl_kto.judgements_over(Span.DIVERGENCE),
            {"prompt": "string", "completion": "string", "label": "bool", "carried_over": "int64"},
            judgement,
        ),
    ),
    {"tools": "native for SFT, as text for the others"},
    describe,
)
