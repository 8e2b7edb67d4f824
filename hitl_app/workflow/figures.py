"""Figures of the work, by pure counting over decisions: who, how much, how fast, and what became of the losses."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, quantiles

from hitl_app.domain.codec import get_object, losses_from_json
from hitl_app.domain.decision import AUTOMATIC, MOVING, VERDICTS, DecisionKind, LedgerEntry
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.loss import Component, LossVector
from hitl_app.workflow.opened import SEED
from hitl_app.workflow.tally import Tally

MOST_REASONS = 20
"""Reasons that are listed one by one."""

_ANSWERS = frozenset({DecisionKind.ACCEPT, DecisionKind.EDIT, DecisionKind.REJECT})
_FINAL = frozenset({DecisionKind.UNDO, DecisionKind.VERIFY})


@dataclass(frozen=True, slots=True)
class Fact:
    """What the count needs of one decision of a person.

    Attributes:
        day: Of the year, such as `2026-01-31`, in UTC; `hour` likewise, 0 to 23.
        settles: It left its lineage with a verdict.
        tested: Its proposal was bad on purpose: it says nothing about proposals that were made in good faith.
        before, after: Counts of the losses in the order of the components, where an accepted candidate was compared
            with its base. Plain tuples: there are many facts, and Python's collector has to look at all else.
    """

    sequence: int
    kind: DecisionKind
    root_id: str
    annotator: str
    day: str
    hour: int
    settles: bool = False
    accepted: bool | None = None
    on_proposal: bool = False
    override: bool = False
    reason: str = ""
    seconds: float | None = None
    idle: float | None = None
    undoes: int | None = None
    tested: bool = False
    before: tuple[int | None, ...] = ()
    after: tuple[int | None, ...] = ()


def fact_of(entry: LedgerEntry) -> Fact | None:
    """What the count needs of an entry; None of what rules decided."""
    decision = entry.decision
    if decision.annotator == AUTOMATIC:
        return None
    detail, tested = decision.detail, SEED in decision.detail
    idle = detail.get("idle_seconds")
    compared = decision.accepted is True and not tested and "losses_before" in detail
    return Fact(
        sequence=entry.sequence,
        kind=decision.kind,
        root_id=decision.root_id,
        annotator=decision.annotator,
        day=decision.made_at[:10],
        hour=int(decision.made_at[11:13]),
        settles=decision.kind in MOVING and decision.status_after in VERDICTS and not tested,
        accepted=decision.accepted,
        on_proposal=decision.proposal_id is not None,
        override=decision.override,
        reason=" ".join(decision.reason.split()) if decision.kind is DecisionKind.REJECT else "",
        seconds=decision.seconds,
        idle=float(idle) if isinstance(idle, int | float) else None,
        undoes=decision.undoes,
        tested=tested,
        before=_counts(detail, "losses_before") if compared else (),
        after=_counts(detail, "losses_after") if compared else (),
    )


def _counts(detail: JsonObject, name: str) -> tuple[int | None, ...]:
    losses = losses_from_json(get_object(detail, name))
    return tuple(None if count is None else count.count for _, count in losses.items())


@dataclass(frozen=True, slots=True)
class Day:
    """One day in UTC.

    Attributes:
        kinds: Decisions by kind, those that were undone later included.
        settled: Lineages that got their first verdict which still stands.
    """

    day: str
    kinds: Mapping[DecisionKind, int]
    settled: int


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares, each with its numerator and denominator. Undone decisions do not count, but for `undone`.

    Attributes:
        accepted: Decisions that accepted, of those that accepted, edited or rejected.
        proposals: Proposals that were accepted, of those decided on; only such as were made in good faith.
        override: Acceptances against the rule, of all acceptances.
        undone: Decisions that were taken back, of those that can be.
    """

    accepted: Tally
    proposals: Tally
    override: Tally
    undone: Tally


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason of rejections with how often it was given; an empty text stands for all that are not listed."""

    text: str
    count: int


@dataclass(frozen=True, slots=True)
class LossChange:
    """One component over all accepted candidates in which it was measured before and after.

    Attributes:
        n: How many there are; the means are None where there are none.
        left_out: Accepted candidates in which it was measured on one side at most.
    """

    component: Component
    n: int
    before: float | None
    after: float | None
    left_out: int


@dataclass(frozen=True)
class Times:
    """Seconds on decisions that say where a lineage stands, of those of which it was measured.

    Attributes:
        seconds: Each of them, sorted.
    """

    seconds: tuple[float, ...]

    @property
    def n(self) -> int:
        """How many were measured."""
        return len(self.seconds)

    @property
    def quartiles(self) -> tuple[float, float, float] | None:
        """First quartile, median and third quartile, with linear interpolation; None where none was measured."""
        if not self.seconds:
            return None
        if self.n == 1:
            return (self.seconds[0],) * 3
        first, median, third = quantiles(self.seconds, n=4, method="inclusive")
        return first, median, third


@dataclass(frozen=True, slots=True)
class AnnotatorFigures:
    """One person: `decisions` of all kinds, lineages with a word of theirs, and with a verdict that still stands.

    Attributes:
        assigned: Lineages that are assigned to them; `assigned_done` of those they settled.
    """

    name: str
    decisions: int
    lineages: int
    settled: int
    active: Times
    assigned: int = 0
    assigned_done: int = 0


@dataclass(frozen=True)
class Figures:
    """Everything that is counted over decisions."""

    decisions: int
    days: tuple[Day, ...]
    hours: tuple[Mapping[DecisionKind, int], ...]
    rates: Rates
    reasons: tuple[Reason, ...]
    losses: tuple[LossChange, ...]
    active: Times
    idle: Times
    annotators: tuple[AnnotatorFigures, ...]


def count(facts: Sequence[Fact], assigned: Mapping[str, frozenset[str]], viewer: str = "") -> Figures:
    """Count.

    Args:
        facts: In the order of the ledger.
        assigned: Lineages that are assigned to each person.
        viewer: A blind annotator: of others there are totals alone, neither names nor the words of their reasons.
    """
    undone = {fact.undoes for fact in facts}
    standing = [fact for fact in facts if fact.sequence not in undone and fact.kind is not DecisionKind.UNDO]
    moves = [fact for fact in standing if fact.kind in MOVING]
    names = sorted({fact.annotator for fact in facts} | set(assigned))
    shown = [name for name in names if name == viewer] if viewer else names
    return Figures(
        decisions=len(facts),
        days=_days(facts, standing),
        hours=tuple(Counter(fact.kind for fact in facts if fact.hour == hour) for hour in range(24)),
        rates=_rates(facts, standing, undone),
        reasons=_reasons(standing, viewer),
        losses=tuple(_loss_changes(standing)),
        active=_times(fact.seconds for fact in moves),
        idle=_times(fact.idle for fact in moves),
        annotators=tuple(_annotator(name, facts, moves, assigned.get(name, frozenset())) for name in shown),
    )


def _days(facts: Iterable[Fact], standing: Iterable[Fact]) -> tuple[Day, ...]:
    kinds: dict[str, Counter[DecisionKind]] = defaultdict(Counter)
    for fact in facts:
        kinds[fact.day][fact.kind] += 1
    first: dict[str, str] = {}
    for fact in standing:
        if fact.settles:
            first[fact.root_id] = min(fact.day, first.get(fact.root_id, fact.day))
    settled = Counter(first.values())
    return tuple(Day(day, kinds[day], settled[day]) for day in sorted(kinds))


def _rates(facts: Sequence[Fact], standing: Sequence[Fact], undone: set[int | None]) -> Rates:
    answers = [fact for fact in standing if fact.kind in _ANSWERS and not fact.tested]
    # The rule may refuse what a person wanted to accept: then nothing was accepted.
    accepted = [fact.kind is not DecisionKind.REJECT and fact.accepted is not False for fact in answers]
    taken = [fact for fact, took in zip(answers, accepted, strict=True) if took]
    on_proposals = [took for fact, took in zip(answers, accepted, strict=True) if fact.on_proposal]
    return Rates(
        accepted=Tally.count(accepted),
        proposals=Tally.count(on_proposals),
        override=Tally.count([fact.override for fact in taken]),
        undone=Tally.count([fact.sequence in undone for fact in facts if fact.kind not in _FINAL]),
    )


def _reasons(standing: Iterable[Fact], viewer: str) -> tuple[Reason, ...]:
    rejected = [fact for fact in standing if fact.kind is DecisionKind.REJECT and not fact.tested]
    words = Counter(fact.reason for fact in rejected if fact.reason and viewer in ("", fact.annotator))
    listed = [Reason(text, number) for text, number in words.most_common(MOST_REASONS)]
    rest = len(rejected) - sum(reason.count for reason in listed)
    return (*listed, Reason("", rest)) if rest else tuple(listed)


def _loss_changes(standing: Iterable[Fact]) -> Iterator[LossChange]:
    compared = [fact for fact in standing if fact.before and fact.after]
    for number, (component, _) in enumerate(LossVector().items()):
        pairs = [(fact.before[number], fact.after[number]) for fact in compared]
        measured = [(old, new) for old, new in pairs if old is not None and new is not None]
        left_out = len(pairs) - len(measured)
        if measured:
            before, after = fmean(old for old, _ in measured), fmean(new for _, new in measured)
            yield LossChange(component, len(measured), before, after, left_out)
        else:
            yield LossChange(component, 0, None, None, left_out)


def _times(seconds: Iterable[float | None]) -> Times:
    return Times(tuple(sorted(each for each in seconds if each is not None)))


def _annotator(name: str, facts: Iterable[Fact], moves: Iterable[Fact], assigned: frozenset[str]) -> AnnotatorFigures:
    own = [fact for fact in facts if fact.annotator == name]
    own_moves = [fact for fact in moves if fact.annotator == name]
    last: dict[str, bool] = {fact.root_id: fact.settles for fact in own_moves if not fact.tested}
    settled = {root_id for root_id, settles in last.items() if settles}
    return AnnotatorFigures(
        name,
        decisions=len(own),
        lineages=len({fact.root_id for fact in own}),
        settled=len(settled),
        active=_times(fact.seconds for fact in own_moves),
        assigned=len(assigned),
        assigned_done=len(assigned & settled),
    )
