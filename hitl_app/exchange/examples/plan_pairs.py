"""Pairs of plans of one task, of which the executions of one went better."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import takewhile

from hitl_app.domain.jsontypes import JsonObject, canonical
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.training import ExportSettings
from hitl_app.domain.trajectory import PlanStep, Trajectory
from hitl_app.exchange.conversation import flatten
from hitl_app.exchange.examples.example import Example, undecided
from hitl_app.exchange.examples.lineage import Exclusions, Lineage
from hitl_app.exchange.examples.plan_runs import CarriedOut
from hitl_app.exchange.examples.turns import Side

CARRIED_OUT_ONCE = "a plan was carried out fewer than twice: how alike was not measured"
NOT_JUDGED = "the executions of a plan were not judged: there is no reward"
EQUALLY_GOOD = "the executions of both plans went equally well"
OTHER_WORDS = "the two plans were written for different words of the user"


@dataclass(frozen=True, kw_only=True)
class PlanPair(Example):
    """Two plans for the same words.

    Attributes:
        told: What the agent was told before it did anything.
        shared: The steps that both plans begin with; each has at least one more, so that none is left empty.
        chosen: What follows in the plan that is preferred.
        rejected: What follows in the other.
        chosen_runs: How the preferred plan was carried out.
        rejected_runs: How the other was.
    """

    task: Task
    tools: tuple[ToolSpec, ...]
    told: tuple[JsonObject, ...]
    shared: tuple[PlanStep, ...]
    chosen: tuple[PlanStep, ...]
    rejected: tuple[PlanStep, ...]
    chosen_runs: CarriedOut
    rejected_runs: CarriedOut

    @property
    def content(self) -> tuple[str, ...]:
        """What makes two pairs one."""
        plans = [[[step.step, step.reasoning] for step in plan] for plan in (self.shared, self.chosen, self.rejected)]
        return (self.task.id, canonical(self.told), canonical(plans))


def plan_pairs(lineage: Lineage, settings: ExportSettings, excluded: Exclusions) -> Iterator[PlanPair]:
    """Pairs in which the preferred plan is the one that this lineage's recording was the first to carry out.

    The plan whose executions went better is preferred, however alike they were: that is what a pair's weight is for.
    """
    recording = lineage.revisions[lineage.root_id].trajectory
    plans = lineage.plan_runs.of(recording.task_id) if recording.plan else ()
    own = next((place for place, plan in enumerate(plans) if plan.first.id == recording.id), None)
    if own is None:
        return
    for place, other in enumerate(plans):
        found = _pair(lineage, plans[own], other) if place != own else None
        if isinstance(found, PlanPair):
            yield found
        elif found is not None and own < place:  # each two plans are met twice
            excluded[found] += 1


def _pair(lineage: Lineage, own: CarriedOut, other: CarriedOut) -> PlanPair | str | None:
    """The pair in which the own plan is preferred; why there is none of the two, or None where the other is."""
    if own.alike is None or other.alike is None:
        return CARRIED_OUT_ONCE
    if own.reward is None or other.reward is None:
        return NOT_JUDGED
    if own.reward == other.reward:
        return EQUALLY_GOOD
    told = _told(own.first)
    if told != _told(other.first):
        return OTHER_WORDS
    if own.reward < other.reward:
        return None
    shared = _shared(own.first.plan, other.first.plan)
    return PlanPair(
        provenance=replace(
            undecided(lineage, own.first, f"plans-{other.first.id[:16]}"),
            base=other.first.id,
            verified=own.verified,
            margin=own.reward - other.reward,
        ),
        task=lineage.task,
        tools=lineage.tools,
        told=told,
        shared=own.first.plan[:shared],
        chosen=own.first.plan[shared:],
        rejected=other.first.plan[shared:],
        chosen_runs=own,
        rejected_runs=other,
    )


def _told(recording: Trajectory) -> tuple[JsonObject, ...]:
    side = Side(recording, None)
    return tuple(flatten(side.turns[: side.opening]))


def _shared(one: tuple[PlanStep, ...], other: tuple[PlanStep, ...]) -> int:
    """How many steps both begin with, short of the whole of one."""
    both = zip(one[:-1], other[:-1], strict=False)
    return sum(1 for _ in takewhile(lambda two: two[0] == two[1], both))
