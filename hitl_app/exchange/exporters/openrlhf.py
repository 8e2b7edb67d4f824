"""OpenRLHF: whole chats, single answers and preference pairs, with tool calls as text."""

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.exchange.columns import Columns
from hitl_app.exchange.conversation import to_text
from hitl_app.exchange.dataset import Table, Target
from hitl_app.exchange.examples import Demonstration, PreferencePair, RewardPrompt, demonstrations, reward_prompts
from hitl_app.exchange.exporters import flat, trl_dpo, trl_grpo

ABOUT = f"""\
Demonstrations, preference pairs and prompts. {flat.ABOUT} OpenRLHF ignores a `tools` column in silence.

- `demonstrations`: `--data.input_key input --data.apply_chat_template --data.multiturn`; the assistant's messages alone
  are trained.
- `answers`: `--data.input_key input --data.output_key output --data.apply_chat_template`.
- `pairs-…`: `--data.prompt_key prompt --data.chosen_key chosen --data.rejected_key rejected
  --data.apply_chat_template`. A margin is read for reward models alone, with `--model.margin_loss_enable`; null counts
  as 0. In `pairs-whole` everything after the prompt is trained, results of tools included.
- `prompts`, for reinforcement learning: `--data.input_key input --data.label_key label --data.apply_chat_template`;
  `label` is the JSON text of the accepted next calls.

Rows whose prompt is longer than `--data.max_len` are dropped in silence."""

NOTHING_CHANGED = "nothing was put right in it"
NOT_THE_AGENTS = "what differs first is not the assistant's"


def whole(example: Demonstration) -> JsonObject | str:
    """A whole chat; the loader renders what stands before each answer, so that none may be the first message."""
    told = flat.whole_chat(example)
    return told if isinstance(told, str) else {"input": told, "carried_over": example.carried_over}


def answer(example: Demonstration) -> JsonObject | str:
    """The first message that was put right, with all before it."""
    at = example.divergence
    if at is None:
        return NOTHING_CHANGED
    if example.messages[at]["role"] != "assistant":
        return NOT_THE_AGENTS
    before = flat.flat(example.messages[:at], example.tools)
    return {"input": before, "output": flat.flat(example.messages[at : at + 1])} if before else flat.NO_PROMPT


def pair(example: PreferencePair) -> JsonObject | str:
    """A preference; the answers are lists of messages."""
    made = flat.flat_pair(example)
    if isinstance(made, str):
        return made
    return {"prompt": made.prompt, "chosen": made.chosen, "rejected": made.rejected, **trl_dpo.known(example)}


def prompt(example: RewardPrompt) -> JsonObject:
    """A prompt with what was accepted there."""
    return {"input": flat.flat(example.prompt, example.tools), "label": to_text(example.ground_truth)}


_PAIR: Columns = {"prompt": [flat.FLAT], "chosen": [flat.FLAT], "rejected": [flat.FLAT], **trl_dpo.KNOWN}

TARGET = Target(
    "openrlhf",
    "OpenRLHF: SFT, reward models, DPO and PPO",
    ABOUT,
    (
        Table(
            "demonstrations",
            "Whole chats; every message of the assistant is an example.",
            demonstrations,
            {"input": [flat.FLAT], "carried_over": "int64"},
            whole,
        ),
        Table(
            "answers",
            "The first message of each demonstration that was put right, with all before it.",
            demonstrations,
            {"input": [flat.FLAT], "output": [flat.FLAT]},
            answer,
        ),
        *trl_dpo.tables(_PAIR, pair),
        Table("prompts", trl_grpo.PROMPTS.about, reward_prompts, {"input": [flat.FLAT], "label": "string"}, prompt),
    ),
    {"tools": "as text"},
)
