"""EVOLVE: make a candidate of a base, hunks and a new plan, whoever wrote them."""

from collections.abc import Sequence
from dataclasses import replace

from hitl_app.domain.hunk import Applied, Hunk, HunkError, apply_hunks
from hitl_app.domain.jsontypes import canonical
from hitl_app.domain.replan import Replan, ReplanError, earlier_plans, replanned
from hitl_app.domain.trajectory import EarlierPlan, Step, StepKind, Trajectory


def evolve(base: Trajectory, hunks: Sequence[Hunk], author: str, replan: Replan | None = None) -> Trajectory:
    """The candidate that the hunks, and a new plan where there is one, make of the base.

    Links of steps that hunks put in speak of the new plan.

    Messages after the first edit that came from the base cannot be executed again: they are marked as carried over. An
    edit that changes nothing of what is done (a link to the plan) carries nothing over.

    Raises:
        HunkError: The hunks or the plan do not fit the base, or change nothing.
    """
    applied = apply_hunks(base.steps, hunks)
    if replan is not None:
        applied = _replanned(base, hunks, replan, applied)
    if _same_steps(applied.steps, base.steps) and (replan is None or replan.plan == base.plan):
        raise HunkError("nothing is changed: the candidate would be its own base")
    divergence = next(
        (
            index
            for index, (origin, step) in enumerate(zip(applied.origin, applied.steps, strict=True))
            if origin != index and not (index < len(base.steps) and _does_the_same(step, base.steps[index]))
        ),
        len(applied.steps),
    )
    carried = {
        index
        for index, origin in enumerate(applied.origin)
        if origin is not None
        and applied.steps[index].kind is StepKind.MESSAGE
        and (index >= divergence or origin in base.carried_over)
    }
    return Trajectory(
        task_id=base.task_id,
        steps=applied.steps,
        plan=base.plan if replan is None else replan.plan,
        parent_id=base.id,
        lineage_root=base.root_id,
        carried_over=frozenset(carried),
        author=author,
        earlier=_earlier(base, applied.divergence) if replan is None else earlier_plans(base, replan),
    )


def _replanned(base: Trajectory, hunks: Sequence[Hunk], replan: Replan, applied: Applied) -> Applied:
    steps = replanned(base, applied, replan)
    if any(hunk.first < replan.at for hunk in hunks):
        raise ReplanError(f"a hunk changes a step before step {replan.at}, from which on the plan is new")
    return replace(applied, steps=steps)


def _earlier(base: Trajectory, divergence: int) -> tuple[EarlierPlan, ...]:
    """The earlier plans that an edit leaves: what was planned anew behind it belongs to another course of events."""
    return tuple(each for each in base.earlier if each.until <= divergence)


def rewritten(old: Step, new: Step) -> Step:
    """A step put in the place of another: keeps its turn and plan link, and what it expects where it does the same."""
    same = canonical([new.tool, new.arguments]) == canonical([old.tool, old.arguments])
    return replace(
        new,
        turn=old.turn,
        plan_step=old.plan_step,
        link_confidence=old.link_confidence,
        expected=old.expected if same else None,
    )


def _same_steps(some: Sequence[Step], others: Sequence[Step]) -> bool:
    """By keys, which cost as much as a step is long: they are asked only of steps that are not the very same."""
    return len(some) == len(others) and all(
        one is other or one.key == other.key for one, other in zip(some, others, strict=True)
    )


def _does_the_same(one: Step, other: Step) -> bool:
    return canonical(one.content) == canonical(other.content)
