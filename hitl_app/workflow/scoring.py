"""PilotRL's rewards of trajectories, by rule, by a model as judge and by people; and the groups for GRPO."""

from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path

from hitl_app.domain.codec import get_str, get_strings
from hitl_app.domain.decision import DecisionKind, LedgerEntry
from hitl_app.domain.errors import UserError
from hitl_app.domain.grpo import Norm
from hitl_app.domain.inspection import ExecutedStep, Inspection
from hitl_app.domain.library import ChangeSet
from hitl_app.domain.ports import Clock, Store
from hitl_app.domain.reward_groups import Candidate, Group, grouped, kind_of
from hitl_app.domain.rewards import QUALITY, Rewards, given, score_detail
from hitl_app.domain.run import Budget, BudgetExhaustedError, Run, RunSettings, TaskResult, TaskStatus
from hitl_app.domain.score import OF_A_STEP, RANGES, Reward, Score, ScoreSource, effective
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import Trajectory
from hitl_app.refine.gates import AutomaticGate
from hitl_app.refine.leaks import is_agents
from hitl_app.refine.reward_judging import BY_JUDGE, Opinions, PlanScores, RewardJudge, passes
from hitl_app.workflow.blind import visible_to
from hitl_app.workflow.coordination import ancestors
from hitl_app.workflow.deciding import Deciding, Maker
from hitl_app.workflow.library import Library
from hitl_app.workflow.models import Chosen, Models
from hitl_app.workflow.review import NOTED
from hitl_app.workflow.roles import Role
from hitl_app.workflow.running import RunEvent, Running, TaskContext
from hitl_app.workflow.threads import Threads

SCORE = "score"
"""The command of the runs in which a model judges."""

WITH_REFERENCE = " with a reference"
"""How the name of a judge ends who was shown a trajectory that is known to be right."""


@dataclass(frozen=True)
class ScoreCard:
    """Everything that is known of the rewards of one trajectory.

    Attributes:
        scores: By rule, by judges and by people, side by side; of people those that the viewer may see.
    """

    trajectory: Trajectory
    scores: tuple[Score, ...]

    @property
    def rewards(self) -> Rewards:
        """What counts: a person's score before a judge's before a rule's, then the newest."""
        return Rewards.of(self.scores)

    @property
    def plan_passes(self) -> bool | None:
        """Whether the plan is good enough to learn from; None where it was not judged."""
        counting = effective(self.scores)
        known = [score for each in QUALITY if (score := counting.get((each, None))) is not None]
        if len(known) < len(QUALITY):
            return None
        reference = all(score.by.endswith(WITH_REFERENCE) for score in known)
        return passes(PlanScores(*(score.value for score in known)), reference=reference)


@dataclass(frozen=True)
class _Known:
    """What the record holds of a trajectory; `before` are those that it was made from, by id."""

    task: Task
    trajectory: Trajectory
    tools: tuple[ToolSpec, ...]
    inspection: Inspection | None
    entries: tuple[LedgerEntry, ...]
    judged: tuple[Score, ...]
    before: Mapping[str, Trajectory]

    def card(self, viewer: str = "") -> ScoreCard:
        """Its rewards. A blind viewer sees the rules' and their own."""
        entries = visible_to(viewer, self.entries)
        judged = () if viewer else self.judged
        scores = given(self.trajectory, self.tools, self.inspection, judged, entries, known=self.before)
        return ScoreCard(self.trajectory, scores)

    @property
    def executed(self) -> Sequence[ExecutedStep]:
        """What came of its steps; empty where it was not executed."""
        return () if self.inspection is None else self.inspection.execution.steps


class Scoring:
    """Use cases around rewards."""

    def __init__(
        self, store: Store, threads: Threads, clock: Clock, *, library: Library, models: Models, running: Running
    ) -> None:
        self._store = store
        self._threads = threads
        self._clock = clock
        self._library = library
        self._models = models
        self._running = running
        self._deciding = Deciding(store, clock)

    async def card(self, prefix: str, viewer: str = "") -> ScoreCard:
        """The rewards of a trajectory by its id or the first digits of it, as a blind `viewer` or everybody sees them.

        Nothing is executed: the end is measured where the trajectory was inspected.
        """
        known = await self._threads.database(lambda: self._known(self._store.resolve(prefix)))
        return known.card(viewer)

    async def give(
        self, prefix: str, reward: Reward, value: int, maker: Maker, step: int | None = None
    ) -> tuple[LedgerEntry, ChangeSet]:
        """Give a reward; it counts before what a judge or a rule gave, and can be undone like any decision.

        Args:
            prefix: The trajectory.
            reward: What is rewarded.
            value: In the range of the reward.
            maker: Who, why, how long.
            step: Index of a step of the agent, where the reward is one of steps; else None.

        Raises:
            UserError: The value or the step does not fit; says why.
        """
        trajectory = await self._threads.database(lambda: self._store.trajectory(self._store.resolve(prefix)))
        _check(trajectory, reward, value, step)
        detail = score_detail(reward, value, step)
        entry = await self._threads.database(
            self._deciding.mark, trajectory.id, maker, DecisionKind.SCORE, None, detail
        )
        return entry, NOTED

    async def groups(
        self,
        query: str = "",
        *,
        stage: int = 1,
        norm: Norm = Norm.MAX,
        same_plan: bool = False,
        viewer: str = "",
    ) -> tuple[Group, ...]:
        """Where lineages stand, in groups for GRPO, with the advantages of a stage of the training.

        Args:
            query: Chooses lineages.
            stage: Of the training, 1 to 3.
            norm: How the terms of the total are normalised.
            same_plan: Compare only what follows the same plan, and not all trajectories of a task.
            viewer: A blind annotator; empty sees everything.
        """
        candidates: list[Candidate] = []
        for root_id in await self._library.root_ids(query, viewer):
            known = await self._threads.database(self._head, root_id, viewer)
            total = known.card(viewer).rewards.total(stage, norm)
            kind = kind_of(known.trajectory, same_plan=same_plan)
            candidates.append(Candidate(known.trajectory.id, known.task.id, kind, total))
        return tuple(grouped(candidates))

    async def judge(
        self,
        ids: Sequence[str],
        *,
        rewards: Collection[Reward] = BY_JUDGE,
        reference: str = "",
        budget: Budget = Budget(),
        chosen: Chosen = Chosen(),  # noqa: B008 -- immutable
        concurrency: int = 4,
        answers: Path | None = None,
    ) -> AsyncGenerator[RunEvent, None]:
        """Let a model score trajectories. What it gives is kept beside the rules' and people's scores.

        Args:
            ids: Trajectories, by id or the first digits of it.
            rewards: What is judged, of `BY_JUDGE`; what is about a plan only where there is one.
            reference: A trajectory that is known to be right, shown to the judge of plans for the same task.
            budget: Hard ceilings.
            chosen: The model, where it is not the one of the settings.
            concurrency: Trajectories at the same time.
            answers: File of recorded calls to answer from, instead of a server.
        """
        endpoint = await self._models.role(Role.JUDGE, chosen)
        resolve = self._store.resolve
        starts = await self._threads.database(lambda: tuple(dict.fromkeys(map(resolve, ids))))
        right = await self._threads.database(resolve, reference) if reference else ""
        settings = RunSettings(
            SCORE,
            starts,
            model=endpoint.model,
            base_url=endpoint.base_url,
            budget=budget,
            concurrency=concurrency,
            detail={"rewards": sorted(rewards), "reference": right},
        )
        async with aclosing(self._start(settings, answers)) as events:
            async for event in events:
                yield event

    async def resume(self, run_id: str, *, answers: Path | None = None) -> AsyncGenerator[RunEvent, None]:
        """Go on with an interrupted or cancelled run; a recorded call is never repeated.

        Raises:
            UserError: It is a run of another command.
        """
        run = await self._running.find(run_id)
        if run.settings.command != SCORE:
            raise UserError(f'run {run.id[:12]} is a run of "{run.settings.command}": resume it with that command')
        async with aclosing(self._start(run.settings, answers, run)) as events:
            async for event in events:
                yield event

    async def _start(
        self, settings: RunSettings, answers: Path | None, resume: Run | None = None
    ) -> AsyncGenerator[RunEvent, None]:
        endpoint = await self._models.endpoint(Chosen(settings.base_url, settings.model))
        events = self._running.start(
            settings, self._judge_one, AutomaticGate(), endpoint=endpoint, answers=answers, resume=resume
        )
        async with aclosing(events):
            async for event in events:
                yield event

    async def _judge_one(self, context: TaskContext) -> Sequence[TaskResult]:
        settings = context.run.settings
        known = await self._threads.database(self._known, context.start_id)
        client, _ = await context.client(Budget())
        judge = RewardJudge(client, self._models.prompts, context.say)
        stopped_by, count = "", 0
        try:
            for reward in map(Reward, get_strings(settings.detail, "rewards")):
                scores = await self._opinions(judge, known, reward, settings)
                await self._keep(scores, known.judged if context.resumed else ())
                count += len(scores)
        except BudgetExhaustedError as reason:
            stopped_by = str(reason)
        if not count and not stopped_by:
            raise UserError("it has nothing of what was to be judged: no steps, or no plan")
        task, inspection = known.task, known.inspection
        verified = inspection is not None and bool(inspection.verified)
        return [
            TaskResult(
                context.start_id,
                f"{task.key} {task.title}",
                TaskStatus.VERIFIED if verified else TaskStatus.UNVERIFIED,
                stopped_by or f"{count} scores were given",
                best_id=context.start_id,
            )
        ]

    async def _opinions(
        self, judge: RewardJudge, known: _Known, reward: Reward, settings: RunSettings
    ) -> Sequence[Score]:
        task, trajectory = known.task, known.trajectory
        if not _has(trajectory, reward):
            return []
        name = settings.model
        if reward is Reward.END_TO_END:
            found = await judge.end_to_end(task, trajectory, known.executed)
        elif reward is Reward.ADHERENCE:
            found = await judge.adherence(task, trajectory, known.executed)
        else:
            reference = await self._reference(get_str(settings.detail, "reference"), trajectory)
            found = await judge.plan_quality(task, known.tools, trajectory, reference)
            name += WITH_REFERENCE if reference else ""
        return _scores(trajectory, found, name, self._clock.now())

    async def _keep(self, scores: Sequence[Score], kept: Collection[Score]) -> None:
        """Put scores on record, but for those that the run had kept before it was interrupted."""
        known = {replace(score, made_at="") for score in kept}
        new = [score for score in scores if replace(score, made_at="") not in known]
        await self._threads.record(self._store.save_scores, new)

    async def _reference(self, reference_id: str, trajectory: Trajectory) -> Trajectory | None:
        """The reference, where it is for the same task and is not the trajectory itself."""
        if not reference_id:
            return None
        found = await self._threads.database(self._store.trajectory, reference_id)
        return found if found.task_id == trajectory.task_id and found.id != trajectory.id else None

    def _head(self, root_id: str, viewer: str) -> _Known:
        return self._known(self._store.row(root_id, viewer).head_id)

    def _known(self, trajectory_id: str) -> _Known:
        trajectory = self._store.trajectory(trajectory_id)
        task = self._store.task(trajectory.task_id)
        return _Known(
            task,
            trajectory,
            task.tools or self._store.tools(task.environment, task.domain),
            self._store.inspection(trajectory_id),
            tuple(self._store.entries(trajectory.root_id)),
            self._store.scores(trajectory_id),
            ancestors(self._store, trajectory),
        )


def _has(trajectory: Trajectory, reward: Reward) -> bool:
    """Whether there is something to judge: steps that come to an end, a plan, or actions under one."""
    if reward is Reward.END_TO_END:
        return bool(trajectory.steps)
    return bool(trajectory.plan) and (reward is not Reward.ADHERENCE or any(map(is_agents, trajectory.steps)))


def _scores(trajectory: Trajectory, opinions: Opinions, model: str, made_at: str) -> list[Score]:
    """What a judge gave; `by` names the prompt and the model."""
    by = f"{opinions.prompt} {model}"
    return [
        Score(trajectory.id, each.reward, each.value, ScoreSource.JUDGE, by, each.step, each.reason, made_at)
        for each in opinions.given
    ]


def _check(trajectory: Trajectory, reward: Reward, value: int, step: int | None) -> None:
    least, greatest = RANGES[reward]
    if not least <= value <= greatest:
        raise UserError(f"{reward} is a whole number from {least} to {greatest}, not {value}")
    if reward not in OF_A_STEP:
        if step is not None:
            raise UserError(f"{reward} is given to the whole trajectory: leave out the step")
        return
    own = [index for index, each in enumerate(trajectory.steps) if each.role == "assistant"]
    if step is None:
        raise UserError(f"{reward} is given to a step: say which")
    if step not in own:
        raise UserError(f"step {step} is none of the agent's: {reward} is given to steps {', '.join(map(str, own))}")
