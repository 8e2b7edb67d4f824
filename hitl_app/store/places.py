"""Places in the queue: where a lineage stands in an order, and which one is to be decided next."""

from collections.abc import Sequence

from sqlalchemy import Connection, ScalarSelect, Subquery, and_, func, or_, select

from hitl_app.domain.decision import ReviewStatus
from hitl_app.domain.library import QueueOrder
from hitl_app.domain.query import Term
from hitl_app.store.filtering import condition
from hitl_app.store.search import Condition
from hitl_app.store.tables import lineage, trajectory
from hitl_app.store.viewing import View

_NO_LIMIT = -1
"""SQLite may leave out the sorting of a subquery that has no limit."""


def load_place(
    connection: Connection, root_id: str, terms: Sequence[Term], view: View, order: QueueOrder
) -> int | None:
    """How many rows of the queue stand before a lineage; None where it does not fit the query."""
    numbered = _numbered([condition(term, view) for term in terms], view, order)
    place = select(numbered.c.number).where(numbered.c.position == _position_of(root_id))
    return connection.scalar(place)


def load_next_pending(
    connection: Connection, root_id: str, terms: Sequence[Term], view: View, order: QueueOrder
) -> str | None:
    """The first pending lineage after one that may fit the query no more, else the first of all; never itself."""
    fits = and_(*(condition(term, view) for term in terms), view.with_status([ReviewStatus.PENDING]))
    here = connection.scalar(select(_position_of(root_id)))
    found = None if here is None else _following(connection, here, fits, view, order)
    if found is None:
        others = [fits] if here is None else [fits, lineage.c.position != here]
        found = connection.scalar(view.positions(others, order).limit(1))
    return connection.scalar(select(trajectory.c.id).where(trajectory.c.number == found))


def _following(connection: Connection, here: int, fits: Condition, view: View, order: QueueOrder) -> int | None:
    if order is QueueOrder.IMPORTED:
        return connection.scalar(view.positions([fits, lineage.c.position > here], order).limit(1))
    numbered = _numbered([or_(fits, lineage.c.position == here)], view, order)
    own_number = select(numbered.c.number).where(numbered.c.position == here).scalar_subquery()
    after = select(numbered.c.position).where(numbered.c.number > own_number).order_by(numbered.c.number).limit(1)
    return connection.scalar(after)


def _numbered(conditions: Sequence[Condition], view: View, order: QueueOrder) -> Subquery:
    """Positions of lineages that fit, each with its place, counted from 0."""
    ordered = view.positions(conditions, order).limit(_NO_LIMIT).subquery()
    return select(ordered.c.position, (func.row_number().over() - 1).label("number")).subquery()


def _position_of(root_id: str) -> ScalarSelect[int]:
    return select(trajectory.c.number).where(trajectory.c.id == root_id).scalar_subquery()
