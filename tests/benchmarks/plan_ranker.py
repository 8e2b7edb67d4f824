"""A linear Bradley-Terry ranker, learnt from weighted preference pairs by Newton's method. Plain Python."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

Vector = Sequence[float]

RIDGE = 1.0
"""Strength of the pull towards zero (a normal prior of variance 1 on each coefficient)."""

_STEPS = 12


@dataclass(frozen=True, slots=True)
class Preference:
    """The features of what is preferred and of what is not, with the pair's weight."""

    better: Vector
    worse: Vector
    weight: float


def learn(preferences: Sequence[Preference]) -> list[float]:
    """Coefficients that make the preferences likely: `P(better) = 1 / (1 + exp(-c . (better - worse)))`."""
    size = len(preferences[0].better)
    differences = [[a - b for a, b in zip(each.better, each.worse, strict=True)] for each in preferences]
    found = [0.0] * size
    for _ in range(_STEPS):
        slope = [-RIDGE * value for value in found]
        bend = [[RIDGE * (row == column) for column in range(size)] for row in range(size)]
        for each, by in zip(preferences, differences, strict=True):
            sure = 1 / (1 + math.exp(-score(found, by)))
            pull, stiff = each.weight * (1 - sure), each.weight * sure * (1 - sure)
            for row, value in enumerate(by):
                slope[row] += pull * value
                factor = stiff * value
                bend[row] = [so_far + factor * other for so_far, other in zip(bend[row], by, strict=True)]
        move = _solve(bend, slope)
        found = [value + step for value, step in zip(found, move, strict=True)]
        if max(map(abs, move)) < 1e-6:
            break
    return found


def score(coefficients: Vector, features: Vector) -> float:
    """How good something is: only differences mean anything."""
    return sum(value * feature for value, feature in zip(coefficients, features, strict=True))


def _solve(matrix: Sequence[Sequence[float]], right: Vector) -> list[float]:
    """Gauss-Jordan elimination; the ridge keeps the matrix positive definite, so that no pivot is zero."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for at, row in enumerate(rows):
        row[:] = [value / row[at] for value in row]
        for other in rows:
            if other is not row:
                factor = other[at]
                other[:] = [value - factor * pivot for value, pivot in zip(other, row, strict=True)]
    return [row[-1] for row in rows]
