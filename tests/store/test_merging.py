from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from store_samples import TickingClock, accept, add_run, decide, inspect, make_run, measured, revise, undo

from hitl_app.domain.decision import DecisionKind, LedgerEntry, ReviewStatus
from hitl_app.domain.errors import NotFoundError, UserError
from hitl_app.domain.hunk import Hunk, Operator
from hitl_app.domain.library import Draft, ImportedEntry, ImportedPart, ImportedRecord, MergeCounts, Toolset
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.standing import origin
from hitl_app.domain.task import ToolSpec
from hitl_app.domain.trajectory import Trajectory, message
from hitl_app.store import SqliteStore, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = open_store(tmp_path / "here.db", TickingClock())
    yield store
    store.close()


@pytest.fixture
def there(tmp_path: Path) -> Iterator[SqliteStore]:
    store = open_store(tmp_path / "there.db", TickingClock())
    yield store
    store.close()


def reviewed(store: SqliteStore) -> tuple[Trajectory, Trajectory]:
    """A recording, flagged, and the revision that was accepted, taken back and accepted again."""
    base = add_run(store)
    candidate = revise(base, "Booked.")
    store.record(decide(base, status_after=ReviewStatus.FLAGGED))
    undo(store, accept(store, base, candidate))
    accept(store, base, candidate)
    return base, candidate


def parts(store: SqliteStore) -> list[ImportedPart]:
    """The ledger of a store, each revision with the entry that judged it first."""
    found: list[ImportedPart] = []
    seen: set[str] = set()
    for entry in store.entries():
        candidate_id = entry.decision.candidate_id
        if candidate_id is None or candidate_id in seen:
            found.append(ImportedEntry(entry))
        else:
            seen.add(candidate_id)
            found.append(ImportedEntry(entry, store.trajectory(candidate_id), store.inspection(candidate_id)))
    return found


def ledger(store: SqliteStore) -> list[LedgerEntry]:
    return list(store.entries())


def test_a_ledger_that_continues_this_one_keeps_its_hashes(store: SqliteStore, there: SqliteStore) -> None:
    base, candidate = reviewed(there)
    add_run(store)
    counts = store.merge(ImportedRecord("bundle", parts(there), "head"))
    assert counts == MergeCounts(revisions=1, inspections=1, decisions=4)
    assert ledger(store) == ledger(there)
    assert store.check_ledger() == there.check_ledger()
    assert replace(store.row(base.id), position=0) == replace(there.row(base.id), position=0)
    assert store.row(base.id).head_id == candidate.id
    assert store.merge(ImportedRecord("bundle", parts(there), "head")) == MergeCounts()


def test_another_ledger_is_appended_with_where_its_entries_come_from(store: SqliteStore, there: SqliteStore) -> None:
    base, _ = reviewed(there)
    add_run(store)
    other = add_run(store, 1)
    store.record(decide(other))
    counts = store.merge(ImportedRecord("bundle", parts(there), "head"))
    assert counts.decisions == 4
    for mine, theirs in zip(ledger(store)[1:], ledger(there), strict=True):
        assert mine.decision.detail["imported"] == {
            "sequence": theirs.sequence,
            "hash": theirs.hash,
            "head": "head",
        }
        assert origin(mine).hash == theirs.hash
    assert [entry.decision.undoes for entry in ledger(store)] == [None, None, None, 3, None]
    assert store.check_ledger().sound
    assert store.row(base.id).status is ReviewStatus.EDITED


def test_an_entry_remembers_every_ledger_it_was_in(store: SqliteStore, there: SqliteStore, tmp_path: Path) -> None:
    reviewed(there)
    for each in (store, third := open_store(tmp_path / "third.db", TickingClock())):
        add_run(each)
        each.record(decide(add_run(each, 1)))
    store.merge(ImportedRecord("bundle", parts(there), "there"))
    third.record(decide(add_run(third, 2)))
    own = [part for part in parts(store) if isinstance(part, ImportedEntry) and part.entry.sequence > 1]
    third.merge(ImportedRecord("bundle", own, "store"))
    assert [origin(entry).hash for entry in ledger(third)[2:]] == [entry.hash for entry in ledger(there)]
    # At home they are known, although they come by way of two others.
    again = [ImportedEntry(entry) for entry in ledger(third)[2:]]
    assert there.merge(ImportedRecord("bundle", again, "third")) == MergeCounts()
    third.close()


def test_other_decisions_on_a_lineage_join_those_that_were_made_here(store: SqliteStore, there: SqliteStore) -> None:
    _, candidate = reviewed(there)
    base = add_run(store)
    rejected = decide(base, DecisionKind.REJECT, status_after=ReviewStatus.REJECTED, head_after=base.id)
    own = store.record(replace(rejected, annotator="bob"))
    assert store.merge(ImportedRecord("a bundle", parts(there), "head")).decisions == 4
    assert ledger(store)[0] == own
    assert store.row(base.id).status is ReviewStatus.DISPUTED
    assert store.row(base.id).head_id == base.id
    assert store.standings(base.id)["ada"].head == candidate.id
    assert store.check_ledger().sound


def test_decisions_that_were_made_here_since_are_no_conflict(store: SqliteStore, there: SqliteStore) -> None:
    _, candidate = reviewed(there)
    add_run(store)
    older = parts(there)
    store.merge(ImportedRecord("bundle", older, "head"))
    latest = accept(store, candidate, revise(candidate, "Booked and paid."))
    assert store.merge(ImportedRecord("bundle", older, "head")) == MergeCounts()
    assert ledger(store)[-1] == latest
    assert there.merge(ImportedRecord("bundle", parts(store), "head")).decisions == 1
    assert ledger(there) == ledger(store)


def test_what_fails_in_the_middle_leaves_nothing(store: SqliteStore, there: SqliteStore) -> None:
    base, candidate = reviewed(there)
    add_run(store)

    def broken() -> Iterator[ImportedPart]:
        yield from parts(there)
        raise UserError("the disk was taken out")

    with pytest.raises(UserError, match="taken out"):
        store.merge(ImportedRecord("bundle", broken(), "head"))
    assert ledger(store) == []
    assert store.row(base.id).status is ReviewStatus.PENDING
    with pytest.raises(NotFoundError):
        store.trajectory(candidate.id)
    with pytest.raises(NotFoundError):
        store.merge(ImportedRecord("bundle", [*parts(there), inspect(make_run(5).trajectory)]))
    assert store.check_ledger().entries == 0
    assert store.merge(ImportedRecord("bundle", parts(there), "head")).decisions == 4


def test_what_is_known_here_stays_as_it_is(store: SqliteStore) -> None:
    base = add_run(store)
    ours, theirs = inspect(base, measured(goal=1)), inspect(base, measured(goal=2))
    hunk = Hunk(Operator.INSERT, 0, 0, (), (message("hello"),))
    proposal = Proposal(base.id, (hunk,), "repair/1", tried=("ours",))
    tools, others = (ToolSpec("a"),), (ToolSpec("b"),)
    store.save_inspection(ours)
    store.save_proposal(proposal)
    store.save_tools("tau2", "airline", tools)
    store.save_draft(base.id, {"text": "ours"})
    other: list[ImportedPart] = [
        Toolset("tau2", "airline", others),
        Toolset("tau2", "retail", others),
        theirs,
        replace(proposal, tried=("theirs",)),
        Draft(base.id, {"text": "theirs"}),
    ]
    assert store.merge(ImportedRecord("bundle", other)) == MergeCounts()
    assert store.inspection(base.id) == ours
    assert store.proposals(base.id)[0].tried == ("ours",)
    assert list(store.toolsets()) == [Toolset("tau2", "airline", tools), Toolset("tau2", "retail", others)]
    assert store.draft(base.id) == {"text": "ours"}


def test_a_draft_is_taken_only_where_the_lineage_stands_as_it_did_there(store: SqliteStore) -> None:
    base, other = add_run(store), add_run(store, 1)
    store.record(decide(other))
    drafts = [Draft(base.id, {"n": 1}), Draft(other.id, {"n": 2}), Draft("0" * 64, {"n": 3})]
    assert store.merge(ImportedRecord("bundle", drafts)) == MergeCounts(drafts=1)
    assert (store.draft(base.id), store.draft(other.id)) == ({"n": 1}, None)
