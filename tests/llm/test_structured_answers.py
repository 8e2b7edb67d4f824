"""A question with a schema gets a value that fits it, from servers of any kind, or a clear error."""

import pytest
from keeping import LOOKUP, PLACE, USUAL, Desk, Settings, question
from model_scripts import CITY

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.model import (
    AnswerError,
    Answering,
    Capabilities,
    ChatMessage,
    ModelAnswer,
    ModelRequest,
    Purpose,
    ToolCall,
)
from hitl_app.domain.run_codec import call_from_json, call_to_json
from hitl_app.llm.wire import is_strict

pytest_plugins = ["model_fixtures"]


def place(text: str = "where to?") -> ModelRequest:
    return question(text, schema=PLACE)


@pytest.mark.parametrize("answering", list(Answering))
def test_all_ways_of_asking_lead_to_the_same_value_and_the_same_record(desk: Desk, answering: Answering) -> None:
    model = f"no-stream-options/{answering}"
    pieces: list[str] = []

    async def work() -> ModelAnswer:
        return await desk.client(model, Settings(answering=answering)).ask(place(), pieces.append)

    answer = desk.run(work())
    assert answer.value == CITY
    (call,) = desk.keeper.calls
    assert call.answering == answering
    assert call.answer["calls"] == []
    assert "".join(pieces) == call.answer["text"]


def test_the_way_of_asking_is_no_part_of_the_key(desk: Desk) -> None:
    async def work() -> None:
        for answering in Answering:
            await desk.client("capable", Settings(answering=answering)).ask(place())

    desk.run(work())
    assert len(desk.keeper.calls) == 1
    assert len(desk.keeper.recalled) == 2


@pytest.mark.parametrize(
    ("model", "answering", "attempts"),
    [
        ("no-schema", Answering.TOOL, 2),
        ("no-schema-no-tools", Answering.TEXT, 3),
        ("vague", Answering.TOOL, 2),
    ],
)
def test_a_way_that_the_server_refuses_is_left_for_the_next_and_not_tried_again(
    desk: Desk, model: str, answering: Answering, attempts: int
) -> None:
    async def work() -> list[ModelAnswer]:
        client, other = desk.client(model), desk.client(model)
        return [await client.ask(place("one")), await client.ask(place("two")), await other.ask(place("three"))]

    assert [answer.value for answer in desk.run(work())] == [CITY] * 3
    assert [call.answering for call in desk.keeper.calls] == [answering] * 3
    assert [call.attempts for call in desk.keeper.calls] == [attempts, 1, 1]


def test_what_was_probed_is_not_tried_in_vain(desk: Desk) -> None:
    async def work() -> ModelAnswer:
        probed = Capabilities(streaming=True, tools=False, schema=False)
        return await desk.client("no-schema-no-tools/probed", USUAL, probed).ask(place())

    assert desk.run(work()).value == CITY
    assert desk.keeper.calls[0].attempts == 1


def test_a_refusal_that_no_other_way_can_help_leaves_the_way_as_it_is(desk: Desk) -> None:
    async def work() -> None:
        await desk.client("too-long/schema").ask(place())

    with pytest.raises(Exception, match="maximum context length"):
        desk.run(work())
    assert desk.keeper.calls[0].attempts == 1


def test_a_value_is_found_amid_prose(desk: Desk) -> None:
    assert desk.ask("chatty", place()).value == CITY
    assert len(desk.keeper.calls) == 1


@pytest.mark.parametrize(
    ("model", "problem"),
    [("nonsense-once", "it holds no JSON"), ("wrong-value-once", "nights must be of type integer, not 'two'")],
)
def test_an_answer_that_does_not_fit_is_shown_to_the_model_once_more(desk: Desk, model: str, problem: str) -> None:
    answer = desk.ask(model, place())
    assert answer.value == CITY
    first, second = desk.keeper.calls
    assert second.messages[0] == first.messages[0]
    assert second.messages[1] == ChatMessage("assistant", str(first.answer["text"]))
    assert problem in second.messages[2].text
    assert first.key != second.key
    assert answer.usage == first.usage + second.usage


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("nonsense-always", "it holds no JSON. It begins: I would rather [31m not."),
        ("cut-short", "the answer was cut off because it was too long. It begins: {"),
        ("half-characters", "it holds no JSON. It begins: \ufffd and"),
    ],
)
def test_an_answer_that_never_fits_is_a_clear_error_and_was_paid_for(desk: Desk, model: str, words: str) -> None:
    with pytest.raises(AnswerError) as caught:
        desk.ask(model, place())
    assert str(caught.value).startswith(f"the answer of {model} does not fit, even after it was told why: ")
    assert words in str(caught.value)
    assert [call.error for call in desk.keeper.calls] == ["", ""]
    assert desk.keeper.usage.tokens_out == desk.counts(model)["tokens_out"]


def test_tools_are_called_with_their_arguments(desk: Desk) -> None:
    answer = desk.ask("two-calls", question(tools=(LOOKUP,)))
    assert answer.text == "both"
    assert answer.finish == "tool_calls"
    assert [(call.name, call.arguments, call.id) for call in answer.calls] == [
        ("lookup", {"city": "Lund"}, "call_0"),
        ("lookup", {"city": "Oslo"}, "call_1"),
    ]


def test_calls_are_told_apart_where_the_server_numbers_all_of_them_0(desk: Desk) -> None:
    calls = desk.ask("all-numbered-0", question(tools=(LOOKUP,))).calls
    assert [(call.id, call.arguments) for call in calls] == [("a", {"city": "Lund"}), ("b", {"city": "Oslo"})]


def test_calls_whose_pieces_come_out_of_order_are_in_the_order_of_their_numbers(desk: Desk) -> None:
    answer = desk.ask("out-of-order", question(tools=(LOOKUP,)))
    assert answer.calls == (ToolCall("lookup", {"city": "Lund"}, "a"), ToolCall("lookup", {"city": "Oslo"}, "b"))


def test_a_call_that_names_no_tool_is_shown_to_the_model_once_more(desk: Desk) -> None:
    assert desk.ask("nameless-once", question(tools=(LOOKUP,))).calls[0].name == "lookup"
    assert "a call names no tool" in desk.keeper.calls[1].messages[-1].text


def test_a_call_without_arguments_has_none(desk: Desk) -> None:
    assert desk.ask("no-arguments", question(tools=(LOOKUP,))).calls == (ToolCall("lookup", {}, "call_0"),)


def test_a_server_without_tools_is_told_of_them_in_the_prompt(desk: Desk) -> None:
    conversation = (
        ChatMessage("user", "go"),
        ChatMessage("assistant", "", (ToolCall("lookup", {"city": "Oslo"}, "call_0"),)),
        ChatMessage("tool", "cold", call_id="call_0"),
    )
    answer = desk.ask("no-tools", ModelRequest(Purpose.ACT, conversation, tools=(LOOKUP,)))
    assert answer.calls == (ToolCall("lookup", {"city": "Lund"}),)
    assert desk.keeper.calls[0].messages == conversation


def test_malformed_arguments_are_shown_to_the_model_once_more(desk: Desk) -> None:
    answer = desk.ask("bad-arguments-once", question(tools=(LOOKUP,)))
    assert [call.arguments for call in answer.calls] == [{"city": "Lund"}]
    second = desk.keeper.calls[1]
    assert second.messages[1].text == 'lookup({"city": Lund)'
    assert "the arguments of the call of lookup are not JSON" in second.messages[2].text


def test_arguments_that_stay_malformed_are_a_clear_error(desk: Desk) -> None:
    with pytest.raises(AnswerError, match="the arguments of the call of lookup are not a JSON object"):
        desk.ask("bad-arguments-always", question(tools=(LOOKUP,)))


@pytest.mark.parametrize("schema", [None, PLACE])
def test_halves_of_characters_reach_neither_the_record_nor_the_answer(desk: Desk, schema: JsonObject | None) -> None:
    model = "half-character-inside" if schema else "half-characters"
    answer = desk.ask(f"{model}/record", question("half \ud800 here", schema=schema))
    (call,) = desk.keeper.calls
    for text in (answer.text, str(answer.value), str(call.answer), str(call_to_json(call))):
        text.encode("utf-8")
    assert call_from_json(call_to_json(call)) == call
    assert schema is None or answer.value == {"city": "\ufffd", "nights": 1}


def test_only_closed_and_complete_schemas_are_called_strict() -> None:
    assert is_strict(PLACE)
    assert is_strict({"type": "object", "properties": {"all": {"type": "array", "items": PLACE}},
                      "required": ["all"], "additionalProperties": False})  # fmt: skip
    assert not is_strict({**PLACE, "additionalProperties": True})
    assert not is_strict({**PLACE, "required": ["city"]})
    assert not is_strict({"type": "object"})
