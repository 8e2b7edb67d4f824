"""Grounded plans: from what an agent did back to a plan, without what was only seen later; and what makes one unfit."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

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
    words_of,
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


class FaultKind(StrEnum):
    """What is wrong with a grounded plan. What the kinds forbid is the method's, how it is found is ours."""

    GAP = "gap"
    OVERLAP = "overlap"
    ORDER = "order"
    EMPTY = "empty"
    LEAK = "leak"
    INTERFACE = "interface"


@dataclass(frozen=True, slots=True)
class GroundingFault:
    """Why a plan does not stand for the actions that it cites.

    Attributes:
        words: For people.
        plan_step: Number of the plan step; None for an action that none cites.
        step: Index of the step of the trajectory; None where none is meant.
        quote: What a plan step must not say, as it stands there.
    """

    kind: FaultKind
    words: str
    plan_step: int | None = None
    step: int | None = None
    quote: str = ""


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

    Each action of the agent is cited by one plan step, in the plan's order; no plan step says what was only seen after
    the first action, or speaks of an interface.

    Args:
        task: What the trajectory was for.
        trajectory: What was done.
        replan: From step 0 on.
        tools: Those of the environment, where the task names none.
        execution: What was observed, where that is not as recorded.
    """
    cited = _cited(trajectory, replan)
    reading = Reading(task, trajectory, tools, execution)
    return (
        *_uncited(trajectory, cited),
        *_out_of_order(cited),
        *_without_actions(replan, cited),
        *(fault for number, item in enumerate(replan.plan) for fault in _unfit_words(reading, number, item)),
    )


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


def _uncited(trajectory: Trajectory, cited: Mapping[int, Sequence[int]]) -> Iterator[GroundingFault]:
    for index, by in cited.items():
        what = f"action {index} ({words_of(trajectory.steps[index].tool)})"
        if not by:
            yield GroundingFault(FaultKind.GAP, f"{what} is cited by no plan step", step=index)
        for plan_step in by[1:]:
            words = f"{what} is cited by plan steps {by[0]} and {plan_step}"
            yield GroundingFault(FaultKind.OVERLAP, words, plan_step, index)


def _out_of_order(cited: Mapping[int, Sequence[int]]) -> Iterator[GroundingFault]:
    latest, at = -1, -1
    for index, by in cited.items():
        if by and by[0] < latest:
            words = f"plan step {by[0]} cites action {index}, behind action {at} of the later plan step {latest}"
            yield GroundingFault(FaultKind.ORDER, words, by[0], index)
        elif by:
            latest, at = by[0], index


def _without_actions(replan: Replan, cited: Mapping[int, Sequence[int]]) -> Iterator[GroundingFault]:
    carried = {plan_step for by in cited.values() for plan_step in by}
    for number in range(len(replan.plan)):
        if number not in carried:
            yield GroundingFault(FaultKind.EMPTY, f"plan step {number} cites no action", number)


def _unfit_words(reading: Reading, number: int, item: PlanStep) -> Iterator[GroundingFault]:
    for quote, step in reading.leaks(item):
        words = f'plan step {number} says "{quote}", which nobody could know before step {step}'
        yield GroundingFault(FaultKind.LEAK, words, number, step, quote)
    for quote in reading.interface_words(item):
        words = f'plan step {number} speaks of an interface: "{quote}"'
        yield GroundingFault(FaultKind.INTERFACE, words, number, quote=quote)


def _family(step: Step) -> str:
    return in_plain_words(step.tool).partition(" ")[0]


def _listed(words: Sequence[str]) -> str:
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def _sentences(texts: Iterable[str]) -> str:
    return " ".join(text if text.endswith((".", "!", "?")) else f"{text}." for text in texts if text)
