"""How well a plan and its executions go together: the measures of CoPE (Coordination between Planning and Execution).

They say how much a plan can be relied on, and are no measure of success: a good way that nobody else took lowers
`alike`, too. Their formulas are known to us at second hand.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Optional

from hitl_app.domain.jsontypes import canonical
from hitl_app.domain.trajectory import PlanStep, Trajectory

CUT_OFF = "cut_off"
"""Field of a recording's source that says that a budget ended it: what it would have done then is not known."""

PlanWords = tuple[tuple[str, str], ...]
"""What the steps of a plan say is to be done, each with its reasoning."""


@dataclass(frozen=True, slots=True)
class _Chain:
    """The end of an alignment, which goes on at the one before; the empty one has none before."""

    total: float = 0.0
    step: int = -1
    place: int = -1
    before: Optional["_Chain"] = None


def executed_actions(trajectory: Trajectory) -> list[str]:
    """What the agent did, one text an action: tool and arguments, whatever it said with it or came of it."""
    done = (step for step in trajectory.steps if step.is_action and step.role == "assistant")
    return [canonical([step.tool, step.arguments]) for step in done]


def plan_words(plan: Sequence[PlanStep]) -> PlanWords:
    """What makes two plans the same: what they say is to be done, and why; not what they expect to come of it."""
    return tuple((step.step, step.reasoning) for step in plan)


def by_plan(recordings: Iterable[Trajectory]) -> dict[PlanWords, list[Trajectory]]:
    """Recordings of one task, those of the same plan together, in their order; none that was cut off."""
    found: dict[PlanWords, list[Trajectory]] = {}
    for recording in recordings:
        if recording.source is None or not recording.source.extra.get(CUT_OFF):
            found.setdefault(plan_words(recording.plan), []).append(recording)
    return found


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
    return sum(actions[at].get(step, 0.0) for step, at in best_alignment(actions, plan_steps).items()) / plan_steps


def best_alignment(actions: Sequence[Mapping[int, float]], plan_steps: int) -> dict[int, int]:
    """The alignment that `followed` measures: for each plan step that is carried out, the place of its action.

    Of alignments with equal sums, one of which the actions come early.
    """
    best = [_Chain()] * (plan_steps + 1)  # at i: of the first i plan steps with the actions so far; sums never fall
    for place, sure in enumerate(actions):
        for step in sorted(sure, reverse=True):  # so that the action is not used twice
            if sure[step] <= 0:
                continue
            longer = _Chain(best[step].total + sure[step], step, place, best[step])
            for upto in range(step + 1, plan_steps + 1):
                if best[upto].total >= longer.total:
                    break
                best[upto] = longer
    found: dict[int, int] = {}
    at: _Chain | None = best[plan_steps]
    while at is not None and at.before is not None:
        found[at.step] = at.place
        at = at.before
    return found


def planner_weight(chosen: float, rejected: float) -> float:
    """Weight of a pair of plans in training: 0 to 1, more the better the chosen one is executed alike (`alike`)."""
    return (chosen - rejected + 1) / 2


def _alike(one: Sequence[Hashable], other: Sequence[Hashable]) -> float:
    longer = max(len(one), len(other))
    return 1 - _distance(one, other) / longer if longer else 1.0


def _distance(one: Sequence[Hashable], other: Sequence[Hashable]) -> int:
    """Levenshtein's: how many items are inserted, deleted or replaced at least.

    By Myers' bit-parallel algorithm (1999) in Hyyrö's form (2003): bit i of `up` and `down` says that the distance of
    `one[:i + 1]` is by one greater, or smaller, than that of `one[:i]`; a row of the table is a few additions of long
    numbers.
    """
    if not one:
        return len(other)
    where: dict[Hashable, int] = {}
    for i, item in enumerate(one):
        where[item] = where.get(item, 0) | 1 << i
    mask, last = (1 << len(one)) - 1, 1 << len(one) - 1
    up, down, distance = mask, 0, len(one)
    for item in other:
        equal = where.get(item, 0)
        diagonal = (((equal & up) + up) ^ up) | equal
        more, less = (down | ~(diagonal | up)) & mask, up & diagonal
        distance += bool(more & last) - bool(less & last)
        more, less = (more << 1 | 1) & mask, less << 1 & mask
        up, down = (less | ~(equal | down | more)) & mask, more & (equal | down)
    return distance
