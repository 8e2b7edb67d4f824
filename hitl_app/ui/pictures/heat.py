"""The heat strip: which steps are blamed in which revision."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QFont, QFontMetricsF

from hitl_app.domain.heat import HeatCell, HeatRow, HeatStrip
from hitl_app.ui.pictures.drawing import Drawing, Pattern, Side
from hitl_app.ui.pictures.picture import Mark, Page, Picture, Table
from hitl_app.ui.theme import SPACE_M, SPACE_S
from hitl_app.ui.translating import translate

PATTERNS = (Pattern.EMPTY, Pattern.RISING, Pattern.CROSSED, Pattern.DENSE)
"""By the number of blames; three and more look alike but for the number."""

NARROWEST = 5.0
"""Width of a column in pixels, where there are many."""

MANY = 60
"""Columns above which they are narrow."""


@dataclass(frozen=True)
class HeatPicture(Picture):
    """A row for each revision, a column for each step, however it moved.

    A blamed cell is hatched, the more the denser, and holds the number of blames; a triangle marks the earliest cause,
    a cross a failed execution, a tick a step that is no longer blamed.

    Attributes:
        labels: Of each revision by its trajectory's id: its number and what became of it.
    """

    strip: HeatStrip
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """See `Picture`."""
        return translate("Pictures", "Blame by step over revisions")

    @property
    def about(self) -> str:
        """See `Picture`."""
        return translate(
            "Pictures",
            "Each row is a revision, each column a step, which keeps its column where it is moved. A hatched cell is "
            "blamed by as many gradients, unmet findings and failed executions as its number says; a triangle marks "
            "the earliest cause, a cross a failed execution, a tick a step that is right now and was blamed before.",
        )

    @property
    def description(self) -> str:
        """See `Picture`."""
        return " ".join((self.about, *(self._row_words(row) for row in self.strip.rows)))

    def _label(self, row: HeatRow) -> str:
        return self.labels.get(row.trajectory_id) or str(row.number)

    def _row_words(self, row: HeatRow) -> str:
        if not row.inspected:
            return translate("Pictures", "{0}: not inspected.").format(self._label(row))
        blamed = [str(cell.step) for cell in row.cells if cell is not None and cell.blames]
        right = [str(cell.step) for cell in row.cells if cell is not None and cell.got_right]
        words = translate("Pictures", "{0}: blamed steps {1}; got right {2}; blames on no single step {3}.")
        nothing = translate("Pictures", "none")
        return words.format(self._label(row), ", ".join(blamed) or nothing, ", ".join(right) or nothing, row.elsewhere)

    @property
    def table(self) -> Table:
        """See `Picture`: the cells that say something."""
        header = (
            translate("Pictures", "Revision"),
            translate("Pictures", "Column"),
            translate("Pictures", "Step"),
            translate("Pictures", "What it does"),
            translate("Pictures", "Gradients"),
            translate("Pictures", "Unmet findings"),
            translate("Pictures", "Failed"),
            translate("Pictures", "Earliest cause"),
            translate("Pictures", "Got right"),
        )
        return Table(header, tuple(self._cells_of_table()))

    def _cells_of_table(self) -> Iterator[tuple[str, ...]]:
        yes = translate("Pictures", "yes")
        for row, column, cell in self._telling():
            flags = ("" if not flag else yes for flag in (cell.failed, cell.cause, cell.got_right))
            counts = (str(cell.gradients), str(cell.findings))
            yield (self._label(row), str(column), str(cell.step), self.strip.columns[column], *counts, *flags)

    def _telling(self) -> Iterator[tuple[HeatRow, int, HeatCell]]:
        for row in self.strip.rows:
            for column, cell in enumerate(row.cells):
                if cell is not None and (cell.blames or cell.cause or cell.got_right):
                    yield row, column, cell

    def size(self, font: QFont) -> QSizeF:
        """See `Picture`."""
        metrics = QFontMetricsF(font)
        columns = len(self.strip.columns)
        width = metrics.height() * 1.5 if columns <= MANY else max(NARROWEST, 1200.0 / max(columns, 1))
        height = _row_height(metrics) * len(self.strip.rows) + 3 * metrics.height()
        return QSizeF(self._left(metrics) + width * columns + 2, height)

    def _left(self, metrics: QFontMetricsF) -> float:
        widest = max((metrics.horizontalAdvance(self._label(row)) for row in self.strip.rows), default=0.0)
        return min(widest, 20 * metrics.averageCharWidth()) + SPACE_M

    def _grid(self, page: Page) -> "_Grid":
        metrics = page.metrics
        area = page.area.adjusted(self._left(metrics), metrics.height() + SPACE_S, -1, 0)
        width = min(area.width() / max(len(self.strip.columns), 1), 3 * metrics.height())
        height = min(_row_height(metrics), area.height() / max(len(self.strip.rows), 1))
        return _Grid(area.left(), area.top(), max(width, 0.0), max(height, 0.0))

    def marks(self, page: Page) -> Sequence[Mark]:
        """See `Picture`: the cells that say something."""
        number = {row.trajectory_id: n for n, row in enumerate(self.strip.rows)}
        grid = self._grid(page)
        return [
            Mark(
                page.place(grid.cell(number[row.trajectory_id], column)),
                self._cell_words(row, column, cell),
                number[row.trajectory_id],
                row.trajectory_id,
            )
            for row, column, cell in self._telling()
        ]

    def _cell_words(self, row: HeatRow, column: int, cell: HeatCell) -> str:
        what = self.strip.columns[column]
        if cell.got_right:
            words = translate("Pictures", "{0}: step {1}, {2}: blamed before, right now")
            return words.format(self._label(row), cell.step, what)
        words = translate("Pictures", "{0}: step {1}, {2}: gradients {3}, unmet findings {4}")
        told = [words.format(self._label(row), cell.step, what, cell.gradients, cell.findings)]
        if cell.failed:
            told.append(translate("Pictures", "its execution failed"))
        if cell.cause:
            told.append(translate("Pictures", "the earliest cause"))
        return "; ".join(told)

    def paint(self, drawing: Drawing, page: Page) -> None:
        """See `Picture`."""
        if not self.strip.rows:
            return
        left, grid = page.area.left(), self._grid(page)
        self._paint_head(drawing, page, grid)
        visible = drawing.visible
        for number, row in enumerate(self.strip.rows):
            first = grid.cell(number, 0)
            if first.bottom() < visible.top() or first.top() > visible.bottom():
                continue
            label = QRectF(left, first.top(), grid.left - left - SPACE_S, first.height())
            drawing.text(label, self._label(row), Side.START, "text")
            for column, cell in enumerate(row.cells):
                place = grid.cell(number, column)
                if cell is None or place.right() < visible.left() or place.left() > visible.right():
                    continue
                self._paint_cell(drawing, place, cell, inspected=row.inspected)

    def _paint_head(self, drawing: Drawing, page: Page, grid: "_Grid") -> None:
        metrics = page.metrics
        last = -1.0
        for column in range(len(self.strip.columns)):
            place = grid.cell(0, column)
            width = metrics.horizontalAdvance(str(column))
            at = place.center().x() - width / 2
            if at > last + SPACE_S:
                drawing.text(QRectF(at, page.area.top(), width, metrics.height()), str(column), Side.CENTRE, "muted")
                last = at + width

    @staticmethod
    def _paint_cell(drawing: Drawing, place: QRectF, cell: HeatCell, *, inspected: bool) -> None:
        height = drawing.metrics.height()
        roomy = place.width() >= drawing.metrics.horizontalAdvance("00") and place.height() >= 0.8 * height
        if not inspected:
            drawing.fill(place, "line", Pattern.EMPTY)
            if roomy:
                drawing.text(place, "?", Side.CENTRE, "muted")
            return
        tone = "danger" if cell.blames else "success" if cell.got_right else "line"
        drawing.fill(place, tone, PATTERNS[min(cell.blames, len(PATTERNS) - 1)])
        if cell.got_right:
            _tick(drawing, place)
        if roomy and cell.blames:
            inner = QRectF(0, 0, drawing.metrics.horizontalAdvance(str(cell.blames)) + SPACE_S, height * 0.9)
            inner.moveCenter(place.center())
            drawing.box(inner, "window", filled=True)
            drawing.text(inner, str(cell.blames), Side.CENTRE, "danger", bold=True)
        if cell.failed:
            drawing.cross(_corner(place, end=True), "danger")
        if cell.cause:
            box = _corner(place, end=False)
            drawing.shape((box.bottomLeft(), box.topLeft(), box.topRight()), "danger", filled=True)


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where the cells are: the start of the first one, and the size of all, with what is left free around them."""

    left: float
    top: float
    width: float
    height: float

    def cell(self, row: int, column: int) -> QRectF:
        gap = 1.0 if self.width > 3 * NARROWEST else 0.0
        left, top = self.left + column * self.width + gap, self.top + row * self.height + 1
        return QRectF(left, top, self.width - 2 * gap, max(self.height - 2, 0.0))


def _row_height(metrics: QFontMetricsF) -> float:
    return metrics.height() * 1.6


def _corner(place: QRectF, *, end: bool) -> QRectF:
    size = min(7.0, place.width() * 0.4)
    left = place.right() - size - 1 if end else place.left()
    return QRectF(left, place.top() + (1 if end else 0), size, size)


def _tick(drawing: Drawing, place: QRectF) -> None:
    size = min(place.width(), place.height()) * 0.25
    at = place.center()
    points = (QPointF(-size, 0.0), QPointF(-size * 0.2, size * 0.8), QPointF(size, -size))
    drawing.path([at + point for point in points], "success", 1.8)
