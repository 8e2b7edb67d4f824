"""The plan tree of CoPE: plans of one task, each refined from a failed rollout of the one above it.

The search is ours, as in MCTSr (arXiv 2406.07394): `UCB = r + 1.4 * sqrt(ln(N_parent + 1) / (N + 1e-5))`, where a
plan's own `r` is `(min + mean) / 2` of its rollouts' rewards, and a plan with children takes
`r <- (r + best child) / 2`. Everything is computed from the nodes in the order in which they were made.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from hitl_app.domain.inspection import Inspection
from hitl_app.domain.trajectory import PlanStep

EXPLORATION = 1.4
_EPSILON = 1e-5


def reward_of(inspection: Inspection) -> float | None:
    """How well a rollout went: 1 where it is verified, at most 1/2 where it is not; a lesser loss is a greater reward.

    `1 / (1 + x)` with `x = goals and hard constraints that are not met + y`, where `y` is from 0 to below 1 and made of
    the next count of the order (`LossVector.rank`) in the same way: `y = 1 - 1 / (1 + failed steps + ...)`. So one
    unmet goal is 1/2, one with a failed step 2/5, two are 1/3. The scale is ours, and keeps the order of losses.

    Returns:
        None where nothing was judged: not measured is not 0.
    """
    if inspection.verified is None:
        return None
    if inspection.verified:
        return 1.0
    less = 0.0
    for count in reversed(inspection.losses.rank):
        less = 1 - 1 / (1 + count + less)
    return 1 - less


def plan_reward(rollouts: Iterable[float | None]) -> float | None:
    """A plan's own reward: `(min + mean) / 2` of its measured rollouts; None where none was measured."""
    rewards = [reward for reward in rollouts if reward is not None]
    return (min(rewards) + sum(rewards) / len(rewards)) / 2 if rewards else None


@dataclass(frozen=True, slots=True)
class PlanRollout:
    """One execution of a plan.

    Attributes:
        trajectory_id: What was done; a recording in the store.
        reward: 0 to 1, more the better it went; 1 is verified. None where it was not measured: nothing judges it, or
            the budget ended it.
        failed: It was judged, and is not verified: it can be refined from.
    """

    trajectory_id: str
    reward: float | None
    failed: bool

    @property
    def verified(self) -> bool:
        """It was judged, and is verified."""
        return self.reward is not None and not self.failed


@dataclass(frozen=True)
class PlanNode:
    """One plan of a tree.

    Attributes:
        task_id: Full id of the task.
        number: From 0, the root, in the order in which the plans were made.
        parent: Number of the plan that it was refined from; None for the root.
        refined_from: The failed rollout that drove the refinement; empty for the root.
        proposer: Who wrote the plan.
        alike: c_p of its rollouts; None where it was executed fewer than twice.
        why: What the refinement says it changed, for people.
    """

    task_id: str
    number: int
    parent: int | None
    plan: tuple[PlanStep, ...]
    rollouts: tuple[PlanRollout, ...]
    refined_from: str = ""
    proposer: str = ""
    alike: float | None = None
    why: str = ""

    @property
    def reward(self) -> float | None:
        """Its own reward (`plan_reward`); None where none of its rollouts was measured."""
        return plan_reward(rollout.reward for rollout in self.rollouts)

    @property
    def verified(self) -> bool:
        """All of its measured rollouts are verified, and there are some."""
        measured = [rollout for rollout in self.rollouts if rollout.reward is not None]
        return bool(measured) and all(rollout.verified for rollout in measured)


@dataclass(frozen=True, slots=True)
class NodeValue:
    """What the search knows of a plan.

    Attributes:
        q: Its reward after backups from below; None where nothing was measured.
        visits: How often the search came by: once when it was made, and once for each plan below it.
        ucb: Upper confidence bound; the search goes on where it is greatest. None where `q` is.
    """

    q: float | None
    visits: int
    ucb: float | None


class PlanTree:
    """The plans of one task."""

    def __init__(self, nodes: Sequence[PlanNode]) -> None:
        """A tree of nodes in the order of their numbers.

        Raises:
            ValueError: Numbers have gaps, or a parent comes later.
        """
        for place, node in enumerate(nodes):
            fits = node.parent is None if place == 0 else node.parent is not None and 0 <= node.parent < place
            if node.number != place or not fits:
                raise ValueError(f"plan {node.number} is not where it belongs in its tree")
        self.nodes = tuple(nodes)

    def children(self, number: int) -> tuple[PlanNode, ...]:
        """The plans that were refined from one, oldest first."""
        return tuple(node for node in self.nodes if node.parent == number)

    @cached_property
    def values(self) -> Mapping[int, NodeValue]:
        """What the search knows of each plan, by number."""
        q: dict[int, float | None] = {}
        visits: dict[int, int] = {}
        for node in self.nodes:
            q[node.number], visits[node.number] = node.reward, 1
            for above in self._above(node):
                q[above] = _backed_up(q[above], [q[child.number] for child in self._made(above, node.number)])
                visits[above] += 1
        values = {}
        for node in self.nodes:
            own, number = q[node.number], node.number
            above = number if node.parent is None else node.parent
            bound = None if own is None else ucb(own, visits[number], visits[above])
            values[number] = NodeValue(own, visits[number], bound)
        return values

    @property
    def best(self) -> PlanNode | None:
        """The plan with the greatest reward of its own, the first of equals; None where none was measured."""
        measured = [node for node in self.nodes if node.reward is not None]
        return max(measured, key=lambda node: node.reward or 0.0, default=None)

    def _above(self, node: PlanNode) -> Iterator[int]:
        """Numbers of the plans above one, the nearest first."""
        while node.parent is not None:
            yield node.parent
            node = self.nodes[node.parent]

    def _made(self, parent: int, until: int) -> list[PlanNode]:
        return [node for node in self.children(parent) if node.number <= until]


def ucb(q: float, visits: int, parent_visits: int) -> float:
    """Upper confidence bound of a plan; the root counts as its own parent."""
    return q + EXPLORATION * math.sqrt(math.log(parent_visits + 1) / (visits + _EPSILON))


def _backed_up(own: float | None, children: Sequence[float | None]) -> float | None:
    """`(r + best child) / 2` of what was measured; where only one side was, that one."""
    measured = [child for child in children if child is not None]
    if not measured:
        return own
    return max(measured) if own is None else (own + max(measured)) / 2
