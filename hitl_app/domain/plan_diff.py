"""Two plans side by side, and the plans of a trajectory over time: P(0) to P(T)."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from hitl_app.domain.replan import carried_out
from hitl_app.domain.trajectory import PlanStep, Trajectory


class PlanChange(StrEnum):
    """What became of a plan step."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class PlanDiffRow:
    """One row of two plans side by side.

    Attributes:
        old: Number of the step in the old plan; None where it was added.
        new: Number of the step in the new plan; None where it was removed.
    """

    change: PlanChange
    old: int | None
    new: int | None


def diff_plans(old: Sequence[PlanStep], new: Sequence[PlanStep]) -> tuple[PlanDiffRow, ...]:
    """Every step of both plans once, in order; what stands in the place of another step counts as changed."""
    rows: list[PlanDiffRow] = []
    for tag, i, i_end, j, j_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        both = min(i_end - i, j_end - j)
        same = PlanChange.SAME if tag == "equal" else PlanChange.CHANGED
        rows += [PlanDiffRow(same, i + n, j + n) for n in range(both)]
        rows += [PlanDiffRow(PlanChange.REMOVED, n, None) for n in range(i + both, i_end)]
        rows += [PlanDiffRow(PlanChange.ADDED, None, n) for n in range(j + both, j_end)]
    return tuple(rows)


@dataclass(frozen=True)
class PlanVersion:
    """A plan of a trajectory while it was in force.

    Attributes:
        number: t of P(t), from 0.
        since: First step under it.
        until: One past the last step under it.
        locked: Number of its first steps that were carried out when it was written.
        changes: What differs from the plan before; all the same for the first one.
    """

    number: int
    since: int
    until: int
    plan: tuple[PlanStep, ...]
    locked: int
    changes: tuple[PlanDiffRow, ...]


def versions(trajectory: Trajectory) -> tuple[PlanVersion, ...]:
    """The plans of a trajectory, oldest first; none without a plan."""
    if not trajectory.plan:
        return ()
    plans = [*(each.plan for each in trajectory.earlier), trajectory.plan]
    since = [0, *(each.until for each in trajectory.earlier)]
    ends = [*since[1:], len(trajectory.steps)]
    return tuple(
        PlanVersion(
            number,
            since[number],
            ends[number],
            plan,
            carried_out(trajectory, since[number]),
            diff_plans(plans[max(0, number - 1)], plan),
        )
        for number, plan in enumerate(plans)
    )


def brackets(trajectory: Trajectory) -> tuple[tuple[int, ...], ...]:
    """For each plan step the steps of the trajectory that link to it, in order."""
    linked: list[list[int]] = [[] for _ in trajectory.plan]
    for index, step in enumerate(trajectory.steps):
        if step.plan_step is not None and step.plan_step < len(linked):
            linked[step.plan_step].append(index)
    return tuple(map(tuple, linked))
