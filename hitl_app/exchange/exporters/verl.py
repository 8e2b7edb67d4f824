"""veRL: Parquet of whole chats for multi-turn SFT, and of tasks with their ground truth for reinforcement learning."""

import hashlib

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.exchange.columns import Columns
from hitl_app.exchange.conversation import to_text
from hitl_app.exchange.dataset import Table, Target
from hitl_app.exchange.examples import Demonstration, RewardPrompt, demonstrations, reward_prompts
from hitl_app.exchange.exporters import flat, trl_grpo

ABOUT = f"""\
{flat.ABOUT} There is no `tools` column: Parquet would fill the schemas up with nulls.

- `demonstrations` is for multi-turn SFT. Results of parallel calls are one message, with `</tool_response>` and
  `<tool_response>` between them, because the trainer renders each message alone and compares that with the whole. Set
  `data.max_length` to the longest row: by default the trainer stops at more than 1,024 tokens.
- `prompts` is for reinforcement learning: `reward_model.ground_truth` is the JSON text of the accepted next calls, a
  list of objects with `name` and `arguments`. `data_source` is `hitl-app/` with the environment; the trainer knows no
  reward for it, so name a function of your own (`reward.custom_reward_function.path`). Prompts that are longer than
  `data.max_prompt_length` are dropped."""


def demonstration(example: Demonstration) -> JsonObject | str:
    """A whole chat; where the assistant came first, a template's own system text would shift what is trained."""
    told = flat.whole_chat(example)
    if isinstance(told, str):
        return told
    return {"messages": flat.joined_results(told), "carried_over": example.carried_over}


def prompt(example: RewardPrompt) -> JsonObject:
    """A prompt with what was accepted there."""
    known = example.provenance
    return {
        "data_source": f"hitl-app/{example.environment}",
        "prompt": flat.flat(example.prompt, example.tools),
        "ability": "tool-use",
        "reward_model": {"style": "rule", "ground_truth": to_text(example.ground_truth)},
        "extra_info": {"index": _number(known.id), "id": known.id, "task": known.task},
    }


def _number(row_id: str) -> int:
    """A number for a row that no other row is likely to have, and that stays when rows are added."""
    return int.from_bytes(hashlib.sha256(row_id.encode()).digest()[:6])


_PROMPT: Columns = {
    "data_source": "string",
    "prompt": [flat.FLAT],
    "ability": "string",
    "reward_model": {"style": "string", "ground_truth": "string"},
    "extra_info": {"index": "int64", "id": "string", "task": "string"},
}

TARGET = Target(
    "verl",
    "veRL: multi-turn SFT and reinforcement learning",
    ABOUT,
    (
        Table(
            "demonstrations",
            "Whole chats; every message of the assistant is trained.",
            demonstrations,
            {"messages": [flat.FLAT], "carried_over": "int64"},
            demonstration,
            parquet_only=True,
        ),
        Table("prompts", trl_grpo.PROMPTS.about, reward_prompts, _PROMPT, prompt, parquet_only=True),
    ),
    {"tools": "as text"},
)
