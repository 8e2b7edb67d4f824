"""The bench: what every method that is compared works with. Nothing differs between them but the method."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from hitl_app.domain.inspection import Execution, Inspection
from hitl_app.domain.model import AnswerError, ModelError
from hitl_app.domain.ports import ModelClient, OnText, Prompts
from hitl_app.domain.run import BudgetExhaustedError, TaskStatus
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import PlanStep, Step, Trajectory
from hitl_app.refine.acting import MAX_STEPS, Actor, ActRequest, Rollout
from hitl_app.refine.gates import least_loss
from hitl_app.refine.planning import Planner, plan_and_act

VERIFIED = "every goal and hard constraint holds in a full replay"


@dataclass(frozen=True)
class Tried:
    """A trajectory that a method came up with.

    Attributes:
        exhausted: The budget ended it: nothing more can be asked.
    """

    trajectory: Trajectory
    inspection: Inspection
    exhausted: bool = False

    @property
    def verified(self) -> bool:
        """What the environment says of it."""
        return self.inspection.verified is True


@dataclass(frozen=True)
class Bench:
    """One task, one model and one environment, under one budget.

    Attributes:
        task: Without what it is judged by; its id is another one for that.
        task_id: Of the whole task.
        inspect: Executes and judges; the verdict of the environment, in full.
        replay: Executes without judging.
        native_tools: The server takes tool calls.
        more: How often a method may go on after its first try.
        max_steps: Ceiling of the steps of one try.
    """

    task: Task
    task_id: str
    tools: tuple[ToolSpec, ...]
    client: ModelClient
    prompts: Prompts
    inspect: Callable[[Trajectory], Awaitable[Inspection]]
    replay: Callable[[Trajectory], Awaitable[Execution]]
    native_tools: bool | None
    more: int
    on_text: OnText = lambda text: None
    max_steps: int = MAX_STEPS

    async def act(self, sample: int = 0, notes: str = "", *, planning: bool = False) -> Tried:
        """Act on the task from the start.

        Args:
            sample: Number among tries that are equal otherwise.
            notes: What the model is to bear in mind.
            planning: Make a plan first, and follow it.

        Raises:
            BudgetExhaustedError: Not even the plan, or the first call, is within the budget.
            ModelError: The model cannot be asked, or makes no plan.
        """
        planner = Planner(self.client, self.prompts) if planning else None
        rollout = await plan_and_act(planner, self._actor(), self.request(sample, notes))
        return await self.judged(Trajectory(self.task_id, rollout.steps, rollout.plan), exhausted=rollout.exhausted)

    async def act_by(self, plan: tuple[PlanStep, ...], sample: int) -> Rollout:
        """Act on the task from the start, by a plan that there is already."""
        return await self._actor().act(self.request(sample, "", plan))

    async def nothing(self) -> Tried:
        """What is judged where a method comes up with nothing."""
        return await self.judged(Trajectory(self.task_id, ()))

    def _actor(self) -> Actor:
        return Actor(self.client, self.prompts, native_tools=self.native_tools)

    def request(self, sample: int = 0, notes: str = "", plan: tuple[PlanStep, ...] = ()) -> ActRequest:
        """What a model is asked to act on, from the start."""

        async def execute(steps: tuple[Step, ...]) -> Execution:
            return await self.replay(Trajectory(self.task_id, steps))

        return ActRequest(
            self.task,
            self.tools,
            execute,
            plan=plan,
            max_steps=self.max_steps,
            sample=sample,
            notes=notes,
            on_text=self.on_text,
        )

    async def judged(self, trajectory: Trajectory, *, exhausted: bool = False) -> Tried:
        """What is found of a trajectory."""
        return Tried(trajectory, await self.inspect(trajectory), exhausted)


Method = Callable[[Bench], AsyncIterator[Tried]]
"""A method yields each trajectory that it comes up with, and ends where it has nothing more to try."""


@dataclass(frozen=True)
class Outcome:
    """What became of a method on a task.

    Attributes:
        first: Where it began; the empty trajectory where it came up with nothing.
        tries: Trajectories that it came up with.
        iterations: How often it went on after its first try: proposals of the loop, further tries of the others.
    """

    status: TaskStatus
    stopped_by: str
    first: Tried
    kept: Tried
    tries: int
    iterations: int
    error: str = ""


async def run_method(method: Method, bench: Bench, *, keep_last: bool = False) -> Outcome:
    """Run a method until it ends, or its budget does; what it has by then counts.

    Args:
        method: Which one.
        bench: What it works with.
        keep_last: It may not know its losses, and hands in what it made last; otherwise the least loss is kept.
    """
    tries: list[Tried] = []
    ended, error = "it has nothing more to try", ""
    try:
        async for tried in method(bench):
            tries.append(tried)
            if tried.exhausted:
                ended = "the budget is used up"
                break
    except BudgetExhaustedError as reason:
        ended = str(reason)
    except AnswerError as problem:
        ended = f"an answer was of no use: {problem}"
    except ModelError as problem:
        ended, error = "an error", str(problem)
    found = tries or [await bench.nothing()]
    kept = found[-1] if keep_last else found[least_loss([tried.inspection for tried in found])]
    status = TaskStatus.FAILED if error else TaskStatus.UNVERIFIED
    if kept.verified:
        status, ended, error = TaskStatus.VERIFIED, VERIFIED, ""
    return Outcome(status, ended, found[0], kept, len(tries), max(0, len(tries) - 1), error)
