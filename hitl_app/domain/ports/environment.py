"""Where trajectories execute, and who provides it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from hitl_app.domain.inspection import Execution, Finding, Observation
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.loss import Component
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import Trajectory


@dataclass(frozen=True, slots=True)
class EnvironmentInfo:
    """What an environment is, and which losses it can judge.

    Attributes:
        measures: Components that it measures for the task at hand; the others stay None ("not measured").
        version: Changes whenever verdicts may.
    """

    name: str
    version: str
    measures: frozenset[Component]
    description: str = ""


class Environment(Protocol):
    """Where a trajectory executes. One instance serves one execution at a time."""

    @property
    def info(self) -> EnvironmentInfo:
        """Name, version and what it measures for the task that it was reset to last."""
        ...

    def describe_tools(self, task: Task) -> tuple[ToolSpec, ...]:
        """The tools that a trajectory for this task can call."""
        ...

    def reset(self, task: Task) -> None:
        """Go to the initial state of the task.

        Raises:
            EnvironmentUnavailableError: This environment cannot execute that task.
        """
        ...

    def step(self, name: str, arguments: JsonObject) -> Observation:
        """Execute one action. A refused action is a failed observation, never an exception.

        Raises:
            NotReplayableError: It has no such tool.
        """
        ...

    def snapshot(self) -> str:
        """A token for the present state, to be given to `restore` any number of times before the next reset."""
        ...

    def restore(self, token: str) -> None:
        """Go back to a state of this task."""
        ...

    def verdict(self, task: Task, trajectory: Trajectory, execution: Execution) -> tuple[Finding, ...]:
        """Judge the state that was reached and what was said. May leave another state, but no snapshot invalid."""
        ...

    def close(self) -> None:
        """Free what it holds. Idempotent."""
        ...


@runtime_checkable
class Scoring(Protocol):
    """What an environment may offer besides: the scores of its own benchmark."""

    def scores(self, task: Task, trajectory: Trajectory, execution: Execution) -> JsonObject:
        """Scores by name, right after `verdict`."""
        ...


@runtime_checkable
class SharedWorld(Protocol):
    """What an environment may offer besides: other tasks in the world of one of its tasks."""

    def world(self, task: Task) -> JsonObject:
        """The spec of another task in the world of this one: what executes it, and nothing that it is judged by."""
        ...


@dataclass(frozen=True, slots=True)
class EnvironmentStatus:
    """What `env list` says of an environment."""

    name: str
    description: str
    installed: bool
    needs_install: bool
    version: str = ""
    place: str = ""
    problem: str = ""


class EnvironmentProvider(Protocol):
    """Knows one environment before it is opened; found through the entry-point group `hitl_app.environments`.

    `home` is the user's folder for installed environments; a provider keeps its files in `home / name`.
    """

    @property
    def name(self) -> str:
        """Name that tasks refer to."""
        ...

    def status(self, home: Path) -> EnvironmentStatus:
        """Whether it is ready. Quick: opens nothing."""
        ...

    def install(self, home: Path, report: Callable[[str], None]) -> None:
        """Install what it needs; a no-op where it needs nothing.

        Raises:
            EnvironmentUnavailableError: Says what failed; nothing half-made is left behind.
        """
        ...

    def open(self, home: Path) -> Environment:
        """A new environment.

        Raises:
            EnvironmentUnavailableError: Not installed, or broken; says what to do.
        """
        ...

    def check(self, home: Path) -> tuple[str, ...]:
        """Run a self-test with the real environment and say what was checked.

        Raises:
            EnvironmentUnavailableError: Says what does not work.
        """
        ...


@runtime_checkable
class StoppableInstall(Protocol):
    """What a provider may offer besides: an installation that can be stopped."""

    def install_while(self, home: Path, report: Callable[[str], None], wanted: Callable[[], bool]) -> None:
        """As `install`, but it ends within a second once it is not wanted any more.

        Raises:
            EnvironmentUnavailableError: As of `install`, also where it was stopped.
        """
        ...


class Environments(Protocol):
    """All environments that are known, by name."""

    def get(self, name: str) -> Environment:
        """An environment ready for `reset`, kept for the next call.

        Raises:
            EnvironmentUnavailableError: Unknown or not installed; says how to install it.
        """
        ...

    def statuses(self) -> tuple[EnvironmentStatus, ...]:
        """All environments, installed or not."""
        ...

    def python(self) -> str:
        """The interpreter that environments are made with.

        Raises:
            EnvironmentUnavailableError: There is none; says how to get one.
        """
        ...

    def install(
        self, name: str, report: Callable[[str], None], wanted: Callable[[], bool] = lambda: True
    ) -> EnvironmentStatus:
        """Install what the environment needs; touches nothing that executes.

        Args:
            name: Of the environment.
            report: Receives progress, a line at a time.
            wanted: Asked every now and then; an installation that can be stopped ends once the answer is no.

        Raises:
            EnvironmentUnavailableError: Unknown, failed, or stopped. Nothing half-made is left behind.
        """
        ...

    def release(self, name: str) -> None:
        """Close an environment that is open; the next `get` opens what is installed then."""
        ...

    def remove(self, name: str) -> EnvironmentStatus:
        """Close an environment and delete what was installed for it.

        Raises:
            EnvironmentUnavailableError: Unknown, or there is nothing that could be removed.
        """
        ...

    def check(self, name: str) -> tuple[str, ...]:
        """Run the environment's self-test and say what was checked.

        Raises:
            EnvironmentUnavailableError: Says what does not work.
        """
        ...

    def close(self) -> None:
        """Close every environment that was opened."""
        ...
