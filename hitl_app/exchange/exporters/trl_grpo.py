"""TRL GRPO: `prompt`, and in further columns what a reward function checks answers by."""

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.exchange.conversation import to_text
from hitl_app.exchange.dataset import Table, Target
from hitl_app.exchange.examples import RewardPrompt, reward_prompts
from hitl_app.exchange.exporters import flat

ABOUT = f"""\
Where a trajectory went wrong, and what was accepted there: the chat so far is the prompt, and `ground_truth` the JSON
text of the accepted next calls, a list of objects with `name` and `arguments`. `environment` and `task` name who can
execute an answer. The trainer hands every column but `prompt` to the reward function. {flat.ABOUT}"""


def row(example: RewardPrompt) -> JsonObject:
    """A prompt as TRL's GRPOTrainer takes it."""
    return {
        "prompt": flat.flat(example.prompt, example.tools),
        "ground_truth": to_text(example.ground_truth),
        "environment": example.environment,
    }


PROMPTS = Table(
    "prompts",
    "Prompts with the accepted next calls. Where words were accepted there is no row: equality says nothing of them.",
    reward_prompts,
    {"prompt": [flat.FLAT], "ground_truth": "string", "environment": "string"},
    row,
)
TARGET = Target("trl-grpo", "TRL GRPOTrainer", ABOUT, (PROMPTS,), {"tools": "as text"})
