"""The search over plans: where it goes on, when it ends, and that it goes on alike from any plan on record."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_nodes import node

from hitl_app.domain.coordination import executed_actions
from hitl_app.domain.inspection import Execution, Finding, FindingKind, Inspection
from hitl_app.domain.loss import Count, LossVector
from hitl_app.domain.model import AnswerError
from hitl_app.domain.plan_tree import PlanNode, PlanRollout, PlanTree, reward_of
from hitl_app.domain.run import BudgetExhaustedError
from hitl_app.domain.trajectory import PlanStep, Trajectory, action, message
from hitl_app.refine.plan_search import (
    Draft,
    Executed,
    Limits,
    PlanSearch,
    next_refinement,
)

TASK = "task"
MOST = 60
LIMITS = Limits()
counts = st.integers(0, MOST)


def inspection(
    hard: int, feasibility: int = 0, soft: int = 0, discrepancy: int = 0, *, judged: bool = True
) -> Inspection:
    found = [Finding("goal", FindingKind.GOAL, met=not hard)] if judged else []
    losses = LossVector(
        hard_constraints=Count(hard, MOST) if judged else None,
        feasibility=Count(feasibility, MOST),
        soft_constraints=Count(soft, MOST),
        discrepancy=Count(discrepancy, MOST),
    )
    return Inspection(Execution("id", "world", "1", ()), losses, tuple(found))


def test_a_reward_says_how_much_is_unmet() -> None:
    assert reward_of(inspection(0, 3, 2)) == 1, "verified is verified"
    assert reward_of(inspection(1)) == 1 / 2
    assert reward_of(inspection(1, 1)) == pytest.approx(2 / 5)
    assert reward_of(inspection(2)) == pytest.approx(1 / 3)
    assert reward_of(inspection(1, judged=False)) is None


@given(st.tuples(st.integers(1, MOST), counts, counts), st.tuples(st.integers(1, MOST), counts, counts))
def test_a_lesser_loss_is_a_greater_reward(one: tuple[int, int, int], other: tuple[int, int, int]) -> None:
    first, second = (reward_of(inspection(*each)) or 0 for each in (one, other))
    assert 0 < first <= 1 / 2
    assert (first > second) == (one < other)


def test_only_what_the_agent_did_tells_executions_apart() -> None:
    calls = (action("look", {"b": 1, "a": 2}, thought="hm"), message("hello"), action("look", {"a": 2, "b": 1}, turn=3))
    assert len(set(executed_actions(Trajectory(TASK, calls)))) == 1
    assert len(executed_actions(Trajectory(TASK, calls))) == 2


def test_it_goes_on_at_the_greatest_ucb_from_the_worst_rollout_not_refined_from_yet() -> None:
    root = node(0, None, 0.5, 0.25, 0.25, 1.0)
    found = next_refinement(PlanTree([root]), 2)
    assert found is not None
    assert (found[0], found[1].trajectory_id) == (root, "0-1")
    tried = {(0, "0-1"): 1}
    assert (next_refinement(PlanTree([root]), 2, tried=tried) or found)[1].trajectory_id == "0-2"
    grown = PlanTree([root, node(1, 0, 1.0), node(2, 0, 0.5)])
    assert (next_refinement(grown, 2) or found)[0].number == 2, "the root has two children, plan 1 no failed rollout"
    assert (next_refinement(grown, 3) or found)[0].number == 2
    assert next_refinement(PlanTree([node(0, None, 1.0)]), 2) is None
    assert next_refinement(PlanTree([node(0, None, None)]), 2) is None
    assert next_refinement(PlanTree([node(0, None, 0.5)]), 2, tried={(0, "0-0"): 1}, once=True) is None


@dataclass
class Scripted:
    """Writes plans `0`, `1`, … with so many unmet goals in each rollout.

    Attributes:
        unmet: For each plan, by its name; a plan that is not there repeats an earlier one.
        cut_off: Name of the plan in whose last rollout the budget ends.
    """

    unmet: Sequence[Sequence[int]]
    deterministic: bool = False
    cut_off: int | None = None
    asked: list[tuple[int, str, int]] = field(default_factory=list)

    async def first(self) -> Draft:
        return Draft((PlanStep("0"),), "scripted")

    async def refine(self, tree: PlanTree, node: PlanNode, rollout: PlanRollout, sample: int) -> Draft | None:
        self.asked.append((node.number, rollout.trajectory_id, sample))
        number = len(tree.nodes)
        if number >= len(self.unmet):
            raise AnswerError("no plan")
        if not self.unmet[number]:
            return None if self.deterministic else Draft(node.plan, "scripted")
        if self.unmet[number][0] < 0:
            raise BudgetExhaustedError("the budget is used up")
        return Draft((PlanStep(str(number)),), "scripted", f"better than {node.number}")

    async def carry_out(self, draft: Draft, number: int) -> AsyncIterator[Executed]:
        for place, unmet in enumerate(self.unmet[number]):
            steps = [action("do", {"plan": number}), *[action("fail", {}) for _ in range(unmet)]]
            last = place == len(self.unmet[number]) - 1
            cut_off = "the budget is used up" if number == self.cut_off and last else ""
            yield Executed(Trajectory(TASK, (*steps, message(str(place))), draft.plan), inspection(unmet), cut_off)


def search(
    writer: Scripted, limits: Limits = LIMITS, known: Sequence[PlanNode] = ()
) -> tuple[tuple[PlanNode, ...], str]:
    kept = list(known)

    async def keep(node: PlanNode) -> None:
        kept.append(node)

    searching = PlanSearch(TASK, writer, limits, keep, known)
    ended = asyncio.run(searching.run())
    assert tuple(kept) == searching.tree.nodes
    return searching.tree.nodes, ended


def test_it_ends_at_a_plan_whose_rollouts_are_all_verified() -> None:
    nodes, ended = search(Scripted([[2, 1], [1, 0], [0, 0], [0]]))
    assert ended == "every rollout of plan 2 is verified"
    assert [(each.parent, each.why) for each in nodes] == [(None, ""), (0, "better than 0"), (1, "better than 1")]
    assert nodes[0].alike == pytest.approx(2 / 3), "do fail fail, and do fail"
    assert nodes[2].alike == 1


def test_it_ends_at_the_most_plans_and_where_nothing_can_be_refined() -> None:
    unmet = [[1]] * 9
    assert search(Scripted(unmet), Limits(plans=3))[1] == "the ceiling of 3 plans was reached"
    writer = Scripted(unmet, deterministic=True)
    nodes, ended = search(writer, Limits(plans=5, children=1))
    assert [each.parent for each in nodes] == [None, 0, 1, 2, 3]
    assert ended == "the ceiling of 5 plans was reached"
    assert search(Scripted([[0, 1], []], deterministic=True))[1] == "no plan is left that could be refined"


def test_answers_that_are_of_no_use_end_it_and_each_is_asked_as_another_sample() -> None:
    for unmet in ([[1, 1]], [[1, 1], []]):  # no plan at all, and the same plan again
        writer = Scripted(unmet)
        nodes, ended = search(writer)
        assert (len(nodes), ended) == (1, "3 refinements in a row led to no new plan")
        first, second = (rollout.trajectory_id for rollout in nodes[0].rollouts)
        assert writer.asked == [(0, first, 0), (0, second, 0), (0, first, 1)]


def test_a_rollout_that_the_budget_ended_measures_nothing_and_ends_the_search() -> None:
    nodes, ended = search(Scripted([[1, 1], [0, 3]], cut_off=1))
    assert (len(nodes), ended) == (2, "the budget is used up")
    assert [(each.reward, each.failed) for each in nodes[1].rollouts] == [(1.0, False), (None, False)]
    assert nodes[1].alike is None
    nodes, ended = search(Scripted([[1], [-1]]))
    assert (len(nodes), ended) == (1, "the budget is used up")


def test_without_a_judge_there_is_nothing_to_search_by() -> None:
    class Unjudged(Scripted):
        async def carry_out(self, draft: Draft, number: int) -> AsyncIterator[Executed]:
            yield Executed(Trajectory(TASK, (action("do", {}),), draft.plan), inspection(1, judged=False))

    nodes, ended = search(Unjudged([[1]]))
    assert (len(nodes), "nothing judges" in ended) == (1, True)


@given(st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=3), min_size=1, max_size=7), st.integers(1, 3))
def test_from_any_plan_on_record_it_grows_the_same_tree(unmet: list[list[int]], children: int) -> None:
    limits = Limits(6, children)
    nodes, ended = search(Scripted(unmet), limits)
    for until in range(1, len(nodes) + 1):
        assert search(Scripted(unmet), limits, nodes[:until]) == (nodes, ended)
