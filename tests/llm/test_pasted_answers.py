"""A person's clipboard as the model: what they are shown, what they may paste, and what goes on record."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest
from keeping import LOOKUP, NOT_PROBED, PLACE, Keeper, question

from hitl_app.domain.model import (
    PASTE,
    ChatMessage,
    ModelAnswer,
    ModelEndpoint,
    ModelRequest,
    ModelUnavailableError,
    PastedQuestion,
    Price,
    ToolCall,
)
from hitl_app.llm.pasting import PastingServers, question_text
from hitl_app.llm.servers import OpenAIServers
from hitl_app.system.clock import SystemClock
from hitl_app.system.secrets import Secrets
from hitl_app.workflow.hands import FaceHand

CLIPBOARD = ModelEndpoint(PASTE, "a chat of mine")


@dataclass
class Pasting:
    """A hand that pastes what it was given, and keeps what it was shown."""

    answers: list[str]
    shown: list[PastedQuestion] = field(default_factory=list)
    waiting: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, question: PastedQuestion) -> str:
        self.shown.append(question)
        if not self.answers:
            self.waiting.set()
            await asyncio.Event().wait()
        return self.answers.pop(0)


def asked(hand: Pasting, keeper: Keeper, *requests: ModelRequest, price: Price | None = None) -> list[ModelAnswer]:
    """The answers to requests that are asked at the same time."""

    async def ask() -> list[ModelAnswer]:
        face = FaceHand()
        face.lend(hand)
        clock = SystemClock()
        servers = PastingServers(face, clock, OpenAIServers(Secrets({}), clock))
        client = servers.client(ModelEndpoint(PASTE, "a chat of mine", price), NOT_PROBED, keeper)
        return await asyncio.gather(*map(client.ask, requests))

    return asyncio.run(ask())


def test_a_question_is_one_plain_text_with_the_schema_that_its_answer_must_fit() -> None:
    hand, keeper = Pasting(['Here: {"city": "Lyon", "nights": 2}']), Keeper()
    (answer,) = asked(hand, keeper, question(schema=PLACE))
    assert answer.value == {"city": "Lyon", "nights": 2}
    (shown,) = hand.shown
    assert (shown.model, shown.problem) == ("a chat of mine", "")
    assert shown.text.startswith("where to?\n\nAnswer with one JSON value that fits this JSON Schema")
    assert '"nights": {"type": "integer"}' in shown.text


def test_tools_are_described_and_a_pasted_call_is_a_call() -> None:
    hand = Pasting(['{"tool": "lookup", "arguments": {"city": "Lyon"}}', "Nothing to look up."])
    request = question(tools=(LOOKUP,))
    called, spoke = asked(hand, Keeper(), request, question("another", tools=(LOOKUP,)))
    assert called.calls == (ToolCall("lookup", {"city": "Lyon"}),)
    assert (spoke.calls, spoke.text) == ((), "Nothing to look up.")
    assert "Looks up a city." in hand.shown[0].text


def test_a_conversation_is_shown_in_order_with_who_said_what() -> None:
    said = (
        ChatMessage("system", "You travel."),
        ChatMessage("assistant", "", (ToolCall("lookup", {"city": "Lyon"}, "1"),)),
        ChatMessage("tool", "sunny", call_id="1"),
    )
    hand = Pasting(["fine"])
    asked(hand, Keeper(), ModelRequest(question().purpose, said))
    assert hand.shown[0].text == (
        '--- system ---\nYou travel.\n\n--- assistant ---\n{"tool": "lookup", "arguments": {"city": "Lyon"}}\n\n'
        "--- user ---\nResult of the call:\nsunny"
    )


def test_what_does_not_fit_is_shown_again_with_what_is_wrong_and_is_no_call() -> None:
    example = 'such as {"city": "Oslo", "nights": 1}'
    text = question_text(question(example, schema=PLACE), question(example, schema=PLACE).messages)
    hand, keeper = Pasting(["", "Lyon", text, '{"city": "Lyon"}', '{"city": "Lyon", "nights": 2}']), Keeper()
    asked(hand, keeper, question(example, schema=PLACE))
    assert [(each.answer, each.problem) for each in hand.shown[:3]] == [
        ("", ""),
        ("", "it is empty"),
        ("Lyon", "it holds no JSON"),
    ]
    assert hand.shown[3].problem == "it is the question itself"
    assert "nights" in hand.shown[4].problem
    (call,) = keeper.calls
    assert (call.attempts, call.answer["text"], call.endpoint) == (5, '{"city": "Lyon", "nights": 2}', PASTE)


def test_tokens_are_estimated_and_a_price_is_counted_only_where_one_is_set() -> None:
    hand, keeper = Pasting(["abcdef", "abcdef"]), Keeper()
    asked(hand, keeper, question())
    asked(hand, keeper, question("x" * 3_000), price=Price(1.0, 500.0))
    free, paid = (call.usage for call in keeper.calls)
    assert (free.calls, free.tokens_out, free.measured, free.usd) == (1, 2, False, None)
    assert paid.tokens_in == 1000
    assert paid.usd == pytest.approx(0.002)
    assert keeper.reserved == 0


def test_what_is_on_record_is_not_asked_again() -> None:
    keeper = Keeper()
    asked(Pasting(["Lyon"]), keeper, question())
    nobody = Pasting([])
    (again,) = asked(nobody, keeper, question())
    assert (again.text, nobody.shown, len(keeper.calls)) == ("Lyon", [], 1)


def test_questions_wait_in_line_and_a_cancelled_one_gives_back_what_it_reserved() -> None:
    async def story() -> None:
        hand, keeper, face, clock = Pasting([]), Keeper(), FaceHand(), SystemClock()
        client = PastingServers(face, clock, OpenAIServers(Secrets({}), clock)).client(CLIPBOARD, NOT_PROBED, keeper)
        with pytest.raises(ModelUnavailableError, match="nobody is there"):
            await client.ask(question())
        face.lend(hand)
        first, second = (asyncio.ensure_future(client.ask(question(text))) for text in ("first", "second"))
        await hand.waiting.wait()
        assert [each.text for each in hand.shown] == ["first"]
        hand.answers.append("yes")
        first.cancel()
        assert (await second).text == "yes"
        assert [each.text for each in hand.shown] == ["first", "second"]
        assert (keeper.reserved, len(keeper.calls)) == (0, 1)

    asyncio.run(story())


def test_a_clipboard_needs_no_test_and_other_servers_are_asked_as_ever() -> None:
    async def problems() -> Iterable[str]:
        clock = SystemClock()
        servers = PastingServers(FaceHand(), clock, OpenAIServers(Secrets({}), clock, first_pause=0.01))
        nowhere = ModelEndpoint("http://127.0.0.1:9/v1", "none", retries=0)
        found = [(await servers.probe(each)).problem for each in (CLIPBOARD, nowhere)]
        await servers.close()
        return found

    clipboard, nowhere = asyncio.run(problems())
    assert clipboard == ""
    assert "cannot be reached" in nowhere
