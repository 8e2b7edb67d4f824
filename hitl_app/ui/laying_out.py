"""Where the panes of the one window stand, and how they share its room."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from hitl_app.ui.panes.parts import scrolled
from hitl_app.ui.room import Room

if TYPE_CHECKING:
    from hitl_app.ui.main_window import MainWindow


def lay_out(window: "MainWindow") -> dict[str, QSplitter]:
    """Put the panes in their places.

    Returns:
        The splitters, by the names under which a desk's position is kept.
    """
    middle = _split(Qt.Orientation.Vertical, (window.plan, 3), (window.proposal, 2))
    top = _column((window.run_desk.bar, 0), (window.notice, 0), (window.dispute, 0), (middle, 1))
    rubric, guidelines = window.review_desk.rubric, window.review_desk.guidelines
    below = ((rubric, 0), (window.gradients, 4), (guidelines, 4), (window.history, 2))
    found = _split(Qt.Orientation.Vertical, (window.losses, 0), *below)
    right = _column((found, 1), (window.verify, 0))
    whole = _split(Qt.Orientation.Horizontal, (window.queue, 3), (top, 9), (right, 4))
    whole.setSizes([320, 890, 390])
    middle.setSizes([620, 320])
    found.setSizes([180, 130, 380, 380, 200])
    window.setCentralWidget(scrolled(whole))
    return {"whole": whole, "middle": middle, "found": found}


def _column(*parts: tuple[QWidget, int]) -> QWidget:
    """Widgets below one another without a gap, and how much of new room each takes."""
    widget = QWidget()
    layout = QVBoxLayout(widget)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for part, stretch in parts:
        layout.addWidget(part, stretch)
    return widget


def _split(orientation: Qt.Orientation, *parts: tuple[QWidget, int]) -> QSplitter:
    """A splitter with its parts and how much of new room each takes."""
    splitter = QSplitter(orientation)
    splitter.setHandleWidth(1)
    splitter.setChildrenCollapsible(False)
    for number, (widget, stretch) in enumerate(parts):
        Room(widget)
        splitter.addWidget(widget)
        splitter.setStretchFactor(number, stretch)
    return splitter
