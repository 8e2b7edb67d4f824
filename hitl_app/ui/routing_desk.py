"""Cascades at the desk: their window, what is read for it, and the runs that are begun from it."""

from collections.abc import AsyncGenerator, Mapping, Sequence

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from hitl_app.domain.codec import get_object
from hitl_app.domain.errors import UserError
from hitl_app.domain.method_codec import routing_from_json
from hitl_app.domain.model import ModelEndpoint, ModelUnavailableError
from hitl_app.domain.routing import LARGE, SMALL, RoutingSettings
from hitl_app.domain.run import OF_TWO_MODELS, Method, Run
from hitl_app.ui.board import Board
from hitl_app.ui.cascades import Cascade, cascades_of, cost_words
from hitl_app.ui.gated import GatedSession
from hitl_app.ui.panes.route_form import RouteWanted
from hitl_app.ui.picture_desk import PictureDesk
from hitl_app.ui.run_desk import RunDesk
from hitl_app.ui.run_words import time_words
from hitl_app.ui.step_text import one_line
from hitl_app.ui.tasks import Failed, Tasks
from hitl_app.ui.windows.routing import RoutingWindow, RunLine
from hitl_app.workflow.cascades import RoutedBy
from hitl_app.workflow.comparing import Contender, MethodSummary
from hitl_app.workflow.running import RunEvent
from hitl_app.workflow.workspace import Workspace

ROUTING = "routing"
"""In the detail of every run that has cascades: how they go."""

AGAIN_MS = 250
"""How often stages are read while a run goes on."""

NAME, REASON = 60, 160
"""Characters of the models' names, and of why a run ended."""

CASCADES, WHAT_IF, COMPARED, NEW = range(4)
"""Pages of the window."""


class RoutingDesk(QObject):
    """Opens the window of cascades, keeps it up to date while a run goes on, and begins runs."""

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
        self._tasks = Tasks(failed)
        self._runs: dict[str, Run] = {}
        self._shown = ""
        self._began_here = False
        self.window: RoutingWindow | None = None
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(self._read_again)
        run_desk.runs.changed.connect(self._run_changed)
        run_desk.runs.state_changed.connect(self._refresh)
        run_desk.runs.problem.connect(self._show_problem)

    async def idle(self) -> None:
        """Wait until nothing is read."""
        await self._tasks.idle()

    async def close(self) -> None:
        """Close the window and stop reading."""
        self._again.stop()
        if self.window is not None:
            self.window.close()
        await self._tasks.cancel_all()

    # -- the window --------------------------------------------------------------------------------------------------

    def show(self, page: int = CASCADES) -> None:
        """Show the cascades on record."""
        if self.window is None:
            self.window = self._made()
        self.window.show_page(page)

    def _made(self) -> RoutingWindow:
        window = RoutingWindow()
        window.shown.connect(self._refresh)
        window.pages.currentChanged.connect(self._refresh)
        window.run_chosen.connect(self._choose)
        window.what_if.replay_requested.connect(
            lambda wanted: self._tasks.start("replay", self._replay(window, wanted))
        )
        window.stop_requested.connect(self._run_desk.runs.stop)
        window.sent_requested.connect(lambda run_id: self._run_desk.sent_requested.emit(self._runs[run_id]))
        window.form.start_requested.connect(self._begin)
        window.form.settings_requested.connect(self._run_desk.settings_requested)
        window.save_requested.connect(
            lambda picture, kind, of_window: self._pictures.save(window, picture, kind, of_window, window.show_note)
        )
        return window

    def _refresh(self) -> None:
        if self.window is not None and self.window.isVisible():
            self._show_progress(self.window)
            self._tasks.start("runs", self._read_runs(self.window))
            self._tasks.start("choices", self._read_choices(self.window))
            self._tasks.start("compared", self._read_compared(self.window))

    async def _read_runs(self, window: RoutingWindow) -> None:
        found = [run for run in await self._workspace.running.runs() if ROUTING in run.settings.detail]
        self._runs = {run.id: run for run in found}
        begun = self._run_desk.runs.under_way
        window.show_runs([self._line(run) for run in found], begun if begun in self._runs else self._shown)

    def _line(self, run: Run) -> RunLine:
        hidden = self._session.state.policy.blind
        models = self.tr("names hidden") if hidden else one_line(run.settings.model, NAME)
        parts = (time_words(run.started_at), run.settings.command, models, cost_words(run.usage))
        return RunLine(run.id, " · ".join(parts))

    def _choose(self, run_id: str) -> None:
        if self.window is not None and run_id in self._runs:
            self._tasks.start("stages", self._read_stages(self.window, self._runs[run_id]))

    async def _read_stages(self, window: RoutingWindow, run: Run) -> None:
        cascades = await self._cascades(run)
        known = run.id == self._shown
        self._shown = run.id
        window.show_cascades(cascades, None if known else _settings(run))

    async def _cascades(self, run: Run) -> tuple[Cascade, ...]:
        titles = {result.start_id: result.task for result in run.results}
        board = self._run_desk.runs.board
        if board is not None and board.run.id == run.id:
            titles = {line.start_id: line.title for line in board.lines.values()} | titles
        return cascades_of(await self._workspace.routing.stages(run.id), titles)

    async def _replay(self, window: RoutingWindow, wanted: RoutingSettings) -> None:
        stages = [stage for cascade in window.cascades for stage in cascade.stages]
        window.what_if.show_replay(await self._workspace.routing.replayed(stages, wanted))

    async def _read_choices(self, window: RoutingWindow) -> None:
        choices = await self._run_desk.find_choices()
        players = {role: await self._player(role) for role in (SMALL, LARGE)}
        window.form.show_choices(choices, players, going=self._run_desk.runs.going)

    async def _player(self, role: str) -> ModelEndpoint | None:
        try:
            return await self._workspace.models.role(role)
        except ModelUnavailableError:
            return None

    async def _read_compared(self, window: RoutingWindow) -> None:
        """The newest comparison in which a cascade took part, else what the newest run of cascades alone says."""
        runs = await self._workspace.running.runs()
        names = set(map(str, OF_TWO_MODELS))
        run = next((r for r in runs if names & {result.method for result in r.results}), None)
        found: Mapping[str, MethodSummary] = {}
        if run is None:
            about = self.tr(
                "Nothing was compared yet: begin a run under “New” with “Compare”, and each model does the tasks alone "
                "as well."
            )
        else:
            found = {each.method: each for each in await self._workspace.comparing.report(run)}
            about = self.tr("Compared on {0}, over the same tasks with the same budget a task.")
            about = about.format(time_words(run.started_at))
        window.show_compared(about, [self._compared_row(method, found.get(method)) for method in OF_TWO_MODELS])

    def _compared_row(self, method: Method, found: MethodSummary | None) -> Sequence[str]:
        name = {
            Method.SMALL_ONLY: self.tr("Small model alone"),
            Method.LARGE_ONLY: self.tr("Large model alone"),
            Method.COPE_ROUTING: self.tr("Cascade of both"),
        }[method]
        if found is None:
            return (name, *[self.tr("not measured")] * 5)
        figures = {measure: interval.value for measure, interval in found.figures.items()}
        shown = [("verified", ".0%"), ("tokens", ",.0f"), ("usd", ".5f"), ("calls", ".1f")]
        values = [format(figures[key], form) if key in figures else self.tr("not measured") for key, form in shown]
        return name, str(found.tasks), *values

    # -- runs --------------------------------------------------------------------------------------------------------

    def _begin(self, wanted: RouteWanted) -> None:
        if not self._tasks.runs("start"):
            self._tasks.start("start", self._start(wanted))

    async def _start(self, wanted: RouteWanted) -> None:
        runs, choices = self._run_desk.runs, await self._run_desk.find_choices()
        ids = [row.head_id for row in await runs.rows(choices.query)] if wanted.all_tasks else [choices.open_id]
        titles = await runs.titles(ids)
        self._show_problem("")
        self._began_here = True
        runs.begin(
            self._compared(tuple(titles), wanted) if wanted.compare else self._routed(tuple(titles), wanted), titles
        )
        if self.window is not None:
            self.window.pages.setCurrentIndex(COMPARED if wanted.compare else CASCADES)

    def _routed(self, tasks: Sequence[str], wanted: RouteWanted) -> AsyncGenerator[RunEvent, None]:
        return self._workspace.routing.route(
            tasks,
            wanted.settings,
            step_by_step=wanted.step_by_step,
            budget=wanted.budget,
            gate=self._run_desk.runs.gate if wanted.with_person else None,
            concurrency=wanted.concurrency,
        )

    def _compared(self, tasks: Sequence[str], wanted: RouteWanted) -> AsyncGenerator[RunEvent, None]:
        return self._workspace.comparing.compare(
            tasks,
            [Contender(method) for method in OF_TWO_MODELS],
            budget=wanted.budget,
            routed=RoutedBy(settings=wanted.settings),
            concurrency=wanted.concurrency,
        )

    def _show_problem(self, words: str) -> None:
        if self.window is not None and (self._began_here or not words):
            self.window.show_problem(words)

    def _board(self) -> Board | None:
        """The board of a run with cascades."""
        board = self._run_desk.runs.board
        return board if board is not None and ROUTING in board.run.settings.detail else None

    def _run_changed(self) -> None:
        if self.window is not None and self.window.isVisible() and self._board() is not None:
            self._show_progress(self.window)
            if not self._again.isActive():
                self._again.start()

    def _read_again(self) -> None:
        """Stages that have ended since."""
        board = self._board()
        if self.window is not None and board is not None and board.run.id == self._shown:
            self._tasks.start("stages", self._read_stages(self.window, board.run))

    def _show_progress(self, window: RoutingWindow) -> None:
        going, board = self._run_desk.runs.going, self._board()
        if board is None:
            window.show_progress(self.tr("Another run is under way.") if going else "", going=False)
            return
        words = self.tr("At work: {0} of {1} tasks, {2}") if going else self.tr("Ended: {0} of {1} tasks, {2}")
        told = words.format(board.done, board.total, cost_words(board.spent))
        errors = "; ".join(dict.fromkeys(line.error for line in board.lines.values() if line.error))
        window.show_progress(". ".join(filter(None, (told, one_line(errors, REASON)))), going=going)


def _settings(run: Run) -> RoutingSettings:
    """How the cascades of a run went; the paper's way where its record says nothing that can be read."""
    try:
        return routing_from_json(get_object(run.settings.detail, ROUTING))
    except UserError:
        return RoutingSettings()
