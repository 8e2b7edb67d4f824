"""The budget: hard ceilings on tokens, money and wall time, and what was spent under them."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from hitl_app.domain.model import ModelEndpoint, Price, Usage
from hitl_app.domain.run import Budget, BudgetExhaustedError

T = TypeVar("T")

SMALLEST_ANSWER = 256
"""Completion tokens below which asking makes no sense, unless fewer were wanted."""


@dataclass
class _Reserved:
    tokens: int = 0
    usd: float = 0.0


class Account:
    """What was spent and reserved under one budget. Belongs to one event loop.

    A call is admitted only where its estimated prompt and the completion that it may still ask for fit under every
    ceiling; a completion is shortened to what is left. A ceiling can therefore be passed only by as much as the
    estimate of one prompt was too small.
    """

    def __init__(
        self, budget: Budget, price: Price | None, elapsed: Callable[[], float], parent: "Account | None" = None
    ) -> None:
        """Open an account.

        Args:
            budget: The ceilings.
            price: Of the model's tokens; a ceiling of money needs one.
            elapsed: Seconds since the run began.
            parent: Another account that everything counts in as well, such as that of the whole run.
        """
        self._money: bool = budget.usd is not None or (parent is not None and parent._money)
        if self._money and price is None:
            raise BudgetExhaustedError(
                "a budget in US dollars needs the price of the model: give it in the settings "
                "(hitl-app model set --price-in X --price-out Y, or the desk's window)"
            )
        self.budget = budget
        self.spent = Usage()
        self._price = price
        self._elapsed = elapsed
        self._parent = parent
        self._reserved = _Reserved()
        self._settled = asyncio.Event()

    def child(self, budget: Budget | None = None, model: ModelEndpoint | None = None) -> "Account":
        """An account within this one: of one task, with ceilings of its own, or of a model with a price of its own.

        Raises:
            BudgetExhaustedError: Money has a ceiling, and nobody knows the model's price.
        """
        price = self._price if model is None else model.price
        return Account(budget or Budget(), price, self._elapsed, self)

    def check(self) -> None:
        """Make sure that something is left of the wall time.

        Raises:
            BudgetExhaustedError: It is used up.
        """
        limit = self._seconds
        if limit is not None and self._elapsed() >= limit:
            raise _late(limit)

    def is_late(self) -> bool:
        """Whether the wall time is used up."""
        try:
            self.check()
        except BudgetExhaustedError:
            return True
        return False

    async def admit(self, tokens_in: int, max_tokens: int) -> int:
        """Reserve a call; the answer is how many completion tokens it may ask for.

        Raises:
            BudgetExhaustedError: It does not fit under a ceiling.
        """
        return await self._admit(tokens_in, max_tokens, self._price)

    def release(self, tokens_in: int, allowed: int) -> None:
        """Give back what `admit` reserved."""
        self._release(tokens_in, allowed, self._price)

    async def _admit(self, tokens_in: int, max_tokens: int, price: Price | None) -> int:
        """Reserve a call at the price of the model that is asked, here and further up."""
        allowed = await self._room_for(tokens_in, max_tokens, price)
        self._reserve(tokens_in, allowed, price)
        if self._parent is None:
            return allowed
        try:
            granted = await self._parent._admit(tokens_in, allowed, price)
        except BaseException:
            self._give_back(tokens_in, allowed, price)
            raise
        self._give_back(0, allowed - granted, price)
        return granted

    def _release(self, tokens_in: int, allowed: int, price: Price | None) -> None:
        self._give_back(tokens_in, allowed, price)
        if self._parent is not None:
            self._parent._release(tokens_in, allowed, price)

    def count(self, usage: Usage, *, again: bool = False) -> None:
        """Count what a call consumed; `again` where the whole run has counted it already, and nothing new was paid."""
        if usage.usd is None and self._price is not None:  # recorded when nobody knew the price
            usage = replace(usage, usd=self._price.of(usage.tokens_in, usage.tokens_out))
        self._count(usage, again=again)

    def _count(self, usage: Usage, *, again: bool) -> None:
        if again and self._parent is None:
            return
        self.spent += usage
        self._settled.set()
        if self._parent is not None:
            self._parent._count(usage, again=again)

    async def in_time(self, work: Awaitable[T]) -> T:
        """Await something for no longer than the wall time lasts; then it is cancelled.

        Raises:
            BudgetExhaustedError: The wall time is used up.
        """
        limit = self._seconds
        if limit is None:
            return await work
        try:
            async with asyncio.timeout(limit - self._elapsed()):
                return await work
        except TimeoutError:
            raise _late(limit) from None

    @property
    def _seconds(self) -> float | None:
        """The ceiling of the wall time: its own or its parent's, whichever is lower."""
        limits = [self.budget.seconds, None if self._parent is None else self._parent._seconds]
        return min((limit for limit in limits if limit is not None), default=None)

    async def _room_for(self, tokens_in: int, max_tokens: int, price: Price | None) -> int:
        """Completion tokens that fit; waits while only what is reserved stands in the way."""
        while True:
            self.check()
            allowed = self._fits(tokens_in, max_tokens, price)
            if allowed is not None:
                return allowed
            self._settled.clear()
            await self._settled.wait()

    def _give_back(self, tokens_in: int, tokens_out: int, price: Price | None) -> None:
        self._reserve(-tokens_in, -tokens_out, price)
        self._settled.set()

    def _reserve(self, tokens_in: int, tokens_out: int, price: Price | None) -> None:
        self._reserved.tokens += tokens_in + tokens_out
        if price is not None:
            self._reserved.usd += price.of(tokens_in, tokens_out)

    def _fits(self, tokens_in: int, max_tokens: int, price: Price | None) -> int | None:
        """Completion tokens that fit now; None where only what is reserved stands in the way."""
        wanted = min(SMALLEST_ANSWER, max_tokens)
        now = self._room(tokens_in, max_tokens, price, self._reserved)
        if now >= wanted:
            return now
        if self._room(tokens_in, max_tokens, price, _Reserved()) >= wanted and self._reserved.tokens:
            return None
        raise BudgetExhaustedError(self._used_up())

    def _room(self, tokens_in: int, max_tokens: int, price: Price | None, reserved: _Reserved) -> int:
        room = max_tokens
        if self.budget.tokens is not None:
            room = min(room, self.budget.tokens - self.spent.tokens - reserved.tokens - tokens_in)
        if self.budget.usd is not None and price is not None:
            left = self.budget.usd - (self.spent.usd or 0.0) - reserved.usd - price.of(tokens_in, 0)
            if left < 0:
                return -1
            if price.output > 0:
                room = min(room, int(left * 1_000_000 / price.output))
        return room

    def _used_up(self) -> str:
        budget, spent = self.budget, self.spent
        ceilings = []
        if budget.tokens is not None:
            ceilings.append(f"{spent.tokens} of {budget.tokens} tokens")
        if budget.usd is not None:
            ceilings.append(f"{spent.usd or 0:.4f} of {budget.usd:g} USD")
        return f"the budget is used up: {' and '.join(ceilings)} are spent, and the next call does not fit"


def _late(limit: float) -> BudgetExhaustedError:
    return BudgetExhaustedError(f"the time budget of {limit:g} s is used up")
