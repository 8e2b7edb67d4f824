"""Saved views: a query and an order under a name."""

from dataclasses import dataclass

from hitl_app.domain.library import QueueOrder
from hitl_app.domain.query import FieldTerm, Term, format_query

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class SavedView:
    """What the queue shows under a name."""

    name: str
    query: str
    order: QueueOrder = QueueOrder.IMPORTED


def built_in(annotator: str) -> tuple[SavedView, ...]:
    """The views that are always there, for one annotator."""

    def view(name: str, term: Term, order: QueueOrder = QueueOrder.IMPORTED) -> SavedView:
        return SavedView(name, format_query([term]), order)

    to_do = FieldTerm("status", ("pending",))
    return (
        view("To do", to_do),
        view("Worst first", to_do, QueueOrder.WORST_FIRST),
        view("Flagged", FieldTerm("status", ("flagged",))),
        view("Disputed", FieldTerm("status", ("disputed",))),
        view("Mine", FieldTerm("assigned", (annotator,))),
        view("Not inspected", FieldTerm("inspected", ("no",))),
    )
