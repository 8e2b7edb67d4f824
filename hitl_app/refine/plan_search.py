"""The search for better plans of CoPE: failed rollouts of a plan drive its refinement, and a tree of plans grows.

Our form of a Self-Refining Monte Carlo tree search (the paper names one, and how it searches is not known to us): the
plan with the greatest UCB that can be refined is refined from one of its failed rollouts (`domain.plan_tree` has the
values). It ends at a plan whose rollouts are all verified, at the most plans, or with the budget.
"""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from hitl_app.domain.coordination import alike, executed_actions
from hitl_app.domain.inspection import Inspection
from hitl_app.domain.model import AnswerError
from hitl_app.domain.plan_tree import PlanNode, PlanRollout, PlanTree, reward_of
from hitl_app.domain.run import BudgetExhaustedError
from hitl_app.domain.trajectory import PlanStep, Trajectory

MAX_PLANS, MAX_CHILDREN = 6, 2
"""Plans of a tree, and plans that are refined from one, where nothing else is said."""

MAX_USELESS_ANSWERS = 3
"""Refinements in a row that lead to no new plan, after which a writer that may answer otherwise is asked no more."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a tree may grow.

    Attributes:
        plans: Of one tree, the root included.
        children: Of one plan; those that a person asks for are not limited.
    """

    plans: int = MAX_PLANS
    children: int = MAX_CHILDREN


@dataclass(frozen=True)
class Draft:
    """A plan that is not carried out yet.

    Attributes:
        proposer: Who wrote it.
        why: What was changed, or where it comes from, for people.
        done: Executions of it that are there already.
    """

    plan: tuple[PlanStep, ...]
    proposer: str
    why: str = ""
    done: tuple[Trajectory, ...] = ()


@dataclass(frozen=True)
class Executed:
    """One execution of a plan.

    Attributes:
        cut_off: The budget ended it, and with it the search: why, in words. It measures nothing of its plan then.
    """

    trajectory: Trajectory
    inspection: Inspection
    cut_off: str = ""


class PlanWriter(Protocol):
    """Writes plans for one task, and carries them out."""

    @property
    def deterministic(self) -> bool:
        """Asked again it would answer alike."""
        ...

    async def first(self) -> Draft:
        """The plan that the search begins with."""
        ...

    async def refine(self, tree: PlanTree, node: PlanNode, rollout: PlanRollout, sample: int) -> Draft | None:
        """A better plan, from what a failed rollout teaches, without evidence that reveals the answer.

        Args:
            tree: The plans so far.
            node: The plan to refine.
            rollout: One of its failed rollouts.
            sample: How often it was refined from before.

        Returns:
            None where it finds nothing better.

        Raises:
            AnswerError: The answer is no plan.
        """
        ...

    def carry_out(self, draft: Draft, number: int) -> AsyncIterator[Executed]:
        """Execute the plan that gets a number in the tree, as often as is wanted; each execution is on record."""
        ...


def next_refinement(
    tree: PlanTree,
    max_children: int,
    *,
    tried: Mapping[tuple[int, str], int] | None = None,
    once: bool = False,
) -> tuple[PlanNode, PlanRollout] | None:
    """Where a search goes on: the plan with the greatest UCB that can be refined, and which of its failed rollouts.

    Of the failed rollouts the one that was refined from least often, of those the worst, of equals the first.

    Args:
        tree: The plans so far.
        max_children: Of one plan.
        tried: How often each plan was refined from a rollout without success.
        once: No rollout is refined from twice.

    Returns:
        None where no plan can be refined.
    """
    open_plans = [node for node in tree.nodes if len(tree.children(node.number)) < max_children]
    for node in sorted(open_plans, key=lambda node: -(tree.values[node.number].ucb or 0.0)):
        rollout = _to_refine(tree, node, tried or {}, once=once)
        if rollout is not None:
            return node, rollout
    return None


def refined_before(tree: PlanTree, node: PlanNode, rollout: PlanRollout) -> int:
    """How many plans were refined from a rollout."""
    return sum(child.refined_from == rollout.trajectory_id for child in tree.children(node.number))


def _to_refine(
    tree: PlanTree, node: PlanNode, tried: Mapping[tuple[int, str], int], *, once: bool
) -> PlanRollout | None:
    """The failed rollout of a plan that is to be refined from next; None where there is none."""

    def before(rollout: PlanRollout) -> int:
        return refined_before(tree, node, rollout) + tried.get((node.number, rollout.trajectory_id), 0)

    failed = [rollout for rollout in node.rollouts if rollout.failed and not (once and before(rollout))]
    return min(failed, key=lambda rollout: (before(rollout), rollout.reward or 0.0), default=None)


class PlanSearch:
    """One search: the tree so far, and what grows it."""

    def __init__(
        self,
        task_id: str,
        writer: PlanWriter,
        limits: Limits,
        keep: Callable[[PlanNode], Awaitable[None]],
        nodes: Sequence[PlanNode] = (),
    ) -> None:
        """A search.

        Args:
            task_id: Full id of the task.
            writer: Writes the plans and carries them out.
            limits: How far the tree may grow.
            keep: Puts each new plan on record, before the next one is written.
            nodes: The plans that are on record already: the search goes on from them.
        """
        self.tree = PlanTree(nodes)
        self._task_id = task_id
        self._writer = writer
        self._limits = limits
        self._keep = keep
        self._tried = Counter[tuple[int, str]]()
        self._cut_off = ""

    async def run(self) -> str:
        """Grow the tree until the search ends; the answer says why it ended.

        Raises:
            ModelError: The model cannot be asked.
            BudgetExhaustedError: The budget ended before the first plan was carried out.
        """
        if not self.tree.nodes:
            await self._grow(await self._writer.first(), None)
        useless = 0
        while not (end := self._end(useless)):
            found = next_refinement(
                self.tree, self._limits.children, tried=self._tried, once=self._writer.deterministic
            )
            if found is None:
                return "no plan is left that could be refined"
            try:
                useless = 0 if await self.refine(*found) else useless + 1
            except AnswerError:
                useless += 1
                self._tried[found[0].number, found[1].trajectory_id] += 1
            except BudgetExhaustedError as reason:
                return str(reason)
        return end

    def _end(self, useless: int) -> str:
        """Why the search is over; empty where it is not."""
        if self._cut_off:
            return self._cut_off
        verified = next((node for node in self.tree.nodes if node.verified), None)
        if verified is not None:
            return f"every rollout of plan {verified.number} is verified"
        if self.tree.best is None:
            return "nothing judges the rollouts of this task: there is nothing to search by"
        if len(self.tree.nodes) >= self._limits.plans:
            return f"the ceiling of {self._limits.plans} plans was reached"
        if useless >= MAX_USELESS_ANSWERS and not self._writer.deterministic:
            return f"{useless} refinements in a row led to no new plan"
        return ""

    async def refine(self, node: PlanNode, rollout: PlanRollout) -> PlanNode | None:
        """Refine a plan from one of its failed rollouts: carry the new plan out, and add it to the tree.

        Returns:
            None where no new plan was found.

        Raises:
            AnswerError: The answer is no plan.
            BudgetExhaustedError: The budget ended before the new plan was carried out.
        """
        place = (node.number, rollout.trajectory_id)
        sample = refined_before(self.tree, node, rollout) + self._tried[place]
        draft = await self._writer.refine(self.tree, node, rollout, sample)
        if draft is None or any(draft.plan == known.plan for known in self.tree.nodes):
            self._tried[place] += 1
            return None
        return await self._grow(draft, node.number, rollout.trajectory_id)

    async def _grow(self, draft: Draft, parent: int | None, refined_from: str = "") -> PlanNode:
        number = len(self.tree.nodes)
        executed = [each async for each in self._writer.carry_out(draft, number)]
        if not executed:
            raise AnswerError("the plan was not carried out: nothing was done at all")
        self._cut_off = next((each.cut_off for each in executed if each.cut_off), "")
        whole = [executed_actions(each.trajectory) for each in executed if not each.cut_off]
        node = PlanNode(
            self._task_id,
            number,
            parent,
            draft.plan,
            tuple(map(_rollout, executed)),
            refined_from,
            draft.proposer,
            alike(whole),
            draft.why,
        )
        await self._keep(node)
        self.tree = PlanTree((*self.tree.nodes, node))
        return node


def _rollout(executed: Executed) -> PlanRollout:
    if executed.cut_off:
        return PlanRollout(executed.trajectory.id, None, failed=False)
    inspection = executed.inspection
    return PlanRollout(executed.trajectory.id, reward_of(inspection), failed=inspection.verified is False)
