"""A run's model acts on a task, from its beginning or from any step of a trajectory. Nothing is stored here."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hitl_app.domain.coordination import CUT_OFF
from hitl_app.domain.errors import UserError
from hitl_app.domain.hunk import Hunk, Operator
from hitl_app.domain.inspection import Execution
from hitl_app.domain.model import AnswerError, ModelEndpoint, Usage
from hitl_app.domain.ports import ModelClient
from hitl_app.domain.proposal import Cost, Proposal
from hitl_app.domain.replan import Replan, ReplanError, carried_out, check_replan
from hitl_app.domain.run import Budget, Run, RunSettings
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import PlanStep, Source, Step, Trajectory, message
from hitl_app.refine.acting import MAX_STEPS, Actor, ActRequest, Rollout, Scene
from hitl_app.refine.planning import Planner, plan_and_act
from hitl_app.refine.replanning import Replanner
from hitl_app.refine.voices import ModelVoice, RecordedVoice, Reply, Voice, is_user_message
from hitl_app.workflow.models import Models
from hitl_app.workflow.refinement import Refinement, without_answer
from hitl_app.workflow.roles import Role, player
from hitl_app.workflow.running import TaskContext

__all__ = ["HUMAN", "MAX_STEPS", "MODEL", "NOBODY", "PLAN", "RECORDED", "SPEAKERS", "FaceVoice", "Made", "Rollouts"]

PLAN = "plan"
"""What recordings of candidates are said to be, beside the formats of imports."""

PROPOSER = "continue/1"

RECORDED, MODEL, HUMAN, NOBODY = "recorded", "model", "human", "none"
SPEAKERS = (RECORDED, f"{RECORDED}+{MODEL}", f"{RECORDED}+{HUMAN}", MODEL, HUMAN, NOBODY)
"""Who may speak for a task's user; of two, the second speaks once the recorded words do not fit any more."""


@dataclass(frozen=True)
class Made:
    """What a model made of a task in one attempt.

    Attributes:
        usage: What that consumed, planning included.
        seconds: Wall time.
        replan: The plan that was written anew before the model went on; None where it went on by the base's.
    """

    rollout: Rollout
    usage: Usage
    seconds: float
    replan: Replan | None = None

    def recording(self, run: Run, task: Task, sample: int) -> Trajectory:
        """It as a recording of its own. Like others that begins with what was asked, where no user said it.

        The run's id is no part of what it is: a run that is replayed from its calls makes the same recordings.
        """
        steps, earlier = self.rollout.steps, self.rollout.earlier
        if task.instruction and not any(map(is_user_message, steps)):
            steps = (message(task.instruction, role="user"), *steps)
            earlier = tuple(replace(each, until=each.until + 1) for each in earlier)
        source = Source(
            file=f"plan of {task.key}",
            index=sample,
            record_id=f"plan by {_planned_by(run.settings)}",
            format=PLAN,
            model=run.settings.model,
            trial=sample,
            extra={
                "run": run.id,
                "ended_by": self.rollout.ended_by,
                CUT_OFF: self.rollout.exhausted,
                "tokens": self.usage.tokens,
            },
        )
        return Trajectory(task.id, steps, self.rollout.plan, source=source, earlier=earlier)

    def proposal(self, run: Run, base: Trajectory, step: int, sample: int) -> Proposal:
        """It as a proposal: what the model did, in the place of what stood there."""
        rollout, usage = self.rollout, self.usage
        suffix = Hunk(
            Operator.REGENERATE_SUFFIX,
            step,
            len(base.steps),
            base.steps[step:],
            rollout.steps,
            why=f"continued from step {step}: {rollout.ended_by}",
        )
        cost = Cost(
            executions=1,
            actions=sum(each.is_action for each in rollout.steps),
            seconds=self.seconds,
            calls=usage.calls,
            tokens_in=usage.tokens_in,
            tokens_out=usage.tokens_out,
            usd=usage.usd,
            measured=usage.measured,
        )
        return Proposal(
            base.id,
            (suffix,),
            f"{PROPOSER} {run.settings.model}",
            cost,
            tried=(f"branch {sample}: {rollout.ended_by}",),
            settings={**run.settings.detail, "sample": sample, "ended_by": rollout.ended_by, "run": run.id},
            replan=self.replan,
        )


def _planned_by(settings: RunSettings) -> str:
    planner, executor = player(settings, Role.PLANNER), player(settings, Role.EXECUTOR)
    return planner if planner == executor else f"{planner}, carried out by {executor}"


class FaceVoice:
    """A person's voice, who sits in another event loop than the one that asks, such as Qt's."""

    def __init__(self, voice: Voice, loop: asyncio.AbstractEventLoop) -> None:
        self._voice = voice
        self._loop = loop

    async def reply(self, steps: Sequence[Step], execution: Execution) -> Reply:
        """What the person says next."""

        async def there() -> Reply:
            return await self._voice.reply(steps, execution)

        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(there(), self._loop))


class Rollouts:
    """Lets the model of a run act."""

    def __init__(
        self,
        refinement: Refinement,
        models: Models,
        endpoint: ModelEndpoint,
        *,
        user: str = NOBODY,
        human: Voice | None = None,
        max_steps: int = MAX_STEPS,
        planner: ModelEndpoint | None = None,
        replan_every: int = 0,
    ) -> None:
        """Let a model act.

        Args:
            refinement: Executes.
            models: Knows the prompts, and what the server can do.
            endpoint: The model of the run: the executor.
            user: Who speaks for a task's user, one of `SPEAKERS`.
            human: A person's voice.
            max_steps: Ceiling of new steps.
            planner: The model that plans, where it is another one.
            replan_every: After how many actions the rest of the plan is written anew; 0 for never.

        Raises:
            UserError: Nobody of that name can speak, or a person is to speak and none is there.
        """
        if user not in SPEAKERS:
            raise UserError(f'nobody called "{user}" can speak for the user; there are {", ".join(SPEAKERS)}')
        self._speakers = user.split("+")
        if human is None and HUMAN in self._speakers:
            raise UserError("a person can speak for the user at the desk only")
        self._refinement = refinement
        self._models = models
        self._endpoint = endpoint
        self._human = human
        self._max_steps = max_steps
        self._planner = None if planner == endpoint else planner
        self._every = replan_every

    async def make(self, context: TaskContext, task: Task, sample: int = 0, *, planned: bool = True) -> Made:
        """One candidate for a task: a plan, unless it is left out, and a rollout that follows it.

        Raises:
            ModelError: The model cannot be asked, or its plan is none.
            BudgetExhaustedError: The budget ended while it planned.
        """
        return await self._make(context, task, Trajectory(task.id, ()), sample=sample, planned=planned)

    async def follow(self, context: TaskContext, task: Task, plan: tuple[PlanStep, ...], sample: int = 0) -> Made:
        """A rollout that follows a plan that there is already.

        Raises:
            ModelError: The model cannot be asked.
        """
        return await self._make(context, task, Trajectory(task.id, (), plan), sample=sample)

    async def go_on(
        self,
        context: TaskContext,
        task: Task,
        base: Trajectory,
        step: int,
        sample: int = 0,
        *,
        replan: Replan | None = None,
        anew: bool = False,
    ) -> Made:
        """What the model does after the first steps of a trajectory.

        Args:
            context: Of the run.
            task: The trajectory's task.
            base: The trajectory.
            step: Number of first steps that stay.
            sample: Number of the branch.
            replan: A new plan that it follows from there on, and that fits the base.
            anew: The planner writes one first.

        Raises:
            ModelError: The model cannot be asked, or its plan is none.
        """
        return await self._make(context, task, base, step=step, sample=sample, replan=replan, anew=anew)

    async def replan(
        self, context: TaskContext, task: Task, base: Trajectory, step: int, execution: Execution
    ) -> tuple[Replan, Usage]:
        """What the planner writes anew after the first steps of a trajectory, with what that consumed.

        Args:
            context: Of the run.
            task: The trajectory's task.
            base: The trajectory.
            step: Number of first steps that stay.
            execution: Of the base; where it holds no steps, what was recorded stands in.

        Raises:
            ModelError: The model cannot be asked, or its answer is no plan.
        """
        client, account = await context.client(Budget(), self._planner)
        seen = replace(execution, steps=execution.steps[:step])

        async def known(steps: tuple[Step, ...]) -> Execution:
            return seen

        tools = await self._refinement.known_tools(task)
        before, plan = base.steps[:step], base.plan_at(step)
        request = ActRequest(without_answer(task), tools, known, before, plan, on_text=context.say)
        return await self._replanned(Replanner(client, self._models.prompts), request, base), account.spent

    async def _make(
        self,
        context: TaskContext,
        task: Task,
        base: Trajectory,
        *,
        step: int = 0,
        sample: int,
        planned: bool = False,
        replan: Replan | None = None,
        anew: bool = False,
    ) -> Made:
        started = time.perf_counter()
        client, account = await context.client(Budget())
        planner, paid = (client, None) if self._planner is None else await context.client(Budget(), self._planner)
        found = await self._models.capabilities(self._endpoint)
        prompts = self._models.prompts

        async def execute(steps: tuple[Step, ...]) -> Execution:
            return await self._refinement.replay(task, Trajectory(task.id, steps))

        request = ActRequest(
            task=without_answer(task),
            tools=await self._refinement.tools(task),
            execute=execute,
            prefix=base.steps[:step],
            plan=base.plan_at(step),
            voice=await self._voice(context, client, task, base, sample),
            max_steps=self._max_steps,
            sample=sample,
            on_text=context.say,
        )
        if anew:
            replan = await self._replanned(Replanner(planner, prompts), request, base)
        if replan is not None:
            request = replace(request, plan=replan.plan)
        elif self._every:
            request = replace(request, replanning=Replanner(planner, prompts, self._every))
        actor = Actor(client, prompts, native_tools=None if found is None else found.tools)
        rollout = await plan_and_act(Planner(planner, prompts) if planned else None, actor, request)
        usage = account.spent if paid is None else account.spent + paid.spent
        return Made(rollout, usage, time.perf_counter() - started, replan)

    async def _replanned(self, replanner: Replanner, request: ActRequest, base: Trajectory) -> Replan:
        step = len(request.prefix)
        scene = Scene(request, request.work, request.prefix, await request.execute(request.prefix))
        left = await replanner.left(scene, carried_out(base, step))
        replan = Replan(step, left.after(request.plan), (), left.why)
        try:
            check_replan(base, replan)
        except ReplanError as error:
            raise AnswerError(str(error)) from error
        return replan

    async def _voice(
        self, context: TaskContext, client: ModelClient, task: Task, base: Trajectory, sample: int
    ) -> Voice | None:
        """Who speaks for the user; None where nobody does, or where the recorded run had no user."""
        voice: Voice | None = None
        if HUMAN in self._speakers:
            voice = self._human
        elif MODEL in self._speakers:
            voice = ModelVoice(client, self._models.prompts, task, sample=sample, on_text=context.say)
        if RECORDED in self._speakers and any(map(is_user_message, base.steps)):
            return RecordedVoice(base.steps, await self._refinement.replay(task, base), voice)
        return voice if self._speakers[0] != RECORDED else None
