"""What calls cost adds up to what the server counted, and what was asked once is not paid for again."""

import asyncio

import pytest
from keeping import LOOKUP, PLACE, Desk, Settings, question

from hitl_app.domain.model import ModelAnswer, ModelRequest, Price, Usage
from hitl_app.llm.estimating import prompt_tokens, text_tokens

pytest_plugins = ["model_fixtures"]


def kinds(number: int) -> ModelRequest:
    text = f"request {number} of many"
    if number % 3 == 0:
        return question(text, schema=PLACE)
    return question(text, tools=(LOOKUP,)) if number % 3 == 1 else question(text)


def test_tokens_add_up_to_the_servers_own_count(desk: Desk) -> None:
    async def work() -> list[ModelAnswer]:
        client = desk.client("mixed", Settings(concurrency=6, retries=6))
        return await asyncio.gather(*(client.ask(kinds(number)) for number in range(60)))

    answers = desk.run(work(), 20)
    counted = desk.counts("mixed")
    usage, calls = desk.keeper.usage, desk.keeper.calls
    assert usage.measured
    assert len(answers) == 60
    assert sum((answer.usage for answer in answers), Usage()) == usage
    assert (usage.tokens_in, usage.tokens_out) == (counted["tokens_in"], counted["tokens_out"])
    assert usage.calls == len(calls) == counted["by_outcome"]["answered"]["requests"]
    assert sum(call.attempts for call in calls) == counted["requests"]
    assert {"429", "503"} <= counted["by_outcome"].keys()
    assert desk.keeper.reserved == 0


@pytest.mark.parametrize(("price", "usd"), [(None, None), (Price(1.0, 10.0), (2 * 1.0 + 7 * 10.0) / 1_000_000)])
def test_a_call_has_a_price_where_the_model_has_one(desk: Desk, price: Price | None, usd: float | None) -> None:
    assert desk.ask("plain/price", settings=Settings(price=price)).usage.usd == usd


def test_the_same_question_is_answered_from_the_record(desk: Desk) -> None:
    pieces: list[str] = []

    async def work() -> list[ModelAnswer]:
        client = desk.client("plain/again")
        return [
            await client.ask(question()),
            await client.ask(question(), pieces.append),
            await client.ask(question(sample=1)),
        ]

    first, again, other = desk.run(work())
    assert first == again
    assert "".join(pieces) == first.text
    assert len(desk.keeper.calls) == 2
    assert desk.keeper.recalled == [desk.keeper.calls[0]]
    assert other.text == first.text
    assert desk.counts("plain/again")["requests"] == 2


def test_a_failure_on_record_is_asked_again(desk: Desk) -> None:
    async def work() -> str:
        client = desk.client("half/again", Settings(retries=0))
        with pytest.raises(Exception, match="before it was complete"):
            await client.ask(question())
        return (await client.ask(question())).text

    assert desk.run(work())
    lost, found = desk.keeper.calls
    assert lost.error
    assert (lost.usage.measured, lost.usage.tokens_out) == (False, 3)
    assert found.usage.measured


def test_estimates_are_rather_too_high() -> None:
    assert text_tokens("") == 0
    assert text_tokens("four") == 2
    assert text_tokens("你好") == 2
    assert text_tokens("a plain English sentence of eleven words, give or take one") > 12
    assert prompt_tokens({"messages": [{"role": "user", "content": "hello"}]}) > 2
