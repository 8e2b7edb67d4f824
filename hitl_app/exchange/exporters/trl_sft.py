"""TRL SFT: `messages` and `tools`, one row for the current revision of each lineage."""

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.exchange.columns import MESSAGES
from hitl_app.exchange.conversation import tools_text
from hitl_app.exchange.dataset import Table, Target
from hitl_app.exchange.examples import Demonstration, demonstrations

ABOUT = """\
Revisions of agent trajectories that a person or a rule accepted and that passed verification, as chats with tool
calls. `arguments` and `tools` are JSON text. `divergence` is the position of the first message that differs from the
trajectory that was revised. After an edit, a chat ends before the first message that was only carried over, because it
answers words of another course of events; `carried_over` counts such steps of the revision."""


def row(example: Demonstration) -> JsonObject:
    """A demonstration as TRL's SFTTrainer takes it."""
    return {
        "messages": list(example.messages),
        "tools": tools_text(example.tools),
        "divergence": example.divergence,
        "carried_over": example.carried_over,
    }


DEMONSTRATIONS = Table(
    "demonstrations",
    ABOUT,
    demonstrations,
    {"messages": MESSAGES, "tools": "string", "divergence": "int64", "carried_over": "int64"},
    row,
)
TARGET = Target("trl-sft", "TRL SFTTrainer", "Chats with tool calls, to imitate.", (DEMONSTRATIONS,))
