"""Grounded plans: from what an agent did back to a plan, without a model and without what was only observed."""

import re
from collections.abc import Sequence
from itertools import groupby

from hitl_app.domain.replan import Replan
from hitl_app.domain.task import ToolSpec
from hitl_app.domain.trajectory import PlanStep, Trajectory

WHY = "read off the actions"

_SENTENCE = re.compile(r"(?<=[.!?])\s")


def ground(trajectory: Trajectory, tools: Sequence[ToolSpec]) -> Replan:
    """The plan that a trajectory's actions carry out: a step for each group of consecutive calls of the agent's tools.

    Its words come from the tools' descriptions and the names of arguments alone: no value of a call, and nothing that
    was observed. Equal actions give equal plans.

    Args:
        trajectory: With at least one action of the agent, else its plan has no steps and fits no trajectory.
        tools: What the agent could call; of one that is not described the name has to do.
    """
    described = {tool.name: tool.description for tool in tools}
    done = [index for index in trajectory.actions if trajectory.steps[index].role == "assistant"]
    plan: list[PlanStep] = []
    links: list[tuple[int, int | None]] = []
    for tool, group in groupby(done, key=lambda index: trajectory.steps[index].tool):
        indexes = list(group)
        names = sorted({name for index in indexes for name in trajectory.steps[index].arguments})
        links += [(index, len(plan)) for index in indexes]
        plan.append(PlanStep(_words(tool, described.get(tool, ""), names)))
    return Replan(0, tuple(plan), tuple(links), WHY)


def _words(tool: str, description: str, names: Sequence[str]) -> str:
    sentence = _SENTENCE.split(" ".join(description.split()), maxsplit=1)[0].rstrip(".!?")
    what = sentence or tool.replace("_", " ")
    return f"{what} ({', '.join(name.replace('_', ' ') for name in names)})" if names else what
