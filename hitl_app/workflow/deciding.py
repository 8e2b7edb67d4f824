"""Decisions as they are recorded: who makes them, what they saw, and what that makes of a lineage.

Everything here runs in the database's lane and is durable when it returns; `Review` is what a face calls.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hitl_app.domain.codec import losses_to_json
from hitl_app.domain.decision import AUTOMATIC, Decision, DecisionKind, LedgerEntry, ReviewStatus
from hitl_app.domain.errors import UserError
from hitl_app.domain.inspection import Inspection
from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.domain.library import QueueRow
from hitl_app.domain.loss import NotComparableError
from hitl_app.domain.ports import Clock, Store
from hitl_app.domain.trajectory import Trajectory
from hitl_app.refine.accept import Rule
from hitl_app.workflow.coordination import measure
from hitl_app.workflow.opened import SEED, tested_in
from hitl_app.workflow.refinement import Candidate

COORDINATION = "cope_coordination"
"""Field of an approval's detail that says how well the plan and its executions went together then."""

_APPROVED = (ReviewStatus.APPROVED, ReviewStatus.EDITED)


@dataclass(frozen=True, slots=True)
class Maker:
    """Who decides, why, and how long it took.

    Attributes:
        seconds: Active time; None where nobody measured it.
        run: The run of the loop in which it was decided; empty outside of one.
        blind: Others' decisions are hidden from them.
        idle_seconds: Time in which they did nothing, not part of `seconds`; None where nobody measured it.
    """

    annotator: str
    reason: str = ""
    seconds: float | None = None
    run: str = ""
    blind: bool = False
    idle_seconds: float | None = None

    def __post_init__(self) -> None:
        if not self.annotator.strip():
            raise UserError("a decision needs the name of the annotator who makes it")

    @property
    def is_person(self) -> bool:
        """Whether someone decides. What rules accept still waits in the queue for a person's approval."""
        return self.annotator != AUTOMATIC

    @property
    def viewer(self) -> str:
        """As whom they see the store: as themselves where they are blind; empty where they see everything."""
        return self.annotator if self.blind else ""

    @property
    def detail(self) -> JsonObject:
        """What every decision of theirs records of how it was made."""
        detail: dict[str, Json] = {}
        if self.run:
            detail["run"] = self.run
        if self.blind:
            detail["blind"] = True
        if self.idle_seconds is not None:
            detail["idle_seconds"] = self.idle_seconds
        return detail

    def require_reason(self, why: str) -> None:
        """Raise UserError with these words where no reason was given."""
        if not self.reason.strip():
            raise UserError(why)


def begin(kind: DecisionKind, row: QueueRow, base_id: str, maker: Maker, made_at: str) -> Decision:
    """A decision that leaves its lineage as its maker saw it."""
    return Decision(
        kind=kind,
        root_id=row.root_id,
        base_id=base_id,
        annotator=maker.annotator,
        reason=maker.reason,
        made_at=made_at,
        status_before=row.status,
        status_after=row.status,
        head_before=row.head_id,
        head_after=row.head_id,
        seconds=maker.seconds,
        detail=maker.detail,
    )


class Deciding:
    """Puts decisions on record."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def settle(
        self, candidate: Candidate, maker: Maker, override: bool, proposal_id: str | None, kept: tuple[int, ...]
    ) -> LedgerEntry:
        """Record the approval of a candidate, by the rule of acceptance or against it; see `Review.settle`."""
        by_rule = candidate.acceptance.accepted
        accepted = by_rule or override
        by_hand = proposal_id is None or candidate.trajectory.author == maker.annotator
        decision = self._begin(
            DecisionKind.EDIT if by_hand else DecisionKind.ACCEPT, candidate.base.root_id, candidate.base.id, maker
        )
        decision = replace(
            decision,
            candidate_id=candidate.trajectory.id,
            proposal_id=proposal_id,
            kept_hunks=kept,
            accepted=accepted,
            rule=candidate.acceptance.rule,
            override=override and not by_rule,
            lateral=candidate.acceptance.rule is Rule.LATERAL,
            detail={**decision.detail, **_losses_of(candidate)},
        )
        seed = self._seed_detail(proposal_id, kept)
        if seed is not None:
            decision = replace(decision, detail={**decision.detail, SEED: seed})
        elif accepted:
            decision = self._measured(decision, candidate.trajectory, maker)
            if maker.is_person:
                status = ReviewStatus.EDITED if by_hand else ReviewStatus.APPROVED
                decision = replace(decision, status_after=status)
            if override or self._may_follow(candidate, decision.head_before):
                decision = replace(decision, head_after=candidate.trajectory.id)
        return self._record(decision, candidate)

    def approve_as_is(self, prefix: str, maker: Maker, override: bool) -> LedgerEntry:
        """Record the approval of a trajectory unchanged; see `Review.approve_as_is`."""
        trajectory = self._store.trajectory(self._store.resolve(prefix))
        inspection = self._store.inspection(trajectory.id)
        good = trajectory.plan_alone or (inspection is not None and inspection.verified is True)
        if not good and not override:
            what = "not inspected yet: inspect it" if inspection is None else "not verified: repair it"
            raise UserError(f"this trajectory is {what}, or override the verdict with a reason")
        decision = self._begin(DecisionKind.ACCEPT, trajectory.root_id, trajectory.id, maker)
        measured = self._measured(decision, trajectory, maker)
        return self._record(
            replace(
                measured,
                status_after=ReviewStatus.APPROVED,
                candidate_id=trajectory.id,
                accepted=True,
                rule=Rule.AS_IS,
                override=not good,
                detail={**measured.detail, **_losses_after(inspection)},
            )
        )

    def reject(self, prefix: str, maker: Maker, proposal_id: str | None, candidate: Candidate | None) -> LedgerEntry:
        """Record a rejection; see `Review.reject`."""
        base = self._store.trajectory(self._store.resolve(prefix))
        decision = replace(self._begin(DecisionKind.REJECT, base.root_id, base.id, maker), proposal_id=proposal_id)
        if candidate is not None:
            decision = replace(
                decision,
                candidate_id=candidate.trajectory.id,
                accepted=False,
                rule=candidate.acceptance.rule,
                detail={**decision.detail, **_losses_of(candidate)},
            )
        seed = self._seed_detail(proposal_id, ())
        if seed is not None:
            decision = replace(decision, detail={**decision.detail, SEED: seed})
        # Another proposal for what is approved already may be rejected without taking the approval back. So may a
        # run's candidate without a word on the trajectory that the run goes on with.
        elif not maker.run and not (proposal_id is not None and decision.status_before in _APPROVED):
            decision = replace(decision, status_after=ReviewStatus.REJECTED)
        return self._record(decision, candidate)

    def restore(self, prefix: str, maker: Maker, override: bool) -> LedgerEntry:
        """Record that an earlier revision is the head again; see `Review.restore`."""
        trajectory = self._store.trajectory(self._store.resolve(prefix))
        decision = self._begin(DecisionKind.RESTORE, trajectory.root_id, trajectory.id, maker)
        if decision.head_before == trajectory.id:
            raise UserError("this revision is the head already: there is nothing to restore")
        revisions = {revision.trajectory.id: revision for revision in self._store.revisions(trajectory.root_id)}
        revision = revisions[trajectory.id]
        if trajectory.id in tested_in(self._store.entries(trajectory.root_id)):
            raise UserError("this revision cannot be restored: its proposal was bad on purpose")
        worse = not self._not_worse(revision.inspection, decision.head_before)
        if worse and not override:
            raise UserError(
                "this revision is worse than the head or cannot be compared with it: "
                "to restore it all the same, override with a reason"
            )
        return self._record(
            replace(
                decision,
                candidate_id=trajectory.id,
                accepted=True,
                status_after=_status_when_decided(revision.entry),
                head_after=trajectory.id,
                override=worse,
                detail={**decision.detail, **_losses_after(revision.inspection)},
            )
        )

    def mark(
        self, prefix: str, maker: Maker, kind: DecisionKind, status: ReviewStatus | None, detail: JsonObject
    ) -> LedgerEntry:
        """Record a word on a trajectory; without a status, its lineage stays where it stands."""
        base = self._store.trajectory(self._store.resolve(prefix))
        decision = self._begin(kind, base.root_id, base.id, maker)
        status = decision.status_before if status is None else status
        return self._record(replace(decision, status_after=status, detail={**decision.detail, **detail}))

    def _begin(self, kind: DecisionKind, root_id: str, base_id: str, maker: Maker) -> Decision:
        return begin(kind, self._store.row(root_id, maker.viewer), base_id, maker, self._clock.now())

    def _record(self, decision: Decision, candidate: Candidate | None = None) -> LedgerEntry:
        if candidate is None:
            return self._store.record(decision)
        entry = self._store.record(decision, candidate.trajectory, candidate.inspection)
        self._store.delete_draft(decision.base_id)
        return entry

    def _measured(self, decision: Decision, approved: Trajectory, maker: Maker) -> Decision:
        """The approval with the measures of what it approves, and the weights made of them, as its maker saw them."""
        if not approved.plan:
            return decision
        measures = measure(self._store, approved, maker.viewer).to_json()
        return replace(decision, detail={**decision.detail, COORDINATION: measures})

    def _seed_detail(self, proposal_id: str | None, kept: Sequence[int]) -> JsonObject | None:
        """What became of a proposal that was bad on purpose. Such a decision says nothing about its lineage."""
        seed = None if proposal_id is None else self._store.seed(proposal_id)
        if seed is None:
            return None
        accepted_bad = [number for number in kept if number in seed.bad_hunks]
        return {"kind": seed.kind, "bad_hunks": list(seed.bad_hunks), "accepted_bad": accepted_bad}

    def _may_follow(self, candidate: Candidate, head_id: str) -> bool:
        return head_id == candidate.base.id or self._not_worse(candidate.inspection, head_id)

    def _not_worse(self, inspection: Inspection | None, head_id: str) -> bool:
        head = self._store.inspection(head_id)
        if head is None or inspection is None:
            return head is None
        try:
            return inspection.losses.compare(head.losses) <= 0
        except NotComparableError:
            return False


def _status_when_decided(entry: LedgerEntry | None) -> ReviewStatus:
    """Of a recording, and of what no person accepted, pending."""
    accepted = entry is not None and entry.decision.accepted and entry.decision.status_after in _APPROVED
    return entry.decision.status_after if entry is not None and accepted else ReviewStatus.PENDING


def _losses_after(inspection: Inspection | None) -> JsonObject:
    return {} if inspection is None else {"losses_after": losses_to_json(inspection.losses)}


def _losses_of(candidate: Candidate) -> Mapping[str, Json]:
    return {
        "losses_before": losses_to_json(candidate.before.losses),
        "losses_after": losses_to_json(candidate.inspection.losses),
        "explanation": candidate.acceptance.explanation,
        "carried_over": len(candidate.trajectory.carried_over),
    }
