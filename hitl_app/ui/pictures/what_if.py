"""What cascades would have come to under other thresholds, beside what they came to: how many end at each stage."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QFont, QFontMetricsF

from hitl_app.domain.model import Usage
from hitl_app.domain.routing import STAGES, Resolution
from hitl_app.domain.routing_replay import Replay
from hitl_app.ui.cascades import comparison_words, cost_words, resolution_words
from hitl_app.ui.pictures.chart_parts import Series, paint_legend
from hitl_app.ui.pictures.drawing import Drawing, Pattern, Side
from hitl_app.ui.pictures.picture import Mark, Page, Picture, Table
from hitl_app.ui.translating import translate

WIDE = 36.0
"""Width of the picture in heights of a line."""

LINES = 3.0
"""Lines of a bar with what is said of it."""

Part = tuple[Series, int]
"""What a part of a bar is, and how many cascades it stands for."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What the cascades of a run come to together.

    Attributes:
        name: What the bar is called.
        stages: How many are resolved at each of the three stages.
        unknown: Of how many that is not known.
        usage: Of those that are known.
        verified, judged: How many of the known ones are verified, of how many that were judged.
    """

    name: str
    stages: tuple[int, ...]
    unknown: int
    usage: Usage
    verified: int
    judged: int

    @classmethod
    def of(cls, name: str, found: Sequence[Resolution]) -> "Tally":
        """Count."""
        ends = Counter(each.stage for each in found)
        judged = [each.verified for each in found if each.stage is not None and each.verified is not None]
        usage = sum((each.usage for each in found if each.usage is not None), Usage())
        return cls(name, tuple(ends[stage] for stage in STAGES), ends[None], usage, sum(judged), len(judged))

    @property
    def total(self) -> int:
        """All cascades."""
        return sum(self.stages) + self.unknown

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts of its bar."""
        return tuple(zip(_series(), (*self.stages, self.unknown), strict=True))

    @property
    def told(self) -> str:
        """What the known ones cost, and how good they are."""
        if not sum(self.stages):
            return translate("Pictures", "nothing is known")
        told = f"{self.quality} · {cost_words(self.usage)}"
        return translate("Pictures", "of the known: {0}").format(told) if self.unknown else told

    @property
    def quality(self) -> str:
        """How many of the judged ones are verified."""
        if not self.judged:
            return translate("Pictures", "quality not measured")
        return translate("Pictures", "{0} of {1} verified").format(self.verified, self.judged)


@dataclass(frozen=True)
class WhatIfPicture(Picture):
    """A bar for what was, and one for what would have been."""

    replay: Replay

    @property
    def title(self) -> str:
        """See `Picture`."""
        first = comparison_words(self.replay.comparator, self.replay.tau1)
        second = comparison_words(self.replay.comparator, self.replay.tau2)
        return translate("Pictures", "What if stage 1 asked for {0}, and stage 2 for {1}").format(first, second)

    @property
    def about(self) -> str:
        """See `Picture`."""
        return translate(
            "Pictures",
            "How many cascades end at each stage: replayed from the votes on record, without asking any model. Unknown "
            "are those in which a stage would run that has no samples. What people decided at a gate does not count.",
        )

    @property
    def description(self) -> str:
        """See `Picture`."""
        return " ".join((f"{self.title}.", self.about, *(f"{_words(tally)}." for tally in self.tallies)))

    @property
    def tallies(self) -> tuple[Tally, Tally]:
        """What was, and what would have been."""
        cascades = self.replay.cascades
        return (
            Tally.of(translate("Pictures", "As it was"), [each.was for each in cascades]),
            Tally.of(translate("Pictures", "It would be"), [each.would for each in cascades]),
        )

    @property
    def table(self) -> Table:
        """See `Picture`."""
        header = (
            "",
            *(series.name for series in _series()),
            translate("Pictures", "Quality"),
            translate("Pictures", "Tokens and price"),
        )
        rows = (
            (each.name, *(str(count) for _, count in each.parts), each.quality, cost_words(each.usage))
            for each in self.tallies
        )
        return Table(header, tuple(rows))

    def size(self, font: QFont) -> QSizeF:
        """See `Picture`."""
        line = _line(QFontMetricsF(font))
        return QSizeF(WIDE * line, line * (1.5 + 2 * LINES))

    def marks(self, page: Page) -> Sequence[Mark]:
        """See `Picture`."""
        return [
            Mark(page.place(place), f"{tally.name}: {part[0].name}: {part[1]}", row)
            for row, tally in enumerate(self.tallies)
            for place, part in _places(page, row, tally)
        ]

    def paint(self, drawing: Drawing, page: Page) -> None:
        """See `Picture`."""
        line = _line(page.metrics)
        paint_legend(drawing, page, _series())
        for row, tally in enumerate(self.tallies):
            heading = QRectF(page.area.left(), _top(page, row), page.area.width(), line)
            drawing.text(heading, tally.name, bold=True)
            name = page.metrics.horizontalAdvance(tally.name) * 1.1 + line
            drawing.text(heading.adjusted(name, 0, 0, 0), tally.told, Side.END, "muted")
            for place, (series, count) in _places(page, row, tally):
                drawing.fill(place, series.tone, series.pattern)
                ground = QRectF(0, 0, page.metrics.horizontalAdvance(str(count)) + 6, place.height() * 0.8)
                ground.moveCenter(place.center())
                if ground.width() <= place.width():
                    drawing.fill(ground, "muted", Pattern.EMPTY, outlined=False)
                    drawing.text(ground, str(count), Side.CENTRE)


def _series() -> tuple[Series, ...]:
    return (
        Series(translate("Pictures", "stage 1"), "success", Pattern.SOLID),
        Series(translate("Pictures", "stage 2"), "accent", Pattern.RISING),
        Series(translate("Pictures", "stage 3"), "warning", Pattern.CROSSED),
        Series(resolution_words(Resolution(None, None, None)), "muted", Pattern.EMPTY),
    )


def _line(metrics: QFontMetricsF) -> float:
    return metrics.height() * 1.25


def _top(page: Page, row: int) -> float:
    line = _line(page.metrics)
    return page.area.top() + line * (1.5 + LINES * row)


def _places(page: Page, row: int, tally: Tally) -> Iterator[tuple[QRectF, Part]]:
    """The parts of a bar that stand for any cascade, and where they are."""
    line, left = _line(page.metrics), page.area.left()
    for part in tally.parts:
        width = (page.area.width() - 1) * part[1] / max(tally.total, 1)
        if part[1]:
            yield QRectF(left, _top(page, row) + line, width, line), part
        left += width


def _words(tally: Tally) -> str:
    counts = ", ".join(f"{series.name}: {count}" for series, count in tally.parts)
    return f"{tally.name}: {counts}; {tally.told}"
