"""The values of a plan tree: computed by hand, and what holds of every tree."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_nodes import node

from hitl_app.domain.method_codec import node_from_json, node_to_json
from hitl_app.domain.plan_tree import EXPLORATION, PlanNode, PlanTree, ucb

rewards = st.lists(st.none() | st.floats(0, 1), min_size=1, max_size=3)


@st.composite
def trees(draw: st.DrawFn) -> list[PlanNode]:
    nodes = [node(0, None, *draw(rewards))]
    for number in range(1, draw(st.integers(1, 7))):
        nodes.append(node(number, draw(st.integers(0, number - 1)), *draw(rewards)))
    return nodes


def test_values_of_a_tree_computed_by_hand() -> None:
    """Rewards 1/2 and 1/4 give (1/4 + 3/8) / 2 = 5/16; 1 and 1/2 give 5/8; a plan with 1/2 twice 1/2."""
    tree = PlanTree([node(0, None, 0.5, 0.25), node(1, 0, 1.0, 0.5), node(2, 1, 0.5, 0.5)])
    assert [each.reward for each in tree.nodes] == [5 / 16, 5 / 8, 1 / 2]
    first = (5 / 16 + 5 / 8) / 2  # after plan 1 was made
    below = (5 / 8 + 1 / 2) / 2
    assert [tree.values[number].q for number in range(3)] == [(first + below) / 2, below, 1 / 2]
    assert [tree.values[number].visits for number in range(3)] == [3, 2, 1]
    assert tree.values[0].ucb == pytest.approx((first + below) / 2 + 1.4 * math.sqrt(math.log(4) / 3.00001))
    assert tree.values[1].ucb == pytest.approx(below + 1.4 * math.sqrt(math.log(4) / 2.00001))
    assert tree.values[2].ucb == pytest.approx(0.5 + 1.4 * math.sqrt(math.log(3) / 1.00001))
    assert tree.best is tree.nodes[1]


def test_a_plan_that_was_come_by_less_often_is_worth_a_look() -> None:
    assert ucb(0.5, 1, 1) == pytest.approx(0.5 + EXPLORATION * math.sqrt(math.log(2) / 1.00001))
    assert ucb(0.4, 1, 9) > ucb(0.5, 5, 9)


def test_what_was_not_measured_is_not_zero() -> None:
    tree = PlanTree([node(0, None, None, 0.5), node(1, 0, None), node(2, 1, 1.0)])
    assert [each.reward for each in tree.nodes] == [0.5, None, 1.0]
    assert [each.verified for each in tree.nodes] == [False, False, True]
    assert [tree.values[number].q for number in range(3)] == [(0.5 + 1) / 2, 1.0, 1.0]
    alone = PlanTree([node(0, None, None)])
    assert (alone.values[0].q, alone.values[0].ucb, alone.best) == (None, None, None)
    assert node_from_json(node_to_json(tree.nodes[0])) == tree.nodes[0]


@given(trees())
def test_visits_add_up_values_stay_in_range_and_every_beginning_of_a_tree_is_one(nodes: list[PlanNode]) -> None:
    for until in range(1, len(nodes) + 1):
        tree = PlanTree(nodes[:until])
        values = tree.values
        assert values[0].visits == until
        for each in tree.nodes:
            below = sum(values[child.number].visits for child in tree.children(each.number))
            assert values[each.number].visits == 1 + below
            q = values[each.number].q
            assert q is None or 0 <= q <= 1
            assert (q is None) == (values[each.number].ucb is None)


@pytest.mark.parametrize(
    "nodes",
    [
        [node(1, None, 0.5)],
        [node(0, 0, 0.5)],
        [node(0, None, 0.5), node(2, 0, 0.5)],
        [node(0, None, 0.5), node(1, None, 0.5)],
        [node(0, None, 0.5), node(1, 1, 0.5)],
    ],
)
def test_plans_that_do_not_fit_are_no_tree(nodes: list[PlanNode]) -> None:
    with pytest.raises(ValueError, match="is not where it belongs"):
        PlanTree(nodes)
