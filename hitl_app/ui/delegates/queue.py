"""Paints a row of the queue: sign, title, where it comes from, loss as a number and as a bar."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from hitl_app.domain.decision import ReviewStatus
from hitl_app.domain.library import QueueRow
from hitl_app.ui.models.queue import ROW_ROLE
from hitl_app.ui.panes.queue_text import loss_word, meta_line, status_glyph
from hitl_app.ui.theme import SMALL, SPACE_M, SPACE_S, Theme, current_theme, scaled

BAR, BAR_HEIGHT = 110, 4
FULL = 5
"""The loss that fills the bar; the number beside it is not capped."""


class QueueDelegate(QStyledItemDelegate):
    """Rows of one height, so that the list needs to ask for it only once."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Height of a title, a line under it and a bar."""
        small = QFontMetrics(scaled(option.font, SMALL)).height()
        return QSize(200, QFontMetrics(option.font).height() + small + BAR_HEIGHT + 4 * SPACE_S + SPACE_S // 2)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one row."""
        row = index.data(ROW_ROLE)
        if not isinstance(row, QueueRow):
            return
        theme = current_theme()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area: QRect = option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        _paint_ground(painter, area, theme, selected=selected, focused=focused)
        sign = QRect(area.left() + SPACE_M, area.top() + SPACE_S, 18, QFontMetrics(option.font).height())
        tone = theme.tone(_tone(row))
        painter.setFont(option.font)
        painter.setPen(tone)
        painter.drawText(sign, Qt.AlignmentFlag.AlignCenter, status_glyph(row))
        badge = _paint_badge(painter, area, row, option.font, theme)
        words = QRect(QPoint(sign.right() + SPACE_S, sign.top()), QPoint(area.right() - SPACE_M, area.bottom()))
        self._paint_words(painter, words, row, option.font, badge=words.right() - badge, selected=selected)
        painter.restore()

    @staticmethod
    def _paint_words(painter: QPainter, area: QRect, row: QueueRow, font: QFont, *, badge: int, selected: bool) -> None:
        """Title, meta line and bar; the title leaves room for the badge, so many pixels wide."""
        theme = current_theme()
        left, width = area.left(), area.width() - badge - SPACE_M
        title = scaled(font, 1, bold=selected)
        metrics = QFontMetrics(title)
        done = row.status in (ReviewStatus.APPROVED, ReviewStatus.EDITED, ReviewStatus.REJECTED)
        painter.setFont(title)
        painter.setPen(theme.tone("muted" if done and not selected else "text"))
        line = QRect(left, area.top(), width, metrics.height())
        side = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(line, side, metrics.elidedText(row.title, Qt.TextElideMode.ElideRight, width))
        small = scaled(font, SMALL)
        metrics = QFontMetrics(small)
        painter.setFont(small)
        painter.setPen(theme.tone("muted"))
        line = QRect(left, line.bottom() + SPACE_S // 2, area.width(), metrics.height())
        painter.drawText(line, side, metrics.elidedText(meta_line(row), Qt.TextElideMode.ElideRight, area.width()))
        if row.losses is not None and row.losses.total:
            _paint_bar(painter, QRect(left, line.bottom() + SPACE_S, min(BAR, width), BAR_HEIGHT), row, theme)


def _tone(row: QueueRow) -> str:
    if row.status in (ReviewStatus.APPROVED, ReviewStatus.EDITED):
        return "success"
    if row.status is ReviewStatus.PENDING and row.losses is not None and not row.verified:
        return "danger" if row.losses.total else "muted"
    if row.status in (ReviewStatus.FLAGGED, ReviewStatus.DISPUTED):
        return "warning"
    return "muted"


def _paint_ground(painter: QPainter, area: QRect, theme: Theme, *, selected: bool, focused: bool) -> None:
    painter.fillRect(area, QColor(theme.selection if selected else theme.window))
    painter.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), QColor(theme.line))
    if selected:
        painter.fillRect(QRect(area.left(), area.top(), 3, area.height()), QColor(theme.accent))
    if focused:
        painter.setPen(QColor(theme.accent))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -1.5))  # else half a pixel stays on its neighbours


def _paint_badge(painter: QPainter, area: QRect, row: QueueRow, font: QFont, theme: Theme) -> int:
    """Paint the loss at the right; returns its left edge."""
    small = scaled(font, SMALL)
    metrics = QFontMetrics(small)
    word = loss_word(row)
    width = max(metrics.horizontalAdvance(word) + 2 * SPACE_S, 20)
    box = QRect(area.right() - SPACE_M - width, area.top() + SPACE_S, width, metrics.height() + 2)
    name = "muted" if row.losses is None else "danger" if row.losses.total else "success"
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.soft(name))
    painter.drawRoundedRect(box, 4, 4)
    painter.setFont(small)
    painter.setPen(theme.tone(name))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, word)
    return box.left()


def _paint_bar(painter: QPainter, area: QRect, row: QueueRow, theme: Theme) -> None:
    total = row.losses.total if row.losses else 0
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.track))
    painter.drawRoundedRect(area, 2, 2)
    filled = QRect(area)
    filled.setWidth(max(BAR_HEIGHT, area.width() * min(total, FULL) // FULL))
    painter.setBrush(theme.tone("danger"))
    painter.drawRoundedRect(filled, 2, 2)
