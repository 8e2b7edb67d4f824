"""The order of losses, and the rule that accepts only improvements."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl_app.domain.inspection import Execution, Finding, FindingKind, Inspection
from hitl_app.domain.loss import Count, LossVector, NotComparableError
from hitl_app.refine.accept import Rule, judge

counts = st.integers(0, 20).flatmap(lambda of: st.builds(Count, st.integers(0, of), st.just(of)))
vectors = st.builds(LossVector, counts, counts, counts, counts, counts)


def inspection(losses: LossVector, *findings: Finding) -> Inspection:
    return Inspection(Execution("t", "travel", "1", ()), losses, findings)


def losses(hard: int = 0, goal: int = 0, feasibility: int = 0, soft: int = 0, discrepancy: int = 0) -> LossVector:
    return LossVector(*(Count(n, 20) for n in (hard, goal, feasibility, soft, discrepancy)))


@given(vectors, vectors, vectors)
def test_the_order_is_total_and_transitive(a: LossVector, b: LossVector, c: LossVector) -> None:
    assert a.compare(a) == 0
    assert a.compare(b) == -b.compare(a)
    if a.compare(b) <= 0 and b.compare(c) <= 0:
        assert a.compare(c) <= 0


@given(vectors, vectors)
def test_nothing_is_accepted_that_raises_the_loss(best: LossVector, candidate: LossVector) -> None:
    answer = judge(inspection(best), inspection(candidate), lateral=True)
    assert answer.accepted == (candidate.rank <= best.rank)


def test_fewer_failures_among_fewer_steps_are_better_although_their_share_is_higher() -> None:
    before, after = LossVector(feasibility=Count(2, 10)), LossVector(feasibility=Count(1, 3))
    assert after.compare(before) < 0


def test_an_agent_that_recovered_from_a_failure_beats_one_that_did_nothing() -> None:
    assert losses(goal=0, feasibility=1).compare(losses(goal=1, feasibility=0)) < 0


def test_the_empty_plan_does_not_win_by_violating_no_hard_constraint() -> None:
    assert losses(hard=1, goal=0).compare(losses(hard=0, goal=3)) < 0


def test_a_measured_and_an_unmeasured_component_cannot_be_compared() -> None:
    with pytest.raises(NotComparableError, match="goal"):
        LossVector(goal=Count(0, 1), feasibility=Count(0, 1)).compare(LossVector(feasibility=Count(0, 1)))
    answer = judge(inspection(LossVector(feasibility=Count(1, 1))), inspection(losses()))
    assert (answer.accepted, answer.rule) == (False, Rule.NOT_COMPARABLE)


def test_vectors_that_measure_nothing_cannot_be_compared() -> None:
    with pytest.raises(NotComparableError):
        LossVector().compare(LossVector())


def test_components_that_neither_measures_do_not_matter() -> None:
    a, b = LossVector(goal=Count(0, 1)), LossVector(goal=Count(1, 1))
    assert judge(inspection(b), inspection(a)).rule is Rule.IMPROVES


def test_an_equal_loss_is_accepted_only_when_asked_for() -> None:
    best, candidate = inspection(losses(goal=1)), inspection(losses(hard=1))
    assert judge(best, candidate).rule is Rule.EQUAL
    assert not judge(best, candidate).accepted
    answer = judge(best, candidate, lateral=True)
    assert (answer.accepted, answer.rule) == (True, Rule.LATERAL)


def test_a_smaller_loss_does_not_excuse_a_hard_constraint_that_held_before() -> None:
    held = Finding("budget", FindingKind.HARD, met=True)
    broken = Finding("budget", FindingKind.HARD, met=False)
    answer = judge(inspection(losses(hard=0, goal=3), held), inspection(losses(hard=1, goal=0), broken), lateral=True)
    assert (answer.accepted, answer.rule) == (False, Rule.BREAKS_HARD_CONSTRAINT)
    assert "budget" in answer.explanation


def test_the_answer_says_which_components_changed() -> None:
    answer = judge(inspection(losses(goal=2, feasibility=1)), inspection(losses(goal=1, feasibility=3)))
    assert answer.explanation == "goal 2 → 1, feasibility 1 → 3"


@pytest.mark.parametrize(("count", "of"), [(-1, 2), (3, 2)])
def test_a_count_outside_its_total_is_an_error(count: int, of: int) -> None:
    with pytest.raises(ValueError, match="counts 0 to 2"):
        Count(count, of)
