"""Monotonic acceptance: a candidate replaces the best so far only where its loss is smaller."""

from dataclasses import dataclass
from enum import StrEnum

from hitl_app.domain.inspection import Inspection
from hitl_app.domain.loss import NotComparableError


class Rule(StrEnum):
    """Which rule of acceptance answered.

    `as_is` judges no candidate: a person approved a trajectory unchanged. `plan_only`: what is done stays the same.
    """

    IMPROVES = "improves"
    LATERAL = "lateral"
    EQUAL = "equal"
    WORSE = "worse"
    BREAKS_HARD_CONSTRAINT = "breaks_hard_constraint"
    NOT_COMPARABLE = "not_comparable"
    AS_IS = "as_is"
    PLAN_ONLY = "plan_only"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The answer to "may this candidate replace the best?", with the reason in words."""

    accepted: bool
    rule: Rule
    explanation: str


def judge(best: Inspection, candidate: Inspection, *, lateral: bool = False) -> Acceptance:
    """Accept iff `loss(candidate) < loss(best)` and no hard constraint that held is now violated.

    Args:
        best: Inspection of the best so far.
        candidate: Inspection of the candidate, from a fresh environment.
        lateral: Accept an equal loss as well, marked as a lateral move.
    """
    try:
        order = candidate.losses.compare(best.losses)
    except NotComparableError as reason:
        return Acceptance(False, Rule.NOT_COMPARABLE, f"the losses cannot be compared: {reason}")
    broken = candidate.broken_since(best)
    if broken:
        return Acceptance(False, Rule.BREAKS_HARD_CONSTRAINT, f"violates what held before: {', '.join(broken)}")
    difference = describe_difference(best, candidate)
    if order < 0:
        return Acceptance(True, Rule.IMPROVES, difference)
    if order > 0:
        return Acceptance(False, Rule.WORSE, difference)
    if lateral:
        return Acceptance(True, Rule.LATERAL, "the loss is equal, and a lateral move was asked for")
    return Acceptance(False, Rule.EQUAL, "the loss is equal: accepted only as a lateral move")


def judge_plan(best: Inspection, base: Inspection, candidate: Inspection) -> Acceptance:
    """Accept a candidate that does what its base does, under another plan: nothing is to be gained or lost by it.

    Where another execution comes to another loss all the same, `judge` answers.
    """
    if candidate.losses == base.losses:
        return Acceptance(True, Rule.PLAN_ONLY, "only the plan changes: what is done, and its loss, stays the same")
    return judge(best, candidate)


def describe_difference(best: Inspection, candidate: Inspection) -> str:
    """The components that changed, as `goal 1 → 0, feasibility 0 → 2`."""
    changes = []
    for component, before in best.losses.items():
        after = candidate.losses[component]
        if before is not None and after is not None and before.count != after.count:
            changes.append(f"{component.value.replace('_', ' ')} {before.count} → {after.count}")
    return ", ".join(changes) or "no component changed"
