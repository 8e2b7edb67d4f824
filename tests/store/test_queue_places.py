"""Places in the queue agree with its pages, in every order, for everybody and for a blind annotator."""

from pathlib import Path

from store_samples import TickingClock, add_run, decide, inspect, measured

from hitl_app.domain.decision import ReviewStatus
from hitl_app.domain.library import QueueOrder
from hitl_app.domain.query import parse_query
from hitl_app.store import SqliteStore, open_store

RUNS = 7


def filled(folder: Path, losses: list[int | None], statuses: list[ReviewStatus]) -> SqliteStore:
    store = open_store(folder / "library.db", TickingClock())
    for number, (loss, status) in enumerate(zip(losses, statuses, strict=True)):
        run = add_run(store, number)
        if loss is not None:
            store.save_inspection(inspect(run, measured(goal=loss)))
        if status is not ReviewStatus.PENDING:
            store.record(decide(run, status_after=status))
    return store


def test_the_next_pending_lineage_and_every_place_are_those_of_the_whole_queue(tmp_path: Path) -> None:
    pending, skipped, flagged = (ReviewStatus(status) for status in ("pending", "skipped", "flagged"))
    statuses = [pending, skipped, pending, pending, flagged, pending, flagged]
    store = filled(tmp_path, [1, 2, None, 1, 2, 0, None], statuses)
    for query in ("", "-status:flagged", "loss.goal>0"):
        for order in QueueOrder:
            for viewer in ("", "somebody else"):
                terms = parse_query(query)
                rows = store.queue(terms, order, viewer=viewer).rows
                shown = [row.root_id for row in rows]
                left = [row.root_id for row in rows if row.status is pending]
                for place, root_id in enumerate(shown):
                    assert store.place(root_id, terms, order, viewer) == place
                    others = [other for other in (*shown[place + 1 :], *shown[:place]) if other in left]
                    assert store.next_pending(root_id, terms, order, viewer) == (others[0] if others else None)
                assert store.next_pending("", terms, order, viewer) == (left[0] if left else None)
    store.close()


def test_what_does_not_fit_the_query_has_no_place_and_still_something_after_it(tmp_path: Path) -> None:
    store = filled(tmp_path, [0, 3, 2, 1, None, 1, 0], [ReviewStatus.PENDING] * RUNS)
    roots = list(store.root_ids())
    terms = parse_query("loss.goal>1")
    assert store.place(roots[0], terms, QueueOrder.IMPORTED) is None
    assert store.place("no such id", (), QueueOrder.IMPORTED) is None
    assert store.next_pending(roots[1], terms, QueueOrder.IMPORTED) == roots[2]
    assert store.next_pending(roots[3], terms, QueueOrder.IMPORTED) == roots[1]
    assert store.next_pending(roots[3], terms, QueueOrder.WORST_FIRST) == roots[1]
    store.close()
