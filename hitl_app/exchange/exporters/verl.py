"""veRL: Parquet of whole chats for multi-turn SFT, and of tasks with their ground truth for reinforcement learning."""

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.exchange.conversation import up_to_last_answer
from hitl_app.exchange.dataset import Table, Target
from hitl_app.exchange.examples import Demonstration, demonstrations
from hitl_app.exchange.exporters import flat

ABOUT = f"""\
{flat.ABOUT} Results of parallel calls are one message, with `</tool_response>` and `<tool_response>` between them,
because the trainer renders each message alone and compares that with the whole. There is no `tools` column: Parquet
would fill the schemas up with nulls.

`demonstrations` is for `data.multiturn_sft`: set `data.max_length` to the longest row, because by default the trainer
stops at 1,024 tokens."""


def demonstration(example: Demonstration) -> JsonObject:
    """A whole chat."""
    told = flat.joined_results(flat.flat(up_to_last_answer(example.messages), example.tools))
    return {"messages": told, "carried_over": example.carried_over}


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
    ),
    {"tools": "as text"},
)
