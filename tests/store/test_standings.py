import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from store_samples import TickingClock, accept, add_run, decide, make_run, revise

from hitl_app.domain.decision import Decision, DecisionKind, LedgerEntry, ReviewStatus
from hitl_app.domain.errors import NotFoundError, StoreError
from hitl_app.domain.standing import Stand, consensus, own_stand, standings
from hitl_app.domain.trajectory import Trajectory
from hitl_app.store import SqliteStore, library, open_store
from hitl_app.store import standings as standings_table
from hitl_app.store.migrations import MIGRATIONS
from hitl_app.store.opening import make_engine, prepare

PEOPLE = ("ada", "bob", "cleo")

STATUS = {
    DecisionKind.EDIT: ReviewStatus.EDITED,
    DecisionKind.REJECT: ReviewStatus.REJECTED,
    DecisionKind.SKIP: ReviewStatus.SKIPPED,
    DecisionKind.FLAG: ReviewStatus.FLAGGED,
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    with closing(open_store(tmp_path_factory.mktemp("standings") / "library.db", TickingClock())) as store:
        yield store


@pytest.fixture
def root(store: SqliteStore) -> Trajectory:
    return add_run(store, number=len(list(store.root_ids())))


def choose(
    store: SqliteStore, root: Trajectory, who: str, kind: DecisionKind, head: str = "", *, blind: bool = False
) -> Decision:
    """What somebody decides who sees everybody's decisions, or only their own."""
    row = store.row(root.id, who if blind else "")
    return decide(
        root,
        kind,
        annotator=who,
        base_id=row.head_id,
        status_before=row.status,
        head_before=row.head_id,
        status_after=STATUS[kind],
        head_after=head or row.head_id,
        detail={"blind": True} if blind else {},
    )


def take_back(store: SqliteStore, entry: LedgerEntry) -> LedgerEntry:
    made = entry.decision
    row = store.row(made.root_id, made.annotator if made.detail.get("blind") else "")
    seen = replace(made, status_before=row.status, head_before=row.head_id)
    undone = replace(seen, status_after=row.status, head_after=row.head_id, accepted=None)
    return store.record(replace(undone, kind=DecisionKind.UNDO, undoes=entry.sequence))


def stands(store: SqliteStore, root: Trajectory, viewer: str = "") -> Stand:
    row = store.row(root.id, viewer)
    return Stand(row.status, row.head_id)


@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_a_lineage_always_stands_where_its_entries_put_it(store: SqliteStore, data: st.DataObject) -> None:
    root = add_run(store, number=len(list(store.root_ids())))
    revisions = [revise(root, text) for text in ("one", "two")]
    made: list[LedgerEntry] = []
    for _ in range(data.draw(st.integers(1, 7))):
        if bool(made) and data.draw(st.booleans()):
            take_back(store, made.pop(data.draw(st.integers(0, len(made) - 1))))
        else:
            who, kind = data.draw(st.sampled_from(PEOPLE)), data.draw(st.sampled_from(list(STATUS)))
            decision = choose(store, root, who, kind, blind=data.draw(st.booleans()))
            candidate = data.draw(st.sampled_from(revisions)) if kind is DecisionKind.EDIT else None
            if candidate is not None:
                decision = replace(decision, candidate_id=candidate.id, head_after=candidate.id, accepted=True)
            made.append(store.record(decision, candidate))
        found = standings(store.entries(root.id))
        assert dict(store.standings(root.id)) == found
        assert stands(store, root) == consensus(root.id, found)
        for who in PEOPLE:
            assert stands(store, root, who) == own_stand(root.id, who, found)
    assert store.check_ledger().sound


def test_a_decision_that_is_taken_back_counts_no_more(store: SqliteStore, root: Trajectory) -> None:
    flagged = store.record(choose(store, root, "ada", DecisionKind.FLAG))
    store.record(choose(store, root, "bob", DecisionKind.SKIP))
    assert stands(store, root).status is ReviewStatus.FLAGGED
    take_back(store, flagged)
    assert stands(store, root).status is ReviewStatus.SKIPPED
    assert set(store.standings(root.id)) == {"bob"}


def test_people_who_decide_unseen_by_each_other_may_disagree(store: SqliteStore, root: Trajectory) -> None:
    rejected = choose(store, root, "bob", DecisionKind.REJECT, blind=True)
    accept(store, root, revise(root, "better"))
    store.record(rejected)
    assert stands(store, root) == Stand(ReviewStatus.DISPUTED, root.id)
    with pytest.raises(StoreError, match="decided on elsewhere"):
        store.record(replace(rejected, detail={}))
    with pytest.raises(StoreError, match="decided on elsewhere"):  # blind, yet not where bob himself left it
        store.record(rejected)
    store.record(choose(store, root, "cleo", DecisionKind.REJECT))
    assert stands(store, root) == Stand(ReviewStatus.REJECTED, root.id)


def test_decisions_made_at_once_are_kept_all_or_none(store: SqliteStore, root: Trajectory) -> None:
    other = add_run(store, number=len(list(store.root_ids())))
    first, second = (choose(store, each, "ada", DecisionKind.FLAG) for each in (root, other))
    before = store.check_ledger().entries
    for wrong in (replace(second, root_id="0" * 64), replace(second, status_before=ReviewStatus.REJECTED)):
        with pytest.raises((NotFoundError, StoreError)):
            store.record_all([first, wrong])
    assert store.check_ledger().entries == before
    assert stands(store, root).status is ReviewStatus.PENDING
    entries = store.record_all([first, second])
    assert [entry.decision for entry in entries] == [first, second]
    assert {stands(store, each).status for each in (root, other)} == {ReviewStatus.FLAGGED}


def test_all_standings_come_lineage_by_lineage(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "library.db", TickingClock())) as store:
        roots = [add_run(store, number) for number in range(3)]
        for who in ("bob", "ada"):
            for root in roots[1:]:
                store.record(choose(store, root, who, DecisionKind.SKIP))
        listed = list(store.all_standings())
        assert [root_id for root_id, _ in listed] == [root.id for root in roots[1:]]
        assert all(found == store.standings(root_id) and list(found) == ["ada", "bob"] for root_id, found in listed)
        assert store.standings(roots[0].id) == {}


def a_store_from_before(path: Path, *decisions: Decision) -> None:
    """In the format that kept no standings; where its lineages stand is left as it is at first."""
    prepare(path, TickingClock().now(), MIGRATIONS[:3])
    engine = make_engine(path)
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(text("ALTER TABLE trajectory ADD COLUMN earlier TEXT NOT NULL DEFAULT '[]'"))
        library.add_runs(connection, [make_run()], (), "then")
        library.add_candidate(connection, revise(make_run().trajectory, "better"), "then")
        for decision in decisions:
            standings_table.append(connection, decision)
        connection.execute(text("ALTER TABLE trajectory DROP COLUMN earlier"))
    engine.dispose()


def test_standings_are_made_of_the_decisions_of_an_older_store(tmp_path: Path) -> None:
    path, root = tmp_path / "library.db", make_run().trajectory
    better = revise(root, "better")
    edited = decide(root, DecisionKind.EDIT, status_after=ReviewStatus.EDITED, head_after=better.id, accepted=True)
    edited = replace(edited, candidate_id=better.id, detail={"losses_after": {"goal": {"count": 3, "of": 9}}})
    seen = decide(root, DecisionKind.REJECT, annotator="bob", status_before=ReviewStatus.EDITED, base_id=better.id)
    a_store_from_before(path, edited, replace(seen, status_after=ReviewStatus.REJECTED, head_before=better.id))
    for _ in range(2):
        with closing(open_store(path, TickingClock())) as store:
            found = store.standings(root.id)
            assert [(s.annotator, s.head, s.informed, s.loss) for s in found.values()] == [
                ("ada", better.id, False, 3),
                ("bob", better.id, True, None),
            ]
            assert dict(found) == standings(store.entries())
            assert stands(store, root) == Stand(ReviewStatus.REJECTED, better.id)
            assert store.check_ledger().sound


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE standing SET status = 'approved' WHERE position = 1",
        "UPDATE standing SET head_number = 1 WHERE position = 1",
        "UPDATE standing SET informed = 1 WHERE position = 1",
        "UPDATE standing SET hash = 'forged' WHERE position = 1",
        "DELETE FROM standing WHERE position = 1",
        "INSERT INTO standing VALUES (1, 'eve', 'rejected', 1, '', 1, '', 0, NULL)",
        "UPDATE lineage SET head_number = 1 WHERE position = 1",
    ],
)
def test_a_standing_that_was_altered_is_found(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "library.db"
    with closing(open_store(path, TickingClock())) as store:
        root, other = add_run(store, 1), add_run(store, 2)
        for base in (root, other):
            accept(store, base, revise(base, "better"))
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(statement)
        raw.commit()
    with closing(open_store(path, TickingClock())) as store:
        problems = [fault.problem for fault in store.check_ledger().faults]
    assert problems == [f"lineage {root.id[:12]} does not stand where its entries put it"]


@pytest.mark.parametrize(("who", "blind"), [("ada", False), ("bob", False), ("ada", True)])
def test_the_later_decision_counts_also_where_the_clock_was_put_back(
    store: SqliteStore, root: Trajectory, who: str, blind: bool
) -> None:
    first = replace(choose(store, root, "ada", DecisionKind.REJECT, blind=blind), made_at="2031-01-01T00:00:00+00:00")
    store.record(first)
    entry = store.record(choose(store, root, who, DecisionKind.FLAG, blind=blind))
    assert entry.decision.made_at == "2031-01-01T00:00:00.000001+00:00"
    assert stands(store, root).status is ReviewStatus.FLAGGED
    take_back(store, entry)
    assert stands(store, root).status is ReviewStatus.REJECTED
    assert store.check_ledger().sound
