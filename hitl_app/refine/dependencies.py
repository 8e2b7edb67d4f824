"""Dependencies between steps: where an argument's value came from, and which earlier write a step builds on."""

import re
from collections.abc import Iterator, Sequence
from threading import Lock

from hitl_app.domain.inspection import Dependency, DependencyKind, ExecutedStep, Execution
from hitl_app.domain.jsontypes import Json, canonical, parse_or_text
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import Step, Trajectory
from hitl_app.refine.values import Path, leaves, telling

_SHOWN = 200
"""Characters of a value that a dependency quotes."""

_READ = 10_000_000
"""Characters of all observations in which values are looked for; each step has an equal share."""

_KEPT = 20_000_000
"""Characters of the texts whose words are kept for the next time."""

_TOKEN = re.compile(r"[^\s\"'`,;()\[\]{}<>]+")


def find_dependencies(task: Task, trajectory: Trajectory, execution: Execution) -> tuple[Dependency, ...]:
    """Every dependency between two steps, in the order of the depending steps.

    A value that the agent used before anything said it is nobody's but the agent's own. Common words and small numbers
    are left out: they would tie everything to everything.
    """
    return tuple(sorted((*_of_values(task, trajectory, execution), *_of_state(execution, trajectory)), key=_place))


def _place(dependency: Dependency) -> tuple[int, int]:
    return dependency.step, dependency.on


def path_text(path: Path) -> str:
    """A place inside arguments as people write it: `flights[0].date`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def _of_values(task: Task, trajectory: Trajectory, execution: Execution) -> Iterator[Dependency]:
    values = _Values(trajectory)
    origins: dict[str, int | None] = {}
    stale: set[str] = set()
    if not any(step.role == "user" for step in trajectory.steps):
        origins |= dict.fromkeys(values.said_in(task.instruction), None)
    for index, (step, executed) in enumerate(zip(trajectory.steps, execution.steps, strict=True)):
        for path, value in values.of[index]:
            origin = origins.setdefault(value, None)
            if origin is not None:
                shown = value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"
                yield Dependency(index, origin, DependencyKind.VALUE, path_text(path), shown, value in stale)
        settled = origins.keys() - stale
        now = values.said_in(_now(step, executed)) - settled
        recorded = values.said_in(_recorded(step)) - origins.keys()
        origins |= dict.fromkeys(now | recorded, index)
        stale = (stale | recorded) - now


class _Values:
    """The values that the steps of a trajectory use, and where they are said.

    Attributes:
        of: For each step its values and where they are in its arguments.
    """

    def __init__(self, trajectory: Trajectory) -> None:
        self.of = [list(_telling(step)) for step in trajectory.steps]
        self._by_word: dict[str, set[str]] = {}
        for value in {value for found in self.of for _, value in found}:
            for word in {value, max(_split(value), key=len, default=value)}:
                self._by_word.setdefault(word, set()).add(value)
        self._words = frozenset(self._by_word)
        self._share = _READ // max(1, len(trajectory.steps))

    def said_in(self, text: str) -> set[str]:
        """Those of the values that a text says: as a word of it, as a value of its JSON, or word by word."""
        text = text[: self._share]
        words = _WORDS.of(text)
        return {
            value
            for word in words & self._words
            for value in self._by_word[word]
            if value in words or (" " in value and value in text)
        }


def _telling(step: Step) -> Iterator[tuple[Path, str]]:
    """The values of a step's arguments that are unlikely to occur by chance, as text."""
    for path, value in leaves(step.arguments):
        text = telling(value)
        if text:
            yield path, text


def _now(step: Step, executed: ExecutedStep) -> str:
    """What a step told the agent in this execution: an observation, or the words of somebody else."""
    if executed.observation is not None:
        return executed.observation.text
    return "" if step.is_action or step.role == "assistant" else step.text


def _recorded(step: Step) -> str:
    return "" if step.expected is None else step.expected.text


class _Words:
    """The words of texts, and the values of those that are JSON. Observations are the same from edit to edit."""

    def __init__(self) -> None:
        self._kept: dict[str, frozenset[str]] = {}
        self._length = 0
        self._lock = Lock()

    def of(self, text: str) -> frozenset[str]:
        """Every word of a text, and every value where it is JSON."""
        found = self._kept.get(text)
        if found is None:
            value: Json = parse_or_text(text)
            items = {item if isinstance(item, str) else canonical(item) for _, item in leaves(value)}
            found = frozenset(items.union(_split(text)))
            with self._lock:
                if self._length > _KEPT:
                    self._kept, self._length = {}, 0
                self._kept[text] = found
                self._length += len(text)
        return found


_WORDS = _Words()


def _split(text: str) -> list[str]:
    return [word.strip(".:!?*") for word in _TOKEN.findall(text)]


def _of_state(execution: Execution, trajectory: Trajectory) -> Iterator[Dependency]:
    writers: dict[str, int] = {}
    for index, (step, executed) in enumerate(zip(trajectory.steps, execution.steps, strict=True)):
        observation = executed.observation
        if observation is None:
            continue
        parts = dict.fromkeys((*(observation.used or _named(step, list(writers))), *observation.changed))
        for part in parts:
            if part in writers:
                yield Dependency(index, writers[part], DependencyKind.STATE, part)
        writers |= dict.fromkeys(observation.changed, index)


def _named(step: Step, parts: Sequence[str]) -> list[str]:
    """Parts that an argument names, for environments that do not say what an action used."""
    values = {value for _, value in _telling(step)}
    return [part for part in parts if part.rpartition("/")[2] in values]
