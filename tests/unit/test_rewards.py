"""Rewards by rule, what counts of what was given, totals, groups and advantages: worked out by hand."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl_app.domain import grpo
from hitl_app.domain.decision import GENESIS, Decision, DecisionKind, LedgerEntry
from hitl_app.domain.grpo import Norm
from hitl_app.domain.inspection import (
    Dependency,
    DependencyKind,
    ExecutedStep,
    Execution,
    Finding,
    FindingKind,
    Inspection,
    Observation,
    StepStatus,
)
from hitl_app.domain.loss import LossVector
from hitl_app.domain.reward_groups import Candidate, grouped, kind_of
from hitl_app.domain.rewards import Rewards, by_rule, links_of
from hitl_app.domain.score import Reward, Score, ScoreSource
from hitl_app.domain.task import ToolSpec
from hitl_app.domain.trajectory import PlanStep, Step, Trajectory, action, message
from hitl_app.refine.reward_judging import PlanScores, passes, task_passes

TOOLS = (
    ToolSpec("find", parameters={"properties": {"order": {"type": "string"}}, "required": ["order"]}),
    ToolSpec("refund", parameters={"properties": {"order": {"type": "string"}, "amount": {"type": "number"}}}),
)
PLAN = (PlanStep("Look the order up"), PlanStep("Pay it back"), PlanStep("Tell the customer"))


def run(*steps: Step, plan: tuple[PlanStep, ...] = PLAN) -> Trajectory:
    return Trajectory("task", (message("Pay back order A", "user"), *steps), plan)


def linked(of: Trajectory, sequence: int, **detail: int | None) -> LedgerEntry:
    """A person's word on what a step carries out."""
    decision = Decision(DecisionKind.LINK, of.id, of.id, "ada", "", "2026", detail=detail)
    return LedgerEntry(sequence, decision, GENESIS, str(sequence))


def found(of: Trajectory, *, met: bool | None = True, **changes: dict[int, Observation]) -> Inspection:
    """An inspection in which each call is answered by its own number, but for those that are given."""
    given_ones = changes.get("observations", {})
    steps = tuple(
        ExecutedStep(
            StepStatus.FAILED if index in given_ones and given_ones[index].failed else StepStatus.OK,
            given_ones.get(index, Observation(f"answer {index}", changed=("orders",))) if step.is_action else None,
            replayed=step.is_action,
        )
        for index, step in enumerate(of.steps)
    )
    findings = () if met is None else (Finding("paid", FindingKind.GOAL, met),)
    return Inspection(Execution(of.id, "shop", "1", steps), LossVector(), findings)


def values(scores: tuple[Score, ...], reward: Reward) -> dict[int | None, int]:
    return {score.step: score.value for score in scores if score.reward is reward}


def test_the_format_is_kept_by_words_and_by_calls_of_known_tools_with_fitting_arguments() -> None:
    of = run(
        action("find", {"order": "A"}),
        action("find", {}),
        action("find", {"order": "A", "fast": True}),
        action("refund", {"order": "A", "amount": "5"}),
        action("cancel", {"order": "A"}),
        message("Done"),
        message("  "),
    )
    assert values(by_rule(of, TOOLS, None, {}), Reward.FORMAT) == {1: 1, 2: 0, 3: 0, 4: 0, 5: 0, 6: 1, 7: 0}
    undescribed = by_rule(of, (), None, {})
    assert values(undescribed, Reward.FORMAT) == {6: 1, 7: 0}


def test_adherence_follows_the_links_to_what_is_due_or_later() -> None:
    of = run(
        action("find", {"order": "A"}, plan_step=0),
        action("refund", {"order": "A"}, plan_step=1),
        action("find", {"order": "A"}, plan_step=0),
        action("find", {"order": "A"}),
        action("sing", {}),
        message("Paid", plan_step=2),
        message("Bye"),
    )
    assert links_of(of)[4] == (0, False)
    given_scores = by_rule(of, TOOLS, None, links_of(of))
    assert values(given_scores, Reward.ADHERENCE) == {1: 2, 2: 2, 3: 1, 4: 1, 5: 0, 6: 2}
    said = links_of(of, [linked(of, 1, step=4, plan_step=1), linked(of, 2, step=1, plan_step=None)])
    assert values(by_rule(of, TOOLS, None, said), Reward.ADHERENCE)[4] == 2
    assert values(by_rule(of, TOOLS, None, said), Reward.ADHERENCE)[1] == 0
    unsure = run(replace(of.steps[1], link_confidence=0.5))
    assert values(by_rule(unsure, TOOLS, None, links_of(unsure)), Reward.ADHERENCE) == {1: 1}
    planless = run(*of.steps[1:], plan=())
    assert values(by_rule(planless, TOOLS, None, links_of(planless)), Reward.ADHERENCE) == {}


def test_what_a_person_linked_goes_on_to_a_revision() -> None:
    of = run(action("find", {"order": "A"}, plan_step=0), action("sing", {}))
    revision = replace(of, parent_id=of.id, lineage_root=of.id, author="ada")
    said = [linked(of, 1, step=2, plan_step=1)]
    assert links_of(revision, said, {of.id: of})[2] == (1, True)
    assert 2 not in links_of(revision, said)


CALLS = (action("find", {"order": "A"}), action("refund", {"order": "A", "amount": 5}), message("Paid"))
READ = Observation("A: 5 paid")


@pytest.mark.parametrize(
    ("steps", "observations", "met", "value"),
    [
        (CALLS, {}, None, None),
        (CALLS, {}, False, 0),
        (CALLS, {}, True, 2),
        ((CALLS[1], *CALLS[1:]), {1: Observation("ok"), 2: Observation("ok")}, True, 1),
        (CALLS, {2: Observation("no", failed=True)}, True, 1),
        (CALLS, {1: READ}, True, 1),
        ((CALLS[1], CALLS[0], CALLS[2]), {2: READ}, True, 2),
        ((replace(CALLS[0], plan_step=0), *CALLS[1:]), {1: READ}, True, 2),
    ],
)
def test_the_end_is_failed_redundant_or_efficient(
    steps: tuple[Step, ...], observations: dict[int, Observation], met: bool | None, value: int | None
) -> None:
    of = run(*steps)
    inspection = found(of, met=met, observations=observations)
    expected = {} if value is None else {None: value}
    assert values(by_rule(of, TOOLS, inspection, links_of(of)), Reward.END_TO_END) == expected


def test_a_look_up_whose_answer_is_used_later_is_not_redundant() -> None:
    of = run(*CALLS)
    used = (Dependency(2, 1, DependencyKind.VALUE, "amount", "5"),)
    inspection = replace(found(of, observations={1: READ}), dependencies=used)
    assert values(by_rule(of, TOOLS, inspection, {}), Reward.END_TO_END) == {None: 2}


def rewards(**given_values: int) -> Rewards:
    made = {
        "format": [(Reward.FORMAT, 1, 1), (Reward.FORMAT, 2, 0)],
        "adherence": [(Reward.ADHERENCE, 1, 2), (Reward.ADHERENCE, 2, 1)],
    }
    scores = [Score("t", of, value, ScoreSource.RULE, "r", step) for each in made.values() for of, step, value in each]
    scores += [Score("t", Reward(name), value, ScoreSource.JUDGE, "m") for name, value in given_values.items()]
    return Rewards.of(scores)


def test_totals_add_the_normalised_terms_of_their_stage() -> None:
    """Format 0.5 of 1, adherence 1.5 of 2, end to end 1 of 2, the plan's quality (4 + 5 + 3) / 3 of 1 to 5."""
    of = rewards(end_to_end=1, correctness=4, followability=5, standardisation=3)
    assert of.terms == {"format": 0.5, "adherence": 1.5, "end_to_end": 1, "plan_quality": 4}
    assert [of.total(stage) for stage in (1, 2, 3)] == [0.5 + 0.75 + 0.5, 0.5 + 0.5 + 0.8, 0.5 + 0.5]
    assert [of.total(stage, Norm.RANGE) for stage in (1, 2, 3)] == [1.75, 0.5 + 0.5 + 0.75, 1.0]
    assert [of.total(stage, Norm.NONE) for stage in (1, 2, 3)] == [3.0, 5.5, 1.5]
    assert of.of_turn({1, 2})["format"] == 0
    assert of.of_turn({1})["adherence"] == 2


def test_a_total_with_a_term_that_was_not_measured_is_none() -> None:
    of = rewards(correctness=4, followability=5)
    assert [of.total(stage) for stage in (1, 2, 3)] == [None, None, None]
    assert of.terms["plan_quality"] is None


def test_the_advantages_of_the_worked_group() -> None:
    assert [round(each, 3) for each in grpo.advantages([3, 2, 1, 0])] == [1.162, 0.387, -0.387, -1.162]


@given(st.lists(st.floats(-5, 5).map(lambda x: round(x, 3)), min_size=2, max_size=16))
def test_advantages_add_up_to_nothing_and_have_unit_variance(found_rewards: list[float]) -> None:
    made = grpo.advantages(found_rewards)
    assert math.isclose(sum(made), 0, abs_tol=1e-6)
    if max(found_rewards) > min(found_rewards):
        assert math.isclose(sum(each**2 for each in made) / (len(made) - 1), 1, rel_tol=1e-6)
    else:
        assert made == [0.0] * len(made)


@given(st.lists(st.tuples(st.sampled_from("ab"), st.none() | st.integers(0, 3)), max_size=50))
def test_groups_hold_each_trajectory_once_and_are_of_even_size(of: list[tuple[str, int | None]]) -> None:
    candidates = [Candidate(str(number), "t", kind, reward) for number, (kind, reward) in enumerate(of)]
    groups = list(grouped(candidates))
    members = [each.trajectory_id for group in groups for each in group.members]
    assert sorted([*members, *(other for group in groups for other in group.not_measured)]) == sorted(
        candidate.trajectory_id for candidate in candidates
    )
    for kind in "ab":
        ids = {candidate.trajectory_id for candidate in candidates if candidate.kind == kind}
        sizes = [
            len(group.members) + len(group.not_measured)
            for group in groups
            if {*(each.trajectory_id for each in group.members), *group.not_measured} & ids
        ]
        assert not sizes or (max(sizes) <= 16 and max(sizes) - min(sizes) <= 1)


def test_a_group_says_where_nothing_can_be_learnt() -> None:
    equal, alone = grouped(
        [Candidate("a", "t", "k", 2.0), Candidate("b", "t", "k", 2.0), Candidate("c", "t", "l", 1.0)]
    )
    assert (equal.std, [each.advantage for each in equal.members]) == (0.0, [0.0, 0.0])
    assert "all rewards are equal" in equal.warning
    assert (alone.mean, alone.std, alone.members[0].advantage) == (1.0, None, None)
    assert "fewer than two" in alone.warning
    of = run(*CALLS)
    assert kind_of(of) == kind_of(replace(of, plan=())) == "task"
    assert kind_of(of, same_plan=True) != kind_of(replace(of, plan=()), same_plan=True)


@pytest.mark.parametrize(
    ("scores", "reference", "good"),
    [
        ((5, 5, 5), True, True),
        ((4, 5, 5), True, True),
        ((3, 5, 5), True, False),
        ((5, 4, 5), True, False),
        ((4, 5, 5), False, False),
        ((5, 5, 5), False, True),
        ((5, 5, 4), False, False),
    ],
)
def test_which_plans_pass(scores: tuple[int, int, int], reference: bool, good: bool) -> None:
    assert passes(PlanScores(*scores), reference=reference) == good


def test_half_of_a_tasks_plans_must_pass_and_one_at_least() -> None:
    good, bad = PlanScores(5, 5, 5), PlanScores(5, 5, 4)
    cases = {(1, 0): True, (0, 1): False, (1, 1): True, (1, 2): False, (2, 2): True, (0, 0): False}
    for (passing, others), expected in cases.items():
        assert task_passes([good] * passing + [bad] * others, reference=False) == expected
