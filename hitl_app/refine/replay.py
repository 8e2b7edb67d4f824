"""Incremental execution: after an edit at step k only the actions from k on run again."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from hitl_app.domain.errors import NotReplayableError
from hitl_app.domain.inspection import ExecutedStep, Execution, Inspection, Observation, StepStatus
from hitl_app.domain.ports import Environment
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import Step, Trajectory
from hitl_app.refine.inspect import executed_step, judge_execution, observe, stopwatch

MAX_KNOWN = 4096
"""Reached states that are kept for one task; beyond that the next execution starts anew."""


class AbandonedError(Exception):
    """Nobody waits for the execution any more. What it had reached by then is kept."""


@dataclass
class _Reached:
    """A state of the environment, the observation of the action that led to it, and the actions tried from it.

    Attributes:
        observation: Or why the environment cannot execute the action. The initial state has an empty one.
    """

    token: str
    observation: Observation | NotReplayableError = field(default_factory=lambda: Observation(""))
    after: "dict[tuple[str, str], _Reached]" = field(default_factory=dict)


class Replayer:
    """Executes trajectories in one environment, from the longest beginning that it has executed before.

    States are told apart by the actions that lead to them, because messages change nothing. Nobody else may use the
    environment meanwhile, unless `forget` is called afterwards.
    """

    def __init__(self, environment: Environment) -> None:
        """`environment` must answer equal actions from equal states equally."""
        self.environment = environment
        self._task: tuple[str, str] | None = None
        self._start = _Reached("")
        self._known = 0

    def forget(self) -> None:
        """Execute from the initial state next time."""
        self._task = None

    def describe(self, task: Task) -> tuple[ToolSpec, ...]:
        """The tools of the task."""
        self.forget()  # an environment may have to go to the task first
        return self.environment.describe_tools(task)

    def execute(self, task: Task, trajectory: Trajectory) -> Execution:
        """Execute a trajectory without judging it.

        Raises:
            EnvironmentUnavailableError: The environment cannot execute this task at all.
        """
        try:
            return self._execute(task, trajectory)
        except BaseException:
            self.forget()
            raise

    def inspect(self, task: Task, trajectory: Trajectory, abandoned: Callable[[], bool] = lambda: False) -> Inspection:
        """Execute and judge a trajectory; `abandoned` is asked before each action.

        Raises:
            AbandonedError: `abandoned` said so.
            EnvironmentUnavailableError: The environment cannot execute this task at all.
        """
        seconds = stopwatch()
        try:
            execution = self._execute(task, trajectory, abandoned)
            return judge_execution(self.environment, task, trajectory, execution, seconds)
        except AbandonedError:
            raise
        except BaseException:
            self.forget()  # the environment's state is not known any more
            raise

    def _execute(self, task: Task, trajectory: Trajectory, abandoned: Callable[[], bool] = lambda: False) -> Execution:
        present = task.id, task.place  # an environment may read what lies there when it is reset
        if self._task != present or self._known > MAX_KNOWN:
            self.environment.reset(task)
            self._start, self._known = _Reached(self.environment.snapshot()), 0
            self._task = present
        reached, here = self._start, None
        steps: list[ExecutedStep] = []
        for step in trajectory.steps:
            if not step.is_action:
                steps.append(ExecutedStep(StepStatus.OK))
                continue
            action = step.tool, json.dumps(step.arguments)  # also the order of arguments can be seen in an answer
            known = reached.after.get(action)
            if known is None:
                if abandoned():
                    raise AbandonedError
                if here is not reached:
                    self.environment.restore(reached.token)
                known = here = self._act(reached, step)
                if not _is_fault(known.observation):  # it need not happen again
                    reached.after[action] = known
                    self._known += 1
            reached = known
            steps.append(executed_step(step, known.observation))
        if abandoned():
            raise AbandonedError
        if here is not reached:
            self.environment.restore(reached.token)
        return Execution(trajectory.id, self.environment.info.name, self.environment.info.version, tuple(steps))

    def _act(self, before: _Reached, step: Step) -> _Reached:
        observation = observe(self.environment, step)
        return _Reached(before.token if _stays(before, observation) else self.environment.snapshot(), observation)


def _is_fault(observation: Observation | NotReplayableError) -> bool:
    return isinstance(observation, Observation) and bool(observation.error)


def _stays(before: _Reached, observation: Observation | NotReplayableError) -> bool:
    """Whether the environment surely is in the same state as before."""
    if isinstance(observation, NotReplayableError) or observation.error:
        return True
    if observation.changed or not isinstance(before.observation, Observation):
        return False
    return before.observation.state == observation.state != ""
