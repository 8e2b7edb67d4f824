"""A model that refines a plan sees what was done and what was wrong with it, and nothing that reveals the answer."""

import asyncio
from dataclasses import replace

import pytest
from answering import Answering, said, shipped

from hitl_app.domain.inspection import Finding, FindingKind, Gradient, GradientSource
from hitl_app.domain.jsontypes import Json
from hitl_app.domain.loss import Component
from hitl_app.domain.model import AnswerError
from hitl_app.domain.trajectory import PlanStep
from hitl_app.environments.travel.environment import TravelEnvironment
from hitl_app.environments.travel.samples import sample_runs
from hitl_app.refine.inspect import inspect
from hitl_app.refine.plan_refining import PlanRefiner, RefinePlanRequest

RUN = list(sample_runs(2, 3))[1]
FOUND = inspect(TravelEnvironment(), RUN.task, RUN.trajectory)
PLAN = (PlanStep("Go by the 7 o'clock train"),)
BETTER: Json = {"changes": " said\nmore ", "plan": [{"reasoning": "", "step": "Look", "expected_outcome": ""}]}
REQUEST = RefinePlanRequest(replace(RUN.task, spec={}), (), PLAN, RUN.trajectory, FOUND, [(PlanStep("Fly"),)], 2)


def refined(request: RefinePlanRequest, answer: Json = BETTER) -> tuple[tuple[PlanStep, ...], str, str]:
    model = Answering(lambda _: answer)
    plan, why = asyncio.run(PlanRefiner(model, shipped()).refine(request))
    assert (model.requests[0].sample, model.requests[0].prompt.split("/")[0]) == (request.sample, "refine_plan")
    return plan, why, said(model.requests[0])


def test_it_sees_the_plan_the_steps_the_gradients_and_other_refinements() -> None:
    plan, why, text = refined(REQUEST)
    assert (plan, why) == ((PlanStep("Look"),), "said more")
    for shown in (PLAN[0].step, "Fly", FOUND.gradients[0].critique.splitlines()[0], "book_transport {"):
        assert f"| {shown}" in text or shown in text


def test_nothing_that_reveals_the_answer_reaches_it() -> None:
    gold = "the answer is 4711"
    finding = Finding(
        "secret", FindingKind.GOAL, met=False, description="right answer", expected=gold, reveals_answer=True
    )
    gradient = Gradient(GradientSource.CHECKER, Component.GOAL, gold, constraint_id="secret", reveals_answer=True)
    inspection = replace(FOUND, findings=(finding, *FOUND.findings), gradients=(gradient, *FOUND.gradients))
    assert gold not in refined(replace(REQUEST, inspection=inspection))[2]


def test_an_answer_without_a_plan_is_refused() -> None:
    with pytest.raises(AnswerError, match="no plan"):
        refined(REQUEST, {"changes": "nothing", "plan": []})
