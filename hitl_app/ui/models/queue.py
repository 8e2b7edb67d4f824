"""The queue as a list model: filtered and sorted in SQL, loaded page by page."""

import asyncio
from collections.abc import Callable

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from hitl_app.domain.decision import ReviewStatus
from hitl_app.domain.library import QueueOrder, QueuePage, QueueRow
from hitl_app.ui.panes.queue_text import describe_row
from hitl_app.ui.tasks import Failed, Tasks
from hitl_app.workflow.library import Library

PAGE = 200
"""Rows that one read fetches: a few screens."""

ROW_ROLE = int(Qt.ItemDataRole.UserRole)
"""The role under which an index gives its `QueueRow`."""

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class QueueModel(QAbstractListModel):
    """Rows of the queue, in the order of the query.

    Signals:
        counted: Rows that are still pending, and all rows that fit the query.
    """

    counted = Signal(int, int)

    def __init__(self, library: Library, failed: Failed, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._tasks = Tasks(failed)
        self._rows: list[QueueRow] = []
        self._numbers: dict[str, int] = {}
        self._first_total = self._total = 0
        self._more = False
        self._query, self._order = "", QueueOrder.IMPORTED
        self._generation = 0
        self._loading = asyncio.Lock()

    @property
    def query(self) -> str:
        """The query that is shown."""
        return self._query

    @property
    def order(self) -> QueueOrder:
        """The order that is shown."""
        return self._order

    # -- what Qt asks ----------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Rows that are loaded."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Title, words for a screen reader, or the row itself. Reads nothing."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return describe_row(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return describe_row(row).replace("<", "‹")  # a tooltip would take a tag for rich text
        return None

    def canFetchMore(self, parent: Index) -> bool:
        """Whether the query has rows that are not loaded."""
        return not parent.isValid() and self._more

    def fetchMore(self, parent: Index) -> None:
        """Load the next page in the background."""
        if self.canFetchMore(parent) and not self._tasks.runs("page"):
            self._tasks.start("page", self._fetch_page())

    # -- loading ---------------------------------------------------------------------------------------------------

    async def show(self, query: str, order: QueueOrder) -> None:
        """Show another query or order, or the same one afresh.

        Raises:
            QueryError: The query cannot be understood; what is shown stays.
        """
        page = await self._library.queue(query, order, PAGE)
        self._generation += 1
        self._query, self._order = query, order
        self.beginResetModel()
        self._rows = list(page.rows)
        self._numbers = {row.root_id: number for number, row in enumerate(self._rows)}
        self._first_total, self._more = page.total, len(self._rows) < page.total
        self.endResetModel()
        self._count(page)

    async def refresh(self, root_id: str) -> None:
        """Read one row again. It stays in its place, also where it does not fit the query any more."""
        number = self._numbers.get(root_id)
        if number is not None:
            row = await self._library.row(root_id)
            if self._numbers.get(root_id) == number:
                self._rows[number] = row
                index = self.index(number)
                self.dataChanged.emit(index, index)
        self._count(await self._library.queue(self._query, self._order, 1))

    def _count(self, page: QueuePage) -> None:
        self._total = page.total
        self.counted.emit(page.pending, page.total)

    async def _fetch_page(self) -> None:
        await self._load_page()

    async def _load_page(self) -> bool:
        """Load one more page; False where there was none."""
        generation = self._generation
        async with self._loading:
            if generation != self._generation or not self._more:
                return False
            left = max(0, self._first_total - self._total)  # decided rows that fit the query no more, but are shown
            offset = max(0, len(self._rows) - left)
            page = await self._library.queue(self._query, self._order, PAGE, offset)
            if generation != self._generation:
                return False
            self._more = offset + len(page.rows) < page.total and bool(page.rows)
            return self._append([row for row in page.rows if row.root_id not in self._numbers])

    def _append(self, rows: list[QueueRow]) -> bool:
        if not rows:
            return False
        first = len(self._rows)
        self.beginInsertRows(QModelIndex(), first, first + len(rows) - 1)
        self._rows.extend(rows)
        self._numbers |= {row.root_id: first + offset for offset, row in enumerate(rows)}
        self.endInsertRows()
        return True

    # -- finding ---------------------------------------------------------------------------------------------------

    def number_of(self, root_id: str) -> int | None:
        """Place of a lineage among the rows that are loaded."""
        return self._numbers.get(root_id)

    async def neighbour(self, root_id: str, distance: int) -> str | None:
        """The lineage so many rows further on; the first one where `root_id` is not in the queue."""
        number = self._numbers.get(root_id)
        wanted = 0 if number is None else number + distance
        while wanted >= len(self._rows) and await self._load_page():
            pass
        return self._rows[wanted].root_id if 0 <= wanted < len(self._rows) else None

    async def next_pending(self, root_id: str) -> str | None:
        """The next pending lineage after `root_id`, then from the start.

        Where the query asks for a status, its rows are what there is to do: then it is the next row.
        """
        if "status:" in self._query:
            return await self.neighbour(root_id, 1)
        start = self._numbers.get(root_id, -1) + 1

        def undecided(row: QueueRow) -> bool:
            return row.status is ReviewStatus.PENDING and row.root_id != root_id

        found = await self._find(undecided, start)
        return found or next((row.root_id for row in self._rows[:start] if undecided(row)), None)

    async def locate(self, root_id: str) -> bool:
        """Load pages until a lineage is among the rows; False where it does not fit the query."""
        return await self._find(lambda row: row.root_id == root_id, 0) is not None

    async def _find(self, fits: Callable[[QueueRow], bool], start: int) -> str | None:
        number = start
        while number < len(self._rows) or await self._load_page():
            if fits(self._rows[number]):
                return self._rows[number].root_id
            number += 1
        return None

    async def close(self) -> None:
        """Stop loading."""
        await self._tasks.cancel_all()
