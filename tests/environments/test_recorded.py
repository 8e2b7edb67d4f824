from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl_app.domain.arguments import check_arguments
from hitl_app.domain.errors import NotReplayableError
from hitl_app.domain.inspection import Execution
from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.domain.loss import Component
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import Trajectory
from hitl_app.environments.recorded import RecordedEnvironment, provider

BOOK: JsonObject = {
    "type": "object",
    "properties": {
        "flight": {"type": "string"},
        "seats": {"type": "integer", "minimum": 1},
        "cabin": {"type": "string", "enum": ["economy", "business"]},
        "bags": {"type": "array", "items": {"type": "object", "required": ["kg"]}},
        "note": {"type": ["string", "null"]},
    },
    "required": ["flight"],
}
TASK = Task("recorded", "1", "Book a flight", tools=(ToolSpec("book", "", BOOK),))

JSON: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture
def environment() -> RecordedEnvironment:
    environment = RecordedEnvironment()
    environment.reset(TASK)
    return environment


@pytest.mark.parametrize(
    "arguments",
    [
        {"flight": "HAT039"},
        {"flight": "HAT039", "seats": 2, "cabin": "economy", "bags": [{"kg": 20}], "note": None},
        {"flight": "HAT039", "seats": 2.0},
    ],
)
def test_a_call_that_fits_leaves_the_recorded_observation_in_place(
    environment: RecordedEnvironment, arguments: JsonObject
) -> None:
    with pytest.raises(NotReplayableError):
        environment.step("book", arguments)


@pytest.mark.parametrize(
    ("name", "arguments", "word"),
    [
        ("cancel", {"flight": "HAT039"}, "cancel"),
        ("book", {}, "flight is missing"),
        ("book", {"flight": 39}, "flight must be of type string"),
        ("book", {"flight": "HAT039", "seats": True}, "seats"),
        ("book", {"flight": "HAT039", "seats": 0}, "at least 1"),
        ("book", {"flight": "HAT039", "cabin": "roof"}, "economy, business"),
        ("book", {"flight": "HAT039", "bags": [{}]}, "bags[0].kg is missing"),
        ("book", {"flight": "HAT039", "note": 1}, "string or null"),
        ("book", {"flight": "HAT039", "colour": "red"}, "colour"),
    ],
)
def test_a_call_that_does_not_fit_fails_and_says_why(
    environment: RecordedEnvironment, name: str, arguments: JsonObject, word: str
) -> None:
    observation = environment.step(name, arguments)
    assert observation.failed
    assert word in observation.text


def test_without_recorded_tools_no_call_is_refused() -> None:
    environment = RecordedEnvironment()
    environment.reset(Task("recorded", "2", "No tools"))
    with pytest.raises(NotReplayableError):
        environment.step("anything", {"at": "all"})


def test_tools_are_those_of_the_recording_and_nothing_but_feasibility_is_measured(
    environment: RecordedEnvironment,
) -> None:
    trajectory = Trajectory(TASK.id, ())
    execution = Execution(trajectory.id, "recorded", "1", ())
    assert environment.describe_tools(TASK) == TASK.tools
    assert environment.info.measures == {Component.FEASIBILITY}
    assert environment.verdict(TASK, trajectory, execution) == ()


@given(schema=st.dictionaries(st.sampled_from(["type", "enum", "properties", "required", "items", "minimum"]), JSON))
def test_a_damaged_schema_never_crashes_the_check(schema: JsonObject) -> None:
    check_arguments(schema, {"flight": "HAT039", "bags": [1]})


@given(arguments=st.dictionaries(st.sampled_from(["flight", "seats", "bags", "note", "x"]), JSON))
def test_any_arguments_are_either_refused_or_left_as_recorded(arguments: JsonObject) -> None:
    environment = RecordedEnvironment()
    environment.reset(TASK)
    try:
        assert environment.step("book", arguments).failed
    except NotReplayableError:
        assert isinstance(arguments["flight"], str)


def test_the_self_test_passes_and_nothing_needs_installing(tmp_path: Path) -> None:
    assert provider.status(tmp_path).installed
    assert provider.check(tmp_path)
