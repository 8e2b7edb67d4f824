"""Calls are on record one by one, in a real store, and a run that has them asks no server again."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from keeping import PLACE, Desk, Settings, question

from hitl_app.domain.model import (
    AnswerError,
    Capabilities,
    ModelAnswer,
    ModelCall,
    ModelEndpoint,
    ModelRequest,
    NotOnRecordError,
    Usage,
)
from hitl_app.domain.run import Budget, BudgetExhaustedError, Run, RunSettings, RunStatus
from hitl_app.refine.budget import Account
from hitl_app.store import SqliteStore, open_store
from hitl_app.system.clock import SystemClock
from hitl_app.workflow.calls import RunKeeper
from hitl_app.workflow.threads import Threads

pytest_plugins = ["model_fixtures"]


class Record:
    """A store with runs, and the threads that it works in."""

    def __init__(self, folder: Path) -> None:
        self.clock = SystemClock()
        self.threads = Threads()
        self.store: SqliteStore = self.threads.in_database(open_store, folder / "desk.db", self.clock)

    def begin(self, name: str) -> str:
        run = Run(name * 32, RunSettings("refine", ("a" * 64,)), RunStatus.RUNNING, self.clock.now())
        self.threads.in_database(self.store.add_run, run)
        return run.id

    def calls(self, run_id: str) -> list[ModelCall]:
        return [call for _, call in self.threads.in_database(lambda: list(self.store.calls(run_id)))]

    def keeper(self, run_id: str, account: Account, answers: dict[str, ModelCall] | None = None) -> RunKeeper:
        return RunKeeper(
            store=self.store,
            threads=self.threads,
            run_id=run_id,
            account=account,
            on_call=lambda call: None,
            answers=answers,
        )


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    record = Record(tmp_path)
    yield record
    record.threads.close(close_store=record.store.close)


def ask(
    desk: Desk,
    record: Record,
    endpoint: ModelEndpoint,
    *requests: ModelRequest,
    run_id: str,
    budget: Budget = Budget(),
    answers: dict[str, ModelCall] | None = None,
) -> tuple[list[ModelAnswer | BaseException], Usage]:
    """Answers or errors to requests that are asked at the same time, and what they cost."""

    async def work() -> tuple[list[ModelAnswer | BaseException], Usage]:
        account = Account(budget, None, lambda: 0.0).child()
        client = desk.servers.client(endpoint, Capabilities(), record.keeper(run_id, account, answers))
        answers_ = await asyncio.gather(*(client.ask(request) for request in requests), return_exceptions=True)
        return answers_, account.spent

    return desk.run(work())


def test_calls_are_kept_with_what_they_cost_and_are_not_paid_for_twice(desk: Desk, record: Record) -> None:
    endpoint = desk.endpoint("nonsense-once/record")
    run_id, request = record.begin("1"), question(schema=PLACE)
    answers, spent = ask(desk, record, endpoint, request, run_id=run_id)
    calls = record.calls(run_id)
    counted = desk.counts("nonsense-once/record")
    assert len(calls) == 2
    assert sum((call.usage for call in calls), Usage()) == spent
    assert (spent.tokens_in, spent.tokens_out) == (counted["tokens_in"], counted["tokens_out"])

    # The same run again, as after a crash; and another one that may ask no server at all.
    assert ask(desk, record, endpoint, request, run_id=run_id) == (answers, spent)
    answered = {call.key: call for call in calls}
    nowhere = ModelEndpoint("http://127.0.0.1:9/v1", endpoint.model)
    replayed = record.begin("2")
    assert ask(desk, record, nowhere, request, run_id=replayed, answers=answered) == (answers, spent)
    assert record.calls(replayed) == calls
    assert desk.counts("nonsense-once/record")["requests"] == 2
    (missing,), _ = ask(desk, record, nowhere, question("new"), run_id=replayed, answers=answered)
    assert isinstance(missing, NotOnRecordError)


def test_answers_that_cannot_be_used_are_on_record_too(desk: Desk, record: Record) -> None:
    run_id = record.begin("3")
    endpoint = desk.endpoint("half-characters/kept")
    (error,), spent = ask(desk, record, endpoint, question("a \ud800", schema=PLACE), run_id=run_id)
    assert isinstance(error, AnswerError)
    assert [call.usage.calls for call in record.calls(run_id)] == [1, 1]
    assert spent.calls == 2


def test_a_ceiling_stops_calls_before_they_are_sent(desk: Desk, record: Record) -> None:
    run_id, model = record.begin("4"), "plain/ceiling"
    endpoint = desk.endpoint(model, Settings(concurrency=8))
    requests = [question(sample=number) for number in range(6)]
    answers, spent = ask(desk, record, endpoint, *requests, run_id=run_id, budget=Budget(tokens=300))
    stopped = [answer for answer in answers if isinstance(answer, BudgetExhaustedError)]
    assert len(stopped) + spent.calls == 6 > spent.calls > 0
    assert spent.tokens <= 300
    assert desk.counts(model)["requests"] == spent.calls == len(record.calls(run_id))
