"""The team at the desk: its window, what its pages ask for, and the way from a dispute to the desk."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from hitl_app.domain.errors import UserError
from hitl_app.domain.team import SeedKind
from hitl_app.ui.gated import GatedSession
from hitl_app.ui.models.queue import QueueModel
from hitl_app.ui.panes.query_words import explain
from hitl_app.ui.tasks import Failed, Tasks
from hitl_app.ui.team.assign import AssignWanted
from hitl_app.ui.team.window import TeamPage, TeamWindow
from hitl_app.workflow.assigning import AssignmentPlan
from hitl_app.workflow.workspace import Workspace

OWN_KEYS = ("team_", "quit")
"""Beginnings of the ids of actions whose keys work in the team's window, too."""


class TeamDesk(QObject):
    """Answers the pages of the team's window.

    Signals:
        library_changed: Trajectories or their standing changed: the queue shows what is old.
        told: A short note for the status bar.
    """

    library_changed = Signal()
    told = Signal(str)
    _merged = Signal(int, int)
    _seeded = Signal(int, int)

    def __init__(
        self, workspace: Workspace, queue: QueueModel, session: GatedSession, failed: Failed, window: QWidget
    ) -> None:
        super().__init__(window)
        self._workspace = workspace
        self._queue = queue
        self._session = session
        self._tasks = Tasks(failed)
        self._stop_seeding = False
        self._parent = window
        self._window: TeamWindow | None = None

    async def close(self) -> None:
        """Finish what is being recorded, and stop the rest."""
        self._stop_seeding = True
        await self._tasks.cancel_all(keep=["merge", "assign"])
        if self._window is not None:
            self._window.close()

    def show(self, page: TeamPage) -> None:
        """Show a page of the team's window."""
        if self._window is None:
            self._window = TeamWindow(self._parent)
            self._connect(self._window)
            own = [action for action in self._parent.actions() if action.objectName().startswith(OWN_KEYS)]
            self._window.addActions(own)
        self._window.show_page(page)

    def _connect(self, window: TeamWindow) -> None:
        window.shown.connect(lambda page: self._turned_to(window, TeamPage(page)))
        window.assign.plan_wanted.connect(lambda wanted: self._tasks.start("plan", self._plan(window, wanted)))
        window.assign.assign_requested.connect(lambda plan: self._tasks.start("assign", self._assign(window, plan)))
        window.merge.merge_requested.connect(lambda path: self._start_merge(window, path))
        window.agreement.refresh_requested.connect(lambda: self._tasks.start("agree", self._agree(window)))
        window.gold.add_requested.connect(lambda *words: self._tasks.start("gold", self._add_gold(window, *words)))
        window.gold.settled_requested.connect(lambda note: self._tasks.start("gold", self._gold_settled(window, note)))
        window.gold.remove_requested.connect(lambda root: self._tasks.start("gold", self._remove_gold(window, root)))
        window.reliance.seed_requested.connect(lambda *wanted: self._start_seeding(window, *wanted))
        window.reliance.cancel_requested.connect(self._stop)
        for page in (window.merge, window.agreement, window.gold):
            page.open_requested.connect(self._open)
        self._merged.connect(window.merge.show_progress)
        self._seeded.connect(window.reliance.show_progress)

    def _turned_to(self, window: TeamWindow, page: TeamPage) -> None:
        work = {
            TeamPage.ASSIGN: self._prepare_assignment,
            TeamPage.AGREEMENT: self._agree,
            TeamPage.GOLD: self._show_gold,
            TeamPage.RELIANCE: self._rely,
        }.get(page)
        if work is not None:
            self._tasks.start(f"page {page}", work(window))

    def _open(self, root_id: str) -> None:
        if root_id and self._window is not None:
            self._window.hide()
            self._session.open(root_id)
            self._parent.activateWindow()

    # -- assigning and merging -------------------------------------------------------------------------------------

    async def _prepare_assignment(self, window: TeamWindow) -> None:
        known = await self._workspace.team.annotators()
        window.assign.prepare(self._queue.query, known or (self._session.annotator,))

    async def _plan(self, window: TeamWindow, wanted: AssignWanted) -> None:
        try:
            plan = await self._workspace.team.plan_assignment(
                wanted.query,
                wanted.annotators,
                per_item=wanted.per_item,
                overlap=wanted.overlap,
                overlap_by=wanted.overlap_by,
                seed=wanted.seed,
            )
        except UserError as error:
            window.assign.show_problem(explain(error))
        else:
            window.assign.show_plan(plan)

    async def _assign(self, window: TeamWindow, plan: AssignmentPlan) -> None:
        count, _ = await self._workspace.team.assign(plan)
        self.told.emit(self.tr("New assignments: {0}.").format(count))
        self.library_changed.emit()
        window.assign.ask()

    def _start_merge(self, window: TeamWindow, path: str) -> None:
        if path and not self._tasks.runs("merge"):
            window.merge.show_progress(0, 0)
            self._tasks.start("merge", self._merge(window, Path(path).expanduser()))

    async def _merge(self, window: TeamWindow, path: Path) -> None:
        try:
            summary, _ = await self._workspace.merging.merge(path, self._merged.emit)
            rows = [await self._workspace.library.row(root) for root in summary.disputed]
        except UserError as error:
            window.merge.show_problem(str(error))
            return
        window.merge.show_summary(summary, {row.root_id: row.title for row in rows})
        self.told.emit(self.tr("Merged: {0} decisions.").format(summary.decisions))
        self.library_changed.emit()

    # -- measuring -------------------------------------------------------------------------------------------------

    async def _agree(self, window: TeamWindow) -> None:
        window.agreement.show_report(await self._workspace.team.agreement())

    async def _rely(self, window: TeamWindow) -> None:
        window.reliance.show_report(await self._workspace.trust.report())

    async def _show_gold(self, window: TeamWindow) -> None:
        items = await self._workspace.team.gold()
        titles = [(await self._workspace.library.row(item.root_id)).title for item in items]
        window.gold.show_gold(items, titles, await self._workspace.team.gold_report())

    async def _add_gold(self, window: TeamWindow, verdict: str, note: str) -> None:
        opened = self._session.state.opened
        if opened is None:
            return
        root_id, blame = opened.row.root_id, opened.annotations.blame if opened.trajectory.parent_id is None else None
        await self._workspace.team.add_gold(root_id, verdict, self._session.annotator, blame=blame, note=note)
        await self._show_gold(window)

    async def _gold_settled(self, window: TeamWindow, note: str) -> None:
        items, _ = await self._workspace.team.gold_from_consensus(self._queue.query, self._session.annotator, note)
        self.told.emit(self.tr("Gold items made: {0}.").format(len(items)))
        await self._show_gold(window)

    async def _remove_gold(self, window: TeamWindow, root_id: str) -> None:
        await self._workspace.team.remove_gold_of([root_id])
        await self._show_gold(window)

    def _start_seeding(self, window: TeamWindow, query: str, count: int, kinds: Sequence[SeedKind]) -> None:
        if not self._tasks.runs("seed"):
            self._stop_seeding = False
            window.reliance.show_progress(0, count)
            self._tasks.start("seed", self._seed(window, query, count, kinds))

    async def _seed(self, window: TeamWindow, query: str, count: int, kinds: Sequence[SeedKind]) -> None:
        try:
            report, _ = await self._workspace.seeding.add(
                query, count, kinds=kinds, progress=self._seeded.emit, cancelled=lambda: self._stop_seeding
            )
        except UserError as error:
            window.reliance.show_problem(str(error))
            return
        window.reliance.show_seeded(report)
        self.library_changed.emit()

    def _stop(self) -> None:
        self._stop_seeding = True
