from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from store_samples import TickingClock, accept, add_run, decide, make_run, make_task, revise

from hitl_app.domain.decision import AUTOMATIC
from hitl_app.domain.errors import NotFoundError
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.query import parse_query
from hitl_app.domain.team import Assignment, GoldItem, Seed, SeedKind
from hitl_app.domain.trajectory import Trajectory
from hitl_app.store import SqliteStore, open_store

UNKNOWN = "0" * 64


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with closing(open_store(tmp_path / "library.db", TickingClock())) as store:
        yield store


@pytest.fixture
def roots(store: SqliteStore) -> list[Trajectory]:
    return [add_run(store, number) for number in range(3)]


def found(store: SqliteStore, query: str) -> list[str]:
    return list(store.root_ids(parse_query(query)))


def test_assignments_are_kept_once_and_can_be_taken_back(store: SqliteStore, roots: list[Trajectory]) -> None:
    made = [Assignment(root.id, who, f"at {n}") for n, root in enumerate(roots[:2]) for who in ("ada", "bob")]
    assert store.assign(list(reversed(made))) == 4
    assert store.assign([replace(made[0], assigned_at="later"), Assignment(roots[2].id, "bob", "at 2")]) == 1
    assert list(store.assignments()) == [*made, Assignment(roots[2].id, "bob", "at 2")]
    assert list(store.assignments("ada")) == [made[0], made[2]]
    assert found(store, "assigned:ada") == [root.id for root in roots[:2]]
    assert found(store, "assigned:ada,none -assigned:bob") == []
    assert store.unassign([root.id for root in roots], "bob") == 3
    assert found(store, "assigned:none") == [roots[2].id]
    assert (store.assign([]), store.unassign([], "ada")) == (0, 0)


def test_assignments_are_streamed_past_the_end_of_a_page(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    tasks = [make_task(str(number)) for number in range(260)]
    store.add_runs([make_run(number, task) for number, task in enumerate(tasks)])
    made = [Assignment(root_id, who, "now") for root_id in store.root_ids() for who in ("ada", "bob")]
    store.assign(made)
    assert list(store.assignments()) == made
    assert len(list(store.assignments("bob"))) == 260


def test_only_recordings_of_the_store_are_assigned_or_gold(store: SqliteStore, roots: list[Trajectory]) -> None:
    revision = revise(roots[0], "better")
    accept(store, roots[0], revision)
    for wrong in (UNKNOWN, revision.id):
        with pytest.raises(NotFoundError, match=f"no recording {wrong[:12]}"):
            store.assign([Assignment(roots[0].id, "ada", "now"), Assignment(wrong, "ada", "now")])
        with pytest.raises(NotFoundError, match="no recording"):
            store.set_gold([GoldItem(wrong, "kept", None, "", "ada", "now")])
    assert list(store.assignments()) == []
    assert store.gold() == ()


def test_a_gold_item_takes_the_place_of_an_older_one(store: SqliteStore, roots: list[Trajectory]) -> None:
    items = [GoldItem(root.id, "kept", None, "", "ada", f"at {number}") for number, root in enumerate(roots)]
    store.set_gold(items[1:])
    newer = GoldItem(roots[1].id, "repaired", 2, "books twice", "bob", "at 0")
    store.set_gold([newer, items[0]])
    assert store.gold() == (items[0], newer, items[2])
    assert store.remove_gold([roots[0].id, roots[1].id]) == 2
    assert store.remove_gold([roots[0].id]) == 0
    assert store.gold() == (items[2],)


def test_a_bad_proposal_is_kept_with_what_is_bad_in_it(store: SqliteStore, roots: list[Trajectory]) -> None:
    bad, good = (Proposal(roots[0].id, (), f"repair/{number}") for number in range(2))
    seed = Seed(bad.id, roots[0].id, SeedKind.SMUGGLED, (0, 2), "now")
    store.save_proposal(good)
    store.save_seed(bad, seed)
    older = Seed(good.id, roots[0].id, SeedKind.USELESS, (), "before")
    store.save_seed(good, older)
    assert store.seed(bad.id) == seed
    assert store.seed(UNKNOWN) is None
    assert store.seeds() == (older, seed)
    lost = Proposal(roots[1].id, (), "lost")
    with pytest.raises(NotFoundError):
        store.save_seed(lost, Seed(lost.id, UNKNOWN, SeedKind.HARMFUL, (), "now"))
    assert store.proposals(roots[1].id) == ()


def test_everybody_who_decided_or_is_to_decide_is_named(store: SqliteStore, roots: list[Trajectory]) -> None:
    for who in ("cleo", AUTOMATIC):
        store.record(decide(roots[0], annotator=who))
    store.assign([Assignment(roots[0].id, "bob", "now")])
    assert store.annotators() == ("bob", "cleo")
    assert found(store, "by:cleo") == [roots[0].id]
    assert found(store, "by:none") == [root.id for root in roots[1:]]


def test_values_of_a_field_come_with_the_most_frequent_first(store: SqliteStore, roots: list[Trajectory]) -> None:
    other = make_run(7, make_task("8", environment="travel", domain="hotels"), model="M-2")
    store.add_runs([other, make_run(8, make_task("9", environment="travel", domain=""), model="M-2")])
    accept(store, roots[0], revise(roots[0], "better"))
    store.assign([Assignment(root.id, "bob", "now") for root in roots] + [Assignment(roots[0].id, "ada", "now")])
    assert store.values("env") == ("travel", "tau2")
    assert store.values("domain") == ("airline", "hotels")
    assert store.values("model") == ("m-1", "M-2")
    assert store.values("model", "m-", 1) == ("m-1",)
    assert store.values("format") == ("tau2",)
    assert store.values("file", "run") == ("runs.json",)
    assert store.values("status", "s") == ("skipped",)
    assert store.values("verified") == ("yes", "no", "unknown")
    assert store.values("assigned") == ("bob", "ada", "none")
    assert store.values("by") == ("ada", "none")
    assert store.values("text") == store.values("gradient") == ()
