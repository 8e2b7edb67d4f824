"""Cascades of a small and a large model as they are shown: one for each task or step. Plain data and words."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hitl_app.domain.model import Usage
from hitl_app.domain.routing import (
    LARGE,
    Comparator,
    Confidence,
    EscalatedBy,
    Place,
    Resolution,
    RoutedStage,
    outcome,
)
from hitl_app.ui.run_words import spent_words
from hitl_app.ui.translating import translate
from hitl_app.ui.words import step_words


@dataclass(frozen=True, slots=True)
class Votes:
    """How the samples of a stage voted.

    Attributes:
        winning: For the answer that stands for the stage; where visible checks decide, those that pass.
        others: For each other answer, most first.
        nothing: Samples that came to nothing.
    """

    winning: int
    others: tuple[int, ...]
    nothing: int

    @property
    def total(self) -> int:
        """All samples."""
        return self.winning + sum(self.others) + self.nothing


@dataclass(frozen=True)
class Cascade:
    """The stages of one task or step, in order, as far as it went."""

    place: Place
    title: str
    stages: tuple[RoutedStage, ...]

    @property
    def resolution(self) -> Resolution:
        """What it came to."""
        return outcome(self.stages)

    def stage(self, number: int) -> RoutedStage | None:
        """A stage; None where it did not run."""
        return next((stage for stage in self.stages if stage.stage == number), None)

    @property
    def words(self) -> str:
        """What is decided: the task, and the step where there is one."""
        parts = [self.title or self.place.start_id[:12]]
        if self.place.step is not None:
            parts.append(step_words(self.place.step))
        if self.place.attempt:
            parts.append(translate("Routing", "attempt {0}").format(self.place.attempt + 1))
        return " · ".join(parts)


def cascades_of(stages: Iterable[RoutedStage], titles: Mapping[str, str]) -> tuple[Cascade, ...]:
    """The cascades of a run, in the order of its tasks and their steps; `titles` by the ids of tasks."""
    found: dict[Place, list[RoutedStage]] = {}
    for stage in stages:
        found.setdefault(stage.place, []).append(stage)
    starts = {start: number for number, start in enumerate(dict.fromkeys(place.start_id for place in found))}
    ordered = sorted(found, key=lambda p: (starts[p.start_id], p.attempt, -1 if p.step is None else p.step))
    return tuple(
        Cascade(
            place,
            titles.get(found[place][0].task_id) or titles.get(place.start_id, ""),
            tuple(sorted(found[place], key=lambda stage: stage.stage)),
        )
        for place in ordered
    )


def votes_of(stage: RoutedStage) -> Votes:
    """How a stage voted."""
    answers = [sample.answer for sample in stage.samples if sample.answer]
    nothing = len(stage.samples) - len(answers)
    if stage.confidence is Confidence.VISIBLE and stage.threshold is not None:
        passing = sum(bool(sample.passes and sample.answer) for sample in stage.samples)
        failing = len(answers) - passing
        return Votes(passing, (failing,) if failing else (), nothing)
    counts = [count for _, count in Counter(answers).most_common()]
    return Votes(counts[0] if counts else 0, tuple(counts[1:]), nothing)


def stage_title(stage: int) -> str:
    """What a stage is."""
    return {
        1: translate("Routing", "1 · goals, small model"),
        2: translate("Routing", "2 · guideline, small model"),
        3: translate("Routing", "3 · guideline, large model"),
    }[stage]


def votes_words(stage: RoutedStage) -> str:
    """How a stage voted, such as `6 of 8 agree (0.75)`."""
    if stage.threshold is None:
        came = any(sample.answer for sample in stage.samples)
        return translate("Routing", "one answer") if came else translate("Routing", "no answer")
    votes = votes_of(stage)
    if stage.confidence is Confidence.VISIBLE:
        return translate("Routing", "{0} of {1} pass the visible checks").format(votes.winning, votes.total)
    words = translate("Routing", "{0} of {1} agree ({2})")
    return words.format(votes.winning, votes.total, share_words(stage.consensus))


def others_words(votes: Votes) -> str:
    """What the rest of the votes are; empty where all agree."""
    parts = []
    if votes.others:
        others = " + ".join(map(str, votes.others))
        parts.append(translate("Routing", "other answers: {0}").format(others))
    if votes.nothing:
        parts.append(translate("Routing", "without an answer: {0}").format(votes.nothing))
    return ", ".join(parts)


def threshold_words(stage: RoutedStage) -> str:
    """What the consensus was compared with; empty in the last stage."""
    return "" if stage.threshold is None else comparison_words(stage.comparator, stage.threshold)


def comparison_words(comparator: Comparator, threshold: float) -> str:
    """Such as `> 0.75`; the sign for "at least" is the usual one."""
    return f"{'≥' if comparator is Comparator.AT_LEAST else '>'} {threshold:g}"


def outcome_words(stage: RoutedStage) -> tuple[str, str]:
    """Tone, and sign with words: whether a stage was accepted or escalated, and by whom."""
    if stage.threshold is None:
        return "success", "✓ " + translate("Routing", "taken as it is")
    if stage.accepted and stage.decided_by:
        return "success", "✓ " + translate("Routing", "accepted by {0}").format(stage.decided_by)
    if stage.accepted:
        return "success", "✓ " + translate("Routing", "accepted by the threshold")
    if stage.escalated_by is EscalatedBy.HUMAN:
        return "warning", "→ " + translate("Routing", "escalated by {0}").format(stage.decided_by)
    return "warning", "→ " + translate("Routing", "escalated by the threshold")


def ruled_words(stage: RoutedStage) -> tuple[str, str]:
    """Tone, and sign with words: what the threshold says of a stage on which a person is asked."""
    if stage.accepted:
        return "accent", "▶ " + translate("Routing", "the threshold would accept")
    return "accent", "▶ " + translate("Routing", "the threshold would escalate")


def cost_words(usage: Usage) -> str:
    """Tokens and price of calls, with the word whether the tokens were measured."""
    tokens, usd = spent_words(usage)
    how = translate("Routing", "measured") if usage.measured else translate("Routing", "estimated")
    if usage.usd is None:
        return translate("Routing", "{0} tokens, price not known ({1})").format(tokens, how)
    return translate("Routing", "{0} tokens, {1} USD ({2})").format(tokens, usd, how)


def resolution_words(found: Resolution) -> str:
    """At which stage a cascade is resolved; says where that is not known."""
    if found.stage is None:
        return translate("Routing", "unknown")
    return translate("Routing", "stage {0}").format(found.stage)


def quality_words(verified: bool | None) -> str:
    """What the environment says of an answer."""
    if verified is None:
        return translate("Routing", "not measured")
    return translate("Routing", "verified") if verified else translate("Routing", "not verified")


def role_words(role: str) -> str:
    """Who executes."""
    return translate("Routing", "large model") if role == LARGE else translate("Routing", "small model")


def share_words(share: float | None) -> str:
    """A share, to three digits at most."""
    return "–" if share is None else f"{round(share, 3):g}"
