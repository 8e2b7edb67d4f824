"""Cascades as strips: the three stages of each task or step, with its votes, its threshold and who resolved it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QFont, QFontMetricsF

from hitl_app.domain.routing import STAGES, Confidence, RoutedStage
from hitl_app.ui.cascades import (
    Cascade,
    cost_words,
    others_words,
    outcome_words,
    quality_words,
    resolution_words,
    role_words,
    ruled_words,
    share_words,
    stage_title,
    threshold_words,
    votes_of,
    votes_words,
)
from hitl_app.ui.pictures.drawing import Drawing, Pattern, Side
from hitl_app.ui.pictures.picture import Mark, Page, Picture, Table
from hitl_app.ui.translating import translate

LINES = 5
"""Lines of a strip: what it is about, the votes in words and as a bar, the outcome, the cost."""

OTHERS = (Pattern.RISING, Pattern.FALLING)
"""Other answers than the majority's, in turns."""


@dataclass(frozen=True)
class CascadesPicture(Picture):
    """A row of three cells for each cascade.

    Attributes:
        cascades: From the first row down.
        selected: Row and stage that are shown beside the picture; None where none are.
        asked: The one stage that is painted, because a person is asked about it; None paints all.
    """

    cascades: tuple[Cascade, ...]
    selected: tuple[int, int] | None = None
    asked: int | None = None

    @property
    def title(self) -> str:
        """See `Picture`."""
        return translate("Pictures", "Cascades")

    @property
    def about(self) -> str:
        """See `Picture`."""
        return translate(
            "Pictures",
            "A row for each task or step. The filled part of a bar are the votes of the majority, the hatched parts "
            "other answers, the empty part samples without an answer. The dashed line is the threshold that the "
            "majority has to pass; then the stage is accepted, else the next one runs. A person may decide otherwise.",
        )

    @property
    def description(self) -> str:
        """See `Picture`."""
        rows = (f"{cascade.words}: {self._told(cascade)}." for cascade in self.cascades)
        return " ".join((self.about, *rows))

    def _told(self, cascade: Cascade) -> str:
        return "; ".join(_stage_words(stage) for stage in cascade.stages)

    @property
    def table(self) -> Table:
        """See `Picture`: a row for each stage."""
        header = (
            translate("Pictures", "Task or step"),
            translate("Pictures", "Stage"),
            translate("Pictures", "Who"),
            translate("Pictures", "Votes"),
            translate("Pictures", "Consensus"),
            translate("Pictures", "Threshold"),
            translate("Pictures", "Outcome"),
            translate("Pictures", "Tokens and price"),
            translate("Pictures", "Resolved at"),
            translate("Pictures", "Quality"),
        )
        return Table(header, tuple(row for cascade in self.cascades for row in _rows(cascade)))

    # -- places ------------------------------------------------------------------------------------------------------

    @property
    def _columns(self) -> tuple[int, ...]:
        return STAGES if self.asked is None else (self.asked,)

    def size(self, font: QFont) -> QSizeF:
        """See `Picture`."""
        shape = _Shape.of(QFontMetricsF(font))
        rows = len(self.cascades)
        return QSizeF(len(self._columns) * shape.across - shape.gap + 2 * shape.pad, shape.line + rows * shape.down)

    def _cell(self, shape: "_Shape", page: Page, row: int, stage: int) -> QRectF:
        """Place of a stage, below the line that says what its row is about."""
        left = page.area.left() + shape.pad + self._columns.index(stage) * shape.across
        top = page.area.top() + shape.line + row * shape.down + shape.line
        return QRectF(left, top, shape.width, (LINES - 1) * shape.line)

    def marks(self, page: Page) -> Sequence[Mark]:
        """See `Picture`: a stage has its row and its number as its key."""
        shape = _Shape.of(page.metrics)
        return [
            Mark(
                page.place(self._cell(shape, page, row, stage.stage)),
                f"{cascade.words}: {_stage_words(stage)}",
                row,
                f"{row} {stage.stage}",
            )
            for row, cascade in enumerate(self.cascades)
            for stage in cascade.stages
            if stage.stage in self._columns
        ]

    # -- paint -------------------------------------------------------------------------------------------------------

    def paint(self, drawing: Drawing, page: Page) -> None:
        """See `Picture`."""
        shape = _Shape.of(page.metrics)
        for stage in self._columns:
            place = QRectF(self._cell(shape, page, 0, stage).left(), page.area.top(), shape.width, shape.line)
            drawing.text(place, stage_title(stage), tone="muted", bold=True)
        for row, cascade in enumerate(self.cascades):
            first = self._cell(shape, page, row, self._columns[0])
            whole = QRectF(page.area.left(), first.top() - shape.line, page.area.width(), shape.down)
            if not whole.intersects(drawing.visible):
                continue
            drawing.line(whole.topLeft(), whole.topRight(), "line")
            heading = QRectF(first.left(), whole.top(), whole.width() - 2 * shape.pad, shape.line)
            drawing.text(heading, f"{cascade.words} · {self._resolved(cascade)}", bold=True)
            for stage in self._columns:
                cell = self._cell(shape, page, row, stage)
                self._paint_stage(drawing, shape, cell, cascade.stage(stage))
                if self.selected == (row, stage):
                    pad = shape.pad / 2
                    _paint_frame(drawing, cell.adjusted(-pad, 0, pad, pad))

    def _resolved(self, cascade: Cascade) -> str:
        found = cascade.resolution
        if self.asked is not None:
            return translate("Pictures", "waits for you")
        if found.stage is None:
            return translate("Pictures", "not resolved")
        return f"{resolution_words(found)}, {quality_words(found.verified)}"

    def _paint_stage(self, drawing: Drawing, shape: "_Shape", cell: QRectF, stage: RoutedStage | None) -> None:
        line = QRectF(cell.left(), cell.top(), cell.width(), shape.line)
        if stage is None:
            drawing.text(line, translate("Pictures", "did not run"), tone="muted")
            return
        drawing.text(line, votes_words(stage))
        drawing.text(line, threshold_words(stage), Side.END, "muted")
        line.translate(0, shape.line)
        bar = line.adjusted(0, shape.pad * 0.2, 0, -shape.pad * 0.2)
        segments = tuple(_segments(stage, bar))
        for place, tone, pattern, _ in segments:
            drawing.fill(place, tone, pattern)
        if stage.threshold is not None and stage.confidence is Confidence.MAJORITY:
            x = bar.left() + bar.width() * stage.threshold
            ends = QPointF(x, line.top() - 2), QPointF(x, line.bottom() + 2)
            drawing.line(*ends, "window", 4.0)  # seen on whatever it crosses
            drawing.line(*ends, "danger", 2.0, dashed=True)
        for place, _, pattern, count in segments:
            _paint_count(drawing, place, count, pattern)
        line.translate(0, shape.line)
        tone, words = outcome_words(stage) if self.asked is None else ruled_words(stage)
        drawing.text(line, words, tone=tone)
        line.translate(0, shape.line)
        drawing.text(line, cost_words(stage.usage), tone="muted")


def _paint_frame(drawing: Drawing, around: QRectF) -> None:
    """The frame of the stage that is shown beside the picture."""
    corners = around.topLeft(), around.topRight(), around.bottomRight(), around.bottomLeft()
    drawing.path((*corners, corners[0]), "accent", 2.0)


def _segments(stage: RoutedStage, bar: QRectF) -> Iterator[tuple[QRectF, str, Pattern, int]]:
    """The parts of a bar: where, in which tone and pattern, and how many votes."""
    votes = votes_of(stage)
    parts = [(votes.winning, "accent", Pattern.SOLID)]
    parts += [(count, "warning", OTHERS[number % len(OTHERS)]) for number, count in enumerate(votes.others)]
    parts.append((votes.nothing, "muted", Pattern.EMPTY))
    left = bar.left()
    for count, tone, pattern in parts:
        width = bar.width() * count / max(votes.total, 1)
        if count:
            yield QRectF(left, bar.top(), width, bar.height()), tone, pattern, count
        left += width


def _paint_count(drawing: Drawing, place: QRectF, count: int, pattern: Pattern) -> None:
    """How many votes a part is, on a ground that it can be read on."""
    words = str(count)
    width = drawing.metrics.horizontalAdvance(words) + 4
    if width > place.width():
        return
    ground = QRectF(place.center().x() - width / 2, place.top() + 1, width, place.height() - 2)
    drawing.fill(ground, "accent", Pattern.SOLID if pattern is Pattern.SOLID else Pattern.EMPTY, outlined=False)
    drawing.text(place, words, Side.CENTRE, "window" if pattern is Pattern.SOLID else "text")


def _stage_words(stage: RoutedStage) -> str:
    """What there is to know of a stage, in one line."""
    rest = others_words(votes_of(stage)) if stage.threshold is not None else ""
    parts = (votes_words(stage), rest, threshold_words(stage), outcome_words(stage)[1], cost_words(stage.usage))
    return f"{stage_title(stage.stage)}: {', '.join(filter(None, parts))}"


def _rows(cascade: Cascade) -> Iterator[tuple[str, ...]]:
    found = cascade.resolution
    for stage in cascade.stages:
        here = stage.stage == found.stage
        yield (
            cascade.words,
            str(stage.stage),
            role_words(stage.role),
            ", ".join(filter(None, (votes_words(stage), others_words(votes_of(stage))))),
            share_words(stage.consensus),
            threshold_words(stage),
            outcome_words(stage)[1],
            cost_words(stage.usage),
            resolution_words(found) if here else "",
            quality_words(found.verified) if here else "",
        )


@dataclass(frozen=True, slots=True)
class _Shape:
    """Sizes that follow from the font, so that a larger font is a larger picture."""

    width: float
    gap: float
    line: float
    pad: float

    @classmethod
    def of(cls, metrics: QFontMetricsF) -> "_Shape":
        height = metrics.height()
        words = (
            *map(stage_title, STAGES),
            translate("Routing", "{0} tokens, {1} USD ({2})").format("≈00,000", "0.0000", ""),
        )
        width = max(map(metrics.horizontalAdvance, words)) + 5 * height
        return cls(width, height * 1.2, height * 1.3, height * 0.6)

    @property
    def across(self) -> float:
        """From a cell to the one beside it."""
        return self.width + self.gap

    @property
    def down(self) -> float:
        """From a row to the one below it."""
        return LINES * self.line + self.pad
