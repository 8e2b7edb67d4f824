import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from shutil import copyfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_samples import ANNOTATOR, TickingClock, accept, add_run, decide, inspect, make_run, measured, revise, undo

from hitl_app.domain.decision import GENESIS, DecisionKind, LedgerReport, ReviewStatus, entry_hash
from hitl_app.domain.errors import NotFoundError, StoreError
from hitl_app.domain.proposal import Proposal
from hitl_app.exchange.examples import lineages
from hitl_app.store import SqliteStore, open_store
from hitl_app.workflow.exporting import StoredRecord

ENTRIES = 6


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = open_store(tmp_path / "library.db", TickingClock())
    yield store
    store.close()


def test_each_entry_carries_the_hash_of_the_one_before(store: SqliteStore) -> None:
    base = add_run(store)
    made = [store.record(decide(base, reason=f"航班 {number}\0", detail={"n": 10**30})) for number in range(3)]
    assert [entry.sequence for entry in made] == [1, 2, 3]
    previous = GENESIS
    for entry in store.entries():
        assert entry == made[entry.sequence - 1] == store.entry(entry.sequence)
        assert entry.previous_hash == previous
        assert entry.hash == entry_hash(entry.sequence, entry.decision.payload(), previous)
        previous = entry.hash
    assert store.check_ledger() == LedgerReport(3, previous)


def test_an_empty_ledger_is_sound(store: SqliteStore) -> None:
    assert store.check_ledger() == LedgerReport(0, GENESIS)


def test_a_decision_keeps_everything_that_it_says(store: SqliteStore) -> None:
    base = add_run(store)
    proposal = Proposal(base.id, (), "repair/1")
    store.save_proposal(proposal)
    candidate = revise(base, "other")
    decision = decide(
        base,
        DecisionKind.ACCEPT,
        candidate_id=candidate.id,
        proposal_id=proposal.id,
        kept_hunks=(0, 2),
        accepted=True,
        rule="improves",
        override=True,
        lateral=True,
        seconds=1.5,
        head_before=base.id,
        head_after=candidate.id,
        status_after=ReviewStatus.APPROVED,
        detail={"blame": [1, None, {"x": True}]},
    )
    entry = store.record(decision, candidate, inspect(candidate, measured(goal=1)))
    assert store.entry(1) == entry
    assert entry.decision == decision


def test_a_decision_with_its_candidate_is_kept_whole_or_not_at_all(store: SqliteStore) -> None:
    base = add_run(store)
    candidate = revise(base, "other")
    judging = decide(base, candidate_id=candidate.id)
    with_candidate = [replace(judging, proposal_id="0" * 64), replace(judging, head_after="0" * 64)]
    alone = [
        decide(base, candidate_id="0" * 64),
        decide(base, base_id="0" * 64),
        decide(base, root_id="0" * 64),
        decide(base, undoes=7),
    ]
    for decision in with_candidate:
        with pytest.raises(NotFoundError):
            store.record(decision, candidate, inspect(candidate))
        with pytest.raises(NotFoundError):
            store.trajectory(candidate.id)
    for decision in alone:
        with pytest.raises(NotFoundError):
            store.record(decision)
    assert store.check_ledger().entries == 0
    assert store.row(base.id).status is ReviewStatus.PENDING


def test_a_decision_names_the_recording_and_not_a_revision(store: SqliteStore) -> None:
    base = add_run(store)
    candidate = revise(base, "other")
    accept(store, base, candidate)
    with pytest.raises(NotFoundError, match="is a revision"):
        store.record(decide(base, root_id=candidate.id))


def test_a_candidate_that_the_decision_does_not_name_is_refused(store: SqliteStore) -> None:
    base = add_run(store)
    with pytest.raises(ValueError, match="not about candidate"):
        store.record(decide(base), revise(base, "other"))
    assert store.check_ledger().entries == 0


def test_an_entry_of_another_lineage_is_left_out(store: SqliteStore) -> None:
    one, two = add_run(store, 1), add_run(store, 2)
    for base in (one, two, one):
        store.record(decide(base))
    assert [entry.sequence for entry in store.entries(one.id)] == [1, 3]
    assert [entry.sequence for entry in store.entries()] == [1, 2, 3]


def test_entries_are_streamed_past_what_is_written_meanwhile(store: SqliteStore) -> None:
    runs = [make_run(number) for number in range(210)]
    store.add_runs(runs)
    store.record_all([decide(run.trajectory) for run in runs])
    seen = []
    for entry in store.entries():
        seen.append(entry.sequence)
        if entry.sequence % 70 == 0:
            store.save_draft(runs[0].trajectory.id, {"at": entry.sequence})
    assert seen == list(range(1, 211))


def test_an_undo_restores_the_head_and_the_revision_stays_listed(store: SqliteStore) -> None:
    base = add_run(store)
    store.save_inspection(inspect(base, measured(goal=3)))
    candidate = revise(base, "other")
    entry = accept(store, base, candidate, measured(goal=1))
    assert store.row(base.id).losses == measured(goal=1)
    undo(store, entry)
    row = store.row(base.id)
    assert (row.head_id, row.status, row.losses, row.revisions) == (base.id, ReviewStatus.PENDING, measured(goal=3), 1)
    assert [revision.trajectory for revision in store.revisions(base.id)] == [base, candidate]
    with pytest.raises(StoreError, match="already undone"):
        undo(store, entry)


def test_revisions_are_the_recording_and_each_judged_candidate_once(store: SqliteStore) -> None:
    base = add_run(store)
    first, second = revise(base, "first"), revise(base, "second")
    entries = [accept(store, base, candidate) for candidate in (first, second, first)]
    store.record(decide(base))
    revisions = store.revisions(base.id)
    assert [(r.number, r.trajectory, r.entry) for r in revisions] == [
        (0, base, None),
        (1, first, entries[2]),
        (2, second, entries[1]),
    ]
    assert [r.inspection for r in revisions] == [None, inspect(first), inspect(second)]
    assert store.check_ledger().sound


def test_what_was_judged_comes_with_all_that_an_export_needs(store: SqliteStore) -> None:
    run = make_run()
    store.add_runs([run])
    base = run.trajectory
    store.save_inspection(inspect(base, measured(goal=3)))
    kept, refused = revise(base, "kept"), revise(base, "refused")
    store.record(decide(base))
    accept(store, base, kept)
    rejection = decide(base, DecisionKind.REJECT, candidate_id=refused.id, accepted=False)
    store.record(rejection, refused, inspect(refused, measured(goal=4)))
    (lineage,) = lineages(StoredRecord(store))
    judged = list(lineage.judged())
    assert [j.entry.sequence for j in judged] == [2, 3]
    assert [j.candidate for j in judged] == [kept, refused]
    assert [j.candidate_inspection for j in judged] == [inspect(kept), inspect(refused, measured(goal=4))]
    assert (lineage.task.id, {j.base.id for j in judged}) == (run.task.id, {base.id})
    assert judged[0].base_inspection == inspect(base, measured(goal=3))
    undo(store, judged[0].entry)
    (lineage,) = lineages(StoredRecord(store))
    assert [j.entry.sequence for j in lineage.judged()] == [3]


def test_the_newest_decision_that_can_be_undone_is_ones_own(store: SqliteStore) -> None:
    base = add_run(store)
    assert store.last_undoable(ANNOTATOR) is None
    first, second = store.record(decide(base)), store.record(decide(base))
    store.record(decide(base, annotator="bob"))
    assert store.last_undoable(ANNOTATOR) == second
    undo(store, second)
    assert store.last_undoable(ANNOTATOR) == first
    undo(store, first)
    assert store.last_undoable(ANNOTATOR) is None


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed store with decisions on two lineages."""
    path = tmp_path_factory.mktemp("ledger") / "library.db"
    store = open_store(path, TickingClock())
    bases = [add_run(store, 1), add_run(store, 2)]
    for number in range(ENTRIES):
        base = bases[number % 2]
        candidate = revise(base, f"answer {number}")
        accept(store, base, candidate, measured(goal=number))
    assert store.check_ledger().sound
    store.close()
    return path


Tampering = tuple[str, tuple[object, ...]]


def tampered(ledger: Path, *statements: Tampering) -> LedgerReport:
    """The report on a copy that somebody altered behind the store's back."""
    path = ledger.with_name("tampered.db")
    copyfile(ledger, path)
    with closing(sqlite3.connect(path)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement, values in statements:
            connection.execute(statement, values)
        connection.commit()
    with closing(open_store(path, TickingClock())) as store:
        return store.check_ledger()


def rows_of(ledger: Path) -> dict[int, list[str]]:
    with closing(sqlite3.connect(ledger)) as connection:
        rows = connection.execute("SELECT sequence, payload, previous_hash, hash FROM decision").fetchall()
    return {sequence: columns for sequence, *columns in rows}


def put(sequence: int, row: list[str]) -> Tampering:
    return "UPDATE decision SET payload = ?, previous_hash = ?, hash = ? WHERE sequence = ?", (*row, sequence)


def test_an_untouched_copy_is_sound(ledger: Path) -> None:
    assert tampered(ledger).sound


numbers = st.integers(1, ENTRIES)


@settings(max_examples=60, deadline=None)
@given(
    number=numbers,
    column=st.integers(0, 2),
    position=st.integers(0, 2000),
    character=st.characters(codec="utf-8", exclude_characters="\0"),
)
def test_an_altered_entry_is_found(ledger: Path, number: int, column: int, position: int, character: str) -> None:
    row = rows_of(ledger)[number]
    old = row[column]
    position %= len(old)
    row[column] = old[:position] + character + old[position + 1 :]
    try:
        report = tampered(ledger, put(number, row))
    except sqlite3.OperationalError:
        assert column == 0  # the table takes nothing but JSON for a payload
    else:
        assert report.sound == (row[column] == old)


@settings(max_examples=20, deadline=None)
@given(number=numbers, new=st.integers(-3, ENTRIES + 3))
def test_an_entry_with_another_number_is_found(ledger: Path, number: int, new: int) -> None:
    if 1 <= new <= ENTRIES:
        return
    assert not tampered(ledger, ("UPDATE decision SET sequence = ? WHERE sequence = ?", (new, number))).sound


@pytest.mark.parametrize("number", range(1, ENTRIES + 1))
def test_a_missing_entry_is_found_wherever_it_was(ledger: Path, number: int) -> None:
    report = tampered(ledger, ("DELETE FROM decision WHERE sequence = ?", (number,)))
    assert (number, f"entry {number} is missing") in [(fault.sequence, fault.problem) for fault in report.faults]


def test_a_missing_tail_is_found_by_either_witness(ledger: Path) -> None:
    cut = ("DELETE FROM decision WHERE sequence > 4", ())
    hidden_head = ("UPDATE ledger_head SET (entries, hash) = (SELECT 4, hash FROM decision WHERE sequence = 4)", ())
    hidden_count = ("UPDATE sqlite_sequence SET seq = 4 WHERE name = 'decision'", ())
    for statements in ((cut,), (cut, hidden_head), (cut, hidden_count)):
        problems = [fault.problem for fault in tampered(ledger, *statements).faults]
        assert "entries 5 to 6 are missing" in problems


def test_a_missing_head_is_found_and_stops_further_decisions(ledger: Path, store: SqliteStore) -> None:
    assert not tampered(ledger, ("DELETE FROM ledger_head", ())).sound
    base = add_run(store)
    with store._write() as connection:
        connection.exec_driver_sql("DELETE FROM ledger_head")
    with pytest.raises(StoreError, match="ledger check"):
        store.record(decide(base))


@settings(max_examples=20, deadline=None)
@given(one=numbers, other=numbers, columns=st.integers(1, 3))
def test_reordered_entries_are_found(ledger: Path, one: int, other: int, columns: int) -> None:
    rows = rows_of(ledger)
    first, second = rows[one], rows[other]
    swapped = put(one, second[:columns] + first[columns:]), put(other, first[:columns] + second[columns:])
    assert {one, other} & {fault.sequence for fault in tampered(ledger, *swapped).faults} or one == other


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE step SET text = 'forged' WHERE trajectory_number = 3 AND step_index = 2", "altered"),
        ("UPDATE step SET arguments = 'no json' WHERE trajectory_number = 3 AND step_index = 1", "cannot be read"),
        ("UPDATE step SET observation = '{}' WHERE trajectory_number = 1 AND step_index = 1", "altered"),
        ("DELETE FROM step WHERE trajectory_number = 3 AND step_index = 2", "altered"),
        ('UPDATE trajectory SET plan = \'[{"step": "forged"}]\' WHERE number = 3', "altered"),
        ("UPDATE trajectory SET plan = '7' WHERE number = 3", "cannot be read"),
        ("UPDATE task SET document = replace(document, 'kind', 'rude')", "altered"),
        ("DELETE FROM trajectory WHERE number = 3", "missing"),
        ("DELETE FROM trajectory WHERE number = 1", "missing"),
    ],
)
def test_an_altered_or_missing_trajectory_is_found(ledger: Path, statement: str, problem: str) -> None:
    faults = tampered(ledger, (statement, ())).faults
    assert any("trajectory" in fault.problem and problem in fault.problem for fault in faults), faults


def test_a_decision_on_a_broken_entry_says_which_and_what_to_do(store: SqliteStore) -> None:
    base = add_run(store)
    store.record(decide(base))
    with store._write() as connection:
        connection.exec_driver_sql("DROP TRIGGER decision_no_UPDATE")
        connection.exec_driver_sql("UPDATE decision SET payload = '{}'")
    with pytest.raises(StoreError, match=r"entry 1 cannot be read .*ledger check"):
        store.entry(1)


def test_a_blank_head_means_what_was_decided_on(store: SqliteStore) -> None:
    base = add_run(store)
    candidate = revise(base, "other")
    accept(store, base, candidate)
    store.record(decide(base, base_id=candidate.id, status_after=ReviewStatus.FLAGGED))
    row = store.row(base.id)
    assert (row.head_id, row.status) == (candidate.id, ReviewStatus.FLAGGED)


def test_a_lineage_that_does_not_stand_where_the_ledger_put_it_is_found(tmp_path: Path) -> None:
    store = open_store(tmp_path / "desk.db", TickingClock())
    base = add_run(store)
    accept(store, base, revise(base, "better"))
    assert store.check_ledger().sound
    store.close()
    with sqlite3.connect(tmp_path / "desk.db") as raw:
        raw.execute("UPDATE lineage SET status = 'rejected'")
    raw.close()
    store = open_store(tmp_path / "desk.db", TickingClock())
    (fault,) = store.check_ledger().faults
    assert "does not stand where its entries put it" in fault.problem
    store.close()


def test_a_decision_on_what_was_decided_elsewhere_since_is_refused_whole(tmp_path: Path) -> None:
    store = open_store(tmp_path / "desk.db", TickingClock())
    base = add_run(store)
    accept(store, base, revise(base, "better"))
    late = decide(base, DecisionKind.SKIP, head_before=base.id, head_after=base.id, status_after=ReviewStatus.SKIPPED)
    with pytest.raises(StoreError, match="decided on elsewhere"):
        store.record(late)
    assert store.check_ledger().entries == 1
    store.close()


def test_a_candidate_whose_judgement_was_taken_back_has_no_entry_that_stands(tmp_path: Path) -> None:
    store = open_store(tmp_path / "desk.db", TickingClock())
    base = add_run(store)
    undo(store, accept(store, base, revise(base, "better")))
    assert [revision.entry for revision in store.revisions(base.id)] == [None, None]
    store.close()
