"""PilotRL (AdaPlan): a row for each turn of an agent that follows a plan, one file for each stage of the training."""

import hashlib
from collections.abc import Callable, Sequence

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.exchange.columns import Columns
from hitl_app.exchange.conversation import schemas, to_text
from hitl_app.exchange.dataset import Table, Target
from hitl_app.exchange.examples import Moment, under_plans
from hitl_app.exchange.exporters.flat import calls
from hitl_app.exchange.exporters.plan_and_act import task_text, told

ABOUT = """\
For PilotRL (arXiv:2508.00344), out of what each lineage stands at where that follows a plan, whatever was decided about
it: a row for each turn of the agent. `prompt` is a text, as the method's own preparation writes it, and holds nothing
of what came later; `extra_info` has its parts. `extra_info.agent_action` is what the agent did then, as `Thought:` and
`Action:`; `reward_model.ground_truth` is what it said at the end, null where that is not verified. The three files
differ in `reward_actor` alone, by which `data.reward_fn_key=reward_actor` finds the reward of the stage.

A reward that nobody judged is null. Measured is only that a trajectory which is not verified failed: `r_e2e` is 0 then,
and `judge` is `environment`. Whether one that succeeded was efficient, the format, the adherence to the plan and the
plan's quality need a judge. Nothing is normalised: `r_total` and `norm` are null."""

STAGES = (1, 2, 3)
JUDGED = ("r_format", "r_adherence", "r_e2e", "q_corr", "q_foll", "q_std", "r_total")
"""Rewards: format 0 or 1; adherence and end to end 0, 1 or 2; quality of the plan 1 to 5; their sum."""

COLUMNS: Columns = {
    "data_source": "string",
    "reward_actor": "string",
    "prompt": "string",
    "reward_model": {"style": "string", "ground_truth": "string"},
    "extra_info": {
        "example": "string",
        "instruction": "string",
        "observation": "string",
        "global_plans": "string",
        "agent_action": "string",
        "execution_step_index": "int64",
        "conversations": "string",
        "index": "int64",
    },
    **dict.fromkeys(JUDGED, "float64"),
    "norm": "string",
    "judge": "string",
    "human_override": "bool",
}

_PROMPT = """\
Carry out the task step by step, with the global plan as your guide. Each time you see what came of your last action,
and answer with the next one, in exactly this form: "Thought: your thoughts" on a line of its own where you want to
think first, then "Action: your next action". An action is what you say, or calls of tools as JSON objects with "name"
and "arguments".
"""


def row(stage: int) -> Callable[[Moment], JsonObject | str]:
    """Rows for one stage."""

    def of(moment: Moment) -> JsonObject | str:
        action = _action(moment.answer) if moment.answer is not None else ""
        return _row(stage, moment, action) if action else "says and does nothing"

    return of


def _row(stage: int, moment: Moment, action: str) -> JsonObject:
    of, task = moment.provenance, moment.task
    failed = of.verified is False
    parts: dict[str, str] = {
        "instruction": task_text(moment),
        "observation": told(moment.observed),
        "global_plans": to_text(["\n".join(f"Step {n}: {step.step}" for n, step in enumerate(moment.plan, 1))]),
        "conversations": _conversation(moment.since),
    }
    return {
        "data_source": "/".join(filter(None, (task.environment, task.domain))),
        "reward_actor": f"RewardActorAgentStage{stage}",
        "prompt": _prompt(moment, parts),
        "reward_model": {"style": "rule", "ground_truth": moment.last_words or None if of.verified else None},
        "extra_info": {
            "example": "",
            **parts,
            "agent_action": action,
            "execution_step_index": moment.number,
            "index": _index(of.id),
        },
        **dict.fromkeys(JUDGED),
        "r_e2e": 0.0 if failed else None,
        "norm": None,
        "judge": "environment" if failed else None,
        "human_override": None,
    }


def _prompt(moment: Moment, parts: dict[str, str]) -> str:
    sections = {
        "policy": moment.task.policy,
        "tools": "\n".join(map(to_text, schemas(moment.tools))),
        "instruction": parts["instruction"],
        "global plans": parts["global_plans"],
        "conversation": parts["conversations"],
    }
    told_parts = [f"<{name}>\n{text}\n</{name}>" for name, text in sections.items() if text]
    return "\n".join([_PROMPT, *told_parts])


def _conversation(messages: Sequence[JsonObject]) -> str:
    """What was said and seen, as the method writes it: the agent is `GPT`, all else `Human`."""
    lines = (("GPT", _action(item)) if item["role"] == "assistant" else ("Human", told([item])) for item in messages)
    return "\n".join(f"{who}: {text}" for who, text in lines)


def _action(message: JsonObject) -> str:
    """What the agent said and did: its thought, and its calls or what it said."""
    called, content = "\n".join(calls(message)), str(message["content"])
    if not called:
        return f"Action: {content}" if content else ""
    return f"Thought: {content}\nAction: {called}" if content else f"Action: {called}"


def _index(row_id: str) -> int:
    """A number of the row's own that no other row changes: the first 63 bits of a SHA-256 of its id."""
    return int.from_bytes(hashlib.sha256(row_id.encode()).digest()[:8], "big") >> 1


def _tables() -> tuple[Table, ...]:
    about = "A turn of the agent under its plan; rewards of stage {}."
    return tuple(Table(f"stage{each}", about.format(each), under_plans, COLUMNS, row(each)) for each in STAGES)


TARGET = Target("pilotrl", "PilotRL: reinforcement learning under a global plan", ABOUT, _tables(), {"norm": None})
