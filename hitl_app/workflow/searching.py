"""The search of CoPE for better plans, and the plan trees that it made."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path

from hitl_app.domain.codec import get_int, get_str
from hitl_app.domain.errors import NotFoundError, UserError
from hitl_app.domain.inspection import Inspection
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.model import ModelEndpoint
from hitl_app.domain.plan_tree import PlanNode, PlanRollout, PlanTree
from hitl_app.domain.ports import Gate, Store
from hitl_app.domain.run import Arm, Budget, Run, RunSettings, RunStatus, TaskResult, TaskStatus
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import Trajectory
from hitl_app.refine.gates import AutomaticGate
from hitl_app.refine.plan_search import MAX_CHILDREN, MAX_PLANS, Limits, PlanSearch, PlanWriter
from hitl_app.workflow.models import Chosen, Models
from hitl_app.workflow.plan_writers import ModelPlans, OfflinePlans, RolloutRecord
from hitl_app.workflow.refinement import Refinement
from hitl_app.workflow.rollouts import MAX_STEPS, NOBODY, Rollouts
from hitl_app.workflow.running import RunEvent, Running, TaskContext
from hitl_app.workflow.task_names import find_tasks
from hitl_app.workflow.threads import Threads

__all__ = ["COMMAND", "MAX_CHILDREN", "MAX_PLANS", "MODEL", "PLANNERS", "REPAIR", "ROLLOUTS", "GrownTree", "Searching"]

COMMAND = "search"
MODEL, REPAIR = "model", "repair"
PLANNERS = (MODEL, REPAIR)
"""Who may write plans: a model, or the offline repairer, whose repaired rollouts plans are read off."""
ROLLOUTS = 3
"""Executions of each plan, where nothing else is said."""


@dataclass(frozen=True)
class GrownTree:
    """A plan tree on record.

    Attributes:
        run: The search that it belongs to.
        task: Key and title of its task, for people.
    """

    run: Run
    task_id: str
    task: str
    tree: PlanTree


class Searching:
    """Use cases of the plan tree search."""

    def __init__(
        self, store: Store, threads: Threads, *, refinement: Refinement, models: Models, running: Running
    ) -> None:
        self._store = store
        self._threads = threads
        self._refinement = refinement
        self._models = models
        self._running = running

    async def search(
        self,
        tasks: Sequence[str],
        *,
        rollouts: int = ROLLOUTS,
        max_plans: int = MAX_PLANS,
        max_children: int = MAX_CHILDREN,
        planner: str = MODEL,
        user: str = NOBODY,
        max_steps: int = MAX_STEPS,
        budget: Budget = Budget(),
        gate: Gate | None = None,
        chosen: Chosen = Chosen(),  # noqa: B008 -- immutable
        concurrency: int = 4,
        answers: Path | None = None,
    ) -> AsyncGenerator[RunEvent, None]:
        """Search for better plans of tasks: a tree a task, whose plans are all kept with their rollouts.

        Each rollout becomes a recording of its own. Yields what happens: `loop.Inspected` for each rollout, and a
        result with the chosen rollout for each task; the gate at PLAN chooses among the best rollouts of all plans.

        Args:
            tasks: By key, or by id or the first digits of it.
            rollouts: Executions of each plan; without a model at most so many recordings of the first one.
            max_plans: Of one tree.
            max_children: Plans that the search refines from one.
            planner: One of `PLANNERS`.
            user: Who speaks for the task's user, one of `rollouts.SPEAKERS`.
            max_steps: Ceiling of a rollout's steps.
            budget: Hard ceilings.
            gate: A person's gate; None takes the rollout with the least loss.
            chosen: The model, where it is not the one of the settings.
            concurrency: Tasks at the same time.
            answers: File of recorded calls to answer from, instead of a server.
        """
        if planner not in PLANNERS:
            raise NotFoundError(f'nobody called "{planner}" writes plans; there are {", ".join(PLANNERS)}')
        endpoint = await self._models.endpoint(chosen) if planner == MODEL else None
        settings = RunSettings(
            COMMAND,
            await self._threads.database(lambda: find_tasks(self._store.tasks(), tasks)),
            proposer=planner,
            model=endpoint.model if endpoint else "",
            base_url=endpoint.base_url if endpoint else "",
            budget=budget,
            arm=Arm.AUTONOMOUS if gate is None else Arm.HUMAN,
            samples=rollouts,
            concurrency=concurrency if gate is None and endpoint else 1,
            detail={"max_plans": max_plans, "max_children": max_children, "user": user, "max_steps": max_steps},
        )
        async with aclosing(self._start(settings, endpoint, gate=gate, answers=answers)) as events:
            async for event in events:
                yield event

    async def refine_from(
        self,
        run_id: str,
        plan: int,
        trajectory_id: str,
        *,
        budget: Budget = Budget(),
        chosen: Chosen = Chosen(),  # noqa: B008 -- immutable
        answers: Path | None = None,
    ) -> AsyncGenerator[RunEvent, None]:
        """Refine a plan of a tree from a failed rollout that a person picked: one plan more, in the same tree.

        It is a run of its own, by whoever wrote the other plans of the tree.

        Args:
            run_id: The search, by the first digits of its id.
            plan: Number of the plan.
            trajectory_id: The rollout, by the first digits of its id.
            budget: Hard ceilings.
            chosen: The model, where it is not that of the search.
            answers: File of recorded calls to answer from, instead of a server.

        Raises:
            UserError: There is no such plan or failed rollout, or the search is not over.
        """
        search, rollout, plans = await self._threads.database(self._picked, run_id, plan, trajectory_id)
        before = search.settings
        endpoint = None
        if before.proposer == MODEL:
            endpoint = await self._models.endpoint(chosen.over(Chosen(before.base_url, before.model)))
        settings = replace(
            before,
            starts=(rollout.task_id,),
            model=endpoint.model if endpoint else "",
            base_url=endpoint.base_url if endpoint else "",
            budget=budget,
            arm=Arm.AUTONOMOUS,
            detail={**before.detail, "search": search.id, "plan": plan, "rollout": rollout.id, "plans": plans},
        )
        async with aclosing(self._start(settings, endpoint, answers=answers)) as events:
            async for event in events:
                yield event

    async def resume(
        self, run_id: str, gate: Gate | None = None, *, answers: Path | None = None
    ) -> AsyncGenerator[RunEvent, None]:
        """Go on with an interrupted or cancelled search, from the plans on record; a recorded call is never repeated.

        Raises:
            UserError: It is a run of another command, or a person's, who is not there.
        """
        run = await self._running.find(run_id)
        settings = run.settings
        if settings.command != COMMAND:
            raise UserError(f'run {run.id[:12]} is a run of "{settings.command}": resume it with that command')
        if settings.arm is Arm.HUMAN and gate is None:
            raise UserError(f"run {run.id[:12]} asks a person: resume it at the desk")
        endpoint = None
        if settings.model:
            endpoint = await self._models.endpoint(Chosen(settings.base_url, settings.model))
        async with aclosing(self._start(settings, endpoint, gate=gate, answers=answers, resume=run)) as events:
            async for event in events:
                yield event

    async def trees(self) -> list[GrownTree]:
        """All plan trees on record: those of the newest search first, of one search in the order of its tasks."""
        return await self._threads.database(self._trees)

    async def trees_of(self, run_id: str) -> list[GrownTree]:
        """The plan trees of one search, by the first digits of its id or of a run that refined in it."""
        search = await self._threads.database(self._tree_run, run_id)
        return [grown for grown in await self.trees() if grown.run.id == search.id]

    def _trees(self) -> list[GrownTree]:
        nodes: dict[tuple[str, str], list[PlanNode]] = {}
        for run_id, node in self._store.nodes():
            nodes.setdefault((run_id, node.task_id), []).append(node)
        return [
            GrownTree(run, task_id, self._title(task_id), PlanTree(nodes[run.id, task_id]))
            for run in self._store.runs()
            for task_id in run.settings.starts
            if (run.id, task_id) in nodes
        ]

    def _title(self, task_id: str) -> str:
        task = self._store.task(task_id)
        return f"{task.key} {task.title}"

    def _nodes(self, run_id: str, task_id: str) -> Sequence[PlanNode]:
        run = self._tree_run(run_id)
        nodes = [node for _, node in self._store.nodes(run.id) if node.task_id == task_id]
        if not nodes:
            raise NotFoundError(f"run {run.id[:12]} made no plan tree for task {task_id[:12]}")
        return nodes

    def _tree_run(self, run_id: str) -> Run:
        """The search whose trees a run works on: its own, or those that a person had it refine."""
        run = self._store.run(run_id)
        search = get_str(run.settings.detail, "search", "")
        return self._store.run(search) if search else run

    def _picked(self, run_id: str, plan: int, trajectory_id: str) -> tuple[Run, Trajectory, int]:
        """The search, the rollout that a person picked, and how many plans there are by now."""
        search = self._tree_run(run_id)
        if search.status is RunStatus.RUNNING:
            raise UserError(f"run {search.id[:12]} is not over: wait for it, or go on with it by --resume first")
        rollout = self._store.trajectory(self._store.resolve(trajectory_id))
        tree = PlanTree(self._nodes(search.id, rollout.task_id))
        _find_rollout(tree, plan, rollout.id)
        return search, rollout, len(tree.nodes)

    async def _start(
        self,
        settings: RunSettings,
        endpoint: ModelEndpoint | None,
        *,
        gate: Gate | None = None,
        answers: Path | None = None,
        resume: Run | None = None,
    ) -> AsyncGenerator[RunEvent, None]:
        async def work(context: TaskContext) -> Sequence[TaskResult]:
            return [await self._one(context, endpoint)]

        events = self._running.start(
            settings, work, gate or AutomaticGate(), endpoint=endpoint, answers=answers, resume=resume
        )
        async with aclosing(events):
            async for event in events:
                yield event

    async def _one(self, context: TaskContext, endpoint: ModelEndpoint | None) -> TaskResult:
        """Grow the tree of one task, or add a plan to it from the rollout that a person picked."""
        settings = context.run.settings
        task = await self._threads.database(self._store.task, context.start_id)
        run_id = get_str(settings.detail, "search", context.run.id)
        nodes = await self._threads.database(self._kept, run_id, task.id)

        async def keep(node: PlanNode) -> None:
            await self._threads.record(self._keep_node, run_id, node)

        search = PlanSearch(task.id, self._writer(context, task, endpoint), _limits(settings.detail), keep, nodes)
        if run_id != context.run.id:
            return await self._one_more(context, task, search)
        stopped_by = await search.run()
        found = [await self._read(_best_rollout(node)) for node in search.tree.nodes]
        best = found[await context.gate.choose(task, found)]
        return _result(task, search.tree.nodes, stopped_by, found[0][1], best)

    async def _one_more(self, context: TaskContext, task: Task, search: PlanSearch) -> TaskResult:
        """Refine the plan and the rollout that a person picked, unless that was done before the run was interrupted."""
        detail = context.run.settings.detail
        node, rollout = _find_rollout(search.tree, get_int(detail, "plan"), get_str(detail, "rollout"))
        later = search.tree.nodes[get_int(detail, "plans") :] if context.resumed else ()
        places = [(each, (each.parent, each.refined_from)) for each in later]
        added = next((each for each, place in places if place == (node.number, rollout.trajectory_id)), None)
        added = added or await search.refine(node, rollout)
        _, before = await self._read(rollout)
        if added is None:
            title = f"{task.key} {task.title}"
            return TaskResult(task.id, title, TaskStatus.UNVERIFIED, "no other plan was found", before=before.losses)
        best = await self._read(_best_rollout(added))
        return _result(task, (added,), f"plan {added.number} was added", before, best)

    def _writer(self, context: TaskContext, task: Task, endpoint: ModelEndpoint | None) -> PlanWriter:
        record = RolloutRecord(self._store, self._threads, self._refinement, context.tell)
        if endpoint is None:
            return OfflinePlans(context, task, record)
        detail = context.run.settings.detail
        rollouts = Rollouts(
            self._refinement,
            self._models,
            endpoint,
            user=get_str(detail, "user"),
            max_steps=get_int(detail, "max_steps"),
        )
        return ModelPlans(context, task, record, rollouts=rollouts, prompts=self._models.prompts)

    async def _read(self, rollout: PlanRollout) -> tuple[Trajectory, Inspection]:
        """A rollout with what a replay found of it."""

        def read() -> tuple[Trajectory, Inspection | None]:
            identity = rollout.trajectory_id
            return self._store.trajectory(identity), self._store.inspection(identity)

        trajectory, inspection = await self._threads.database(read)
        return trajectory, inspection or (await self._refinement.inspect(trajectory.id))[0].inspection

    def _kept(self, run_id: str, task_id: str) -> list[PlanNode]:
        return [node for _, node in self._store.nodes(run_id) if node.task_id == task_id]

    def _keep_node(self, run_id: str, node: PlanNode) -> None:
        """Put a plan on record.

        Raises:
            UserError: Somebody added one to the same tree meanwhile.
        """
        if len(self._kept(run_id, node.task_id)) != node.number:
            raise UserError("another plan was added to this tree meanwhile: go on with --resume")
        self._store.save_node(run_id, node)


def _limits(detail: JsonObject) -> Limits:
    return Limits(get_int(detail, "max_plans"), get_int(detail, "max_children"))


def _find_rollout(tree: PlanTree, plan: int, trajectory_id: str) -> tuple[PlanNode, PlanRollout]:
    """A plan of a tree and one of its failed rollouts.

    Raises:
        UserError: There is no such plan or failed rollout.
    """
    if not 0 <= plan < len(tree.nodes):
        raise NotFoundError(f"there is no plan {plan}: the tree has plans 0 to {len(tree.nodes) - 1}")
    node = tree.nodes[plan]
    rollout = next((each for each in node.rollouts if each.trajectory_id == trajectory_id), None)
    if rollout is None:
        raise NotFoundError(f"trajectory {trajectory_id[:12]} is no rollout of plan {plan}")
    if not rollout.failed:
        raise UserError(f"rollout {trajectory_id[:12]} did not fail: a plan is refined from a failed one")
    return node, rollout


def _best_rollout(node: PlanNode) -> PlanRollout:
    return max(node.rollouts, key=lambda each: -1.0 if each.reward is None else each.reward)


def _result(
    task: Task, nodes: Sequence[PlanNode], stopped_by: str, before: Inspection, best: tuple[Trajectory, Inspection]
) -> TaskResult:
    trajectory, inspection = best
    return TaskResult(
        task.id,
        f"{task.key} {task.title}",
        TaskStatus.VERIFIED if inspection.verified else TaskStatus.UNVERIFIED,
        stopped_by,
        before=before.losses,
        after=inspection.losses,
        best_id=trajectory.id,
        iterations=len(nodes),
        executions=sum(len(node.rollouts) for node in nodes),
    )
