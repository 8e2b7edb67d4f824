"""What stays hidden from the loop where a stage is switched off."""

import asyncio
from dataclasses import replace

import pytest

from hitl_app.domain.inspection import FindingKind, Inspection
from hitl_app.domain.loss import Component, LossVector
from hitl_app.domain.ports import Attempt, Guidance, ProposalRequest
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.trajectory import Step, Trajectory, action
from hitl_app.environments.travel.environment import TravelEnvironment
from hitl_app.environments.travel.samples import clean_run, sample_runs
from hitl_app.refine.ablation import NOT_TAKEN, ActingAnew, blindly, without_goals
from hitl_app.refine.evolve import evolve
from hitl_app.refine.inspect import inspect


@pytest.fixture(scope="module")
def faulty() -> Inspection:
    """Of a plan without its way home: goals and hard constraints are missed."""
    run = clean_run(5, 0, 1, "dev")
    steps = tuple(s for s in run.trajectory.steps if s.tool not in ("book_transport", "book_hotel"))
    return inspect(TravelEnvironment(), run.task, Trajectory(run.task.id, steps))


def test_without_verify_the_loop_sees_no_goal_and_is_blamed_for_none(faulty: Inspection) -> None:
    assert faulty.losses.goal is not None
    assert faulty.losses.goal.count > 0
    seen = without_goals(faulty)
    assert seen.losses == replace(faulty.losses, goal=None)
    assert {finding.kind for finding in seen.findings} == {FindingKind.HARD, FindingKind.SOFT}
    assert seen.gradients
    assert all(gradient.component is not Component.GOAL for gradient in seen.gradients)


def test_without_verify_a_trajectory_that_misses_only_goals_looks_verified(faulty: Inspection) -> None:
    findings = tuple(replace(f, met=f.kind is not FindingKind.GOAL) for f in faulty.findings)
    assert replace(faulty, findings=findings).verified is False
    assert without_goals(replace(faulty, findings=findings)).verified is True


def test_without_inspect_a_proposer_learns_only_that_it_is_not_verified(faulty: Inspection) -> None:
    attempt = Attempt(Proposal("base", (), "model/1"), "goal 3 → 4")
    guidance, (told,) = blindly(Guidance(faulty, 7), (attempt,))
    shown = guidance.inspection
    assert (guidance.locked, shown.earliest_cause, shown.findings, shown.losses) == (0, None, (), LossVector())
    assert [gradient.critique for gradient in shown.gradients] == ["the trajectory is not verified"]
    assert shown.execution == faulty.execution
    assert (told.proposal, told.reason) == (attempt.proposal, NOT_TAKEN)


def test_without_evolve_each_proposal_is_another_rollout_from_the_start(faulty: Inspection) -> None:
    run = next(sample_runs(1, 5, 1, "dev"))
    base, drawn = run.trajectory, list[int]()

    async def act(request: ProposalRequest, sample: int) -> tuple[Step, ...]:
        drawn.append(sample)
        return (action("get_budget", {}),)

    async def judged(trajectory: Trajectory) -> Inspection:
        raise AssertionError("nothing is executed to propose")

    proposer = ActingAnew(act, 2)
    request = ProposalRequest(run.task, base, faulty, (), 0, judged)
    first, second = asyncio.run(proposer.propose(request)), asyncio.run(proposer.propose(request))
    assert drawn == [2, 3]
    assert [step.tool for step in evolve(base, first.hunks, proposer.name).steps] == ["get_budget"]
    assert first.settings != second.settings
