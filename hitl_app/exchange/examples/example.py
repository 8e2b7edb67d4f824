"""What every training example carries, whatever it is made of: where it comes from, and what is known of it."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace

from hitl_app.domain.decision import AUTOMATIC
from hitl_app.domain.expansion import origins, task_name
from hitl_app.domain.inspection import Inspection
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.loss import LossVector, NotComparableError
from hitl_app.domain.standing import origin
from hitl_app.domain.task import Task
from hitl_app.domain.training import Filters, Splits, split_group
from hitl_app.domain.trajectory import Trajectory
from hitl_app.exchange.columns import Columns
from hitl_app.exchange.examples.lineage import Judged, Lineage


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """Where an example comes from, and what whoever trains on it may choose by.

    Attributes:
        id: Of the example: the same decision gives the same id in every store that it was merged into.
        task: `environment/domain/key`; all examples of one are in one part of the data.
        lineage: Id of the recording.
        trajectory: Id of what is shown as good, or judged.
        base: Id of the trajectory that was decided on.
        decision: Kind of the decision; empty where there was none.
        reason: What its maker gave as the reason.
        gradients: Critiques that the revision answers, as far as they are known and do not quote the gold answer.
        human: A person decided, not a rule alone.
        verified: Whether what is shown as good met every goal and hard constraint; None where none was judged.
        margin: How much better the good side's losses are (`LossVector.margin`); None where it was not measured.
        agreement: See `Lineage.agreement`.
        model: Model that produced the recording, as recorded.
        source: Format that the recording was imported from.
        reveals_answer: Whoever decided could see evidence which quotes the gold answer.
        synthetic: The recording or the task was made by this product.
        shows_good: It shows something as good, so that the filter `verified` has something to ask of it. Not a column.
        injected: Texts that the task's environment says it injected into what tools return. Not a column.
        origins: Names of the recorded tasks that the task goes back to: its own, unless it was made after others. Not a
            column.
    """

    id: str
    task: str
    lineage: str
    trajectory: str
    base: str
    decision: str = ""
    reason: str = ""
    gradients: tuple[str, ...] = ()
    human: bool = False
    override: bool = False
    lateral: bool = False
    verified: bool | None = None
    margin: float | None = None
    agreement: float | None = None
    model: str = ""
    source: str = ""
    reveals_answer: bool = False
    synthetic: bool = False
    shows_good: bool = True
    injected: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()

    def parts(self, splits: Splits) -> frozenset[str]:
        """The parts of the data that it belongs to: several where its task was made after tasks of several."""
        return frozenset(splits.part_of(split_group(name)) for name in self.origins or (self.task,))

    def row(self) -> JsonObject:
        """As columns; see `PROVENANCE`."""
        return {
            "id": self.id,
            "task": self.task,
            "lineage": self.lineage,
            "trajectory": self.trajectory,
            "base": self.base,
            "decision": self.decision,
            "reason": self.reason,
            "gradients": list(self.gradients),
            "human": self.human,
            "override": self.override,
            "lateral": self.lateral,
            "verified": self.verified,
            "agreement": self.agreement,
            "model": self.model,
            "source": self.source,
            "reveals_answer": self.reveals_answer,
            "synthetic": self.synthetic,
        }


PROVENANCE: Columns = {
    "id": "string",
    "task": "string",
    "lineage": "string",
    "trajectory": "string",
    "base": "string",
    "decision": "string",
    "reason": "string",
    "gradients": ["string"],
    "human": "bool",
    "override": "bool",
    "lateral": "bool",
    "verified": "bool",
    "agreement": "float64",
    "model": "string",
    "source": "string",
    "reveals_answer": "bool",
    "synthetic": "bool",
}
"""Columns that every row has beside its own; the writer adds `weight` and `injection`."""


@dataclass(frozen=True, kw_only=True)
class Example(ABC):
    """An example with where it comes from; each kind adds what it shows."""

    provenance: Provenance

    @property
    @abstractmethod
    def content(self) -> tuple[str, ...]:
        """What makes two examples one."""


def provenance_of(lineage: Lineage, judged: Judged, kind: str) -> Provenance:
    """What is known of an example that a decision makes; `kind` tells several examples of one decision apart."""
    decision = judged.entry.decision
    candidate = judged.candidate
    return replace(
        undecided(lineage, judged.base, kind),
        id=f"{origin(judged.entry).hash[:16]}-{kind}",
        trajectory=candidate.id,
        decision=decision.kind.value,
        reason=decision.reason,
        gradients=answered(lineage, judged),
        human=decision.annotator != AUTOMATIC,
        override=decision.override,
        lateral=decision.lateral,
        verified=verified(judged.candidate_inspection),
        margin=margin(losses(judged.candidate_inspection), losses(judged.base_inspection), decision.override),
        agreement=lineage.agreement,
        reveals_answer=reveals_answer(judged.base_inspection),
        synthetic=is_synthetic(lineage.task, candidate) or is_synthetic(lineage.task, judged.base),
    )


def undecided(lineage: Lineage, of: Trajectory, kind: str) -> Provenance:
    """What is known of an example that needs no decision."""
    recording = lineage.revisions[lineage.root_id].trajectory
    source = recording.source
    return Provenance(
        id=f"{of.id[:16]}-{kind}",
        task=task_name(lineage.task),
        lineage=lineage.root_id,
        trajectory=of.id,
        base=of.id,
        model=source.model if source is not None else "",
        source=source.format if source is not None else "",
        synthetic=is_synthetic(lineage.task, recording),
        injected=lineage.injected,
        origins=origins(lineage.task),
    )


def why_filtered(filters: Filters, of: Provenance) -> str:
    """Why an example does not pass; empty where it does."""
    least, share = filters.agreement, of.agreement
    checks = (
        (filters.verified and of.shows_good and not of.verified, "not verified"),
        (filters.human and not of.human, "no person decided"),
        (filters.no_override and of.override, "accepted against the rule"),
        (filters.no_answer and of.reveals_answer, "whoever decided could see the gold answer"),
        (least is not None and share is None, "fewer than two people judged it independently"),
        (least is not None and share is not None and share < least, "too few agree"),
    )
    return next((f"filter: {reason}" for fails, reason in checks if fails), "")


def verified(inspection: Inspection | None) -> bool | None:
    """Whether every goal and hard constraint was met; None where nothing was judged."""
    return inspection.verified if inspection is not None else None


def losses(inspection: Inspection | None) -> LossVector | None:
    """What was measured; None where nothing was."""
    return inspection.losses if inspection is not None else None


def margin(better: LossVector | None, worse: LossVector | None, override: bool) -> float | None:
    """How much better some losses are; None where not measured, not comparable, or set aside by a person."""
    if better is None or worse is None or override:
        return None
    try:
        return better.margin(worse)
    except NotComparableError:
        return None


def answered(lineage: Lineage, judged: Judged) -> tuple[str, ...]:
    """Critiques that the hunks which were kept of the decision's proposal say they answer; none that quotes gold."""
    decision = judged.entry.decision
    proposal = lineage.proposals.get(decision.proposal_id or "")
    if proposal is None or judged.base_inspection is None:
        return ()
    kept = [proposal.hunks[number] for number in decision.kept_hunks if number < len(proposal.hunks)]
    wanted = {gradient_id for hunk in kept for gradient_id in hunk.gradient_ids}
    known = (each for each in judged.base_inspection.gradients if each.id in wanted)
    return tuple(each.critique for each in known if not each.reveals_answer)


def reveals_answer(inspection: Inspection | None) -> bool:
    """Whether the person who decided could see evidence that quotes the gold answer."""
    if inspection is None:
        return False
    findings = any(finding.reveals_answer for finding in inspection.unmet)
    return findings or any(gradient.reveals_answer for gradient in inspection.gradients)


def is_synthetic(task: Task, trajectory: Trajectory) -> bool:
    """Whether the task or the recording was made by this product."""
    return task.synthetic or (trajectory.source is not None and trajectory.source.synthetic)
