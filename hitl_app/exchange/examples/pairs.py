"""Preference pairs: of two trajectories for one task, the one that people or the rule prefer."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from hitl_app.domain.inspection import Inspection
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.loss import LossVector, NotComparableError
from hitl_app.domain.task import ToolSpec
from hitl_app.domain.training import ExportSettings, PairKind, Span
from hitl_app.exchange.conversation import without_ids
from hitl_app.exchange.examples.example import Example, Provenance, losses, margin, provenance_of, verified
from hitl_app.exchange.examples.lineage import Exclusions, Judged, Lineage
from hitl_app.exchange.examples.turns import PairRow, Side

NOT_EXECUTED = "the proposal was not executed as it was: what would have followed is not known"


@dataclass(frozen=True, kw_only=True)
class PreferencePair(Example):
    """A preference over one span of two trajectories.

    Attributes:
        minimal: Both sides are one hunk apart.
        carried_over: Steps on either side that were only kept after an edit.
        chosen_losses: As they were measured on the whole trajectory; None where they were not.
    """

    kind: PairKind
    span: Span
    prompt: tuple[JsonObject, ...]
    chosen: tuple[JsonObject, ...]
    rejected: tuple[JsonObject, ...]
    tools: tuple[ToolSpec, ...]
    minimal: bool
    carried_over: int
    chosen_losses: LossVector | None
    rejected_losses: LossVector | None

    @cached_property
    def content(self) -> tuple[str, ...]:
        """What makes two pairs one."""
        return tuple(without_ids(part) for part in (self.prompt, self.chosen, self.rejected))


@dataclass(frozen=True)
class _Preference:
    """Two trajectories of which one is preferred, before it is cut into spans."""

    kind: PairKind
    provenance: Provenance
    chosen: Side
    rejected: Side
    chosen_losses: LossVector | None
    rejected_losses: LossVector | None


def pairs(lineage: Lineage, settings: ExportSettings, excluded: Exclusions) -> Iterator[PreferencePair]:
    """All pairs of a lineage that the settings ask for; what makes no pair is counted."""
    preferences, left_out = lineage.once(_all_preferences)
    excluded.update(left_out)
    for preference in preferences:
        if preference.kind in settings.pairs:
            yield from _spans(lineage, preference, settings.spans, excluded)


def _all_preferences(lineage: Lineage) -> tuple[tuple[_Preference, ...], Exclusions]:
    left_out = Exclusions()
    return tuple(_preferences(lineage, left_out)), left_out


def _preferences(lineage: Lineage, excluded: Exclusions) -> Iterator[_Preference]:
    usable = [item for item in lineage.usable(excluded) if item.entry.decision.accepted is not None]
    accepted = {item.candidate.id for item in usable if item.entry.decision.accepted}
    for item in usable:
        candidate, base = lineage.sides[item.candidate.id], lineage.sides[item.base.id]
        if item.candidate.id == item.base.id:
            excluded["approved as it is: nothing to prefer it to"] += 1
        elif item.entry.decision.accepted:
            yield _of(PairKind.ACCEPTED_BASE, lineage, item, candidate, base)
            lost = {other.candidate.id for other in usable if _lost_to(other, item)} - accepted
            for other_id in (each for each in lineage.sides if each in lost):
                yield _of(PairKind.ACCEPTED_REJECTED, lineage, item, candidate, lineage.sides[other_id])
            yield from _against_proposal(lineage, item)
        elif reason := why_not_worse("rejected candidate", candidate.inspection, base.inspection):
            excluded[reason] += 1
        else:
            yield _of(PairKind.BASE_REJECTED, lineage, item, base, candidate)


def _of(kind: PairKind, lineage: Lineage, item: Judged, chosen: Side, rejected: Side) -> _Preference:
    measured = losses(chosen.inspection), losses(rejected.inspection)
    name = kind.value if kind is not PairKind.ACCEPTED_REJECTED else f"{kind.value}-{rejected.trajectory.id[:8]}"
    known = provenance_of(lineage, item, name)
    provenance = replace(
        known,
        trajectory=chosen.trajectory.id,
        gradients=() if kind is PairKind.BASE_REJECTED else known.gradients,
        verified=verified(chosen.inspection),
        margin=margin(*measured, known.override),
    )
    return _Preference(kind, provenance, chosen, rejected, *measured)


def _against_proposal(lineage: Lineage, item: Judged) -> Iterator[_Preference]:
    """What a person made of a proposal, preferred to the proposal as it was."""
    proposal = lineage.proposals.get(item.entry.decision.proposal_id or "")
    rejected = lineage.proposed(proposal) if proposal is not None else None
    chosen = lineage.sides[item.candidate.id]
    if proposal is None or rejected is None or proposal.base_id != item.base.id or rejected.done == chosen.done:
        return
    found = _of(PairKind.EDITED_PROPOSAL, lineage, item, chosen, rejected)
    measured = found.rejected_losses or proposal.losses
    known = margin(found.chosen_losses, measured, found.provenance.override)
    yield replace(found, rejected_losses=measured, provenance=replace(found.provenance, margin=known))


def _spans(
    lineage: Lineage, preference: _Preference, spans: frozenset[Span], excluded: Exclusions
) -> Iterator[PreferencePair]:
    for span, name, row in _rows(lineage, preference, spans):
        pair = row if isinstance(row, str) else _pair(lineage, preference, span, name, row)
        if isinstance(pair, str):
            excluded[f"{span.value}: {pair}"] += 1
        else:
            yield pair


def _rows(
    lineage: Lineage, preference: _Preference, spans: frozenset[Span]
) -> Iterator[tuple[Span, str, PairRow | str]]:
    """Each span that is asked for with a name of its own, and its row or why there is none."""
    compared = lineage.compare(preference.chosen, preference.rejected)
    if Span.WHOLE in spans:
        executed = preference.rejected.inspection is not None or preference.kind is not PairKind.EDITED_PROPOSAL
        yield Span.WHOLE, "whole", compared.whole if executed else NOT_EXECUTED
    if Span.DIVERGENCE in spans:
        yield Span.DIVERGENCE, "divergence", compared.at_divergence
    if Span.HUNK in spans:
        for number, row in enumerate(compared.at_later_differences(), 2):
            yield Span.HUNK, f"hunk{number}", row


def _pair(lineage: Lineage, preference: _Preference, span: Span, name: str, row: PairRow) -> PreferencePair | str:
    provenance = replace(preference.provenance, id=f"{preference.provenance.id}-{name}")
    measured = span is not Span.HUNK  # the losses are those of whole trajectories, not of one hunk among several
    pair = PreferencePair(
        provenance=provenance if measured else replace(provenance, margin=None),
        kind=preference.kind,
        span=span,
        prompt=row.prompt,
        chosen=row.chosen,
        rejected=row.rejected,
        tools=lineage.tools,
        minimal=lineage.compare(preference.chosen, preference.rejected).minimal,
        carried_over=row.carried_over,
        chosen_losses=preference.chosen_losses if measured else None,
        rejected_losses=preference.rejected_losses if measured else None,
    )
    _, chosen, rejected = pair.content
    return "chosen equals rejected" if chosen == rejected else pair


def _lost_to(other: Judged, accepted: Judged) -> bool:
    """Whether a candidate for the same base was rejected where another one was accepted."""
    decision = other.entry.decision
    same = other.base.id == accepted.base.id
    return same and decision.accepted is False and decision.candidate_id != other.base.id


def why_not_worse(name: str, worse: Inspection | None, better: Inspection | None) -> str:
    """Why the losses do not show one trajectory to be worse than another; empty where they do."""
    if worse is None or better is None:
        return f"{name}: not inspected"
    try:
        order = worse.losses.compare(better.losses)
    except NotComparableError:
        return f"{name}: its losses cannot be compared"
    return "" if order > 0 else f"{name}: its losses are not worse"
