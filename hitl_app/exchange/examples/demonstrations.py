"""Demonstrations: the revision that a lineage stands at, where it passed verification."""

from collections.abc import Iterator
from dataclasses import dataclass

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.task import ToolSpec
from hitl_app.domain.training import ExportSettings
from hitl_app.exchange.conversation import flatten, system_message, without_ids
from hitl_app.exchange.examples.example import Example, provenance_of, verified
from hitl_app.exchange.examples.lineage import Exclusions, Judged, Lineage
from hitl_app.exchange.examples.turns import Comparison

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
    item = demonstrated(lineage, excluded)
    if item is None:
        return
    side, system = lineage.sides[item.candidate.id], system_message(lineage.task)
    yield Demonstration(
        provenance=provenance_of(lineage, item, "demonstration"),
        messages=(*system, *flatten(side.own_turns)),
        tools=lineage.tools,
        divergence=_divergence(lineage.compare(side, lineage.sides[item.base.id]), len(system)),
        carried_over=len(item.candidate.carried_over),
    )


def demonstrated(lineage: Lineage, excluded: Exclusions) -> Judged | None:
    """The decision that made a verified candidate what the lineage stands at; None where there is none."""
    head = head_decision(lineage, excluded)
    if head is None or verified(head.candidate_inspection):
        return head
    excluded["not verified"] += 1
    return None


def head_decision(lineage: Lineage, excluded: Exclusions) -> Judged | None:
    """The decision that made a candidate what the lineage stands at, verified or not; None where there is none."""
    heads = [item for item in lineage.usable(excluded) if _becomes_head(item)]
    current = [item for item in heads if item.entry.decision.candidate_id == lineage.stand.head]
    excluded[SUPERSEDED] += len(heads) - min(1, len(current))
    return current[-1] if current else None


def _becomes_head(judged: Judged) -> bool:
    """Whether the decision made the candidate the current revision of its lineage, as its maker saw it."""
    decision = judged.entry.decision
    return bool(decision.accepted) and decision.head_after == judged.candidate.id


def _divergence(with_base: Comparison, position: int) -> int | None:
    for turn in with_base.chosen.own_turns:
        if turn.indexes[-1] >= with_base.first_difference:
            return position
        position += len(turn.messages)
    return None
