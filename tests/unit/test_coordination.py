from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl_app.domain.coordination import CUT_OFF, alike, by_plan, followed, planner_weight
from hitl_app.domain.trajectory import PlanStep, Source, Trajectory

runs = st.lists(st.text("abc", max_size=6), min_size=2, max_size=4)


def test_two_identical_executions_and_one_with_an_action_more_in_front() -> None:
    seven = list("abcdefg")
    measured = alike([seven, seven, ["x", *seven]])
    assert measured == pytest.approx(0.9167, abs=5e-5)
    assert measured is not None
    assert planner_weight(measured, 0.1429) == pytest.approx(0.8869, abs=5e-5)


def test_a_plan_that_was_executed_once_was_not_measured() -> None:
    assert alike([]) is None
    assert alike([["a"]]) is None
    assert alike([[], []]) == 1


def test_an_execution_that_the_budget_cut_off_does_not_count() -> None:
    def made(number: int, *, cut_off: bool) -> Trajectory:
        source = Source("plan", 0, "plan", "plan", trial=number, extra={CUT_OFF: cut_off})
        return Trajectory("t", (), (PlanStep("Go."),), source=source)

    whole = [made(number, cut_off=False) for number in range(2)]
    assert list(by_plan([whole[0], made(2, cut_off=True), whole[1]]).values()) == [whole]


@given(runs)
def test_likeness_is_the_mean_of_all_pairs_and_knows_no_order(executions: list[str]) -> None:
    measured = alike(executions)
    pairs = [alike(pair) for pair in combinations(executions, 2)]
    assert measured == pytest.approx(sum(each or 0 for each in pairs) / len(pairs))
    assert measured == pytest.approx(alike(executions[::-1]))
    assert 0 <= (measured or 0) <= 1


@given(st.text("abc", max_size=9), st.text("abc", max_size=9))
def test_two_executions_are_as_alike_as_few_edits_make_one_of_the_other(one: str, other: str) -> None:
    row = list(range(len(other) + 1))  # Wagner and Fischer's table, row by row
    for i, item in enumerate(one, 1):
        before, row = row, [i]
        for j, opposite in enumerate(other, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (item != opposite)))
    assert alike([one, other]) == pytest.approx(1 - row[-1] / max(len(one), len(other), 1))


@given(st.text("abc", max_size=6), st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_a_shared_beginning_makes_executions_more_alike(shared: str, one: str, other: str) -> None:
    assert (alike([shared + one, shared + other]) or 0) >= (alike([one, other]) or 0)


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ([0, 1, 2], 1),
        ([0, 0, 1, 1, 2, 2], 1),
        ([2, 1, 0], 1 / 3),
        ([1, 2, 0], 2 / 3),
        ([], 0),
    ],
)
def test_a_plan_is_followed_as_far_as_its_steps_are_carried_out_in_order(links: list[int], expected: float) -> None:
    assert followed([{link: 1.0} for link in links], 3) == pytest.approx(expected)


def test_an_action_that_may_carry_out_several_steps_counts_for_one() -> None:
    assert followed([{0: 0.5, 1: 0.9}], 2) == pytest.approx(0.45)
    assert followed([{0: 0.5, 1: 0.9}, {1: 0.8}], 2) == pytest.approx(0.65)
