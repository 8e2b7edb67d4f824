"""Charts: bars along a scale, columns over time, and a curve. What they show is given to them ready."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QFont, QFontMetricsF

from hitl_app.ui.pictures.chart_parts import Series, paint_labels, paint_legend, paint_scale
from hitl_app.ui.pictures.drawing import Drawing, Side
from hitl_app.ui.pictures.picture import Mark, Page, Picture, Table
from hitl_app.ui.theme import SPACE_M, SPACE_S

WIDTH = 560.0
NARROWEST = 7.0
"""Width of a column in pixels, where there are many."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One group of bars.

    Attributes:
        label: What it is about.
        values: Of each series; None where there is none.
        texts: What stands beside each bar.
        whisker: The ends of an interval around the first value.
    """

    label: str
    values: tuple[float | None, ...]
    texts: tuple[str, ...]
    whisker: tuple[float, float] | None = None


@dataclass(frozen=True)
class BarsChart(Picture):
    """Bars from the start towards the end, one group below the other.

    Attributes:
        low, high: Ends of the scale; `high` is None where the longest bar sets it.
    """

    name: str
    caption: str
    head: str
    series: tuple[Series, ...]
    bars: tuple[Bar, ...]
    low: float = 0.0
    high: float | None = None

    @property
    def title(self) -> str:
        """See `Picture`."""
        return self.name

    @property
    def about(self) -> str:
        """See `Picture`."""
        return self.caption

    @property
    def description(self) -> str:
        """See `Picture`."""
        told = "; ".join(self._words(bar) for bar in self.bars)
        return f"{self.caption} {told}".strip()

    def _words(self, bar: Bar) -> str:
        if len(self.series) == 1:
            return f"{bar.label}: {bar.texts[0]}"
        pairs = zip(self.series, bar.texts, strict=True)
        return f"{bar.label}: {', '.join(f'{series.name} {text}' for series, text in pairs)}"

    @property
    def table(self) -> Table:
        """See `Picture`."""
        header = (self.head, *(series.name for series in self.series))
        return Table(header, tuple((bar.label, *bar.texts) for bar in self.bars))

    def size(self, font: QFont) -> QSizeF:
        """See `Picture`."""
        metrics = QFontMetricsF(font)
        height = self._group(metrics) * len(self.bars) + (self._legend_height(metrics) if self._has_legend else 0)
        return QSizeF(max(WIDTH, 70 * metrics.averageCharWidth()), height + SPACE_S)

    @property
    def _has_legend(self) -> bool:
        return len(self.series) > 1

    @staticmethod
    def _legend_height(metrics: QFontMetricsF) -> float:
        return metrics.height() * 1.5

    def _group(self, metrics: QFontMetricsF) -> float:
        return metrics.height() * 1.15 * len(self.series) + SPACE_M

    @cached_property
    def _high(self) -> float:
        found = max((value for bar in self.bars for value in bar.values if value is not None), default=0.0)
        return self.high if self.high is not None else found or 1.0

    def _plot(self, page: Page) -> QRectF:
        metrics = page.metrics
        labels = max((metrics.horizontalAdvance(bar.label) for bar in self.bars), default=0.0)
        texts = max((metrics.horizontalAdvance(text) for bar in self.bars for text in bar.texts), default=0.0)
        left = min(labels, page.area.width() * 0.35) + SPACE_M
        right = min(texts, page.area.width() * 0.4) + SPACE_M
        top = self._legend_height(metrics) if self._has_legend else 0.0
        area = page.area.adjusted(left, top, -right, 0)
        area.setHeight(min(area.height(), self._group(metrics) * len(self.bars)))
        return area

    def _x(self, area: QRectF, value: float) -> float:
        share = (value - self.low) / ((self._high - self.low) or 1.0)
        return area.left() + area.width() * max(0.0, min(share, 1.0))

    def _place(self, metrics: QFontMetricsF, area: QRectF, number: int, series: int) -> QRectF:
        height = metrics.height() * 1.15
        top = area.top() + number * self._group(metrics) + series * height
        return QRectF(area.left(), top, area.width(), height - 2)

    def _whole(self, metrics: QFontMetricsF, area: QRectF, number: int) -> QRectF:
        last = len(self.series) - 1
        return self._place(metrics, area, number, 0).united(self._place(metrics, area, number, last))

    def marks(self, page: Page) -> Sequence[Mark]:
        """See `Picture`: one mark a group."""
        metrics, area = page.metrics, self._plot(page)
        found = []
        for number, bar in enumerate(self.bars):
            group = self._whole(metrics, area, number)
            place = QRectF(page.area.left(), group.top(), page.area.width(), group.height())
            found.append(Mark(page.place(place), self._words(bar), number))
        return found

    def paint(self, drawing: Drawing, page: Page) -> None:
        """See `Picture`."""
        area = self._plot(page)
        if self._has_legend:
            paint_legend(drawing, page, self.series)
        zero = self._x(area, 0.0)
        drawing.line(QPointF(zero, area.top()), QPointF(zero, area.bottom()), "muted")
        for number, bar in enumerate(self.bars):
            group = self._whole(drawing.metrics, area, number)
            label = QRectF(page.area.left(), group.top(), area.left() - page.area.left() - SPACE_M, group.height())
            drawing.text(label, bar.label)
            for index in range(len(self.series)):
                self._paint_bar(drawing, page, area, number, index)

    def _paint_bar(self, drawing: Drawing, page: Page, area: QRectF, number: int, index: int) -> None:
        bar, series = self.bars[number], self.series[index]
        value, place = bar.values[index], self._place(drawing.metrics, area, number, index)
        end = self._x(area, 0.0)
        if value is not None:
            start, end = sorted((end, self._x(area, value)))
            drawing.fill(QRectF(start, place.top(), end - start, place.height()), series.tone, series.pattern)
        if bar.whisker is not None and index == 0:
            low, high = (self._x(area, each) for each in bar.whisker)
            y = place.center().y()
            drawing.line(QPointF(low, y), QPointF(high, y), "text", 1.4)
            for x in (low, high):
                drawing.line(QPointF(x, y - 4), QPointF(x, y + 4), "text", 1.4)
            end = max(end, high)
        left = end + SPACE_M
        words = QRectF(left, place.top(), page.area.right() - left, place.height())
        drawing.text(words, bar.texts[index], Side.START, "muted" if value is None else "text")


@dataclass(frozen=True, slots=True)
class Line:
    """An upright line through a chart of columns, at a place between 0 and the number of columns."""

    at: float
    words: str


@dataclass(frozen=True)
class ColumnsChart(Picture):
    """Columns side by side, series stacked on each other.

    Attributes:
        labels: Of each column.
        values: Of each series, its value in each column.
        lines: What is marked across.
    """

    name: str
    caption: str
    head: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    values: tuple[tuple[int, ...], ...]
    lines: tuple[Line, ...] = field(default=())

    @property
    def title(self) -> str:
        """See `Picture`."""
        return self.name

    @property
    def about(self) -> str:
        """See `Picture`."""
        return self.caption

    @property
    def description(self) -> str:
        """See `Picture`."""
        told = "; ".join(self._words(number) for number in range(len(self.labels)) if self._totals[number])
        return " ".join(part for part in (self.caption, *(line.words for line in self.lines), told) if part)

    @cached_property
    def _totals(self) -> tuple[int, ...]:
        return tuple(sum(values) for values in zip(*self.values, strict=True))

    def _words(self, number: int) -> str:
        parts = [
            f"{series.name} {values[number]}"
            for series, values in zip(self.series, self.values, strict=True)
            if values[number]
        ]
        return f"{self.labels[number]}: {', '.join(parts) or 0}"

    @property
    def table(self) -> Table:
        """See `Picture`."""
        header = (self.head, *(series.name for series in self.series))
        columns = zip(*self.values, strict=True)
        return Table(header, tuple((label, *map(str, row)) for label, row in zip(self.labels, columns, strict=True)))

    def size(self, font: QFont) -> QSizeF:
        """See `Picture`."""
        metrics = QFontMetricsF(font)
        wanted = metrics.averageCharWidth() * 4 if len(self.labels) <= 60 else NARROWEST
        width = max(WIDTH, 70 * metrics.averageCharWidth(), wanted * len(self.labels))
        return QSizeF(width, metrics.height() * 14)

    def _plot(self, page: Page) -> QRectF:
        metrics = page.metrics
        top = metrics.height() * (1.5 if self._has_legend else 0.5) + (metrics.height() if self.lines else 0)
        left = metrics.horizontalAdvance(str(self._high)) + SPACE_M
        return page.area.adjusted(left, top, -2, -metrics.height() - SPACE_S)

    @property
    def _has_legend(self) -> bool:
        return len(self.series) > 1

    @cached_property
    def _high(self) -> int:
        return max(self._totals, default=0) or 1

    def _column(self, page: Page, number: int) -> QRectF:
        area = self._plot(page)
        width = area.width() / max(len(self.labels), 1)
        wide = min(width - 2 * min(width * 0.12, 4.0), 6 * page.metrics.height())
        return QRectF(area.left() + (number + 0.5) * width - wide / 2, area.top(), wide, area.height())

    def marks(self, page: Page) -> Sequence[Mark]:
        """See `Picture`: one mark a column that is not empty."""
        return [
            Mark(page.place(self._column(page, number)), self._words(number))
            for number, total in enumerate(self._totals)
            if total
        ]

    def paint(self, drawing: Drawing, page: Page) -> None:
        """See `Picture`."""
        area = self._plot(page)
        if self._has_legend:
            paint_legend(drawing, page, self.series)
        paint_scale(drawing, page, area, self._high)
        for number in range(len(self.labels)):
            place = self._column(page, number)
            bottom = place.bottom()
            for series, values in zip(self.series, self.values, strict=True):
                height = place.height() * values[number] / self._high
                if height:
                    drawing.fill(
                        QRectF(place.left(), bottom - height, place.width(), height), series.tone, series.pattern
                    )
                    bottom -= height
        paint_labels(drawing, page, area, self.labels)
        self._paint_lines(drawing, page, area)

    def _paint_lines(self, drawing: Drawing, page: Page, area: QRectF) -> None:
        width, height = area.width() / max(len(self.labels), 1), page.metrics.height()
        for line in self.lines:
            x = area.left() + line.at * width
            drawing.line(QPointF(x, area.top() - SPACE_S), QPointF(x, area.bottom()), "text", 1.6, dashed=True)
            wide = page.metrics.horizontalAdvance(line.words)
            left = max(page.area.left(), min(x - wide / 2, page.area.right() - wide))
            drawing.text(QRectF(left, area.top() - SPACE_S - height, wide, height), line.words)


@dataclass(frozen=True)
class CurveChart(Picture):
    """A number that grows from day to day, as steps; the last value stands beside its end.

    Attributes:
        goal: What it grows towards; None where there is nothing of the kind.
    """

    name: str
    caption: str
    head: str
    value_name: str
    labels: tuple[str, ...]
    values: tuple[int, ...]
    goal: int | None = None

    @property
    def title(self) -> str:
        """See `Picture`."""
        return self.name

    @property
    def about(self) -> str:
        """See `Picture`."""
        return self.caption

    @property
    def description(self) -> str:
        """See `Picture`."""
        told = "; ".join(self._words(number) for number in range(len(self.labels)))
        return f"{self.caption} {told}".strip()

    def _words(self, number: int) -> str:
        return f"{self.labels[number]}: {self.value_name} {self.values[number]}"

    @property
    def table(self) -> Table:
        """See `Picture`."""
        rows = tuple((label, str(value)) for label, value in zip(self.labels, self.values, strict=True))
        return Table((self.head, self.value_name), rows)

    def size(self, font: QFont) -> QSizeF:
        """See `Picture`."""
        metrics = QFontMetricsF(font)
        return QSizeF(max(WIDTH, 70 * metrics.averageCharWidth()), metrics.height() * 12)

    @cached_property
    def _high(self) -> int:
        return max((*self.values, self.goal or 0), default=0) or 1

    def _plot(self, page: Page) -> QRectF:
        metrics = page.metrics
        left = metrics.horizontalAdvance(str(self._high)) + SPACE_M
        return page.area.adjusted(left, metrics.height() * 0.6, -left, -metrics.height() - SPACE_S)

    def _points(self, area: QRectF) -> Iterator[QPointF]:
        width = area.width() / max(len(self.labels), 1)
        for number, value in enumerate(self.values):
            yield QPointF(area.left() + width * (number + 0.5), area.bottom() - area.height() * value / self._high)

    def marks(self, page: Page) -> Sequence[Mark]:
        """See `Picture`: one mark a day."""
        area = self._plot(page)
        reach = max(area.width() / max(len(self.labels), 1) / 2, 1.0)
        return [
            Mark(page.place(QRectF(at.x() - reach, area.top(), 2 * reach, area.height())), self._words(number))
            for number, at in enumerate(self._points(area))
        ]

    def paint(self, drawing: Drawing, page: Page) -> None:
        """See `Picture`."""
        area = self._plot(page)
        paint_scale(drawing, page, area, self._high)
        if self.goal:
            y = area.bottom() - area.height() * self.goal / self._high
            drawing.line(QPointF(area.left(), y), QPointF(area.right(), y), "success", 1.4, dashed=True)
        points = list(self._points(area))
        steps: list[QPointF] = []
        for at in points:
            if steps:
                steps.append(QPointF(at.x(), steps[-1].y()))
            steps.append(at)
        drawing.path(steps, "accent", 2.0)
        if len(points) <= 60:
            for at in points:
                drawing.circle(QRectF(at.x() - 3, at.y() - 3, 6, 6), "accent", filled=True)
        if points:
            words, height = str(self.values[-1]), page.metrics.height()
            wide = page.metrics.horizontalAdvance(words) + SPACE_M
            place = QRectF(points[-1].x() + SPACE_S, points[-1].y() - height / 2, wide, height)
            drawing.box(place, "window", filled=True)  # it may stand on a line
            drawing.text(place, words, Side.CENTRE, bold=True)
        paint_labels(drawing, page, area, self.labels)
