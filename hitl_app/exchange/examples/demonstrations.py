"""Demonstrations: the revision that a lineage stands at, where it passed verification."""

from collections.abc import Iterator
from dataclasses import dataclass

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.task import ToolSpec
from hitl_app.domain.training import ExportSettings
from hitl_app.domain.trajectory import Trajectory
from hitl_app.exchange.conversation import Turn, flatten, system_message, turns_of, without_ids
from hitl_app.exchange.examples.example import Example, provenance_of
from hitl_app.exchange.examples.lineage import Exclusions, Judged, Lineage
from hitl_app.exchange.examples.turns import first_difference

SUPERSEDED = "superseded by a later revision"


@dataclass(frozen=True, kw_only=True)
class Demonstration(Example):
    """A chat to imitate.

    Attributes:
        messages: Up to the first message that was only carried over.
        divergence: Position among the messages of the first one that differs from the base; None where none does.
        carried_over: Steps of the revision that were only kept after an edit.
    """

    messages: tuple[JsonObject, ...]
    tools: tuple[ToolSpec, ...]
    divergence: int | None
    carried_over: int

    @property
    def content(self) -> tuple[str, ...]:
        """What makes two demonstrations one."""
        return (without_ids(self.messages),)


def demonstrations(lineage: Lineage, settings: ExportSettings, excluded: Exclusions) -> Iterator[Demonstration]:
    """The demonstration of a lineage, if it has one."""
    heads = [item for item in lineage.usable(excluded) if _becomes_head(item)]
    current = [item for item in heads if item.entry.decision.candidate_id == lineage.stand.head]
    excluded[SUPERSEDED] += len(heads) - min(1, len(current))
    if not current:
        return
    item = current[-1]
    if item.candidate_inspection is None or not item.candidate_inspection.verified:
        excluded["not verified"] += 1
        return
    turns = _up_to_carried_over(item.candidate, turns_of(item.candidate, item.candidate_inspection))
    yield Demonstration(
        provenance=provenance_of(lineage, item, "demonstration"),
        messages=(*system_message(lineage.task), *flatten(turns)),
        tools=lineage.tools,
        divergence=_divergence(item, turns, len(system_message(lineage.task))),
        carried_over=len(item.candidate.carried_over),
    )


def _becomes_head(judged: Judged) -> bool:
    """Whether the decision made the candidate the current revision of its lineage, as its maker saw it."""
    decision = judged.entry.decision
    return bool(decision.accepted) and decision.head_after == judged.candidate.id


def _up_to_carried_over(trajectory: Trajectory, turns: list[Turn]) -> list[Turn]:
    """Turns before the first carried-over one, ending with what the agent said or did.

    What stands after it answers words that belong to another course of events.
    """
    carried = (n for n, turn in enumerate(turns) if trajectory.carried_over.intersection(turn.indexes))
    kept = turns[: next(carried, len(turns))]
    while kept and len(kept) < len(turns) and kept[-1].role != "assistant":
        kept.pop()
    return kept


def _divergence(item: Judged, turns: list[Turn], position: int) -> int | None:
    step = first_difference(item.base.steps, item.candidate.steps)
    for turn in turns:
        if turn.indexes[-1] >= step:
            return position
        position += len(turn.messages)
    return None
