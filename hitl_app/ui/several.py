"""One decision on several trajectories: on the rows that are selected, or on everything that fits the query."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from PySide6.QtCore import QLocale, QObject, QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from hitl_app.domain.guidelines import Occasion
from hitl_app.ui.models.queue import QueueModel
from hitl_app.ui.panes.queue import QueuePane
from hitl_app.ui.tasks import Failed, Tasks
from hitl_app.ui.translating import translate
from hitl_app.ui.windows.several import LISTED, Change, SeveralDialog
from hitl_app.workflow.assigning import AssignmentPlan
from hitl_app.workflow.bulk import BulkAction, BulkPreview, LeftOut
from hitl_app.workflow.deciding import Maker
from hitl_app.workflow.workspace import Workspace


class SeveralAction(StrEnum):
    """What is done with several trajectories."""

    APPROVE = BulkAction.APPROVE.value
    REJECT = BulkAction.REJECT.value
    SKIP = BulkAction.SKIP.value
    FLAG = BulkAction.FLAG.value
    REOPEN = BulkAction.REOPEN.value
    ASSIGN = "assign"


MENU = tuple(f"several_{action}" for action in SeveralAction)
"""Ids of the actions, in the order of the menu."""

_OCCASIONS = {SeveralAction.REJECT: Occasion.REJECT, SeveralAction.FLAG: Occasion.FLAG}


@dataclass
class _Ready:
    """What the newest preview would do."""

    bulk: BulkPreview | None = None
    plan: AssignmentPlan | None = None


class Several(QObject):
    """Asks, previews, and records what was confirmed.

    Signals:
        decided: What was recorded, in words: the desk shows what is old.
    """

    decided = Signal(str)

    def __init__(self, workspace: Workspace, pane: QueuePane, annotator: str, failed: Failed, window: QWidget) -> None:
        super().__init__(window)
        self._workspace = workspace
        self._pane = pane
        self._model: QueueModel = pane.model
        self._annotator = annotator
        self._window = window
        self._tasks = Tasks(failed)
        self._ready = _Ready()

    async def close(self) -> None:
        """Stop previewing, and finish what is being recorded."""
        await self._tasks.cancel_all(keep=["apply"])

    def show_menu(self, actions: Mapping[str, QAction], at: QPoint) -> None:
        """The context menu of the queue."""
        menu = QMenu(self._window)
        menu.addActions([actions[name] for name in MENU])
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    # -- asking ----------------------------------------------------------------------------------------------------

    def ask(self, action: SeveralAction) -> None:
        """Ask on which trajectories, show what would change, and do it once it is confirmed."""
        selected = self._pane.view.selected
        dialog = SeveralDialog(action, len(selected), self._model.query, self._model.total, self._window)
        dialog.preview_wanted.connect(lambda: self._tasks.start("preview", self._preview(dialog, action, selected)))
        dialog.confirmed.connect(lambda: self._tasks.start("apply", self._apply(dialog, action)))
        dialog.finished.connect(self._forget)
        self._tasks.start("choices", self._fill(dialog, action))
        dialog.open()
        dialog.ask_for_preview()

    def _forget(self) -> None:
        """A preview of everything is large: it goes with its dialog."""
        self._tasks.cancel("preview")
        self._ready = _Ready()

    async def _fill(self, dialog: SeveralDialog, action: SeveralAction) -> None:
        if action is SeveralAction.ASSIGN:
            people = await self._workspace.team.annotators()
            dialog.words.show_choices(dict.fromkeys((self._annotator, *people)))
        elif action in _OCCASIONS:
            found = await self._workspace.guidelines.read(QLocale().name())
            dialog.words.show_choices(found.reasons[_OCCASIONS[action]])

    def _maker(self, reason: str = "") -> Maker:
        return Maker(self._annotator, reason, blind=bool(self._model.viewer))

    # -- previewing ------------------------------------------------------------------------------------------------

    async def _preview(self, dialog: SeveralDialog, action: SeveralAction, selected: tuple[str, ...]) -> None:
        which = selected if dialog.only_selected else self._model.query
        if action is SeveralAction.ASSIGN:
            change = await self._preview_assignment(which, dialog.words.text)
        else:
            change = await self._preview_decisions(BulkAction(action), which)
        dialog.show_change(change)

    async def _preview_decisions(self, action: BulkAction, which: str | tuple[str, ...]) -> Change:
        preview = await self._workspace.bulk.preview(action, which, self._maker())
        self._ready = _Ready(bulk=preview)
        lines = [(row.title, "") for row in preview.rows[:LISTED]]
        lines += [(row.title, _why(why)) for row, why in preview.left_out[: LISTED - len(lines)]]
        return Change(len(preview.rows), {_why(why): count for why, count in preview.reasons.items()}, tuple(lines))

    async def _preview_assignment(self, which: str | tuple[str, ...], name: str) -> Change:
        library = self._workspace.library
        roots: Sequence[str] = which if isinstance(which, tuple) else await library.root_ids(which, self._model.viewer)
        has = {each.root_id for each in await self._workspace.team.assignments(name)} if name else set()
        new = [root for root in roots if root not in has]
        pairs = tuple((root, name) for root in new)
        self._ready = _Ready(plan=AssignmentPlan(len(roots), len(roots) - len(new), 0, pairs, ()))
        already = translate("Several", "assigned to them already")
        left_out = {already: len(roots) - len(new)} if len(new) < len(roots) else {}
        shown = [await library.row(root, self._model.viewer) for root in islice(roots, LISTED)]
        lines = tuple((row.title, already if row.root_id in has else "") for row in shown)
        return Change(len(new), left_out, lines)

    # -- recording -------------------------------------------------------------------------------------------------

    async def _apply(self, dialog: SeveralDialog, action: SeveralAction) -> None:
        words, ready = dialog.words.text, self._ready
        try:
            if ready.plan is not None:
                count, _ = await self._workspace.team.assign(ready.plan)
                told = self.tr("Assigned to {0}: {1}").format(words, count)
            elif ready.bulk is not None:
                done, _ = await self._workspace.bulk.apply(ready.bulk, self._maker(words))
                told = self.tr("Saved: {0}. U takes all of it back.").format(dialog.done_words(len(done.entries)))
                if done.left_out:
                    told = self.tr("{0} Changed meanwhile and left alone: {1}.").format(told, len(done.left_out))
            else:
                return
        finally:
            dialog.close_after_work()
        await self._model.reload()
        self.decided.emit(told)


def _why(why: LeftOut) -> str:
    return {
        LeftOut.ALREADY: translate("Several", "stands there already"),
        LeftOut.NOT_INSPECTED: translate("Several", "not inspected yet"),
        LeftOut.NOT_VERIFIED: translate("Several", "not verified"),
        LeftOut.DISPUTED: translate("Several", "disputed: to be settled one by one"),
        LeftOut.SETTLED: translate("Several", "settled by a verdict"),
        LeftOut.FLAGGED: translate("Several", "flagged for somebody to look at"),
        LeftOut.HELD: translate("Several", "others left it there"),
        LeftOut.CHANGED: translate("Several", "decided on meanwhile"),
    }[why]
