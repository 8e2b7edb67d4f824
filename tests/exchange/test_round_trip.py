import json
from collections.abc import Mapping
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.domain.library import ImportedRun
from hitl_app.domain.trajectory import Trajectory
from hitl_app.exchange.conversation import flatten, system_message, turns_of
from hitl_app.exchange.importers.messages import read_conversation
from hitl_app.exchange.reading import read_path

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
ARGUMENTS = st.dictionaries(TEXT, st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT, max_size=3)
NAMES = st.sampled_from(["look", "book", "cancel"])


@st.composite
def turns(draw: st.DrawFn) -> list[dict[str, Json]]:
    """One message, or an assistant's calls with their results."""
    if draw(st.booleans()):
        return [{"role": draw(st.sampled_from(["user", "assistant"])), "content": draw(TEXT)}]
    calls = draw(st.lists(st.tuples(NAMES, ARGUMENTS, TEXT), min_size=1, max_size=3))
    made: Json = [
        {"id": f"c{n}", "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}
        for n, (name, arguments, _) in enumerate(calls)
    ]
    results: list[dict[str, Json]] = [
        {"role": "tool", "tool_call_id": f"c{n}", "name": name, "content": seen}
        for n, (name, _, seen) in enumerate(calls)
    ]
    return [{"role": "assistant", "content": draw(TEXT), "tool_calls": made}, *results]


CHATS = st.lists(turns(), min_size=1, max_size=8).map(lambda chat: [message for turn in chat for message in turn])


def meaning(message: JsonObject) -> Json:
    """A message without what only numbers or spaces it."""
    calls = message.get("tool_calls")
    made: list[Json] = []
    for call in calls if isinstance(calls, list) else []:
        function = call["function"] if isinstance(call, Mapping) else {}
        assert isinstance(function, Mapping)
        made.append([function["name"], json.loads(str(function["arguments"]))])
    return [message["role"], message["content"], made]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chat=CHATS, policy=TEXT)
def test_a_chat_that_was_imported_is_written_as_it_was(
    tmp_path: Path, chat: list[dict[str, Json]], policy: str
) -> None:
    whole: list[JsonObject] = [*([{"role": "system", "content": policy}] if policy else []), *chat]
    file = tmp_path / "chat.json"
    file.write_text(json.dumps({"messages": whole}))
    ((_, name, items),) = read_path(file)
    (run,) = items
    assert name == "openai-chat"
    assert isinstance(run, ImportedRun)
    written = [*system_message(run.task), *flatten(turns_of(run.trajectory, None))]
    assert [meaning(message) for message in written] == [meaning(message) for message in whole]


@settings(deadline=None)
@given(chat=CHATS)
def test_what_was_written_is_read_back_step_by_step(chat: list[dict[str, Json]]) -> None:
    steps = read_conversation(chat).steps
    again = read_conversation(flatten(turns_of(Trajectory("task", steps), None))).steps
    assert [step.key for step in again] == [step.key for step in steps]
