"""Whether a grounded plan cites what was done, all of it and in order, and says nothing that was only seen later.

What counts as a telling value, and which words belong to an interface, is ours; the demands are those of Plan-and-Act
(arXiv 2503.09572).
"""

import re
from collections.abc import Iterator, Sequence

from hitl_app.domain.grounding import GroundingFault, GroundingFaultKind
from hitl_app.domain.jsontypes import canonical, parse_or_text
from hitl_app.domain.replan import Replan
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import PlanStep, Step, Trajectory
from hitl_app.refine.values import leaves

INTERFACE_WORDS = frozenset(
    {
        *("button", "checkbox", "click", "clicks", "dropdown", "hover", "scroll", "textbox"),
        *("css", "html", "javascript", "xpath"),
        *("api", "args", "argument", "arguments", "endpoint", "json", "parameter", "parameters"),
    }
)
"""Words of interfaces, in English. Names with an underscore, such as those of most tools, count as well."""

_LARGEST_VALUE = 80
"""Characters of a value that a plan may be said to quote."""

_WORD = re.compile(r"[^\s\"'`,;:()\[\]{}<>!?]+")
_SNAKE = re.compile(r"\b[a-zA-Z0-9]+_[a-zA-Z0-9_]+\b")


def check_grounded(
    task: Task, tools: Sequence[ToolSpec], trajectory: Trajectory, replan: Replan
) -> tuple[GroundingFault, ...]:
    """What is wrong with a plan that was read off a trajectory: by its links, and by its words.

    Args:
        task: What the agent was asked to do: what it says may be quoted.
        tools: What the agent could call; what their descriptions say may be quoted, too.
        trajectory: What was done.
        replan: The plan, with a link for each action.
    """
    cited: list[list[int]] = [[] for _ in replan.plan]
    for step, plan_step in sorted(replan.links):
        if plan_step is not None:
            cited[plan_step].append(step)
    return check_citations(task, tools, trajectory, replan.plan, cited)


def check_citations(
    task: Task,
    tools: Sequence[ToolSpec],
    trajectory: Trajectory,
    plan: Sequence[PlanStep],
    cited: Sequence[Sequence[int]],
) -> tuple[GroundingFault, ...]:
    """The same, of the actions that each plan step cites, in the order in which it cites them."""
    return (*_of_citations(trajectory, cited), *_of_words(task, tools, trajectory, plan))


def _of_citations(trajectory: Trajectory, cited: Sequence[Sequence[int]]) -> Iterator[GroundingFault]:
    kind = GroundingFaultKind
    own = [index for index in trajectory.actions if trajectory.steps[index].role == "assistant"]
    place = {index: number for number, index in enumerate(own)}
    taken: set[int] = set()
    last = -1
    for number, indexes in enumerate(cited):
        if not indexes:
            yield GroundingFault(kind.EMPTY, number)
        for position, index in enumerate(indexes):
            if index not in place:
                yield GroundingFault(kind.NO_ACTION, number, index)
            elif index in taken:
                yield GroundingFault(kind.OVERLAP, number, index)
            else:
                # Within a plan step one follows the other; what no plan step cites is told as a gap.
                skipped = (
                    position > 0 and place[index] != last + 1 and not _uncited(own[last + 1 : place[index]], cited)
                )
                if place[index] < last or skipped:
                    yield GroundingFault(kind.ORDER, number, index)
                taken.add(index)
                last = max(last, place[index])
    yield from (GroundingFault(kind.GAP, None, index) for index in own if index not in taken)


def _uncited(indexes: Sequence[int], cited: Sequence[Sequence[int]]) -> bool:
    """Whether nobody cites these: they are gaps, and no plan step is torn apart by another one."""
    return not any(index in found for index in indexes for found in cited)


def _of_words(
    task: Task, tools: Sequence[ToolSpec], trajectory: Trajectory, plan: Sequence[PlanStep]
) -> Iterator[GroundingFault]:
    first = next(iter(trajectory.actions), len(trajectory.steps))
    described = (f"{tool.name} {tool.description} {canonical(tool.parameters)}" for tool in tools)
    told = [task.instruction, task.policy, task.title, *described, *(step.text for step in trajectory.steps[:first])]
    known = "\n".join(told).casefold()
    known_words = set(_WORD.findall(known))
    seen = _Seen(trajectory, first)
    for number, item in enumerate(plan):
        text = "\n".join((item.step, item.reasoning, item.expected_outcome))
        for value in dict.fromkeys(_telling(text)):
            step = seen.word(value)
            if step is not None and value.casefold() not in known_words:
                yield GroundingFault(GroundingFaultKind.LEAK, number, step, value)
        for value, step in seen.phrases.items():
            if value in text and value.casefold() not in known:
                yield GroundingFault(GroundingFaultKind.LEAK, number, step, value)
        for word in dict.fromkeys((*_SNAKE.findall(text), *_words_of_interfaces(text))):
            yield GroundingFault(GroundingFaultKind.INTERFACE, number, None, word)


class _Seen:
    """What was said and seen from the first action on, with the step in which it was first.

    Attributes:
        phrases: Telling values of more than one word, or in a script without spaces.
    """

    def __init__(self, trajectory: Trajectory, first: int) -> None:
        self.phrases: dict[str, int] = {}
        self._words: dict[str, int] = {}
        for index, step in enumerate(trajectory.steps[first:], first):
            for text in _texts(step):
                for word in _WORD.findall(text):
                    self._words.setdefault(word.strip("."), index)
                for _, value in leaves(parse_or_text(text)):
                    if isinstance(value, str) and len(value) <= _LARGEST_VALUE and _is_phrase(value):
                        self.phrases.setdefault(value, index)

    def word(self, value: str) -> int | None:
        """The step in which a word was first seen."""
        return self._words.get(value)


def _texts(step: Step) -> Iterator[str]:
    """What a step showed, or what somebody else said in it; and what the agent used, which it had seen by then."""
    if step.expected is not None:
        yield step.expected.text
    if step.is_action:
        yield canonical(step.arguments)
    else:
        yield step.text


def _telling(text: str) -> Iterator[str]:
    """Words that are unlikely to occur by chance: ids, dates, prices, and names with a capital letter inside."""
    for word in _WORD.findall(text):
        bare = word.strip(".")
        if any(c.isdigit() for c in bare):
            if not bare.isdecimal() or int(bare[:18]) >= 100:
                yield bare
        elif any(c.isupper() for c in bare[1:]) and len(bare) > 2:
            yield bare


def _is_phrase(value: str) -> bool:
    """A name of several words with capital letters, or a text in a script that has none."""
    if any(ord(c) > 0x2E80 for c in value):
        return len(value) > 1
    words = value.split()
    return len(words) > 1 and sum(word[:1].isupper() for word in words) > 1


def _words_of_interfaces(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if word.casefold().strip(".") in INTERFACE_WORDS]
