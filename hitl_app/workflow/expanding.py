"""Plan expansion and targeted augmentation: new tasks with plans, made after seeds, for people to review."""

from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from pathlib import Path

from hitl_app.domain.codec import get_object
from hitl_app.domain.decision import ReviewStatus
from hitl_app.domain.errors import UserError
from hitl_app.domain.expansion import EXPANSION
from hitl_app.domain.failure_classes import FAILURE_CLASS, FailureClass, find_class
from hitl_app.domain.library import ImportedRun
from hitl_app.domain.model import ModelEndpoint
from hitl_app.domain.ports import Store
from hitl_app.domain.query import FieldTerm, parse_query
from hitl_app.domain.run import Budget, BudgetExhaustedError, Run, RunSettings, TaskResult, TaskStatus
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.training import Splits
from hitl_app.refine.expanding import Expander
from hitl_app.refine.gates import AutomaticGate
from hitl_app.workflow.classifying import Classifying
from hitl_app.workflow.models import Chosen, Models
from hitl_app.workflow.new_pairs import (
    GROUPS,
    Known,
    Made,
    PairMaker,
    Seed,
    check_together,
    grouped,
    groups_from_json,
    groups_to_json,
    made_in,
)
from hitl_app.workflow.refinement import Refinement
from hitl_app.workflow.running import RunEvent, Running, TaskContext
from hitl_app.workflow.threads import Threads

EXPAND = "expand"
"""The command of the runs."""

_GOOD = (ReviewStatus.APPROVED, ReviewStatus.EDITED)
_BAD = (ReviewStatus.REJECTED, ReviewStatus.DISPUTED)


class Expanding:
    """Use cases that make new pairs."""

    def __init__(
        self,
        store: Store,
        threads: Threads,
        *,
        refinement: Refinement,
        models: Models,
        running: Running,
        classifying: Classifying,
    ) -> None:
        self._store = store
        self._threads = threads
        self._refinement = refinement
        self._models = models
        self._running = running
        self._classifying = classifying

    async def training_points(self, query: str = "", failure_class: str = "") -> list[str]:
        """Ids of what can be a seed: heads with a plan that are verified, or that a person approved.

        Args:
            query: Only lineages that it finds.
            failure_class: Only those that belong in this class.

        Raises:
            UserError: There is no such class.
        """
        wanted = find_class(await self._classifying.classes(), failure_class).name if failure_class else ""
        found = await self._threads.database(lambda: list(self._points(query)))
        if not wanted:
            return found
        classes = [await self._classifying.class_of(point) for point in found]
        return [point for point, each in zip(found, classes, strict=True) if each.name == wanted]

    async def expand(
        self,
        seeds: Sequence[str],
        count: int | None = None,
        *,
        failure_class: str = "",
        splits: Splits = Splits(),  # noqa: B008 -- immutable
        budget: Budget = Budget(),
        chosen: Chosen = Chosen(),  # noqa: B008 -- immutable
        concurrency: int = 4,
        answers: Path | None = None,
    ) -> AsyncGenerator[RunEvent, None]:
        """Let a model write new tasks with plans; each waits in the review queue as a recording without steps.

        Without a class seeds are shown five at a time, and ten pairs are asked for at once. With a class each seed is
        shown alone, and one pair is made of it that gives practice against that sort of failure.

        Args:
            seeds: Trajectories by id or its first digits; the head of each one's lineage is the seed.
            count: New pairs in all; None is ten, or with a class one a seed.
            failure_class: Name of the class to augment for.
            splits: How the data will be parted: seeds of different parts are refused.
            budget: Hard ceilings.
            chosen: The model, where it is not the one of the settings.
            concurrency: Questions at the same time.
            answers: File of recorded calls to answer from, instead of a server.

        Raises:
            UserError: A seed has no plan, is not good, or does not go together with the others; there is no such class.
        """
        target, found = await self.check(seeds, failure_class, splits)
        endpoint = await self._models.endpoint(chosen)
        groups = grouped([seed.trajectory.id for seed in found], count, alone=target is not None)
        settings = RunSettings(
            EXPAND,
            tuple(group.seeds[0] for group in groups),
            model=endpoint.model,
            base_url=endpoint.base_url,
            budget=budget,
            concurrency=concurrency,
            detail={GROUPS: groups_to_json(groups), FAILURE_CLASS: None if target is None else target.to_json()},
        )
        async with aclosing(self._start(settings, endpoint, answers)) as events:
            async for event in events:
                yield event

    async def check(
        self,
        seeds: Sequence[str],
        failure_class: str = "",
        splits: Splits = Splits(),  # noqa: B008 -- immutable
    ) -> tuple[FailureClass | None, list[Seed]]:
        """The class and the seeds of an expansion, as `expand` takes them.

        Raises:
            UserError: A seed has no plan, is not good, or does not go together with the others; there is no such class.
        """
        target = find_class(await self._classifying.classes(), failure_class) if failure_class else None
        found = await self._threads.database(self._seeds, seeds)
        check_together(found, splits)
        return target, found

    async def resume(self, run_id: str, *, answers: Path | None = None) -> AsyncGenerator[RunEvent, None]:
        """Go on with an interrupted or cancelled run; a recorded call is never repeated.

        Raises:
            UserError: It is a run of another command.
        """
        run = await self._running.find(run_id)
        settings = run.settings
        if settings.command != EXPAND:
            raise UserError(f'run {run.id[:12]} is a run of "{settings.command}": resume it with that command')
        endpoint = await self._models.endpoint(Chosen(settings.base_url, settings.model))
        async with aclosing(self._start(settings, endpoint, answers, resume=run)) as events:
            async for event in events:
                yield event

    async def made(self, run_id: str) -> tuple[Made, ...]:
        """The pairs that a run put into the review queue, in order."""
        return await self._threads.database(lambda: tuple(self._made(run_id)))

    async def _start(
        self, settings: RunSettings, endpoint: ModelEndpoint, answers: Path | None, resume: Run | None = None
    ) -> AsyncGenerator[RunEvent, None]:
        known = await self._threads.database(
            lambda: Known(self._store.tasks(), self._made(resume.id) if resume is not None else ())
        )

        async def work(context: TaskContext) -> Sequence[TaskResult]:
            return [await self._one(context, known)]

        events = self._running.start(settings, work, AutomaticGate(), endpoint=endpoint, answers=answers, resume=resume)
        async with aclosing(events):
            async for event in events:
                yield event

    async def _one(self, context: TaskContext, known: Known) -> TaskResult:
        """Ask for the pairs of one group of seeds, and put those that are new into the queue."""
        detail = context.run.settings.detail
        group = next(each for each in groups_from_json(detail) if each.seeds[0] == context.start_id)
        target = FailureClass.from_json(get_object(detail, FAILURE_CLASS)) if detail.get(FAILURE_CLASS) else None
        seeds = await self._threads.database(lambda: [self._known(seed) for seed in group.seeds])
        like, tools = seeds[0].task, await self._tools(seeds[0].task)
        maker = PairMaker(context.run, seeds, target, await self._refinement.world(like))
        expander = Expander((await context.client())[0], self._models.prompts)
        known.add(maker.key(seed.pair) for seed in seeds)
        written, unusable, ended_by = 0, 0, ""
        made: list[Made] = []
        for sample, wanted in enumerate(group.questions):
            shown = [seed.pair for seed in seeds]
            try:
                answer = await expander.expand(
                    shown, like, tools, wanted, failure=target, sample=sample, on_text=context.say
                )
            except BudgetExhaustedError as reason:
                ended_by = str(reason)
                break
            new = [maker.make(pair) for pair in answer.pairs if known.takes(maker.key(pair))]
            await self._threads.record(self._store.add_runs, [ImportedRun(each.task, each.trajectory) for each in new])
            made += new
            written += len(answer.pairs)
            unusable += answer.unusable
        return TaskResult(
            context.start_id,
            f"{like.key} {like.title}",
            TaskStatus.UNVERIFIED,
            ended_by or _words(len(made), written - len(made), unusable),
            best_id=made[0].trajectory.id if made else "",
            iterations=written,
        )

    async def _tools(self, task: Task) -> tuple[ToolSpec, ...]:
        """The tools of a task: as recorded, as kept, or as its environment describes them."""
        kept = task.tools or await self._threads.database(self._store.tools, task.environment, task.domain)
        return kept or await self._refinement.tools(task)

    def _points(self, query: str) -> Iterator[str]:
        for root_id in list(self._store.root_ids(parse_query(query))):
            row = self._store.row(root_id)
            good = row.status in _GOOD or (row.verified is True and row.status not in _BAD)
            if good and self._store.trajectory(row.head_id).plan:
                yield row.head_id

    def _seeds(self, prefixes: Sequence[str]) -> list[Seed]:
        return list({seed.trajectory.id: seed for seed in map(self._seed, prefixes)}.values())

    def _seed(self, prefix: str) -> Seed:
        """The head of a lineage as a seed. Raises UserError where it cannot be one."""
        row = self._store.row(self._store.trajectory(self._store.resolve(prefix)).root_id)
        seed, name = self._known(row.head_id), f"{prefix} ({row.task_key})"
        if not seed.trajectory.plan:
            raise UserError(f"{name} has no plan, so that it can be no seed: let a plan be written for it first")
        if row.status in _BAD or not (row.status in _GOOD or row.verified is True):
            raise UserError(f"{name} is neither verified nor approved, so that it can be no seed: review it first")
        return seed

    def _known(self, trajectory_id: str) -> Seed:
        trajectory = self._store.trajectory(trajectory_id)
        return Seed(trajectory, self._store.task(trajectory.task_id))

    def _made(self, run_id: str) -> Iterator[Made]:
        terms = (FieldTerm("format", (EXPANSION,)), FieldTerm("file", (made_in(run_id),)))
        for root_id in list(self._store.root_ids(terms)):
            found = self._known(root_id)
            yield Made(found.task, found.trajectory)


def _words(made: int, again: int, unusable: int) -> str:
    """How a question ended, such as `8 new pairs; 2 were there already`."""
    parts = [f"{made} new {'pair' if made == 1 else 'pairs'}"]
    if again:
        parts.append(f"{again} {'was' if again == 1 else 'were'} there already")
    if unusable:
        parts.append(f"{unusable} without a task or a plan")
    return "; ".join(parts)
