"""Paints the lines of two trajectories side by side. All lines are one text line high."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from hitl_app.domain.difference import RowKind
from hitl_app.domain.side_by_side import Cell
from hitl_app.ui.models.difference import LINE_ROLE, DiffLine, LineKind
from hitl_app.ui.theme import SMALL, SPACE_M, SPACE_S, current_theme, mono_font, scaled

NUMBER = 5
"""Columns of a step's number."""

INDENT = 2
"""Columns that what belongs to a step is put in."""

Index = QModelIndex | QPersistentModelIndex

_TONES = {
    RowKind.SAME: "muted",
    RowKind.CHANGED: "accent",
    RowKind.OBSERVED: "warning",
    RowKind.ADDED: "success",
    RowKind.REMOVED: "danger",
    RowKind.MOVED_HERE: "accent",
    RowKind.MOVED_AWAY: "muted",
}


class DifferenceDelegate(QStyledItemDelegate):
    """Two sides of equal width with a gutter each. Code is read from the left in every language."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.forget_fonts()

    def forget_fonts(self) -> None:
        """Measure anew: the application's font has changed."""
        self._mono = scaled(mono_font(), SMALL)
        self._metrics = QFontMetrics(self._mono)
        self._bold = scaled(mono_font(), SMALL, bold=True)
        self._bold_metrics = QFontMetrics(self._bold)
        self._column = max(self._metrics.horizontalAdvance("0"), 1)

    @property
    def column(self) -> int:
        """Width of a character."""
        return self._column

    def columns_in(self, width: int) -> int:
        """Characters of text that a side of a view of that width has."""
        return max((width // 2) // self.column - NUMBER - INDENT - 4, 20)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Qt: the height of a line."""
        return QSize(0, self._metrics.height() + SPACE_S)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Qt: paint one line."""
        line = index.data(LINE_ROLE)
        if not isinstance(line, DiffLine):
            return
        painter.save()
        area: QRect = option.rect
        half = area.width() // 2
        if line.kind is LineKind.HEADER:
            painter.fillRect(area, QColor(current_theme().surface))
        self._paint_side(painter, QRect(area.left(), area.top(), half, area.height()), line, right=False)
        self._paint_side(
            painter, QRect(area.left() + half, area.top(), area.width() - half, area.height()), line, right=True
        )
        self._paint_words(painter, area, line)
        painter.setPen(QColor(current_theme().line))
        painter.drawLine(area.left() + half, area.top(), area.left() + half, area.bottom())
        self._paint_state(painter, area, option.state)
        painter.restore()

    def _paint_state(self, painter: QPainter, area: QRect, state: QStyle.StateFlag) -> None:
        theme = current_theme()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(QRect(area.left(), area.top(), 3, area.height()), QColor(theme.accent))
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(theme.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(area.adjusted(0, 0, -1, -1))

    def _paint_side(self, painter: QPainter, area: QRect, line: DiffLine, *, right: bool) -> None:
        theme, cell = current_theme(), line.right if right else line.left
        if cell is None:
            if not line.same and line.kind is not LineKind.HEADER:
                painter.fillRect(area, QColor(theme.surface))
            return
        if not line.same and line.kind is not LineKind.HEADER:
            painter.fillRect(area, QColor(theme.diff_added if right else theme.diff_removed))
        number = QRect(area.left() + SPACE_S, area.top(), NUMBER * self.column, area.height())
        sign = QRect(number.right(), area.top(), 2 * self.column, area.height())
        text = QRect(sign.right(), area.top(), area.right() - sign.right() - SPACE_S, area.height())
        painter.setFont(self._mono)
        painter.setPen(theme.tone("muted"))
        end = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if line.kind is LineKind.HEADER:
            painter.drawText(number, end, line.numbers[right])
        elif line.kind is LineKind.OBSERVATION:
            painter.drawText(number, end, "↳")
        if not line.same:
            moved = line.kind is LineKind.HEADER and line.says in (RowKind.MOVED_HERE, RowKind.MOVED_AWAY)
            painter.setPen(theme.tone("accent" if moved else "success" if right else "danger"))
            painter.drawText(sign, Qt.AlignmentFlag.AlignCenter, "↷" if moved else "+" if right else "−")
        self._paint_text(painter, text, cell, line, right=right)

    def _paint_text(self, painter: QPainter, area: QRect, cell: Cell, line: DiffLine, *, right: bool) -> None:
        theme, header = current_theme(), line.kind is LineKind.HEADER
        left = area.left() + (0 if header else INDENT * self.column)
        metrics = self._metrics
        for start, length in () if header else cell.marks:
            begin = left + metrics.horizontalAdvance(cell.text[:start])
            width = metrics.horizontalAdvance(cell.text[start : start + length])
            place = QRect(begin, area.top() + 1, width, area.height() - 2)
            painter.fillRect(place, QColor(theme.diff_added_mark if right else theme.diff_removed_mark))
            painter.setPen(theme.tone("success" if right else "danger"))
            y = place.bottom() - 1 if right else place.center().y() + 1
            painter.drawLine(place.left(), y, place.right(), y)
        painter.setPen(theme.tone("muted" if line.same and line.kind is not LineKind.STEP else "text"))
        bold = header and not line.same
        painter.setFont(self._bold if bold else self._mono)
        room = area.right() - left - (self._words_width(line) if header and right else 0)
        shown = cell.text
        if header or not shown.isascii():  # every other line is broken to the width
            shown = (self._bold_metrics if bold else metrics).elidedText(shown, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, area.top(), room, area.height()), Qt.AlignmentFlag.AlignVCenter, shown)

    def _words_width(self, line: DiffLine) -> int:
        return self._bold_metrics.horizontalAdvance(line.words) + 2 * SPACE_M if line.words else 0

    def _paint_words(self, painter: QPainter, area: QRect, line: DiffLine) -> None:
        """What a header says of its row at its end; of a fold all that there is, in the middle."""
        if not line.words:
            return
        painter.setFont(self._bold if line.kind is LineKind.HEADER else self._mono)
        painter.setPen(current_theme().tone(_TONES[line.says] if line.kind is LineKind.HEADER else "muted"))
        side = Qt.AlignmentFlag.AlignRight if line.kind is LineKind.HEADER else Qt.AlignmentFlag.AlignHCenter
        painter.drawText(area.adjusted(0, 0, -SPACE_M, 0), side | Qt.AlignmentFlag.AlignVCenter, line.words)
