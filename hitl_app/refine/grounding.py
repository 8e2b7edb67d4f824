"""Grounded plans: from what an agent did back to a plan, without what was only seen later; and what makes one unfit."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from hitl_app.domain.grounding import GroundingFault
from hitl_app.domain.grounding import GroundingFaultKind as Kind
from hitl_app.domain.inspection import Execution
from hitl_app.domain.replan import Replan, relinked
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import PlanStep, Step, Trajectory
from hitl_app.refine.leaks import (
    Reading,
    Said,
    in_plain_words,
    interface_words,
    is_agents,
    said_before,
)
from hitl_app.refine.values import leaves, telling

WHY = "read off the actions"

MOST = 20
"""Plan steps of a plan that is read off actions; beyond that, neighbours are taken together."""

_VALUES = 3
"""Values of one argument that a plan step names; where there are more, none."""
_VALUE_LENGTH = 60
_SENTENCE_LENGTH = 200
_SENTENCE = re.compile(r"(?<=[.!?])\s")


def ground(trajectory: Trajectory, tools: Sequence[ToolSpec] = ()) -> Replan:
    """The plan that a trajectory's actions carry out: a step for each run of the agent's calls of one family of tools.

    Tools whose names begin with the same word are of a family. What is to be done is told by the names of tools and
    arguments, and why by the tools' descriptions; a value is named only where it was said before the first action.
    Equal actions after equal words give equal plans.

    Args:
        trajectory: With at least one action of the agent, else its plan has no steps and fits no trajectory.
        tools: What the agent could call; one that is not described is only named.
    """
    done = [index for index in trajectory.actions if is_agents(trajectory.steps[index])]
    groups = [list(found) for _, found in groupby(done, key=lambda index: _family(trajectory.steps[index]))]
    while len(groups) > MOST:
        at = min(range(len(groups) - 1), key=lambda number: len(groups[number]) + len(groups[number + 1]))
        groups[at : at + 2] = [groups[at] + groups[at + 1]]
    words = _Words(said_before(trajectory), {tool.name: tool.description for tool in tools})
    plan = tuple(words.plan_step([trajectory.steps[index] for index in group]) for group in groups)
    links = tuple((index, number) for number, group in enumerate(groups) for index in group)
    return Replan(0, plan, links, WHY)


@dataclass(frozen=True)
class _Words:
    """Words for plan steps that nobody wrote.

    Attributes:
        said: What was said before anything was done.
        described: The description of each tool.
    """

    said: Said
    described: Mapping[str, str]

    def plan_step(self, steps: Sequence[Step]) -> PlanStep:
        """The plan step that some calls carry out."""
        parts = []
        for family, calls in groupby(steps, key=_family):
            of = dict.fromkeys(in_plain_words(step.tool).removeprefix(family).strip() for step in calls)
            parts.append(f"{family} {_listed([each for each in of if each])}".strip())
        what = ", then ".join(dict.fromkeys(parts)) or "act"
        details = "; ".join(self._details(steps))
        reasons = dict.fromkeys(self._reason(step.tool) for step in steps)
        return PlanStep(f"{what[:1].upper()}{what[1:]}{f' ({details})' if details else ''}", _sentences(reasons))

    def _details(self, steps: Sequence[Step]) -> Iterator[str]:
        """The names of arguments, with their values as far as these were said."""
        told: dict[str, dict[str, None]] = {}
        for step in steps:
            for path, value in leaves(step.arguments):
                known = told.setdefault(in_plain_words(str(path[0])) if path else "", {})
                text = telling(value)
                if text and len(text) <= _VALUE_LENGTH and self.said.says(text):
                    known[text] = None
        for name, values in told.items():
            yield f"{name} {_listed(list(values))}".strip() if len(values) <= _VALUES else name

    def _reason(self, tool: str) -> str:
        sentence = _SENTENCE.split(" ".join(self.described.get(tool, "").split()), maxsplit=1)[0]
        plain = len(sentence) <= _SENTENCE_LENGTH and not any(interface_words(sentence, self.described))
        return sentence if plain else ""


def check_grounded(
    task: Task,
    trajectory: Trajectory,
    replan: Replan,
    *,
    tools: Sequence[ToolSpec] = (),
    execution: Execution | None = None,
) -> tuple[GroundingFault, ...]:
    """What is wrong with a plan that was written for what was done already; nothing where it is grounded.

    Each action of the agent is cited by one plan step, in the plan's order; no plan step says what was only seen from
    the first action on, or speaks of an interface. These demands are the method's (Plan-and-Act, arXiv 2503.09572);
    which values are telling, and which words are an interface's, is ours.

    Args:
        task: What the trajectory was for.
        trajectory: What was done.
        replan: From step 0 on.
        tools: Those of the environment, where the task names none.
        execution: What was observed, where that is not as recorded.
    """
    reading = Reading(task, trajectory, tools, execution)
    return (*_of_citations(trajectory, replan), *_of_words(reading, replan.plan))


def _cited(trajectory: Trajectory, replan: Replan) -> dict[int, list[int]]:
    """For each action of the agent the plan steps that cite it."""
    cited: dict[int, list[int]] = {}
    linked = {index for index, _ in replan.links}
    for index in trajectory.actions:
        if is_agents(trajectory.steps[index]):
            known = None if index in linked else relinked(trajectory, replan, index).plan_step
            by = [plan_step for step, plan_step in replan.links if step == index]
            cited[index] = sorted({each for each in (known, *by) if each is not None})
    return cited


def _of_citations(trajectory: Trajectory, replan: Replan) -> Iterator[GroundingFault]:
    cited = _cited(trajectory, replan)
    for index, plan_step in replan.links:
        if plan_step is not None and trajectory.steps[index].role != "assistant":
            yield GroundingFault(Kind.NO_ACTION, plan_step, index)
    latest = -1
    for index, by in cited.items():
        if not by:
            yield GroundingFault(Kind.GAP, step=index)
        elif by[0] < latest:
            yield GroundingFault(Kind.ORDER, by[0], index)
        yield from (GroundingFault(Kind.OVERLAP, plan_step, index) for plan_step in by[1:])
        latest = max([latest, *by[:1]])
    carried = {plan_step for by in cited.values() for plan_step in by}
    yield from (GroundingFault(Kind.EMPTY, number) for number in range(len(replan.plan)) if number not in carried)


def _of_words(reading: Reading, plan: Sequence[PlanStep]) -> Iterator[GroundingFault]:
    for number, item in enumerate(plan):
        yield from (GroundingFault(Kind.LEAK, number, step, value) for value, step in reading.leaks(item))
        yield from (GroundingFault(Kind.INTERFACE, number, value=word) for word in reading.interface_words(item))


def _family(step: Step) -> str:
    return in_plain_words(step.tool).partition(" ")[0]


def _listed(words: Sequence[str]) -> str:
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def _sentences(texts: Iterable[str]) -> str:
    return " ".join(text if text.endswith((".", "!", "?")) else f"{text}." for text in texts if text)
