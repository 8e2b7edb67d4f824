"""Colours and zoom of the window, as the person chose them."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from hitl_app.domain.settings import SYSTEM, ZOOMS
from hitl_app.ui.theme import DARK, HIGH_CONTRAST, LIGHT, Theme, apply_theme

THEMES: Mapping[str, Theme] = {"light": LIGHT, "dark": DARK, "high_contrast": HIGH_CONTRAST}

ZOOMED = "zoomed"
"""Property of the application: the zoom of its font, in percent."""


class Look(QObject):
    """Applies a theme and a zoom to the application, and follows the system where that was chosen.

    Signals:
        changed: Something was chosen that is worth keeping.
    """

    changed = Signal()

    def __init__(self, app: QApplication, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        # A window before this one may have left its zoom on the application's font.
        self._points = app.font().pointSizeF() * 100 / (app.property(ZOOMED) or 100)
        self.theme, self.zoom = SYSTEM, 100
        app.styleHints().colorSchemeChanged.connect(self._system_changed)

    def restore(self, theme: str, zoom: int) -> None:
        """Take what was kept; what is not known is left at its default."""
        self.theme = theme if theme in THEMES else SYSTEM
        self.zoom = zoom if zoom in ZOOMS else 100
        self._apply()

    def choose(self, theme: str) -> None:
        """Choose a theme by its name, or `system`."""
        self.theme = theme
        self._apply()
        self.changed.emit()

    def zoom_by(self, steps: int) -> None:
        """Larger or smaller by so many steps."""
        number = ZOOMS.index(self.zoom) + steps
        self.zoom_to(ZOOMS[max(0, min(number, len(ZOOMS) - 1))])

    def zoom_reset(self) -> None:
        """Back to the system's size."""
        self.zoom_to(100)

    def zoom_to(self, zoom: int) -> None:
        """Choose one of `ZOOMS`, in percent."""
        self.zoom = zoom
        self._apply()
        self.changed.emit()

    def _system_changed(self) -> None:
        if self.theme == SYSTEM:
            self._apply()

    def _apply(self) -> None:
        font = self._app.font()
        points = self._points * self.zoom / 100
        if font.pointSizeF() != points:
            font.setPointSizeF(points)
            self._app.setFont(font)
        self._app.setProperty(ZOOMED, self.zoom)
        dark = self._app.styleHints().colorScheme() is Qt.ColorScheme.Dark
        apply_theme(self._app, THEMES.get(self.theme, DARK if dark else LIGHT))
