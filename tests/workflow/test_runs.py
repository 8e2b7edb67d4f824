"""Runs: many tasks at once under one budget, each with its result on record, however it ends."""

import asyncio
import shutil
import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from serving import Served, serving

from hitl_app.bootstrap import build
from hitl_app.domain.errors import UserError
from hitl_app.domain.model import (
    ChatMessage,
    ModelEndpoint,
    ModelRequest,
    ModelUnavailableError,
    Price,
    Purpose,
    Sampling,
)
from hitl_app.domain.run import Budget, BudgetExhaustedError, Run, RunSettings, RunStatus, TaskResult, TaskStatus
from hitl_app.refine.gates import AutomaticGate
from hitl_app.workflow.models import Chosen
from hitl_app.workflow.running import (
    Called,
    RunBegan,
    RunEnded,
    RunEvent,
    Said,
    TaskBegan,
    TaskContext,
    TaskEnded,
    Work,
)
from hitl_app.workflow.workspace import Workspace

HERE = Path(__file__).parent
TASKS = 6


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    with desk(folder) as workspace:
        asyncio.run(workspace.samples.add(TASKS))
    return folder


@pytest.fixture
def workspace(made: Path, tmp_path: Path) -> Iterator[Workspace]:
    shutil.copytree(made, tmp_path / "desk")
    with desk(tmp_path / "desk") as workspace:
        yield workspace


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving("short_script:reply", HERE) as served:
        yield served


@contextmanager
def desk(data_dir: Path) -> Iterator[Workspace]:
    application = build(data_dir)
    try:
        yield application.workspace
    finally:
        application.close()


async def started(
    workspace: Workspace,
    work: Work,
    *,
    budget: Budget = Budget(),
    concurrency: int = 4,
    endpoint: ModelEndpoint | None = None,
    resume: Run | None = None,
) -> AsyncGenerator[RunEvent, None]:
    starts = tuple(await workspace.library.root_ids())
    settings = RunSettings("refine", starts, budget=budget, concurrency=concurrency)
    events = workspace.running.start(settings, work, AutomaticGate(), endpoint=endpoint, resume=resume)
    async with aclosing(events):
        async for event in events:
            yield event


def played(
    workspace: Workspace,
    work: Work,
    *,
    budget: Budget = Budget(),
    concurrency: int = 4,
    endpoint: ModelEndpoint | None = None,
    resume: Run | None = None,
) -> list[RunEvent]:
    """All events of a run."""

    async def collect() -> list[RunEvent]:
        events = started(workspace, work, budget=budget, concurrency=concurrency, endpoint=endpoint, resume=resume)
        return [event async for event in events]

    return asyncio.run(collect())


def newest(workspace: Workspace) -> Run:
    return asyncio.run(workspace.running.runs())[0]


def done(context: TaskContext) -> Sequence[TaskResult]:
    return [TaskResult(context.start_id, "a trip", TaskStatus.VERIFIED, "it was easy")]


async def succeed(context: TaskContext) -> Sequence[TaskResult]:
    return done(context)


async def wait_for_ever(context: TaskContext) -> Sequence[TaskResult]:
    await asyncio.Event().wait()
    return done(context)


def by_order(*works: Work) -> Work:
    """The first task does the first work, and so on; the last of them is for all the rest."""
    left = list(works)

    async def work(context: TaskContext) -> Sequence[TaskResult]:
        return await (left.pop(0) if len(left) > 1 else left[0])(context)

    return work


def failing(error: Exception) -> Work:
    async def fail(context: TaskContext) -> Sequence[TaskResult]:
        raise error

    return fail


def test_every_task_begins_ends_and_is_on_record(workspace: Workspace) -> None:
    first, *events, last = played(workspace, succeed)
    run = newest(workspace)
    assert isinstance(first, RunBegan)
    assert isinstance(last, RunEnded)
    assert last.run == run
    assert run.status is RunStatus.ENDED
    begun = {event.start_id for event in events if isinstance(event, TaskBegan)}
    ended = {event.result.start_id for event in events if isinstance(event, TaskEnded)}
    assert begun == ended == {result.start_id for result in run.results} == set(run.settings.starts)
    assert len(run.results) == TASKS


@pytest.mark.parametrize("concurrency", [1, 3])
def test_no_more_tasks_than_asked_for_run_at_the_same_time(workspace: Workspace, concurrency: int) -> None:
    now, most = 0, 0

    async def work(context: TaskContext) -> Sequence[TaskResult]:
        nonlocal now, most
        now += 1
        most = max(most, now)
        for _ in range(20):
            await asyncio.sleep(0)
        now -= 1
        return done(context)

    played(workspace, work, concurrency=concurrency)
    assert most == concurrency


def test_a_task_that_fails_or_runs_out_of_budget_does_not_end_the_others(workspace: Workspace) -> None:
    used_up = BudgetExhaustedError("the budget is used up: all of it")
    played(workspace, by_order(failing(UserError("the flour is out")), failing(used_up), succeed), concurrency=1)
    first, second, *others = newest(workspace).results
    assert (first.status, first.error) == (TaskStatus.FAILED, "the flour is out")
    assert (second.status, second.stopped_by, second.error) == (TaskStatus.UNVERIFIED, str(used_up), "")
    assert first.task
    assert {result.status for result in others} == {TaskStatus.VERIFIED}
    assert newest(workspace).status is RunStatus.ENDED


def test_a_resumed_run_tries_again_what_failed_and_nothing_else(workspace: Workspace) -> None:
    played(workspace, by_order(failing(UserError("the server is gone")), succeed), concurrency=1)
    failed = newest(workspace).results[0].start_id
    events = played(workspace, succeed, resume=newest(workspace))
    assert [event.start_id for event in events if isinstance(event, TaskBegan)] == [failed]
    assert [result.status for result in newest(workspace).results] == [TaskStatus.VERIFIED] * TASKS


def test_an_unexpected_bug_surfaces_and_the_run_can_be_resumed(workspace: Workspace) -> None:
    with pytest.raises(ExceptionGroup) as found:
        played(workspace, by_order(wait_for_ever, failing(ZeroDivisionError("a bug")), wait_for_ever))
    assert found.group_contains(ZeroDivisionError, match="a bug")
    run = newest(workspace)
    assert run.status is RunStatus.CANCELLED
    assert {result.status for result in run.results} == {TaskStatus.CANCELLED}
    played(workspace, succeed, resume=run)
    assert [result.status for result in newest(workspace).results] == [TaskStatus.VERIFIED] * TASKS


@pytest.mark.parametrize("how", ["cancelled", "closed"])
def test_a_run_that_is_stopped_says_so_of_its_tasks_and_goes_on_with_those_alone(
    workspace: Workspace, how: str
) -> None:
    async def stop() -> float:
        async def follow() -> None:
            async with aclosing(started(workspace, by_order(succeed, wait_for_ever), concurrency=3)) as events:
                async for event in events:
                    waiting.append(event)
                    if sum(isinstance(event, TaskBegan) for event in waiting) == 4:
                        under_way.set()
                        if how == "closed":
                            return

        task = asyncio.create_task(follow())
        await under_way.wait()
        began = time.monotonic()
        if how == "cancelled":
            task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return time.monotonic() - began

    waiting: list[RunEvent] = []
    under_way = asyncio.Event()
    assert asyncio.run(stop()) < 1
    run = newest(workspace)
    assert run.status is RunStatus.CANCELLED
    statuses = [result.status for result in run.results]
    assert (statuses.count(TaskStatus.VERIFIED), statuses.count(TaskStatus.CANCELLED)) == (1, 3)
    again = played(workspace, succeed, resume=run)
    begun = [event.start_id for event in again if isinstance(event, TaskBegan)]
    assert len(begun) == TASKS - 1
    run = newest(workspace)
    assert (run.status, len(run.results)) == (RunStatus.ENDED, TASKS)
    assert {result.status for result in run.results} == {TaskStatus.VERIFIED}


def test_what_cannot_start_leaves_no_run_behind(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(BudgetExhaustedError, match="needs the price"):
        played(workspace, succeed, budget=Budget(usd=1.0), endpoint=ModelEndpoint("http://127.0.0.1:9/v1", "scripted"))
    assert asyncio.run(workspace.running.runs()) == ()


def test_no_task_begins_once_the_time_is_used_up(workspace: Workspace) -> None:
    async def work(context: TaskContext) -> Sequence[TaskResult]:
        raise AssertionError("it must not begin")

    played(workspace, work, budget=Budget(seconds=0.0))
    results = newest(workspace).results
    assert {(result.status, result.stopped_by) for result in results} == {
        (TaskStatus.UNVERIFIED, "the time budget of 0 s is used up")
    }


def asking(questions: int, same: bool = False) -> Work:
    """Asks the model so many questions, one after the other."""

    async def work(context: TaskContext) -> Sequence[TaskResult]:
        client, _ = await context.client()
        for number in range(questions):
            words = f"{'' if same else context.start_id} question {number}"
            messages = (ChatMessage("user", words),)
            await client.ask(ModelRequest(Purpose.TEST, messages, sampling=Sampling(max_tokens=300)), context.say)
        return done(context)

    return work


def test_many_tasks_spend_one_budget_and_their_tokens_are_those_that_the_server_counted(
    workspace: Workspace, served: Served
) -> None:
    endpoint = ModelEndpoint(served.base_url, "scripted", price=Price(1.0, 2.0))
    asyncio.run(workspace.models.test(endpoint))
    before = served.counters()
    events = played(workspace, asking(40), budget=Budget(tokens=600), endpoint=endpoint)
    after, run = served.counters(), newest(workspace)
    assert {result.status for result in run.results} == {TaskStatus.UNVERIFIED}
    assert all("600 tokens" in result.stopped_by for result in run.results)
    assert 300 < run.usage.tokens <= 600
    assert run.usage.measured
    assert run.usage.calls == after["requests"] - before["requests"] == sum(isinstance(e, Called) for e in events)
    for name in ("tokens_in", "tokens_out"):
        of_results = sum(getattr(result.usage, name) for result in run.results)
        assert getattr(run.usage, name) == of_results == after[name] - before[name]
    assert run.usage.usd == pytest.approx(Price(1.0, 2.0).of(run.usage.tokens_in, run.usage.tokens_out))


def test_a_call_under_way_ends_with_the_wall_time(workspace: Workspace, served: Served) -> None:
    async def work(context: TaskContext) -> Sequence[TaskResult]:
        client, _ = await context.client()
        await client.ask(ModelRequest(Purpose.TEST, (ChatMessage("user", "talk for ever"),)))
        return done(context)

    endpoint = ModelEndpoint(served.base_url, "scripted")
    asyncio.run(workspace.models.test(endpoint))
    began = time.monotonic()
    played(workspace, work, budget=Budget(seconds=0.5), endpoint=endpoint, concurrency=TASKS)
    assert time.monotonic() - began < 5
    run = newest(workspace)
    assert {(result.status, result.stopped_by) for result in run.results} == {
        (TaskStatus.UNVERIFIED, "the time budget of 0.5 s is used up")
    }
    assert run.usage.calls == 4, "the endpoint takes four calls at a time; each was paid for, and is on record"


def test_a_resumed_run_keeps_to_its_ceilings_with_all_that_was_paid_before(
    workspace: Workspace, served: Served
) -> None:
    endpoint, budget = ModelEndpoint(served.base_url, "scripted"), Budget(tokens=800)

    async def one_of_many(context: TaskContext) -> Sequence[TaskResult]:
        client, _ = await context.client()
        for number in range(100):
            words = f"{context.start_id} {'for ever' if number == stuck else ''} {number}"
            messages = (ChatMessage("user", words),)
            await client.ask(ModelRequest(Purpose.TEST, messages, sampling=Sampling(max_tokens=10)), context.say)
        return done(context)

    async def stopped() -> None:
        async with aclosing(started(workspace, one_of_many, budget=budget, endpoint=endpoint)) as events:
            async for event in events:
                if isinstance(event, Said) and "never" in event.text:
                    return

    stuck = 10
    asyncio.run(stopped())
    run = newest(workspace)
    assert run.status is RunStatus.CANCELLED
    assert not run.usage.measured, "what was cancelled is estimated"
    stuck = -1
    one_by_one = replace(run, settings=replace(run.settings, concurrency=1))
    played(workspace, one_of_many, endpoint=endpoint, resume=one_by_one)
    assert run.usage.tokens < newest(workspace).usage.tokens <= 800


def test_the_server_of_the_settings_keeps_its_price_however_it_is_spelled(workspace: Workspace) -> None:
    async def endpoints() -> list[ModelEndpoint]:
        await workspace.models.save(saved)
        return [await workspace.models.endpoint(Chosen(url, "m")) for url in ("http://h", "http://h/v1/")]

    saved = ModelEndpoint("http://h/v1", "m", price=Price(1.0, 2.0), timeout=600)
    assert asyncio.run(endpoints()) == [saved, saved]


def test_a_server_is_asked_once_what_it_can_do_however_many_tasks_begin(workspace: Workspace, served: Served) -> None:
    before = served.counters()["requests"]
    asyncio.run(workspace.models.test(ModelEndpoint(served.base_url, "another")))
    probing = served.counters()["requests"] - before
    played(workspace, asking(1), endpoint=ModelEndpoint(served.base_url, "scripted"))
    assert served.counters()["requests"] - before == 2 * probing + TASKS
    assert newest(workspace).usage.calls == TASKS


def test_a_server_that_is_gone_is_named_before_anything_is_recorded(workspace: Workspace) -> None:
    with pytest.raises(ModelUnavailableError, match="cannot be reached"):
        played(workspace, asking(1), endpoint=ModelEndpoint("http://127.0.0.1:9/v1", "scripted", retries=0))
    assert asyncio.run(workspace.running.runs()) == ()
