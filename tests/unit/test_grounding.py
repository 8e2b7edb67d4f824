"""Grounded plans: what was done makes a plan that passes, and every fault that a plan can have is found."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hitl_app.domain.grounding import GroundingFaultKind as Kind
from hitl_app.domain.inspection import ExecutedStep, Execution, Observation, StepStatus
from hitl_app.domain.jsontypes import Json, canonical
from hitl_app.domain.library import ImportedRun
from hitl_app.domain.replan import Replan
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import PlanStep, Recorded, Step, Trajectory, action, message
from hitl_app.environments.travel.environment import TravelEnvironment
from hitl_app.environments.travel.samples import clean_run
from hitl_app.exchange.reading import read_path
from hitl_app.refine.evolve import evolve
from hitl_app.refine.grounding import MOST, check_grounded, ground

TASK = Task("recorded", "t", "A trip", "Book a room in Lyon for 2026-05-01, for at most 120 credits.")
TOOLS = (
    ToolSpec("search_hotels", "Hotels of a city. As JSON.", {"properties": {"city": {"description": "a city"}}}),
    ToolSpec("search_trains"),
    ToolSpec("book_hotel", "Books a room in a hotel."),
)


def done(tool: str, observed: Json = None, **arguments: Json) -> Step:
    return action(tool, arguments, expected=Recorded(canonical(observed)))


RUN = Trajectory(
    "t",
    (
        done("search_trains", [{"id": "TR881", "price": 1450}], city="Lyon"),
        done("search_hotels", {"hotels": [{"id": "HOT7", "name": "Grand Hotel Aurora"}]}, city="Lyon"),
        message("I found the Aurora.", "assistant"),
        done("book_hotel", "booked as BK-55", hotel_id="HOT7", nights=1),
    ),
)
PLAN = (PlanStep("Look up ways and rooms in Lyon"), PlanStep("Book a room for 2026-05-01"))
LINKS = ((0, 0), (1, 0), (3, 1))


def faults(plan: tuple[PlanStep, ...] = PLAN, links: tuple[tuple[int, int | None], ...] = LINKS) -> list[object]:
    found = check_grounded(TASK, RUN, Replan(0, plan, links), tools=TOOLS)
    assert all(fault.words for fault in found)
    return [(fault.kind, fault.plan_step, fault.step, fault.value) for fault in found]


def says(words: str) -> tuple[PlanStep, ...]:
    return (replace(PLAN[0], reasoning=words), PLAN[1])


def test_a_plan_is_read_off_by_families_of_tools_in_plain_words() -> None:
    replan = ground(RUN, TOOLS)
    assert [item.step for item in replan.plan] == ["Search trains and hotels (city)", "Book hotel (hotel id; nights)"]
    assert [item.reasoning for item in replan.plan] == ["Hotels of a city.", "Books a room in a hotel."]
    assert (replan.at, replan.links) == (0, LINKS)
    told = replace(RUN, steps=(message(TASK.instruction, "user"), *RUN.steps))
    assert ground(told).plan[0] == PlanStep("Search trains and hotels (city Lyon)")


def test_names_of_an_interface_are_said_in_plain_words() -> None:
    steps = (done("click_button", None, element_id=7), done("getJSON", None, url="x"), done("bash", None))
    plan = ground(Trajectory("t", steps)).plan
    assert [item.step for item in plan] == ["Choose choice (element id)", "Get data (address)", "Bash"]
    assert check_grounded(TASK, Trajectory("t", steps), Replan(0, plan, ((0, 0), (1, 1), (2, 2)))) == ()


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        (LINKS, []),
        (LINKS[:2], [(Kind.GAP, None, 3, ""), (Kind.EMPTY, 1, None, "")]),
        ((*LINKS, (1, 1)), [(Kind.OVERLAP, 1, 1, "")]),
        (((0, 0), (1, 1), (3, 0)), [(Kind.ORDER, 0, 3, "")]),
        (((0, 1), (1, 0), (3, 0)), [(Kind.ORDER, 0, 1, ""), (Kind.ORDER, 0, 3, "")]),
        ((*LINKS, (2, 0)), []),
    ],
)
def test_every_action_is_cited_once_and_in_order(
    links: tuple[tuple[int, int | None], ...], expected: list[object]
) -> None:
    assert faults(links=links) == expected


def test_a_plan_cannot_cite_what_the_agent_did_not_do() -> None:
    steps = (*RUN.steps, message("Thanks!", "user"))
    plan = (PlanStep("Look up what there is"), PlanStep("Book a room"))
    found = check_grounded(TASK, replace(RUN, steps=steps), Replan(0, plan, (*LINKS, (4, 1))), tools=TOOLS)
    assert [(fault.kind, fault.step) for fault in found] == [(Kind.NO_ACTION, 4)]


@pytest.mark.parametrize(
    ("words", "value", "step"),
    [
        ("take TR881", "TR881", 0),
        ("it costs 1,450 credits", "1450", 0),
        ("it costs 1450.00", "1450", 0),
        ("the Grand Hotel Aurora is best", "Grand Hotel Aurora", 1),
        ("the booking is BK-55.", "BK-55", 3),
    ],
)
def test_what_was_only_seen_later_is_a_leak(words: str, value: str, step: int) -> None:
    assert (Kind.LEAK, 0, step, value) in faults(says(words))


@pytest.mark.parametrize("words", ["Lyon, 2026-05-01, at most 120", "TR88 and HOT75 and 14500", "a hotel in a city"])
def test_what_was_known_before_is_none(words: str) -> None:
    assert faults(says(words)) == []


def test_what_a_user_says_later_is_not_known_before() -> None:
    steps = (message("I need a room.", "user"), RUN.steps[1], message("On 2026-05-01.", "user"), RUN.steps[3])
    found = check_grounded(TASK, Trajectory("t", steps), Replan(0, PLAN, ((1, 0), (3, 1))), tools=TOOLS)
    assert {fault.value for fault in found} == {"2026-05-01", "Lyon"}


def test_an_observation_that_is_not_as_recorded_counts_as_well() -> None:
    observed = [Observation("room R-1234"), *[None] * 3]
    execution = Execution(RUN.id, "t", "1", tuple(ExecutedStep(StepStatus.OK, each) for each in observed))
    replan = Replan(0, says("room R-1234"), LINKS)
    (fault,) = check_grounded(TASK, RUN, replan, tools=TOOLS, execution=execution)
    assert (fault.kind, fault.value, fault.step) == (Kind.LEAK, "room R-1234", 0)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("Click the button", "Click"),
        ("call search_hotels", "search_hotels"),
        ('answer {"a": 1}', '{"a": 1}'),
        ("choose [12]", "[12]"),
        ("the text box", "text box"),
    ],
)
def test_words_of_an_interface_are_found(words: str, value: str) -> None:
    assert (Kind.INTERFACE, 0, None, value) in faults(says(words))


def test_a_task_about_an_interface_may_be_planned_in_its_words() -> None:
    task = replace(TASK, instruction="Make the button of the page in Lyon on 2026-05-01 blue.")
    replan = Replan(0, says("Find the button"), LINKS)
    assert check_grounded(task, RUN, replan, tools=TOOLS) == ()


NAMES = st.sampled_from(["search_hotels", "search_trains", "bookHotel", "click", "get_url", "bash", "", "_", "find-x"])
VALUES = st.one_of(st.text(max_size=12), st.integers(-5, 5000), st.sampled_from(["Lyon", "HOT7", "2026-05-01", "JSON"]))
ACTIONS = st.builds(
    lambda tool, arguments, observed, thought: action(
        tool, arguments, thought=thought, expected=Recorded(canonical(observed))
    ),
    NAMES,
    st.dictionaries(st.sampled_from(["city", "hotel_id", "elementId", "total"]), VALUES, max_size=3),
    st.lists(VALUES, max_size=3),
    st.text(max_size=20),
)
STEPS = st.lists(st.one_of(ACTIONS, st.builds(message, st.text(max_size=20), st.sampled_from(["user", "assistant"]))))


@given(STEPS, ACTIONS)
@settings(max_examples=40, deadline=None)
def test_a_plan_that_is_read_off_passes_and_makes_a_revision(steps: list[Step], last: Step) -> None:
    run = Trajectory("t", (*steps, last))
    replan = ground(run, TOOLS)
    assert check_grounded(TASK, run, replan, tools=TOOLS) == ()
    assert len(replan.plan) <= MOST
    revision = evolve(run, (), "ann", replan)
    assert [step.content for step in revision.steps] == [step.content for step in run.steps]
    assert {step.plan_step for step in revision.steps if step.is_action} == set(range(len(replan.plan)))


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_every_planted_fault_is_found(data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from(["search_a", "book_b", "add_c"]), min_size=3, max_size=12))
    run = Trajectory("t", tuple(done(name, f"seen S-{n}00") for n, name in enumerate(names)))
    good = ground(run)
    number = data.draw(st.integers(0, len(good.links) - 1))
    step, plan_step = good.links[number]
    rest = (*good.links[:number], *good.links[number + 1 :])
    others = [each for each in range(len(good.plan)) if each != plan_step]

    def kinds(links: tuple[tuple[int, int | None], ...], plan: tuple[PlanStep, ...] = good.plan) -> set[Kind]:
        return {fault.kind for fault in check_grounded(TASK, run, Replan(0, plan, links))}

    assert Kind.GAP in kinds(rest)
    assert Kind.EMPTY in kinds(good.links, (*good.plan, PlanStep("Rest")))
    if others:
        assert Kind.OVERLAP in kinds((*good.links, (step, data.draw(st.sampled_from(others)))))
        assert Kind.ORDER in kinds(tuple((each, len(good.plan) - 1 - (known or 0)) for each, known in good.links))
    told = replace(good.plan[0], step=f"{good.plan[0].step}, as S-{number}00 says")
    assert kinds(good.links, (told, *good.plan[1:])) == {Kind.LEAK}


def test_travel_runs_are_grounded_by_their_own_words() -> None:
    run = clean_run(7, 0, 1)
    tools = TravelEnvironment().describe_tools(run.task)
    replan = ground(run.trajectory, tools)
    assert check_grounded(run.task, run.trajectory, replan, tools=tools) == ()
    assert replan.plan[0].step.startswith("Search ")
    assert "origin" in replan.plan[0].step


def test_recorded_runs_of_tau2_are_grounded_without_a_leak(recordings: Path) -> None:
    found = [item for _, _, items in read_path(recordings / "tau2-bench", None) for item in items]
    runs = [item for item in found if isinstance(item, ImportedRun)]
    plans = [ground(run.trajectory, run.task.tools) for run in runs]
    assert [check_grounded(run.task, run.trajectory, plan) for run, plan in zip(runs, plans, strict=True)] == [()] * 12
    assert (sum(len(plan.links) for plan in plans), sum(len(plan.plan) for plan in plans)) == (98, 45)
