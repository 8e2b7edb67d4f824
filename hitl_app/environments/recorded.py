"""The `recorded` environment: executes nothing, and checks that calls fit the tools of their recording.

For recordings whose world is not at hand. A call that fits raises NotReplayableError, so that the recorded
observation stands in for it; one that does not fit is a failed step. Only feasibility is measured.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from hitl_app.domain.arguments import check_arguments, shown
from hitl_app.domain.errors import EnvironmentUnavailableError, NotReplayableError
from hitl_app.domain.inspection import Execution, Finding, Observation
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.loss import Component
from hitl_app.domain.ports import Environment, EnvironmentInfo, EnvironmentStatus
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import Trajectory

NAME = "recorded"

INFO = EnvironmentInfo(
    name=NAME,
    version="1",
    measures=frozenset({Component.FEASIBILITY}),
    description="Executes nothing: recorded observations, with schema checks of the tool calls.",
)


class RecordedEnvironment:
    """Implements `domain.ports.Environment`. There is no state, so every state is the same."""

    def __init__(self) -> None:
        self._tools: Mapping[str, ToolSpec] = {}

    @property
    def info(self) -> EnvironmentInfo:
        """Name, version and what it measures."""
        return INFO

    def describe_tools(self, task: Task) -> tuple[ToolSpec, ...]:
        """The tools of the recording."""
        return task.tools

    def reset(self, task: Task) -> None:
        """Check calls against this task's tools from now on."""
        self._tools = {tool.name: tool for tool in task.tools}

    def step(self, name: str, arguments: JsonObject) -> Observation:
        """Refuse a call that does not fit the recorded tools.

        Raises:
            NotReplayableError: The call fits, or the recording describes no tools.
        """
        problems = self._problems(name, arguments)
        if not problems:
            raise NotReplayableError(f"{shown(name)} was recorded and cannot be executed: its environment is not here")
        return Observation(json.dumps({"error": {"code": "invalid_call", "message": "; ".join(problems)}}), failed=True)

    def _problems(self, name: str, arguments: JsonObject) -> tuple[str, ...]:
        if not self._tools:
            return ()
        tool = self._tools.get(name)
        if tool is None:
            return (f"the recording has no tool {shown(name)}; it has {', '.join(self._tools)}",)
        return check_arguments(tool.parameters, arguments, allow_unknown=False)

    def snapshot(self) -> str:
        """The token of the only state."""
        return NAME

    def restore(self, token: str) -> None:
        """Nothing to go back to."""

    def verdict(self, task: Task, trajectory: Trajectory, execution: Execution) -> tuple[Finding, ...]:
        """No goal or constraint can be judged without executing."""
        return ()

    def close(self) -> None:
        """Forget the task."""
        self._tools = {}


class RecordedProvider:
    """Implements `domain.ports.EnvironmentProvider`."""

    @property
    def name(self) -> str:
        """Name that tasks refer to."""
        return NAME

    def status(self, home: Path) -> EnvironmentStatus:
        """Always ready."""
        return EnvironmentStatus(
            NAME, INFO.description, installed=True, needs_install=False, version=INFO.version, place="built in"
        )

    def install(self, home: Path, report: Callable[[str], None]) -> None:
        """Nothing to do."""
        report("Recordings need no environment: there is nothing to install.")

    def open(self, home: Path) -> Environment:
        """A new environment."""
        return RecordedEnvironment()

    def check(self, home: Path) -> tuple[str, ...]:
        """Check a call that fits and some that do not.

        Raises:
            EnvironmentUnavailableError: One of them was taken for the other.
        """
        parameters: JsonObject = {
            "type": "object",
            "properties": {"id": {"type": "string"}},
            "required": ["id"],
        }
        task = Task(NAME, "self-test", "self-test", tools=(ToolSpec("look", "", parameters),))
        environment = RecordedEnvironment()
        environment.reset(task)
        wrong: tuple[tuple[str, JsonObject], ...] = (("find", {"id": "a"}), ("look", {}), ("look", {"id": 1}))
        if not all(_refused(environment, name, arguments) for name, arguments in wrong):
            raise EnvironmentUnavailableError("A call that does not fit its tool was let through. Reinstall hitl-app.")
        if _refused(environment, "look", {"id": "a"}):
            raise EnvironmentUnavailableError("A call that fits its tool was refused. Reinstall hitl-app.")
        return (f"{len(wrong)} calls that do not fit their tools are refused", "a call that fits is left as recorded")


def _refused(environment: RecordedEnvironment, name: str, arguments: JsonObject) -> bool:
    try:
        return environment.step(name, arguments).failed
    except NotReplayableError:
        return False


provider = RecordedProvider()
