"""The loss vector and its order.

The order is ours, not the paper's: `(hard_constraints + goal, feasibility, soft_constraints, discrepancy)`,
compared lexicographically and by counts. By ratios, deleting a superfluous failing step would raise the share of
failures and be refused; with feasibility first, an agent that recovered from one failed look-up would lose to
one that did nothing; with hard constraints alone first, the empty plan would win.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Component(StrEnum):
    """The five components of the loss vector."""

    HARD_CONSTRAINTS = "hard_constraints"
    GOAL = "goal"
    FEASIBILITY = "feasibility"
    SOFT_CONSTRAINTS = "soft_constraints"
    DISCREPANCY = "discrepancy"


@dataclass(frozen=True, slots=True)
class Count:
    """How many of how many: `1 of 20`. Zero is perfect."""

    count: int
    of: int

    def __post_init__(self) -> None:
        if not 0 <= self.count <= self.of:
            raise ValueError(f"a loss counts 0 to {self.of}, not {self.count}")

    def __str__(self) -> str:
        return f"{self.count} of {self.of}"


class NotComparableError(ValueError):
    """One of two vectors measures a component that the other does not."""


@dataclass(frozen=True, slots=True)
class LossVector:
    """Five components; None means that the environment cannot judge it ("not measured"), never zero."""

    hard_constraints: Count | None = None
    goal: Count | None = None
    feasibility: Count | None = None
    soft_constraints: Count | None = None
    discrepancy: Count | None = None

    def __getitem__(self, component: Component) -> Count | None:
        value: Count | None = getattr(self, component.value)
        return value

    def items(self) -> Iterator[tuple[Component, Count | None]]:
        """Components with their counts, in the fixed order of the fields."""
        for component in Component:
            yield component, getattr(self, component)

    @property
    def measured(self) -> frozenset[Component]:
        """Components that were measured."""
        return frozenset(component for component, count in self.items() if count is not None)

    @property
    def total(self) -> int:
        """Sum of the measured counts. For display only: never compare trajectories by it."""
        return sum(count.count for _, count in self.items() if count is not None)

    @property
    def rank(self) -> tuple[int, int, int, int]:
        """The key of the order. Only meaningful between vectors with the same components measured."""

        def of(count: Count | None) -> int:
            return 0 if count is None else count.count

        return (
            of(self.hard_constraints) + of(self.goal),
            of(self.feasibility),
            of(self.soft_constraints),
            of(self.discrepancy),
        )

    def compare(self, other: "LossVector") -> int:
        """-1 where this vector is better, 0 where equal in the order, 1 where worse.

        Raises:
            NotComparableError: A component is measured in one vector only, or nothing is measured.
        """
        if self.measured != other.measured:
            names = ", ".join(sorted(self.measured ^ other.measured))
            raise NotComparableError(f"measured in only one of the two: {names}")
        if not self.measured:
            raise NotComparableError("no component of the loss was measured")
        return (self.rank > other.rank) - (self.rank < other.rank)

    def margin(self, other: "LossVector") -> float:
        """How much better this vector is than another one: above 0 where it is better in the order, 0 where equal.

        The sum over the four places of the order of `d / (1 + |d|) / 4**place`, where `d` is the other's count less
        ours. So one hard constraint or goal less is 0.5, one failed step less 0.125, one soft constraint 0.031, one
        discrepancy 0.008; the sign is always that of the order, and the value stays between -4/3 and 4/3. (The scale
        is ours.)

        Raises:
            NotComparableError: As for `compare`.
        """
        self.compare(other)
        places = enumerate(zip(self.rank, other.rank, strict=True))
        return sum((theirs - ours) / (1 + abs(theirs - ours)) * 0.25**place for place, (ours, theirs) in places)
