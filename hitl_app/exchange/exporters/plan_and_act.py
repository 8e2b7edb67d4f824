"""Plan-and-Act: planner, executor and replanner sets, in three forms of the same rows."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import PlanStep
from hitl_app.exchange.card import CardFile
from hitl_app.exchange.columns import Columns
from hitl_app.exchange.conversation import schemas, to_text
from hitl_app.exchange.dataset import Describe, Table, Target, nothing_more
from hitl_app.exchange.examples import Moment, executing, planning, replanning
from hitl_app.exchange.exporters.flat import FLAT, said

ABOUT = """\
Planner, executor and replanner sets for Plan-and-Act (arXiv:2503.09572), from demonstrations that follow a plan and
from plans alone that a person approved. A question begins with what is to be done and has the sections `# Policy`,
`# Tools`, `# Task`, `# Plan`, `# Previous actions` and `# Observation`, as far as there is something to say; it never
holds anything that the agent said, did or saw later, nor a plan that was written later. A plan is written as
`## Step N`, `Reasoning:`, `Step:`. Actions are what the agent said, with calls as `<tool_call>` and JSON.

A plan that was read out of the run is known from the turn on in which the agent wrote it; a trajectory whose plan was
written bit by bit, such as ReAct's thoughts, is left out. A plan that was written for the run afterwards is known from
the agent's first action on. `link_confidence` is the least confidence of a link between an action and a step of the
plan, null where all are certain. `failure_class` is the class that somebody put the lineage in, or that it was made
for; `seeds` are the trajectories that it was made after by an expansion. What was made after seeds is in the part of
their tasks."""

PLANNER = "Write a plan for the task: numbered steps, each with the reasoning behind it. Do not act yet."
EXECUTOR = "Follow the plan. Say the next thing, or call the next tools, and nothing more."
REPLANNER = "Write the plan anew after what was done and seen: only the steps that are still to do."

MORE: Columns = {"link_confidence": "float64", "failure_class": "string", "seeds": ["string"]}


@dataclass(frozen=True)
class Form:
    """A form of the rows.

    Attributes:
        name: Of the format on the command line.
        trainer: Who reads it, in a few words.
        columns: Its own columns.
        fields: Makes these of a question and its answer.
        describe: Makes more files of the folder, by name, out of its files of rows.
    """

    name: str
    trainer: str
    columns: Columns
    fields: Callable[[str, str], JsonObject]
    describe: Describe = nothing_more


def for_llama_factory(files: Sequence[CardFile]) -> Mapping[str, str]:
    """`dataset_info.json`: each file under its name without the ending."""
    named = {file.file.removesuffix(".jsonl"): {"file_name": file.file, "formatting": "alpaca"} for file in files}
    return {"dataset_info.json": json.dumps(named, indent=2) + "\n"}


INSTRUCTION = Form(
    "plan-and-act",
    "Plan-and-Act: SFT of a planner, an executor and a replanner",
    {"instruction": "string", "input": "string", "output": "string"},
    lambda question, answer: {"instruction": question, "input": "", "output": answer},
    for_llama_factory,
)
INPUT_OUTPUT = Form(
    "plan-and-act-input-output",
    "Plan-and-Act, as input and output",
    {"input": "string", "output": "string"},
    lambda question, answer: {"input": question, "output": answer},
)
MESSAGES = Form(
    "plan-and-act-messages",
    "Plan-and-Act, as chats",
    {"messages": [FLAT]},
    lambda question, answer: {
        "messages": [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    },
)


def planned(moment: Moment) -> tuple[str, str]:
    """A planner's question and answer: the plan, out of what the agent knew when it was made."""
    return question(PLANNER, moment), plan_text(moment.left)


def executed(moment: Moment) -> tuple[str, str]:
    """An executor's question and answer: the agent's next turn under the plan."""
    return question(EXECUTOR, moment), said(moment.answer) if moment.answer is not None else ""


def replanned(moment: Moment) -> tuple[str, str]:
    """A replanner's question and answer: what is still to do."""
    return question(REPLANNER, moment), plan_text(moment.left)


def plan_text(plan: Sequence[PlanStep], first: int = 1) -> str:
    """A plan as the method writes it, numbered from `first` on; a step without a reasoning has none."""
    return "\n\n".join(
        f"## Step {number}\n" + (f"Reasoning: {step.reasoning}\n" if step.reasoning else "") + f"Step: {step.step}"
        for number, step in enumerate(plan, first)
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


def question(instruction: str, moment: Moment) -> str:
    """What is to be done, with all that was known at the moment; empty where nobody asks for anything."""
    more = {
        "Plan": plan_text(moment.plan),
        "Previous actions": numbered(moment.done),
        "Observation": told(moment.observed),
    }
    return asked(instruction, moment.task, moment.tools, task_text(moment), more)


def asked(instruction: str, task: Task, tools: Sequence[ToolSpec], wanted: str, more: Mapping[str, str]) -> str:
    """What is to be done, with the task and further sections; empty where nobody asks for anything."""
    if not wanted:
        return ""
    known = {"Policy": task.policy, "Tools": "\n".join(map(to_text, schemas(tools))), "Task": wanted, **more}
    return "\n\n".join([instruction, *(f"# {title}\n\n{content}" for title, content in known.items() if content)])


def target(form: Form) -> Target:
    """The three sets in a form."""

    def row(ask: Callable[[Moment], tuple[str, str]]) -> Callable[[Moment], JsonObject | str]:
        def make(moment: Moment) -> JsonObject | str:
            question, answer = ask(moment)
            if not question:
                return "the task says nothing"
            if not answer:
                return "says and does nothing"
            more = {
                "link_confidence": moment.link_confidence,
                "failure_class": moment.failure_class,
                "seeds": list(moment.seeds),
            }
            return {**form.fields(question, answer), **more}

        return make

    columns = {**form.columns, **MORE}
    return Target(
        form.name,
        form.trainer,
        ABOUT,
        (
            Table("planner", "The plan, out of what was known when it was made.", planning, columns, row(planned)),
            Table("executor", "Each turn of the agent under its plan then.", executing, columns, row(executed)),
            Table(
                "replanner",
                "What was still to do each time that the plan was written anew; steps are numbered anew. Where it never"
                " was, what is left of it each time that a step of it was done, as the links of the actions tell.",
                replanning,
                columns,
                row(replanned),
            ),
        ),
        {"plan": "## Step N / Reasoning: / Step:", "calls": "as text"},
        form.describe,
    )


TARGET, PAIRS, CHATS = map(target, (INSTRUCTION, INPUT_OUTPUT, MESSAGES))
