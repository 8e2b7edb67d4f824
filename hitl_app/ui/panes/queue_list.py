"""The rows of the queue: several can be selected, and more load at both ends."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from hitl_app.domain.library import QueueRow
from hitl_app.ui.delegates.queue import QueueDelegate
from hitl_app.ui.models.queue import ROW_ROLE, Index, QueueModel
from hitl_app.ui.panes.parts import KeepingList


class QueueList(KeepingList):
    """Rows of one height.

    Signals:
        menu_requested: Where on the screen the context menu is wanted, by the mouse or by its key.
    """

    menu_requested = Signal(object)

    def __init__(self, model: QueueModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queue = model
        self.setModel(model)
        self.setItemDelegate(QueueDelegate(self))
        self.setUniformItemSizes(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Trajectories"))
        self.verticalScrollBar().valueChanged.connect(self._near_top)

    @property
    def selected(self) -> tuple[str, ...]:
        """Root ids of the selected rows, from the top."""
        rows = [index.data(ROW_ROLE) for index in sorted(self.selectedIndexes(), key=QModelIndex.row)]
        return tuple(row.root_id for row in rows if isinstance(row, QueueRow))

    def _near_top(self, value: int) -> None:
        if value <= self.viewport().height():
            self._queue.fetch_before()

    def rowsInserted(self, parent: Index, start: int, end: int) -> None:
        """Qt: rows came before the first one; what is in view stays where it is."""
        bar, inserted = self.verticalScrollBar(), end - start + 1
        value = bar.value()
        super().rowsInserted(parent, start, end)
        if start == 0 and inserted < self._queue.rowCount():
            self.executeDelayedItemsLayout()
            bar.setValue(value + inserted * self.sizeHintForRow(0))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Qt: ask for the menu; by the key, at the current row."""
        at = event.globalPos()
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            at = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).center())
        self.menu_requested.emit(at)
        event.accept()
