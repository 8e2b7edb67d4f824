"""What a run of cascades would have come to under other thresholds: replayed from logged votes alone."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from hitl_app.domain.model import Usage
from hitl_app.domain.routing import (
    STAGES,
    UNKNOWN,
    Comparator,
    Place,
    Resolution,
    RoutedStage,
    RoutingSettings,
    outcome,
    what_if,
)

GRID = (0.0, 0.25, 0.5, 0.625, 0.75, 0.875, 1.0)
"""Thresholds of a sweep."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """One cascade.

    Attributes:
        was: What it came to.
        would: What it would have come to; `UNKNOWN` where samples are missing, or where an earlier cascade of the same
            start would have come to something else, so that this one would have been about something else.
    """

    place: Place
    was: Resolution
    would: Resolution

    @property
    def known(self) -> bool:
        """It is known what it would have come to."""
        return self.would.stage is not None


@dataclass(frozen=True)
class Replay:
    """All cascades of a run under one pair of thresholds."""

    tau1: float
    tau2: float
    comparator: Comparator
    cascades: tuple[Replayed, ...]

    @property
    def known(self) -> tuple[Replayed, ...]:
        """Those of which it is known what they would have come to."""
        return tuple(each for each in self.cascades if each.known)

    @property
    def unknown(self) -> int:
        """How many others there are."""
        return len(self.cascades) - len(self.known)

    def resolved(self, stage: int) -> int:
        """How many would have ended at a stage."""
        return sum(each.would.stage == stage for each in self.cascades)

    @property
    def usage(self) -> Usage:
        """What the known ones would have cost."""
        return sum((each.would.usage for each in self.known if each.would.usage is not None), Usage())

    @property
    def verified(self) -> tuple[int, int]:
        """How many of the known ones would have been verified, and of how many that were judged."""
        judged = [each.would.verified for each in self.known if each.would.verified is not None]
        return sum(judged), len(judged)


def replay(stages: Iterable[RoutedStage], settings: RoutingSettings) -> Replay:
    """A run's cascades under other thresholds.

    Args:
        stages: Of one run, in any order.
        settings: The thresholds and the comparator; the rest is as it was.
    """
    ordered = sorted(stages, key=_order)
    found: list[Replayed] = []
    for _, of_start in groupby(ordered, key=lambda stage: stage.start_id):
        found += _of_start(list(of_start), settings)
    return Replay(settings.tau1, settings.tau2, settings.comparator, tuple(found))


def sweep(
    stages: Sequence[RoutedStage], comparator: Comparator, thresholds: Sequence[float] = GRID
) -> Iterator[Replay]:
    """A run under all pairs of thresholds."""
    for tau1 in thresholds:
        for tau2 in thresholds:
            yield replay(stages, RoutingSettings(tau1=tau1, tau2=tau2, comparator=comparator))


def _of_start(stages: Sequence[RoutedStage], settings: RoutingSettings) -> Iterator[Replayed]:
    same = True
    for place, of_place in groupby(stages, key=lambda stage: stage.place):
        cascade = list(of_place)
        was, would = outcome(cascade), what_if(cascade, settings) if same else UNKNOWN
        same = same and would.stage is not None and would.answer == was.answer
        yield Replayed(place, was, would)


def _order(stage: RoutedStage) -> tuple[str, int, int, int]:
    step = -1 if stage.step is None else stage.step
    return stage.start_id, stage.attempt, step, STAGES.index(stage.stage)
