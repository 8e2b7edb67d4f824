"""Plan-and-Act: planner, executor and replanner sets as `instruction`, `input`, `output`."""

from collections.abc import Sequence

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.trajectory import PlanStep
from hitl_app.exchange.columns import Columns
from hitl_app.exchange.conversation import schemas, to_text
from hitl_app.exchange.dataset import Table, Target
from hitl_app.exchange.examples import Moment, executing, planning, replanning
from hitl_app.exchange.exporters.flat import said

ABOUT = """\
Planner, executor and replanner sets for Plan-and-Act (arXiv:2503.09572), from demonstrations that follow a plan. An
`input` has the sections `# Policy`, `# Tools`, `# Task`, `# Plan`, `# Previous actions` and `# Observation`, as far as
there is something to say; it never holds anything that the agent said, did or saw later. A plan is written as
`## Step N`, `Reasoning:`, `Step:`. Actions are what the agent said, with calls as `<tool_call>` and JSON.

A plan that was read out of the run is known from the turn on in which the agent wrote it; a trajectory whose plan was
written bit by bit, such as ReAct's thoughts, is left out. `link_confidence` is the least confidence of a link between
an action and a step of the plan, null where all are certain."""

PLANNER = "Write a plan for the task: numbered steps, each with the reasoning behind it. Do not act yet."
EXECUTOR = "Follow the plan. Say the next thing, or call the next tools, and nothing more."
REPLANNER = "Write the plan anew after what was done and seen: only the steps that are still to do."

COLUMNS: Columns = {"instruction": "string", "input": "string", "output": "string", "link_confidence": "float64"}


def planner(moment: Moment) -> JsonObject | str:
    """The plan, out of what the agent knew when it was made."""
    return _row(PLANNER, moment, plan_text(moment.left))


def executor(moment: Moment) -> JsonObject | str:
    """The agent's next turn under the plan."""
    return _row(EXECUTOR, moment, said(moment.answer) if moment.answer is not None else "")


def replanner(moment: Moment) -> JsonObject | str:
    """What is left of the plan."""
    return _row(REPLANNER, moment, plan_text(moment.left))


def plan_text(plan: Sequence[PlanStep]) -> str:
    """A plan as the method writes it; a step without a reasoning has none."""
    return "\n\n".join(
        f"## Step {number}\n" + (f"Reasoning: {step.reasoning}\n" if step.reasoning else "") + f"Step: {step.step}"
        for number, step in enumerate(plan, 1)
    )


def told(messages: Sequence[JsonObject]) -> str:
    """What an agent was told or saw: one message by itself, several with who spoke."""
    if len(messages) == 1:
        return said(messages[0])
    return "\n\n".join(f"{str(item['role']).capitalize()}: {said(item)}" for item in messages)


def task_text(moment: Moment) -> str:
    """What the agent was told; where no user speaks, what the task says."""
    return told(moment.instruction) or moment.task.instruction


def numbered(messages: Sequence[JsonObject]) -> str:
    """What the agent said and did, in order."""
    return "\n".join(f"{number}. {said(item)}" for number, item in enumerate(messages, 1))


def _row(instruction: str, moment: Moment, output: str) -> JsonObject | str:
    sections = {
        "Policy": moment.task.policy,
        "Tools": "\n".join(map(to_text, schemas(moment.tools))),
        "Task": task_text(moment),
        "Plan": plan_text(moment.plan),
        "Previous actions": numbered(moment.done),
        "Observation": told(moment.observed),
    }
    if not sections["Task"]:
        return "the task says nothing"
    if not output:
        return "says and does nothing"
    text = "\n\n".join(f"# {title}\n\n{content}" for title, content in sections.items() if content)
    return {
        "instruction": instruction,
        "input": text,
        "output": output,
        "link_confidence": moment.link_confidence,
    }


TARGET = Target(
    "plan-and-act",
    "Plan-and-Act: SFT of a planner, an executor and a replanner",
    ABOUT,
    (
        Table("planner", "The plan, out of what the agent knew when it was made.", planning, COLUMNS, planner),
        Table("executor", "Each turn of the agent under the plan.", executing, COLUMNS, executor),
        Table(
            "replanner",
            "What is left of the plan each time that a step of it was done; steps are numbered anew. Which step an"
            " action carries out is known by the links alone.",
            replanning,
            COLUMNS,
            replanner,
        ),
    ),
    {"plan": "## Step N / Reasoning: / Step:", "calls": "as text"},
)
