"""How far a part of the queue is: a thin bar with words."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from hitl_app.domain.library import Progress
from hitl_app.ui.panes.parts import ElidedLabel
from hitl_app.ui.theme import current_theme, theme_notifier

HEIGHT = 4


class Bar(QWidget):
    """A part of a whole as a line."""

    def __init__(self) -> None:
        super().__init__()
        self.part = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme_notifier.theme_changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Qt: a thin line."""
        return QSize(40, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: the whole in the track's colour, the part over it."""
        theme, painter = current_theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        whole = QRectF(self.rect())
        painter.setBrush(QColor(theme.track))
        painter.drawRoundedRect(whole, HEIGHT / 2, HEIGHT / 2)
        done = QRectF(whole)
        done.setWidth(whole.width() * self.part)
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            done.moveRight(whole.right())
        painter.setBrush(QColor(theme.accent))
        painter.drawRoundedRect(done, HEIGHT / 2, HEIGHT / 2)


class ProgressLine(QWidget):
    """Done of all, and of what is assigned to the person at the desk; hidden where there is nothing to do."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bar, self._words = Bar(), ElidedLabel(tone="muted", role="small")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._bar)
        layout.addWidget(self._words)
        self.hide()

    @property
    def words(self) -> str:
        """What it says."""
        return self._words.whole_text

    def show_progress(self, progress: Progress) -> None:
        """Show how far it is; the bar is of one's own part where there is one."""
        own = progress.own_all > 0
        done, whole = (progress.own_done, progress.own_all) if own else (progress.done, progress.all)
        words = self.tr("{0} of {1} decided").format(progress.done, progress.all)
        if own:
            words = self.tr("{0} of {1} decided; yours: {2} of {3}").format(
                progress.done, progress.all, progress.own_done, progress.own_all
            )
        self._words.set_text(words)
        self.setAccessibleName(words)
        self._bar.part = done / whole if whole else 0.0
        self._bar.update()
        self.setVisible(progress.all > 0)
