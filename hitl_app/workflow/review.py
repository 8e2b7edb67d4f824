"""Review: what a person decides, recorded in the ledger. Every method returns after the record is durable."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hitl_app.domain.codec import finding_to_json, gradient_to_json, losses_to_json
from hitl_app.domain.decision import DecisionKind, LedgerEntry, LedgerReport, ReviewStatus
from hitl_app.domain.errors import UserError
from hitl_app.domain.grounding import GroundingFault
from hitl_app.domain.inspection import Execution, Gradient
from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.domain.library import ChangeSet, Kind
from hitl_app.domain.ports import Clock, Store
from hitl_app.domain.replan import Replan, check_replan
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import Trajectory
from hitl_app.refine.edits import hunks_of_edits
from hitl_app.refine.grounding import check_grounded, ground
from hitl_app.refine.leaks import is_agents
from hitl_app.refine.verify import Verification
from hitl_app.workflow.deciding import Deciding, Maker
from hitl_app.workflow.opened import AUTHOR
from hitl_app.workflow.refinement import Candidate, Refinement
from hitl_app.workflow.threads import Threads
from hitl_app.workflow.undoing import Undoing, Undone

DECIDED: ChangeSet = frozenset({Kind.DECISION, Kind.TRAJECTORY, Kind.INSPECTION, Kind.DRAFT})
NOTED: ChangeSet = frozenset({Kind.DECISION})


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
        self._deciding = Deciding(store, clock)
        self._undoing = Undoing(store, clock)

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
        """Accept a proposal, wholly or the hunks in `kept` (numbers from 0), or reject it.

        A new plan that it has is part of it either way.

        Raises:
            UserError: There is no such hunk, or the plan is a grounded one with faults.
        """
        proposal = await self._threads.database(lambda: self._store.proposal(self._store.resolve_proposal(prefix)))
        numbers = tuple(range(len(proposal.hunks))) if kept is None else tuple(sorted(set(kept)))
        unknown = [number for number in numbers if not 0 <= number < len(proposal.hunks)]
        if unknown:
            raise UserError(f"the proposal has hunks 0 to {len(proposal.hunks) - 1}, there is no hunk {unknown[0]}")
        if not accept:
            candidate = await self._refinement.try_candidate(
                proposal.base_id, proposal.hunks, proposal.proposer, replan=proposal.replan
            )
            return await self.reject(proposal.base_id, maker, proposal_id=proposal.id, candidate=candidate)
        hunks = [proposal.hunks[number] for number in numbers]
        candidate = await self._refinement.try_candidate(
            proposal.base_id, hunks, proposal.proposer, lateral=lateral, replan=proposal.replan
        )
        return await self.settle(candidate, maker, override=override, proposal_id=proposal.id, kept=numbers)

    async def replan(self, prefix: str, replan: Replan, maker: Maker) -> tuple[Decided, ChangeSet]:
        """Write the plan of a trajectory anew by hand, from a step on or from the start; a revision of its own.

        Raises:
            ReplanError: It does not fit, or changes what was carried out.
            UserError: It is there from the start of what was done, and not grounded in that; says how.
        """
        base_id = await self._threads.database(self._store.resolve, prefix)
        candidate = await self._refinement.try_candidate(base_id, (), maker.annotator, replan=replan)
        return await self.settle(candidate, maker)

    async def faults(self, prefix: str, replan: Replan) -> tuple[GroundingFault, ...]:
        """What is wrong with a plan that is there from the start of what was done; none where it begins later."""
        _, base = await self._threads.database(self._task_of, prefix)
        found = await self._threads.database(self._store.inspection, base.id)
        return await self._faults(base, replan, None if found is None else found.execution)

    async def _faults(
        self, base: Trajectory, replan: Replan, execution: Execution | None
    ) -> tuple[GroundingFault, ...]:
        if replan.at or not any(map(is_agents, base.steps)):
            return ()
        check_replan(base, replan)
        task = await self._threads.database(self._store.task, base.task_id)
        tools = await self._refinement.known_tools(task)

        def check() -> tuple[GroundingFault, ...]:
            return check_grounded(task, base, replan, tools=tools, execution=execution)

        return await self._threads.background(check)

    async def grounded(self, prefix: str) -> Replan:
        """A plan read off what was done, without a model: somewhere to begin writing one from.

        Raises:
            UserError: The agent did nothing.
        """
        task, base = await self._threads.database(self._task_of, prefix)
        if not any(map(is_agents, base.steps)):
            raise UserError("the agent did nothing in this trajectory: no plan can be read off it")
        tools = await self._refinement.known_tools(task)
        return await self._threads.background(ground, base, tools)

    async def _require_grounded(self, candidate: Candidate) -> None:
        """Raise UserError where a plan that is there from the start is not grounded in what was done before it."""
        replan, done, execution = candidate.replan, candidate.base, candidate.before.execution
        if replan is not None and candidate.hunks:
            taken = {index for hunk in candidate.hunks for index in range(hunk.start, hunk.end)}
            if not any(is_agents(step) for index, step in enumerate(done.steps) if index not in taken):
                return  # all of it was done under the new plan
            replan, done = replace(replan, links=()), candidate.trajectory
            execution = candidate.inspection.execution
        faults = () if replan is None else await self._faults(done, replan, execution)
        if faults:
            listed = "\n".join(f"- {fault.words}" for fault in faults)
            raise UserError(f"this plan is not grounded in what was done, and cannot be accepted:\n{listed}")

    def _task_of(self, prefix: str) -> tuple[Task, Trajectory]:
        base = self._store.trajectory(self._store.resolve(prefix))
        return self._store.task(base.task_id), base

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

        Raises:
            UserError: An override without a reason, or a plan that is not grounded in what was done, which nobody can
                override: what is learnt from it would tell of the future.
        """
        if override:
            maker.require_reason("an override needs a reason: say why the rule is wrong here")
        await self._require_grounded(candidate)
        candidate = await self._refinement.confirm(candidate)
        entry = await self._threads.database(
            self._deciding.settle, candidate, maker, override, proposal_id, tuple(kept)
        )
        return Decided(entry, candidate), DECIDED

    async def approve_as_is(self, base_id: str, maker: Maker, *, override: bool = False) -> tuple[Decided, ChangeSet]:
        """Approve a trajectory that needs no change: one that is verified, or a plan alone.

        Raises:
            UserError: Its last inspection did not verify it, and the verdict is not overridden with a reason.
        """
        if override:
            maker.require_reason("an override needs a reason: say why the verdict is wrong here")
        entry = await self._threads.database(self._deciding.approve_as_is, base_id, maker, override)
        return Decided(entry), DECIDED

    async def reject(
        self, base_id: str, maker: Maker, *, proposal_id: str | None = None, candidate: Candidate | None = None
    ) -> tuple[Decided, ChangeSet]:
        """Reject a proposal with its candidate, or a trajectory as it is. The candidate stays on record."""
        maker.require_reason("a rejection needs a reason: a few words are enough")
        entry = await self._threads.database(self._deciding.reject, base_id, maker, proposal_id, candidate)
        return Decided(entry, candidate), DECIDED

    async def restore(self, revision_id: str, maker: Maker, *, override: bool = False) -> tuple[Decided, ChangeSet]:
        """Make an earlier revision, or the recording, the head of its lineage again.

        The lineage stands where it stood when that revision was accepted; a recording is pending again.

        Raises:
            UserError: It is the head already, or it is worse than the head and this is not overridden with a reason.
        """
        if override:
            maker.require_reason("an override needs a reason: say why the worse revision is wanted")
        entry = await self._threads.database(self._deciding.restore, revision_id, maker, override)
        return Decided(entry), DECIDED

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

    async def judge(
        self, base_id: str, step: int | None, maker: Maker, proposal_id: str | None = None
    ) -> tuple[Decided, ChangeSet]:
        """Say which step is to blame before a proposal is shown; None where nothing is wrong.

        Raises:
            UserError: The trajectory has no such step.
        """
        if step is not None:
            base = await self._threads.database(lambda: self._store.trajectory(self._store.resolve(base_id)))
            if not 0 <= step < len(base.steps):
                raise UserError(f"there is no step {step}: the trajectory has steps 0 to {len(base.steps) - 1}")
        detail: JsonObject = {"blame": step, "proposal_id": proposal_id}
        return await self._mark(base_id, maker, DecisionKind.JUDGE, None, detail)

    async def link(self, base_id: str, step: int, plan_step: int | None, maker: Maker) -> tuple[Decided, ChangeSet]:
        """Say which step of the final plan a step carries out; None where it carries out nothing of it.

        Raises:
            UserError: The trajectory has no such step, or its plan has none.
        """
        base = await self._threads.database(lambda: self._store.trajectory(self._store.resolve(base_id)))
        if not base.plan:
            raise UserError("this trajectory has no plan: there is nothing that a step could carry out")
        if not 0 <= step < len(base.steps):
            raise UserError(f"there is no step {step}: the trajectory has steps 0 to {len(base.steps) - 1}")
        if plan_step is not None and not 0 <= plan_step < len(base.plan):
            raise UserError(f"there is no plan step {plan_step}: the plan has steps 0 to {len(base.plan) - 1}")
        detail: JsonObject = {"step": step, "plan_step": plan_step}
        return await self._mark(base_id, maker, DecisionKind.LINK, None, detail)

    async def rate(
        self, base_id: str, item: str, value: int, rubric_version: str, maker: Maker
    ) -> tuple[Decided, ChangeSet]:
        """Answer an item of the rubric; a newer answer of the same annotator takes the place of an older one.

        Args:
            base_id: The trajectory.
            item: The item's id in the rubric.
            value: 0 or 1 where it asks yes or no, else a point of its scale.
            rubric_version: Of the rubric that was shown.
            maker: Who, why, how long.
        """
        if not item.strip():
            raise UserError("a rating needs the id of an item of the rubric")
        detail: JsonObject = {"item": item, "value": value, "rubric": rubric_version}
        return await self._mark(base_id, maker, DecisionKind.RATE, None, detail)

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

    async def undo(self, annotator: str, *, blind: bool = False) -> tuple[Undone, ChangeSet]:
        """Take back the annotator's newest decision that stands; of decisions made at once, all that can be.

        Args:
            annotator: Whose decision; nobody takes back another's.
            blind: Others' decisions are hidden from them.

        Raises:
            UserError: There is nothing to undo, or somebody else decided on the lineage since, in sight of it.
        """
        return await self._threads.database(self._undoing.undo, annotator, blind), DECIDED

    async def _mark(
        self,
        base_id: str,
        maker: Maker,
        kind: DecisionKind,
        status: ReviewStatus | None,
        detail: JsonObject | None = None,
    ) -> tuple[Decided, ChangeSet]:
        entry = await self._threads.database(self._deciding.mark, base_id, maker, kind, status, detail or {})
        return Decided(entry), NOTED

    async def save_draft(self, base_id: str, draft: JsonObject, annotator: str = "") -> ChangeSet:
        """Keep an unfinished review, as typed, in the place of the trajectory's last one.

        Args:
            base_id: The trajectory.
            draft: As the face writes and reads it.
            annotator: Whose it is: it is hidden from blind others. Empty where anybody may see it.
        """
        signed: JsonObject = {**draft, AUTHOR: annotator} if annotator else draft
        await self._threads.database(self._store.save_draft, base_id, signed)
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
