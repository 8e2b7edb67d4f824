"""The loop: INSPECT, EVOLVE, accept only improvements, VERIFY; back to EVOLVE while the budget lasts.

One loop serves the autonomous and the human run. It yields events that both faces show, and asks a gate before it
takes a candidate. It keeps nothing: who runs it records what its events say.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from hitl_app.domain.inspection import Inspection
from hitl_app.domain.ports import Gate
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.trajectory import Trajectory
from hitl_app.refine.accept import Acceptance, judge
from hitl_app.refine.evolve import evolve
from hitl_app.refine.verify import Verification


class Outcome(StrEnum):
    """How a run of the loop ended."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"


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
    """EVOLVE made a candidate, it was executed, the rule answered, and the gate where the rule allowed it."""

    proposal: Proposal
    base: Trajectory
    candidate: Trajectory
    before: Inspection
    inspection: Inspection
    acceptance: Acceptance
    taken: bool


@dataclass(frozen=True)
class Verified:
    """VERIFY replayed the best so far."""

    trajectory: Trajectory
    verification: Verification


@dataclass(frozen=True)
class Stopped:
    """The end, with the reason in words. It never passes silently."""

    outcome: Outcome
    stopped_by: str
    best: Trajectory


Event = Inspected | Proposed | Judged | Verified | Stopped


@dataclass(frozen=True)
class Stages:
    """What the loop runs, each in the thread where it belongs."""

    inspect: Callable[[Trajectory], Awaitable[Inspection]]
    propose: Callable[[Trajectory, Inspection], Awaitable[Proposal]]
    verify: Callable[[Trajectory, Inspection], Awaitable[Verification]]


async def refine(start: Trajectory, stages: Stages, gate: Gate, max_iterations: int) -> AsyncIterator[Event]:
    """Refine one trajectory until it is verified, nothing better is found, or the iterations are used up.

    Args:
        start: The trajectory to repair.
        stages: How to inspect, propose and verify.
        gate: Asked before a candidate that the rule accepts is taken.
        max_iterations: Ceiling of proposals.
    """
    best = start
    inspection = await stages.inspect(best)
    yield Inspected(best, inspection)
    stopped_by = "the iterations were used up"
    for iteration in range(max_iterations + 1):
        verification = await stages.verify(best, inspection)
        yield Verified(best, verification)
        if verification.verified:
            yield Stopped(Outcome.VERIFIED, "every goal and hard constraint holds in a full replay", best)
            return
        if iteration == max_iterations:
            break
        proposal = await stages.propose(best, inspection)
        yield Proposed(proposal)
        if not proposal.hunks:
            stopped_by = "the proposer found nothing better"
            break
        candidate = evolve(best, proposal.hunks, proposal.proposer)
        result = await stages.inspect(candidate)
        acceptance = judge(inspection, result)
        taken = acceptance.accepted and await gate.decide(proposal, candidate, result)
        yield Judged(proposal, best, candidate, inspection, result, acceptance, taken)
        if not taken:
            stopped_by = "the candidate was not taken"
            break
        best, inspection = candidate, result
    yield Stopped(Outcome.UNVERIFIED, stopped_by, best)
