"""Changes of a plan that is written anew: its steps come, go and move, and the links go with them. Pure functions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from hitl_app.domain.replan import Replan
from hitl_app.domain.trajectory import PlanStep, Trajectory

BLANK = PlanStep("")
"""What a new plan step starts with."""


def begun(trajectory: Trajectory, at: int, proposed: Replan | None = None) -> Replan:
    """A plan to write in: the proposed one, else the plan as it stands with a link for each step from `at` on."""
    if proposed is not None:
        return replace(proposed, links=tuple(sorted(linked(trajectory, proposed).items())))
    linked_steps = tuple(
        (index, step.plan_step)
        for index, step in enumerate(trajectory.steps)
        if index >= at and step.plan_step is not None
    )
    return Replan(at, trajectory.plan or (BLANK,), linked_steps)


def rewritten(replan: Replan, plan: tuple[PlanStep, ...], spans: Sequence[Sequence[int]]) -> Replan:
    """With other words, and with the steps that carry out each plan step, as they were written down.

    Raises:
        ValueError: Two plan steps name the same step; says which.
    """
    links: dict[int, int | None] = {step: None for step, _ in replan.links}
    for number, steps in enumerate(spans):
        for step in steps:
            if step < replan.at:
                continue  # done under the plan before: its link stays
            if links.get(step) not in (None, number):
                raise ValueError(step)
            links[step] = number
    return replace(replan, plan=plan, links=tuple(sorted(links.items())))


def inserted(replan: Replan, place: int) -> Replan:
    """With a blank step at a place."""
    return _with(replan, (*replan.plan[:place], BLANK, *replan.plan[place:]), lambda n: n + (n >= place))


def removed(replan: Replan, place: int) -> Replan:
    """Without a step; what carried it out carries out nothing."""
    plan = (*replan.plan[:place], *replan.plan[place + 1 :])
    return _with(replan, plan, lambda n: None if n == place else n - (n > place))


def swapped(replan: Replan, place: int, other: int) -> Replan:
    """With two steps in each other's place."""
    plan = list(replan.plan)
    plan[place], plan[other] = plan[other], plan[place]
    return _with(replan, tuple(plan), lambda n: {place: other, other: place}.get(n, n))


def linked(trajectory: Trajectory, replan: Replan) -> dict[int, int | None]:
    """For each step from `at` on that is linked by then, the plan step that it carries out under the new plan."""
    links = dict(replan.links)
    kept = {
        index: step.plan_step
        for index, step in enumerate(trajectory.steps)
        if index >= replan.at and step.plan_step is not None and _stays(trajectory, replan, step.plan_step)
    }
    return {**kept, **links}


def carried_by(trajectory: Trajectory, replan: Replan) -> Mapping[int, list[int]]:
    """For each step of the new plan, the steps of the trajectory that carry it out, as far as is known."""
    before = {index: step.plan_step for index, step in enumerate(trajectory.steps[: replan.at])}
    found: dict[int, list[int]] = {}
    for index, plan_step in sorted({**before, **linked(trajectory, replan)}.items()):
        if plan_step is not None:
            found.setdefault(plan_step, []).append(index)
    return found


def _stays(trajectory: Trajectory, replan: Replan, plan_step: int) -> bool:
    both = min(len(replan.plan), len(trajectory.plan))
    return plan_step < both and replan.plan[plan_step] == trajectory.plan[plan_step]


def _with(replan: Replan, plan: tuple[PlanStep, ...], moved: Callable[[int], int | None]) -> Replan:
    links = tuple((step, None if known is None else moved(known)) for step, known in replan.links)
    return replace(replan, plan=plan, links=links)
