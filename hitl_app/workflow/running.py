"""Runs: many tasks at once under one budget, every call and every passage on record, resumable after a crash.

What is done for one task is given by the use case (`refining`, `continuing`, `comparing`).
"""

import asyncio
import time
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path

from hitl_app.domain.codec import get_strings
from hitl_app.domain.errors import NotFoundError, UserError
from hitl_app.domain.model import ModelCall, ModelEndpoint, ModelError, Price, Usage
from hitl_app.domain.ports import Clock, Gate, ModelClient, Store
from hitl_app.domain.routing import RoutedStage
from hitl_app.domain.run import (
    Arm,
    Budget,
    BudgetExhaustedError,
    Method,
    Passage,
    Run,
    RunSettings,
    RunStatus,
    TaskResult,
    TaskStatus,
)
from hitl_app.refine.budget import Account
from hitl_app.refine.loop import Entered, Event
from hitl_app.workflow.calls import RunKeeper, TimelyClient
from hitl_app.workflow.gates import FaceGate, Pass, RecordedGate, pass_of
from hitl_app.workflow.models import Models
from hitl_app.workflow.threads import Threads


@dataclass(frozen=True)
class RunBegan:
    """A run is on record and begins."""

    run: Run


@dataclass(frozen=True)
class TaskBegan:
    """One of its tasks begins."""

    start_id: str


@dataclass(frozen=True)
class Said:
    """A piece of what a model says, as it streams in."""

    start_id: str
    text: str


@dataclass(frozen=True)
class Called:
    """A model call ended; `spent` is what the task and the whole run have consumed by now."""

    start_id: str
    call: ModelCall
    spent: Usage
    run_spent: Usage


@dataclass(frozen=True)
class Happened:
    """An event of the loop for one task."""

    start_id: str
    event: Event


@dataclass(frozen=True)
class Routed:
    """A stage of a cascade was decided on, and is on record."""

    start_id: str
    stage: RoutedStage


@dataclass(frozen=True)
class TaskEnded:
    """One of its tasks ended, and its result is on record."""

    result: TaskResult


@dataclass(frozen=True)
class RunEnded:
    """The run ended: the last event."""

    run: Run


RunEvent = RunBegan | TaskBegan | Said | Called | Happened | Routed | TaskEnded | RunEnded


OnCall = Callable[[ModelCall], None]
"""Told of a call."""


@dataclass(frozen=True)
class TaskContext:
    """What the work on one task is given.

    Attributes:
        resumed: The run was interrupted before: some of what the work does may be on record already.
        gate: Records every passage.
        account: What the task's calls count in; within the account of the run.
        tell: Shows an event of the loop.
        say: Shows a piece of a model's words.
        routed: Shows a stage of a cascade.
    """

    run: Run
    resumed: bool
    start_id: str
    gate: Gate
    account: Account
    tell: Callable[[Event], None]
    say: Callable[[str], None]
    routed: Callable[[RoutedStage], None]
    connect: Callable[[Account, ModelEndpoint | None, OnCall], Awaitable[ModelClient]]

    async def client(
        self,
        budget: Budget | None = None,
        endpoint: ModelEndpoint | None = None,
        on_call: OnCall = lambda call: None,
    ) -> tuple[ModelClient, Account]:
        """A model, with an account of its own where a budget within the task's is given, or where it has its own price.

        Args:
            budget: Ceilings within those of the task.
            endpoint: Which model, where it is not the run's.
            on_call: Told of each of its calls, also of those from the record.
        """
        account = self.account
        if budget is not None or endpoint is not None:
            account = account.child(budget, endpoint)
        return await self.connect(account, endpoint, on_call), account


Work = Callable[[TaskContext], Awaitable[Sequence[TaskResult]]]
"""Works on one task and says how it ended: one result, or one a method that is compared."""


class Running:
    """Drives runs. Everything here lives in the loop's own thread."""

    def __init__(
        self,
        store: Store,
        threads: Threads,
        models: Models,
        clock: Clock,
        read_calls: Callable[[Path], Iterator[ModelCall]],
    ) -> None:
        self._store = store
        self._threads = threads
        self._models = models
        self._clock = clock
        self._read_calls = read_calls

    async def start(
        self,
        settings: RunSettings,
        work: Work,
        gate: Gate,
        *,
        endpoint: ModelEndpoint | None = None,
        answers: Path | None = None,
        resume: Run | None = None,
    ) -> AsyncGenerator[RunEvent, None]:
        """Run `work` for every start and yield what happens. Cancelling or closing it leaves the record whole.

        Args:
            settings: What the run is started with.
            work: What is done for one task.
            gate: Who decides; asked in the caller's own event loop.
            endpoint: The model; None where none is asked.
            answers: File of recorded calls to answer from, instead of a server.
            resume: An interrupted run to go on with: tasks that ended and did not fail are left alone, and recorded
                calls are not repeated.
        """
        run = resume or Run(uuid.uuid4().hex, settings, RunStatus.RUNNING, self._clock.now())
        recorded = None
        if answers is not None:
            recorded = await self._threads.background(_by_key, self._read_calls, answers)
        passed: frozenset[Pass] = frozenset()
        if resume is not None and settings.arm is Arm.AUTONOMOUS:
            passed = frozenset(map(pass_of, await self.passages(run.id)))
        here = FaceGate(gate, asyncio.get_running_loop())
        job = _Job(
            self._store,
            self._threads,
            self._models,
            self._clock,
            run=run,
            resumed=resume is not None,
            gate=here,
            passed=passed,
            endpoint=endpoint,
            answers=recorded,
        )
        if endpoint is not None and answers is None:
            await self._models.ready(endpoint)
        if resume is None:
            await self._threads.database(self._store.add_run, run)
        else:
            await self._threads.database(self._store.end_run, run.id, RunStatus.RUNNING, "")
        async with aclosing(self._threads.stream(lambda: job.events(work))) as events:
            async for event in events:
                yield event

    async def runs(self) -> tuple[Run, ...]:
        """All runs, newest first."""
        return await self._threads.database(self._store.runs)

    async def find(self, prefix: str) -> Run:
        """A run by the first digits of its id."""
        return await self._threads.database(self._store.run, prefix)

    async def passages(self, run_id: str) -> tuple[Passage, ...]:
        """Passages through the gates of a run, in order."""
        kept = self._store.passages
        return await self._threads.database(lambda: tuple(passage for _, passage in kept(run_id)))

    async def calls(self, run_id: str) -> tuple[ModelCall, ...]:
        """Calls of a run, in order, with what was sent and what came back."""
        kept = self._store.calls
        return await self._threads.database(lambda: tuple(call for _, call in kept(run_id)))


class _Job:
    """One run under way."""

    def __init__(
        self,
        store: Store,
        threads: Threads,
        models: Models,
        clock: Clock,
        *,
        run: Run,
        resumed: bool,
        gate: Gate,
        passed: frozenset[Pass],
        endpoint: ModelEndpoint | None,
        answers: Mapping[str, ModelCall] | None,
    ) -> None:
        self._store = store
        self._threads = threads
        self._models = models
        self._clock = clock
        self._run = run
        self._resumed = resumed
        self._gate = gate
        self._passed = passed
        self._endpoint = endpoint
        self._answers = answers
        started = time.monotonic()
        price = endpoint.price if endpoint else Price(0.0, 0.0)  # where no model is asked, nothing costs
        self._account = Account(run.settings.budget, price, lambda: time.monotonic() - started)
        self._account.count(run.usage)  # what an interrupted run had paid, lost and failed calls as well
        self._events: asyncio.Queue[RunEvent | None] = asyncio.Queue()
        by_hand = endpoint is not None and endpoint.pasted  # the questions of one task come one after the other
        self._room = asyncio.Semaphore(1 if by_hand else run.settings.concurrency)

    async def events(self, work: Work) -> AsyncGenerator[RunEvent, None]:
        yield RunBegan(self._run)
        self._whole = whole = asyncio.create_task(self._all(work))
        whole.add_done_callback(lambda _: self._events.put_nowait(None))
        try:
            while (event := await self._events.get()) is not None:
                yield event
            await whole
        except BaseException:
            whole.cancel()
            await asyncio.gather(whole, return_exceptions=True)
            await self._end(RunStatus.CANCELLED)
            raise
        yield RunEnded(await self._end(RunStatus.ENDED))

    async def _end(self, status: RunStatus) -> Run:
        await self._threads.record(self._store.end_run, self._run.id, status, self._clock.now())
        return await self._threads.database(self._store.run, self._run.id)

    async def _all(self, work: Work) -> None:
        again = (TaskStatus.CANCELLED, TaskStatus.FAILED)
        over = {result.start_id for result in self._run.results}
        over -= {result.start_id for result in self._run.results if result.status in again}
        async with asyncio.TaskGroup() as group:
            for start_id in dict.fromkeys(self._run.settings.starts):
                if start_id not in over:
                    group.create_task(self._one(start_id, work))

    async def _one(self, start_id: str, work: Work) -> None:
        async with self._room:
            started, account = time.monotonic(), self._account.child()
            self._events.put_nowait(TaskBegan(start_id))
            try:
                self._account.check()
                results = await work(self._context(start_id, account))
            except BudgetExhaustedError as reason:
                results = await self._failed(start_id, TaskStatus.UNVERIFIED, str(reason))
            except UserError as error:
                results = await self._failed(start_id, TaskStatus.FAILED, "an error", str(error))
            except asyncio.CancelledError:
                await asyncio.shield(self._keep_cancelled(start_id, account, started))
                self._whole.cancel()  # whoever was asked took the question back: that stops the run
                raise
            await self._keep(results, account, started)

    async def _keep(self, results: Sequence[TaskResult], account: Account, started: float) -> None:
        if len(results) == 1:
            results = [replace(results[0], usage=account.spent)]
        seconds = time.monotonic() - started
        results = [replace(result, seconds=result.seconds or seconds) for result in results]
        await self._threads.record(self._store.save_results, self._run.id, results)
        for result in results:
            self._events.put_nowait(TaskEnded(result))

    async def _keep_cancelled(self, start_id: str, account: Account, started: float) -> None:
        await self._keep(await self._failed(start_id, TaskStatus.CANCELLED, "it was cancelled"), account, started)

    async def _failed(self, start_id: str, status: TaskStatus, reason: str, error: str = "") -> Sequence[TaskResult]:
        """The same of every method that is compared: none is to look better for what happened to all."""
        title = await self._threads.database(_title, self._store, start_id)
        methods = get_strings(self._run.settings.detail, "methods") or (Method.PIVOT,)
        return [TaskResult(start_id, title, status, reason, error=error, method=method) for method in methods]

    def _context(self, start_id: str, account: Account) -> TaskContext:
        gate = RecordedGate(
            self._gate,
            store=self._store,
            threads=self._threads,
            clock=self._clock,
            run_id=self._run.id,
            spent=lambda: account.spent,
            passed=self._passed,
        )

        def tell(event: Event) -> None:
            if isinstance(event, Entered):
                gate.iteration = event.iteration
            self._events.put_nowait(Happened(start_id, event))

        def called(call: ModelCall) -> None:
            self._events.put_nowait(Called(start_id, call, account.spent, self._account.spent))

        async def connect(of: Account, endpoint: ModelEndpoint | None, on_call: OnCall) -> ModelClient:
            endpoint = endpoint or self._endpoint
            if endpoint is None:
                raise ModelError("this run asks no model")

            def heard(call: ModelCall) -> None:
                on_call(call)
                called(call)

            keeper = RunKeeper(
                store=self._store,
                threads=self._threads,
                run_id=self._run.id,
                account=of,
                on_call=heard,
                answers=self._answers,
            )
            client = await self._models.client(endpoint, keeper, offline=self._answers is not None)
            return TimelyClient(client, of)

        return TaskContext(
            run=self._run,
            resumed=self._resumed,
            start_id=start_id,
            gate=gate,
            account=account,
            tell=tell,
            say=lambda text: self._events.put_nowait(Said(start_id, text)),
            routed=lambda stage: self._events.put_nowait(Routed(start_id, stage)),
            connect=connect,
        )


def _title(store: Store, start_id: str) -> str:
    try:
        task = store.task(start_id)
    except NotFoundError:
        task = store.task(store.trajectory(start_id).task_id)
    return f"{task.key} {task.title}"


def _by_key(read_calls: Callable[[Path], Iterator[ModelCall]], path: Path) -> dict[str, ModelCall]:
    """The first call of each question that succeeded, else one that failed: a replay fails where the run did."""
    answers: dict[str, ModelCall] = {}
    for call in read_calls(path):
        known = answers.setdefault(call.key, call)
        if known.error and not call.error:
            answers[call.key] = call
    return answers
