"""Confidence intervals are those of the literature, and a comparison reports what the results hold."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hitl_app.domain.loss import Count, LossVector
from hitl_app.domain.model import Usage
from hitl_app.domain.run import TaskResult, TaskStatus
from hitl_app.refine.comparison import summarise
from hitl_app.refine.statistics import difference, mean, share


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(0, 10, 0.0, 0.2775), (1, 29, 0.0061, 0.1718), (15, 148, 0.0624, 0.1605), (81, 263, 0.2553, 0.3662)],
)
def test_shares_have_the_intervals_of_newcombe_1998(hits: int, of: int, low: float, high: float) -> None:
    found = share(hits, of)
    assert found.low == pytest.approx(low, abs=5e-5)
    assert found.high == pytest.approx(high, abs=5e-5)


def test_no_share_is_made_of_nothing() -> None:
    with pytest.raises(ValueError, match="0 in 0"):
        share(0, 0)
    with pytest.raises(ValueError, match="no mean"):
        mean([])


def test_a_mean_of_equal_values_is_certain() -> None:
    found = mean([3.0] * 20)
    assert (found.value, found.low, found.high) == (3.0, 3.0, 3.0)


def test_the_bootstrap_of_many_values_agrees_with_the_normal_interval() -> None:
    values = [float(number % 10) for number in range(400)]
    half = 1.96 * 2.8723 / 400**0.5
    found = mean(values)
    assert found.low == pytest.approx(4.5 - half, abs=0.03)
    assert found.high == pytest.approx(4.5 + half, abs=0.03)


def test_pairs_show_a_difference_that_is_smaller_than_the_spread() -> None:
    theirs = [float(number % 17) for number in range(60)]
    ours = [value - 1.0 - (number % 2) * 0.1 for number, value in enumerate(theirs)]
    found = difference(ours, theirs)
    assert found.value == pytest.approx(-1.05)
    assert found.excludes_zero
    assert mean(ours).high > mean(theirs).low


def test_values_that_are_no_pairs_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        difference([1.0, 2.0], [1.0])


@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(-5, 5).map(float), min_size=1, max_size=12))
def test_an_interval_holds_its_estimate_and_comes_out_the_same_again(values: list[float]) -> None:
    found = mean(values)
    assert found.low - 1e-9 <= found.value <= found.high + 1e-9
    assert found == mean(values)


def _result(start: str, method: str, status: TaskStatus, goal: int, tokens: int) -> TaskResult:
    losses = LossVector(goal=Count(goal, 5))
    return TaskResult(start, start, status, "done", after=losses, usage=Usage(1, tokens, 10, usd=None), method=method)


def test_a_summary_compares_each_method_with_the_reference_task_by_task() -> None:
    results = []
    for number in range(12):
        start = f"task-{number}"
        results.append(_result(start, "pivot", TaskStatus.VERIFIED, 0, 100))
        results.append(_result(start, "single_pass", TaskStatus.UNVERIFIED, 2, 50))
    loop, single = summarise(results, "pivot")
    assert (loop.method, loop.tasks, loop.figures["verified"].value, dict(loop.differences)) == ("pivot", 12, 1.0, {})
    assert single.differences["verified"].value == -1.0
    assert single.differences["goal"].value == 2.0
    assert single.differences["tokens"].value == -50.0


def test_what_was_not_measured_is_left_out_of_a_summary() -> None:
    (only,) = summarise([_result("a", "pivot", TaskStatus.FAILED, 1, 5)], "pivot")
    assert only.failed == 1
    assert "hard_constraints" not in only.figures
    assert "usd" not in only.figures


def test_tasks_that_only_one_method_has_do_not_count_in_a_difference() -> None:
    results = [_result("alone", "reflexion", TaskStatus.UNVERIFIED, 5, 10)]
    for number in range(10):
        results.append(_result(f"task-{number}", "pivot", TaskStatus.VERIFIED, 0, 10))
        results.append(_result(f"task-{number}", "reflexion", TaskStatus.VERIFIED, 0, 10))
    other, _ = summarise(results, "pivot")
    assert other.tasks == 11
    assert other.differences["verified"].value == 0.0


def test_no_difference_is_claimed_from_a_handful_of_tasks() -> None:
    results = [
        _result("a", "pivot", TaskStatus.VERIFIED, 0, 10),
        _result("a", "reflexion", TaskStatus.UNVERIFIED, 5, 10),
    ]
    assert [dict(summary.differences) for summary in summarise(results, "pivot")] == [{}, {}]


def test_the_order_in_which_tasks_end_changes_no_figure() -> None:
    results = [
        _result(f"{number:02}", method, TaskStatus.VERIFIED, number % 3, 100 + number**2)
        for number in range(15)
        for method in ("pivot", "single_pass")
    ]
    other = [*reversed(results[2:]), *results[:2]]
    found, again = summarise(results, "pivot"), summarise(sorted(other, key=lambda each: each.method), "pivot")
    assert found == again
