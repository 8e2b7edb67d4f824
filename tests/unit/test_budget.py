"""The budget: whatever calls are made in whatever order, what was admitted never passes a ceiling, and none hangs."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hitl_app.domain.model import ModelEndpoint, Price, Usage
from hitl_app.domain.run import Budget, BudgetExhaustedError
from hitl_app.refine.budget import SMALLEST_ANSWER, Account

PRICE = Price(input=2.0, output=8.0)
A_MOMENT = 1e-9
"""US dollars that sums of floating-point numbers may be off."""


@dataclass(frozen=True)
class Asked:
    """A call: its estimated prompt and the completion it wants, which part of those it uses, how long it takes."""

    child: int
    tokens_in: int
    max_tokens: int
    used: float
    turns: int
    cancelled: bool


calls = st.builds(
    Asked,
    child=st.integers(0, 2),
    tokens_in=st.sampled_from([0, 1, 100, 999, 2000]),
    max_tokens=st.sampled_from([1, 255, 1000, 3000]),
    used=st.sampled_from([0.0, 0.5, 1.0]),
    turns=st.integers(0, 5),
    cancelled=st.booleans(),
)
ceilings = st.builds(
    Budget,
    tokens=st.sampled_from([None, 0, 1000, 1500, 3000, 10_000]),
    usd=st.sampled_from([None, None, 0.0, 0.01, 0.05]),
)


class Watched:
    """Accounts of a run and of three tasks, of which the ceilings are checked at every step."""

    def __init__(self, whole: Budget, parts: Sequence[Budget]) -> None:
        self.run = Account(whole, PRICE, lambda: 0.0)
        self.tasks = [self.run.child(part) for part in parts]
        self._open: dict[int, list[tuple[int, int]]] = {number: [] for number in range(-1, len(parts))}

    def opened(self, child: int, tokens_in: int, tokens_out: int) -> None:
        for number in (-1, child):
            self._open[number].append((tokens_in, tokens_out))
        self.check()

    def closed(self, child: int, tokens_in: int, tokens_out: int) -> None:
        for number in (-1, child):
            self._open[number].remove((tokens_in, tokens_out))

    def check(self) -> None:
        for number, account in enumerate([self.run, *self.tasks], -1):
            reserved = self._open[number]
            if account.budget.tokens is not None:
                assert account.spent.tokens + sum(map(sum, reserved)) <= account.budget.tokens
            if account.budget.usd is not None:
                usd = (account.spent.usd or 0.0) + sum(PRICE.of(*pair) for pair in reserved)
                assert usd <= account.budget.usd + A_MOMENT


async def call(accounts: Watched, asked: Asked) -> str:
    account = accounts.tasks[asked.child]
    try:
        allowed = await account.admit(asked.tokens_in, asked.max_tokens)
    except BudgetExhaustedError as reason:
        return str(reason)
    assert min(SMALLEST_ANSWER, asked.max_tokens) <= allowed <= asked.max_tokens
    accounts.opened(asked.child, asked.tokens_in, allowed)
    try:
        for _ in range(asked.turns):
            await asyncio.sleep(0)
    finally:
        accounts.closed(asked.child, asked.tokens_in, allowed)
        account.release(asked.tokens_in, allowed)
        tokens_in, tokens_out = int(asked.tokens_in * asked.used), int(allowed * asked.used)
        account.count(Usage(1, tokens_in, tokens_out, True, PRICE.of(tokens_in, tokens_out)))
        accounts.check()
    return ""


async def all_at_once(accounts: Watched, asked: Sequence[Asked]) -> list[str | BaseException]:
    tasks = [asyncio.create_task(call(accounts, one)) for one in asked]
    await asyncio.sleep(0)
    for task, one in zip(tasks, asked, strict=True):
        if one.cancelled:
            task.cancel()
    return await asyncio.gather(*tasks, return_exceptions=True)


@given(ceilings, st.lists(ceilings, min_size=3, max_size=3), st.lists(calls, max_size=12))
@settings(max_examples=150, deadline=None)
def test_no_order_of_calls_passes_a_ceiling_or_hangs_and_all_that_was_reserved_is_given_back(
    whole: Budget, parts: list[Budget], asked: list[Asked]
) -> None:
    async def story() -> None:
        accounts = Watched(whole, parts)
        async with asyncio.timeout(5):
            ended = await all_at_once(accounts, asked)
        assert all(isinstance(end, str | asyncio.CancelledError) for end in ended), ended
        accounts.check()
        left = (whole.tokens or 0) - accounts.run.spent.tokens
        if left > 0 and whole.usd is None:
            assert await accounts.run.admit(0, left) == left
        assert accounts.run.spent.tokens == sum(task.spent.tokens for task in accounts.tasks)

    asyncio.run(story())


def test_a_completion_is_shortened_to_what_is_left() -> None:
    account = Account(Budget(tokens=1000), None, lambda: 0.0)
    assert asyncio.run(account.admit(600, 4096)) == 400


def test_a_call_waits_for_those_under_way_and_goes_on_with_what_they_leave() -> None:
    async def story() -> None:
        account = Account(Budget(tokens=5000), None, lambda: 0.0)
        allowed = await account.admit(1000, 4000)
        waiting = asyncio.create_task(account.admit(1000, 4000))
        await asyncio.sleep(0)
        assert not waiting.done()
        account.release(1000, allowed)
        account.count(Usage(1, 1000, 500))
        assert await waiting == 2500

    asyncio.run(story())


def test_calls_that_wait_for_the_runs_room_do_not_pass_their_tasks_own_ceiling_together() -> None:
    async def story() -> None:
        run = Account(Budget(tokens=4000), None, lambda: 0.0)
        await run.admit(0, 4000)
        task = run.child(Budget(tokens=1500))
        waiting = [asyncio.create_task(task.admit(0, 1000)) for _ in range(2)]
        await asyncio.sleep(0)
        run.release(0, 4000)
        assert await asyncio.gather(*waiting) == [1000, 500]

    asyncio.run(story())


def test_what_does_not_fit_is_refused_with_what_was_spent() -> None:
    account = Account(Budget(tokens=1000, usd=1.0), PRICE, lambda: 0.0)
    account.count(Usage(1, 700, 100, True, 0.0022))
    with pytest.raises(BudgetExhaustedError, match=r"800 of 1000 tokens and 0\.0022 of 1 USD are spent"):
        asyncio.run(account.admit(100, 4096))


def test_each_model_reserves_and_counts_at_its_own_price() -> None:
    """The run's ceiling of money holds for a small and a large model together."""

    async def story() -> None:
        run = Account(Budget(usd=0.01), Price(0.1, 0.1), lambda: 0.0)
        large = run.child(model=ModelEndpoint("u", "large", Price(10.0, 10.0)))
        small = run.child(model=ModelEndpoint("u", "small", Price(0.1, 0.1)))
        assert await large.admit(0, 4096) == 1000, "a cent buys a thousand of its tokens"
        large.release(0, 1000)
        large.count(Usage(1, 0, 900, usd=None))
        assert run.spent.usd == pytest.approx(0.009)
        assert await small.admit(0, 4096) == 4096
        with pytest.raises(BudgetExhaustedError, match="USD are spent"):
            await large.admit(0, 4096)
        small.count(Usage(1, 0, 100, usd=None))
        assert run.spent.usd == pytest.approx(0.00901)
        with pytest.raises(BudgetExhaustedError, match="needs the price"):
            run.child(model=ModelEndpoint("u", "unknown"))
        free = Account(Budget(), Price(0.1, 0.1), lambda: 0.0)
        free.child(model=ModelEndpoint("u", "unknown")).count(Usage(1, 5, 5, usd=None))
        assert free.spent.usd is None, "another model's price is not made up"

    asyncio.run(story())


def test_a_ceiling_of_money_needs_a_price() -> None:
    with pytest.raises(BudgetExhaustedError, match="needs the price"):
        Account(Budget(usd=1.0), None, lambda: 0.0)


def test_nothing_is_admitted_once_the_time_is_used_up() -> None:
    now = [0.0]
    account = Account(Budget(seconds=10.0), None, lambda: now[0])
    task = account.child()
    assert asyncio.run(task.admit(10, 100)) == 100
    assert not task.is_late()
    now[0] = 10.0
    assert task.is_late()
    with pytest.raises(BudgetExhaustedError, match="time budget of 10 s"):
        asyncio.run(task.admit(10, 100))


def test_what_a_task_recalls_counts_for_the_task_and_once_for_the_run() -> None:
    run = Account(Budget(tokens=1000), None, lambda: 0.0)
    task, other = run.child(), run.child()
    task.count(Usage(1, 100, 50))
    other.count(Usage(1, 100, 50), again=True)
    assert (run.spent, task.spent, other.spent) == (Usage(1, 100, 50),) * 3


def test_what_was_recorded_without_a_price_counts_under_a_ceiling_of_money() -> None:
    account = Account(Budget(usd=0.01), PRICE, lambda: 0.0)
    account.count(Usage(1, 1000, 1000, usd=None))
    assert account.spent.usd == PRICE.of(1000, 1000)


def test_what_takes_longer_than_the_wall_time_is_cancelled() -> None:
    async def wait() -> None:
        account = Account(Budget(seconds=0.01), None, lambda: 0.0).child()
        await account.in_time(asyncio.Event().wait())

    with pytest.raises(BudgetExhaustedError, match=r"the time budget of 0\.01 s is used up"):
        asyncio.run(wait())
