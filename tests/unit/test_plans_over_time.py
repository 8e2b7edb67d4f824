from hypothesis import given
from hypothesis import strategies as st

from hitl_app.domain.plan_diff import PlanChange, PlanDiffRow, brackets, diff_plans, versions
from hitl_app.domain.trajectory import EarlierPlan, PlanStep, Trajectory, action

PLANS = st.lists(st.sampled_from("abcde").map(PlanStep), max_size=7)


def plan(words: str) -> tuple[PlanStep, ...]:
    return tuple(map(PlanStep, words))


def test_two_plans_are_shown_step_by_step() -> None:
    assert diff_plans(plan("abcd"), plan("axdef")) == (
        PlanDiffRow(PlanChange.SAME, 0, 0),
        PlanDiffRow(PlanChange.CHANGED, 1, 1),
        PlanDiffRow(PlanChange.REMOVED, 2, None),
        PlanDiffRow(PlanChange.SAME, 3, 2),
        PlanDiffRow(PlanChange.ADDED, None, 3),
        PlanDiffRow(PlanChange.ADDED, None, 4),
    )


@given(PLANS, PLANS)
def test_a_difference_holds_every_step_of_both_plans_once_and_in_order(
    old: list[PlanStep], new: list[PlanStep]
) -> None:
    rows = diff_plans(old, new)
    assert [row.old for row in rows if row.old is not None] == list(range(len(old)))
    assert [row.new for row in rows if row.new is not None] == list(range(len(new)))
    same = [row for row in rows if row.change is PlanChange.SAME]
    assert all(row.old is not None and row.new is not None and old[row.old] == new[row.new] for row in same)


def test_plans_over_time_lock_what_was_carried_out() -> None:
    steps = tuple(action("do", {"n": n}, plan_step=n) for n in range(3))
    found = versions(
        Trajectory("t", steps, plan("axz"), earlier=(EarlierPlan(1, plan("ab")), EarlierPlan(2, plan("ax"))))
    )
    assert [(each.number, each.since, each.until, each.locked) for each in found] == [
        (0, 0, 1, 0),
        (1, 1, 2, 1),
        (2, 2, 3, 2),
    ]
    assert [row.change for row in found[1].changes] == [PlanChange.SAME, PlanChange.CHANGED]
    assert versions(Trajectory("t", steps)) == ()


def test_each_plan_step_has_the_steps_that_carry_it_out() -> None:
    steps = (action("a", {}, plan_step=0), action("b", {}), action("c", {}, plan_step=0), action("d", {}, plan_step=7))
    assert brackets(Trajectory("t", steps, plan("ab"))) == ((0, 2), ())
