"""The revisions of a lineage with the loss over them, painted."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from hitl_app.domain.ports import Revision
from hitl_app.ui.theme import SMALL, SPACE_M, SPACE_S, current_theme, scaled, theme_notifier
from hitl_app.ui.words import component_name, count_words

MARKER = 5.0


def _tr(text: str) -> str:
    return QCoreApplication.translate("BranchPlot", text)


class BranchPlot(QWidget):
    """Revisions from left to right, their loss (sum of counts) upwards, a line from parent to child.

    The shape of a marker says what became of a revision: circle recorded, square accepted, cross refused, diamond
    accepted against the rule. A revision without a measured loss stands on the axis with a question mark.

    Signals:
        picked: Trajectory id of a marker that was clicked.
    """

    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._revisions: Sequence[Revision] = ()
        self._current = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        theme_notifier.theme_changed.connect(self.update)

    def show_revisions(self, revisions: Sequence[Revision], current: str) -> None:
        """Show a lineage; `current` is the id of the trajectory on the desk."""
        self._revisions, self._current = revisions, current
        words = "; ".join(f"{r.number}: {outcome_words(r)}, {loss_words(r)}" for r in revisions)
        self.setAccessibleName(self.tr("Loss over revisions"))
        self.setAccessibleDescription(words)
        self.update()

    def sizeHint(self) -> QSize:
        """Qt: a few lines high."""
        return QSize(240, 7 * self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """Qt: enough for two levels."""
        return QSize(120, 3 * self.fontMetrics().height())

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """Qt: a click picks the nearest revision."""
        near = min(self._revisions, key=lambda r: abs(self._place(r).x() - event.position().x()), default=None)
        if near is not None:
            self.picked.emit(near.trajectory.id)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Qt: paint axes, lines, markers and labels."""
        if not self._revisions:
            return
        theme, painter = current_theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(scaled(self.font(), SMALL))
        area = self._area()
        painter.setPen(QColor(theme.line))
        painter.drawLine(area.topLeft(), area.bottomLeft())
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.setPen(QColor(theme.muted))
        height = painter.fontMetrics().height()
        roomy = area.height() > 3 * height
        for value in {0, self._worst(), *([self._worst() // 2] if self._worst() > 3 and roomy else [])}:
            place = QRectF(0, self._y(value) - height / 2, area.left() - SPACE_S, height)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(value))
        known = {r.trajectory.id: r for r in self._revisions}
        for revision in self._revisions:
            parent = known.get(revision.trajectory.parent_id or "")
            if parent is not None:
                self._paint_line(painter, self._place(parent), self._place(revision), refused=is_refused(revision))
        last = -float(SPACE_M)
        for revision in sorted(self._revisions, key=lambda r: self._place(r).x()):
            self._paint_marker(painter, revision)
            last = self._paint_label(painter, revision, last)

    def _paint_line(self, painter: QPainter, start: QPointF, end: QPointF, *, refused: bool) -> None:
        pen = QPen(current_theme().tone("muted" if refused else "accent"), 1.0 if refused else 1.8)
        pen.setStyle(Qt.PenStyle.DashLine if refused else Qt.PenStyle.SolidLine)
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF([start, QPointF(end.x(), start.y()), end]))

    def _paint_marker(self, painter: QPainter, revision: Revision) -> None:
        theme, at = current_theme(), self._place(revision)
        tone, size = theme.tone(_tone(revision)), MARKER
        current = revision.trajectory.id == self._current
        painter.setPen(QPen(tone, 1.8))
        painter.setBrush(tone if current else QColor(theme.window))
        box = QRectF(at.x() - size, at.y() - size, 2 * size, 2 * size)
        if revision.inspection is None:
            painter.drawText(box.adjusted(-size, -size, size, size), Qt.AlignmentFlag.AlignCenter, "?")
        elif revision.entry is None:
            painter.drawEllipse(box)
        elif is_refused(revision):
            painter.drawLine(box.topLeft(), box.bottomRight())
            painter.drawLine(box.topRight(), box.bottomLeft())
        elif revision.entry.decision.override:
            offsets = ((0.0, -1.2), (1.2, 0.0), (0.0, 1.2), (-1.2, 0.0))
            painter.drawPolygon(QPolygonF([at + QPointF(x * size, y * size) for x, y in offsets]))
        else:
            painter.drawRect(box)

    def _paint_label(self, painter: QPainter, revision: Revision, last: float) -> float:
        """Number and outcome under the axis; only the number, or nothing, where there is no room."""
        metrics, at = painter.fontMetrics(), self._place(revision)
        painter.setPen(QColor(current_theme().muted))
        for text in (f"{revision.number} {outcome_words(revision)}", str(revision.number)):
            width = metrics.horizontalAdvance(text)
            left = min(max(at.x() - width / 2, 0), self.width() - width)
            if left >= last + SPACE_M and width <= self._step() + metrics.horizontalAdvance("0"):
                area = self._area()
                painter.drawText(QPointF(left, area.bottom() + metrics.ascent() + SPACE_S), text)
                return left + width
        return last

    def _area(self) -> QRectF:
        metrics = QFontMetrics(scaled(self.font(), SMALL))
        left = metrics.horizontalAdvance(str(self._worst())) + SPACE_M
        bottom = metrics.height() + SPACE_M
        return QRectF(left, MARKER * 2, self.width() - left - MARKER, self.height() - bottom - MARKER * 2)

    def _worst(self) -> int:
        return max((r.inspection.losses.total for r in self._revisions if r.inspection), default=0) or 1

    def _y(self, value: int) -> float:
        area = self._area()
        return area.bottom() - area.height() * value / self._worst()

    def _step(self) -> float:
        return self._area().width() / max(len(self._revisions), 1)

    def _place(self, revision: Revision) -> QPointF:
        number = next(n for n, known in enumerate(self._revisions) if known is revision)
        x = self._area().left() + self._step() * (number + 0.5)
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            x = self._area().right() - self._step() * (number + 0.5)
        return QPointF(x, self._y(revision.inspection.losses.total if revision.inspection else 0))


def is_refused(revision: Revision) -> bool:
    """Whether a revision was tried and not taken."""
    return revision.entry is not None and not revision.entry.decision.accepted


def outcome_words(revision: Revision) -> str:
    """What became of a revision."""
    if revision.entry is None:
        return _tr("recorded") if revision.number == 0 else _tr("undecided")
    if is_refused(revision):
        return _tr("refused")
    return _tr("override") if revision.entry.decision.override else _tr("accepted")


def outcome_glyph(revision: Revision) -> str:
    """The shape of its marker, as a character."""
    if revision.entry is None:
        return "○"
    if is_refused(revision):
        return "✕"
    return "◇" if revision.entry.decision.override else "□"


def loss_words(revision: Revision) -> str:
    """The loss in words: the sum of the counts and the components that are not zero."""
    if revision.inspection is None:
        return _tr("not inspected")
    losses = revision.inspection.losses
    lost = [f"{component_name(c)} {count_words(n)}" for c, n in losses.items() if n is not None and n.count]
    return _tr("loss {0}").format(losses.total) + (f" ({', '.join(lost)})" if lost else "")


def _tone(revision: Revision) -> str:
    if is_refused(revision):
        return "muted"
    overridden = revision.entry is not None and revision.entry.decision.override
    return "warning" if overridden else "accent"
