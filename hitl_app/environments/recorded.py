"""The `recorded` environment: executes nothing, checks calls against their tools, and judges final answers.

For recordings whose world is not at hand. A call that fits raises NotReplayableError, so that the recorded
observation stands in for it; one that does not fit is a failed step. Where `Task.spec["expected_answer"]` holds a
text, a number, or a list of acceptable ones, the final answer is a goal (see `answers`); else only feasibility is
measured.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from hitl_app.domain.arguments import check_arguments, shown
from hitl_app.domain.codec import CodecError
from hitl_app.domain.errors import EnvironmentUnavailableError, NotReplayableError
from hitl_app.domain.final_answer import final_answer
from hitl_app.domain.inspection import Execution, Finding, FindingKind, Observation
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.loss import Component
from hitl_app.domain.ports import Environment, EnvironmentInfo
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import Trajectory, message
from hitl_app.environments.answers import accepted_answers, is_match
from hitl_app.environments.builtin import BuiltInProvider

NAME = "recorded"

INFO = EnvironmentInfo(
    name=NAME,
    version="2",
    measures=frozenset({Component.FEASIBILITY}),
    description="Executes nothing: recorded observations, schema checks of the tool calls, and final answers.",
)
WITH_ANSWER = replace(INFO, measures=INFO.measures | {Component.GOAL})

ANSWER = "answer"
"""Id of the finding about the final answer."""


class RecordedEnvironment:
    """Implements `domain.ports.Environment`. There is no state, so every state is the same."""

    def __init__(self) -> None:
        self._tools: Mapping[str, ToolSpec] = {}
        self._accepted: tuple[str, ...] = ()

    @property
    def info(self) -> EnvironmentInfo:
        """Name, version and what it measures: the goal only where the task has an expected answer."""
        return WITH_ANSWER if self._accepted else INFO

    def describe_tools(self, task: Task) -> tuple[ToolSpec, ...]:
        """The tools of the recording."""
        return task.tools

    def reset(self, task: Task) -> None:
        """Check calls against this task's tools from now on.

        Raises:
            EnvironmentUnavailableError: The task's expected answer is none.
        """
        self._tools = {tool.name: tool for tool in task.tools}
        self._accepted = _accepted(task)

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
        """The final answer where one is expected; nothing else can be judged without executing."""
        accepted = _accepted(task)
        return (answer_finding(trajectory, accepted),) if accepted else ()

    def close(self) -> None:
        """Forget the task."""
        self._tools, self._accepted = {}, ()


def answer_finding(trajectory: Trajectory, accepted: tuple[str, ...]) -> Finding:
    """Whether a trajectory's final answer is one of the accepted ones. An empty answer never is."""
    given = final_answer(trajectory)
    met = given is not None and bool(given.text.strip()) and any(is_match(given.text, text) for text in accepted)
    if given is None:
        description = "No final answer is given."
    else:
        description = f"The final answer is {'' if met else 'not '}the expected one."
    return Finding(
        ANSWER,
        FindingKind.GOAL,
        met=met,
        description=description,
        expected=" or ".join(accepted),
        observed=given.text if given else "",
        evidence=f"step {given.step}" if given else "",
        steps=() if met or given is None else (given.step,),
        reveals_answer=True,
    )


def _accepted(task: Task) -> tuple[str, ...]:
    try:
        return accepted_answers(task.spec.get("expected_answer"))
    except CodecError as error:
        raise EnvironmentUnavailableError(f"Task {task.key}: spec: {error}. Import it anew.") from error


class RecordedProvider(BuiltInProvider):
    """Implements `domain.ports.EnvironmentProvider`."""

    def __init__(self) -> None:
        super().__init__(INFO)

    def open(self, home: Path) -> Environment:
        """A new environment."""
        return RecordedEnvironment()

    def check(self, home: Path) -> tuple[str, ...]:
        """Check a call that fits and some that do not, a right answer and a wrong one.

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
        asked = replace(task, spec={"expected_answer": 1000})
        for text, right in (("FINAL ANSWER: $1,000", True), ("FINAL ANSWER: 1001", False)):
            answered = Trajectory(asked.id, (message(text),))
            if answer_finding(answered, _accepted(asked)).met is not right:
                raise EnvironmentUnavailableError("A final answer was judged wrongly. Reinstall hitl-app.")
        return (
            f"{len(wrong)} calls that do not fit their tools are refused",
            "a call that fits is left as recorded",
            "a right final answer is told from a wrong one",
        )


def _refused(environment: RecordedEnvironment, name: str, arguments: JsonObject) -> bool:
    try:
        return environment.step(name, arguments).failed
    except NotReplayableError:
        return False


provider = RecordedProvider()
