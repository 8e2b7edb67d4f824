from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_samples import TickingClock, accept, add_run, decide, inspect, make_run, make_task, measured, revise

from hitl_app.domain.decision import ReviewStatus
from hitl_app.domain.inspection import Finding, FindingKind
from hitl_app.domain.library import ImportedRun, QueueOrder
from hitl_app.domain.loss import Count, LossVector
from hitl_app.domain.query import Field, FieldTerm, parse_query
from hitl_app.domain.trajectory import Recorded, Source, Trajectory, action, message
from hitl_app.store import SqliteStore, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = open_store(tmp_path / "library.db", TickingClock())
    yield store
    store.close()


def found(store: SqliteStore, query: str) -> list[str]:
    terms = parse_query(query)
    page = store.queue(terms)
    ids = [row.root_id for row in page.rows]
    assert list(store.root_ids(terms)) == ids
    assert page.total == len(ids)
    return ids


def test_a_row_shows_the_lineage_with_its_heads_losses(store: SqliteStore) -> None:
    base = add_run(store, model="gpt-x")
    store.save_inspection(inspect(base, measured(goal=2), ["late"]))
    candidate = revise(base, "Sorry")
    accept(store, base, candidate, measured(goal=1))
    row = store.row(base.id)
    assert (row.root_id, row.head_id, row.status, row.revisions) == (base.id, candidate.id, ReviewStatus.EDITED, 1)
    assert (row.title, row.task_key, row.environment, row.domain) == ("Change booking 7", "7", "tau2", "airline")
    assert (row.model, row.steps, row.losses, row.gradients) == ("gpt-x", 3, measured(goal=1), 0)
    assert store.queue().rows == (row,)


def test_pages_follow_the_order_of_import_and_count_all(store: SqliteStore) -> None:
    runs = [add_run(store, number) for number in range(7)]
    store.record(decide(runs[3], status_after=ReviewStatus.FLAGGED))
    page = store.queue(limit=3, offset=2)
    assert [row.root_id for row in page.rows] == [run.id for run in runs[2:5]]
    assert (page.total, page.pending) == (7, 6)
    assert store.queue(limit=3, offset=50).rows == ()


def test_worst_first_sorts_by_the_order_of_losses_and_puts_the_unmeasured_last(store: SqliteStore) -> None:
    losses = [
        None,
        measured(discrepancy=9),
        LossVector(goal=Count(1, 5)),
        measured(hard=1, goal=1),
        LossVector(),
        measured(goal=1, feasibility=1),
        measured(),
        measured(soft=1),
    ]
    runs = [add_run(store, number) for number in range(len(losses))]
    for run, vector in zip(runs, losses, strict=True):
        if vector is not None:
            store.save_inspection(inspect(run, vector))
    page = store.queue(order=QueueOrder.WORST_FIRST)
    assert [runs.index(store.trajectory(row.root_id)) for row in page.rows] == [3, 5, 2, 7, 1, 6, 0, 4]
    assert page.rows[-2].losses is None
    assert page.rows[-1].losses == LossVector()
    store.save_inspection(inspect(runs[0], measured(hard=9)))
    assert store.queue(order=QueueOrder.WORST_FIRST).rows[0].root_id == runs[0].id
    page = store.queue(parse_query("loss.goal>0"), QueueOrder.WORST_FIRST, limit=1, offset=1)
    assert [row.root_id for row in page.rows] == [runs[5].id]


def test_every_field_filters_and_a_minus_turns_it_round(store: SqliteStore) -> None:
    one = add_run(store, 1, task=make_task("A-1", title="Refund a hat"), model="gpt-4o-mini")
    two = add_run(store, 2, task=make_task("b-2", environment="travel", domain=""), model="qwen")
    goal = Finding("database", FindingKind.GOAL, False)
    store.save_inspection(replace(inspect(one, measured(goal=2), ["The refund is MISSING"]), findings=(goal,)))
    store.save_inspection(replace(inspect(two, LossVector(goal=Count(0, 1))), findings=(replace(goal, met=True),)))
    run = make_run(3)
    elsewhere = replace(run.trajectory, source=Source("logs/c.json", 4, format="atif", trial=2))
    store.add_runs([replace(run, trajectory=elsewhere)])
    three = store.trajectory(elsewhere.id)
    store.record(decide(three, status_after=ReviewStatus.SKIPPED))
    row = store.row(three.id)
    assert (row.file, row.index, row.trial) == ("logs/c.json", 4, 2)
    expected = {
        "env:tau2": [one, three],
        "domain:airline": [one, three],
        "task:a-1": [one],
        "task:HAT": [one],
        "model:gpt": [one],
        "format:tau2": [one, two],
        "format:atif": [three],
        "file:RUNS.json": [one, two],
        "file:logs/": [three],
        "status:pending": [one, two],
        "status:skipped": [three],
        "inspected:yes": [one, two],
        "inspected:no": [three],
        "verified:yes": [two],
        "verified:no": [one],
        "verified:unknown": [three],
        'gradient:"refund is missing"': [one],
        "gradient:re": [one],
        "loss.goal>0": [one],
        "loss.goal>=0": [one, two],
        "loss.goal<1": [two],
        "loss.goal<=2": [one, two],
        "loss.goal=2": [one],
        f"loss.goal<{10**30}": [one, two],
        "loss.soft_constraints=0": [one],
    }
    for query, trajectories in expected.items():
        assert found(store, query) == [t.id for t in trajectories], query
        others = [t.id for t in (one, two, three) if t not in trajectories]
        assert found(store, f"-{query}") == others, f"-{query}"
    assert found(store, "env:tau2 -task:hat status:skipped") == [three.id]


def a_library(store: SqliteStore) -> dict[str, Trajectory]:
    library = {
        "task": add_run(store, 1, task=make_task("x", instruction="Rebook for Zanzibar")),
        "message": add_run(store, 2, steps=[message("我要改签航班，谢谢")]),
        "tool": add_run(store, 3, steps=[action("get_reservation_details", {"id": "HATHAT"})]),
        "observation": add_run(store, 4, steps=[action("look", {}, expected=Recorded('50% of "x_y" \\ fee'))]),
        "thought": add_run(store, 5, steps=[action("look", {}, thought="naïve 🛫🛬🛩 plan")]),
        "gradient": add_run(store, 6),
        "revision": add_run(store, 7),
    }
    store.save_inspection(inspect(library["gradient"], critiques=["Charged twice, 重复收费了"]))
    base = library["revision"]
    accept(store, base, revise(base, "Apologies, quokka"))
    return library


WORDS = {
    "zanzibar": "task",
    "anzib": "task",
    "改签航班": "message",
    "航班": "message",
    "签": "message",
    "reservation_det": "tool",
    "hathat": "tool",
    '"50% of"': "observation",
    "x_y": "observation",
    "\\": "observation",
    "🛫🛬🛩": "thought",
    "🛬": "thought",
    "naïve": "thought",
    "twice": "gradient",
    "重复收费": "gradient",
    "收费": "gradient",
    "quokka": "revision",
}


@pytest.mark.parametrize("indexed", [False, True])
def test_text_is_found_wherever_it_stands_indexed_or_not(store: SqliteStore, indexed: bool) -> None:
    library = a_library(store)
    add_run(store, 8, steps=[message("nothing of it, 50 of xAy")])
    if indexed:
        while store.index_text(3):
            pass
    for word, where in WORDS.items():
        assert found(store, word) == [library[where].id], word
    assert found(store, "zanzibar quokka") == []
    assert len(found(store, "-zanzibar")) == len(library)


def test_an_inspection_that_is_replaced_is_not_found_any_more(store: SqliteStore) -> None:
    run = add_run(store)
    store.save_inspection(inspect(run, critiques=["unicorn"]))
    store.save_inspection(inspect(run, critiques=["dragon"]))
    assert found(store, "unicorn") == []
    assert found(store, "gradient:dragon") == [run.id]


def test_indexing_ends_and_says_how_many_it_took(store: SqliteStore) -> None:
    for number in range(5):
        add_run(store, number)
    assert [store.index_text(2) for _ in range(4)] == [2, 2, 1, 0]


SYNTAX = [
    *('"', '""', "(", ")", "-", "%", "_", "\0abc", "a\0bcd"),
    *("a AND b", "NOT xyz", "words:x", "abc*", "^abc", "NEAR(abc def)", "'; DROP TABLE task; --"),
]


@pytest.fixture(scope="module")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SqliteStore, SqliteStore]]:
    """One without and one with a full-text index."""
    plain, indexed = (open_store(tmp_path_factory.mktemp("q") / "library.db", TickingClock()) for _ in range(2))
    for store in (plain, indexed):
        a_library(store)
    indexed.index_text(100)
    yield plain, indexed
    plain.close()
    indexed.close()


@settings(max_examples=40, deadline=None)
@given(value=st.one_of(st.sampled_from(SYNTAX), st.text(st.characters(codec="utf-8"), max_size=40)))
def test_no_text_is_taken_for_syntax(libraries: tuple[SqliteStore, SqliteStore], value: str) -> None:
    fields: tuple[Field, ...] = ("text", "gradient", "task", "model")
    for field in fields:
        plain, indexed = (list(store.root_ids([FieldTerm(field, (value,))])) for store in libraries)
        assert plain == indexed
        assert list(libraries[1].root_ids([FieldTerm(field, (f"☃{value}☃",))])) == []


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=30), data=st.data())
def test_every_part_of_a_message_finds_it(indexed_notes: SqliteStore, text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    part = text[start : data.draw(st.integers(start + 1, len(text)))]
    task = make_task()
    run = Trajectory(task.id, (message(f"…{text}…"),), source=Source("f", 0, record_id=text))
    indexed_notes.add_runs([ImportedRun(task, run)])
    indexed_notes.index_text(1000)
    assert run.id in set(indexed_notes.root_ids([FieldTerm("text", (part,))]))


@pytest.fixture(scope="module")
def indexed_notes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    store = open_store(tmp_path_factory.mktemp("notes") / "library.db", TickingClock())
    yield store
    store.close()


def test_alternatives_counts_and_totals_filter(store: SqliteStore) -> None:
    one, two = add_run(store, 1), add_run(store, 2)
    store.save_inspection(inspect(one, measured(goal=2, soft=1)))
    store.save_inspection(inspect(two, LossVector()))
    candidate = revise(two, "Sorry")
    accept(store, two, candidate, LossVector())
    expected = {
        "status:edited,pending": [one, two],
        "-status:edited,flagged": [one],
        'task:"nothing","booking 1"': [],
        "loss.total=3": [one],
        "loss.total!=3": [],
        "loss.total>=0": [one],
        "revisions=0": [one],
        "revisions>0": [two],
        f"steps!={len(candidate.steps)}": [one] if len(one.steps) != len(candidate.steps) else [],
        f"steps>={len(candidate.steps)}": [
            run for run in (one, two) if run is two or len(one.steps) >= len(candidate.steps)
        ],
    }
    assert {query: found(store, query) for query in expected} == {
        query: [run.id for run in runs] for query, runs in expected.items()
    }
