"""A painter that knows the theme, mirrors what it is given, and hatches with lines, so that every device can."""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from hitl_app.ui.theme import Theme

LONGEST = 2000
"""Characters of a text that are looked at."""

GAP = 6.0
"""Pixels between the lines of a hatching."""


class Side(StrEnum):
    """Where in its place a text stands, for whoever reads in either direction."""

    START = "start"
    CENTRE = "centre"
    END = "end"


class Pattern(StrEnum):
    """How an area is filled: told apart without colour."""

    SOLID = "solid"
    EMPTY = "empty"
    RISING = "rising"
    FALLING = "falling"
    CROSSED = "crossed"
    LEVEL = "level"
    UPRIGHT = "upright"
    DENSE = "dense"


class Drawing:
    """Paints in one area with a theme. Places are given as if one read from left to right."""

    def __init__(self, painter: QPainter, theme: Theme, area: QRectF, font: QFont, *, mirrored: bool = False) -> None:
        self.theme = theme
        self._painter = painter
        self._area = area
        self._mirrored = mirrored
        self._font = font
        self.metrics = QFontMetricsF(font)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font)
        clip = painter.clipBoundingRect()
        self.visible = area if clip.isEmpty() else self._turned(clip.adjusted(-2, -2, 2, 2))
        """What is painted anew: the rest may be left out."""

    def background(self) -> None:
        """Fill the whole area."""
        self._painter.fillRect(self._area, QColor(self.theme.window))

    def line(self, start: QPointF, end: QPointF, tone: str, width: float = 1.0, *, dashed: bool = False) -> None:
        """A straight line."""
        self.path((start, end), tone, width, dashed=dashed)

    def path(self, points: Sequence[QPointF], tone: str, width: float = 1.0, *, dashed: bool = False) -> None:
        """Lines from point to point."""
        style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
        self._painter.setPen(QPen(self.colour(tone), width, style))
        self._painter.drawPolyline(QPolygonF([self._point(point) for point in points]))

    def shape(self, points: Sequence[QPointF], tone: str, *, filled: bool) -> None:
        """A closed shape."""
        self._outline(tone, filled=filled)
        self._painter.drawPolygon(QPolygonF([self._point(point) for point in points]))

    def box(self, area: QRectF, tone: str, *, filled: bool = False, width: float = 1.0) -> None:
        """A rectangle."""
        self._outline(tone, filled=filled, width=width)
        self._painter.drawRect(self._turned(area))

    def circle(self, area: QRectF, tone: str, *, filled: bool) -> None:
        """An ellipse."""
        self._outline(tone, filled=filled)
        self._painter.drawEllipse(self._turned(area))

    def cross(self, area: QRectF, tone: str) -> None:
        """Both diagonals."""
        self._painter.setPen(QPen(self.colour(tone), 1.8))
        shown = self._turned(area)
        self._painter.drawLine(shown.topLeft(), shown.bottomRight())
        self._painter.drawLine(shown.topRight(), shown.bottomLeft())

    def fill(self, area: QRectF, tone: str, pattern: Pattern, *, outlined: bool = True) -> None:
        """A rectangle filled with a pattern; the lines of a hatching stand on the soft tone."""
        shown = self._turned(area)
        painter = self._painter
        painter.setPen(Qt.PenStyle.NoPen)
        if pattern is Pattern.SOLID:
            painter.setBrush(self.colour(tone))
        elif pattern is Pattern.EMPTY:
            painter.setBrush(QColor(self.theme.window))
        else:
            painter.setBrush(self.theme.soft(tone))
        painter.drawRect(shown)
        painter.setPen(QPen(self.colour(tone), 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        lines = list(hatching(shown, pattern))
        if lines:
            painter.drawLines(lines)
        if outlined:
            painter.drawRect(shown)

    def text(self, area: QRectF, text: str, side: Side = Side.START, tone: str = "text", *, bold: bool = False) -> None:
        """One line of plain text, cut with an ellipsis where it does not fit."""
        shown = self.metrics.elidedText(plain(text), Qt.TextElideMode.ElideRight, area.width() + 1)
        if not shown:
            return
        font = QFont(self._font)
        font.setBold(bold)
        self._painter.setFont(font)
        self._painter.setPen(self.colour(tone))
        across = Qt.AlignmentFlag.AlignHCenter
        if side is not Side.CENTRE:
            left = (side is Side.START) is not self._mirrored
            across = Qt.AlignmentFlag.AlignLeft if left else Qt.AlignmentFlag.AlignRight
        flags = across | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        self._painter.drawText(self._turned(area), int(flags) | int(Qt.TextFlag.TextSingleLine), shown)

    def colour(self, tone: str) -> QColor:
        """A colour of the theme by its name."""
        return QColor(str(getattr(self.theme, tone)))

    def _outline(self, tone: str, *, filled: bool, width: float = 1.8) -> None:
        self._painter.setPen(QPen(self.colour(tone), width))
        self._painter.setBrush(self.colour(tone) if filled else QColor(self.theme.window))

    def _point(self, at: QPointF) -> QPointF:
        return QPointF(self._area.left() + self._area.right() - at.x(), at.y()) if self._mirrored else at

    def _turned(self, area: QRectF) -> QRectF:
        if not self._mirrored:
            return area
        left = self._area.left() + self._area.right() - area.right()
        return QRectF(left, area.top(), area.width(), area.height())


def plain(text: str) -> str:
    """A text on one line, in characters that a file may hold."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in " ".join(text[:LONGEST].split()))


def hatching(area: QRectF, pattern: Pattern) -> Iterator[QLineF]:
    """The lines of a pattern inside of a rectangle."""
    gap = GAP / 2 if pattern is Pattern.DENSE else GAP
    if pattern in (Pattern.RISING, Pattern.CROSSED, Pattern.DENSE):
        yield from _diagonals(area, gap, falling=False)
    if pattern in (Pattern.FALLING, Pattern.CROSSED, Pattern.DENSE):
        yield from _diagonals(area, gap, falling=True)
    if pattern is Pattern.LEVEL:
        for number in range(1, int(area.height() / GAP) + 1):
            y = area.bottom() - number * GAP
            yield QLineF(area.left(), y, area.right(), y)
    if pattern is Pattern.UPRIGHT:
        for number in range(1, int(area.width() / GAP) + 1):
            x = area.left() + number * GAP
            yield QLineF(x, area.top(), x, area.bottom())


def _diagonals(area: QRectF, gap: float, *, falling: bool) -> Iterator[QLineF]:
    width, height = area.width(), area.height()
    for number in range(1, int((width + height) / gap) + 1):
        reach = number * gap
        ends = (max(0.0, reach - height), min(reach, height)), (min(reach, width), max(0.0, reach - width))
        (x1, y1), (x2, y2) = ends
        if falling:
            y1, y2 = height - y1, height - y2
        yield QLineF(area.left() + x1, area.top() + y1, area.left() + x2, area.top() + y2)
