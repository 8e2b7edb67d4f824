"""Training examples out of decisions, whatever format they are written in."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from hitl_app.domain.decision import LedgerEntry, ReviewStatus
from hitl_app.domain.diff import diff_steps
from hitl_app.domain.inspection import Inspection
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.loss import NotComparableError
from hitl_app.domain.ports import Judged, Record
from hitl_app.domain.standing import Stand, consensus, disagree, independent_verdicts, standings
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import Step, Trajectory
from hitl_app.exchange.conversation import Turn, flatten, system_message, turns_of, without_ids

REJECTED_LATER = "rejected later"
SUPERSEDED = "superseded by a later revision"
BAD_ON_PURPOSE = "the proposal was bad on purpose, to see who follows it"
DISPUTED = "people decided differently, and nobody settled it yet"
SETTLED_OTHERWISE = "people decided differently, and it was settled otherwise"

Exclusions = Counter[str]
"""How many candidates for an example were left out, by reason."""


@dataclass(frozen=True)
class Usable:
    """A decision that may make an example, with where its lineage stands now."""

    judged: Judged
    stand: Stand


def usable(record: Record, excluded: Exclusions, fits: Callable[[Judged], bool]) -> Iterator[Usable]:
    """Decisions on candidates that fit, in their order; those that must not make an example are counted."""
    for item in filter(fits, record.judged()):
        root_id = item.entry.decision.root_id
        entries = list(record.entries(root_id))
        stand = consensus(root_id, standings(entries))
        if "seed" in item.entry.decision.detail:
            excluded[BAD_ON_PURPOSE] += 1
        elif stand.status is ReviewStatus.DISPUTED:
            excluded[DISPUTED] += 1
        elif item.entry.decision.accepted and stand.status is ReviewStatus.REJECTED:
            excluded[REJECTED_LATER] += 1
        elif item.entry.decision.accepted and _is_outvoted(record, item, stand, entries):
            excluded[SETTLED_OTHERWISE] += 1
        else:
            yield Usable(item, stand)


def _is_outvoted(record: Record, item: Judged, stand: Stand, entries: Iterable[LedgerEntry]) -> bool:
    """Whether people disagreed on a lineage, and it was settled on what was not made from the candidate."""
    decision = item.entry.decision
    if not disagree(decision.root_id, independent_verdicts(entries)):
        return False
    parents = {each.trajectory.id: each.trajectory.parent_id for each in record.revisions(decision.root_id)}
    at: str | None = stand.head
    while at is not None and at != decision.candidate_id:
        at = parents.get(at)
    return at is None


@dataclass(frozen=True)
class Demonstration:
    """A revision that became the head of its lineage and passed its verification."""

    judged: Judged
    trajectory: Trajectory
    turns: tuple[Turn, ...]

    @property
    def messages(self) -> list[JsonObject]:
        """The chat, up to the first message that was only carried over."""
        return [*system_message(self.judged.task), *flatten(self.turns)]

    @property
    def divergence(self) -> int | None:
        """Position among the messages of the first one that differs from the base; None where none does."""
        steps = first_difference(self.judged.base.steps, self.trajectory.steps)
        position = len(system_message(self.judged.task))
        for turn in self.turns:
            if turn.indexes[-1] >= steps:
                return position
            position += len(turn.messages)
        return None


@dataclass(frozen=True)
class PreferencePair:
    """Of two trajectories for one task, the one that a decision prefers.

    Attributes:
        chosen_is_candidate: False where a candidate was rejected and is worse, so that its base is preferred.
        shared: Number of turns that both begin with.
    """

    judged: Judged
    chosen: tuple[Turn, ...]
    rejected: tuple[Turn, ...]
    chosen_is_candidate: bool
    shared: int

    @property
    def chosen_trajectory(self) -> Trajectory:
        """The preferred trajectory."""
        candidate = self.judged.candidate
        return candidate if self.chosen_is_candidate and candidate is not None else self.judged.base


@dataclass(frozen=True)
class PairRow:
    """One preference as trainers take it.

    Attributes:
        steps: Of the chosen and of the rejected side, the steps that prompt or answer hold.
    """

    prompt: list[JsonObject]
    chosen: list[JsonObject]
    rejected: list[JsonObject]
    steps: tuple[frozenset[int], frozenset[int]]


def preference_pairs(record: Record, excluded: Exclusions) -> Iterator[PreferencePair]:
    """Pairs out of decisions, in their order; what makes no pair is counted."""
    for item in (each.judged for each in usable(record, excluded, _is_judged)):
        if item.candidate is None or item.candidate.id == item.base.id:
            excluded["approved as it is: nothing to prefer it to"] += 1
            continue
        base = tuple(turns_of(item.base, item.base_inspection))
        candidate = tuple(turns_of(item.candidate, item.candidate_inspection))
        shared = _shared(base, candidate)
        if item.entry.decision.accepted:
            yield PreferencePair(item, candidate, base, True, shared)
        elif reason := _why_not_worse(item):
            excluded[reason] += 1
        else:
            yield PreferencePair(item, base, candidate, False, shared)


def _is_judged(judged: Judged) -> bool:
    return judged.candidate is not None and judged.entry.decision.accepted is not None


def whole_row(pair: PreferencePair, excluded: Exclusions) -> PairRow | None:
    """Both trajectories to their ends; the prompt ends with the user's first words."""
    opening = min(_opening(pair.chosen), pair.shared)
    prompt = [*system_message(pair.judged.task), *flatten(pair.chosen[:opening])]
    row = PairRow(
        prompt,
        flatten(pair.chosen[opening:]),
        flatten(pair.rejected[opening:]),
        (_indexes(pair.chosen), _indexes(pair.rejected)),
    )
    return _checked(row, "whole", excluded)


def divergence_row(pair: PreferencePair, excluded: Exclusions) -> PairRow | None:
    """What both share as the prompt, and the first differing assistant message of each as the answer."""
    prefix = pair.chosen[: pair.shared]
    answers = [side[pair.shared : pair.shared + 1] for side in (pair.chosen, pair.rejected)]
    if not all(answers) or any(answer[0].role != "assistant" for answer in answers):
        excluded["divergence: one side has no answer of the assistant there"] += 1
        return None
    if pair.chosen_trajectory.carried_over.intersection(answers[0][0].indexes):
        excluded["divergence: the chosen answer is carried over, nobody rewrote it"] += 1
        return None
    row = PairRow(
        [*system_message(pair.judged.task), *flatten(prefix)],
        [answers[0][0].messages[0]],
        [answers[1][0].messages[0]],
        (_indexes([*prefix, *answers[0]]), _indexes([*prefix, *answers[1]])),
    )
    return _checked(row, "divergence", excluded)


def demonstration(judged: Judged) -> Demonstration | None:
    """The demonstration that a decision makes, if its candidate passed verification."""
    if judged.candidate is None or judged.candidate_inspection is None or not judged.candidate_inspection.verified:
        return None
    turns = turns_of(judged.candidate, judged.candidate_inspection)
    return Demonstration(judged, judged.candidate, tuple(_up_to_carried_over(judged.candidate, turns)))


def _up_to_carried_over(trajectory: Trajectory, turns: list[Turn]) -> list[Turn]:
    """Turns before the first carried-over one, ending with what the agent said or did.

    What stands after it answers words that belong to another course of events.
    """
    carried = (n for n, turn in enumerate(turns) if trajectory.carried_over.intersection(turn.indexes))
    kept = turns[: next(carried, len(turns))]
    while kept and len(kept) < len(turns) and kept[-1].role != "assistant":
        kept.pop()
    return kept


def becomes_head(judged: Judged) -> bool:
    """Whether the decision made the candidate the current revision of its lineage, as its maker saw it."""
    decision = judged.entry.decision
    return judged.candidate is not None and bool(decision.accepted) and decision.head_after == judged.candidate.id


def first_difference(base: tuple[Step, ...], revised: tuple[Step, ...]) -> int:
    """Index of the first step that does something else; the length of the shorter where none does."""
    both = zip(map(_bare, base), map(_bare, revised), strict=False)
    return next((index for index, (old, new) in enumerate(both) if old.key != new.key), min(len(base), len(revised)))


def is_minimal(judged: Judged) -> bool:
    """Whether the two trajectories are one hunk apart, whatever was observed."""
    if judged.candidate is None:
        return False
    return len(diff_steps(_bare_all(judged.base), _bare_all(judged.candidate))) == 1


def reveals_answer(inspection: Inspection | None) -> bool:
    """Whether the person who decided could see evidence that quotes the gold answer."""
    if inspection is None:
        return False
    findings = any(finding.reveals_answer for finding in inspection.unmet)
    return findings or any(gradient.reveals_answer for gradient in inspection.gradients)


def is_synthetic(task: Task, trajectory: Trajectory) -> bool:
    """Whether the task or the recording was made by this product."""
    return task.synthetic or (trajectory.source is not None and trajectory.source.synthetic)


def _why_not_worse(item: Judged) -> str:
    """Why a rejected candidate is no negative example; empty where it is one."""
    if item.base_inspection is None or item.candidate_inspection is None:
        return "rejected candidate: not inspected"
    try:
        order = item.candidate_inspection.losses.compare(item.base_inspection.losses)
    except NotComparableError:
        return "rejected candidate: its losses cannot be compared"
    return "" if order > 0 else "rejected candidate: its losses are not worse"


def _checked(row: PairRow, kind: str, excluded: Exclusions) -> PairRow | None:
    if not row.prompt:
        excluded[f"{kind}: no prompt"] += 1
    elif not row.chosen or not row.rejected:
        excluded[f"{kind}: one side says nothing after the prompt"] += 1
    elif without_ids(row.chosen) == without_ids(row.rejected):
        excluded[f"{kind}: chosen equals rejected"] += 1
    else:
        return row
    return None


def _shared(base: tuple[Turn, ...], candidate: tuple[Turn, ...]) -> int:
    both = enumerate(zip(base, candidate, strict=False))
    return next((index for index, (old, new) in both if old.key != new.key), min(len(base), len(candidate)))


def _opening(turns: tuple[Turn, ...]) -> int:
    """Number of turns up to the end of the user's first words."""
    first = next((index for index, turn in enumerate(turns) if turn.role == "user"), None)
    if first is None:
        return next((index for index, turn in enumerate(turns) if turn.role == "assistant"), len(turns))
    return next((index for index in range(first, len(turns)) if turns[index].role == "assistant"), len(turns))


def _indexes(turns: Iterable[Turn]) -> frozenset[int]:
    return frozenset(index for turn in turns for index in turn.indexes)


def _bare(step: Step) -> Step:
    return replace(step, expected=None, turn=None, plan_step=None)


def _bare_all(trajectory: Trajectory) -> tuple[Step, ...]:
    return tuple(map(_bare, trajectory.steps))
