"""Labels of single steps: what INSPECT found of them, with people's word above it.

The rule is ours. Each thing that is known of a step says that it is good (1) or bad (-1), and weighs:

| weight | rating | by | what is known |
|---|---|---|---|
| 6 | -1 | human | a person blamed the step, confirmed a gradient on it, or added one |
| 5 | -1 | human | a revision that a person accepted changed it or took it out |
| 4 | -1 | inspect | it failed when it was executed, and not because the environment itself failed |
| 3 | 1 | human | it stands before the step that a person moved the blame to |
| 2 | -1 | inspect | an unmet requirement names it and no other step, or it is the earliest cause, or a model wrote a \
gradient on it, or a revision that the rule accepted changed it or took it out |
| 1 | 1 | human | a person accepted a revision that put it in, or approved the trajectory as it is |
| 1 | 1 | inspect | it is in the validated prefix, or in a verified trajectory, or kept in the verified head |

What weighs most decides. Whoever else says the same is named with it as `source`. What nothing is known of is 0.

- Only decisions that stand count; of a decision on a candidate only what may make an example (`Lineage.usable`).
- What a dismissed gradient complains about does not count. Where a person moved the blame, the inspection's own and
  its validated prefix do not count; where nobody did, the step that somebody blamed before a proposal was shown is one
  that a person blamed.
- A requirement that names several steps says that one of them is wrong, not which: only the earliest cause of them is.
- A difference from the recording alone is no fault of the agent.
- Where consecutive steps made way for others, only the first one is bad, and those whose arguments alone were changed:
  what followed it may have been right. Where nothing came in their place, all are.
- A trajectory is rated up to its first message that was only carried over: what follows answers another course of
  events.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from hitl_app.domain.annotations import Annotations
from hitl_app.domain.codec import get_optional_int
from hitl_app.domain.decision import AUTOMATIC, DecisionKind, ReviewStatus
from hitl_app.domain.diff import Aligned, align_steps, change_operator
from hitl_app.domain.hunk import Operator
from hitl_app.domain.inspection import Gradient, GradientSource, Inspection, StepStatus
from hitl_app.domain.loss import Component
from hitl_app.domain.trajectory import Trajectory
from hitl_app.exchange.examples.lineage import Judged, Lineage
from hitl_app.exchange.examples.turns import bare

INSPECT, HUMAN, BOTH = "inspect", "human", "both"


@dataclass(frozen=True, slots=True)
class StepLabel:
    """What is known of one step.

    Attributes:
        rating: 1 good, -1 bad, 0 unknown.
        source: `inspect`, `human` or `both`; empty where nothing is known.
        reasons: Why, without naming anybody.
    """

    rating: int = 0
    source: str = ""
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Known:
    """One thing that is known of a step; see the table above."""

    weight: int
    rating: int
    by: str
    reason: str


_BLAMED = _Known(6, -1, HUMAN, "a person blamed it")
_CONFIRMED = _Known(6, -1, HUMAN, "a gradient on it was confirmed")
_ADDED = _Known(6, -1, HUMAN, "a person wrote a gradient on it")
_REVISED = _Known(5, -1, HUMAN, "changed or taken out by a revision that a person accepted")
_FAILED = _Known(4, -1, INSPECT, "it failed")
_BEFORE_BLAME = _Known(3, 1, HUMAN, "before the step that a person blamed")
_NAMED = _Known(2, -1, INSPECT, "an unmet requirement names it")
_CAUSE = _Known(2, -1, INSPECT, "the earliest cause")
_CRITICISED = _Known(2, -1, INSPECT, "a model wrote a gradient on it")
_RULED_OUT = _Known(2, -1, INSPECT, "changed or taken out by a revision that the rule accepted")
_PUT_IN = _Known(1, 1, HUMAN, "put in by a revision that a person accepted")
_APPROVED = _Known(1, 1, HUMAN, "a person approved the trajectory as it is")
_VALIDATED = _Known(1, 1, INSPECT, "in the validated prefix")
_VERIFIED = _Known(1, 1, INSPECT, "in a verified trajectory")
_KEPT = _Known(1, 1, INSPECT, "kept in the verified head")


def label_steps(lineage: Lineage, trajectory: Trajectory, inspection: Inspection) -> dict[int, StepLabel]:
    """A label for each step of the agent, by its index."""
    known: dict[int, list[_Known]] = defaultdict(list)
    for index, fact in _facts(lineage, trajectory, inspection):
        known[index].append(fact)
    steps = enumerate(trajectory.steps)
    return {index: _label(known[index]) for index, step in steps if step.role == "assistant"}


def _label(known: list[_Known]) -> StepLabel:
    if not known:
        return StepLabel()
    rating = max(known, key=lambda fact: fact.weight).rating
    same = [fact for fact in sorted(known, key=lambda fact: -fact.weight) if fact.rating == rating]
    by = {fact.by for fact in same}
    return StepLabel(rating, BOTH if len(by) > 1 else by.pop(), tuple(dict.fromkeys(fact.reason for fact in same)))


def _facts(lineage: Lineage, trajectory: Trajectory, inspection: Inspection) -> Iterator[tuple[int, _Known]]:
    notes = Annotations.of(trajectory.id, lineage.entries)
    yield from _words(lineage, trajectory, inspection, notes)
    yield from _faults(trajectory, inspection, notes)
    good = {
        _VALIDATED: range(inspection.validated if notes.blame is None else 0),
        _VERIFIED: range(len(trajectory.steps)) if inspection.verified else (),
        _KEPT: _kept_in_head(lineage, trajectory),
        _BEFORE_BLAME: range(notes.blame or 0),
    }
    for fact, indexes in good.items():
        yield from ((index, fact) for index in indexes)
    for item in lineage.usable(Counter()):
        if item.entry.decision.accepted:
            yield from _revised(item, trajectory)


def _words(
    lineage: Lineage, trajectory: Trajectory, inspection: Inspection, notes: Annotations
) -> Iterator[tuple[int, _Known]]:
    """What people said of single steps."""
    if notes.blame is not None:
        yield notes.blame, _BLAMED
    else:
        decisions = [entry.decision for entry in lineage.standing_entries]
        judged = [d for d in decisions if d.kind is DecisionKind.JUDGE and d.base_id == trajectory.id]
        newest = {decision.annotator: get_optional_int(decision.detail, "blame") for decision in judged}
        yield from ((step, _BLAMED) for step in dict.fromkeys(newest.values()) if step is not None)
    for gradient in (*notes.added, *inspection.gradients):
        if gradient.step_index is None or gradient.id in notes.dismissed:
            continue
        if gradient.source is GradientSource.HUMAN or gradient in notes.added:
            yield gradient.step_index, _ADDED
        elif gradient.id in notes.confirmed:
            yield gradient.step_index, _CONFIRMED
        elif gradient.source is GradientSource.MODEL and gradient.component is not Component.DISCREPANCY:
            yield gradient.step_index, _CRITICISED


def _faults(trajectory: Trajectory, inspection: Inspection, notes: Annotations) -> Iterator[tuple[int, _Known]]:
    """What the inspection holds against single steps, without what somebody dismissed."""
    dismissed = [gradient for gradient in inspection.gradients if gradient.id in notes.dismissed]
    unmet = [f for f in inspection.unmet if f.id not in {gradient.constraint_id for gradient in dismissed}]
    excused = {gradient.step_index for gradient in dismissed if _is_of_failure(gradient)}
    failed = [index for index in _failed(trajectory, inspection) if index not in excused]
    yield from ((index, _FAILED) for index in failed)
    yield from ((finding.steps[0], _NAMED) for finding in unmet if len(finding.steps) == 1)
    cause = inspection.earliest_cause
    if cause is None or notes.blame is not None or cause in {gradient.step_index for gradient in dismissed}:
        return
    if (unmet or failed) and not _is_environments_fault(inspection, cause):
        yield cause, _CAUSE


def _failed(trajectory: Trajectory, inspection: Inspection) -> Iterator[int]:
    executed = inspection.execution.steps
    for index in trajectory.actions:
        if executed[index].status is StepStatus.FAILED and not _is_environments_fault(inspection, index):
            yield index


def _is_environments_fault(inspection: Inspection, index: int) -> bool:
    observation = inspection.execution.steps[index].observation
    return observation is not None and bool(observation.error)


def _is_of_failure(gradient: Gradient) -> bool:
    return gradient.component is Component.FEASIBILITY and not gradient.constraint_id


def _kept_in_head(lineage: Lineage, trajectory: Trajectory) -> Iterator[int]:
    """Steps of a trajectory that the head was made from, and that still stand in it."""
    head = lineage.revisions.get(lineage.stand.head)
    if head is None or lineage.stand.status is ReviewStatus.DISPUTED or trajectory.id == head.trajectory.id:
        return
    if (
        head.inspection is None
        or not head.inspection.verified
        or trajectory.id not in _ancestors(lineage, head.trajectory)
    ):
        return
    for row in align_steps(bare(trajectory.steps), bare(head.trajectory.steps)):
        if row.same and row.old is not None and row.new not in head.trajectory.carried_over:
            yield row.old


def _ancestors(lineage: Lineage, trajectory: Trajectory) -> Iterator[str]:
    at = trajectory.parent_id
    while at is not None:
        yield at
        parent = lineage.revisions.get(at)
        at = parent.trajectory.parent_id if parent is not None else None


def _revised(item: Judged, trajectory: Trajectory) -> Iterator[tuple[int, _Known]]:
    """What an accepted decision says of a trajectory that is its base or its candidate."""
    human = item.entry.decision.annotator != AUTOMATIC
    if item.base.id == item.candidate.id == trajectory.id:
        indexes = range(len(trajectory.steps)) if human else ()
        yield from ((index, _APPROVED) for index in indexes)
    elif trajectory.id in (item.base.id, item.candidate.id):
        rows = align_steps(bare(item.base.steps), bare(item.candidate.steps))
        if trajectory.id == item.base.id:
            fact = _REVISED if human else _RULED_OUT
            yield from ((index, fact) for index in _taken_out(item, rows))
        elif human:
            yield from (
                (row.new, _PUT_IN) for row in rows if row.new is not None and not row.same and row.moved is None
            )


def _taken_out(item: Judged, rows: Iterable[Aligned]) -> Iterator[int]:
    """Steps of the base that the candidate changed or left out, without those that may only have gone with them."""
    for same, stretch in groupby(rows, key=lambda row: row.same):
        if same:
            continue
        changed = [row for row in stretch if row.moved is None]
        gone = [row for row in changed if row.old is not None]
        replaced = any(row.new is not None for row in changed)
        for number, row in enumerate(gone):
            if row.old is not None and (number == 0 or not replaced or _only_arguments(item, row)):
                yield row.old


def _only_arguments(item: Judged, row: Aligned) -> bool:
    if row.old is None or row.new is None:
        return False
    old, new = bare((item.base.steps[row.old], item.candidate.steps[row.new]))
    return change_operator(old, new) is Operator.SET_ARGUMENT
