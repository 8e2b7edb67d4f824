"""A trajectory opened for review: everything that a face shows of it, loaded at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from hitl_app.domain.codec import get_object, get_optional_int, get_str, gradient_from_json
from hitl_app.domain.decision import DecisionKind, LedgerEntry
from hitl_app.domain.inspection import Dependency, Gradient, Inspection
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.library import QueueRow
from hitl_app.domain.outcome import Disagreement, disagreements
from hitl_app.domain.ports import Revision
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import Trajectory


@dataclass(frozen=True, slots=True)
class Annotations:
    """What people said about the gradients of one trajectory, newest word wins; undone decisions do not count."""

    added: tuple[Gradient, ...] = ()
    dismissed: frozenset[str] = frozenset()
    confirmed: frozenset[str] = frozenset()
    blame: int | None = None

    @classmethod
    def of(cls, trajectory_id: str, entries: Iterable[LedgerEntry]) -> "Annotations":
        """Collect from ledger entries in their order."""
        listed = list(entries)
        undone = {entry.decision.undoes for entry in listed if entry.decision.undoes is not None}
        added: list[Gradient] = []
        dismissed: set[str] = set()
        confirmed: set[str] = set()
        blame: int | None = None
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
                case _:
                    pass
        return cls(tuple(added), frozenset(dismissed), frozenset(confirmed), blame)


@dataclass(frozen=True)
class Opened:
    """One trajectory of a lineage with its task, inspection and history."""

    row: QueueRow
    task: Task
    trajectory: Trajectory
    inspection: Inspection | None
    annotations: Annotations
    proposals: tuple[Proposal, ...]
    revisions: tuple[Revision, ...]
    tools: tuple[ToolSpec, ...]
    draft: JsonObject | None = None

    @cached_property
    def gradients(self) -> tuple[Gradient, ...]:
        """Gradients to show: people's own first, each once, without the dismissed ones.

        A constraint that was added at VERIFY is in the ledger and in the inspection.
        """
        found = self.inspection.gradients if self.inspection else ()
        known = {gradient.id: gradient for gradient in (*self.annotations.added, *found)}
        return tuple(g for g in known.values() if g.id not in self.annotations.dismissed)

    @property
    def undecided(self) -> tuple[Proposal, ...]:
        """Proposals, newest first, of which no candidate was judged yet, be it by a run's rules."""
        judged = {revision.entry.decision.proposal_id for revision in self.revisions if revision.entry is not None}
        return tuple(proposal for proposal in self.proposals if proposal.id not in judged)

    @cached_property
    def disagreements(self) -> tuple[Disagreement, ...]:
        """Where the recording's own benchmark and the inspection of that recording differ."""
        source = self.trajectory.source
        return disagreements(source.outcome, self.inspection) if source and self.inspection else ()

    def builds_on(self, step: int) -> tuple[Dependency, ...]:
        """What a step depends on."""
        return tuple(d for d in self._dependencies if d.step == step)

    def used_by(self, step: int) -> tuple[Dependency, ...]:
        """What depends on a step."""
        return tuple(d for d in self._dependencies if d.on == step)

    @property
    def _dependencies(self) -> tuple[Dependency, ...]:
        return self.inspection.dependencies if self.inspection else ()

    @property
    def earliest_cause(self) -> int | None:
        """The blamed step: where a person moved it, else where the inspection put it."""
        if self.annotations.blame is not None:
            return self.annotations.blame
        return self.inspection.earliest_cause if self.inspection else None

    @property
    def locked(self) -> int:
        """Length of the validated prefix: up to the step that a person blamed; all steps where all is verified."""
        if self.annotations.blame is not None:
            return self.annotations.blame
        if self.inspection is None:
            return 0
        return len(self.trajectory.steps) if self.inspection.verified else self.inspection.validated
