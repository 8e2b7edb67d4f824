"""Confidence intervals for comparisons over tasks: Wilson's for shares, the bootstrap's for means and differences."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean

CONFIDENCE = 0.95
RESAMPLES = 2000
SEED = 1
"""Of the resampling: the same results give the same intervals."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with the ends of its confidence interval."""

    value: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Zero lies outside: as a difference it is significant at this confidence."""
        return self.low > 0 or self.high < 0


def share(hits: int, of: int, confidence: float = CONFIDENCE) -> Interval:
    """A share with Wilson's score interval (Wilson 1927), which holds up near 0 and 1 and for few tasks.

    Raises:
        ValueError: There are no tasks, or more hits than tasks.
    """
    if not 0 <= hits <= of or of == 0:
        raise ValueError(f"there is no share of {hits} in {of}")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    found = hits / of
    centre = (found + z * z / (2 * of)) / (1 + z * z / of)
    half = z * math.sqrt(found * (1 - found) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return Interval(found, max(0.0, centre - half), min(1.0, centre + half))


def mean(values: Sequence[float], confidence: float = CONFIDENCE) -> Interval:
    """A mean with the percentile interval of the bootstrap over the values.

    Raises:
        ValueError: There are no values.
    """
    if not values:
        raise ValueError("there is no mean of no values")
    draws = random.Random(SEED)  # noqa: S311 -- statistics, no secret
    means = sorted(fmean(draws.choices(values, k=len(values))) for _ in range(RESAMPLES))
    tail = (1 - confidence) / 2
    low, high = math.floor(tail * RESAMPLES), math.ceil((1 - tail) * RESAMPLES) - 1
    return Interval(fmean(values), means[low], means[high])


def difference(ours: Sequence[float], theirs: Sequence[float], confidence: float = CONFIDENCE) -> Interval:
    """The mean of the differences of pairs, with the paired bootstrap's interval.

    Args:
        ours: One value a task.
        theirs: Of the same tasks in the same order.
        confidence: Of the interval.

    Raises:
        ValueError: The values are not pairs, or there are none.
    """
    return mean([one - other for one, other in zip(ours, theirs, strict=True)], confidence)
