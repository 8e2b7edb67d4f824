"""Runs in the store: settings, calls, passages and results, as they were kept."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, delete, update
from store_samples import TickingClock

from hitl_app.domain.errors import AmbiguousIdError, NotFoundError, StoreError
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.loss import Count, LossVector
from hitl_app.domain.model import ChatMessage, ModelCall, ToolCall, Usage
from hitl_app.domain.run import (
    Arm,
    Budget,
    GateName,
    Passage,
    Run,
    RunSettings,
    RunStatus,
    Stage,
    TaskResult,
    TaskStatus,
)
from hitl_app.store import SqliteStore, open_store, tables

SETTINGS = RunSettings(
    "refine",
    ("a" * 64, "b" * 64),
    proposer="model",
    model="m-1",
    base_url="http://localhost/v1",
    budget=Budget(3, 1000, 0.5, 60.0),
    arm=Arm.HUMAN,
    samples=2,
    concurrency=3,
    without=frozenset({Stage.PLAN, Stage.VERIFY}),
    detail={"step": 4, "user": "recorded"},
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    store = open_store(tmp_path_factory.mktemp("store") / "desk.db", TickingClock())
    yield store
    store.close()


def started(store: SqliteStore, run_id: str = "") -> Run:
    run = Run(run_id or uuid4().hex, SETTINGS, RunStatus.RUNNING, "2026-01-31T12:00:00.000000+00:00")
    store.add_run(run)
    return run


def call(question: str = "Why?", *, usage: Usage = Usage(1, 20, 5), error: str = "", answer: str = "So.") -> ModelCall:
    said = (
        ChatMessage("system", "Be brief."),
        ChatMessage("user", question),
        ChatMessage("assistant", calls=(ToolCall("look", {"id": [1, None, "上"]}, "call_1"),)),
        ChatMessage("tool", "found", call_id="call_1"),
    )
    raw: JsonObject = {} if error else {"text": answer, "calls": [], "finish": "stop"}
    return ModelCall("evolve", "evolve/1-abc", "m-1", said, {"temperature": 0.5, "sample": 0}, raw, usage, error=error)


def test_a_run_is_found_by_the_first_digits_of_its_id_as_it_was_started(store: SqliteStore) -> None:
    run = started(store, "feed0" + "1" * 27)
    started(store, "feed1" + "1" * 27)
    assert store.run("feed0") == store.run(run.id) == run
    with pytest.raises(AmbiguousIdError):
        store.run("feed")
    with pytest.raises(NotFoundError, match="no run"):
        store.run("0123456789")


def test_runs_are_listed_newest_first_with_their_results_and_usage(store: SqliteStore) -> None:
    older, newer = started(store), started(store)
    store.save_call(older.id, call())
    result = TaskResult("a" * 64, "7 Cancel", TaskStatus.VERIFIED, "every goal holds")
    store.save_results(newer.id, [result])
    store.end_run(older.id, RunStatus.ENDED, "2026-01-31T13:00:00.000000+00:00")
    first, second = store.runs()[:2]
    assert first == replace(newer, results=(result,))
    ended = replace(older, status=RunStatus.ENDED, ended_at="2026-01-31T13:00:00.000000+00:00")
    assert second == replace(ended, usage=Usage(1, 20, 5))


def test_how_a_task_ended_takes_the_place_of_what_was_known_of_it_before(store: SqliteStore) -> None:
    run = started(store)
    losses = LossVector(hard_constraints=Count(1, 3), goal=Count(0, 2))
    cancelled = TaskResult("a" * 64, "7", TaskStatus.CANCELLED, "it was cancelled")
    other = TaskResult("a" * 64, "7", TaskStatus.FAILED, "an error", error="no", method="best_of_n")
    again = TaskResult("a" * 64, "7", TaskStatus.UNVERIFIED, "done", losses, losses, "b" * 64, 2, 9, Usage(1), 1.5)
    elsewhere = replace(cancelled, start_id="c" * 64)
    for results in ([cancelled], [elsewhere], [again, other]):
        store.save_results(run.id, results)
    assert store.run(run.id).results == (elsewhere, again, other)


def test_a_call_is_found_again_by_what_was_asked_in_its_own_run_alone(store: SqliteStore) -> None:
    run, other = started(store), started(store)
    first, second = call(answer="one"), call(answer="two")
    assert store.find_call(run.id, first.key) is None
    for kept in (call(error="it broke"), first, second, call("How?")):
        store.save_call(run.id, kept)
    assert first.key == second.key
    assert store.find_call(run.id, first.key) == first
    assert store.find_call(other.id, first.key) is None


def test_calls_and_passages_come_in_the_order_in_which_they_were_kept(store: SqliteStore) -> None:
    run, other = started(store), started(store)
    calls = [call(f"Question {number}") for number in range(230)]
    passages = [
        Passage(GateName.EVOLVE, "a" * 64, number, "ann", 2.5, {"kept": [0]}, Usage(1, 2, 3, measured=False, usd=None))
        for number in range(3)
    ]
    for kept in calls:
        store.save_call(run.id, kept)
    for passage in passages:
        store.save_passage(run.id, passage)
    store.save_call(other.id, calls[0])
    assert list(store.calls(run.id)) == [(run.id, kept) for kept in calls]
    assert list(store.calls())[-231:] == [*((run.id, kept) for kept in calls), (other.id, calls[0])]
    assert list(store.passages(run.id)) == [(run.id, passage) for passage in passages]
    assert list(store.passages(other.id)) == []


def test_the_caller_may_write_between_two_calls_that_it_reads(store: SqliteStore) -> None:
    run = started(store)
    store.save_call(run.id, call())
    for _, kept in store.calls(run.id):
        if kept.messages[1].text == "Why?":
            store.save_call(run.id, call("And then?"))
    assert len(list(store.calls(run.id))) == 2


@given(
    st.lists(
        st.tuples(
            st.integers(0, 10**6),
            st.integers(0, 10**6),
            st.booleans(),
            st.none() | st.integers(0, 10**6).map(lambda number: number / 2**10),
            st.booleans(),
        ),
        max_size=6,
    )
)
@settings(max_examples=25, deadline=None)
def test_a_runs_usage_is_the_sum_of_all_its_calls_failed_ones_too(
    store: SqliteStore, spent: list[tuple[int, int, bool, float | None, bool]]
) -> None:
    run, total = started(store), Usage()
    for tokens_in, tokens_out, measured, usd, failed in spent:
        usage = Usage(1, tokens_in, tokens_out, measured, usd)
        total += usage
        store.save_call(run.id, call(usage=usage, error="broken" if failed else ""))
    assert store.run(run.id).usage == total


def test_what_belongs_to_no_run_is_refused(store: SqliteStore) -> None:
    with pytest.raises(NotFoundError, match="no run"):
        store.save_call("0" * 32, call())
    with pytest.raises(NotFoundError, match="no run"):
        store.end_run("0" * 32, RunStatus.ENDED, "")


@pytest.mark.parametrize("table", [tables.model_call, tables.gate_passage], ids=str)
def test_calls_and_passages_cannot_be_altered(tmp_path: Path, table: Table) -> None:
    store = open_store(tmp_path / "desk.db", TickingClock())
    run = started(store)
    store.save_call(run.id, call())
    store.save_passage(run.id, Passage(GateName.PLAN, "a" * 64, 0, "ann", 1.0))
    for change in (update(table).values(document="{}"), delete(table)):
        with pytest.raises(StoreError, match="never altered"), store._write() as connection:  # past the store's methods
            connection.execute(change)
    assert len(list(store.calls())) == len(list(store.passages())) == 1
    store.close()
