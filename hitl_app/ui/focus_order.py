"""Where Tab goes: Qt puts what is made later at the end of the window, whatever it stands beside."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

WALKING = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
"""How the focus comes to something that a person goes to by keys."""


def tab_through(container: QWidget, parts: Iterable[QWidget]) -> None:
    """Let Tab go through parts of a container one after the other, in the container's place.

    Args:
        container: Was in the window when that was made, so that Qt has it in its right place.
        parts: What was put into it since.
    """
    before = _stop_before(container)
    for part in parts:
        for stop in (part, *part.findChildren(QWidget)):
            if stop.focusPolicy() & Qt.FocusPolicy.TabFocus:
                if before is not None:
                    QWidget.setTabOrder(before, stop)
                before = stop


def _stop_before(container: QWidget) -> QWidget | None:
    """The last widget before the container at which Tab stops; None where there is none."""
    here = container.previousInFocusChain()
    while here is not None and here is not container:
        if here.focusPolicy() & Qt.FocusPolicy.TabFocus and not container.isAncestorOf(here):
            return here
        here = here.previousInFocusChain()
    return None
