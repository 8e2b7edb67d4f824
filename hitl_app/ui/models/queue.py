"""The queue as a list model: filtered and sorted in SQL, loaded page by page."""

import asyncio

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from hitl_app.domain.decision import ReviewStatus
from hitl_app.domain.library import Progress, QueueOrder, QueuePage, QueueRow
from hitl_app.domain.query import Field, FieldTerm, parse_query
from hitl_app.ui.panes.queue_text import describe_row
from hitl_app.ui.tasks import Failed, Tasks
from hitl_app.workflow.library import Library

PAGE = 200
"""Rows that one read fetches: a few screens."""

COUNT_AFTER_SECONDS = 0.5
"""A decision is so long ago before all rows are counted again: the next one need not wait for the count."""

ROW_ROLE = int(Qt.ItemDataRole.UserRole)
"""The role under which an index gives its `QueueRow`."""

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class QueueModel(QAbstractListModel):
    """Rows of the queue, in the order of the query: a window of pages that grows at both ends.

    Attributes:
        viewer: A blind annotator, to whom the rows are shown as they left them; empty shows everybody's.

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
        self.viewer = ""
        self._first = self._first_total = self._total = self._pending = 0
        self._more = False
        self._query, self._order = "", QueueOrder.IMPORTED
        self._generation = 0
        self._loading = asyncio.Lock()

    @property
    def query(self) -> str:
        """The query that is shown."""
        return self._query

    @property
    def total(self) -> int:
        """How many lineages fit it, loaded or not."""
        return self._total

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

    @property
    def can_fetch_before(self) -> bool:
        """Whether the query has rows before the first one that is loaded."""
        return self._first > 0

    def fetch_before(self) -> None:
        """Load the page before the first row in the background."""
        if self.can_fetch_before and not self._tasks.runs("page before"):
            self._tasks.start("page before", self._fetch_before())

    # -- loading ---------------------------------------------------------------------------------------------------

    async def show(self, query: str, order: QueueOrder) -> None:
        """Show another query or order from its start, or the same one afresh.

        Raises:
            QueryError: The query cannot be understood; what is shown stays.
        """
        page = await self._library.queue(query, order, PAGE, viewer=self.viewer)
        self._query, self._order = query, order
        self._begin(page, 0)

    async def reload(self) -> None:
        """Show the same query afresh, from the same place on: many rows may have changed."""
        generation, first = self._generation, self._first
        page = await self._page(first, max(PAGE, len(self._rows)))
        if generation == self._generation:
            self._begin(page, first)

    def _begin(self, page: QueuePage, first: int) -> None:
        """Show one page and nothing else."""
        self._generation += 1
        self.beginResetModel()
        self._rows = list(page.rows)
        self._number()
        self._first, self._first_total = first, page.total
        self._more = first + len(self._rows) < page.total
        self.endResetModel()
        self._count(page)

    def _number(self) -> None:
        self._numbers = {row.root_id: number for number, row in enumerate(self._rows)}

    async def refresh(self, *root_ids: str) -> None:
        """Read rows again. One stays in its place, also where it does not fit the query any more.

        Counting all rows may take long where there are many, and nobody waits for it: it is done a little later.
        """
        if len(root_ids) > 1:
            await self.reload()
            return
        for root_id in self._numbers.keys() & root_ids:
            row = await self._library.row(root_id, self.viewer)
            number = self._numbers.get(root_id)
            if number is not None:
                was, is_now = (each.status is ReviewStatus.PENDING for each in (self._rows[number], row))
                self._pending += is_now - was
                self._rows[number] = row
                index = self.index(number)
                self.dataChanged.emit(index, index)
        self.counted.emit(self._pending, self._total)
        self._tasks.start("count", self._count_later())

    async def _count_later(self) -> None:
        await asyncio.sleep(COUNT_AFTER_SECONDS)
        generation, page = self._generation, await self._page(0, 0)
        if generation == self._generation:
            self._count(page)

    async def _page(self, offset: int, limit: int) -> QueuePage:
        return await self._library.queue(self._query, self._order, limit, offset, self.viewer)

    def _count(self, page: QueuePage) -> None:
        self._pending, self._total = page.pending, page.total
        self.counted.emit(page.pending, page.total)

    async def _fetch_page(self) -> None:
        await self._load_page()

    async def _fetch_before(self) -> None:
        await self._load_before()

    async def _load_page(self) -> bool:
        """Load one more page at the end; False where there was none."""
        generation = self._generation
        async with self._loading:
            if generation != self._generation or not self._more:
                return False
            offset, page = await self._next_page()
            if generation != self._generation:
                return False
            self._more = offset + len(page.rows) < page.total and bool(page.rows)
            return self._insert(len(self._rows), page)

    async def _next_page(self) -> tuple[int, QueuePage]:
        """The page behind the last row, and its offset."""
        while True:
            generation = self._generation
            left = max(0, self._first_total - self._total)  # decided rows that fit the query no more, but are shown
            offset = max(0, self._first + len(self._rows) - left)
            page = await self._page(offset, PAGE)
            if page.total == self._total or generation != self._generation:
                return offset, page
            self._count(page)  # rows were decided meanwhile: what follows has moved up

    async def _load_before(self) -> bool:
        """Load one more page before the first row; False where there was none."""
        generation = self._generation
        async with self._loading:
            if generation != self._generation or not self._first:
                return False
            first = max(0, self._first - PAGE)
            page = await self._page(first, self._first - first)
            if generation != self._generation:
                return False
            self._first = first
            return self._insert(0, page)

    def _insert(self, at: int, page: QueuePage) -> bool:
        rows = [row for row in page.rows if row.root_id not in self._numbers]
        if not rows:
            return False
        self.beginInsertRows(QModelIndex(), at, at + len(rows) - 1)
        self._rows[at:at] = rows
        self._number()
        self.endInsertRows()
        return True

    # -- finding ---------------------------------------------------------------------------------------------------

    def number_of(self, root_id: str) -> int | None:
        """Place of a lineage among the rows that are loaded."""
        return self._numbers.get(root_id)

    async def neighbour(self, root_id: str, distance: int) -> str | None:
        """The lineage so many rows further on; the first one that is loaded where `root_id` is not in the queue."""
        if root_id not in self._numbers:
            await self.locate(root_id)
        number = self._numbers.get(root_id)
        wanted = 0 if number is None else number + distance
        while wanted < 0 and await self._load_before():
            wanted = self._numbers[root_id] + distance
        while wanted >= len(self._rows) and await self._load_page():
            pass
        return self._rows[wanted].root_id if 0 <= wanted < len(self._rows) else None

    async def next_pending(self, root_id: str) -> str | None:
        """The next pending lineage after `root_id`, then from the start.

        Where the query asks for a status, its rows are what there is to do: then it is the next row.
        """
        if any(isinstance(term, FieldTerm) and term.field == "status" for term in parse_query(self._query)):
            return await self.neighbour(root_id, 1)
        start = self._numbers.get(root_id)
        if start is not None:
            for row in self._rows[start + 1 :]:
                if row.status is ReviewStatus.PENDING:
                    return row.root_id
        return await self._library.next_pending(root_id, self._query, self._order, self.viewer)

    async def locate(self, root_id: str) -> bool:
        """Load the page around a lineage; False where it does not fit the query."""
        if root_id in self._numbers:
            return True
        generation = self._generation
        place = await self._library.place(root_id, self._query, self._order, self.viewer) if root_id else None
        if place is None or generation != self._generation:
            return False
        if 0 <= place - self._first - len(self._rows) < PAGE and await self._load_page():
            return root_id in self._numbers
        first = max(0, place - PAGE // 2)
        page = await self._page(first, PAGE)
        if generation == self._generation:
            self._begin(page, first)
        return root_id in self._numbers

    async def values(self, field: Field, prefix: str) -> tuple[str, ...]:
        """Values of a field that begin with a text, as far as the viewer may know them."""
        return await self._library.values(field, prefix, self.viewer)

    async def progress(self, annotator: str) -> Progress:
        """How far the query is, whatever status it asks for."""
        return await self._library.progress(self._query, annotator, self.viewer)

    async def idle(self) -> None:
        """Wait until nothing is being loaded."""
        await self._tasks.idle()

    async def close(self) -> None:
        """Stop loading."""
        await self._tasks.cancel_all()
