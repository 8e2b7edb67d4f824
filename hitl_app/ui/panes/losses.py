"""The loss vector: before, and of the candidate."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget

from hitl_app.domain.inspection import Inspection
from hitl_app.domain.loss import Component, Count, LossVector
from hitl_app.ui.lateness import Lateness
from hitl_app.ui.panes.parts import ElidedLabel, Header, column, scrolled
from hitl_app.ui.state import DeskState
from hitl_app.ui.theme import SMALL, SPACE_M, SPACE_S, current_theme, mono_font, scaled, theme_notifier
from hitl_app.ui.words import component_name, count_words, disagreement_words

BAR_HEIGHT = 6


class LossRow(QWidget):
    """One component: its name, counts and a bar. All of it is painted, and said in the accessible name."""

    def __init__(self, component: Component, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._component = component
        self._before: Count | None = None
        self._after: Count | None = None
        self._compared = self._stale = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme_notifier.theme_changed.connect(self.updateGeometry)

    def show_counts(self, before: Count | None, after: Count | None, *, compared: bool, stale: bool) -> None:
        """Show counts.

        Args:
            before: Of the base; None where the environment does not measure it.
            after: Of the candidate.
            compared: There is a candidate.
            stale: The candidate is out of date.
        """
        self._before, self._after, self._compared, self._stale = before, after, compared, stale
        spoken = f"{component_name(self._component)}: {count_words(before)}"
        if compared:
            spoken += f" → {count_words(after)}"
            spoken += {-1: ", " + self.tr("better"), 1: ", " + self.tr("worse")}.get(self._change(), "")
        if stale:
            spoken += ", " + self.tr("out of date")
        self.setAccessibleName(spoken)
        self.update()

    def sizeHint(self) -> QSize:
        """Qt: one line."""
        return QSize(240, self.fontMetrics().height() + SPACE_M)

    def minimumSizeHint(self) -> QSize:
        """Qt: name and counts; the bar may go."""
        mono = QFontMetrics(mono_font())
        return QSize(self._name_width() + mono.horizontalAdvance("00 → 00 ▼"), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Qt: paint name, counts and bar."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mono = scaled(mono_font(), 1, bold=True)
        digits = QFontMetrics(mono)
        name = QRect(0, 0, self._name_width(), self.height())
        self._write(painter, name, component_name(self._component), "muted" if self._stale else "text")
        before = QRect(name.right() + SPACE_S, 0, digits.horizontalAdvance("00"), self.height())
        painter.setFont(mono)
        if self._before is None and self._after is None:
            self._write(painter, before, "–", "muted", end=True)
            painter.setFont(scaled(self.font(), SMALL))
            rest = QRect(before.right() + SPACE_M, 0, self.width() - before.right() - SPACE_M, self.height())
            self._write(painter, rest, self.tr("not measured here"), "muted")
            return
        lost = self._before is not None and self._before.count > 0
        self._write(painter, before, _number(self._before), "danger" if lost else "text", end=True)
        x = before.right() + SPACE_S
        if self._compared:
            arrow = QRect(x, 0, self.fontMetrics().horizontalAdvance("→"), self.height())
            painter.setFont(self.font())
            self._write(painter, arrow, "→", "muted")
            painter.setFont(mono)
            after = QRect(arrow.right() + SPACE_S, 0, digits.horizontalAdvance("00"), self.height())
            tone = "muted" if self._stale else {-1: "success", 1: "danger"}.get(self._change(), "text")
            self._write(painter, after, _number(self._after), tone, end=True)
            sign = QRect(after.right() + SPACE_S, 0, digits.horizontalAdvance("▼"), self.height())
            self._write(painter, sign, {-1: "▼", 1: "▲"}.get(self._change(), ""), tone)
            x = sign.right() + SPACE_M
        painter.setFont(scaled(self.font(), SMALL))
        words = self.tr("of {0}").format(self._total())
        total = QRect(x, 0, painter.fontMetrics().horizontalAdvance(self.tr("of {0}").format("000")), self.height())
        self._write(painter, total, words, "muted")
        bar = QRect(total.right() + SPACE_S, (self.height() - BAR_HEIGHT) // 2, 0, BAR_HEIGHT)
        bar.setRight(self.width() - 1)
        if bar.width() > 6 * BAR_HEIGHT:
            self._paint_bar(painter, bar)

    def _paint_bar(self, painter: QPainter, bar: QRect) -> None:
        """The track, what is lost before as a pale bar, and of the candidate as a full one."""
        theme = current_theme()
        painter.setPen(Qt.PenStyle.NoPen)
        parts = [(1.0, QColor(theme.track))]
        worst = QColor(theme.muted if self._stale else theme.danger)
        if self._compared:
            pale = QColor(theme.diff_removed_mark)
            parts += [(_share(self._before), pale), (_share(self._after), worst)]
        else:
            parts.append((_share(self._before), worst))
        for share, colour in parts:
            if share > 0:
                width = max(round(bar.width() * share), bar.height())
                part = QStyle.visualRect(
                    self.layoutDirection(), self.rect(), QRect(bar.topLeft(), QSize(width, bar.height()))
                )
                painter.setBrush(colour)
                painter.drawRoundedRect(part, bar.height() / 2, bar.height() / 2)

    def _write(self, painter: QPainter, place: QRect, text: str, tone: str, *, end: bool = False) -> None:
        painter.setPen(current_theme().tone(tone))
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if end is not mirrored else Qt.AlignmentFlag.AlignLeft
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width() + 1)
        painter.drawText(
            QStyle.visualRect(self.layoutDirection(), self.rect(), place), side | Qt.AlignmentFlag.AlignVCenter, shown
        )

    def _name_width(self) -> int:
        return max(self.fontMetrics().horizontalAdvance(component_name(c)) for c in Component) + SPACE_S

    def _change(self) -> int:
        if self._before is None or self._after is None:
            return 0
        return (self._after.count > self._before.count) - (self._after.count < self._before.count)

    def _total(self) -> int:
        shown = self._after if self._compared and self._after is not None else self._before
        return shown.of if shown is not None else 0


class LossesPane(QWidget):
    """The five components of the loss, what the recording's own benchmark says otherwise, and its scores."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[object, object, bool] | None = None
        self._state = DeskState()
        self._lateness = Lateness(self)
        self._lateness.late.connect(lambda: self.render_state(self._state))
        self.header = Header(self.tr("Losses"))
        self.rows = {component: LossRow(component) for component in Component}
        inner = QWidget()
        rows = column(inner, margin=0, spacing=0)
        for row in self.rows.values():
            rows.addWidget(row)
        rows.addStretch(1)
        self.recorded, self.scores = ElidedLabel(tone="warning"), ElidedLabel(tone="muted")
        layout = column(self, spacing=SPACE_S)
        layout.addWidget(self.header)
        layout.addWidget(scrolled(inner))
        for note in (self.recorded, self.scores):
            note.hide()
            layout.addWidget(note)
        self.setAccessibleName(self.tr("Losses"))

    def render_state(self, state: DeskState) -> None:
        """Show a state."""
        inspection = state.opened.inspection if state.opened else None
        candidate, self._state = state.candidate, state
        stale = self._lateness.is_stale(state)
        key = (inspection, candidate, stale)
        if self._shown is not None and all(a is b for a, b in zip(self._shown, key, strict=True)):
            return
        self._shown = key
        before = inspection.losses if inspection else LossVector()
        after = candidate.inspection.losses if candidate else LossVector()
        for component, row in self.rows.items():
            row.show_counts(before[component], after[component], compared=candidate is not None, stale=stale)
        self._show_notes(state, candidate.inspection if candidate else inspection)
        if candidate is None:
            self.header.set_aside(self.tr("Before") if inspection else self.tr("Not inspected"))
        else:
            self.header.set_aside(self.tr("Out of date") if stale else self.tr("Before → candidate"))

    def _show_notes(self, state: DeskState, newest: Inspection | None) -> None:
        """Where the recording's own benchmark disagrees, and the benchmark's own scores."""
        found = state.opened.disagreements if state.opened else ()
        words = "; ".join(disagreement_words(each) for each in found)
        self.recorded.set_text(self.tr("≠ {0}").format(words) if found else "")
        self.recorded.setVisible(bool(found))
        scores = newest.scores if newest else {}
        plain = [f"{name} {value:g}" for name, value in scores.items() if isinstance(value, int | float)]
        self.scores.set_text(self.tr("Scores: {0}").format(" · ".join(plain)) if plain else "")
        self.scores.setVisible(bool(plain))


def _number(count: Count | None) -> str:
    return "–" if count is None else str(count.count)


def _share(count: Count | None) -> float:
    return count.count / count.of if count is not None and count.of else 0.0
