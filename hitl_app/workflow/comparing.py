"""Comparing methods: the loop, the loop without a stage, and the baselines, on the same tasks under the same budget."""

import time
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from hitl_app.domain.codec import get_object, get_strings
from hitl_app.domain.errors import NotFoundError, UserError
from hitl_app.domain.model import ModelEndpoint, Usage
from hitl_app.domain.ports import Store
from hitl_app.domain.routing import Place
from hitl_app.domain.run import (
    OF_TWO_MODELS,
    Budget,
    BudgetExhaustedError,
    Method,
    Passage,
    Run,
    RunSettings,
    Stage,
    TaskResult,
    TaskStatus,
)
from hitl_app.domain.run_codec import budget_from_json, budget_to_json
from hitl_app.domain.task import Task
from hitl_app.refine import baselines
from hitl_app.refine.bench import Bench, Outcome, run_method
from hitl_app.refine.bench import Method as Baseline
from hitl_app.refine.budget import Account
from hitl_app.refine.comparison import MethodSummary, summarise
from hitl_app.refine.gates import AutomaticGate
from hitl_app.refine.loop import Event
from hitl_app.refine.pivot import Pivot
from hitl_app.refine.routed import whole_task
from hitl_app.refine.routed_agents import stage_line
from hitl_app.refine.routing import route
from hitl_app.refine.statistics import Interval
from hitl_app.workflow.arms import Pair, Side, pair_arms, summarise_arms
from hitl_app.workflow.benches import bench_of
from hitl_app.workflow.cascades import Cascades, Cascading, RoutedBy, chosen_cascading, recorded_cascading
from hitl_app.workflow.models import Chosen, Models
from hitl_app.workflow.refinement import Refinement
from hitl_app.workflow.running import RunEvent, Running, TaskContext
from hitl_app.workflow.task_names import find_tasks
from hitl_app.workflow.threads import Threads

__all__ = ["COMMAND", "Comparing", "Contender", "Interval", "MethodSummary", "Pair", "Side"]

COMMAND = "compare"

BASELINES: Mapping[str, tuple[Baseline, bool]] = {
    Method.SINGLE_PASS: (baselines.single_pass, False),
    Method.SELF_REFINE: (baselines.self_refine, True),
    Method.REFLEXION: (baselines.reflexion, False),
    Method.BEST_OF_N: (baselines.best_of_n, False),
}
"""The baselines, and whether each hands in what it made last because it may not know its losses."""

_WITHOUT = "_without_"


@dataclass(frozen=True)
class Contender:
    """A method, and the stages of the loop that it does without."""

    method: Method
    without: frozenset[Stage] = frozenset()

    @property
    def of_two_models(self) -> bool:
        """It needs a small and a large one."""
        return self.method in OF_TWO_MODELS

    @property
    def name(self) -> str:
        """Such as `pivot_without_plan`."""
        return self.method + "".join(f"{_WITHOUT}{stage}" for stage in Stage if stage in self.without)

    @classmethod
    def named(cls, name: str) -> "Contender":
        """The contender of a name.

        Raises:
            NotFoundError: There is no such method or stage.
        """
        method, *without = name.split(_WITHOUT)
        for kind, names, given in (
            ("method", list(map(str, Method)), [method]),
            ("stage", list(map(str, Stage)), without),
        ):
            unknown = [each for each in given if each not in names]
            if unknown:
                raise NotFoundError(f'there is no {kind} "{unknown[0]}"; there are {", ".join(names)}')
        if without and method != Method.PIVOT:
            raise UserError(f"{method} has no stages that could be switched off: only {Method.PIVOT} has")
        return cls(Method(method), frozenset(map(Stage, without)))


class GenerateTasks(Protocol):
    """Generates tasks: so many of a seed, of a level (None for several in turn) and a split."""

    def __call__(self, seed: int, count: int, level: int | None, split: str) -> Iterator[Task]:
        """Raises UserError where there is no such level or split."""
        ...


class Comparing:
    """Use cases that compare."""

    def __init__(
        self,
        store: Store,
        threads: Threads,
        *,
        refinement: Refinement,
        models: Models,
        running: Running,
        generate_tasks: GenerateTasks,
    ) -> None:
        self._store = store
        self._threads = threads
        self._refinement = refinement
        self._models = models
        self._running = running
        self._generate_tasks = generate_tasks

    async def generate(self, count: int, seed: int, level: int | None, split: str) -> list[str]:
        """Add synthetic tasks without recordings; the answer is their ids. Those that are there stay as they are.

        Raises:
            UserError: There is no such level or split.
        """
        tasks = await self._threads.background(lambda: list(self._generate_tasks(seed, count, level, split)))
        await self._threads.database(self._store.add_runs, [], tasks)
        return [task.id for task in tasks]

    async def find(self, names: Sequence[str]) -> tuple[str, ...]:
        """Full ids of tasks by their keys, or by their ids or the first digits of them."""
        return await self._threads.database(lambda: find_tasks(self._store.tasks(), names))

    async def tasks_of(self, root_ids: Sequence[str]) -> list[str]:
        """Ids of the tasks of lineages, each once."""
        return await self._threads.database(
            lambda: list(dict.fromkeys(self._store.trajectory(root_id).task_id for root_id in root_ids))
        )

    async def compare(
        self,
        task_ids: Sequence[str],
        contenders: Sequence[Contender],
        *,
        budget: Budget,
        times: int = 1,
        chosen: Chosen = Chosen(),  # noqa: B008 -- immutable
        routed: RoutedBy = RoutedBy(),  # noqa: B008 -- immutable
        concurrency: int = 4,
        answers: Path | None = None,
    ) -> AsyncGenerator[RunEvent, None]:
        """Let every contender work on every task, and yield what happens; one result a task and contender.

        Nothing of it reaches the queue: the record keeps the calls and the results.

        Args:
            task_ids: Full ids of tasks.
            contenders: What is compared.
            budget: Ceilings for each task and contender, but for the wall time, which is that of the whole run;
                `iterations` is how often one may go on after its first try.
            times: Candidates that the loop makes in PLAN.
            chosen: The model, where it is not the one of the settings.
            routed: The small and the large model, and the cascade, of the contenders that need them.
            concurrency: Tasks at the same time.
            answers: File of recorded calls to answer from, instead of a server.
        """
        cascading = None
        if any(contender.of_two_models for contender in contenders):
            cascading = await chosen_cascading(self._models, routed)
        if cascading is not None and all(contender.of_two_models for contender in contenders):
            endpoint = cascading.small
        else:
            endpoint = await self._models.endpoint(chosen)
        settings = RunSettings(
            COMMAND,
            tuple(task_ids),
            proposer="model",
            model=endpoint.model,
            base_url=endpoint.base_url,
            budget=Budget(budget.iterations, seconds=budget.seconds),
            samples=times,
            concurrency=concurrency,
            without=frozenset(stage for contender in contenders for stage in contender.without),
            detail={
                "methods": [contender.name for contender in contenders],
                "budget_per_task": budget_to_json(replace(budget, seconds=None)),
                **(cascading.to_json() if cascading else {}),
            },
        )
        async with aclosing(self._start(settings, endpoint, answers=answers)) as events:
            async for event in events:
                yield event

    async def resume(self, run_id: str, *, answers: Path | None = None) -> AsyncGenerator[RunEvent, None]:
        """Go on with an interrupted or cancelled comparison; a recorded call is never repeated.

        Raises:
            UserError: It is a run of another command.
        """
        run = await self._running.find(run_id)
        if run.settings.command != COMMAND:
            raise UserError(f'run {run.id[:12]} is a run of "{run.settings.command}": resume it with that command')
        endpoint = await self._models.endpoint(Chosen(run.settings.base_url, run.settings.model))
        async with aclosing(self._start(run.settings, endpoint, answers=answers, resume=run)) as events:
            async for event in events:
                yield event

    async def report(self, run: Run) -> tuple[MethodSummary, ...]:
        """Quality and cost of each contender, and how it differs from the reference."""
        ended = [result for result in run.results if result.status is not TaskStatus.CANCELLED]
        return await self._threads.background(summarise, ended, reference(run))

    async def arms(self) -> tuple[tuple[Pair, ...], tuple[MethodSummary, ...]]:
        """Tasks that were worked on autonomously and with a person under the same settings, and a summary of each arm.

        Read from the record; nothing runs.
        """
        pairs = await self._threads.database(lambda: pair_arms(self._store.runs(), self._passages()))
        return pairs, await self._threads.background(summarise_arms, pairs)

    def _passages(self) -> dict[tuple[str, str], list[Passage]]:
        """Passages by run and start. A gate is asked about trajectories of the start's lineage."""
        found: dict[tuple[str, str], list[Passage]] = {}
        roots: dict[str, str] = {}
        for run in self._store.runs():
            starts = {self._root(start_id, roots): start_id for start_id in run.settings.starts}
            for _, passage in self._store.passages(run.id):
                start_id = starts.get(self._root(passage.trajectory_id, roots))
                if start_id is not None:
                    found.setdefault((run.id, start_id), []).append(passage)
        return found

    def _root(self, trajectory_id: str, known: dict[str, str]) -> str:
        """The recording that a trajectory descends from; its own id where the store does not have it."""
        if trajectory_id not in known:
            try:
                known[trajectory_id] = self._store.trajectory(trajectory_id).root_id
            except NotFoundError:
                known[trajectory_id] = trajectory_id
        return known[trajectory_id]

    async def _start(
        self, settings: RunSettings, endpoint: ModelEndpoint, *, answers: Path | None, resume: Run | None = None
    ) -> AsyncGenerator[RunEvent, None]:
        cascading = None
        if "routing" in settings.detail:
            cascading = await recorded_cascading(self._models, settings.detail)
            if answers is None:
                await self._models.ready(cascading.large)

        async def work(context: TaskContext) -> Sequence[TaskResult]:
            named = map(Contender.named, get_strings(settings.detail, "methods"))
            return [await self._one(context, contender, endpoint, cascading) for contender in named]

        events = self._running.start(settings, work, AutomaticGate(), endpoint=endpoint, answers=answers, resume=resume)
        async with aclosing(events):
            async for event in events:
                yield event

    async def _one(
        self, context: TaskContext, contender: Contender, endpoint: ModelEndpoint, cascading: Cascading | None
    ) -> TaskResult:
        """One contender on one task, with an account of its own."""
        started, settings = time.monotonic(), context.run.settings
        task = await self._threads.database(self._store.task, context.start_id)
        result = TaskResult(task.id, f"{task.key} {task.title}", TaskStatus.FAILED, "an error", method=contender.name)
        budget = budget_from_json(get_object(settings.detail, "budget_per_task"))
        account: Account | None = None
        try:
            account = context.account.child(budget)
            own = replace(context, account=account)
            if cascading is not None and contender.of_two_models:
                outcome = await self._by_roles(own, contender, task, cascading)
            else:
                bench = await self._bench(own, task, endpoint, budget.iterations)
                outcome = await _run(contender, bench, settings.samples, context.tell)
        except UserError as problem:
            spent = Usage() if account is None else account.spent
            return replace(result, usage=spent, error=str(problem), seconds=time.monotonic() - started)
        return replace(
            result,
            status=outcome.status,
            stopped_by=outcome.stopped_by,
            before=outcome.first.inspection.losses,
            after=outcome.kept.inspection.losses,
            iterations=outcome.iterations,
            executions=outcome.tries,
            usage=account.spent,
            seconds=time.monotonic() - started,
            error=outcome.error,
        )

    async def _bench(self, context: TaskContext, task: Task, endpoint: ModelEndpoint, more: int = 0) -> Bench:
        client, _ = await context.client(endpoint=endpoint)
        found = await self._models.capabilities(endpoint)
        return await bench_of(
            self._refinement,
            task,
            client,
            self._models.prompts,
            native_tools=None if found is None else found.tools,
            more=more,
            on_text=context.say,
        )

    async def _by_roles(self, context: TaskContext, contender: Contender, task: Task, cascading: Cascading) -> Outcome:
        """A single pass of the small or the large model, or the cascade of both."""
        endpoint = cascading.large if contender.method is Method.LARGE_ONLY else cascading.small
        bench = await self._bench(context, task, endpoint)
        if contender.method is not Method.COPE_ROUTING:
            return await run_method(baselines.single_pass, bench)
        cascades = Cascades(self._store, self._threads, self._models, context=context, cascading=cascading)
        try:
            resolved = await route(whole_task(cascades.open, bench), Place(task.id), cascades.control(task))
        except BudgetExhaustedError as reason:
            nothing = await bench.nothing()
            return Outcome(TaskStatus.UNVERIFIED, str(reason), nothing, nothing, 0, 0)
        kept, tries = resolved.made or await bench.nothing(), sum(len(stage.samples) for stage in resolved.stages)
        status = TaskStatus.VERIFIED if kept.verified else TaskStatus.UNVERIFIED
        return Outcome(status, stage_line(resolved.stage), kept, kept, tries, len(resolved.stages) - 1)


def reference(run: Run) -> str:
    """What the contenders of a comparison are compared with: the loop, else the cascade."""
    methods = get_strings(run.settings.detail, "methods")
    return next((str(each) for each in (Method.PIVOT, Method.COPE_ROUTING) if each in methods), str(Method.PIVOT))


async def _run(contender: Contender, bench: Bench, times: int, tell: Callable[[Event], None]) -> Outcome:
    if contender.method is Method.PIVOT:
        return await Pivot(times, contender.without, tell).run(bench)
    method, keep_last = BASELINES[contender.method]
    return await run_method(method, bench, keep_last=keep_last)
