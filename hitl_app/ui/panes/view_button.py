"""The button that says which view is shown, and opens the menu of views."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from hitl_app.ui.theme import SPACE_L

SHORTEST = 5
"""Characters of a name that are shown however narrow the pane is."""


class ViewButton(QPushButton):
    """A name that is cut with an ellipsis where it does not fit; the tooltip and screen readers have all of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def name(self) -> str:
        """The whole name."""
        return self._name

    def show_name(self, name: str, spoken: str) -> None:
        """Show a name, and give screen readers words around it."""
        self._name = name
        self.setAccessibleName(spoken)
        self._elide()

    def minimumSizeHint(self) -> QSize:
        """Qt: a few characters and the arrow."""
        return QSize(
            SHORTEST * self.fontMetrics().averageCharWidth() + self._around, super().minimumSizeHint().height()
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: cut anew."""
        super().resizeEvent(event)
        self._elide()

    @property
    def _around(self) -> int:
        """Width of what stands around the name: padding and the arrow of the menu."""
        return 3 * SPACE_L

    def _elide(self) -> None:
        room = max(self.width() - self._around, SHORTEST * self.fontMetrics().averageCharWidth())
        shown = self.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideRight, room)
        self.setText(shown.replace("&", "&&"))
        self.setToolTip("" if shown == self._name else self._name.replace("<", "‹"))  # a tooltip takes tags for markup
