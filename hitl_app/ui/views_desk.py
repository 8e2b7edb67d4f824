"""Saved views at the desk: pick, save, rename and delete them; and how far what is shown is."""

import asyncio
from functools import partial

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from hitl_app.domain.errors import UserError
from hitl_app.domain.library import QueueOrder
from hitl_app.domain.views import SavedView, built_in
from hitl_app.ui.models.queue import COUNT_AFTER_SECONDS, QueueModel
from hitl_app.ui.panes.queue import QueuePane
from hitl_app.ui.tasks import Failed, Tasks
from hitl_app.ui.translating import QT_TRANSLATE_NOOP, translate
from hitl_app.ui.windows.views import SaveViewDialog, ViewsDialog
from hitl_app.workflow.views import Saved, Views
from hitl_app.workflow.workspace import Workspace

MOST_KEYS = 9


_BUILT_IN = (
    QT_TRANSLATE_NOOP("Views", "To do"),
    QT_TRANSLATE_NOOP("Views", "Worst first"),
    QT_TRANSLATE_NOOP("Views", "Flagged"),
    QT_TRANSLATE_NOOP("Views", "Disputed"),
    QT_TRANSLATE_NOOP("Views", "Mine"),
    QT_TRANSLATE_NOOP("Views", "Not inspected"),
)


class ViewsDesk(QObject):
    """Owns the menu of views, which stands beside the query and in the menu View.

    Signals:
        told: A short note on what worked.
    """

    told = Signal(str)

    def __init__(self, workspace: Workspace, pane: QueuePane, annotator: str, failed: Failed, window: QWidget) -> None:
        super().__init__(window)
        self._views: Views = workspace.views
        self._pane = pane
        self._model: QueueModel = pane.model
        self._annotator = annotator
        self._window = window
        self._tasks = Tasks(failed)
        self._saved: Saved = ()
        self._dialog: ViewsDialog | None = None
        self.menu = QMenu(self.tr("Vie&ws"), window)
        pane.views.setMenu(self.menu)
        pane.queue_changed.connect(self._show_current)
        self._model.counted.connect(self._show_progress)
        self._fill()

    def load(self) -> None:
        """Read the saved views."""
        self._tasks.start("views", self._load())

    async def _load(self) -> None:
        self._keep(await self._views.saved())

    async def close(self) -> None:
        """Finish what is being saved."""
        await self._tasks.cancel_all(keep=["change"])

    # -- the menu --------------------------------------------------------------------------------------------------

    @property
    def known(self) -> tuple[SavedView, ...]:
        """All views, those that are always there first."""
        return (*built_in(self._annotator), *self._saved)

    def _keep(self, saved: Saved) -> None:
        self._saved = saved
        self._fill()
        if self._dialog is not None:
            self._dialog.show_views(saved)

    def _fill(self) -> None:
        self.menu.clear()
        fixed, group = len(built_in("")), QActionGroup(self.menu)
        for number, view in enumerate(self.known):
            if number == fixed:
                self.menu.addSeparator()
            words = _words(view) if number < fixed else view.name
            action = self.menu.addAction(words.replace("&", "&&"), partial(self.show_view, view))
            action.setCheckable(True)
            action.setChecked(self._is_shown(view))
            group.addAction(action)
            if number < MOST_KEYS:
                action.setShortcut(QKeySequence(f"Ctrl+{number + 1}"))
        self.menu.addSeparator()
        self.menu.addAction(self.tr("&Save this view…"), self.ask_to_save)
        self.menu.addAction(self.tr("&Rename or delete views…"), self.show_views)
        self._show_current()

    def _is_shown(self, view: SavedView) -> bool:
        return (view.query, view.order) == (self._model.query, self._model.order)

    def _show_current(self) -> None:
        """Say beside the query which view is shown."""
        for view, action in zip(self.known, (a for a in self.menu.actions() if a.isCheckable()), strict=True):
            action.setChecked(self._is_shown(view))
        shown = next((view for view in self.known if self._is_shown(view)), None)
        words = (
            self.tr("Views") if shown is None else _words(shown) if shown in built_in(self._annotator) else shown.name
        )
        self._pane.views.show_name(words, self.tr("View: {0}").format(words) if shown else words)

    def stand_above(self, action: QAction) -> None:
        """Put the menu of views into a menu, above one of its actions."""
        for menu in action.associatedObjects():
            if isinstance(menu, QMenu):
                menu.insertMenu(action, self.menu)

    def pop_up(self) -> None:
        """Open the menu beside the query."""
        self.menu.popup(self._pane.views.mapToGlobal(QPoint(0, self._pane.views.height())))

    def show_view(self, view: SavedView) -> None:
        """Put a view's query and order into the queue."""
        self._pane.show_query(view.query, view.order)
        self._pane.reload()
        self._show_current()

    # -- changing --------------------------------------------------------------------------------------------------

    def ask_to_save(self) -> None:
        """Ask under which name the query and the order are to be kept."""
        query, order = self._pane.query.text().strip(), QueueOrder(self._pane.order.currentData())
        dialog = SaveViewDialog(
            query, self._pane.order.currentText(), [view.name for view in self._saved], self._window
        )
        dialog.named.connect(lambda name: self._tasks.start("change", self._save(SavedView(name, query, order))))
        dialog.open()

    async def _save(self, view: SavedView) -> None:
        self._keep(await self._views.save(view))
        self.told.emit(self.tr("Saved: the view {0}").format(view.name))

    def show_views(self) -> None:
        """Let the person rename and delete saved views."""
        dialog = self._dialog = ViewsDialog(self._window)
        dialog.show_views(self._saved)
        dialog.rename_requested.connect(lambda old, new: self._tasks.start("change", self._rename(old, new)))
        dialog.delete_requested.connect(lambda name: self._tasks.start("change", self._delete(name)))
        dialog.finished.connect(self._forget_dialog)
        dialog.open()

    def _forget_dialog(self) -> None:
        self._dialog = None

    async def _rename(self, old: str, new: str) -> None:
        try:
            self._keep(await self._views.rename(old, new))
        except UserError as error:
            if self._dialog is None:
                raise
            self._dialog.show_views(self._saved)
            self._dialog.show_problem(str(error))

    async def _delete(self, name: str) -> None:
        self._keep(await self._views.delete(name))

    # -- progress --------------------------------------------------------------------------------------------------

    def _show_progress(self) -> None:
        self._tasks.start("progress", self._count())

    async def _count(self) -> None:
        await asyncio.sleep(COUNT_AFTER_SECONDS)
        self._pane.progress.show_progress(await self._model.progress(self._annotator))


def _words(view: SavedView) -> str:
    return translate("Views", view.name)
