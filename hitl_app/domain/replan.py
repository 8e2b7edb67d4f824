"""Replanning: a plan written anew from a step on. What was carried out by then stays as it is."""

from dataclasses import dataclass, replace

from hitl_app.domain.hunk import Applied, HunkError, first_deviation
from hitl_app.domain.trajectory import EarlierPlan, PlanStep, Step, Trajectory


class ReplanError(HunkError):
    """A new plan does not fit its base."""


@dataclass(frozen=True)
class Replan:
    """A new plan for a base.

    Attributes:
        at: Number of first steps that were done before it was written; 0 for one that was there from the start.
        plan: The whole new plan; its first steps are those that were carried out by then.
        links: Of steps of the base, by index, the plan step that each carries out now; None where none does. A step
            that is not here keeps its link as long as the plan step that it links to is the same.
        why: Reason in a few words, for people.
    """

    at: int
    plan: tuple[PlanStep, ...]
    links: tuple[tuple[int, int | None], ...] = ()
    why: str = ""


def carried_out(base: Trajectory, at: int) -> int:
    """Number of first plan steps that are locked at a step: those up to the last one that a step before it links to."""
    linked = [step.plan_step for step in base.steps[:at] if step.plan_step is not None]
    return min(1 + max(linked, default=-1), len(base.plan))


def check_place(base: Trajectory, at: int) -> None:
    """Make sure that the plan can be written anew after so many steps.

    Raises:
        ReplanError: Says why not.
    """
    if not 0 <= at <= len(base.steps):
        raise ReplanError(f"there is no step {at} to plan anew from: the trajectory has {len(base.steps)} steps")
    if base.earlier and 0 < at < base.earlier[-1].until:
        raise ReplanError(
            f"the plan was written anew at step {base.earlier[-1].until} already: plan anew from there on, or from 0"
        )


def check_replan(base: Trajectory, replan: Replan) -> None:
    """Make sure that a new plan fits its base and leaves alone what was carried out.

    Raises:
        ReplanError: Says what and where.
    """
    check_place(base, replan.at)
    if not replan.plan or not all(item.step.strip() for item in replan.plan):
        raise ReplanError("a plan needs steps, and each of them words")
    locked = carried_out(base, replan.at)
    for number in range(locked):
        if number >= len(replan.plan) or replan.plan[number] != base.plan[number]:
            raise ReplanError(f"plan step {number + 1} was carried out before step {replan.at}: it cannot be changed")
    for step, plan_step in replan.links:
        if not replan.at <= step < len(base.steps):
            raise ReplanError(f"step {step} cannot be linked anew: only steps {replan.at} to {len(base.steps) - 1} can")
        if plan_step is not None and not 0 <= plan_step < len(replan.plan):
            raise ReplanError(f"step {step} links to plan step {plan_step + 1} of a plan of {len(replan.plan)} steps")


def relinked(base: Trajectory, replan: Replan, index: int) -> Step:
    """A step of the base with the link that it has under the new plan."""
    step, links = base.steps[index], dict(replan.links)
    if index in links:
        return replace(step, plan_step=links[index], link_confidence=None)
    known = step.plan_step
    if known is None or replan.plan[known : known + 1] == base.plan[known : known + 1]:
        return step
    return replace(step, plan_step=None, link_confidence=None)


def edited(base: Trajectory, applied: Applied, replan: Replan | None = None) -> Trajectory:
    """The base with the steps that hunks make of it, and the plans and links that these have.

    Without a new plan the one holds that was in force at the first step that does otherwise: what was planned anew
    behind it belongs to another course of events, of which it tells.

    Raises:
        ReplanError: The new plan does not fit the base.
    """
    if replan is not None:
        check_replan(base, replan)
        earlier = _earlier_plans(base, replan)
    else:
        at = first_deviation(base.steps, applied)
        replan = Replan(at, base.plan_at(at))
        earlier = tuple(each for each in base.earlier if each.until <= at)
    links = zip(applied.origin, applied.steps, strict=True)
    steps = tuple(step if origin is None else relinked(base, replan, origin) for origin, step in links)
    return replace(base, steps=steps, plan=replan.plan, earlier=earlier)


def _earlier_plans(base: Trajectory, replan: Replan) -> tuple[EarlierPlan, ...]:
    """The plans before the new one; one that is there from the start has none before it."""
    if not replan.at:
        return ()
    known = base.earlier
    return known if replan.plan == base.plan else (*known, EarlierPlan(replan.at, base.plan))
