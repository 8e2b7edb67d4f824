"""Places in the queue: where a lineage stands in an order, and which one is to be decided next."""

from collections.abc import Iterator, Sequence
from itertools import dropwhile, islice, takewhile

from sqlalchemy import Connection, and_, case, func, select, true

from hitl_app.domain.decision import ReviewStatus
from hitl_app.domain.library import QueueOrder
from hitl_app.domain.query import Term
from hitl_app.store.filtering import condition
from hitl_app.store.search import Condition
from hitl_app.store.tables import lineage, trajectory
from hitl_app.store.viewing import Ordered, View


def load_place(
    connection: Connection, root_id: str, terms: Sequence[Term], view: View, order: QueueOrder
) -> int | None:
    """How many rows of the queue stand before a lineage; None where it does not fit the query."""
    conditions = [condition(term, view) for term in terms]
    here = _position(connection, root_id)
    if here is None or not _count(connection, [*conditions, lineage.c.position == here]):
        return None
    if order is QueueOrder.IMPORTED:
        return _count(connection, [*conditions, lineage.c.position < here])
    before = takewhile(lambda position: position != here, _streamed(connection, view.positions(conditions, order)))
    return sum(1 for _ in before)


def load_next_pending(
    connection: Connection, root_id: str, terms: Sequence[Term], view: View, order: QueueOrder
) -> str | None:
    """The first pending lineage after one that may fit the query no more, else the first of all; never itself."""
    fits = and_(*(condition(term, view) for term in terms), view.with_status([ReviewStatus.PENDING]))
    here = _position(connection, root_id)
    found = None if here is None else _following(connection, here, fits, view, order)
    if found is None:
        others = [fits] if here is None else [fits, lineage.c.position != here]
        found = connection.scalar(view.positions(others, order).limit(1))
    return connection.scalar(select(trajectory.c.id).where(trajectory.c.number == found))


def _following(connection: Connection, here: int, fits: Condition, view: View, order: QueueOrder) -> int | None:
    if order is QueueOrder.IMPORTED:
        return connection.scalar(view.positions([fits, lineage.c.position > here], order).limit(1))
    # as a case, not with OR: for that SQLite would gather rows by two indexes and sort them all
    with_here = case((lineage.c.position == here, true()), else_=fits)
    ordered = _streamed(connection, view.positions([with_here], order))
    return next(islice(dropwhile(lambda position: position != here, ordered), 1, None), None)


def load_statuses(connection: Connection, terms: Sequence[Term], view: View) -> dict[ReviewStatus, int]:
    """How many lineages that fit stand at each status."""
    counts = view.counts(connection, [condition(term, view) for term in terms], list(ReviewStatus))
    return {status: counts[status.value] for status in ReviewStatus}


def _count(connection: Connection, conditions: Sequence[Condition]) -> int:
    return connection.scalar(select(func.count()).select_from(lineage).where(*conditions)) or 0


def _streamed(connection: Connection, positions: Ordered) -> Iterator[int]:
    """Positions as SQLite finds them: who works from the top of an order has little before them."""
    with connection.execute(positions) as found:
        yield from found.scalars()


def _position(connection: Connection, root_id: str) -> int | None:
    return connection.scalar(select(trajectory.c.number).where(trajectory.c.id == root_id))
