"""Plans of trajectories that are there already: written anew from a step on, or for what was done, as proposals."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from pathlib import Path

from hitl_app.domain.codec import get_int
from hitl_app.domain.errors import UserError
from hitl_app.domain.grounding import GroundingFault
from hitl_app.domain.inspection import Execution, Inspection
from hitl_app.domain.jsontypes import Json
from hitl_app.domain.library import ChangeSet, Kind
from hitl_app.domain.model import AnswerError, Usage
from hitl_app.domain.ports import Store
from hitl_app.domain.proposal import Cost, Proposal
from hitl_app.domain.replan import Replan, carried_out, check_place
from hitl_app.domain.run import Budget, Run, RunSettings, TaskResult, TaskStatus
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import Trajectory
from hitl_app.refine.evolve import evolve
from hitl_app.refine.gates import AutomaticGate
from hitl_app.refine.grounder import Done, Grounder, read_grounded
from hitl_app.refine.leaks import is_agents
from hitl_app.refine.loop import Proposed
from hitl_app.refine.planning import read_steps
from hitl_app.workflow.models import Chosen, Models
from hitl_app.workflow.refinement import Refinement, without_answer
from hitl_app.workflow.review import Review
from hitl_app.workflow.roles import Cast, Role, cast_of, cast_to_json, recorded_cast
from hitl_app.workflow.rollouts import Rollouts
from hitl_app.workflow.running import RunEvent, Running, TaskContext
from hitl_app.workflow.threads import Threads

REPLAN, GROUND = "replan", "ground"
"""The commands of the runs in which the planner writes."""

OFFLINE = "ground/1"
"""Who proposes a plan that is read off actions."""


class Planning:
    """Use cases in which plans are written and proposed; `Review.decide` decides on them like on any proposal."""

    def __init__(
        self,
        store: Store,
        threads: Threads,
        *,
        refinement: Refinement,
        review: Review,
        models: Models,
        running: Running,
    ) -> None:
        self._store = store
        self._threads = threads
        self._refinement = refinement
        self._review = review
        self._models = models
        self._running = running

    async def left(self, prefix: str, at: int, steps: Json) -> Replan:
        """The new plan of a trajectory where a person says what is still to do after its first steps.

        Args:
            prefix: The trajectory.
            at: Number of first steps that stay.
            steps: List of objects with `step` and, if wanted, `reasoning` and `expected_outcome`.

        Raises:
            UserError: These are no steps. ReplanError: The plan cannot be written anew there.
        """
        base = await self._trajectory(prefix)
        check_place(base, at)
        try:
            return Replan(at, (*base.plan_at(at)[: carried_out(base, at)], *read_steps(steps)))
        except AnswerError as error:
            raise UserError(f"this is no plan: {error}") from error

    def cited(self, steps: Json) -> Replan:
        """A grounded plan by a person: a list as `left` takes it, each with the numbers of its `actions`.

        Raises:
            UserError: It is none.
        """
        try:
            return read_grounded(steps)
        except AnswerError as error:
            raise UserError(f"this is no plan that cites actions: {error}") from error

    async def propose(self, prefix: str, replan: Replan, proposer: str = OFFLINE) -> tuple[Proposal, ChangeSet]:
        """Keep a new plan as a proposal that nobody has decided on.

        Raises:
            HunkError: It does not fit, changes what was carried out, or changes nothing.
        """
        base = await self._trajectory(prefix)
        evolve(base, (), proposer, replan)
        proposal = Proposal(base.id, (), proposer, replan=replan)
        await self._threads.database(self._store.save_proposal, proposal)
        return proposal, frozenset({Kind.PROPOSAL})

    async def faults(self, proposal: Proposal) -> tuple[GroundingFault, ...]:
        """Why a proposed plan cannot be accepted: see `Review.faults`."""
        return () if proposal.replan is None else await self._review.faults(proposal.base_id, proposal.replan)

    async def replan(
        self,
        prefix: str,
        at: int,
        *,
        budget: Budget = Budget(),
        planner: Chosen = Chosen(),  # noqa: B008 -- immutable
        answers: Path | None = None,
    ) -> AsyncGenerator[RunEvent, None]:
        """Let the planner write anew what is still to do after the first steps; yields `loop.Proposed` with the plan.

        Nothing is executed. Where the planner keeps the plan, nothing is proposed.

        Args:
            prefix: The trajectory.
            at: Number of first steps that stay, with the plan steps that they carry out.
            budget: Hard ceilings.
            planner: The model, where it is not the planner of the settings.
            answers: File of recorded calls to answer from, instead of a server.

        Raises:
            ReplanError: The plan cannot be written anew there.
        """
        base = await self._trajectory(prefix)
        check_place(base, at)
        cast = await cast_of(self._models, {Role.PLANNER: planner})
        settings = _settings(REPLAN, (base.id,), budget, cast, step=at)
        async with aclosing(self._start(settings, cast, answers)) as events:
            async for event in events:
                yield event

    async def ground(
        self,
        ids: Sequence[str],
        *,
        budget: Budget = Budget(),
        planner: Chosen = Chosen(),  # noqa: B008 -- immutable
        answers: Path | None = None,
    ) -> AsyncGenerator[RunEvent, None]:
        """Let the planner write the plans of what was done; yields `loop.Proposed` for each. See `faults` of each.

        Args:
            ids: Trajectories by id or its first digits.
            budget: Hard ceilings.
            planner: The model, where it is not the planner of the settings.
            answers: File of recorded calls to answer from, instead of a server.

        Raises:
            UserError: The agent did nothing in one of them.
        """
        found = [await self._trajectory(each) for each in ids]
        for base in found:
            if not any(map(is_agents, base.steps)):
                raise UserError(f"the agent did nothing in trajectory {base.id[:12]}: there is nothing to plan")
        starts = tuple(dict.fromkeys(base.id for base in found))
        cast = await cast_of(self._models, {Role.PLANNER: planner})
        async with aclosing(self._start(_settings(GROUND, starts, budget, cast), cast, answers)) as events:
            async for event in events:
                yield event

    async def resume(self, run_id: str, *, answers: Path | None = None) -> AsyncGenerator[RunEvent, None]:
        """Go on with an interrupted or cancelled run; a recorded call is never repeated.

        Raises:
            UserError: It is a run of another command.
        """
        run = await self._running.find(run_id)
        if run.settings.command not in (REPLAN, GROUND):
            raise UserError(f'run {run.id[:12]} is a run of "{run.settings.command}": resume it with that command')
        cast = await recorded_cast(self._models, run.settings.detail)
        async with aclosing(self._start(run.settings, cast, answers, run)) as events:
            async for event in events:
                yield event

    async def _start(
        self, settings: RunSettings, cast: Cast, answers: Path | None, resume: Run | None = None
    ) -> AsyncGenerator[RunEvent, None]:
        write = self._replanned if settings.command == REPLAN else self._grounded

        async def work(context: TaskContext) -> Sequence[TaskResult]:
            return [await write(context, cast)]

        events = self._running.start(
            settings, work, AutomaticGate(), endpoint=cast[Role.PLANNER], answers=answers, resume=resume
        )
        async with aclosing(events):
            async for event in events:
                yield event

    async def _replanned(self, context: TaskContext, cast: Cast) -> TaskResult:
        task, base, found = await self._threads.database(self._load, context.start_id)
        at = get_int(context.run.settings.detail, "step")
        execution = found.execution if found is not None else Execution(base.id, task.environment, "", ())
        rollouts = Rollouts(self._refinement, self._models, cast[Role.PLANNER])
        replan, usage = await rollouts.replan(context, task, base, at, execution)
        if replan.plan == base.plan:
            return _result(task, base, found, "the planner keeps the plan")
        await self._keep(context, _proposal(context.run, base, replan, usage))
        return _result(task, base, found, "a plan is proposed")

    async def _grounded(self, context: TaskContext, cast: Cast) -> TaskResult:
        task, base, found = await self._threads.database(self._load, context.start_id)
        client, account = await context.client(Budget(), cast[Role.PLANNER])
        tools = await self._refinement.known_tools(task)
        done = Done(without_answer(task), tools, base, found.execution if found is not None else None)
        grounded = await Grounder(client, self._models.prompts).ground(done, context.say)
        await self._keep(context, _proposal(context.run, base, grounded.replan, account.spent))
        return _result(task, base, found, "a plan is proposed")

    async def _keep(self, context: TaskContext, proposal: Proposal) -> None:
        await self._threads.record(self._store.save_proposal, proposal)
        context.tell(Proposed(proposal))

    async def _trajectory(self, prefix: str) -> Trajectory:
        return await self._threads.database(lambda: self._store.trajectory(self._store.resolve(prefix)))

    def _load(self, trajectory_id: str) -> tuple[Task, Trajectory, Inspection | None]:
        base = self._store.trajectory(trajectory_id)
        return self._store.task(base.task_id), base, self._store.inspection(base.id)


def _settings(command: str, starts: tuple[str, ...], budget: Budget, cast: Cast, **detail: Json) -> RunSettings:
    planner = cast[Role.PLANNER]
    return RunSettings(
        command,
        starts,
        model=planner.model,
        base_url=planner.base_url,
        budget=budget,
        detail={**detail, **cast_to_json(cast)},
    )


def _proposal(run: Run, base: Trajectory, replan: Replan, usage: Usage) -> Proposal:
    cost = Cost(
        calls=usage.calls,
        tokens_in=usage.tokens_in,
        tokens_out=usage.tokens_out,
        usd=usage.usd,
        measured=usage.measured,
    )
    settings = {**run.settings.detail, "run": run.id}
    proposer = f"{run.settings.command}/1 {run.settings.model}"
    return Proposal(base.id, (), proposer, cost, tried=(replan.why,), settings=settings, replan=replan)


def _result(task: Task, base: Trajectory, found: Inspection | None, how: str) -> TaskResult:
    losses = None if found is None else found.losses
    title = f"{task.key} {task.title}"
    return TaskResult(base.id, title, TaskStatus.UNVERIFIED, how, before=losses, best_id=base.id, iterations=1)
