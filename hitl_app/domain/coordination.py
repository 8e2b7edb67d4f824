"""How well a plan and its executions go together: the measures of CoPE (Coordination between Planning and Execution).

They say how much a plan can be relied on, and are no measure of success: a good way that nobody else took lowers
`alike`, too. Their formulas are known to us at second hand.
"""

from collections.abc import Hashable, Mapping, Sequence
from itertools import combinations

from hitl_app.domain.trajectory import Trajectory


def alike(executions: Sequence[Sequence[Hashable]]) -> float | None:
    """Whether a plan is executed alike each time (c_p): 1 where it always is, 0 where never anything is the same.

    The mean of `1 - distance / length of the longer` over all pairs of its executions.

    Args:
        executions: The actions of each execution of one plan for one task.

    Returns:
        None where fewer than two were executed: nothing was measured.
    """
    pairs = [_alike(one, other) for one, other in combinations(executions, 2)]
    return sum(pairs) / len(pairs) if pairs else None


def followed(actions: Sequence[Mapping[int, float]], plan_steps: int) -> float | None:
    """How far a plan was followed (c_tau): 1 where each of its steps was carried out, in the plan's order.

    The greatest sum of an alignment of plan steps with actions in which none is used twice and none crosses another,
    divided by the number of plan steps.

    Args:
        actions: For each action, how surely it carries out which plan steps, 0 to 1; left out is 0.
        plan_steps: How many steps the plan has.

    Returns:
        None without a plan.
    """
    if not plan_steps:
        return None
    best = [0.0] * (plan_steps + 1)  # at i: of the first i plan steps with the actions so far
    for sure in actions:
        row = [0.0]
        for step in range(plan_steps):
            row.append(max(best[step + 1], row[-1], best[step] + sure.get(step, 0.0)))
        best = row
    return best[-1] / plan_steps


def followed_in(trajectory: Trajectory) -> float | None:
    """How far a trajectory follows its plan, by the links that are certain.

    Returns:
        None where there is no plan, nothing is linked, or a link was only read out of a text.
    """
    linked = [step for step in trajectory.steps if step.is_action and step.plan_step is not None]
    if not linked or any(step.link_confidence is not None for step in linked):
        return None
    return followed([{step.plan_step: 1.0} for step in linked if step.plan_step is not None], len(trajectory.plan))


def planner_weight(chosen: float, rejected: float) -> float:
    """Weight of a pair of plans in training: 0 to 1, more the better the chosen one is executed alike (`alike`)."""
    return (chosen - rejected + 1) / 2


def _alike(one: Sequence[Hashable], other: Sequence[Hashable]) -> float:
    longer = max(len(one), len(other))
    return 1 - _distance(one, other) / longer if longer else 1.0


def _distance(one: Sequence[Hashable], other: Sequence[Hashable]) -> int:
    """Levenshtein's: how many items are inserted, deleted or replaced at least."""
    row = list(range(len(other) + 1))
    for i, item in enumerate(one, 1):
        before, row = row, [i]
        for j, opposite in enumerate(other, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (item != opposite)))
    return row[-1]
