"""One store takes in another: everything once, in any order, and never half."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_samples import TickingClock, add_run, inspect, make_run, measured, revise

from hitl_app.domain.decision import AUTOMATIC, Decision, DecisionKind, ReviewStatus
from hitl_app.domain.errors import StoreError, UserError
from hitl_app.domain.hunk import Hunk, Operator
from hitl_app.domain.model import ChatMessage, ModelCall, Usage
from hitl_app.domain.ports import AbsorbSummary
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.run import Run, RunSettings, RunStatus
from hitl_app.domain.score import Reward, Score, ScoreSource
from hitl_app.domain.standing import origin, own_stand
from hitl_app.domain.task import ToolSpec
from hitl_app.domain.team import Assignment, GoldItem, Seed, SeedKind
from hitl_app.domain.trajectory import Trajectory, message
from hitl_app.store import SqliteStore, open_store

VERDICTS = {
    DecisionKind.ACCEPT: ReviewStatus.APPROVED,
    DecisionKind.EDIT: ReviewStatus.EDITED,
    DecisionKind.REJECT: ReviewStatus.REJECTED,
    DecisionKind.FLAG: ReviewStatus.FLAGGED,
}
ROOTS = [make_run(number).trajectory for number in range(2)]


@contextmanager
def opened(path: Path) -> Iterator[SqliteStore]:
    with closing(open_store(path, TickingClock())) as store:
        yield store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with opened(tmp_path / "here.db") as store:
        yield store


@pytest.fixture
def there(tmp_path: Path) -> Iterator[SqliteStore]:
    with opened(tmp_path / "there.db") as store:
        yield store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "there.db"


def settle(
    store: SqliteStore,
    base: Trajectory,
    kind: DecisionKind,
    who: str,
    second: int = 0,
    *,
    blind: bool = False,
    loss: int = 0,
) -> None:
    """Decide on a lineage as it stands, or as a blind annotator sees it."""
    row = store.row(base.id)
    status, head = row.status, row.head_id
    if blind:
        own = own_stand(base.id, who, store.standings(base.id))
        status, head = own.status, own.head
    candidate = replace(revise(base, f"Booked, {loss} wrong."), author=who) if kind is DecisionKind.EDIT else None
    decision = Decision(
        kind,
        base.id,
        base.id,
        who,
        "because",
        f"2026-02-01T00:00:{second:02}",
        status_before=status,
        status_after=status if who == AUTOMATIC else VERDICTS[kind],
        head_before=head,
        head_after=head if candidate is None else candidate.id,
        candidate_id=None if candidate is None else candidate.id,
        accepted=True if candidate is not None else None,
        detail={"losses_after": {"goal": {"count": loss, "of": 20}}, **({"blind": True} if blind else {})},
    )
    store.record(decision, candidate, inspect(candidate, measured(goal=loss)) if candidate is not None else None)


def take_back(store: SqliteStore, who: str, second: int = 0) -> None:
    """Undo the newest decision of somebody, if there is one and nothing stands on it."""
    last = store.last_undoable(who)
    if last is None:
        return
    row = store.row(last.decision.root_id)
    store.record(
        Decision(
            DecisionKind.UNDO,
            last.decision.root_id,
            last.decision.base_id,
            who,
            "",
            f"2026-02-01T00:00:{second:02}",
            status_before=row.status,
            status_after=last.decision.status_before,
            head_before=row.head_id,
            undoes=last.sequence,
        )
    )


def meaning(store: SqliteStore) -> tuple[object, ...]:
    """What must not depend on the order of merges."""
    rows = {root: store.row(root) for root in store.root_ids()}
    return (
        {origin(entry) for entry in store.entries()},
        {root: store.standings(root) for root in rows},
        {root: (row.status, row.head_id, row.losses) for root, row in rows.items()},
        {revision.trajectory.id for root in rows for revision in store.revisions(root)},
        {task.id for task in store.tasks()},
    )


ACTS = st.tuples(
    st.integers(0, 2),
    st.sampled_from(["ada", "bob", "cyd", AUTOMATIC]),
    st.sampled_from([*VERDICTS, None]),
    st.integers(0, 1),
    st.integers(0, 2),
    st.booleans(),
)


def merged(folder: Path, into: Path, *others: Path) -> Path:
    """A copy of a store, with others taken in."""
    copy = folder / f"merged-{len(list(folder.iterdir()))}.db"
    shutil.copy(into, copy)
    with opened(copy) as store:
        for other in others:
            store.absorb(other)
    return copy


@settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(acts=st.lists(ACTS, min_size=4, max_size=12))
def test_the_order_in_which_stores_are_taken_in_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, acts: Sequence[tuple[int, str, DecisionKind | None, int, int, bool]]
) -> None:
    folder = tmp_path_factory.mktemp("desks")
    a, b, c = (folder / f"{name}.db" for name in "abc")
    for number, path in enumerate((a, b, c)):
        with opened(path) as store:
            store.add_runs([make_run(0), make_run(1)])
            for second, (at, who, kind, root, loss, blind) in enumerate(acts):
                if at != number:
                    continue
                if kind is None or (who == AUTOMATIC and kind is not DecisionKind.EDIT):
                    take_back(store, who, second // 2)  # of one moment with the decision before, now and then
                else:
                    settle(store, ROOTS[root], kind, who, second // 2, blind=blind and who != AUTOMATIC, loss=loss)
    ab, bc = merged(folder, a, b), merged(folder, b, c)
    found = []
    for path in (merged(folder, ab, c), merged(folder, a, bc), merged(folder, c, b, a)):
        with opened(path) as store:
            assert store.check_ledger().sound
            found.append(meaning(store))
            again = store.absorb(bc)
            assert again == AbsorbSummary(known=again.known)
            assert meaning(store) == found[-1]
    assert found[1:] == found[:1] * 2


def test_all_that_another_store_holds_is_added_once(store: SqliteStore, there: SqliteStore, path: Path) -> None:
    base, own = add_run(there), add_run(store, 1)
    settle(there, base, DecisionKind.EDIT, "ada")
    hunk = Hunk(Operator.INSERT, 0, 0, (), (message("hello"),))
    proposal, bad = Proposal(base.id, (hunk,), "repair/1"), Proposal(base.id, (hunk,), "test/1")
    there.save_inspection(inspect(base, measured(goal=2)))
    there.save_proposal(proposal)
    there.save_tools("tau2", "airline", (ToolSpec("a"),))
    there.save_draft(base.id, {"text": "half a th"})
    there.assign([Assignment(base.id, "bob", "2026-02-01")])
    there.set_gold([GoldItem(base.id, "repaired", 1, "as booked", "ada", "2026-02-01")])
    there.save_seed(bad, Seed(bad.id, base.id, SeedKind.USELESS, (0,), "2026-02-01"))
    run = Run("feed" * 8, RunSettings("refine", (base.id,)), RunStatus.RUNNING, "2026-02-01")
    there.add_run(run)
    there.save_call(run.id, ModelCall("evolve", "1", "m-1", (ChatMessage("user", "?"),), {}, {}, Usage(1, 2, 3)))
    told: list[tuple[int, int]] = []
    summary = store.absorb(path, lambda done, total: told.append((done, total)))
    assert summary == AbsorbSummary(
        tasks=0,
        trajectories=1,
        revisions=1,
        inspections=2,
        proposals=2,
        decisions=1,
        assignments=1,
        gold=1,
        seeds=1,
        drafts=1,
        runs=1,
    )
    assert told == [(0, 1), (1, 1)]
    assert [*store.root_ids()] == [own.id, base.id]
    assert store.row(base.id).status is ReviewStatus.EDITED
    assert store.inspection(base.id) == there.inspection(base.id)
    assert store.proposals(base.id) == there.proposals(base.id)
    assert store.draft(base.id) == {"text": "half a th"}
    assert [*store.toolsets()] == [*there.toolsets()]
    assert (*store.assignments(), *store.gold(), *store.seeds()) == (
        *there.assignments(),
        *there.gold(),
        *there.seeds(),
    )
    assert [*store.calls()] == [*there.calls()]
    assert store.runs() == there.runs()
    assert store.absorb(path) == AbsorbSummary(known=1)
    there.end_run(run.id, RunStatus.ENDED, "2026-02-02")
    there.save_call(run.id, ModelCall("judge", "1", "m-1", (ChatMessage("user", "!"),), {}, {}, Usage(1, 2, 3)))
    assert store.absorb(path) == AbsorbSummary(known=1)
    assert store.runs() == there.runs()
    assert [*store.calls()] == [*there.calls()]


def test_a_lineage_on_which_people_disagree_now_is_named(store: SqliteStore, there: SqliteStore, path: Path) -> None:
    for each in (store, there):
        each.add_runs([make_run(0), make_run(1)])
    settle(store, ROOTS[0], DecisionKind.EDIT, "ada")
    settle(store, ROOTS[1], DecisionKind.REJECT, "ada")
    for root in ROOTS:
        settle(there, root, DecisionKind.REJECT, "bob")
    assert store.absorb(path).disputed == (ROOTS[0].id,)
    assert [store.row(root.id).status for root in ROOTS] == [ReviewStatus.DISPUTED, ReviewStatus.REJECTED]
    assert store.absorb(path).disputed == ()
    settle(store, ROOTS[0], DecisionKind.REJECT, "cyd")
    assert there.absorb(path.with_name("here.db")).decisions == 3
    assert meaning(there) == meaning(store)
    assert there.row(ROOTS[0].id).status is ReviewStatus.REJECTED


def test_what_was_taken_back_at_both_desks_is_taken_back_once(
    store: SqliteStore, there: SqliteStore, path: Path
) -> None:
    settle(store, add_run(store), DecisionKind.EDIT, "ada")
    there.absorb(path.with_name("here.db"))
    take_back(store, "ada", 1)
    take_back(there, "ada", 2)
    assert store.absorb(path).decisions == there.absorb(path.with_name("here.db")).decisions == 1
    assert meaning(store) == meaning(there)
    for each in (store, there):
        assert each.row(ROOTS[0].id).status is ReviewStatus.PENDING
        assert each.check_ledger().sound
        assert [entry.decision.kind for entry in each.entries()].count(DecisionKind.UNDO) == 2


def test_the_same_revision_from_both_desks_is_one(store: SqliteStore, there: SqliteStore, path: Path) -> None:
    for each, who in ((store, "ada"), (there, "bob")):
        settle(each, add_run(each), DecisionKind.EDIT, who)
    summary = store.absorb(path)
    assert (summary.revisions, summary.decisions, summary.disputed) == (0, 1, ())
    assert store.row(ROOTS[0].id).status is ReviewStatus.EDITED
    assert sorted(store.standings(ROOTS[0].id)) == ["ada", "bob"]


def test_the_newer_inspection_is_kept_whichever_way(store: SqliteStore, there: SqliteStore, path: Path) -> None:
    base = add_run(store)
    add_run(there)
    store.save_inspection(inspect(base, measured(goal=1)))
    for _ in range(9):
        there.save_inspection(inspect(base, measured(goal=2)))
    assert store.absorb(path).inspections == 1
    assert there.absorb(path.with_name("here.db")).inspections == 0
    assert store.inspection(base.id) == there.inspection(base.id) == inspect(base, measured(goal=2))


def test_a_draft_stays_away_from_what_was_decided_here_since(
    store: SqliteStore, there: SqliteStore, path: Path
) -> None:
    base = add_run(store)
    add_run(there)
    there.save_draft(base.id, {"text": "theirs"})
    settle(store, base, DecisionKind.REJECT, "ada")
    assert store.absorb(path).drafts == 0
    assert store.draft(base.id) is None


def test_a_store_is_read_while_its_desk_has_it_open_and_is_not_altered(
    store: SqliteStore, there: SqliteStore, path: Path
) -> None:
    settle(there, add_run(there), DecisionKind.REJECT, "bob")
    before = path.read_bytes()
    assert store.absorb(path).decisions == 1
    assert path.read_bytes() == before
    settle(there, ROOTS[0], DecisionKind.FLAG, "ada", 1)
    assert store.absorb(path).decisions == 1


def test_a_copy_of_the_store_as_it_was_is_put_beside_it(store: SqliteStore, there: SqliteStore, path: Path) -> None:
    add_run(store, 1)
    settle(there, add_run(there), DecisionKind.REJECT, "bob")
    store.absorb(path)
    (copy,) = path.parent.glob("here.backup-*.db")
    with opened(copy) as before:
        assert (len([*before.root_ids()]), before.check_ledger().entries) == (1, 0)


def test_nothing_is_taken_in_where_no_copy_of_the_store_can_be_made(
    store: SqliteStore, there: SqliteStore, path: Path, tmp_path: Path
) -> None:
    add_run(there, 0)
    for second in range(60):
        (tmp_path / f"here.backup-v5-20260131T1200{second:02}.partial").mkdir()
    with pytest.raises(StoreError, match="no backup can be put beside it"):
        store.absorb(path)
    assert list(store.root_ids()) == []


def test_a_store_in_a_folder_that_cannot_be_written_to_is_taken_in(store: SqliteStore, tmp_path: Path) -> None:
    folder = tmp_path / "lent"
    folder.mkdir()
    with opened(folder / "desk.db") as lent:
        add_run(lent, 0)
    folder.chmod(0o500)
    try:
        assert store.absorb(folder / "desk.db").trajectories == 1
    finally:
        folder.chmod(0o700)


def test_what_fails_on_the_way_leaves_nothing(store: SqliteStore, there: SqliteStore, path: Path) -> None:
    settle(there, add_run(there), DecisionKind.REJECT, "bob")

    def stop(done: int, _: int) -> None:
        if done:
            raise UserError("stopped")

    with pytest.raises(UserError, match="stopped"):
        store.absorb(path, stop)
    assert [*store.root_ids()] == []
    assert store.check_ledger().entries == 0
    assert store.absorb(path).decisions == 1


def altered(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER decision_no_UPDATE")
        connection.execute("UPDATE decision SET payload = replace(payload, 'because', 'why not')")
        connection.commit()


def of_format(version: int) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"PRAGMA user_version = {version}")

    return change


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (Path.unlink, "No such file"),
        (lambda path: path.write_text("hello"), "not a store"),
        (of_format(1), "has format 1, .* Open it with this program once"),
        (of_format(99), "has format 99, .* Update this program"),
        (altered, "its ledger is damaged .*entry 1.* backups are beside it"),
    ],
)
def test_a_file_that_cannot_be_taken_in_is_named_with_what_to_do(
    store: SqliteStore, path: Path, damage: Callable[[Path], None], problem: str
) -> None:
    with opened(path) as there:
        settle(there, add_run(there), DecisionKind.REJECT, "bob")
    damage(path)
    with pytest.raises(StoreError, match=f"(?s){path}.*{problem}"):
        store.absorb(path)
    assert [*store.root_ids()] == []


def test_a_store_does_not_take_in_itself(store: SqliteStore, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="the store itself"):
        store.absorb(tmp_path / "here.db")


def test_scores_of_judges_are_taken_in_each_once(store: SqliteStore, there: SqliteStore, path: Path) -> None:
    for each in (store, there):
        add_run(each)
    base = next(iter(store.root_ids()))
    good, bad = (Score(base, Reward.CORRECTNESS, value, ScoreSource.JUDGE, "m", made_at="2026") for value in (5, 1))
    store.save_scores([good])
    there.save_scores([good, bad])
    assert store.absorb(path).scores == 1
    assert store.scores(base) == (good, bad)
    assert store.absorb(path).scores == 0
