"""Room for what wraps: a splitter does not ask how high its parts have to be at their width."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QVBoxLayout, QWidget

_WHEN = (QEvent.Type.Resize, QEvent.Type.LayoutRequest, QEvent.Type.Show)


class Room(QObject):
    """Keeps a part of a splitter at least as high as its wrapped lines are at its width."""

    def __init__(self, part: QWidget) -> None:
        """Begin at once; `part` has its layout."""
        super().__init__(part)
        self._part = part
        part.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Qt: the width is another one, or what stands in it."""
        if event.type() in _WHEN:
            self._fit()
        return False

    def _fit(self) -> None:
        layout = self._part.layout()
        if not isinstance(layout, QVBoxLayout) or not layout.hasHeightForWidth():
            return
        height = _height_needed(layout, self._part.width())
        if height != self._part.minimumHeight():
            self._part.setMinimumHeight(height)


def _height_needed(layout: QVBoxLayout, width: int) -> int:
    """The least height that leaves each row what it needs; what wraps gets all of its lines."""
    margins = layout.contentsMargins()
    room = width - margins.left() - margins.right()
    items = [layout.itemAt(number) for number in range(layout.count())]
    shown = [item for item in items if item is not None and not item.isEmpty()]
    heights = [i.heightForWidth(room) if i.hasHeightForWidth() else i.minimumSize().height() for i in shown]
    return sum(heights) + layout.spacing() * max(0, len(shown) - 1) + margins.top() + margins.bottom()
