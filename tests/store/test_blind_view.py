"""A blind annotator sees the queue as if nobody else, but for the rules, had decided anything."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest
from store_samples import TickingClock, add_run, decide, inspect, measured, revise

from hitl_app.domain.decision import AUTOMATIC, DecisionKind, ReviewStatus
from hitl_app.domain.library import QueueOrder
from hitl_app.domain.loss import LossVector
from hitl_app.domain.query import parse_query
from hitl_app.domain.trajectory import Trajectory
from hitl_app.store import SqliteStore, open_store

ADA, BOB = "ada", "bob"


@dataclass(frozen=True)
class Desk:
    """Five lineages; the rules repaired `ruled`, Bob `theirs` and `both`, Ada `both`; nobody touched the others.

    The recordings miss 1 to 5 goals in this order, a repair by the rules misses 3, by Bob none, by Ada one.
    """

    store: SqliteStore
    roots: dict[str, Trajectory]
    heads: dict[tuple[str, str], Trajectory]

    def found(self, query: str, viewer: str, order: QueueOrder = QueueOrder.IMPORTED) -> list[str]:
        terms = parse_query(query)
        page = self.store.queue(terms, order, viewer=viewer)
        names = {root.id: name for name, root in self.roots.items()}
        assert page.total == len(page.rows)
        assert page.pending == sum(row.status is ReviewStatus.PENDING for row in page.rows)
        assert sorted(self.store.root_ids(terms, viewer)) == sorted(row.root_id for row in page.rows)
        assert all(row == self.store.row(row.root_id, viewer) for row in page.rows)
        assert self.store.queue(terms, order, 1, 1, viewer).rows == page.rows[1:2]
        return [names[row.root_id] for row in page.rows]


def repair(store: SqliteStore, root: Trajectory, who: str, losses: LossVector, status: ReviewStatus) -> Trajectory:
    candidate = revise(root, f"by {who}")
    blind = store.row(root.id, who)
    decision = decide(
        root,
        DecisionKind.EDIT,
        annotator=who,
        candidate_id=candidate.id,
        accepted=True,
        status_before=blind.status,
        head_before=blind.head_id,
        status_after=status,
        head_after=candidate.id,
        detail={"blind": True},
    )
    store.record(decision, candidate, inspect(candidate, losses))
    return candidate


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with closing(open_store(tmp_path_factory.mktemp("blind") / "library.db", TickingClock())) as store:
        roots = {n: add_run(store, k) for k, n in enumerate(("fresh", "ruled", "theirs", "both", "last"))}
        for goals, root in enumerate(roots.values(), 1):
            store.save_inspection(inspect(root, measured(goal=goals), ["wrong"]))
        heads = {
            (name, who): repair(store, roots[name], who, measured(goal=goals), status)
            for name, who, goals, status in (
                ("ruled", AUTOMATIC, 3, ReviewStatus.PENDING),
                ("theirs", BOB, 0, ReviewStatus.EDITED),
                ("both", BOB, 0, ReviewStatus.EDITED),
                ("both", ADA, 1, ReviewStatus.EDITED),
            )
        }
        yield Desk(store, roots, heads)


def test_a_row_shows_what_the_viewer_and_the_rules_left(desk: Desk) -> None:
    rows = {name: desk.store.row(root.id, ADA) for name, root in desk.roots.items()}
    expected = {
        "fresh": (ReviewStatus.PENDING, desk.roots["fresh"], measured(goal=1), 0, 1),
        "ruled": (ReviewStatus.PENDING, desk.heads["ruled", AUTOMATIC], measured(goal=3), 1, 0),
        "theirs": (ReviewStatus.PENDING, desk.roots["theirs"], measured(goal=3), 0, 1),
        "both": (ReviewStatus.EDITED, desk.heads["both", ADA], measured(goal=1), 1, 0),
        "last": (ReviewStatus.PENDING, desk.roots["last"], measured(goal=5), 0, 1),
    }
    for name, (status, head, losses, revisions, gradients) in expected.items():
        row = rows[name]
        assert (row.status, row.head_id, row.losses) == (status, head.id, losses), name
        assert (row.revisions, row.gradients) == (revisions, gradients), name
    assert desk.store.row(desk.roots["theirs"].id).status is ReviewStatus.EDITED


@pytest.mark.parametrize(
    ("query", "as_ada", "as_everybody"),
    [
        ("", "fresh ruled theirs both last", "fresh ruled theirs both last"),
        ("status:pending", "fresh ruled theirs last", "fresh ruled last"),
        ("status:edited", "both", "theirs both"),
        ("-status:edited", "fresh ruled theirs last", "fresh ruled last"),
        ("status:pending,edited -status:pending", "both", "theirs both"),
        ("loss.goal=3", "ruled theirs", "ruled"),
        ("-loss.goal=3", "fresh both last", "fresh theirs both last"),
        ("loss.goal<3 status:pending", "fresh", "fresh"),
        ("gradient:wrong", "fresh theirs last", "fresh last"),
        ("revisions=1", "ruled both", "ruled theirs"),
        ("by:bob", "", "theirs both"),
        ("by:ada", "both", "both"),
        ("by:none", "fresh ruled theirs last", "fresh ruled last"),
        (f'by:"{AUTOMATIC}"', "ruled", "ruled"),
    ],
)
def test_a_query_tells_a_blind_viewer_nothing_of_others(desk: Desk, query: str, as_ada: str, as_everybody: str) -> None:
    assert desk.found(query, ADA) == as_ada.split()
    assert desk.found(query, "") == as_everybody.split()


def test_worst_first_goes_by_the_heads_that_the_viewer_sees(desk: Desk) -> None:
    assert desk.found("", ADA, QueueOrder.WORST_FIRST) == ["last", "ruled", "theirs", "fresh", "both"]
    assert desk.found("", "", QueueOrder.WORST_FIRST) == ["last", "ruled", "fresh", "theirs", "both"]
    assert desk.found("status:pending", ADA, QueueOrder.WORST_FIRST) == ["last", "ruled", "theirs", "fresh"]
