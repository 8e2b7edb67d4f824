"""Who writes plans in a search, and how their rollouts come on record: a model, or the offline repairer."""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace

from hitl_app.domain.annotations import Annotations
from hitl_app.domain.errors import UserError
from hitl_app.domain.inspection import Execution, Inspection
from hitl_app.domain.library import ImportedRun
from hitl_app.domain.plan_tree import PlanNode, PlanRollout, PlanTree
from hitl_app.domain.ports import Prompts, Store
from hitl_app.domain.query import FieldTerm
from hitl_app.domain.run import BudgetExhaustedError, Run
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import PlanStep, Source, Trajectory
from hitl_app.refine.acting import expected_of
from hitl_app.refine.evolve import evolve
from hitl_app.refine.grounding import ground
from hitl_app.refine.loop import Event, Inspected
from hitl_app.refine.plan_refining import PlanRefiner, RefinePlanRequest
from hitl_app.refine.plan_search import Draft, Executed
from hitl_app.refine.planning import Planner
from hitl_app.refine.repair import Repairer
from hitl_app.workflow.refinement import Refinement, without_answer
from hitl_app.workflow.rollouts import PLAN, Rollouts
from hitl_app.workflow.running import TaskContext
from hitl_app.workflow.threads import Threads

MODEL_NAME, RECORDED_NAME, GROUNDED_NAME = "search/1", "recorded", "grounded"
"""Who is said to have written a plan: a model, whoever made the recordings, or nobody (it was read off actions)."""


@dataclass(frozen=True)
class RolloutRecord:
    """The rollouts of plans on record."""

    store: Store
    threads: Threads
    refinement: Refinement
    tell: Callable[[Event], None]

    async def keep(self, task: Task, trajectory: Trajectory) -> Executed:
        """Keep an execution as a recording, with what a replay from the initial state finds of it."""
        await self.threads.record(self.store.add_runs, [ImportedRun(task, trajectory)])
        return await self.inspected(trajectory)

    async def inspected(self, trajectory: Trajectory) -> Executed:
        """A recording with what a replay finds of it."""
        found, _ = await self.refinement.inspect(trajectory.id)
        self.tell(Inspected(trajectory, found.inspection))
        return Executed(trajectory, found.inspection)

    async def read(self, trajectory_id: str) -> tuple[Trajectory, Inspection]:
        """A rollout with what was found of it, as people left it."""

        def read() -> tuple[Trajectory, Inspection | None, Annotations]:
            trajectory = self.store.trajectory(trajectory_id)
            notes = Annotations.of(trajectory.id, self.store.entries(trajectory.root_id))
            return trajectory, self.store.inspection(trajectory_id), notes

        trajectory, found, notes = await self.threads.database(read)
        inspection = found or (await self.refinement.inspect(trajectory_id))[0].inspection
        return trajectory, notes.guide(inspection)

    async def recordings(self, task: Task) -> list[Trajectory]:
        """The recordings of a task that carry actions, but for what a search made without a model."""

        def read() -> list[Trajectory]:
            found = map(self.store.trajectory, self.store.root_ids([FieldTerm("task", (task.key,))]))
            return [each for each in found if each.task_id == task.id and each.actions and not _made_offline(each)]

        return await self.threads.database(read)


class ModelPlans:
    """Implements `plan_search.PlanWriter`: a model plans, refines, and acts."""

    deterministic = False

    def __init__(
        self, context: TaskContext, task: Task, record: RolloutRecord, *, rollouts: Rollouts, prompts: Prompts
    ) -> None:
        self._context = context
        self._task = task
        self._record = record
        self._rollouts = rollouts
        self._prompts = prompts
        self._proposer = f"{MODEL_NAME} {context.run.settings.model}"

    async def first(self) -> Draft:
        """The plan that the model writes for the task."""
        client, _ = await self._context.client()
        tools = await self._record.refinement.tools(self._task)
        planner = Planner(client, self._prompts)
        plan = await planner.plan(without_answer(self._task), tools, on_text=self._context.say)
        return Draft(plan, self._proposer)

    async def refine(self, tree: PlanTree, node: PlanNode, rollout: PlanRollout, sample: int) -> Draft:
        """The plan that the model writes when it sees the failed rollout."""
        client, _ = await self._context.client()
        trajectory, inspection = await self._record.read(rollout.trajectory_id)
        request = RefinePlanRequest(
            without_answer(self._task),
            await self._record.refinement.tools(self._task),
            node.plan,
            trajectory,
            inspection,
            [child.plan for child in tree.children(node.number)],
            sample,
        )
        plan, why = await PlanRefiner(client, self._prompts).refine(request, self._context.say)
        return Draft(plan, self._proposer, why)

    async def carry_out(self, draft: Draft, number: int) -> AsyncIterator[Executed]:
        """Let the model follow the plan, several times."""
        run = self._context.run
        for sample in range(run.settings.samples):
            made = await self._rollouts.follow(self._context, self._task, draft.plan, sample)
            cut_off = made.rollout.ended_by if made.rollout.exhausted else ""
            if made.rollout.steps:
                recording = _of_node(made.recording(run, self._task, sample), number)
                yield replace(await self._record.keep(self._task, recording), cut_off=cut_off)
            elif cut_off and not sample:
                raise BudgetExhaustedError(cut_off)
            if cut_off:
                return


class OfflinePlans:
    """Implements `plan_search.PlanWriter` without a model.

    The first plan is one that recordings of the task carry out; a plan is refined by repairing a failed rollout, and
    reading the new plan off what the repaired one does. To execute that again would come to the same: a refined plan
    has one rollout, and how alike it is carried out is not measured.
    """

    deterministic = True

    def __init__(self, context: TaskContext, task: Task, record: RolloutRecord) -> None:
        self._context = context
        self._task = task
        self._record = record

    async def first(self) -> Draft:
        """The plan that most recordings of the task carry out, the earliest of equals.

        Recordings without a plan carry out one that nobody wrote: it is read off the first of them.

        Raises:
            UserError: The task has no recording.
        """
        found = await self._record.recordings(self._task)
        if not found:
            raise UserError(
                "this task has no recording that a search without a model could begin with: import one, or let a "
                "model search"
            )
        kinds = Counter(map(_kind, found))
        chosen = max(kinds, key=lambda kind: kinds[kind])
        done = [each for each in found if _kind(each) == chosen]
        carried = f"carried out by {len(done)} of {len(found)} recordings"
        plan, proposer = done[0].plan, RECORDED_NAME
        if not plan:
            plan = ground(done[0], await self._record.refinement.tools(self._task)).plan
            proposer, carried = GROUNDED_NAME, f"read off recording {done[0].id[:12]}: none has a plan; {carried}"
        return Draft(plan, proposer, carried, tuple(done[: self._context.run.settings.samples]))

    async def refine(self, tree: PlanTree, node: PlanNode, rollout: PlanRollout, sample: int) -> Draft | None:
        """The plan that the repaired rollout carries out; None where no repair was found."""
        account, refinement = self._context.account, self._record.refinement
        account.check()
        repairer = Repairer()
        proposal, _ = await refinement.propose(rollout.trajectory_id, repairer, cancelled=account.is_late, keep=False)
        if not proposal.hunks:
            return None
        base, _ = await self._record.read(rollout.trajectory_id)
        repaired = evolve(base, proposal.hunks, proposal.proposer)
        if not repaired.actions:
            return None
        replan = ground(repaired, await refinement.tools(self._task))
        if replan.plan == node.plan:
            return None
        planned = evolve(repaired, (), GROUNDED_NAME, replan)
        execution = await refinement.replay(self._task, planned)
        done = _recording(self._context.run, self._task, base, planned, execution)
        why = f"read off rollout {base.id[:12]} as {proposal.proposer} mends it, edits: {len(proposal.hunks)}"
        return Draft(replan.plan, proposal.proposer, why, (done,))

    async def carry_out(self, draft: Draft, number: int) -> AsyncIterator[Executed]:
        """What was executed already."""
        for trajectory in draft.done:
            if _made_offline(trajectory):
                yield await self._record.keep(self._task, _of_node(trajectory, number))
            else:
                yield await self._record.inspected(trajectory)


def _recording(run: Run, task: Task, base: Trajectory, planned: Trajectory, execution: Execution) -> Trajectory:
    """A repaired rollout as a recording of its own, whose actions expect what was observed."""
    steps = tuple(
        replace(step, expected=expected_of(outcome)) if step.is_action else step
        for step, outcome in zip(planned.steps, execution.steps, strict=True)
    )
    source = Source(
        file=f"plan of {task.key}",
        index=0,
        record_id=f"repaired from {base.id}",
        format=PLAN,
        model=GROUNDED_NAME,
        extra={"run": run.id, "repaired_from": base.id},
        synthetic=True,
    )
    return Trajectory(task.id, steps, planned.plan, source=source)


def _of_node(trajectory: Trajectory, number: int) -> Trajectory:
    """A recording that says which plan of its tree it carries out; that is no part of what it is."""
    source = trajectory.source
    if source is None:
        return trajectory
    return replace(trajectory, source=replace(source, extra={**source.extra, "node": number}))


def _made_offline(trajectory: Trajectory) -> bool:
    source = trajectory.source
    return source is not None and source.format == PLAN and source.synthetic


def _kind(trajectory: Trajectory) -> tuple[tuple[PlanStep, ...], str]:
    """Recordings of a kind carry out the same plan, and are by the same model."""
    return trajectory.plan, trajectory.source.model if trajectory.source else ""
