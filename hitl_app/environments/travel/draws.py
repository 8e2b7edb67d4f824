"""Seeded draws that give the same values on every platform and Python version."""

import random
import zlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def stable_hash(*parts: object) -> int:
    """A number from 0 to 2**32 - 1 that depends on the parts alone."""
    return zlib.crc32("/".join(map(str, parts)).encode())


class Draws:
    """Random choices from a seed made of parts.

    Only `Random.random` is promised to stay the same between Python versions, so all draws are made from it.
    """

    def __init__(self, *seed: object) -> None:
        self._random = random.Random("/".join(map(str, seed))).random  # noqa: S311 - repeatable, not secret

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self._random() < probability

    def uniform(self, low: float, high: float) -> float:
        """A number from `low` to `high`."""
        return low + (high - low) * self._random()

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self._random() * (high - low + 1))

    def choice(self, values: Sequence[T]) -> T:
        """One of the values."""
        return values[self.whole(0, len(values) - 1)]

    def sample(self, values: Sequence[T], count: int) -> list[T]:
        """That many different values (all where there are fewer), in random order."""
        pool = list(values)
        return [pool.pop(self.whole(0, len(pool) - 1)) for _ in range(min(count, len(pool)))]

    def shuffled(self, values: Sequence[T]) -> list[T]:
        """All values in random order."""
        return self.sample(values, len(values))

    def weighted(self, values: Sequence[T], weights: Sequence[float]) -> T:
        """One of the values, with probabilities in proportion to the weights."""
        rest = self._random() * sum(weights)
        for value, weight in zip(values, weights, strict=True):
            rest -= weight
            if rest < 0:
                return value
        return values[-1]
