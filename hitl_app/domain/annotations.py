"""What people said about the gradients of a trajectory, and about how its steps go with its plan."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from hitl_app.domain.codec import get_int, get_object, get_optional_int, get_str, gradient_from_json
from hitl_app.domain.decision import DecisionKind, LedgerEntry
from hitl_app.domain.inspection import Gradient, Inspection


@dataclass(frozen=True, slots=True)
class Annotations:
    """What people said about one trajectory, newest word wins; undone decisions do not count.

    Attributes:
        links: For steps, by index, the plan step that each is said to carry out; None where it is said to carry out
            nothing.
    """

    added: tuple[Gradient, ...] = ()
    dismissed: frozenset[str] = frozenset()
    confirmed: frozenset[str] = frozenset()
    blame: int | None = None
    links: Mapping[int, int | None] = field(default_factory=dict)

    @classmethod
    def of(cls, trajectory_id: str, entries: Iterable[LedgerEntry]) -> "Annotations":
        """Collect from ledger entries in their order."""
        listed = list(entries)
        undone = {entry.decision.undoes for entry in listed if entry.decision.undoes is not None}
        added: list[Gradient] = []
        dismissed: set[str] = set()
        confirmed: set[str] = set()
        blame: int | None = None
        links: dict[int, int | None] = {}
        for entry in listed:
            decision = entry.decision
            if decision.base_id != trajectory_id or entry.sequence in undone:
                continue
            match decision.kind:
                case DecisionKind.ADD_GRADIENT:
                    added.append(gradient_from_json(get_object(decision.detail, "gradient")))
                case DecisionKind.DISMISS_GRADIENT:
                    dismissed.add(get_str(decision.detail, "gradient_id"))
                case DecisionKind.CONFIRM_BLAME:
                    confirmed.add(get_str(decision.detail, "gradient_id"))
                case DecisionKind.MOVE_BLAME:
                    blame = get_optional_int(decision.detail, "step")
                case DecisionKind.LINK:
                    links[get_int(decision.detail, "step")] = get_optional_int(decision.detail, "plan_step")
                case _:
                    pass
        return cls(tuple(added), frozenset(dismissed), frozenset(confirmed), blame, links)

    def guide(self, inspection: Inspection) -> Inspection:
        """The inspection as people left it: their blame, their gradients, without what they dismissed."""
        found = (*self.added, *inspection.gradients)
        kept = tuple(gradient for gradient in found if gradient.id not in self.dismissed)
        cause = inspection.earliest_cause if self.blame is None else self.blame
        return replace(inspection, gradients=kept, earliest_cause=cause)

    def locked(self, guided: Inspection) -> int:
        """Number of first steps that an edit leaves alone: those before the blame, else the validated prefix."""
        return guided.validated if self.blame is None else self.blame
