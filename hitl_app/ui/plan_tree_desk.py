"""Plan trees at the desk: their window, what is read for it, and the searches that are begun from it."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from hitl_app.ui.board import SEARCH
from hitl_app.ui.gated import GatedSession
from hitl_app.ui.panes.search_form import SearchWanted
from hitl_app.ui.picture_desk import PictureDesk
from hitl_app.ui.run_desk import RunDesk
from hitl_app.ui.run_words import spent_words, time_words
from hitl_app.ui.step_text import one_line
from hitl_app.ui.tasks import Failed, Tasks
from hitl_app.ui.windows.plan_trees import PlanTreesWindow, TreeLine
from hitl_app.workflow.searching import MODEL, REPAIR, GrownTree
from hitl_app.workflow.workspace import Workspace

TASK = 80
"""Characters of a task's title in the list."""

REASON = 160
"""Characters of why a search ended."""


class PlanTreeDesk(QObject):
    """Opens the window of plan trees, keeps it up to date while a search goes on, and begins searches."""

    def __init__(
        self,
        workspace: Workspace,
        session: GatedSession,
        run_desk: RunDesk,
        pictures: PictureDesk,
        *,
        failed: Failed,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._workspace = workspace
        self._session = session
        self._run_desk = run_desk
        self._pictures = pictures
        self._parent = window
        self._tasks = Tasks(failed)
        self._trees: dict[str, GrownTree] = {}
        self._shown = ""
        self._began_here = False
        self.window: PlanTreesWindow | None = None
        run_desk.runs.changed.connect(self._run_changed)
        run_desk.runs.state_changed.connect(self._run_changed)
        run_desk.runs.problem.connect(self._show_problem)

    async def idle(self) -> None:
        """Wait until nothing is read."""
        await self._tasks.idle()

    async def close(self) -> None:
        """Close the window and stop reading."""
        if self.window is not None:
            self.window.close()
        await self._tasks.cancel_all()

    # -- the window ------------------------------------------------------------------------------------------------

    def show(self) -> None:
        """Show the trees on record."""
        if self.window is None:
            self.window = self._made()
        self.window.show_page(self.window.trees)

    def _made(self) -> PlanTreesWindow:
        window = PlanTreesWindow()
        window.shown.connect(self._refresh)
        window.pages.currentChanged.connect(self._refresh)
        window.tree_chosen.connect(self._show_tree)
        window.stop_requested.connect(self._run_desk.runs.stop)
        window.form.start_requested.connect(self._search)
        window.form.settings_requested.connect(self._run_desk.settings_requested)
        window.node.open_requested.connect(self._open)
        window.node.refine_requested.connect(self._refine)
        window.save_requested.connect(
            lambda picture, kind, of_window: self._pictures.save(window, picture, kind, of_window, window.show_note)
        )
        return window

    def _refresh(self) -> None:
        if self.window is not None and self.window.isVisible():
            self.window.show_loading()
            self._show_progress(self.window)
            self._tasks.start("trees", self._read_trees(self.window))
            self._tasks.start("choices", self._read_choices(self.window))

    async def _read_trees(self, window: PlanTreesWindow) -> None:
        found = await self._workspace.searching.trees()
        self._trees = {f"{tree.run.id} {tree.task_id}": tree for tree in found}
        window.show_trees([_line(key, tree) for key, tree in self._trees.items()])

    async def _read_choices(self, window: PlanTreesWindow) -> None:
        window.form.show_choices(await self._run_desk.find_choices(), going=self._run_desk.runs.going)

    def _show_tree(self, key: str) -> None:
        grown = self._trees.get(key)
        if self.window is not None and grown is not None:
            self.window.show_tree(grown.tree, stay=key == self._shown)
            self._shown = key

    def _open(self, trajectory_id: str) -> None:
        self._session.open_revision(trajectory_id)
        self._parent.activateWindow()

    # -- searches --------------------------------------------------------------------------------------------------

    def _search(self, wanted: SearchWanted) -> None:
        self._tasks.start("start", self._start_search(wanted))

    async def _start_search(self, wanted: SearchWanted) -> None:
        runs = self._run_desk.runs
        choices = await self._run_desk.find_choices()
        ids = [row.head_id for row in await runs.rows(choices.query)] if wanted.all_tasks else [choices.open_id]
        titles = await runs.titles(ids)
        events = self._workspace.searching.search(
            tuple(titles),
            max_plans=wanted.plans,
            rollouts=wanted.rollouts,
            planner=MODEL if wanted.by_model else REPAIR,
            budget=wanted.budget,
            concurrency=wanted.concurrency,
        )
        self._begin(lambda: runs.begin(events, titles))
        if self.window is not None:
            self.window.show_page(self.window.trees)

    def _refine(self, plan: int, trajectory_id: str) -> None:
        grown = self._trees.get(self._shown)
        if grown is not None:
            events = self._workspace.searching.refine_from(grown.run.id, plan, trajectory_id)
            self._begin(lambda: self._run_desk.runs.begin(events, {grown.task_id: grown.task}))

    def _begin(self, begin: Callable[[], None]) -> None:
        self._show_problem("")
        self._began_here = True
        begin()

    def _show_problem(self, words: str) -> None:
        if self.window is not None and (self._began_here or not words):
            self.window.show_problem(words)

    def _run_changed(self) -> None:
        window, board = self.window, self._run_desk.runs.board
        if window is None or not window.isVisible():
            return
        self._show_progress(window)
        if board is not None and board.run.settings.command == SEARCH:
            self._tasks.start("trees", self._read_trees(window))

    def _show_progress(self, window: PlanTreesWindow) -> None:
        runs = self._run_desk.runs
        window.form.show_choices(window.form.choices, going=runs.going)
        board = runs.board
        if board is None or board.run.settings.command != SEARCH:
            words = self.tr("Another run is under way.") if runs.going else ""
            window.show_progress(words, going=False, free=not runs.going)
            return
        words = (
            self.tr("Searching: {0} of {1} tasks") if runs.going else self.tr("The search has ended: {0} of {1} tasks")
        )
        told = [words.format(board.done, board.total)]
        if board.run.settings.model:
            told.append(self.tr("{0} tokens, {1} USD").format(*spent_words(board.spent)))
        reasons = dict.fromkeys(line.error or line.stopped_by for line in board.lines.values())
        told += [one_line(reason, REASON) for reason in reasons if reason]
        window.show_progress(" · ".join(told), going=runs.going, free=not runs.going)


def _line(key: str, grown: GrownTree) -> TreeLine:
    best = grown.tree.best
    verified = None if best is None else best.verified
    return TreeLine(key, one_line(grown.task, TASK), len(grown.tree.nodes), verified, time_words(grown.run.started_at))
