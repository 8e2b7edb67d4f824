"""What a plan that was written after its actions must not say: what was only seen later, and words of an interface."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from hitl_app.domain.inspection import Execution
from hitl_app.domain.jsontypes import canonical, parse_or_text
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import PlanStep, Step, Trajectory
from hitl_app.refine.values import leaves, telling
from hitl_app.refine.voices import is_user_message

INTERFACE: Mapping[str, str] = {
    "api": "service",
    "button": "choice",
    "checkbox": "option",
    "click": "choose",
    "css": "style",
    "cursor": "place",
    "dom": "page",
    "dropdown": "choice",
    "drop-down": "choice",
    "double-click": "choose",
    "endpoint": "service",
    "function call": "action",
    "hover": "look at",
    "html": "page",
    "hyperlink": "reference",
    "json": "data",
    "keyboard": "input",
    "mouse": "pointer",
    "scroll": "look further",
    "tab": "page",
    "text box": "field",
    "textbox": "field",
    "tool call": "action",
    "url": "address",
    "webpage": "page",
    "xpath": "place",
}
"""Words of an interface, each with a plain one to say instead. The list is ours: the method's authors name none."""

_READ = 10_000_000
"""Characters of everything that came later in which values are looked for; each step has an equal share."""
_PHRASE = 80
_WORD_LENGTH = 60
_TOKEN = re.compile(r"[^\s\"'`,;()\[\]{}<>]+")
_NUMBER = re.compile(r"(?<![\w.:-])-?\d+(?:\.\d+)?(?![\w:-])")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[\W_]+")
_WORDS = "|".join(map(re.escape, sorted(INTERFACE, key=len, reverse=True)))
_INTERFACE = re.compile(rf"\b({_WORDS})(?:s|ed|ing)?\b", re.IGNORECASE)
_MARKS = re.compile(r"\[\d+\]|</?[a-z][^<>]*>|\{[^{}]*\}|//\w+\[", re.IGNORECASE)
"""Element ids such as `[12]`, tags, braces, and paths into a document."""


def words_of(name: str) -> str:
    """The name of a tool or an argument in words: `get_user_details` and `getUserDetails` are `get user details`."""
    return " ".join(word.lower() for word in _CAMEL.split(name) if word)


def in_plain_words(name: str) -> str:
    """The name in words, of which none is one of an interface."""
    return _INTERFACE.sub(lambda found: INTERFACE[found[1].lower()], words_of(name))


def interface_words(text: str, names: Iterable[str]) -> Iterator[str]:
    """Words of an interface in a text, and names of tools that no sentence of a person holds."""
    for pattern in (_INTERFACE, _MARKS):
        yield from (match[0] for match in pattern.finditer(text))
    said = Said(text)
    yield from (name for name in names if words_of(name) != name.lower() and said.says(name))


def is_agents(step: Step) -> bool:
    """Whether the agent itself calls a tool; a simulated user can do so, too."""
    return step.is_action and step.role == "assistant"


def first_action(trajectory: Trajectory) -> int:
    """Index of the agent's first action; the number of steps where there is none."""
    steps = trajectory.steps
    return next((index for index, step in enumerate(steps) if is_agents(step)), len(steps))


def said_before(trajectory: Trajectory) -> "Said":
    """What was said before the agent's first action."""
    return Said("\n".join(step.text for step in trajectory.steps[: first_action(trajectory)] if not step.is_action))


class Said:
    """A text, and which values it says."""

    def __init__(self, text: str) -> None:
        self.text = _THOUSANDS.sub("", text)
        self._folded = self.text.casefold()

    def says(self, value: str) -> bool:
        """Whether it holds a value as a whole: `AT03` is not said by `HAT039`, and 1,200.00 is 1200."""
        if _NUMBER.fullmatch(value):
            return canonical(_number(value)) in self._numbers
        folded = value.casefold()
        at = self._folded.find(folded)
        while at >= 0:
            end = at + len(folded)
            before, after = self._folded[at - 1 : at], self._folded[end : end + 1]
            if not (_joined(before, folded[:1]) or _joined(folded[-1:], after)):
                return True
            at = self._folded.find(folded, at + 1)
        return False

    @cached_property
    def _numbers(self) -> frozenset[str]:
        return frozenset(canonical(_number(match[0])) for match in _NUMBER.finditer(self.text))


class Reading:
    """What could be read before anything was done, and what was first seen later.

    Attributes:
        asked: What the agent was asked by then: words of an interface in it are the task's own.
    """

    def __init__(
        self, task: Task, trajectory: Trajectory, tools: Sequence[ToolSpec] = (), execution: Execution | None = None
    ) -> None:
        """Read a trajectory.

        Args:
            task: What it was for. The instruction of a user who speaks is not the agent's to read.
            trajectory: With what was recorded or expected of each action.
            tools: Those of the environment, where the task names none.
            execution: What was observed; where there is none, what was recorded stands in.
        """
        self._trajectory = trajectory
        self._execution = execution
        steps = trajectory.steps
        self._first = first_action(trajectory)
        said, spoken = said_before(trajectory), any(map(is_user_message, steps))
        self.asked = said if spoken else Said(f"{task.instruction or task.title}\n{said.text}")
        named = {step.tool for step in steps if step.is_action} | {tool.name for tool in task.tools or tools}
        arguments = {name for step in steps for name in step.arguments}
        described = [f"{tool.description}\n{canonical(tool.parameters)}" for tool in task.tools or tools]
        shown = [*named, *arguments, *map(words_of, (*named, *arguments)), *described, *INTERFACE.values()]
        self._known = Said("\n".join([self.asked.text, task.policy, *shown]))
        self._names = sorted(named)

    def leaks(self, item: PlanStep) -> Iterator[tuple[str, int]]:
        """The telling values that a plan step quotes before anybody could know them, with the step that says them."""
        text = Said(_all_of(item))
        found = [
            (value, index)
            for value, index in self._later.items()
            if value in text.text and text.says(value) and not self._known.says(value)
        ]
        for value, index in found:
            if not any(
                value != other and value in other for other, _ in found
            ):  # a name is told once, not word by word
                yield value, index

    def interface_words(self, item: PlanStep) -> Iterator[str]:
        """Words of an interface that a plan step uses and that the task does not, as they stand there."""
        found = interface_words(_all_of(item), self._names)
        yield from (word for word in dict.fromkeys(found) if not self.asked.says(word))

    @cached_property
    def _later(self) -> Mapping[str, int]:
        found: dict[str, int] = {}
        share = _READ // max(1, len(self._trajectory.steps))
        for index in range(self._first, len(self._trajectory.steps)):
            for text in self._told_by(index):
                for value in _values(text[:share]):
                    found.setdefault(value, index)
        return found

    def _told_by(self, index: int) -> Iterator[str]:
        step = self._trajectory.steps[index]
        if not step.is_action:
            yield step.text
            return
        yield step.thought
        yield canonical(step.arguments)
        executed = self._execution.steps[index] if self._execution is not None else None
        if executed is not None and executed.observation is not None:
            yield executed.observation.text
        if step.expected is not None:
            yield step.expected.text


def _all_of(item: PlanStep) -> str:
    return "\n".join((item.step, item.reasoning, item.expected_outcome))


def _values(text: str) -> Iterator[str]:
    """The telling values of a text: of its JSON, and of the words of its prose."""
    for _, leaf in leaves(parse_or_text(text)):
        value = telling(leaf)
        if not isinstance(leaf, str):
            if value:
                yield value
            continue
        if value and len(leaf) <= _PHRASE and "\n" not in leaf and not (leaf.isalpha() and leaf.islower()):
            yield value
        if len(leaf) > _PHRASE or any(map(str.isspace, leaf)):
            yield from _telling_words(leaf)


def _telling_words(prose: str) -> Iterator[str]:
    """Ids, numbers and names; a word that only begins a sentence is no name."""
    begins = True
    for word in _TOKEN.findall(prose):
        bare = word.strip(".:!?*")
        named = bare[:1].isupper() and not begins
        if 3 <= len(bare) <= _WORD_LENGTH and bare.isascii():
            inner = any(c.isdigit() or c in "@_" for c in bare) or any(map(str.isupper, bare[1:]))
            if inner or named:
                yield bare
        begins = word[-1] in ".:!?*"


def _number(text: str) -> int | float:
    number = float(text)
    return int(number) if number == int(number) else number


def _joined(left: str, right: str) -> bool:
    """Whether two characters are of one word; scripts without spaces have no such words."""
    return all(c.isascii() and (c.isalnum() or c == "_") for c in (left, right) if c) and bool(left and right)
