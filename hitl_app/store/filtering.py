"""Terms of a query as conditions in SQL on the rows of `lineage`."""

from collections.abc import Callable, Iterable, Mapping

from sqlalchemy import and_, func, literal_column, not_, or_, select

from hitl_app.domain.decision import ReviewStatus
from hitl_app.domain.loss import Component
from hitl_app.domain.query import CountTerm, Field, FieldTerm, LossTerm, Term
from hitl_app.domain.team import NOBODY
from hitl_app.store.search import Condition, contains, gradients_with, trajectories_with
from hitl_app.store.tables import LOSS_COLUMNS, assignment, gradient, inspection, lineage, task, trajectory
from hitl_app.store.viewing import Value, View, root


def condition(term: Term, view: View) -> Condition:
    """Whether a lineage fits a term, as somebody sees it."""
    positive = _positive(term, view)
    return not_(positive) if term.negated else positive


def statuses_of(terms: Iterable[FieldTerm]) -> list[str]:
    """The statuses that terms for `status` leave."""
    allowed = {status.value for status in ReviewStatus}
    for term in terms:
        allowed = allowed.difference(term.values) if term.negated else allowed.intersection(term.values)
    return sorted(allowed)


def recorded(name: str) -> Value:
    """A field of the source of `root`; written out, because that is how it is indexed."""
    return func.json_extract(root.c.source, literal_column(f"'$.{name}'"))


def _positive(term: Term, view: View) -> Condition:
    if isinstance(term, LossTerm):
        return _loss_condition(term, view)
    if isinstance(term, CountTerm):
        return _count_condition(term, view)
    if term.field == "status":
        return view.with_status(term.values)
    return or_(*(_FIELDS[term.field](view, value) for value in term.values))


def _loss_condition(term: LossTerm, view: View) -> Condition:
    if isinstance(term.component, Component):
        fits: Condition = LOSS_COLUMNS[term.component][0].op(term.comparison)(term.count)
    else:
        counts = [count for count, _ in LOSS_COLUMNS.values()]
        total = sum((func.coalesce(count, 0) for count in counts[1:]), start=func.coalesce(counts[0], 0))
        fits = and_(func.coalesce(*counts).is_not(None), total.op(term.comparison)(term.count))
    return view.with_head(select(inspection.c.trajectory_number).where(fits))


def _count_condition(term: CountTerm, view: View) -> Condition:
    if term.measure == "steps":
        fits = trajectory.c.step_count.op(term.comparison)(term.count)
        return view.with_head(select(trajectory.c.number).where(fits))
    return lineage.c.position.in_(select(root.c.number).where(view.revisions.op(term.comparison)(term.count)))


def _of_task(fits: Condition) -> Condition:
    of_task = trajectory.c.task_number.in_(select(task.c.number).where(fits))
    return lineage.c.position.in_(select(trajectory.c.number).where(of_task))


def _of_recording(fits: Condition) -> Condition:
    return lineage.c.position.in_(select(root.c.number).where(fits))


def _inspected(view: View, value: str) -> Condition:
    inspected = view.with_head(select(inspection.c.trajectory_number))
    return inspected if value == "yes" else not_(inspected)


def _verified(view: View, value: str) -> Condition:
    if value == "unknown":
        return not_(view.with_head(select(inspection.c.trajectory_number).where(inspection.c.verified.is_not(None))))
    fits = inspection.c.verified.is_(value == "yes")
    return view.with_head(select(inspection.c.trajectory_number).where(fits))


def _with_gradient(view: View, value: str) -> Condition:
    return view.with_head(select(gradient.c.trajectory_number).where(gradients_with(value)))


def _with_text(value: str) -> Condition:
    """In the task, in any revision's steps, or in any of their gradients."""
    with_gradient = select(gradient.c.trajectory_number).where(gradients_with(value))
    return or_(
        lineage.c.position.in_(select(trajectory.c.root_number).where(trajectories_with(value))),
        lineage.c.position.in_(select(trajectory.c.root_number).where(trajectory.c.number.in_(with_gradient))),
    )


def _assigned(annotator: str) -> Condition:
    if annotator == NOBODY:
        return lineage.c.position.not_in(select(assignment.c.position))
    return lineage.c.position.in_(select(assignment.c.position).where(assignment.c.annotator == annotator))


_FIELDS: Mapping[Field, Callable[[View, str], Condition]] = {
    "env": lambda _, value: _of_task(task.c.environment == value),
    "domain": lambda _, value: _of_task(task.c.domain == value),
    "task": lambda _, value: _of_task(contains(value, task.c.key, task.c.title)),
    "model": lambda _, value: _of_recording(contains(value, root.c.model)),
    "format": lambda _, value: _of_recording(recorded("format") == value),
    "file": lambda _, value: _of_recording(contains(value, recorded("file"))),
    "inspected": _inspected,
    "verified": _verified,
    "gradient": _with_gradient,
    "text": lambda _, value: _with_text(value),
    "assigned": lambda _, value: _assigned(value),
    "by": lambda view, value: view.decided_by(value),
}
