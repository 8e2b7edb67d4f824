"""The loss over the revisions of a lineage."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QFont, QFontMetricsF

from hitl_app.domain.loss import Component
from hitl_app.domain.ports import Revision
from hitl_app.ui.pictures.drawing import Drawing, Side
from hitl_app.ui.pictures.picture import Mark, Page, Picture, Table
from hitl_app.ui.revision_words import is_overridden, is_refused, loss_words, outcome_words
from hitl_app.ui.theme import SPACE_M, SPACE_S
from hitl_app.ui.translating import translate
from hitl_app.ui.words import component_name, count_words

MARKER = 5.0
NARROWEST = 14.0
"""Pixels from one revision to the next."""


@dataclass(frozen=True)
class LossPicture(Picture):
    """Revisions from left to right, their loss (sum of counts) upwards, a line from parent to child.

    The shape of a marker says what became of a revision: circle recorded, square accepted, cross refused, diamond
    accepted against the rule. A revision without a measured loss stands on the axis with a question mark.

    Attributes:
        current: Id of the trajectory on the desk, whose marker is filled.
    """

    revisions: tuple[Revision, ...]
    current: str = ""

    @property
    def title(self) -> str:
        """See `Picture`."""
        return translate("Pictures", "Loss over revisions")

    @property
    def about(self) -> str:
        """See `Picture`."""
        return translate(
            "Pictures",
            "Each marker is a revision, its height the sum of the losses. Circle: recorded; square: accepted; "
            "cross: refused; diamond: accepted against the rule; question mark: not inspected. The rule compares the "
            "components one after the other, so that the sum of an accepted revision may be larger.",
        )

    @property
    def description(self) -> str:
        """See `Picture`."""
        return f"{self.about} {'; '.join(self._words(revision) for revision in self.revisions)}"

    @property
    def table(self) -> Table:
        """See `Picture`."""
        header = (
            translate("Pictures", "Revision"),
            translate("Pictures", "Outcome"),
            translate("Pictures", "Loss"),
            *(component_name(component) for component in Component),
        )
        return Table(header, tuple(self._row(revision) for revision in self.revisions))

    def _row(self, revision: Revision) -> tuple[str, ...]:
        inspection = revision.inspection
        first = (str(revision.number), outcome_words(revision))
        if inspection is None:
            return (*first, translate("Pictures", "not inspected"), *("" for _ in Component))
        return (*first, str(inspection.losses.total), *(count_words(count) for _, count in inspection.losses.items()))

    @staticmethod
    def _words(revision: Revision) -> str:
        words = translate("Pictures", "{0}: {1}, {2}")
        return words.format(revision.number, outcome_words(revision), loss_words(revision))

    def size(self, font: QFont) -> QSizeF:
        """See `Picture`."""
        metrics = QFontMetricsF(font)
        widest = max((metrics.horizontalAdvance(self._label(r)) for r in self.revisions), default=0.0) + SPACE_M
        step = widest if len(self.revisions) <= 12 else NARROWEST
        return QSizeF(max(self._left(metrics) + step * len(self.revisions), 320), 12 * metrics.height())

    def marks(self, page: Page) -> Sequence[Mark]:
        """See `Picture`: one mark a revision."""
        places = self._places(page)
        reach = max(self._step(page) / 2, MARKER)
        return [
            Mark(
                page.place(QRectF(at.x() - reach, at.y() - 2 * MARKER, 2 * reach, 4 * MARKER)),
                self._words(revision),
                key=revision.trajectory.id,
            )
            for revision, at in zip(self.revisions, places, strict=True)
        ]

    def paint(self, drawing: Drawing, page: Page) -> None:
        """See `Picture`."""
        if not self.revisions:
            return
        area, metrics = self._plot(page), page.metrics
        drawing.line(area.topLeft(), area.bottomLeft(), "line")
        drawing.line(area.bottomLeft(), area.bottomRight(), "line")
        height = metrics.height()
        for value in self._ticks(area.height() > 3 * height):
            y = area.bottom() - area.height() * value / self._worst
            beside = QRectF(page.area.left(), y - height / 2, area.left() - page.area.left() - SPACE_S, height)
            drawing.text(beside, str(value), Side.END, "muted")
        places = self._places(page)
        at = {revision.trajectory.id: place for revision, place in zip(self.revisions, places, strict=True)}
        for revision, place in zip(self.revisions, places, strict=True):
            start = at.get(revision.trajectory.parent_id or "")
            if start is not None:
                refused = is_refused(revision)
                turn = QPointF(place.x(), start.y())
                tone, width = ("muted", 1.0) if refused else ("accent", 1.8)
                drawing.path((start, turn, place), tone, width, dashed=refused)
        for revision, place in zip(self.revisions, places, strict=True):
            self._paint_marker(drawing, revision, place)
        for below, text in self._labels(page, places):
            drawing.text(below, text, Side.CENTRE, "muted")

    def _paint_marker(self, drawing: Drawing, revision: Revision, at: QPointF) -> None:
        tone, size = _tone(revision), MARKER
        filled = revision.trajectory.id == self.current
        box = QRectF(at.x() - size, at.y() - size, 2 * size, 2 * size)
        if revision.inspection is None:
            drawing.text(box.adjusted(-size, -size, size, size), "?", Side.CENTRE, tone, bold=filled)
        elif revision.entry is None:
            drawing.circle(box, tone, filled=filled)
        elif is_refused(revision):
            drawing.cross(box, tone)
        elif is_overridden(revision):
            offsets = ((0.0, -1.2), (1.2, 0.0), (0.0, 1.2), (-1.2, 0.0))
            drawing.shape([at + QPointF(x * size, y * size) for x, y in offsets], tone, filled=filled)
        else:
            drawing.box(box, tone, filled=filled, width=1.8)

    def _labels(self, page: Page, places: Sequence[QPointF]) -> Iterator[tuple[QRectF, str]]:
        """Number and outcome under the axis; only the number, or nothing, where there is no room."""
        metrics, area = page.metrics, self._plot(page)
        last = page.area.left() - SPACE_M
        for revision, at in zip(self.revisions, places, strict=True):
            for text in (self._label(revision), str(revision.number)):
                width = metrics.horizontalAdvance(text)
                left = min(max(at.x() - width / 2, page.area.left()), page.area.right() - width)
                if left >= last + SPACE_M and width <= self._step(page) + metrics.horizontalAdvance("0"):
                    yield QRectF(left, area.bottom() + SPACE_S, width, metrics.height()), text
                    last = left + width
                    break

    @staticmethod
    def _label(revision: Revision) -> str:
        return f"{revision.number} {outcome_words(revision)}"

    def _ticks(self, roomy: bool) -> list[int]:
        half = [self._worst // 2] if self._worst > 3 and roomy else []
        return [0, *half, self._worst]

    @cached_property
    def _worst(self) -> int:
        return max((r.inspection.losses.total for r in self.revisions if r.inspection), default=0) or 1

    def _left(self, metrics: QFontMetricsF) -> float:
        return metrics.horizontalAdvance(str(self._worst)) + SPACE_M

    def _plot(self, page: Page) -> QRectF:
        bottom = page.metrics.height() + SPACE_M
        return page.area.adjusted(self._left(page.metrics), MARKER * 2, -MARKER, -bottom)

    def _step(self, page: Page) -> float:
        return self._plot(page).width() / max(len(self.revisions), 1)

    def _places(self, page: Page) -> list[QPointF]:
        area, step = self._plot(page), self._step(page)
        totals = [r.inspection.losses.total if r.inspection else 0 for r in self.revisions]
        return [
            QPointF(area.left() + step * (number + 0.5), area.bottom() - area.height() * total / self._worst)
            for number, total in enumerate(totals)
        ]


def _tone(revision: Revision) -> str:
    if is_refused(revision):
        return "muted"
    return "warning" if is_overridden(revision) else "accent"
