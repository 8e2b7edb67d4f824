"""Files and folders that are dropped on a window."""

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget


class DropTarget(QObject):
    """Lets a window take files by native drag and drop. What takes text takes it as before.

    Signals:
        dropped: Paths, as a list.
    """

    dropped = Signal(list)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: something is dragged over the window, or dropped on it."""
        if isinstance(event, QDropEvent) and event.type() is QEvent.Type.Drop:
            paths = paths_of(event.mimeData())
            if paths:
                event.acceptProposedAction()
                self.dropped.emit(paths)
                return True
        elif isinstance(event, QDragMoveEvent) and paths_of(event.mimeData()):  # a drag that enters is one that moves
            event.acceptProposedAction()
            return True
        return super().eventFilter(watched, event)


def paths_of(data: QMimeData) -> list[Path]:
    """The files and folders of this machine among what is dragged."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
