"""The loop: INSPECT, EVOLVE, accept only improvements, VERIFY; back to EVOLVE while the budget lasts.

One loop serves the autonomous and the human run. It yields events that both faces show, and asks a gate wherever a
person may stand. It keeps nothing: who runs it records what its events say. PLAN comes before it (`refine.planning`):
the loop starts from the candidate that was chosen there, or from a recording.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace

from hitl_app.domain.hunk import Hunk, HunkError
from hitl_app.domain.inspection import Gradient, Inspection
from hitl_app.domain.model import AnswerError, ModelError
from hitl_app.domain.ports import Approval, Attempt, Gate, Guidance, Judgement
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.run import BudgetExhaustedError, Stage, TaskStatus
from hitl_app.domain.trajectory import Trajectory
from hitl_app.refine.accept import judge
from hitl_app.refine.evolve import evolve
from hitl_app.refine.gradients import for_autonomous
from hitl_app.refine.verify import Verification

MAX_USELESS_ANSWERS = 3
"""Answers in a row that cannot be used or propose nothing new, after which the loop ends."""


@dataclass(frozen=True)
class Entered:
    """A stage begins."""

    stage: Stage
    iteration: int


@dataclass(frozen=True)
class Inspected:
    """INSPECT ended: where the loop starts from."""

    trajectory: Trajectory
    inspection: Inspection


@dataclass(frozen=True)
class Proposed:
    """The proposer answered, with or without hunks; its cost counts either way."""

    proposal: Proposal


@dataclass(frozen=True)
class Judged:
    """EVOLVE made a candidate, it was executed, the rule answered, and the gate had the last word."""

    judgement: Judgement
    approval: Approval

    @property
    def taken(self) -> bool:
        """The candidate is the best from now on."""
        return self.approval.taken and (self.judgement.accepted or self.approval.override)


@dataclass(frozen=True)
class Refused:
    """Nothing was executed: the proposal is empty, does not fit, was made before, or all its hunks were rejected.

    Attributes:
        proposal: None where the answer could not be used.
        by_gate: Whoever decides rejected all hunks.
    """

    proposal: Proposal | None
    reason: str
    by_gate: bool = False


@dataclass(frozen=True)
class Verified:
    """VERIFY replayed the best so far; `missed` are constraints that a person added."""

    trajectory: Trajectory
    verification: Verification
    missed: tuple[Gradient, ...] = ()


@dataclass(frozen=True)
class Stopped:
    """The end, with the reason in words. It never passes silently."""

    status: TaskStatus
    stopped_by: str
    best: Trajectory
    inspection: Inspection


Event = Entered | Inspected | Proposed | Judged | Refused | Verified | Stopped


@dataclass(frozen=True)
class Stages:
    """What the loop runs, each in the thread where it belongs.

    Attributes:
        critique: Adds a model's words to the gradients of an inspection; changes nothing where no model is asked.
        locked: How many steps at the start a proposer must keep.
        deterministic: The proposer answers alike when it is asked again.
        check: Raises `BudgetExhaustedError` where the wall time is used up: a search ends early then.
    """

    inspect: Callable[[Trajectory], Awaitable[Inspection]]
    critique: Callable[[Trajectory, Inspection], Awaitable[Inspection]]
    locked: Callable[[Trajectory, Inspection], int]
    propose: Callable[[Trajectory, Guidance, tuple[Attempt, ...]], Awaitable[Proposal]]
    verify: Callable[[Trajectory, Inspection], Awaitable[Verification]]
    deterministic: bool = False
    check: Callable[[], None] = lambda: None


async def refine(start: Trajectory, stages: Stages, gate: Gate, max_iterations: int) -> AsyncIterator[Event]:
    """Refine one trajectory until it is verified, nothing better is found, or the budget is used up.

    Args:
        start: The trajectory to repair.
        stages: How to inspect, propose and verify.
        gate: Asked wherever a person may stand.
        max_iterations: Ceiling of proposals.
    """
    loop = _Loop(start, stages, gate)
    yield Entered(Stage.INSPECT, 0)
    loop.inspection = await stages.inspect(start)
    yield Inspected(start, loop.inspection)
    try:
        async for event in loop.run(max_iterations):
            yield event
    except BudgetExhaustedError as reason:
        yield loop.stopped(TaskStatus.UNVERIFIED, str(reason))
    except ModelError as error:
        yield loop.stopped(TaskStatus.FAILED, str(error))


class _Loop:
    """The best so far, and what was tried on it."""

    inspection: Inspection

    def __init__(self, start: Trajectory, stages: Stages, gate: Gate) -> None:
        self._best = start
        self._stages = stages
        self._gate = gate
        self._attempts: tuple[Attempt, ...] = ()
        self._tried: set[str] = set()

    def stopped(self, status: TaskStatus, reason: str) -> Stopped:
        return Stopped(status, reason, self._best, self.inspection)

    async def run(self, max_iterations: int) -> AsyncIterator[Event]:
        useless, changed = 0, True
        for iteration in range(max_iterations + 1):
            if changed:
                yield Entered(Stage.VERIFY, iteration)
                verified = await self._verify()
                yield verified
                if verified.verification.verified and not verified.missed:
                    reason = "every goal and hard constraint holds in a full replay"
                    yield self.stopped(TaskStatus.VERIFIED, reason)
                    return
            if iteration == max_iterations:
                break
            yield Entered(Stage.EVOLVE, iteration)
            outcome: Judged | Refused
            try:
                proposal = await self._propose()
            except AnswerError as error:
                outcome = self._refuse(None, str(error))
            else:
                yield Proposed(proposal)
                yield Entered(Stage.INSPECT, iteration)
                outcome = await self._try(proposal)
            yield outcome
            changed = isinstance(outcome, Judged) and outcome.taken
            useless = useless + 1 if isinstance(outcome, Refused) and not outcome.by_gate else 0
            end = None if changed else self._useless_to_go_on(outcome, useless)
            if end is not None:
                yield end
                return
        yield self.stopped(TaskStatus.UNVERIFIED, "the iterations were used up")

    def _useless_to_go_on(self, outcome: Judged | Refused, useless: int) -> Stopped | None:
        """The end, where asking the proposer again promises nothing."""
        proposal = outcome.judgement.proposal if isinstance(outcome, Judged) else outcome.proposal
        if self._stages.deterministic and proposal is not None:
            self._stages.check()
            why = "would propose the same again" if proposal.hunks else "found nothing better"
            return self.stopped(TaskStatus.UNVERIFIED, f"the proposer {why}")
        if useless < MAX_USELESS_ANSWERS or isinstance(outcome, Judged):
            return None
        if proposal is None:
            return self.stopped(TaskStatus.FAILED, f"{useless} answers in a row were of no use: {outcome.reason}")
        return self.stopped(TaskStatus.UNVERIFIED, f"nothing new was proposed {useless} times in a row")

    async def _verify(self) -> Verified:
        verification = await self._stages.verify(self._best, self.inspection)
        missed = await self._gate.verify(self._best, verification.inspection)
        found = verification.inspection
        self.inspection = replace(found, gradients=(*missed, *found.gradients)) if missed else found
        return Verified(self._best, verification, missed)

    async def _propose(self) -> Proposal:
        inspection = await self._stages.critique(self._best, self.inspection)
        guidance = await self._gate.guide(self._best, inspection, self._stages.locked(self._best, inspection))
        return await self._stages.propose(self._best, guidance, self._attempts)

    async def _try(self, proposal: Proposal) -> Judged | Refused:
        """Make the candidate of what the gate keeps of a proposal, execute it, ask the rule and the gate."""
        hunks: tuple[Hunk, ...] = proposal.hunks
        if hunks:
            hunks = await self._gate.review(self._best, self.inspection, proposal)
            if not hunks:
                return replace(self._refuse(proposal, "every hunk was rejected"), by_gate=True)
        if not hunks:
            return self._refuse(
                proposal, "nothing was proposed" if proposal.replan is None else "only a plan was proposed"
            )
        edited = hunks != proposal.hunks
        try:
            author = self._gate.who if edited else proposal.proposer
            candidate = evolve(self._best, hunks, author, proposal.replan)
        except HunkError as error:
            return self._refuse(proposal, str(error))
        if candidate.id in self._tried:
            return self._refuse(proposal, "it was proposed and tried before")
        self._tried.add(candidate.id)
        result = await self._stages.inspect(candidate)
        rule = judge(self.inspection, result)
        judgement = Judgement(
            proposal,
            hunks,
            self._best,
            self.inspection,
            candidate,
            result,
            rule.accepted,
            rule.rule,
            rule.explanation,
        )
        judged = Judged(judgement, await self._gate.approve(judgement))
        if judged.taken:
            self._best, self.inspection, self._attempts = candidate, result, ()
        else:
            known = judge(for_autonomous(self.inspection), for_autonomous(result)).explanation
            self._attempts = (*self._attempts, Attempt(proposal, judged.approval.reason or known))
        return judged

    def _refuse(self, proposal: Proposal | None, reason: str) -> Refused:
        """An answer without use counts as an attempt, too: asked the same again, a model would say the same."""
        self._attempts = (*self._attempts, Attempt(proposal or Proposal(self._best.id, (), ""), reason))
        return Refused(proposal, reason)
