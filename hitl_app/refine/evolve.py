"""EVOLVE: make a candidate of a base, hunks and a new plan, whoever wrote them."""

from collections.abc import Sequence
from dataclasses import replace

from hitl_app.domain.hunk import Hunk, HunkError, apply_hunks, first_deviation
from hitl_app.domain.jsontypes import canonical
from hitl_app.domain.replan import Replan, ReplanError, edited
from hitl_app.domain.trajectory import Step, StepKind, Trajectory


def evolve(base: Trajectory, hunks: Sequence[Hunk], author: str, replan: Replan | None = None) -> Trajectory:
    """The candidate that the hunks, and a new plan where there is one, make of the base.

    Links of steps that hunks put in speak of the new plan.

    Messages after the first edit that came from the base cannot be executed again: they are marked as carried over. An
    edit that changes nothing of what is done (a link to the plan) carries nothing over. A plan that was written anew
    after the first edit goes with what it was written for (`replan.edited`).

    Raises:
        HunkError: The hunks or the plan do not fit the base, or change nothing.
    """
    applied = apply_hunks(base.steps, hunks)
    made = edited(base, applied, replan)
    if replan is not None and any(hunk.first < replan.at for hunk in hunks):
        raise ReplanError(f"a hunk changes a step before step {replan.at}, from which on the plan is new")
    if _same_steps(made.steps, base.steps) and made.plan == base.plan:
        raise HunkError("nothing is changed: the candidate would be its own base")
    deviation = first_deviation(base.steps, applied)
    carried = {
        index
        for index, origin in enumerate(applied.origin)
        if origin is not None
        and applied.steps[index].kind is StepKind.MESSAGE
        and (index >= deviation or origin in base.carried_over)
    }
    return replace(
        made,
        parent_id=base.id,
        lineage_root=base.root_id,
        source=None,
        carried_over=frozenset(carried),
        author=author,
    )


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
