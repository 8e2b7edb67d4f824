"""What charts have in common: their series, and what stands around a plot."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from hitl_app.ui.pictures.drawing import Drawing, Pattern, Side
from hitl_app.ui.pictures.picture import Page
from hitl_app.ui.theme import SPACE_M, SPACE_S

TICKS = 4


@dataclass(frozen=True, slots=True)
class Series:
    """What the bars of one kind are called, and how they are told apart."""

    name: str
    tone: str = "accent"
    pattern: Pattern = Pattern.SOLID


def paint_legend(drawing: Drawing, page: Page, series: Sequence[Series]) -> None:
    """The series side by side at the top, as far as there is room."""
    height = page.metrics.height()
    left, top = page.area.left(), page.area.top()
    for each in series:
        width = page.metrics.horizontalAdvance(each.name)
        if left + height + SPACE_S + width > page.area.right() + 1:
            return
        drawing.fill(QRectF(left, top + height * 0.15, height, height * 0.7), each.tone, each.pattern)
        left += height + SPACE_S
        drawing.text(QRectF(left, top, width, height), each.name, Side.START, "muted")
        left += width + SPACE_M * 2


def round_step(high: int) -> int:
    """The distance of the numbers on a scale: 1, 2 or 5 times a power of ten, so that there are five at most."""
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if high <= step * TICKS:
                return step
        power *= 10


def paint_scale(drawing: Drawing, page: Page, area: QRectF, high: int) -> None:
    """Whole numbers up the start of a plot, with lines across."""
    height = page.metrics.height()
    step = round_step(high)
    for value in range(0, high + 1, step):
        y = area.bottom() - area.height() * value / high
        drawing.line(QPointF(area.left(), y), QPointF(area.right(), y), "muted" if value == 0 else "line")
        place = QRectF(page.area.left(), y - height / 2, area.left() - page.area.left() - SPACE_S, height)
        drawing.text(place, str(value), Side.END, "muted")


def paint_labels(drawing: Drawing, page: Page, area: QRectF, labels: Sequence[str]) -> None:
    """Labels under the middle of equal columns, as many as there is room for."""
    metrics = page.metrics
    width = area.width() / max(len(labels), 1)
    last = page.area.left() - SPACE_M
    for number, label in enumerate(labels):
        wide = metrics.horizontalAdvance(label)
        left = area.left() + width * (number + 0.5) - wide / 2
        left = max(page.area.left(), min(left, page.area.right() - wide))
        if left >= last + SPACE_M:
            drawing.text(QRectF(left, area.bottom() + SPACE_S, wide, metrics.height()), label, Side.CENTRE, "muted")
            last = left + wide
