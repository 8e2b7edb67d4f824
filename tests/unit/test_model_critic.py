"""INSPECT with a model: its words stand beside what the environment found, and a useless answer harms nothing."""

import asyncio
from dataclasses import replace

import pytest
from answering import Answering, said, shipped

from hitl_app.domain.inspection import Finding, FindingKind, Gradient, GradientSource, Inspection
from hitl_app.domain.jsontypes import Json
from hitl_app.domain.loss import Component
from hitl_app.domain.model import AnswerError
from hitl_app.domain.ports import Prompts
from hitl_app.environments.travel.environment import TravelEnvironment
from hitl_app.environments.travel.samples import sample_runs
from hitl_app.refine.critique import MOST, ModelCritic
from hitl_app.refine.gradients import for_autonomous
from hitl_app.refine.inspect import inspect

ENVIRONMENT = TravelEnvironment()
RUN = list(sample_runs(2, 3))[1]
FOUND = inspect(ENVIRONMENT, RUN.task, RUN.trajectory)
PROMPTS: Prompts = shipped()


def critiqued(inspection: Inspection, answer: Json) -> tuple[Inspection, Answering, str]:
    model, heard = Answering(lambda _: answer), list[str]()
    critic = ModelCritic(model, PROMPTS)
    result = asyncio.run(critic.critique(RUN.task, RUN.trajectory, inspection, heard.append))
    return result, model, "".join(heard)


def added(result: Inspection) -> tuple[Gradient, ...]:
    return result.gradients[len(FOUND.gradients) :]


def test_its_words_are_gradients_of_their_own_beside_the_environments() -> None:
    gradient = FOUND.gradients[0]
    note: Json = {
        "gradient": gradient.id,
        "critique": "It leaves late.",
        "suggestion": "Book at nine.",
        "confidence": 3,
    }
    result, model, _ = critiqued(FOUND, {"notes": [note], "earliest_cause": 9})
    assert result.gradients[: len(FOUND.gradients)] == FOUND.gradients
    (new,) = added(result)
    assert (new.source, new.critique, new.suggested_edit) == (GradientSource.MODEL, "It leaves late.", "Book at nine.")
    assert (new.step_index, new.constraint_id, new.component) == (
        gradient.step_index,
        gradient.constraint_id,
        gradient.component,
    )
    assert new.confidence == 1.0
    assert result.earliest_cause == FOUND.earliest_cause != 9
    assert gradient.id in said(model.requests[0])


def test_invented_gradients_and_steps_are_left_out() -> None:
    answer: Json = {
        "notes": [{"gradient": "0123456789abcdef", "critique": "invented"}],
        "further": [
            {"component": "goal", "step": 999, "critique": "no such step"},
            {"component": "weather", "step": 1, "critique": "no such component"},
            {"component": "goal", "step": None, "critique": "A sight is missing.", "confidence": True},
        ],
    }
    (new,) = added(critiqued(FOUND, answer)[0])
    assert (new.critique, new.step_index, new.confidence) == ("A sight is missing.", None, None)


def test_it_adds_a_few_gradients_at_most_and_none_twice() -> None:
    further: list[Json] = [{"component": "goal", "step": 1, "critique": f"fault {number // 2}"} for number in range(40)]
    new = added(critiqued(FOUND, {"notes": [], "further": further})[0])
    assert [gradient.critique for gradient in new] == [f"fault {number}" for number in range(MOST)]


def test_it_names_the_earliest_cause_only_where_nobody_else_does() -> None:
    gradient = Gradient(GradientSource.HUMAN, Component.GOAL, "too short")
    unblamed = replace(FOUND, earliest_cause=None, findings=(), gradients=(gradient,))
    execution = replace(FOUND.execution, steps=tuple(replace(s, identical=None) for s in FOUND.execution.steps))
    unblamed = replace(unblamed, execution=execution, dependencies=())
    note: Json = {"component": "goal", "step": 6, "critique": "here"}
    result, _, _ = critiqued(unblamed, {"notes": [], "further": [note], "earliest_cause": 6})
    assert result.earliest_cause == 6
    assert result.gradients[-1].is_earliest_cause
    assert for_autonomous(result).earliest_cause == 6
    assert critiqued(unblamed, {"notes": [], "earliest_cause": 999})[0].earliest_cause is None


USELESS: list[Json] = [
    None,
    7,
    [],
    {},
    {"notes": None},
    {"notes": "all"},
    {"notes": [1, None, {"gradient": []}]},
]


@pytest.mark.parametrize("answer", USELESS, ids=map(repr, USELESS))
def test_a_useless_answer_leaves_the_inspection_as_it_is(answer: Json) -> None:
    assert critiqued(FOUND, answer)[0] == FOUND


def test_an_answer_that_does_not_fit_is_said_and_the_loop_goes_on() -> None:
    def fail(_: object) -> AnswerError:
        return AnswerError("no JSON in it")

    heard: list[str] = []
    critic = ModelCritic(Answering(fail), PROMPTS)
    assert asyncio.run(critic.critique(RUN.task, RUN.trajectory, FOUND, heard.append)) == FOUND
    assert "cannot be used" in "".join(heard)
    assert "no JSON in it" in "".join(heard)


def test_it_is_asked_once_for_the_same_state_and_not_at_all_where_nothing_is_wrong() -> None:
    model = Answering(lambda _: {"notes": []})
    critic = ModelCritic(model, PROMPTS)

    async def twice() -> None:
        for _ in range(2):
            await critic.critique(RUN.task, RUN.trajectory, FOUND, lambda text: None)
        await critic.critique(RUN.task, RUN.trajectory, replace(FOUND, gradients=()), lambda text: None)

    asyncio.run(twice())
    assert len(model.requests) == 1


def test_it_sees_nothing_that_reveals_the_answer_and_the_person_keeps_it() -> None:
    gold = "GOLD-4711"
    finding = Finding("f:" + gold, FindingKind.GOAL, False, gold, gold, gold, gold, (2,), reveals_answer=True)
    gradient = Gradient(GradientSource.ENVIRONMENT, Component.GOAL, gold, constraint_id=gold, reveals_answer=True)
    full = replace(FOUND, findings=(*FOUND.findings, finding), gradients=(gradient, *FOUND.gradients))
    result, model, _ = critiqued(full, {"notes": [{"gradient": gradient.id, "critique": "guessed"}]})
    assert gold not in said(model.requests[0])
    assert result == full
