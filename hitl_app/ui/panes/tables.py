"""Plain tables of a report: rows of text that can be read, copied and chosen by keys."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from hitl_app.ui.step_text import one_line

KEY_ROLE = Qt.ItemDataRole.UserRole
SHOWN_ROWS = 2_000
"""More rows than anybody reads; the command line has them all."""


class Table(QTreeWidget):
    """Rows of text under headers; the first column takes the room that is left."""

    def __init__(self, name: str, headers: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setHeaderLabels(list(headers))
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAlternatingRowColors(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMinimumHeight(4 * self.fontMetrics().lineSpacing())
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(8 * self.fontMetrics().averageCharWidth())
        QShortcut(QKeySequence.StandardKey.Copy, self, self._copy, Qt.ShortcutContext.WidgetShortcut)

    def show_rows(self, rows: Sequence[Sequence[str]], keys: Sequence[str] = ()) -> None:
        """Show rows; `keys` name what each row is about, in the same order."""
        self.clear()
        items = []
        for number, row in enumerate(rows[:SHOWN_ROWS]):
            item = QTreeWidgetItem([one_line(text) for text in row])
            for place, text in enumerate(row):
                item.setToolTip(place, one_line(text))
                if place:
                    item.setTextAlignment(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            if keys:
                item.setData(0, KEY_ROLE, keys[number])
            items.append(item)
        self.addTopLevelItems(items)
        if items:
            self.setCurrentItem(items[0])

    def current_key(self) -> str:
        """What the current row is about; empty where nothing is."""
        item = self.currentItem()
        return str(item.data(0, KEY_ROLE) or "") if item is not None else ""

    def go_to(self, key: str) -> None:
        """Make the row current that is about that; where there is none, nothing changes."""
        for number in range(self.topLevelItemCount()):
            item = self.topLevelItem(number)
            if item is not None and item.data(0, KEY_ROLE) == key:
                self.setCurrentItem(item)

    def _copy(self) -> None:
        """All rows with their headers, separated by tabs."""
        header = self.headerItem()
        lines = [header, *(self.topLevelItem(n) for n in range(self.topLevelItemCount()))]
        texts = ["\t".join(line.text(n) for n in range(self.columnCount())) for line in lines if line is not None]
        QApplication.clipboard().setText("\n".join(texts))
