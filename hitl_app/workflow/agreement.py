"""Agreement between people who answered the same questions independently: Cohen's kappa and Krippendorff's alpha.

The coefficients are nltk's (`nltk.metrics.agreement`). Where one is undefined it has no value but a reason.
"""

import math
import random
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import TYPE_CHECKING

from hitl_app.refine.statistics import CONFIDENCE, SEED, Interval

if TYPE_CHECKING:
    from nltk.metrics.agreement import AnnotationTask

Answer = str | int
Answers = Mapping[str, Answer]
"""What people answered of one thing, by annotator."""

Unit = tuple[str, str]
"""What was answered about: the lineage, and the part of it where there are several."""

RESAMPLES = 400
SAMPLE = 500
"""Units in one resample at most; with more of them, the spread of this many is scaled to the spread of all."""

FEWEST = 5
"""Units below which a resampling says nothing."""


class Scale(StrEnum):
    """How far two answers are apart.

    `nominal`: equal or not. `interval`: the square of their difference; what a rubric asks for, since its points are
    shown to people as evenly spaced numbers. Answers of yes and no, 1 and 0, come to the same on both.
    """

    NOMINAL = "nominal"
    INTERVAL = "interval"


class Undefined(StrEnum):
    """Why a coefficient has no value."""

    NO_OVERLAP = "no_overlap"
    """Nothing was answered by two people independently."""
    NO_VARIATION = "no_variation"
    """Everybody always gave one and the same answer: there is nothing that chance could be told from."""


@dataclass(frozen=True, slots=True)
class Coefficient:
    """An agreement beyond chance: 1 is perfect, 0 is chance, below 0 is worse than chance.

    Attributes:
        value: None where it is undefined.
        low: Lower end of the bootstrap's 95 % interval over units; None where there are too few units for one.
        high: Upper end.
        undefined: Why there is no value.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    undefined: Undefined | None = None


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two people on what both answered.

    Attributes:
        n: Number of units that both answered.
        equal: How many of those they answered equally.
        kappa: Cohen's; on an interval scale the weighted one, with squared differences as weights.
    """

    first: str
    second: str
    n: int
    equal: int
    kappa: Coefficient


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One unit that people answered differently: `answers` are pairs of annotator and answer."""

    root_id: str
    part: str
    answers: tuple[tuple[str, Answer], ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """What people agree on of one question.

    Attributes:
        question: `verdict`, `blame`, or `rating ITEM` for an item of the rubric.
        n: Units that at least two people answered.
        observed: Share of pairs of answers to one unit that are equal; None where there are none.
        alpha: Krippendorff's, over all people; who left a unit out is missing data.
    """

    question: str
    scale: Scale
    n: int
    observed: float | None
    alpha: Coefficient
    pairs: tuple[PairAgreement, ...]
    disagreements: tuple[Disagreement, ...]


def measure(question: str, scale: Scale, units: Mapping[Unit, Answers]) -> Agreement:
    """Measure agreement on one question.

    Takes up to some seconds and imports nltk (0.4 s): call it off the window's thread.

    Args:
        question: What was asked; names the report.
        scale: How far answers are apart.
        units: What was answered, independently. Units with one answer are left out.
    """
    shared = {unit: answers for unit, answers in sorted(units.items()) if len(answers) > 1}
    compared = [(one, other) for answers in shared.values() for one, other in combinations(answers.values(), 2)]
    return Agreement(
        question=question,
        scale=scale,
        n=len(shared),
        observed=sum(one == other for one, other in compared) / len(compared) if compared else None,
        alpha=krippendorff_alpha(list(shared.values()), scale),
        pairs=tuple(_pairs(shared.values(), scale)),
        disagreements=tuple(
            Disagreement(*unit, tuple(sorted(answers.items())))
            for unit, answers in shared.items()
            if len(set(answers.values())) > 1
        ),
    )


def krippendorff_alpha(units: Sequence[Answers], scale: Scale) -> Coefficient:
    """Krippendorff's alpha with its bootstrap interval (Krippendorff 2011, "Computing Alpha-Reliability").

    Args:
        units: What was answered; units with one answer say nothing of agreement and are left out.
        scale: How far answers are apart.
    """
    shared = [answers for answers in units if len(answers) > 1]
    undefined = _undefined(shared)
    if undefined is not None:
        return Coefficient(None, undefined=undefined)
    value = _alpha(shared, scale)
    interval = _bootstrap(shared, value, lambda drawn: None if _undefined(drawn) else _alpha(drawn, scale))
    return Coefficient(value) if interval is None else Coefficient(value, interval.low, interval.high)


def cohen_kappa(first: Sequence[Answer], second: Sequence[Answer], scale: Scale) -> Coefficient:
    """Cohen's kappa of two people's answers to the same units, in the same order (Cohen 1960; weighted: 1968)."""
    units = [{"first": one, "second": other} for one, other in zip(first, second, strict=True)]
    undefined = _undefined(units)
    if undefined is not None:
        return Coefficient(None, undefined=undefined)
    task = _task(units, scale)
    kappa = task.kappa_pairwise if scale is Scale.NOMINAL else task.weighted_kappa_pairwise
    return Coefficient(float(kappa("first", "second")))


def _pairs(units: Iterable[Answers], scale: Scale) -> Iterator[PairAgreement]:
    both: dict[tuple[str, str], list[tuple[Answer, Answer]]] = defaultdict(list)
    for answers in units:
        for one, other in combinations(sorted(answers), 2):
            both[one, other].append((answers[one], answers[other]))
    for (one, other), answered in sorted(both.items()):
        equal = sum(left == right for left, right in answered)
        kappa = cohen_kappa([left for left, _ in answered], [right for _, right in answered], scale)
        yield PairAgreement(one, other, len(answered), equal, kappa)


def _undefined(shared: Sequence[Answers]) -> Undefined | None:
    if not shared:
        return Undefined.NO_OVERLAP
    if len({answer for answers in shared for answer in answers.values()}) == 1:
        return Undefined.NO_VARIATION
    return None


def _task(units: Sequence[Answers], scale: Scale) -> "AnnotationTask":
    from nltk.metrics.agreement import AnnotationTask  # noqa: PLC0415 -- takes 0.4 s to import
    from nltk.metrics.distance import binary_distance, interval_distance  # noqa: PLC0415

    distance: Callable[[Hashable, Hashable], float] = binary_distance if scale is Scale.NOMINAL else interval_distance
    data = [(who, number, answer) for number, answers in enumerate(units) for who, answer in answers.items()]
    return AnnotationTask(data, distance)


def _alpha(units: Sequence[Answers], scale: Scale) -> float:
    return float(_task(units, scale).alpha())


def _bootstrap(
    units: Sequence[Answers], value: float, statistic: Callable[[Sequence[Answers]], float | None]
) -> Interval | None:
    """The percentile interval over resampled units; None where most resamples are undefined or units are few.

    With more than `SAMPLE` units each resample is smaller than all, and the deviations are scaled by the root of the
    ratio (the m-out-of-n bootstrap): the cost stays the same however many units there are.
    """
    if len(units) < FEWEST:
        return None
    draws = random.Random(SEED)  # noqa: S311 -- statistics, no secret
    size = min(len(units), SAMPLE)
    drawn = (statistic(draws.choices(units, k=size)) for _ in range(RESAMPLES))
    found = sorted(each for each in drawn if each is not None)
    if len(found) < RESAMPLES / 2:
        return None
    tail = (1 - CONFIDENCE) / 2
    narrower = math.sqrt(size / len(units))
    low, high = found[math.floor(tail * len(found))], found[math.ceil((1 - tail) * len(found)) - 1]
    return Interval(value, value + (low - value) * narrower, min(1.0, value + (high - value) * narrower))
