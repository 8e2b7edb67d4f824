"""An actor and a proposer whose every decision goes through COPE's cascade."""

import time
from dataclasses import replace

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.model import AnswerError
from hitl_app.domain.ports import Prompts, ProposalRequest
from hitl_app.domain.proposal import Cost, Proposal
from hitl_app.domain.routing import Confidence, Place, RoutedStage, RoutingSettings
from hitl_app.refine.acting import ActRequest, Rollout, Scene, act
from hitl_app.refine.chat import Move
from hitl_app.refine.routed import Open, next_move, proposal
from hitl_app.refine.routing import Control, Resolved, route

COPE_ROUTING = "cope_routing"
"""The name of the method in code, exports and proposals."""

NAME = f"{COPE_ROUTING}/1"


class RoutedActor:
    """Acts like `acting.Actor`, by the majority's next move at every step."""

    def __init__(self, open_: Open, prompts: Prompts, control: Control, start_id: str) -> None:
        """Act by cascades.

        Args:
            open_: Opens the models.
            prompts: Holds `goal` and `guideline` beside those of the actor.
            control: Decides and keeps.
            start_id: What the cascades are recorded under, each with the index of its step.
        """
        self._open = open_
        self._prompts = prompts
        self._control = control
        self._start_id = start_id

    async def act(self, request: ActRequest) -> Rollout:
        """Act until the work is over or may not go on; see `acting.Actor.act`."""
        return await act(request, self._move)

    async def _move(self, scene: Scene) -> Move:
        place = Place(self._start_id, len(scene.steps))
        resolved = await route(next_move(self._open, self._prompts, scene), place, self._control)
        if resolved.made is None:
            raise AnswerError("neither model came to a next move")
        return resolved.made


class RoutingProposer:
    """Implements `domain.ports.Proposer`: the edits that the cascade comes to."""

    def __init__(self, open_: Open, prompts: Prompts, control: Control) -> None:
        """Propose by a cascade.

        Args:
            open_: Opens the models.
            prompts: Holds `goal` and `guideline` beside those of the proposer.
            control: Decides and keeps.
        """
        self._open = open_
        self._prompts = prompts
        self._control = control

    @property
    def name(self) -> str:
        """Name and version."""
        return NAME

    @property
    def deterministic(self) -> bool:
        """Asked again it may answer otherwise."""
        return False

    async def propose(self, request: ProposalRequest) -> Proposal:
        """The edits of the stage that resolves it; none where no sample proposes any.

        The cost is that of all samples, but for the look-ups, which are the winner's.

        Raises:
            ModelError: A model cannot be asked.
        """
        started, control = time.perf_counter(), self._control
        place = Place(request.base.id, None, len(request.attempts))
        check = control.settings.confidence is Confidence.VISIBLE
        resolved = await route(proposal(self._open, self._prompts, request, check=check), place, control)
        found = resolved.made or Proposal(request.base.id, (), NAME)
        usage = resolved.usage
        cost = Cost(
            found.cost.executions,
            found.cost.actions,
            time.perf_counter() - started,
            usage.calls,
            usage.tokens_in,
            usage.tokens_out,
            usage.usd,
            usage.measured,
        )
        said = (*found.tried, *map(stage_line, resolved.stages))
        settings = {**found.settings, **_settings(control.settings, resolved)}
        return replace(found, proposer=NAME, cost=cost, tried=said, settings=settings)


def stage_line(stage: RoutedStage) -> str:
    """What a stage came to, on one line."""
    if stage.consensus is None:
        return f"stage {stage.stage}: the {stage.role} model answered with the guideline"
    compared = f"{stage.consensus:.3g} {stage.comparator} {stage.threshold:g}"
    ended = "accepted" if stage.accepted else f"escalated by {stage.escalated_by}"
    by = f", by {stage.decided_by}" if stage.decided_by else ""
    return f"stage {stage.stage}: consensus of {len(stage.samples)} samples {compared}? {ended}{by}"


def _settings(settings: RoutingSettings, resolved: Resolved[Proposal]) -> JsonObject:
    return {
        "stage": resolved.stage.stage,
        "samples": settings.samples,
        "tau1": settings.tau1,
        "tau2": settings.tau2,
        "comparator": settings.comparator,
        "confidence": settings.confidence,
    }
