"""The queue: one row a lineage, filtered and sorted in SQL."""

from array import array
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, distinct, func, not_, or_, select

from hitl_app.domain.decision import DecisionKind, ReviewStatus
from hitl_app.domain.errors import NotFoundError
from hitl_app.domain.library import QueueOrder, QueuePage, QueueRow
from hitl_app.domain.loss import Component, Count, LossVector
from hitl_app.domain.query import CountTerm, Field, FieldTerm, LossTerm, Term
from hitl_app.store.records import encode
from hitl_app.store.search import Condition, contains, gradients_with, trajectories_with
from hitl_app.store.tables import LOSS_COLUMNS, decision, gradient, inspection, lineage, task, trajectory

_root, _head = trajectory.alias("root"), trajectory.alias("head")

_WORST_FIRST = (
    lineage.c.rank_unmet.desc(),  # null, "not measured", comes last
    lineage.c.rank_feasibility.desc(),
    lineage.c.rank_soft_constraints.desc(),
    lineage.c.rank_discrepancy.desc(),
    lineage.c.position,
)


def _condition(term: Term) -> Condition:
    positive = _positive(term)
    return not_(positive) if term.negated else positive


def _positive(term: Term) -> Condition:
    if isinstance(term, LossTerm):
        return _loss_condition(term)
    if isinstance(term, CountTerm):
        return _count_condition(term)
    return or_(*(_FIELDS[term.field](value) for value in term.values))


def _loss_condition(term: LossTerm) -> Condition:
    if isinstance(term.component, Component):
        fits: Condition = LOSS_COLUMNS[term.component][0].op(term.comparison)(term.count)
    else:
        counts = [count for count, _ in LOSS_COLUMNS.values()]
        total = sum((func.coalesce(count, 0) for count in counts[1:]), start=func.coalesce(counts[0], 0))
        fits = and_(func.coalesce(*counts).is_not(None), total.op(term.comparison)(term.count))
    return lineage.c.head_number.in_(select(inspection.c.trajectory_number).where(fits))


def _count_condition(term: CountTerm) -> Condition:
    if term.measure == "steps":
        fits = trajectory.c.step_count.op(term.comparison)(term.count)
        return lineage.c.head_number.in_(select(trajectory.c.number).where(fits))
    return lineage.c.position.in_(select(_root.c.number).where(_revisions.op(term.comparison)(term.count)))


def _of_task(fits: Condition) -> Condition:
    of_task = trajectory.c.task_number.in_(select(task.c.number).where(fits))
    return lineage.c.position.in_(select(trajectory.c.number).where(of_task))


def _with_model(value: str) -> Condition:
    return lineage.c.position.in_(select(trajectory.c.number).where(contains(value, trajectory.c.model)))


def _from_format(value: str) -> Condition:
    return lineage.c.position.in_(select(_root.c.number).where(_recorded("format") == value))


def _from_file(value: str) -> Condition:
    return lineage.c.position.in_(select(_root.c.number).where(contains(value, _recorded("file"))))


def _verified(value: str) -> Condition:
    if value == "unknown":
        known = select(inspection.c.trajectory_number).where(inspection.c.verified.is_not(None))
        return lineage.c.head_number.not_in(known)
    fits = inspection.c.verified.is_(value == "yes")
    return lineage.c.head_number.in_(select(inspection.c.trajectory_number).where(fits))


def _with_gradient(value: str) -> Condition:
    return lineage.c.head_number.in_(select(gradient.c.trajectory_number).where(gradients_with(value)))


def _with_text(value: str) -> Condition:
    """In the task, in any revision's steps, or in any of their gradients."""
    with_gradient = select(gradient.c.trajectory_number).where(gradients_with(value))
    return or_(
        lineage.c.position.in_(select(trajectory.c.root_number).where(trajectories_with(value))),
        lineage.c.position.in_(select(trajectory.c.root_number).where(trajectory.c.number.in_(with_gradient))),
    )


_FIELDS: Mapping[Field, Callable[[str], Condition]] = {
    "env": lambda value: _of_task(task.c.environment == value),
    "domain": lambda value: _of_task(task.c.domain == value),
    "task": lambda value: _of_task(contains(value, task.c.key, task.c.title)),
    "model": _with_model,
    "format": _from_format,
    "file": _from_file,
    "status": lambda value: lineage.c.status == value,
    "verified": _verified,
    "gradient": _with_gradient,
    "text": _with_text,
}


def _recorded(name: str) -> ColumnElement[Any]:  # Any: JSON holds several types
    """A field of the source of a lineage's recording."""
    return func.json_extract(_root.c.source, f"$.{name}")


_revisions = (
    select(func.count(distinct(decision.c.candidate_id)))
    .where(decision.c.root_id == _root.c.id, decision.c.kind != DecisionKind.UNDO.value)
    .scalar_subquery()
)

_loss_columns: tuple[ColumnElement[Any], ...] = tuple(  # Any: columns are untyped when found by name
    item for pair in LOSS_COLUMNS.values() for item in pair
)


def _rows() -> Select[*tuple[Any, ...]]:  # Any: the columns are of several types
    return (
        select(
            lineage.c.position,
            lineage.c.status,
            _root.c.id.label("root_id"),
            _head.c.id.label("head_id"),
            task.c.title,
            task.c.key,
            task.c.environment,
            task.c.domain,
            _root.c.model,
            or_(_root.c.synthetic, task.c.synthetic).label("synthetic"),
            _recorded("file").label("file"),
            _recorded("index").label("file_index"),
            _recorded("trial").label("trial"),
            _head.c.step_count,
            _revisions.label("revisions"),
            inspection.c.verified,
            inspection.c.gradient_count,
            *_loss_columns,
        )
        .join_from(lineage, _root, _root.c.number == lineage.c.position)
        .join(_head, _head.c.number == lineage.c.head_number)
        .join(task, task.c.number == _root.c.task_number)
        .outerjoin(inspection, inspection.c.trajectory_number == lineage.c.head_number)
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


def load_row(connection: Connection, root_id: str) -> QueueRow:
    """The row of one lineage. Raises NotFoundError."""
    row = connection.execute(_rows().where(_root.c.id == root_id)).first()
    if row is None:
        raise NotFoundError(f"there is no lineage {root_id[:12]} in the store")
    return _queue_row(row)


def load_page(connection: Connection, terms: Sequence[Term], order: QueueOrder, limit: int, offset: int) -> QueuePage:
    """Part of the queue. The page is found by indexes of `lineage` alone; only its rows are put together."""
    searches = [term for term in terms if isinstance(term, FieldTerm) and term.field == "text"]
    conditions = [_condition(term) for term in terms if term not in searches]
    if searches:  # once: a text may take long to find, and both the page and the counts need the answer
        conditions.append(_among(load_positions(connection, searches)))
    ordering = _WORST_FIRST if order is QueueOrder.WORST_FIRST else (lineage.c.position,)
    page = select(lineage.c.position).where(*conditions).order_by(*ordering).limit(limit).offset(offset)
    rows = connection.execute(_rows().where(lineage.c.position.in_(page.scalar_subquery())).order_by(*ordering))
    pending = func.count().filter(lineage.c.status == ReviewStatus.PENDING.value)
    counts = connection.execute(select(func.count(), pending).select_from(lineage).where(*conditions)).one()
    return QueuePage(tuple(_queue_row(row) for row in rows), *counts)


def _among(positions: Sequence[int]) -> Condition:
    """Whether a lineage is one of these. As JSON, because SQLite limits how many values a statement can bind."""
    values = func.json_each(encode(list(positions))).table_valued("value")
    return lineage.c.position.in_(select(values.c.value))


def load_positions(connection: Connection, terms: Sequence[Term]) -> "array[int]":
    """Positions of all lineages that fit, in order: eight bytes each."""
    conditions = [_condition(term) for term in terms]
    query = select(lineage.c.position).where(*conditions).order_by(lineage.c.position)
    return array("q", connection.scalars(query))


def load_root_ids(connection: Connection, positions: Sequence[int]) -> list[str]:
    """Ids of the recordings at these positions, in order."""
    query = select(trajectory.c.id).where(trajectory.c.number.in_(positions)).order_by(trajectory.c.number)
    return list(connection.scalars(query))
