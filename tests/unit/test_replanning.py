"""Replanning: what was carried out stays, what is left is written anew, and the planner never sees what comes later."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hitl_app.domain.hunk import Hunk, Operator
from hitl_app.domain.inspection import ExecutedStep, Execution, Observation, StepStatus
from hitl_app.domain.jsontypes import Json
from hitl_app.domain.model import ModelAnswer, ModelRequest, Purpose, ToolCall
from hitl_app.domain.ports import OnText
from hitl_app.domain.replan import Replan, ReplanError, carried_out, check_replan
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import EarlierPlan, PlanStep, Step, Trajectory, action
from hitl_app.llm.prompts import PromptFiles
from hitl_app.refine.acting import Actor, ActRequest, Rollout
from hitl_app.refine.evolve import evolve
from hitl_app.refine.replanning import Replanner
from hitl_app.system.paths import resource

PROMPTS = PromptFiles(resource("prompts"), Path("no edited prompts"))
TASK = Task("recorded", "t", "A trip", "Do everything in order.")


def plan(words: str) -> tuple[PlanStep, ...]:
    return tuple(map(PlanStep, words))


class Players:
    """Implements `domain.ports.ModelClient` for both roles; each works off a list."""

    def __init__(self, moves: list[tuple[str, int | None]], answers: list[Json]) -> None:
        self._moves = list(moves)
        self._answers = list(answers)
        self.asked: list[ModelRequest] = []

    async def ask(self, request: ModelRequest, on_text: OnText = lambda text: None) -> ModelAnswer:
        self.asked.append(request)
        if request.purpose is Purpose.REPLAN:
            return ModelAnswer("", value=self._answers.pop(0))
        if not self._moves:
            return ModelAnswer("Done.")
        tool, number = self._moves.pop(0)
        named = "" if number is None else f"[plan step {number}]"
        return ModelAnswer(named, (ToolCall(tool, {}),))


async def execute(steps: tuple[Step, ...]) -> Execution:
    done = [
        ExecutedStep(StepStatus.OK, Observation(f"seen in step {index}"), replayed=True) if step.is_action else None
        for index, step in enumerate(steps)
    ]
    return Execution("", "", "", tuple(each or ExecutedStep(StepStatus.OK) for each in done))


def acted(players: Players, words: str, every: int = 1) -> Rollout:
    tools = tuple(map(ToolSpec, "abcdefgh"))
    request = ActRequest(TASK, tools, execute, plan=plan(words), replanning=Replanner(players, PROMPTS, every))
    return asyncio.run(Actor(players, PROMPTS, native_tools=True).act(request))


def left(done: int, words: str) -> Json:
    return {
        "done": done,
        "changes": "",
        "plan": [{"step": word, "reasoning": "", "expected_outcome": ""} for word in words],
    }


def test_the_rest_of_the_plan_is_written_anew_after_every_action() -> None:
    """An equal plan is no new one, and a planner that forgets what was carried out does not undo it."""
    players = Players([("a", 0), ("b", 1), ("c", 2)], [left(1, "xy"), left(0, "y"), left(3, "z")])
    rollout = acted(players, "abc")
    assert rollout.plan == plan("axyz")
    assert rollout.earlier == (EarlierPlan(1, plan("abc")), EarlierPlan(3, plan("axy")))
    assert [step.plan_step for step in rollout.steps] == [0, 1, 2, 2]
    shown = [request.messages[0].text for request in players.asked if request.purpose is Purpose.ACT]
    assert ["| y" in text for text in shown] == [False, True, True, True], "the executor follows the new plan"


def test_what_the_planner_says_is_done_stays_although_no_action_names_it() -> None:
    players = Players([("a", None), ("b", None)], [left(1, "x"), left(0, "yz")])
    rollout = acted(players, "ab")
    assert rollout.plan == plan("ayz")
    assert [step.plan_step for step in rollout.steps] == [None] * 3


def test_it_is_asked_after_so_many_actions_only() -> None:
    players = Players([(tool, None) for tool in "abcde"], [left(0, "x"), left(0, "y")])
    rollout = acted(players, "ab", every=2)
    assert [each.until for each in rollout.earlier] == [2, 4]
    assert rollout.plan == plan("y")


def test_the_planner_never_sees_what_is_done_later() -> None:
    players = Players([(tool, None) for tool in "abc"], [left(0, "x"), left(0, "y"), left(0, "z")])
    acted(players, "p")
    asked = [request for request in players.asked if request.purpose is Purpose.REPLAN]
    for number, request in enumerate(asked, 1):
        text = "\n".join(each.text for each in request.messages)
        assert [f"seen in step {n}" in text for n in range(4)] == [n < number for n in range(4)]


@pytest.mark.parametrize("answer", [None, {}, {"done": True, "plan": []}, {"done": 1}, {"done": 0, "plan": ["x"]}])
def test_an_answer_that_is_no_plan_ends_the_rollout_with_what_was_done(answer: Json) -> None:
    rollout = acted(Players([("a", 0), ("b", 1)], [answer]), "ab")
    assert "could not be used" in rollout.ended_by
    assert (len(rollout.steps), rollout.plan, rollout.earlier) == (1, plan("ab"), ())


def test_an_empty_rest_is_a_plan_that_is_carried_out() -> None:
    assert acted(Players([("a", 0)], [left(1, "")]), "ab").plan == plan("a")


WORDS = st.text("abcde", min_size=1, max_size=6)


@st.composite
def bases(draw: st.DrawFn) -> Trajectory:
    planned = plan(draw(WORDS))
    linked = draw(st.lists(st.one_of(st.none(), st.integers(0, len(planned) - 1)), min_size=1, max_size=8))
    steps = tuple(action("do", {"n": n}, plan_step=each) for n, each in enumerate(linked))
    return Trajectory("t", steps, planned)


@given(bases(), WORDS, st.data())
@settings(max_examples=80, deadline=None)
def test_no_plan_that_is_written_anew_changes_what_was_carried_out(
    base: Trajectory, words: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(1, len(base.steps)))
    locked = carried_out(base, at)
    replan = Replan(at, (*base.plan[:locked], *plan(words.upper())))
    revision = evolve(base, (), "ann", replan)
    assert revision.plan[:locked] == base.plan[:locked]
    assert [step.plan_step for step in revision.steps[:at]] == [step.plan_step for step in base.steps[:at]]
    assert [revision.plan_at(n) for n in range(at)] == [base.plan] * at
    assert [revision.plan_at(n) for n in range(at, len(base.steps))] == [replan.plan] * (len(base.steps) - at)
    for step in revision.steps:
        assert step.plan_step is None or revision.plan[step.plan_step] == base.plan[step.plan_step]
    if locked:
        number = data.draw(st.integers(0, locked - 1))
        forged = (*replan.plan[:number], PlanStep("forged"), *replan.plan[number + 1 :])
        with pytest.raises(ReplanError, match=f"plan step {number + 1} was carried out"):
            check_replan(base, Replan(at, forged))


def replanned_base() -> Trajectory:
    """Two steps under the plan `ab`, three under `acd`."""
    steps = tuple(action("do", {"n": n}, plan_step=number) for n, number in enumerate((0, 0, 1, 1, 2)))
    return Trajectory("t", steps, plan("acd"), earlier=(EarlierPlan(2, plan("ab")),))


def put_at(base: Trajectory, index: int, step: Step) -> Hunk:
    return Hunk(Operator.REPLACE, index, index + 1, base.steps[index : index + 1], (step,))


def test_an_edit_takes_the_plans_with_it_that_were_written_after_it() -> None:
    base = replanned_base()
    early = evolve(base, [put_at(base, 1, action("other", {}, plan_step=0))], "ann")
    assert (early.plan, early.earlier) == (plan("ab"), ())
    assert [step.plan_step for step in early.steps] == [0, 0, None, None, None], "they link to steps that are gone"
    late = evolve(base, [put_at(base, 2, action("other", {}, plan_step=1))], "ann")
    assert (late.plan, late.earlier) == (base.plan, base.earlier)
    assert [step.plan_step for step in late.steps] == [0, 0, 1, 1, 2]


def test_a_link_that_is_edited_leaves_all_plans_as_they_are() -> None:
    base = replanned_base()
    linked = evolve(base, [put_at(base, 1, replace(base.steps[1], plan_step=None))], "ann")
    assert (linked.plan, linked.earlier) == (base.plan, base.earlier)


def test_a_link_that_leads_nowhere_leads_nowhere_under_a_longer_plan() -> None:
    base = Trajectory("t", (action("do", {}, plan_step=2),), plan("a"))
    assert evolve(base, (), "ann", Replan(0, plan("abc"))).steps[0].plan_step is None
