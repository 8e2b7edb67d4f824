"""Unpaired judgements: one trajectory, or its first differing answer, with the word that it is good or bad."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.task import ToolSpec
from hitl_app.domain.training import ExportSettings, Span
from hitl_app.exchange.conversation import flatten, system_message, without_ids
from hitl_app.exchange.examples.example import Example, Provenance, losses, margin, provenance_of, verified
from hitl_app.exchange.examples.lineage import Exclusions, Judged, Lineage
from hitl_app.exchange.examples.pairs import why_not_worse
from hitl_app.exchange.examples.turns import NO_PROMPT, SAYS_NOTHING, Comparison, Side, says_something

AS_IT_IS = "approved as it is: it differs from nothing"
CARRIED_OVER = "the answer was only carried over after an edit"
BOTH = "judged good and bad"


@dataclass(frozen=True, kw_only=True)
class UnpairedJudgement(Example):
    """A completion that was judged.

    Attributes:
        label: It is good.
        carried_over: Steps of the trajectory that were only kept after an edit; the completion ends before them.
    """

    span: Span
    prompt: tuple[JsonObject, ...]
    completion: tuple[JsonObject, ...]
    tools: tuple[ToolSpec, ...]
    label: bool
    carried_over: int

    @cached_property
    def words(self) -> tuple[str, ...]:
        """What was judged, whatever the judgement."""
        return without_ids(self.prompt), without_ids(self.completion)

    @property
    def content(self) -> tuple[str, ...]:
        """What makes two judgements one."""
        return (*self.words, str(self.label))


@dataclass(frozen=True)
class _Verdict:
    """A trajectory that was called good or bad.

    Attributes:
        compared: Beside the other one: as the chosen side where it is good. None where there is no other.
    """

    provenance: Provenance
    side: Side
    good: bool
    compared: Comparison | None


_Answer = tuple[tuple[JsonObject, ...], tuple[JsonObject, ...]]
"""A prompt and its completion."""


def judgements(lineage: Lineage, settings: ExportSettings, excluded: Exclusions) -> Iterator[UnpairedJudgement]:
    """All judgements of a lineage; words that were called good once and bad another time are left out."""
    found = list(_all(lineage, settings.spans, excluded))
    labels: dict[tuple[str, ...], set[bool]] = {}
    for each in found:
        labels.setdefault(each.words, set()).add(each.label)
    for each in found:
        if len(labels[each.words]) > 1:
            excluded[f"{each.span.value}: {BOTH}"] += 1
        else:
            yield each


def _all(lineage: Lineage, spans: frozenset[Span], excluded: Exclusions) -> Iterator[UnpairedJudgement]:
    for verdict in _verdicts(lineage, excluded):
        for span, answer in _answers(lineage, verdict, spans):
            if isinstance(answer, str):
                excluded[f"{span.value}: {answer}"] += 1
                continue
            prompt, completion = answer
            yield UnpairedJudgement(
                provenance=replace(verdict.provenance, id=f"{verdict.provenance.id}-{span.value}"),
                span=span,
                prompt=prompt,
                completion=completion,
                tools=lineage.tools,
                label=verdict.good,
                carried_over=len(verdict.side.trajectory.carried_over),
            )


def _verdicts(lineage: Lineage, excluded: Exclusions) -> Iterator[_Verdict]:
    """Accepted candidates are good; bad is what is measured to be worse: a rejected one, or the base of an accepted."""
    for item in lineage.usable(excluded):
        candidate, base = lineage.sides[item.candidate.id], lineage.sides[item.base.id]
        accepted, edited = item.entry.decision.accepted, item.candidate.id != item.base.id
        if accepted:
            yield _verdict(lineage, item, candidate, base if edited else None, good=True)
        if accepted is None or not edited:
            continue
        worse, better, name = (base, candidate, "base") if accepted else (candidate, base, "rejected candidate")
        if reason := why_not_worse(name, worse.inspection, better.inspection):
            excluded[reason] += 1
        else:
            yield _verdict(lineage, item, worse, better, good=False)


def _verdict(lineage: Lineage, item: Judged, side: Side, other: Side | None, *, good: bool) -> _Verdict:
    known = provenance_of(lineage, item, "good" if good else "bad")
    better, worse = (side, other) if good else (other, side)
    compared = lineage.compare(better, worse) if better is not None and worse is not None else None
    measured = (losses(compared.chosen.inspection), losses(compared.rejected.inspection)) if compared else (None, None)
    provenance = replace(
        known,
        trajectory=side.trajectory.id,
        gradients=known.gradients if good else (),
        verified=verified(side.inspection),
        shows_good=good,
        margin=margin(*measured, known.override),
    )
    return _Verdict(provenance, side, good, compared)


def _answers(lineage: Lineage, verdict: _Verdict, spans: frozenset[Span]) -> Iterator[tuple[Span, _Answer | str]]:
    """Each span that is asked for with its answer, or why there is none."""
    if Span.WHOLE in spans:
        yield Span.WHOLE, _whole(lineage, verdict.side)
    if Span.DIVERGENCE in spans:
        yield Span.DIVERGENCE, _at_divergence(verdict)


def _whole(lineage: Lineage, side: Side) -> _Answer | str:
    start = min(side.opening, len(side.own_turns))
    prompt = (*system_message(lineage.task), *flatten(side.own_turns[:start]))
    completion = tuple(flatten(side.own_turns[start:]))
    if not prompt:
        return NO_PROMPT
    return (prompt, completion) if says_something(completion) else SAYS_NOTHING


def _at_divergence(verdict: _Verdict) -> _Answer | str:
    if verdict.compared is None:
        return AS_IT_IS
    row = verdict.compared.at_divergence
    if isinstance(row, str):
        return row
    if verdict.good:
        return row.prompt, row.chosen
    return CARRIED_OVER if row.carried_over else (row.prompt, row.rejected)
