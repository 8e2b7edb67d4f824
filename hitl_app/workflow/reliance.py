"""How much each annotator relies on what a machine proposes: pure counting over decisions."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from hitl_app.domain.codec import get_list, get_object, get_optional_int, get_str, losses_from_json
from hitl_app.domain.decision import AUTOMATIC, DecisionKind, LedgerEntry
from hitl_app.domain.loss import Component
from hitl_app.domain.standing import Origin, origin
from hitl_app.domain.team import SeedKind
from hitl_app.refine.accept import Rule
from hitl_app.workflow.tally import Tally

_ANSWERS = frozenset({DecisionKind.ACCEPT, DecisionKind.EDIT, DecisionKind.REJECT})
_KINDS = _ANSWERS | {DecisionKind.JUDGE, DecisionKind.UNDO}


@dataclass(frozen=True, slots=True)
class Word:
    """What the count needs of one decision.

    Attributes:
        seed: How its proposal was bad on purpose; None where it was made in good faith.
        took_bad: A hunk that nobody should accept was kept.
        good: The judged candidate is verified and improves by the rule; None where that is not known.
        blame: Of a judgement: the step that was blamed.
    """

    origin: Origin
    sequence: int
    annotator: str
    kind: DecisionKind
    base_id: str
    proposal_id: str | None
    candidate_id: str | None
    undoes: int | None
    seconds: float | None
    seed: SeedKind | None = None
    took_bad: bool = False
    good: bool | None = None
    blame: int | None = None


def word_of(entry: LedgerEntry) -> Word | None:
    """What the count needs of an entry; None where it is of no interest."""
    decision = entry.decision
    if decision.kind not in _KINDS or decision.annotator == AUTOMATIC:
        return None
    detail, judges = decision.detail, decision.kind is DecisionKind.JUDGE
    seed = get_object(detail, "seed")
    proposal_id = detail.get("proposal_id") if judges else decision.proposal_id
    return Word(
        origin=origin(entry),
        sequence=entry.sequence,
        annotator=decision.annotator,
        kind=decision.kind,
        base_id=decision.base_id,
        proposal_id=proposal_id if isinstance(proposal_id, str) else None,
        candidate_id=decision.candidate_id,
        undoes=decision.undoes,
        seconds=decision.seconds,
        seed=SeedKind(get_str(seed, "kind")) if seed else None,
        took_bad=bool(get_list(seed, "accepted_bad")),
        good=_is_good(entry),
        blame=get_optional_int(detail, "blame") if judges else None,
    )


def _is_good(entry: LedgerEntry) -> bool | None:
    losses = get_object(entry.decision.detail, "losses_after")
    if not losses:
        return None
    vector = losses_from_json(losses)
    judged = vector.measured & {Component.GOAL, Component.HARD_CONSTRAINTS}
    return bool(judged) and vector.rank[0] == 0 and entry.decision.rule == Rule.IMPROVES


@dataclass(frozen=True, slots=True)
class ActiveTime:
    """Active time on decisions: the sum in seconds, over those of which it was measured."""

    seconds: float = 0.0
    measured: int = 0

    @property
    def mean(self) -> float | None:
        """Seconds a decision; None where none was measured."""
        return self.seconds / self.measured if self.measured else None


@dataclass(frozen=True, slots=True)
class SeedTrust:
    """One kind of bad proposal: `accepted` counts those of which a bad hunk was kept, of those decided on.

    A decision counts as what the annotator wanted: a proposal that they accepted and the rule then refused was
    accepted. The others were caught: rejected, or accepted without the bad hunks.
    """

    kind: SeedKind
    accepted: Tally

    @property
    def caught(self) -> int:
        """How many were not followed."""
        return self.accepted.rest


@dataclass(frozen=True, slots=True)
class JudgeFirst:
    """What became of the blame that was marked before a proposal was shown.

    Attributes:
        judged: How often the blame was marked first.
        compared: How often a proposal was shown after it.
        same: How often the blame was the first step that the proposal changes.
        moved: Of the others, how often the annotator then accepted a candidate that first changes that step.
        kept: How often they rejected the proposal, or accepted a candidate that first changes another step.
    """

    judged: int = 0
    compared: int = 0
    same: int = 0
    moved: int = 0
    kept: int = 0

    @property
    def undecided(self) -> int:
        """How often another step was blamed and nothing was decided yet."""
        return self.compared - self.same - self.moved - self.kept

    @property
    def changed_mind(self) -> Tally:
        """How often the proposal moved a person who had come to another blame and has decided since."""
        return Tally(self.moved, self.moved + self.kept)


@dataclass(frozen=True, slots=True)
class Reliance:
    """How one annotator deals with proposals. Of each proposal their newest decision that was not undone counts.

    Attributes:
        seeded: Over-trust by kind of bad proposal.
        good: How many good proposals were accepted, of those decided on; the rest are under-trust. Good is one that
            was made in good faith, improves by the rule, and is verified.
        time_on_seeded: Active time on bad proposals.
        time_on_others: Active time on proposals that were made in good faith.
        judge_first: Blame before proposals that were made in good faith.
        judge_first_seeded: Blame before bad proposals.
    """

    annotator: str
    seeded: tuple[SeedTrust, ...]
    good: Tally
    time_on_seeded: ActiveTime
    time_on_others: ActiveTime
    judge_first: JudgeFirst
    judge_first_seeded: JudgeFirst

    @property
    def over_trust(self) -> Tally:
        """Bad proposals of all kinds that were accepted, of those decided on."""
        return Tally(sum(each.accepted.hits for each in self.seeded), sum(each.accepted.of for each in self.seeded))


@dataclass(frozen=True, slots=True)
class Facts:
    """What the count asks of the store.

    Attributes:
        proposed: The first step that a proposal changes.
        decided: The first step at which a candidate, the second, differs from its base; None where it does not.
        is_seed: Whether a proposal was bad on purpose.
    """

    proposed: Callable[[str], int]
    decided: Callable[[str, str], int | None]
    is_seed: Callable[[str], bool]


def rely(words: Iterable[Word], facts: Facts) -> tuple[Reliance, ...]:
    """Count for every annotator, by name.

    Args:
        words: Of the whole ledger, in any order.
        facts: What proposals and candidates change.
    """
    listed = sorted(words, key=lambda word: word.origin.order)
    undone = {word.undoes for word in listed}
    valid = [word for word in listed if word.sequence not in undone and word.kind is not DecisionKind.UNDO]
    names = sorted({word.annotator for word in valid})
    return tuple(_of_one(name, [word for word in valid if word.annotator == name], facts) for name in names)


def _of_one(name: str, words: Sequence[Word], facts: Facts) -> Reliance:
    answers = [word for word in words if word.kind in _ANSWERS]
    newest = {word.proposal_id: word for word in answers if word.proposal_id is not None}.values()
    seeded = [word for word in newest if word.seed is not None]
    others = [word for word in newest if word.seed is None]
    judgements = {(w.base_id, w.proposal_id): w for w in reversed(words) if w.kind is DecisionKind.JUDGE}.values()
    on_seeds = [word for word in judgements if word.proposal_id is not None and facts.is_seed(word.proposal_id)]
    on_others = [word for word in judgements if word not in on_seeds]
    return Reliance(
        annotator=name,
        seeded=tuple(
            SeedTrust(kind, Tally.count([word.took_bad for word in seeded if word.seed is kind])) for kind in SeedKind
        ),
        good=Tally.count([word.kind is not DecisionKind.REJECT for word in others if word.good]),
        time_on_seeded=_time(seeded),
        time_on_others=_time(others),
        judge_first=_judge_first(on_others, answers, facts),
        judge_first_seeded=_judge_first(on_seeds, answers, facts),
    )


def _time(words: Iterable[Word]) -> ActiveTime:
    measured = [word.seconds for word in words if word.seconds is not None]
    return ActiveTime(sum(measured), len(measured))


def _judge_first(judgements: Sequence[Word], answers: Sequence[Word], facts: Facts) -> JudgeFirst:
    compared = same = moved = kept = 0
    for judgement in judgements:
        if judgement.proposal_id is None:
            continue
        compared += 1
        step = facts.proposed(judgement.proposal_id)
        if judgement.blame == step:
            same += 1
            continue
        final = _final(judgement, answers)
        if final is not None:
            follows = _first_change(final, facts) == step
            moved, kept = moved + follows, kept + (not follows)
    return JudgeFirst(len(judgements), compared, same, moved, kept)


def _final(judgement: Word, answers: Sequence[Word]) -> Word | None:
    """The newest decision after a judgement on the proposal that was shown, else on its base."""
    later = [a for a in answers if a.base_id == judgement.base_id and a.origin.order > judgement.origin.order]
    on_proposal = [answer for answer in later if answer.proposal_id == judgement.proposal_id]
    fitting = on_proposal or later
    return fitting[-1] if fitting else None


def _first_change(answer: Word, facts: Facts) -> int | None:
    """The first step that an annotator changed; None where they accepted no change."""
    if answer.kind is DecisionKind.REJECT or answer.candidate_id is None:
        return None
    return facts.decided(answer.base_id, answer.candidate_id)
