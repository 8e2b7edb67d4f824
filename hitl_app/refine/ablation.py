"""Switching off a stage of the loop, to measure what it is worth: what then stays hidden, and who proposes instead.

Without PLAN there is one rollout and no plan (`refine.pivot`). Without INSPECT the proposer learns only that the
trajectory is not verified. Without EVOLVE nothing is edited: candidates are made by acting again from the start.
Without VERIFY the loop does not know of the goals, which VERIFY checks, and ends where nothing else is wrong. The rule
of acceptance always stays.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from hitl_app.domain.hunk import Hunk, Operator
from hitl_app.domain.inspection import FindingKind, Gradient, GradientSource, Inspection
from hitl_app.domain.loss import Component, LossVector
from hitl_app.domain.ports import Attempt, Guidance, ProposalRequest
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.trajectory import Step
from hitl_app.refine.blame import earliest_cause

NOT_VERIFIED = Gradient(GradientSource.CHECKER, Component.GOAL, "the trajectory is not verified")
"""All that a proposer is told without INSPECT."""

NOT_TAKEN = "it was not accepted"


def without_goals(inspection: Inspection) -> Inspection:
    """The inspection as the loop sees it without VERIFY."""
    findings = tuple(finding for finding in inspection.findings if finding.kind is not FindingKind.GOAL)
    cause = earliest_cause(inspection.execution, findings, inspection.dependencies)
    gradients = tuple(
        replace(gradient, is_earliest_cause=gradient.step_index == cause and gradient.is_earliest_cause)
        for gradient in inspection.gradients
        if gradient.component is not Component.GOAL
    )
    losses = replace(inspection.losses, goal=None)
    return replace(inspection, losses=losses, findings=findings, gradients=gradients, earliest_cause=cause, scores={})


def without_signals(inspection: Inspection) -> Inspection:
    """The inspection as a proposer sees it without INSPECT: the execution, and that it is not verified."""
    return Inspection(inspection.execution, LossVector(), gradients=(NOT_VERIFIED,))


def blindly(guidance: Guidance, attempts: tuple[Attempt, ...]) -> tuple[Guidance, tuple[Attempt, ...]]:
    """What a proposer works from without INSPECT: nothing is locked, and no reason says what became better or worse."""
    silent = tuple(replace(attempt, reason=NOT_TAKEN) for attempt in attempts)
    return Guidance(without_signals(guidance.inspection), 0), silent


class ActingAnew:
    """Proposes what acting again from the start leads to. Implements `domain.ports.Proposer`."""

    def __init__(self, act: Callable[[ProposalRequest, int], Awaitable[tuple[Step, ...]]], first: int) -> None:
        """Propose new rollouts.

        Args:
            act: Acts on the task of a request; the number is that of the sample.
            first: Number of the first sample that was not drawn yet.
        """
        self._act = act
        self._sample = first

    @property
    def name(self) -> str:
        """Name and version."""
        return "acting-anew/1"

    @property
    def deterministic(self) -> bool:
        """Each proposal is another sample."""
        return False

    async def propose(self, request: ProposalRequest) -> Proposal:
        """A whole new trajectory; it answers no gradient."""
        base, sample = request.base, self._sample
        self._sample += 1
        steps = await self._act(request, sample)
        hunk = Hunk(Operator.REGENERATE_SUFFIX, 0, len(base.steps), base.steps, steps, why="acted again from the start")
        return Proposal(base.id, (hunk,), self.name, settings={"sample": sample})
