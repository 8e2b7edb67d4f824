"""PLAN, and continue from here: a model makes candidates for a task, or acts on from any step of a trajectory."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

from hitl_app.domain.codec import get_int, get_optional_int, get_str
from hitl_app.domain.errors import UserError
from hitl_app.domain.hunk import HunkError
from hitl_app.domain.inspection import Inspection
from hitl_app.domain.library import ImportedRun
from hitl_app.domain.model import AnswerError
from hitl_app.domain.ports import Approval, Gate, Judgement, Store
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.record_codec import replan_from_json, replan_to_json
from hitl_app.domain.replan import Replan, check_place, check_replan
from hitl_app.domain.run import Arm, Budget, BudgetExhaustedError, Run, RunSettings, TaskResult, TaskStatus
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import Trajectory
from hitl_app.refine.acting import MAX_STEPS
from hitl_app.refine.gates import AutomaticGate, least_loss
from hitl_app.refine.loop import Inspected, Judged
from hitl_app.refine.voices import Voice
from hitl_app.workflow.deciding import Maker
from hitl_app.workflow.models import Chosen, Models
from hitl_app.workflow.refinement import Candidate, Refinement
from hitl_app.workflow.review import Review
from hitl_app.workflow.roles import Cast, Role, cast_of, cast_to_json, recorded_cast
from hitl_app.workflow.rollouts import HUMAN, NOBODY, PLAN, RECORDED, FaceVoice, Rollouts
from hitl_app.workflow.running import RunEvent, Running, TaskContext
from hitl_app.workflow.task_names import find_tasks
from hitl_app.workflow.threads import Threads

CONTINUE = "continue"
"""The command of the runs that continue; `PLAN` is the other one."""


class Continuing:
    """Use cases in which a model acts."""

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

    async def plan(
        self,
        tasks: Sequence[str],
        *,
        times: int = 1,
        user: str = NOBODY,
        human: Voice | None = None,
        max_steps: int = MAX_STEPS,
        budget: Budget = Budget(),
        gate: Gate | None = None,
        chosen: Chosen = Chosen(),  # noqa: B008 -- immutable
        concurrency: int = 4,
        answers: Path | None = None,
        roles: Mapping[Role, Chosen] | None = None,
        replan_every: int = 0,
    ) -> AsyncGenerator[RunEvent, None]:
        """Make candidates for tasks: a plan each, and a rollout that follows it; the gate at PLAN chooses one a task.

        All candidates are kept as recordings of their own. Yields what happens: `loop.Inspected` for each candidate,
        and a result with the chosen one for each task.

        Args:
            tasks: By key, or by id or the first digits of it; they need no recording.
            times: Candidates for each.
            user: Who speaks for the task's user, one of `rollouts.SPEAKERS`; there is nothing recorded.
            human: A person's voice.
            max_steps: Ceiling of a candidate's steps.
            budget: Hard ceilings.
            gate: A person's gate; None takes the candidate with the least loss.
            chosen: The model, where it is not the one of the settings.
            concurrency: Tasks at the same time.
            answers: File of recorded calls to answer from, instead of a server.
            roles: The planner and the executor, where they are not the chosen model.
            replan_every: After how many actions the planner writes the rest of the plan anew; 0 for never.
        """
        cast = await self._cast((Role.PLANNER, Role.EXECUTOR), chosen, roles)
        endpoint = cast[Role.EXECUTOR]
        settings = RunSettings(
            PLAN,
            await self._threads.database(lambda: find_tasks(self._store.tasks(), tasks)),
            model=endpoint.model,
            base_url=endpoint.base_url,
            budget=budget,
            arm=_arm(gate, user),
            samples=times,
            concurrency=concurrency if _arm(gate, user) is Arm.AUTONOMOUS else 1,
            detail={"user": user, "max_steps": max_steps, "replan_every": replan_every, **cast_to_json(cast)},
        )
        async with aclosing(self._start(settings, cast, gate=gate, human=human, answers=answers)) as events:
            async for event in events:
                yield event

    async def continue_from(
        self,
        prefix: str,
        step: int,
        *,
        times: int = 1,
        user: str = RECORDED,
        human: Voice | None = None,
        max_steps: int = MAX_STEPS,
        budget: Budget = Budget(),
        gate: Gate | None = None,
        chosen: Chosen = Chosen(),  # noqa: B008 -- immutable
        answers: Path | None = None,
        roles: Mapping[Role, Chosen] | None = None,
        replan: Replan | None = None,
        anew: bool = False,
    ) -> AsyncGenerator[RunEvent, None]:
        """Let a model act on from a step of a trajectory. What it does are sibling branches, judged like any revision.

        Each is kept as a proposal with its decision on record: the best of those that the rule takes becomes the
        head, and waits for a person's approval; the others stay as what they are compared with. Yields what happens:
        `loop.Judged` for each branch, and one result.

        Args:
            prefix: The trajectory, by its id or the first digits of it.
            step: Number of first steps that stay; the model goes on after them.
            times: Branches.
            user: Who speaks for the task's user, one of `rollouts.SPEAKERS`.
            human: A person's voice.
            max_steps: Ceiling of a branch's new steps.
            budget: Hard ceilings.
            gate: A person's gate, asked at ACCEPT; None leaves it to the rule.
            chosen: The model, where it is not the one of the settings.
            answers: File of recorded calls to answer from, instead of a server.
            roles: The executor, and the planner where it writes, where they are not the chosen model.
            replan: A plan to follow from that step on.
            anew: The planner writes that plan first.

        Raises:
            UserError: There is no such step.
            ReplanError: The plan does not fit, or cannot be written anew there.
        """
        base = await self._threads.database(lambda: self._store.trajectory(self._store.resolve(prefix)))
        if not 0 <= step <= len(base.steps):
            raise UserError(
                f"there is no step {step} to continue from: this trajectory has steps 0 to {len(base.steps)}"
            )
        if replan is not None:
            check_replan(base, replan)
        elif anew:
            check_place(base, step)
        cast = await self._cast((Role.EXECUTOR, Role.PLANNER) if anew else (Role.EXECUTOR,), chosen, roles)
        endpoint = cast[Role.EXECUTOR]
        written = {} if replan is None else {"replan": replan_to_json(replan)}
        settings = RunSettings(
            CONTINUE,
            (base.id,),
            model=endpoint.model,
            base_url=endpoint.base_url,
            budget=budget,
            arm=_arm(gate, user),
            samples=times,
            detail={
                "step": step,
                "user": user,
                "max_steps": max_steps,
                "anew": anew,
                **written,
                **cast_to_json(cast),
            },
        )
        async with aclosing(self._start(settings, cast, gate=gate, human=human, answers=answers)) as events:
            async for event in events:
                yield event

    async def resume(
        self, run_id: str, gate: Gate | None = None, human: Voice | None = None, *, answers: Path | None = None
    ) -> AsyncGenerator[RunEvent, None]:
        """Go on with an interrupted or cancelled run; a recorded call is never repeated.

        Raises:
            UserError: It is a run of another command, or a person's, who is not there.
        """
        run = await self._running.find(run_id)
        settings = run.settings
        if settings.command not in (PLAN, CONTINUE):
            raise UserError(f'run {run.id[:12]} is a run of "{settings.command}": resume it with that command')
        if settings.arm is Arm.HUMAN and gate is None and human is None:
            raise UserError(f"run {run.id[:12]} asks a person: resume it at the desk")
        endpoint = await self._models.endpoint(Chosen(settings.base_url, settings.model))
        cast = {Role.EXECUTOR: endpoint, **await recorded_cast(self._models, settings.detail)}
        async with aclosing(self._start(settings, cast, gate=gate, human=human, answers=answers, resume=run)) as events:
            async for event in events:
                yield event

    async def _cast(self, of: Sequence[Role], chosen: Chosen, roles: Mapping[Role, Chosen] | None) -> Cast:
        return await cast_of(self._models, {role: (roles or {}).get(role, chosen) for role in of})

    async def _start(
        self,
        settings: RunSettings,
        cast: Cast,
        *,
        gate: Gate | None,
        human: Voice | None,
        answers: Path | None,
        resume: Run | None = None,
    ) -> AsyncGenerator[RunEvent, None]:
        here = None if human is None else FaceVoice(human, asyncio.get_running_loop())
        detail, endpoint = settings.detail, cast[Role.EXECUTOR]
        rollouts = Rollouts(
            self._refinement,
            self._models,
            endpoint,
            user=get_str(detail, "user"),
            human=here,
            max_steps=get_int(detail, "max_steps"),
            planner=cast.get(Role.PLANNER),
            replan_every=get_optional_int(detail, "replan_every") or 0,
        )

        async def work(context: TaskContext) -> Sequence[TaskResult]:
            one = self._plan_one if settings.command == PLAN else self._continue_one
            return [await one(context, rollouts)]

        events = self._running.start(
            settings, work, gate or AutomaticGate(), endpoint=endpoint, answers=answers, resume=resume
        )
        async with aclosing(events):
            async for event in events:
                yield event

    async def _plan_one(self, context: TaskContext, rollouts: Rollouts) -> TaskResult:
        run = context.run
        task = await self._threads.database(self._store.task, context.start_id)
        found: list[tuple[Trajectory, Inspection]] = []
        problem: BudgetExhaustedError | AnswerError | None = None
        for sample in range(run.settings.samples):
            try:
                made = await rollouts.make(context, task, sample)
            except AnswerError as error:
                problem = error
                continue
            except BudgetExhaustedError as reason:
                problem = reason
                break
            if made.rollout.steps:
                trajectory = made.recording(run, task, sample)
                found.append((trajectory, await self._keep(task, trajectory)))
                context.tell(Inspected(*found[-1]))
            if made.rollout.exhausted:
                problem = BudgetExhaustedError(made.rollout.ended_by)
                break
        if not found:
            raise problem or AnswerError("the model did nothing at all")
        trajectory, inspection = found[await context.gate.choose(task, found)]
        exhausted = isinstance(problem, BudgetExhaustedError)
        return TaskResult(
            task.id,
            f"{task.key} {task.title}",
            _status(inspection),
            str(problem) if exhausted else _chosen(len(found)),
            after=inspection.losses,
            best_id=trajectory.id,
            iterations=len(found),
            executions=len(found),
        )

    async def _keep(self, task: Task, trajectory: Trajectory) -> Inspection:
        """Keep a candidate as a recording, with what a replay from the initial state finds of it."""
        await self._threads.record(self._store.add_runs, [ImportedRun(task, trajectory)])
        inspected, _ = await self._refinement.inspect(trajectory.id)
        return inspected.inspection

    async def _continue_one(self, context: TaskContext, rollouts: Rollouts) -> TaskResult:
        settings = context.run.settings
        inspected, _ = await self._refinement.inspect(context.start_id)
        task, base = inspected.task, inspected.trajectory
        branches: list[Judged] = []
        done = await self._threads.database(self._recorded_by, context.run.id, base)
        step, ended_by, exhausted = get_int(settings.detail, "step"), "", False
        written = settings.detail.get("replan")
        replan = replan_from_json(written) if isinstance(written, Mapping) else None
        anew = settings.detail.get("anew") is True
        for sample in range(settings.samples):
            made = await rollouts.go_on(context, task, base, step, sample, replan=replan, anew=anew)
            ended_by, exhausted = made.rollout.ended_by, made.rollout.exhausted
            try:
                branch = await self._branch(context, made.proposal(context.run, base, step, sample), done)
            except HunkError as error:  # it did nothing, or what the base does
                ended_by = ended_by if not made.rollout.steps else str(error)
            else:
                branches.append(branch)
                context.tell(branch)
            if exhausted:
                break
        if not branches and not exhausted:
            raise AnswerError(f"the model did not go on: {ended_by}")
        inspections = [inspected.inspection, *(branch.judgement.inspection for branch in branches)]
        best = least_loss(inspections)
        return TaskResult(
            base.id,
            f"{task.key} {task.title}",
            _status(inspections[best]),
            ended_by if exhausted or len(branches) == 1 else f"{len(branches)} branches were made",
            before=inspected.inspection.losses,
            after=inspections[best].losses,
            best_id=inspections[best].trajectory_id,
            iterations=len(branches),
            executions=len(branches),
        )

    async def _branch(self, context: TaskContext, proposal: Proposal, done: dict[str, bool]) -> Judged:
        """Execute a branch, ask the rule and the gate, and put it on record; each once.

        Raises:
            HunkError: It changes nothing.
        """
        if not proposal.hunks[0].after:
            raise HunkError("nothing was done")
        candidate = await self._refinement.try_candidate(
            proposal.base_id, proposal.hunks, proposal.proposer, replan=proposal.replan
        )
        acceptance, inspection = candidate.acceptance, candidate.inspection
        proposal = replace(proposal, losses=inspection.losses)
        await self._threads.record(self._store.save_proposal, proposal)
        judgement = Judgement(
            proposal,
            proposal.hunks,
            candidate.base,
            candidate.best,
            candidate.trajectory,
            inspection,
            acceptance.accepted,
            acceptance.rule,
            acceptance.explanation,
        )
        known = done.get(candidate.trajectory.id)
        if known is not None:
            return Judged(judgement, Approval(known, override=known and not acceptance.accepted))
        branch = Judged(judgement, await context.gate.approve(judgement))
        await self._record(branch, context)
        done[candidate.trajectory.id] = branch.taken
        return branch

    async def _record(self, branch: Judged, context: TaskContext) -> None:
        """Put a branch on record as a revision: taken, refused by the rule, or rejected by a person."""
        judgement, approval = branch.judgement, branch.approval
        proposal, candidate = judgement.proposal, Candidate.of(judgement)
        maker = Maker(context.gate.who, approval.reason or judgement.explanation, run=context.run.id)
        if judgement.accepted and not approval.taken:
            await self._review.reject(judgement.base.id, maker, proposal_id=proposal.id, candidate=candidate)
        else:
            await self._review.settle(
                candidate, maker, override=approval.override, proposal_id=proposal.id, kept=range(len(proposal.hunks))
            )

    def _recorded_by(self, run_id: str, base: Trajectory) -> dict[str, bool]:
        """Candidates that this run put on record before it was interrupted, and whether they were taken."""
        decisions = (entry.decision for entry in self._store.entries(base.root_id))
        mine = (decision for decision in decisions if decision.detail.get("run") == run_id)
        return {decision.candidate_id: bool(decision.accepted) for decision in mine if decision.candidate_id}


def _arm(gate: Gate | None, user: str) -> Arm:
    """A person decides, or speaks."""
    return Arm.AUTONOMOUS if gate is None and HUMAN not in user else Arm.HUMAN


def _chosen(candidates: int) -> str:
    return "one candidate was made" if candidates == 1 else f"the best of {candidates} was chosen"


def _status(inspection: Inspection) -> TaskStatus:
    return TaskStatus.VERIFIED if inspection.verified else TaskStatus.UNVERIFIED
