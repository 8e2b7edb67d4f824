"""Review: what a person decides, recorded in the ledger. Every method returns after the record is durable."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hitl_app.domain.codec import finding_to_json, gradient_to_json, losses_to_json
from hitl_app.domain.decision import (
    AUTOMATIC,
    MOVING,
    Decision,
    DecisionKind,
    LedgerEntry,
    LedgerReport,
    ReviewStatus,
)
from hitl_app.domain.errors import UserError
from hitl_app.domain.inspection import Gradient
from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.domain.library import ChangeSet, Kind
from hitl_app.domain.loss import NotComparableError
from hitl_app.domain.ports import Clock, Store
from hitl_app.domain.trajectory import Trajectory
from hitl_app.refine.accept import Rule
from hitl_app.refine.edits import hunks_of_edits
from hitl_app.refine.verify import Verification
from hitl_app.workflow.refinement import Candidate, Refinement
from hitl_app.workflow.threads import Threads

DECIDED: ChangeSet = frozenset({Kind.DECISION, Kind.TRAJECTORY, Kind.INSPECTION, Kind.DRAFT})
NOTED: ChangeSet = frozenset({Kind.DECISION})


@dataclass(frozen=True, slots=True)
class Maker:
    """Who decides, why, and how long it took.

    Attributes:
        seconds: Active time; None where nobody measured it.
        run: The run of the loop in which it was decided; empty outside of one.
    """

    annotator: str
    reason: str = ""
    seconds: float | None = None
    run: str = ""

    def __post_init__(self) -> None:
        if not self.annotator.strip():
            raise UserError("a decision needs the name of the annotator who makes it")

    @property
    def is_person(self) -> bool:
        """Whether someone decides. What rules accept still waits in the queue for a person's approval."""
        return self.annotator != AUTOMATIC


@dataclass(frozen=True)
class Decided:
    """A decision on record, with the candidate it was about where there was one."""

    entry: LedgerEntry
    candidate: Candidate | None = None


class Review:
    """Use cases that record decisions."""

    def __init__(self, store: Store, refinement: Refinement, threads: Threads, clock: Clock) -> None:
        self._store = store
        self._refinement = refinement
        self._threads = threads
        self._clock = clock

    async def revise(
        self, prefix: str, edits: Json, maker: Maker, *, override: bool = False, lateral: bool = False
    ) -> tuple[Decided, ChangeSet]:
        """Apply edits by hand, execute the result, and accept or refuse it by the monotonic rule.

        Raises:
            EditError: The edits do not fit. UserError: an override without a reason.
        """
        base = await self._threads.database(lambda: self._store.trajectory(self._store.resolve(prefix)))
        hunks = hunks_of_edits(base, edits)
        candidate = await self._refinement.try_candidate(base.id, hunks, maker.annotator, lateral=lateral)
        return await self.settle(candidate, maker, override=override)

    async def decide(
        self,
        prefix: str,
        maker: Maker,
        *,
        accept: bool,
        kept: Sequence[int] | None = None,
        override: bool = False,
        lateral: bool = False,
    ) -> tuple[Decided, ChangeSet]:
        """Accept a proposal, wholly or the hunks in `kept` (numbers from 0), or reject it."""
        proposal = await self._threads.database(lambda: self._store.proposal(self._store.resolve_proposal(prefix)))
        numbers = tuple(range(len(proposal.hunks))) if kept is None else tuple(sorted(set(kept)))
        unknown = [number for number in numbers if not 0 <= number < len(proposal.hunks)]
        if unknown:
            raise UserError(f"the proposal has hunks 0 to {len(proposal.hunks) - 1}, there is no hunk {unknown[0]}")
        if not accept:
            candidate = await self._refinement.try_candidate(proposal.base_id, proposal.hunks, proposal.proposer)
            return await self.reject(proposal.base_id, maker, proposal_id=proposal.id, candidate=candidate)
        hunks = [proposal.hunks[number] for number in numbers]
        candidate = await self._refinement.try_candidate(proposal.base_id, hunks, proposal.proposer, lateral=lateral)
        return await self.settle(candidate, maker, override=override, proposal_id=proposal.id, kept=numbers)

    async def settle(
        self,
        candidate: Candidate,
        maker: Maker,
        *,
        override: bool = False,
        proposal_id: str | None = None,
        kept: Sequence[int] = (),
    ) -> tuple[Decided, ChangeSet]:
        """Record the approval of a candidate. The rule still has its say, unless overridden.

        What is recorded is what a replay from the initial state finds, whatever was executed while it was edited.

        Args:
            candidate: From `Refinement.try_candidate`.
            maker: Who, why, how long.
            override: Accept it against the rule; the revision is then marked non-monotone.
            proposal_id: The proposal that the hunks come from; None for a revision by hand.
            kept: Numbers of the proposal's hunks that were kept unchanged.
        """
        if override and not maker.reason.strip():
            raise UserError("an override needs a reason: say why the rule is wrong here")
        candidate = await self._refinement.confirm(candidate)
        entry = await self._threads.database(self._settle, candidate, maker, override, proposal_id, tuple(kept))
        return Decided(entry, candidate), DECIDED

    def _settle(
        self, candidate: Candidate, maker: Maker, override: bool, proposal_id: str | None, kept: tuple[int, ...]
    ) -> LedgerEntry:
        by_rule = candidate.acceptance.accepted
        accepted = by_rule or override
        by_hand = proposal_id is None or candidate.trajectory.author == maker.annotator
        row = self._store.row(candidate.base.root_id)
        status = row.status
        if accepted and maker.is_person:
            status = ReviewStatus.EDITED if by_hand else ReviewStatus.APPROVED
        becomes_head = accepted and (override or self._not_worse_than_head(candidate, row.head_id))
        decision = Decision(
            kind=DecisionKind.EDIT if by_hand else DecisionKind.ACCEPT,
            root_id=candidate.base.root_id,
            base_id=candidate.base.id,
            annotator=maker.annotator,
            reason=maker.reason,
            made_at=self._clock.now(),
            status_before=row.status,
            status_after=status,
            head_before=row.head_id,
            head_after=candidate.trajectory.id if becomes_head else row.head_id,
            candidate_id=candidate.trajectory.id,
            proposal_id=proposal_id,
            kept_hunks=kept,
            accepted=accepted,
            rule=candidate.acceptance.rule,
            override=override and not by_rule,
            lateral=candidate.acceptance.rule is Rule.LATERAL,
            seconds=maker.seconds,
            detail={**_losses_of(candidate), **_run_of(maker)},
        )
        entry = self._store.record(decision, candidate.trajectory, candidate.inspection)
        self._store.delete_draft(candidate.base.id)
        return entry

    def _not_worse_than_head(self, candidate: Candidate, head_id: str) -> bool:
        head = self._store.inspection(head_id)
        if head is None or head_id == candidate.base.id:
            return True
        try:
            return candidate.inspection.losses.compare(head.losses) <= 0
        except NotComparableError:
            return False

    async def approve_as_is(self, base_id: str, maker: Maker, *, override: bool = False) -> tuple[Decided, ChangeSet]:
        """Approve a trajectory that needs no change.

        Raises:
            UserError: Its last inspection did not verify it, and the verdict is not overridden with a reason.
        """
        if override and not maker.reason.strip():
            raise UserError("an override needs a reason: say why the verdict is wrong here")
        entry = await self._threads.database(self._approve_as_is, base_id, maker, override)
        return Decided(entry), DECIDED

    def _approve_as_is(self, prefix: str, maker: Maker, override: bool) -> LedgerEntry:
        trajectory = self._store.trajectory(self._store.resolve(prefix))
        inspection = self._store.inspection(trajectory.id)
        verified = inspection is not None and inspection.verified is True
        if not verified and not override:
            what = "not inspected yet: inspect it" if inspection is None else "not verified: repair it"
            raise UserError(f"this trajectory is {what}, or override the verdict with a reason")
        draft = Decision(
            DecisionKind.ACCEPT,
            *("",) * 5,
            status_after=ReviewStatus.APPROVED,
            candidate_id=trajectory.id,
            accepted=True,
            rule=Rule.AS_IS,
            override=not verified,
            detail={} if inspection is None else {"losses_after": losses_to_json(inspection.losses)},
        )
        return self._note(trajectory.id, maker, draft, None)

    async def reject(
        self, base_id: str, maker: Maker, *, proposal_id: str | None = None, candidate: Candidate | None = None
    ) -> tuple[Decided, ChangeSet]:
        """Reject a proposal with its candidate, or a trajectory as it is. The candidate stays on record."""
        if not maker.reason.strip():
            raise UserError("a rejection needs a reason: a few words are enough")
        entry = await self._threads.database(
            self._note,
            base_id,
            maker,
            Decision(
                DecisionKind.REJECT,
                "",
                "",
                "",
                "",
                "",
                status_after=ReviewStatus.REJECTED,
                proposal_id=proposal_id,
                candidate_id=candidate.trajectory.id if candidate else None,
                accepted=False if candidate else None,
                rule=candidate.acceptance.rule if candidate else "",
                detail={**(_losses_of(candidate) if candidate else {}), **_run_of(maker)},
            ),
            candidate,
        )
        return Decided(entry, candidate), DECIDED

    async def skip(self, base_id: str, maker: Maker) -> tuple[Decided, ChangeSet]:
        """Put a trajectory off."""
        return await self._mark(base_id, maker, DecisionKind.SKIP, ReviewStatus.SKIPPED)

    async def flag(self, base_id: str, maker: Maker) -> tuple[Decided, ChangeSet]:
        """Mark a trajectory for someone else to look at."""
        return await self._mark(base_id, maker, DecisionKind.FLAG, ReviewStatus.FLAGGED)

    async def confirm_blame(self, base_id: str, gradient_id: str, maker: Maker) -> tuple[Decided, ChangeSet]:
        """Agree with a gradient."""
        return await self._mark(base_id, maker, DecisionKind.CONFIRM_BLAME, None, {"gradient_id": gradient_id})

    async def dismiss_gradient(self, base_id: str, gradient_id: str, maker: Maker) -> tuple[Decided, ChangeSet]:
        """Disagree with a gradient: it is no longer shown, and stays on record."""
        return await self._mark(base_id, maker, DecisionKind.DISMISS_GRADIENT, None, {"gradient_id": gradient_id})

    async def move_blame(self, base_id: str, step: int, maker: Maker) -> tuple[Decided, ChangeSet]:
        """Blame another step; the inspection's own blame stays on record."""
        return await self._mark(base_id, maker, DecisionKind.MOVE_BLAME, None, {"step": step})

    async def add_gradient(self, base_id: str, gradient: Gradient, maker: Maker) -> tuple[Decided, ChangeSet]:
        """Add a gradient of one's own."""
        detail: JsonObject = {"gradient": gradient_to_json(gradient)}
        return await self._mark(base_id, maker, DecisionKind.ADD_GRADIENT, None, detail)

    async def verify(self, prefix: str, maker: Maker) -> tuple[Verification, LedgerEntry, ChangeSet]:
        """Replay a trajectory wholly, judge it by its task's original constraints, and record the answer."""
        verification, trajectory = await self._refinement.verify(prefix)
        entry = await self.record_verification(trajectory.id, verification, maker)
        return verification, entry, frozenset({Kind.DECISION, Kind.INSPECTION})

    async def record_verification(self, trajectory_id: str, verification: Verification, maker: Maker) -> LedgerEntry:
        """Put the answer of a verification on record, and keep its inspection."""
        inspection = verification.inspection
        detail: JsonObject = {
            "verified": verification.verified,
            "repeatable": verification.repeatable,
            "losses": losses_to_json(inspection.losses),
            "findings": [finding_to_json(finding) for finding in inspection.findings],
        }
        decided, _ = await self._mark(trajectory_id, maker, DecisionKind.VERIFY, None, detail)
        await self._threads.database(self._store.save_inspection, inspection)
        return decided.entry

    async def undo(self, annotator: str) -> tuple[LedgerEntry, LedgerEntry, ChangeSet]:
        """Take back the annotator's newest decision that stands; returns the undo and what it undid.

        Raises:
            UserError: There is nothing to undo, or the lineage was decided on again since.
        """
        undo, undone = await self._threads.database(self._undo, annotator)
        return undo, undone, DECIDED

    def _undo(self, annotator: str) -> tuple[LedgerEntry, LedgerEntry]:
        last = self._store.last_undoable(annotator)
        if last is None:
            raise UserError(f"{annotator} has no decision to undo")
        decision = last.decision
        row = self._store.row(decision.root_id)
        if self._decided_since(last) or row.head_id != decision.head_after or row.status != decision.status_after:
            raise UserError(f'"{row.title}" was decided on again since: undo that first')
        undo = Decision(
            DecisionKind.UNDO,
            root_id=decision.root_id,
            base_id=decision.base_id,
            annotator=annotator,
            reason="",
            made_at=self._clock.now(),
            status_before=row.status,
            status_after=decision.status_before,
            head_before=row.head_id,
            head_after=decision.head_before,
            undoes=last.sequence,
        )
        return self._store.record(undo), last

    def _decided_since(self, entry: LedgerEntry) -> bool:
        """Whether a later decision on the lineage stands, which an undo would take back as well."""
        later = [e for e in self._store.entries(entry.decision.root_id) if e.sequence > entry.sequence]
        undone = {e.decision.undoes for e in later}
        return any(e.decision.kind in MOVING and e.sequence not in undone for e in later)

    async def _mark(
        self,
        base_id: str,
        maker: Maker,
        kind: DecisionKind,
        status: ReviewStatus | None,
        detail: JsonObject | None = None,
    ) -> tuple[Decided, ChangeSet]:
        draft = Decision(kind, "", "", "", "", "", detail={**(detail or {}), **_run_of(maker)})
        if status is not None:
            draft = replace(draft, status_after=status)
        entry = await self._threads.database(self._note, base_id, maker, draft, None, status is None)
        return Decided(entry), NOTED

    def _note(
        self, prefix: str, maker: Maker, draft: Decision, candidate: Candidate | None, keep_status: bool = False
    ) -> LedgerEntry:
        base: Trajectory = self._store.trajectory(self._store.resolve(prefix))
        row = self._store.row(base.root_id)
        # Another proposal for what is approved already may be rejected without taking the approval back.
        approved = row.status in (ReviewStatus.APPROVED, ReviewStatus.EDITED)
        # So may a run's candidate without a word on the trajectory that the run goes on with.
        keep_status = keep_status or bool(maker.run) or (approved and draft.proposal_id is not None)
        decision = replace(
            draft,
            root_id=base.root_id,
            base_id=base.id,
            annotator=maker.annotator,
            reason=maker.reason,
            made_at=self._clock.now(),
            status_before=row.status,
            status_after=row.status if keep_status else draft.status_after,
            head_before=row.head_id,
            head_after=row.head_id,
            seconds=maker.seconds,
        )
        if candidate is None:
            return self._store.record(decision)
        entry = self._store.record(decision, candidate.trajectory, candidate.inspection)
        self._store.delete_draft(base.id)
        return entry

    async def save_draft(self, base_id: str, draft: JsonObject) -> ChangeSet:
        """Keep an unfinished review, as typed."""
        await self._threads.database(self._store.save_draft, base_id, draft)
        return frozenset({Kind.DRAFT})

    async def delete_draft(self, base_id: str) -> ChangeSet:
        """Drop an unfinished review."""
        await self._threads.database(self._store.delete_draft, base_id)
        return frozenset({Kind.DRAFT})

    async def check_ledger(self) -> LedgerReport:
        """Look for altered, missing and reordered entries."""
        return await self._threads.database(self._store.check_ledger)

    async def entries(self, root_id: str | None = None) -> list[LedgerEntry]:
        """Ledger entries of a lineage, or all."""
        return await self._threads.database(lambda: list(self._store.entries(root_id)))


def _run_of(maker: Maker) -> JsonObject:
    return {"run": maker.run} if maker.run else {}


def _losses_of(candidate: Candidate) -> Mapping[str, Json]:
    return {
        "losses_before": losses_to_json(candidate.before.losses),
        "losses_after": losses_to_json(candidate.inspection.losses),
        "explanation": candidate.acceptance.explanation,
        "carried_over": len(candidate.trajectory.carried_over),
    }
