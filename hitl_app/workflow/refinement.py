"""Refinement: inspect, propose, try a candidate, verify. Executes; decides nothing."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from hitl_app.domain.annotations import Annotations
from hitl_app.domain.errors import EnvironmentUnavailableError
from hitl_app.domain.hunk import Hunk
from hitl_app.domain.inspection import Execution, Inspection
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.library import ChangeSet, Kind
from hitl_app.domain.ports import (
    Attempt,
    Environments,
    EnvironmentStatus,
    Guidance,
    Judgement,
    OnText,
    ProposalRequest,
    Proposer,
    SharedWorld,
    Store,
)
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.replan import Replan
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import Trajectory
from hitl_app.refine.accept import Acceptance, Rule, judge, judge_plan
from hitl_app.refine.evolve import evolve
from hitl_app.refine.gradients import for_autonomous
from hitl_app.refine.judging import keep_judgement
from hitl_app.refine.replay import Replayer
from hitl_app.refine.verify import Verification, verify
from hitl_app.workflow.threads import Threads

MAX_EXECUTIONS = 200
"""Candidates that a search executes for one proposal, where nothing else is said."""


@dataclass(frozen=True)
class Inspected:
    """A trajectory with its task and its new inspection."""

    task: Task
    trajectory: Trajectory
    inspection: Inspection


@dataclass(frozen=True)
class Candidate:
    """What hunks make of a base, executed and judged, but not decided.

    Attributes:
        best: Inspection of the best trajectory on the way from the recording to the base: what the rule compares with.
        before: Inspection of the base itself.
        replan: The new plan; None where the plan stays.
    """

    base: Trajectory
    trajectory: Trajectory
    hunks: tuple[Hunk, ...]
    before: Inspection
    best: Inspection
    inspection: Inspection
    acceptance: Acceptance
    replan: Replan | None = None

    @classmethod
    def of(cls, judgement: Judgement) -> "Candidate":
        """The candidate that a gate of the loop was asked about."""
        return cls(
            judgement.base,
            judgement.candidate,
            judgement.hunks,
            judgement.before,
            judgement.before,
            judgement.inspection,
            Acceptance(judgement.accepted, Rule(judgement.rule), judgement.explanation),
            judgement.proposal.replan,
        )

    def as_lateral(self) -> "Candidate":
        """The same candidate, with the rule asked for a lateral move."""
        if self.acceptance.rule is Rule.PLAN_ONLY:
            return self
        return replace(self, acceptance=judge(self.best, self.inspection, lateral=True))


class Refinement:
    """Use cases that execute trajectories."""

    def __init__(self, store: Store, environments: Environments, threads: Threads) -> None:
        self._store = store
        self._environments = environments
        self._threads = threads
        self._replayers: dict[str, Replayer] = {}
        self._loaded: Trajectory | None = None

    async def inspect(self, prefix: str) -> tuple[Inspected, ChangeSet]:
        """Execute a trajectory in a fresh environment and keep what was found.

        Raises:
            EnvironmentUnavailableError: The task's environment is not installed or cannot execute the task.
        """
        task, trajectory = await self._threads.database(self._load, prefix)
        inspection, tools = await self._threads.environment(self._execute_anew, task, trajectory)
        await self._threads.database(self._keep, task, inspection, tools)
        return Inspected(task, trajectory, inspection), frozenset({Kind.INSPECTION})

    async def execute(self, trajectory: Trajectory) -> Inspection:
        """Execute and judge a trajectory that need not be in the store; keeps nothing."""
        task = await self._threads.database(self._store.task, trajectory.task_id)
        return (await self._threads.environment(self._execute, task, trajectory))[0]

    async def propose(
        self,
        prefix: str,
        proposer: Proposer,
        *,
        locked: int | None = None,
        max_executions: int = MAX_EXECUTIONS,
        cancelled: Callable[[], bool] = lambda: False,
        on_text: OnText = lambda text: None,
        keep: bool = True,
    ) -> tuple[Proposal, ChangeSet]:
        """Let a proposer look for a better trajectory and keep its proposal.

        It works from the gradients as people left them: without the dismissed ones, with those that were added, and
        from the step that was blamed.

        Args:
            prefix: The base.
            proposer: Who proposes.
            locked: Number of first steps that must stay; None takes the validated prefix, as far as an autonomous
                proposer may know of it, or the steps before the one that a person blamed.
            max_executions: Ceiling of candidates to execute.
            cancelled: Asked between candidates.
            on_text: Receives a model's words as they come.
            keep: Keep the proposal; what is only looked at, or kept in another way, is not.
        """
        inspected, _ = await self.inspect(prefix)
        notes = await self._threads.database(self._notes, inspected.trajectory)
        shown = notes.guide(for_autonomous(inspected.inspection))
        guidance = Guidance(shown, notes.locked(shown) if locked is None else locked)
        proposal = await self.ask(
            proposer,
            inspected.trajectory,
            guidance,
            max_executions=max_executions,
            cancelled=cancelled,
            on_text=on_text,
            keep=keep,
        )
        return proposal, frozenset({Kind.INSPECTION, Kind.PROPOSAL})

    async def ask(
        self,
        proposer: Proposer,
        base: Trajectory,
        guidance: Guidance,
        attempts: tuple[Attempt, ...] = (),
        *,
        max_executions: int = MAX_EXECUTIONS,
        cancelled: Callable[[], bool] = lambda: False,
        on_text: OnText = lambda text: None,
        keep: bool = True,
    ) -> Proposal:
        """Ask a proposer, whoever guides it, and `keep` its proposal. Nothing that reveals the answer reaches it."""
        task, tools = await self._threads.database(self._task_and_tools, base)

        async def execute(trajectory: Trajectory) -> Inspection:
            return for_autonomous((await self._threads.environment(self._execute, task, trajectory))[0])

        request = ProposalRequest(
            task=without_answer(task),
            base=without_verdicts(base),
            inspection=for_autonomous(guidance.inspection),
            tools=tools,
            locked=guidance.locked,
            inspect=execute,
            attempts=attempts,
            max_executions=max_executions,
            cancelled=cancelled,
            on_text=on_text,
        )
        proposal = await self._threads.run(proposer.propose(request))
        if keep and (proposal.hunks or proposal.replan is not None):
            await self._threads.database(self._store.save_proposal, proposal)
        return proposal

    async def tools(self, task: Task) -> tuple[ToolSpec, ...]:
        """The tools that a trajectory for the task can call."""
        if task.tools:
            return task.tools
        return await self._threads.environment(lambda: self._replayer(task.environment).describe(task))

    async def world(self, task: Task) -> JsonObject:
        """The spec of another task in the world of this one; empty where its environment is not here or cannot say."""

        def ask() -> JsonObject:
            environment = self._environments.get(task.environment)
            return environment.world(task) if isinstance(environment, SharedWorld) else {}

        try:
            return await self._threads.environment(ask)
        except EnvironmentUnavailableError:
            return {}

    async def known_tools(self, task: Task) -> tuple[ToolSpec, ...]:
        """The same as far as they are known: none where nobody described them and there is no environment to do so."""
        kept = task.tools or await self._threads.database(self._store.tools, task.environment, task.domain)
        try:
            return kept or await self.tools(task)
        except EnvironmentUnavailableError:
            return ()

    async def replay(self, task: Task, trajectory: Trajectory) -> Execution:
        """Execute a trajectory that need not be in the store, without judging it; only what is new runs."""
        return await self._threads.environment(lambda: self._replayer(task.environment).execute(task, trajectory))

    async def try_candidate(
        self,
        base_id: str,
        hunks: Sequence[Hunk],
        author: str,
        *,
        lateral: bool = False,
        before: Inspection | None = None,
        replan: Replan | None = None,
    ) -> Candidate:
        """Make the candidate of a base, hunks and a new plan, execute it, ask the rule of acceptance.

        Only the actions from the first edit on run again; `confirm` and `verify` replay everything. Where whoever
        awaits it is cancelled, the execution ends before its next action and leaves the lane to the next.

        Args:
            base_id: The base.
            hunks: What is changed.
            author: Who changes it.
            lateral: The rule is asked for a lateral move.
            before: Inspection of the base, where it is at hand: that of a long trajectory takes long to read.
            replan: A new plan. Where nothing else changes, the rule has nothing to compare.

        Raises:
            HunkError: The hunks or the plan do not fit the base, or change nothing.
        """
        task, base = await self._threads.database(self._load, base_id)
        before = before or await self._threads.database(self._store.inspection, base.id)
        before = before or (await self.inspect(base.id))[0].inspection
        best = before
        for ancestor, known in await self._threads.database(self._way_to, base):
            earlier = known or (await self.inspect(ancestor.id))[0].inspection
            if earlier.losses.measured == best.losses.measured and best.losses.measured:
                best = earlier if earlier.losses.compare(best.losses) < 0 else best
        trajectory, inspection = await self._execute_while_wanted(task, lambda: evolve(base, hunks, author, replan))
        if replan is not None and not hunks:
            same = replace(before, execution=replace(before.execution, trajectory_id=trajectory.id))
            inspection = keep_judgement(same, inspection)
            acceptance = judge_plan(best, before, inspection)
        else:
            acceptance = judge(best, inspection, lateral=lateral)
        return Candidate(base, trajectory, tuple(hunks), before, best, inspection, acceptance, replan)

    async def _execute_while_wanted(self, task: Task, make: Callable[[], Trajectory]) -> tuple[Trajectory, Inspection]:
        """Make a trajectory and execute it, both in the lane: a long one takes a while to make."""
        abandoned = threading.Event()

        def execute() -> tuple[Trajectory, Inspection]:
            trajectory = make()
            return trajectory, self._replayer(task.environment).inspect(task, trajectory, abandoned.is_set)

        try:
            return await self._threads.environment(execute)
        except asyncio.CancelledError:
            abandoned.set()
            raise

    async def confirm(self, candidate: Candidate) -> Candidate:
        """The candidate as a replay of all its actions from the initial state finds it, judged by the rule again.

        What a model judged of it stands where the replay comes to the same execution.
        """
        trajectory = candidate.trajectory
        task = await self._threads.database(self._store.task, trajectory.task_id)
        replay, _ = await self._threads.environment(self._execute_anew, task, trajectory)
        inspection = keep_judgement(candidate.inspection, replay)
        rule = candidate.acceptance.rule
        if rule is Rule.PLAN_ONLY:
            acceptance = judge_plan(candidate.best, candidate.before, inspection)
        else:
            acceptance = judge(candidate.best, inspection, lateral=rule is Rule.LATERAL)
        return replace(candidate, inspection=inspection, acceptance=acceptance)

    async def verify(self, prefix: str) -> tuple[Verification, Trajectory]:
        """Replay a trajectory wholly and judge it by its task's original constraints; keeps nothing."""
        task, trajectory = await self._threads.database(self._load, prefix)
        earlier = await self._threads.database(self._store.inspection, trajectory.id)

        def replay() -> Verification:
            replayer = self._replayer(task.environment)
            replayer.forget()
            return verify(replayer.environment, task, trajectory, earlier)

        return await self._threads.environment(replay), trajectory

    async def environment_statuses(self) -> tuple[EnvironmentStatus, ...]:
        """All environments, installed or not."""
        return await self._threads.environment(self._environments.statuses)

    async def python_of_environments(self) -> str:
        """The interpreter that environments are made with.

        Raises:
            EnvironmentUnavailableError: There is none; says how to get one.
        """
        return await self._threads.environment(self._environments.python)

    async def install_environment(self, name: str, report: Callable[[str], None]) -> EnvironmentStatus:
        """Install an environment, while others execute on.

        `report` gets progress from another thread, a line at a time. Where whoever awaits it is cancelled, the
        installation is stopped and leaves nothing behind.
        """
        abandoned = threading.Event()
        try:
            status = await self._threads.installation(
                self._environments.install, name, report, lambda: not abandoned.is_set()
            )
        except asyncio.CancelledError:
            abandoned.set()
            raise
        await self._threads.environment(self._environments.release, name)
        return status

    async def remove_environment(self, name: str) -> EnvironmentStatus:
        """Delete what was installed for an environment.

        Raises:
            EnvironmentUnavailableError: There is nothing that could be removed.
        """

        def remove() -> EnvironmentStatus:
            self._replayers.pop(name, None)
            return self._environments.remove(name)

        return await self._threads.environment(remove)

    async def check_environment(self, name: str) -> tuple[str, ...]:
        """Run an environment's self-test."""
        return await self._threads.environment(self._environments.check, name)

    def _load(self, prefix: str) -> tuple[Task, Trajectory]:
        trajectory_id = self._store.resolve(prefix)
        if self._loaded is None or self._loaded.id != trajectory_id:
            self._loaded = self._store.trajectory(trajectory_id)  # the one that is edited is wanted at each key
        return self._store.task(self._loaded.task_id), self._loaded

    def _execute(self, task: Task, trajectory: Trajectory) -> tuple[Inspection, tuple[ToolSpec, ...]]:
        replayer = self._replayer(task.environment)
        return replayer.inspect(task, trajectory), replayer.environment.describe_tools(task)

    def _execute_anew(self, task: Task, trajectory: Trajectory) -> tuple[Inspection, tuple[ToolSpec, ...]]:
        self._replayer(task.environment).forget()
        return self._execute(task, trajectory)

    def _replayer(self, name: str) -> Replayer:
        """What executes in the environment of that name: in the environment's lane only."""
        environment = self._environments.get(name)
        known = self._replayers.get(name)
        if known is None or known.environment is not environment:
            known = self._replayers[name] = Replayer(environment)
        return known

    def _notes(self, trajectory: Trajectory) -> Annotations:
        return Annotations.of(trajectory.id, self._store.entries(trajectory.root_id))

    def _task_and_tools(self, trajectory: Trajectory) -> tuple[Task, tuple[ToolSpec, ...]]:
        task = self._store.task(trajectory.task_id)
        return task, task.tools or self._store.tools(task.environment, task.domain)

    def _keep(self, task: Task, inspection: Inspection, tools: tuple[ToolSpec, ...]) -> None:
        self._store.save_inspection(inspection)
        if tools and not self._store.tools(task.environment, task.domain):
            self._store.save_tools(task.environment, task.domain, tools)

    def _way_to(self, base: Trajectory) -> list[tuple[Trajectory, Inspection | None]]:
        """The recording and what was accepted on the way from it to the base, with their inspections."""
        if base.parent_id is None:
            return []
        accepted = {
            r.trajectory.id for r in self._store.revisions(base.root_id) if r.entry and r.entry.decision.accepted
        }
        way = [self._store.trajectory(base.parent_id)]
        while way[0].parent_id is not None:
            way.insert(0, self._store.trajectory(way[0].parent_id))
        kept = [trajectory for trajectory in way if trajectory.parent_id is None or trajectory.id in accepted]
        return [(trajectory, self._store.inspection(trajectory.id)) for trajectory in kept]


def without_answer(task: Task) -> Task:
    """The same task without what it is judged by, which may hold the gold answer."""
    return replace(task, spec={})


def without_verdicts(trajectory: Trajectory) -> Trajectory:
    """The same trajectory without what was recorded beside it: a benchmark's verdict may quote the gold answer."""
    source = trajectory.source
    return trajectory if source is None else replace(trajectory, source=replace(source, outcome={}, extra={}))
