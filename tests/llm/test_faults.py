"""Whatever a server does wrong ends in a correct answer or in a clear error, and is on record."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

import pytest
from keeping import NOT_PROBED, USUAL, Desk, Keeper, Settings, question
from model_scripts import HELLO, KEY, LONG

from hitl_app.domain.model import (
    ChatMessage,
    ModelAnswer,
    ModelCall,
    ModelEndpoint,
    ModelRequest,
    ModelUnavailableError,
    Purpose,
    ToolCall,
)
from hitl_app.domain.run import Budget, BudgetExhaustedError
from hitl_app.llm.faults import retry_after
from hitl_app.llm.receiving import Received, receive
from hitl_app.refine.budget import Account

pytest_plugins = ["model_fixtures"]


def error_of(desk: Desk, model: str, settings: Settings = USUAL) -> str:
    with pytest.raises(ModelUnavailableError) as caught:
        desk.ask(model, settings=settings)
    assert desk.keeper.reserved == 0
    assert desk.keeper.calls[-1].error == str(caught.value)
    assert all(call.error for call in desk.keeper.calls)
    return str(caught.value)


def test_an_answer_streams_in_and_is_on_record(desk: Desk) -> None:
    pieces: list[str] = []

    async def work() -> ModelAnswer:
        return await desk.client("plain").ask(question(prompt="plan/1-abc"), pieces.append)

    answer = desk.run(work())
    assert answer.text == HELLO == "".join(pieces)
    assert len(pieces) > 1
    (call,) = desk.keeper.calls
    assert (call.prompt, call.model, call.endpoint) == ("plan/1-abc", "plain", desk.served.base_url)
    assert call.answer == {"text": HELLO, "calls": [], "finish": "stop"}
    assert (call.usage.tokens_in, call.usage.tokens_out, call.usage.measured) == (2, 7, True)
    assert call.attempts == 1
    assert call.started_at
    assert desk.keeper.reserved == 0


@pytest.mark.parametrize("model", ["busy-silently", "failing-twice"])
def test_a_server_that_is_busy_or_fails_is_asked_again(desk: Desk, model: str) -> None:
    assert desk.ask(model).text == HELLO
    assert desk.keeper.calls[0].attempts == 3


def test_the_time_that_a_busy_server_asks_for_is_waited(desk: Desk) -> None:
    began = time.monotonic()
    assert desk.ask("busy-once").text == HELLO
    assert 0.3 <= time.monotonic() - began < 2
    assert desk.keeper.calls[0].usage.measured


@pytest.mark.parametrize(
    ("model", "attempts", "words"),
    [
        ("busy-always", 3, "is too busy (429: slow down) after 3 attempts: wait a while"),
        ("failing-always", 3, "has a problem (500: out of memory) after 3 attempts"),
        ("no-credit", 1, "has no credit left for this key (429: you exceeded"),
        ("busy-for-an-hour", 1, "is too busy (429"),
        ("unknown", 1, "does not know the model or the page (404: the model does not exist): check"),
        ("locked", 1, "refuses the key (401: incorrect key: …): set HITL_APP_API_KEY"),
        ("too-long", 1, "refuses the request (400: this model's maximum context length"),
        ("html", 3, "sent something that is not JSON: <html>Welcome</html>"),
        ("no-choices", 3, "ended the answer before it was complete"),
        ("wrong-types", 3, "ended the answer before it was complete"),
        ("cut-always", 3, "broke off the connection"),
        ("huge", 1, "sends an answer without an end"),
    ],
)
def test_what_cannot_be_had_is_a_clear_error(desk: Desk, model: str, attempts: int, words: str) -> None:
    error = error_of(desk, model)
    assert error.startswith(f"{model} at {desk.served.base_url} ")
    assert words in error
    assert KEY not in error
    assert sum(call.attempts for call in desk.keeper.calls) == desk.counts(model)["requests"] == attempts


@pytest.mark.parametrize(
    ("model", "text"),
    [
        ("cut-once", LONG),
        ("cut-at-once", LONG),
        ("dropped", LONG),
        ("not-json", HELLO),
        ("half", HELLO),
        ("error-inside", HELLO),
    ],
)
def test_an_answer_that_breaks_off_is_asked_for_again_and_counts_as_a_call_of_its_own(
    desk: Desk, model: str, text: str
) -> None:
    answer = desk.ask(model)
    assert answer.text == text
    lost, found = desk.keeper.calls
    counted = desk.counts(model)
    broken, answered = (counted["by_outcome"].get(name) for name in ("cut", "answered"))
    assert lost.error
    assert not lost.usage.measured
    assert broken is None or lost.usage.tokens_out >= broken["tokens_out"]
    assert lost.usage.tokens_in >= counted["tokens_in"] - answered["tokens_in"]
    assert answer.usage == found.usage
    assert (found.usage.tokens_in, found.usage.tokens_out) == (answered["tokens_in"], answered["tokens_out"])
    assert found.usage.measured
    assert not found.error
    assert (lost.key, lost.attempts, found.attempts) == (found.key, 1, 1)


def test_attempts_that_are_lost_cannot_pass_a_ceiling(desk: Desk) -> None:
    account = Account(Budget(tokens=330), None, lambda: 0.0)
    calls: list[ModelCall] = []

    class Counting(Keeper):
        async def admit(self, tokens_in: int, max_tokens: int) -> int:
            return await account.admit(tokens_in, max_tokens)

        def release(self, tokens_in: int, max_tokens: int) -> None:
            account.release(tokens_in, max_tokens)

        async def keep(self, call: ModelCall, *, recalled: bool = False) -> None:
            account.count(call.usage)
            calls.append(call)

    client = desk.servers.client(desk.endpoint("cut-always/ceiling", Settings(retries=50)), NOT_PROBED, Counting())
    with pytest.raises(BudgetExhaustedError):
        desk.run(client.ask(question()))
    assert calls
    assert account.spent.tokens <= 330


def test_what_was_streamed_of_a_lost_answer_is_marked(desk: Desk) -> None:
    pieces: list[str] = []

    async def work() -> ModelAnswer:
        return await desk.client("cut-once/marked").ask(question(), pieces.append)

    desk.run(work())
    assert "".join(pieces).endswith(f"[the connection was lost: asking again]\n{LONG}")


@pytest.mark.parametrize("model", ["hanging", "stalling"])
def test_a_server_that_says_nothing_is_given_up_after_the_timeout(desk: Desk, model: str) -> None:
    error = error_of(desk, f"{model}/timeout", Settings(timeout=0.2, retries=1))
    assert "sent nothing for 0.2 s after 2 attempts" in error
    assert not desk.keeper.calls[0].usage.measured


def test_a_slow_stream_may_take_longer_than_the_timeout(desk: Desk) -> None:
    assert desk.ask("slow", settings=Settings(timeout=0.15)).text == LONG


def test_nobody_listening_is_a_clear_error(desk: Desk) -> None:
    async def work() -> None:
        endpoint = ModelEndpoint("http://127.0.0.1:9", "m", retries=1)
        await desk.servers.client(endpoint, NOT_PROBED, desk.keeper).ask(question())

    with pytest.raises(ModelUnavailableError, match=r"m at http://127.0.0.1:9/v1 cannot be reached \(Connection refu"):
        desk.run(work())
    (call,) = desk.keeper.calls
    assert (call.attempts, call.usage.tokens) == (2, 0)


@pytest.mark.parametrize(
    ("model", "attempts"),
    [("at-once", 1), ("no-stream-options", 2), ("no-stream", 2), ("newer", 3), ("line-ends", 1), ("no-goodbye", 1)],
)
def test_servers_that_differ_are_asked_as_they_like_it(desk: Desk, model: str, attempts: int) -> None:
    async def work() -> tuple[str, str]:
        client = desk.client(model)
        return (await client.ask(question())).text, (await client.ask(question("again"))).text

    first, second = desk.run(work())
    assert first == second
    assert first
    # What was learned once is not tried again.
    assert [call.attempts for call in desk.keeper.calls] == [attempts, 1]


def test_line_separators_inside_of_a_text_do_not_end_an_event(desk: Desk) -> None:
    assert desk.ask("line-ends/text").text == "one\u2028line\x85two"


@pytest.mark.parametrize("model", ["marked", "marked-at-once"])
def test_a_byte_order_mark_costs_no_words(desk: Desk, model: str) -> None:
    assert desk.ask(model).text == "hello you"


def test_a_stream_is_known_however_its_type_is_spelled() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b'data: {"choices": [{"delta": {"content": "hello"}, "finish_reason": "stop"}]}\n\n'

    received = Received(lambda text: None)
    asyncio.run(receive("TEXT/Event-Stream;charset=UTF-8", pieces(), received))
    assert received.answer()["text"] == "hello"


def test_a_key_that_a_server_repeats_is_in_no_error_not_even_its_beginning(desk: Desk) -> None:
    assert KEY[:9] not in error_of(desk, "telling")


def test_tokens_that_no_server_counts_are_estimated_and_said_to_be(desk: Desk) -> None:
    usage = desk.ask("uncounted").usage
    assert not usage.measured
    assert usage.tokens_in >= 2
    assert usage.tokens_out == 10  # 29 bytes, three a token


def test_what_was_admitted_is_what_the_server_is_asked_for_and_no_part_of_the_key(desk: Desk) -> None:
    desk.keeper.allowed = 300
    desk.ask("plain/admitted")
    (call,) = desk.keeper.calls
    assert call.parameters["max_tokens"] == 4096
    assert desk.keeper.admitted[0][1] == 300


@pytest.mark.parametrize(
    ("moment", "concurrency"),
    [("dripping", 4), ("hanging", 4), ("stalling", 4), ("busy-for-long", 4), ("hanging/limit", 1)],
)
def test_a_call_is_cancelled_within_a_second(desk: Desk, moment: str, concurrency: int) -> None:
    model = f"{moment}/cancel"

    async def work() -> float:
        client = desk.client(model, Settings(concurrency=concurrency))
        tasks = [asyncio.create_task(client.ask(question(str(number)))) for number in range(2)]
        await asyncio.wait(tasks, timeout=0.2)
        began = time.monotonic()
        for task in reversed(tasks):
            task.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        return time.monotonic() - began

    assert desk.run(work()) < 1
    assert desk.keeper.reserved == 0
    sent = min(2, concurrency)
    assert [call.error for call in desk.keeper.calls] == ["cancelled"] * sent
    assert all(call.usage.tokens_in > 0 or moment == "busy-for-long" for call in desk.keeper.calls)


def test_calls_that_follow_each_other_share_a_connection(desk: Desk) -> None:
    async def work() -> None:
        client = desk.client("plain/shared")
        for number in range(5):
            await client.ask(question(sample=number))

    before = desk.served.counters()["connections"]
    desk.run(work())
    assert desk.served.counters()["connections"] == before + 2  # one for the calls, one for the counters


def test_no_more_calls_are_under_way_than_allowed(desk: Desk) -> None:
    async def work() -> None:
        client = desk.client("slow/limit", Settings(concurrency=2))
        await asyncio.gather(*(client.ask(question(str(number))) for number in range(5)))

    began = time.monotonic()
    desk.run(work())
    assert time.monotonic() - began > 3 * 6 * 0.03


def test_halves_of_characters_are_not_sent(desk: Desk) -> None:
    said = (
        ChatMessage("user", "half \ud800"),
        ChatMessage("assistant", calls=(ToolCall("lookup", {"\udc00": ["\ud800"]}, "c"),)),
        ChatMessage("tool", "\udfff", call_id="c"),
    )
    assert desk.ask("plain/halves", ModelRequest(Purpose.TEST, said)).text == HELLO
    assert desk.keeper.calls[0].messages[1].calls[0].arguments == {"\ufffd": ["\ufffd"]}


def test_closing_ends_what_is_under_way(desk: Desk) -> None:
    async def work() -> None:
        task = asyncio.create_task(desk.client("hanging/close").ask(question()))
        await asyncio.wait([task], timeout=0.2)
        await desk.servers.close()
        await desk.servers.close()
        await task

    with pytest.raises(ModelUnavailableError):
        desk.run(work())


@pytest.mark.parametrize(
    "base_url",
    [
        "",
        "localhost:8000",
        "ftp://x/v1",
        "http://me:word@host/v1",
        "http://me:word@h x/v1",
        "http://a b",
        "http://\x7f",
        "http://256.256.256.256",
    ],
)
def test_what_is_no_base_url_is_refused(desk: Desk, base_url: str) -> None:
    async def work() -> str:
        return (await desk.servers.probe(ModelEndpoint(base_url, "m"))).problem

    problem = desk.run(work())
    assert "base URL" in problem
    assert "word" not in problem.replace("password", "")


def test_the_time_to_wait_is_read_in_all_its_forms() -> None:
    assert retry_after({"retry-after": "2"}) == 2
    assert retry_after({"retry-after-ms": "1500", "retry-after": "9"}) == 1.5
    assert retry_after({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0
    assert retry_after({"retry-after": "soon"}) is None
    assert retry_after({"retry-after": "nan"}) is None
    assert retry_after({}) is None
