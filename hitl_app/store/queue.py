"""The queue: one row a lineage, filtered and sorted in SQL."""

from array import array
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, or_, select

from hitl_app.domain.decision import ReviewStatus
from hitl_app.domain.errors import NotFoundError
from hitl_app.domain.library import QueueOrder, QueuePage, QueueRow
from hitl_app.domain.loss import Count, LossVector
from hitl_app.domain.query import Field, FieldTerm, Term
from hitl_app.store.filtering import condition, recorded, statuses_of
from hitl_app.store.library import in_parts
from hitl_app.store.records import encode
from hitl_app.store.search import Condition
from hitl_app.store.tables import LOSS_COLUMNS, inspection, lineage, task, trajectory
from hitl_app.store.viewing import View, root

_head = trajectory.alias("head")

_loss_columns: tuple[ColumnElement[Any], ...] = tuple(  # Any: columns are untyped when found by name
    item for pair in LOSS_COLUMNS.values() for item in pair
)


def _rows(view: View) -> Select[*tuple[Any, ...]]:  # Any: the columns are of several types
    return (
        select(
            lineage.c.position,
            view.status.label("status"),
            root.c.id.label("root_id"),
            _head.c.id.label("head_id"),
            task.c.title,
            task.c.key,
            task.c.environment,
            task.c.domain,
            root.c.model,
            or_(root.c.synthetic, task.c.synthetic).label("synthetic"),
            recorded("file").label("file"),
            recorded("index").label("file_index"),
            recorded("trial").label("trial"),
            _head.c.step_count,
            view.revisions.label("revisions"),
            inspection.c.verified,
            inspection.c.gradient_count,
            *_loss_columns,
        )
        .join_from(lineage, root, root.c.number == lineage.c.position)
        .join(_head, _head.c.number == view.head)
        .join(task, task.c.number == root.c.task_number)
        .outerjoin(inspection, inspection.c.trajectory_number == _head.c.number)
    )


def _queue_row(row: Row[*tuple[Any, ...]]) -> QueueRow:  # Any: the columns are of several types
    counts = row[-len(_loss_columns) :]
    inspected = row.gradient_count is not None
    losses = LossVector(
        *(None if count is None else Count(count, of) for count, of in zip(counts[::2], counts[1::2], strict=True))
    )
    return QueueRow(
        position=row.position,
        root_id=row.root_id,
        head_id=row.head_id,
        title=row.title,
        task_key=row.key,
        environment=row.environment,
        domain=row.domain,
        model=row.model,
        status=ReviewStatus(row.status),
        steps=row.step_count,
        revisions=row.revisions,
        losses=losses if inspected else None,
        verified=row.verified,
        gradients=row.gradient_count or 0,
        synthetic=bool(row.synthetic),
        file=row.file or "",
        index=row.file_index or 0,
        trial=row.trial,
    )


def load_row(connection: Connection, root_id: str, view: View) -> QueueRow:
    """The row of one lineage. Raises NotFoundError."""
    (row,) = load_rows(connection, [root_id], view)
    return row


def load_rows(connection: Connection, root_ids: Sequence[str], view: View) -> tuple[QueueRow, ...]:
    """The rows of lineages, in the order of the ids. Raises NotFoundError."""
    found: dict[str, QueueRow] = {}
    for part in in_parts(root_ids):
        rows = connection.execute(_rows(view).where(root.c.id.in_(part)))
        found.update((row.root_id, _queue_row(row)) for row in rows)
    for root_id in root_ids:
        if root_id not in found:
            raise NotFoundError(f"there is no lineage {root_id[:12]} in the store")
    return tuple(found[root_id] for root_id in root_ids)


def load_page(
    connection: Connection, terms: Sequence[Term], view: View, order: QueueOrder, *, limit: int, offset: int
) -> QueuePage:
    """Part of the queue. Only the rows of the page are put together."""
    searches = [*_of_field(terms, "text"), *_of_field(terms, "task")]
    by_status = _of_field(terms, "status")  # apart: an index counts lineages by status
    fits = [condition(term, view) for term in terms if term not in searches and term not in by_status]
    if searches:  # once: a text may take long to find, and both the page and the counts need the answer
        fits.append(_among(load_positions(connection, searches, view)))
    listed = view.positions([*fits, *(condition(term, view) for term in by_status)], order)
    page = list(connection.scalars(listed.limit(limit).offset(offset)))
    rows = {row.position: _queue_row(row) for row in connection.execute(_rows(view).where(_among(page)))}
    counts = view.counts(connection, fits, statuses_of(by_status))
    return QueuePage(tuple(rows[position] for position in page), counts.total(), counts[ReviewStatus.PENDING.value])


def _of_field(terms: Sequence[Term], field: Field) -> list[FieldTerm]:
    return [term for term in terms if isinstance(term, FieldTerm) and term.field == field]


def _among(positions: Sequence[int]) -> Condition:
    """Whether a lineage is one of these. As JSON, because SQLite limits how many values a statement can bind."""
    values = func.json_each(encode(list(positions))).table_valued("value")
    return lineage.c.position.in_(select(values.c.value))


def load_positions(connection: Connection, terms: Sequence[Term], view: View) -> "array[int]":
    """Positions of all lineages that fit, in order: eight bytes each."""
    conditions = [condition(term, view) for term in terms]
    return array("q", connection.scalars(view.positions(conditions, QueueOrder.IMPORTED)))


def load_root_ids(connection: Connection, positions: Sequence[int]) -> list[str]:
    """Ids of the recordings at these positions, in order."""
    query = select(trajectory.c.id).where(trajectory.c.number.in_(positions)).order_by(trajectory.c.number)
    return list(connection.scalars(query))
