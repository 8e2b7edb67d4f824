"""Shows states in the panes without holding up the window."""

from collections import deque
from collections.abc import Iterable
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from hitl_app.ui.state import DeskState


class Pane(Protocol):
    """What shows a state."""

    def render_state(self, state: DeskState) -> None:
        """Show a state."""
        ...

    def isAncestorOf(self, child: QWidget, /) -> bool:
        """Whether a widget is part of the pane."""
        ...


class Renderer(QObject):
    """Renders one pane a turn of the event loop, always with the newest state.

    States that follow each other closely cost one rendering, and keys are handled between two panes.

    Signals:
        focus_lost: What had the focus is gone, and Qt gave it to something in another pane: a text field there would
            take the next key for typing.
    """

    focus_lost = Signal()

    def __init__(self, panes: Iterable[Pane], parent: QObject) -> None:
        """Make a renderer; `panes` in the order of their importance."""
        super().__init__(parent)
        self._panes = deque(panes)
        self._behind: set[Pane] = set()
        self._state = DeskState()
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._render_next)

    def show(self, state: DeskState) -> None:
        """Show a state soon."""
        self._state = state
        self._behind.update(self._panes)
        if not self._turn.isActive():
            self._turn.start()

    def _render_next(self) -> None:
        while self._behind:
            pane = self._panes[0]
            self._panes.rotate(-1)
            if pane in self._behind:
                self._behind.discard(pane)
                self._render(pane)
                break
        if self._behind:
            self._turn.start()

    def _render(self, pane: Pane) -> None:
        before = QApplication.focusWidget()
        pane.render_state(self._state)
        after = QApplication.focusWidget()
        if after is not None and after is not before and not pane.isAncestorOf(after):
            self.focus_lost.emit()
