"""The queue: what is left to do, searched and sorted."""

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from hitl_app.domain.library import QueueOrder
from hitl_app.domain.query import QueryError
from hitl_app.domain.query_completion import Place
from hitl_app.ui.models.queue import QueueModel
from hitl_app.ui.panes.parts import Header, label, paragraph, tell_whole
from hitl_app.ui.panes.progress_line import ProgressLine
from hitl_app.ui.panes.query_line import QueryLine
from hitl_app.ui.panes.query_words import explain
from hitl_app.ui.panes.queue_list import QueueList
from hitl_app.ui.panes.view_button import ViewButton
from hitl_app.ui.tasks import Failed, Tasks
from hitl_app.ui.theme import SPACE_M, SPACE_S, theme_notifier

QUERY_AFTER_MS = 200
"""Typing pauses at least so long before the query runs."""


SHORTEST_ORDER = 5
"""Characters of an order that are shown however narrow the pane is."""

ROWS, NO_TRAJECTORIES, NOTHING_FITS = range(3)
"""What stands under the query box, in the order in which the pages were added."""


class QueuePane(QWidget):
    """Query, order, progress and rows.

    Signals:
        open_requested: Root id of the row that was chosen.
        import_requested, samples_requested: The queue is empty and should not be.
        queue_changed: Another query or order is shown.
    """

    open_requested = Signal(str)
    import_requested = Signal()
    samples_requested = Signal()
    queue_changed = Signal()

    def __init__(self, model: QueueModel, failed: Failed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._tasks = Tasks(failed)
        self._open_root = ""
        self.setAccessibleName(self.tr("Queue"))
        self._header = Header(self.tr("Queue"))
        self.query = QueryLine()
        self.query.setClearButtonEnabled(True)
        self.query.setPlaceholderText(self.tr("status:pending loss.goal>0 refund"))
        self.query.setAccessibleName(self.tr("Query"))
        self.query.setToolTip(self.tr("What to show; Ctrl+Space offers what can stand at the cursor"))
        self.query.left.connect(self.focus_list)
        self.query.values_wanted.connect(self._offer_values)
        self._problem = paragraph(tone="danger")
        self._problem.hide()
        self.order = QComboBox()
        self.order.setAccessibleName(self.tr("Order"))
        self.order.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.order.setMinimumContentsLength(SHORTEST_ORDER)
        self.order.addItem(self.tr("as imported"), QueueOrder.IMPORTED)
        self.order.addItem(self.tr("worst first"), QueueOrder.WORST_FIRST)
        tell_whole(self.order)
        self.views = ViewButton()
        self.progress = ProgressLine()
        self.view = QueueList(model)
        # the current row also moves when the list gets the focus; only a person selects
        self.view.selectionModel().selectionChanged.connect(self._chosen)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._make_empty())
        self._stack.addWidget(self._make_nothing_fits())
        self._lay_out()
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(QUERY_AFTER_MS)
        self._typing.timeout.connect(self._run_typed)
        self.query.textChanged.connect(self._typing.start)
        self.query.returnPressed.connect(self._enter)
        self.order.activated.connect(self.reload)
        model.counted.connect(self._count)
        model.modelReset.connect(self._select_open)
        theme_notifier.theme_changed.connect(self._restyle)

    def _make_empty(self) -> QWidget:
        text = self.tr("There are no trajectories yet.\nImport recorded runs, or add samples to try the desk.")
        choose, samples = QPushButton(self.tr("Import…")), QPushButton(self.tr("Add samples"))
        choose.clicked.connect(self.import_requested)
        samples.clicked.connect(self.samples_requested)
        return _page(text, choose, samples)

    def _make_nothing_fits(self) -> QWidget:
        clear = QPushButton(self.tr("Clear query"))
        clear.clicked.connect(self.query.clear)
        return _page(self.tr("No trajectory fits this query."), clear)

    def _lay_out(self) -> None:
        top = QWidget()
        inner = QVBoxLayout(top)
        inner.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        inner.setSpacing(SPACE_S)
        inner.addWidget(self._header)
        row = QHBoxLayout()
        row.addWidget(self.views, 3)
        row.addWidget(self.order, 2)
        inner.addWidget(self.progress)
        inner.addLayout(row)
        inner.addWidget(self.query)
        inner.addWidget(self._problem)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(top)
        layout.addWidget(self._stack, 1)

    # -- asking ----------------------------------------------------------------------------------------------------

    @property
    def model(self) -> QueueModel:
        """What the rows are."""
        return self._model

    @property
    def problem(self) -> str:
        """Why the query cannot be understood; empty where it can."""
        return "" if self._problem.isHidden() else self._problem.text()

    def show_query(self, query: str, order: QueueOrder) -> None:
        """Put a query and an order into the controls, without running it."""
        self.query.blockSignals(True)
        self.query.setText(query)
        self.query.blockSignals(False)
        self.order.setCurrentIndex(max(0, self.order.findData(order)))

    def reload(self) -> None:
        """Run the query in the background."""
        self._typing.stop()
        self._tasks.start("query", self.run_query())

    def _run_typed(self) -> None:
        self._tasks.start("query", self._run_while_typing())

    async def _run_while_typing(self) -> None:
        await self._try_query(typing=True)

    def _enter(self) -> None:
        """Run the query now and go to what it finds; one that cannot be understood keeps the focus."""
        self._typing.stop()
        self._tasks.start("query", self._run_and_open())

    async def _run_and_open(self) -> None:
        if not await self._try_query():
            return
        focus = QApplication.focusWidget()
        if focus is None or self.isAncestorOf(focus):  # else somebody went on while it was searched
            self.focus_list()
        if self._model.rowCount() and self._model.number_of(self._open_root) is None:
            self.view.setCurrentIndex(self._model.index(0))

    async def run_query(self) -> None:
        """Run the query that is typed; one that cannot be understood is explained, and the rows stay."""
        await self._try_query()

    async def _try_query(self, *, typing: bool = False) -> bool:
        """Run the query; False where it cannot be understood. While it is typed, a missing end is no mistake."""
        try:
            await self._model.show(self.query.text().strip(), QueueOrder(self.order.currentData()))
        except QueryError as error:
            self._show_problem(None if typing and error.unfinished else error)
            return False
        self._show_problem(None)
        self.queue_changed.emit()
        return True

    def _show_problem(self, error: QueryError | None) -> None:
        self._problem.setText("" if error is None else explain(error))
        self._problem.setVisible(error is not None)
        self.query.show_problem(error)

    def _offer_values(self, place: Place) -> None:
        self._tasks.start("values", self._fetch_values(place))

    async def _fetch_values(self, place: Place) -> None:
        if place.field is not None:
            self.query.offer(place, await self._model.values(place.field, place.typed))

    async def close_tasks(self) -> None:
        """Stop what runs."""
        self._typing.stop()
        await self._tasks.cancel_all()
        await self._model.close()

    # -- showing ---------------------------------------------------------------------------------------------------

    def show_open(self, root_id: str) -> None:
        """Select the row of the trajectory that is on the desk, loading its page; none where it has none."""
        self._open_root = root_id
        if root_id and self._model.number_of(root_id) is None:
            self._tasks.start("locate", self._locate(root_id))
        else:
            self._select_open()

    async def _locate(self, root_id: str) -> None:
        await self._model.locate(root_id)
        self._select_open()

    def _select_open(self) -> None:
        number = self._model.number_of(self._open_root)
        if number is None:
            self.view.setCurrentIndex(QModelIndex())
            self.view.clearSelection()
        elif self.view.currentIndex().row() != number:
            self.view.setCurrentIndex(self._model.index(number))

    def _chosen(self) -> None:
        """Open the row that is selected alone: several are selected to decide on them at once."""
        selected = self.view.selected
        if len(selected) == 1 and selected[0] != self._open_root:
            self.open_requested.emit(selected[0])

    def _count(self, pending: int, total: int) -> None:
        self._header.set_aside(self.tr("{0} left of {1}").format(pending, total))
        page = ROWS if total or self._model.rowCount() else NOTHING_FITS if self._model.query else NO_TRAJECTORIES
        first_rows = self._stack.currentIndex() == NO_TRAJECTORIES and page == ROWS
        self._stack.setCurrentIndex(page)
        if first_rows:
            self.focus_list()

    def _restyle(self) -> None:
        self.view.doItemsLayout()

    def focus_query(self) -> None:
        """Go to the query, ready to type another one."""
        self.query.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.query.selectAll()

    @property
    def focus_target(self) -> QWidget:
        """Where the keys go when a person turns to this pane: the rows, or the first button where there are none."""
        page = self._stack.currentWidget()
        first = page.findChild(QPushButton) if page is not None and page is not self.view else None
        return first or self.view

    def focus_list(self) -> None:
        """Go to the rows."""
        self.focus_target.setFocus(Qt.FocusReason.ShortcutFocusReason)


def _page(text: str, *buttons: QPushButton) -> QWidget:
    page = QWidget()
    layout = QVBoxLayout(page)
    words: QLabel = label(text, tone="muted", wrap=True)
    words.setAlignment(Qt.AlignmentFlag.AlignCenter)
    layout.addStretch()
    layout.addWidget(words)
    for button in buttons:
        layout.addWidget(button, 0, Qt.AlignmentFlag.AlignCenter)
    layout.addStretch()
    return page
