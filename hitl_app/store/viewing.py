"""How lineages look: to everybody, or to a blind annotator, who sees no decisions but their own and the rules'."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Connection, Select, distinct, func, or_, select, true, union_all

from hitl_app.domain.decision import AUTOMATIC, DecisionKind, ReviewStatus
from hitl_app.domain.library import QueueOrder
from hitl_app.domain.team import NOBODY
from hitl_app.store.search import Condition
from hitl_app.store.tables import LOSS_RANK, decision, inspection, lineage, standing, trajectory

Rows = Select[*tuple[Any, ...]]  # Any: columns of several types
Ordered = Rows | CompoundSelect[*tuple[Any, ...]]
Value = ColumnElement[Any]  # Any: columns are untyped when found by name

root = trajectory.alias("root")
"""The recording of a lineage."""

_PENDING = ReviewStatus.PENDING.value
_SETTLED = tuple(status.value for status in ReviewStatus if status is not ReviewStatus.PENDING)
_RANK = (lineage.c.rank_unmet, lineage.c.rank_feasibility, lineage.c.rank_soft_constraints, lineage.c.rank_discrepancy)


def view_of(viewer: str) -> "View":
    """What a blind annotator sees, or everybody where that is empty."""
    return BlindView(viewer) if viewer else View()


class View:
    """What everybody sees: expressions for the rows of `lineage`."""

    status: Value = lineage.c.status
    head: Value = lineage.c.head_number

    @property
    def revisions(self) -> Value:
        """How many candidates were judged in the lineage of `root`."""
        return _revisions(true())

    def with_status(self, statuses: Sequence[str]) -> Condition:
        """Whether a lineage stands at one of these."""
        return lineage.c.status.in_(statuses)

    def with_head(self, numbers: Rows) -> Condition:
        """Whether its head is one of these trajectories."""
        return lineage.c.head_number.in_(numbers)

    def decided_by(self, annotator: str) -> Condition:
        """Whether somebody's decision on it stands; by `NOBODY`, whether no person's does."""
        if annotator == NOBODY:
            return lineage.c.position.not_in(_decided(standing.c.annotator != AUTOMATIC))
        return lineage.c.position.in_(_decided(standing.c.annotator == annotator))

    def positions(self, conditions: Sequence[Condition], order: QueueOrder) -> Ordered:
        """Lineages that fit, in order; found by indexes of `lineage` alone."""
        query = select(lineage.c.position).where(*conditions)
        if order is QueueOrder.IMPORTED:
            return query.order_by(lineage.c.position)
        return query.order_by(*(rank.desc() for rank in _RANK), lineage.c.position)  # null, unmeasured, comes last

    def counts(self, connection: Connection, fits: Sequence[Condition], statuses: Sequence[str]) -> "Counter[str]":
        """How many lineages that fit stand at each of these."""
        every = not fits and _PENDING in statuses  # all are counted at once, so that only the others need looking at
        counted = _SETTLED if every else statuses
        within = () if len(counted) == len(ReviewStatus) else (self.with_status(counted),)
        query = select(lineage.c.status, func.count()).where(*fits, *within).group_by(lineage.c.status)
        found = Counter[str](dict(connection.execute(query).all()))
        if every:
            found[_PENDING] = _count(connection) - found.total()
        return Counter({status: found[status] for status in statuses})


class BlindView(View):
    """What one annotator sees who is not to see what others decided."""

    def __init__(self, annotator: str) -> None:
        self._is_own = standing.c.annotator == annotator
        self._names = (annotator, AUTOMATIC)
        self.status = func.coalesce(_of_lineage(standing.c.status, annotator), _PENDING)
        by_hand, by_rule = (_of_lineage(standing.c.head_number, name) for name in self._names)
        self.head = func.coalesce(by_hand, by_rule, lineage.c.position)
        # Few heads differ from those that everybody sees: all else is found as for everybody.
        moved = select(standing.c.position).where(standing.c.head_number != standing.c.position)
        self._differs = (
            select(lineage.c.position, self.head.label("head"))
            .where(lineage.c.position.in_(moved), lineage.c.head_number != self.head)
            .cte("differs")
        )

    @property
    def revisions(self) -> Value:
        """How many candidates the annotator and the rules judged in the lineage of `root`."""
        return _revisions(decision.c.annotator.in_(self._names))

    def with_status(self, statuses: Sequence[str]) -> Condition:
        """Whether the annotator left a lineage at one of these; it is pending where they never did."""
        if _PENDING in statuses:
            return lineage.c.position.not_in(_decided(self._is_own, standing.c.status.not_in(statuses)))
        return lineage.c.position.in_(_decided(self._is_own, standing.c.status.in_(statuses)))

    def with_head(self, numbers: Rows) -> Condition:
        """Whether the head that the annotator sees is one of these trajectories."""
        differs, (number,) = self._differs.c, numbers.selected_columns
        fits = numbers.where(number == differs.head).correlate(self._differs).exists()
        return or_(
            lineage.c.head_number.in_(numbers) & lineage.c.position.not_in(select(differs.position)),
            lineage.c.position.in_(select(differs.position).where(fits)),
        )

    def decided_by(self, annotator: str) -> Condition:
        """As for everybody, of the annotator and the rules; nobody else decided anything."""
        if annotator == NOBODY:
            return lineage.c.position.not_in(_decided(self._is_own))
        return super().decided_by(annotator) if annotator in self._names else ~true()

    def positions(self, conditions: Sequence[Condition], order: QueueOrder) -> Ordered:
        """Lineages that fit, in order; all but the few whose head differs are found by indexes of `lineage`."""
        if order is QueueOrder.IMPORTED:
            return super().positions(conditions, order)
        differs = self._differs.c
        same = select(lineage.c.position, *_RANK).where(lineage.c.position.not_in(select(differs.position)))
        other = (
            select(lineage.c.position, *LOSS_RANK)
            .join_from(lineage, self._differs, differs.position == lineage.c.position)
            .outerjoin(inspection, inspection.c.trajectory_number == differs.head)
        )
        both = union_all(same.where(*conditions), other.where(*conditions))
        position, *rank = both.selected_columns
        return both.order_by(*(each.desc() for each in rank), position)

    def counts(self, connection: Connection, fits: Sequence[Condition], statuses: Sequence[str]) -> "Counter[str]":
        """How many lineages that fit stand at each: the few that the annotator decided on are counted apart."""
        decided = select(standing.c.status, func.count()).join_from(standing, lineage).where(self._is_own, *fits)
        found = Counter[str](dict(connection.execute(decided.group_by(standing.c.status)).all()))
        found[_PENDING] += _count(connection, *fits) - found.total()
        return Counter({status: found[status] for status in statuses})


def _count(connection: Connection, *fits: Condition) -> int:
    return connection.scalar(select(func.count()).select_from(lineage).where(*fits)) or 0


def _decided(*conditions: Condition) -> Rows:
    return select(standing.c.position).where(*conditions)


def _of_lineage(column: Value, annotator: str) -> Value:
    """What one annotator's standing on a row of `lineage` says."""
    own = standing.c.position == lineage.c.position, standing.c.annotator == annotator
    return select(column).where(*own).correlate(lineage).scalar_subquery()


def _revisions(seen: Condition) -> Value:
    return (
        select(func.count(distinct(decision.c.candidate_id)))
        .where(decision.c.root_id == root.c.id, decision.c.kind != DecisionKind.UNDO.value, seen)
        .correlate(root)
        .scalar_subquery()
    )
