from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update
from sqlmodel import SQLModel
from store_samples import TickingClock, accept, add_run, inspect, make_run, make_task, measured, revise

from hitl_app.domain.codec import inspection_to_json
from hitl_app.domain.errors import AmbiguousIdError, NotFoundError, StoreError
from hitl_app.domain.hunk import Hunk, Operator
from hitl_app.domain.inspection import (
    ExecutedStep,
    Execution,
    Finding,
    FindingKind,
    Inspection,
    Observation,
    StepStatus,
)
from hitl_app.domain.jsontypes import Json
from hitl_app.domain.library import ImportedRun
from hitl_app.domain.loss import Count, LossVector
from hitl_app.domain.ports import ImportCounts
from hitl_app.domain.proposal import Cost, Proposal
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import PlanStep, Recorded, Source, Step, StepKind, Trajectory, action, message
from hitl_app.store import SqliteStore, open_store
from hitl_app.store.records import encode, inspection_from_text, inspection_to_text

texts = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from("\0\x01\x1f\x7f\r\n\t\"'\\%_航班预订🛫👩‍👩‍👧\u2028\ufeff\ufffd\u202e"),
    ),
    max_size=12,
)
values: st.SearchStrategy[Json] = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.integers(min_value=-(10**40), max_value=10**40),
        st.floats(allow_nan=False, allow_infinity=False),
        texts,
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=8,
)
objects = st.dictionaries(texts, values, max_size=3)
small = st.none() | st.integers(0, 50)
steps = st.builds(
    Step,
    st.sampled_from(StepKind),
    role=texts,
    text=texts,
    tool=texts,
    arguments=objects,
    thought=texts,
    expected=st.none() | st.builds(Recorded, texts, st.booleans()),
    turn=small,
    plan_step=small,
)
sources = st.builds(
    Source,
    texts,
    st.integers(0, 99),
    texts,
    texts,
    texts,
    small,
    outcome=objects,
    extra=objects,
    synthetic=st.booleans(),
)
tools = st.builds(ToolSpec, texts, texts, objects)
tasks = st.builds(
    Task, texts, texts, texts, texts, texts, texts, st.lists(tools, max_size=2).map(tuple), objects, st.booleans()
)


@st.composite
def runs(draw: st.DrawFn) -> ImportedRun:
    task = draw(tasks)
    trajectory = Trajectory(
        task.id,
        draw(st.lists(steps, max_size=4).map(tuple)),
        plan=draw(st.lists(st.builds(PlanStep, texts, texts, texts), max_size=2).map(tuple)),
        parent_id=draw(st.none() | st.just("ab" * 32)),
        source=draw(st.none() | sources),
        carried_over=frozenset(draw(st.sets(st.integers(0, 4)))),
        author=draw(texts),
    )
    return ImportedRun(task, trajectory)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = open_store(tmp_path / "library.db", TickingClock())
    yield store
    store.close()


@settings(max_examples=40, deadline=None)
@given(run=runs())
def test_whatever_is_recorded_comes_back_as_it_was(run: ImportedRun) -> None:
    with TemporaryDirectory() as folder, closing(open_store(Path(folder) / "library.db", TickingClock())) as store:
        store.add_runs([run])
        task, trajectory = store.task(run.task.id), store.trajectory(run.trajectory.id)
    assert (task, trajectory) == (run.task, run.trajectory)
    # Python's == takes 1 for true and for 1.0; content hashes do not.
    assert (task.id, trajectory.id) == (run.task.id, run.trajectory.id)


def test_arguments_keep_the_order_in_which_they_were_written(store: SqliteStore) -> None:
    trajectory = add_run(store, steps=[action("book", {"to": "Rome", "from": "Bern"})])
    assert list(store.trajectory(trajectory.id).steps[0].arguments) == ["to", "from"]


def test_half_a_character_is_refused_and_nothing_of_the_batch_is_kept(store: SqliteStore) -> None:
    good, bad = make_run(1), make_run(2, steps=[message("broken \ud83d here")])
    with pytest.raises(StoreError, match=r"half a character.*U\+FFFD"):
        store.add_runs([good, bad])
    assert list(store.root_ids()) == []
    with pytest.raises(NotFoundError):
        store.task(good.task.id)


def test_a_number_that_is_too_large_for_a_column_is_refused(store: SqliteStore) -> None:
    with pytest.raises(StoreError, match="too large"):
        store.add_runs([make_run(steps=[replace(message("x"), turn=2**63)])])
    assert list(store.root_ids()) == []


def test_importing_the_same_runs_again_adds_nothing(store: SqliteStore) -> None:
    batch = [make_run(number, make_task(str(number % 2))) for number in range(4)]
    assert store.add_runs([*batch, batch[0]]) == ImportCounts(2, 4, 1)
    renamed = replace(
        batch[1].trajectory, source=replace(make_run(1).trajectory.source or Source("", 0), file="b.json")
    )
    assert store.add_runs([*batch, ImportedRun(batch[1].task, renamed)]) == ImportCounts(0, 0, 5)
    assert list(store.root_ids()) == [run.trajectory.id for run in batch]


def test_more_runs_than_one_query_can_name_are_all_found_again(store: SqliteStore) -> None:
    batch = [make_run(number) for number in range(1200)]
    assert store.add_runs(batch) == ImportCounts(1, 1200, 0)
    assert store.add_runs(batch) == ImportCounts(0, 0, 1200)
    assert list(store.root_ids()) == [run.trajectory.id for run in batch]


def test_an_empty_batch_adds_nothing(store: SqliteStore) -> None:
    assert store.add_runs([]) == ImportCounts(0, 0, 0)


def test_a_revision_is_not_taken_for_a_recording(store: SqliteStore) -> None:
    run = make_run()
    with pytest.raises(StoreError, match="is a revision"):
        store.add_runs([ImportedRun(run.task, revise(run.trajectory, "other"))])


@pytest.mark.parametrize("table", ["task", "trajectory", "step", "proposal", "decision"])
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE"])
def test_the_record_cannot_be_altered(store: SqliteStore, table: str, verb: str) -> None:
    base = add_run(store)
    store.save_proposal(Proposal(base.id, (), "repair/1"))
    accept(store, base, revise(base, "other"))
    rows = SQLModel.metadata.tables[table]
    column = rows.primary_key.columns[0]
    statement = update(rows).values({column: column + 1}) if verb == "UPDATE" else delete(rows)
    with pytest.raises(StoreError, match="never altered"), store._write() as connection:
        connection.execute(statement)


def test_an_id_is_found_by_its_first_digits(store: SqliteStore) -> None:
    trajectory = add_run(store)
    assert store.resolve(trajectory.id[:8]) == trajectory.id
    assert store.resolve(trajectory.id[:8].upper()) == trajectory.id
    assert store.resolve(trajectory.id) == trajectory.id


@pytest.mark.parametrize("prefix", ["", "abc", "zzzz", "%%%%", "0' OR 1=1", "f" * 65])
def test_an_id_that_nothing_has_is_said_to_be_missing(store: SqliteStore, prefix: str) -> None:
    add_run(store)
    with pytest.raises(NotFoundError, match=r"too short|no trajectory"):
        store.resolve(prefix)


def test_an_id_that_fits_several_asks_for_more_digits(store: SqliteStore) -> None:
    store.add_runs([make_run(number) for number in range(700)])
    ids = sorted(store.root_ids())
    shared = next(one[:4] for one, other in pairwise(ids) if one[:4] == other[:4])
    with pytest.raises(AmbiguousIdError, match="more digits"):
        store.resolve(shared)


def test_unknown_ids_are_reported_as_missing(store: SqliteStore) -> None:
    run = make_run()
    for look_up in (store.task, store.trajectory, store.row, store.proposal):
        with pytest.raises(NotFoundError):
            look_up("0" * 64)
    with pytest.raises(NotFoundError):
        store.entry(1)
    with pytest.raises(NotFoundError):
        store.save_inspection(inspect(run.trajectory))
    with pytest.raises(NotFoundError):
        store.save_proposal(Proposal(run.trajectory.id, (), "repair/1"))
    assert store.inspection(run.trajectory.id) is None


def test_the_newest_inspection_is_the_one_that_is_kept(store: SqliteStore) -> None:
    trajectory = add_run(store)
    assert store.row(trajectory.id).losses is None
    store.save_inspection(inspect(trajectory, measured(goal=3), ["first", "second"]))
    observation = Observation("航班\0🛫", failed=True, state="s1", changed=("a", "b"), error="")
    newest = Inspection(
        Execution(trajectory.id, "tau2", "2", (ExecutedStep(StepStatus.FAILED, observation, True, False),)),
        LossVector(goal=Count(1, 2), feasibility=Count(1, 1)),
        (Finding("database", FindingKind.GOAL, False, "d", "e", "o", "step 0", (0,), True),),
        seconds=0.5,
    )
    store.save_inspection(newest)
    assert store.inspection(trajectory.id) == newest
    row = store.row(trajectory.id)
    assert (row.losses, row.verified, row.gradients) == (newest.losses, False, 0)


def test_proposals_come_back_newest_first_and_once(store: SqliteStore) -> None:
    base = add_run(store)
    hunk = Hunk(Operator.REPLACE, 2, 3, base.steps[2:], (message("Sorry 🙏"),), None, ("g1",), "why")
    older = Proposal(
        base.id,
        (hunk,),
        "repair/1",
        Cost(3, 9, 0.5, 1, 2, 3, 0.01),
        measured(goal=1),
        ("tried it",),
        {"beam": [1, None]},
    )
    newer = Proposal(base.id, (), "repair/1")
    for proposal in (older, newer, older):
        store.save_proposal(proposal)
    assert store.proposals(base.id) == (newer, older)
    assert store.proposal(older.id) == older
    assert store.resolve_proposal(older.id[:6]) == older.id


def test_tools_drafts_and_preferences_keep_what_was_put_last(store: SqliteStore) -> None:
    tools = (ToolSpec("b", "books", {"type": "object", "properties": {"z": {}, "a": {}}}), ToolSpec("a"))
    assert store.tools("tau2", "airline") == ()
    store.save_tools("tau2", "airline", ())
    store.save_tools("tau2", "airline", tools)
    assert store.tools("tau2", "airline") == tools
    assert store.tools("tau2", "retail") == ()

    store.save_draft("base", {"text": "one"})
    store.save_draft("base", {"text": "two", "big": 10**30})
    assert store.draft("base") == {"text": "two", "big": 10**30}
    store.delete_draft("base")
    store.delete_draft("base")
    assert store.draft("base") is None

    assert store.preference("window") is None
    store.set_preference("window", {"width": 1})
    store.set_preference("window", {"width": 2})
    assert store.preference("window") == {"width": 2}


def test_an_inspection_of_an_older_store_is_read_with_its_steps() -> None:
    found = inspect(make_run().trajectory, measured(goal=1), ["wrong"])
    assert inspection_from_text(encode(inspection_to_json(found))) == found
    assert inspection_from_text(inspection_to_text(found)) == found
