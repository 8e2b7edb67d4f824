"""Runs and their questions at the desk: the window of runs, the bar of the gates, and the way from one to another."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from hitl_app.domain.decision import ReviewStatus
from hitl_app.domain.loss import Component
from hitl_app.domain.model import ModelEndpoint, ModelUnavailableError
from hitl_app.domain.run import Run
from hitl_app.domain.team import ReviewPolicy
from hitl_app.ui.board import TaskLine
from hitl_app.ui.gate import Apart, Question, Routing
from hitl_app.ui.gated import GatedSession
from hitl_app.ui.keymap import current_keymap, keymap_notifier
from hitl_app.ui.models.queue import QueueModel
from hitl_app.ui.panes.add_gradient import AddGradientDialog
from hitl_app.ui.panes.gate_bar import GateBar
from hitl_app.ui.panes.run_form import Choices
from hitl_app.ui.runs import Runs, Wanted
from hitl_app.ui.state import DeskState
from hitl_app.ui.tasks import Failed, Tasks
from hitl_app.ui.typing_filter import is_typing_in
from hitl_app.ui.windows.candidates import CandidatesDialog
from hitl_app.ui.windows.route_gate import RouteDialog
from hitl_app.ui.windows.runs import RunWindow
from hitl_app.ui.words import stage_name
from hitl_app.workflow.workspace import Workspace


class RunDesk(QObject):
    """Connects runs with the session and with what a person sees of them.

    Signals:
        settings_requested: Set up a model.
        sent_requested: A `Run` whose calls are to be shown.
    """

    settings_requested = Signal()
    sent_requested = Signal(object)

    def __init__(
        self, workspace: Workspace, queue: QueueModel, session: GatedSession, failed: Failed, window: QWidget
    ) -> None:
        super().__init__(window)
        self._workspace = workspace
        self._queue = queue
        self._session = session
        self._window = window
        self._tasks = Tasks(failed)
        self._open_id = ""
        self.bar = GateBar()
        self.runs: Runs = Runs(workspace, queue, session, failed, self)
        self._made: RunWindow | None = None
        self._connect()

    def _connect(self) -> None:
        runs, session = self.runs, self._session
        session.state_changed.connect(self._desk_changed)
        session.choice_wanted.connect(self._show_apart)
        session.policy_changed.connect(self._policy_changed)
        self.bar.go_requested.connect(session.go_to_question)
        self.bar.missed_requested.connect(self.ask_for_missed)
        self.bar.locked_changed.connect(session.lock_steps)
        runs.gate.asked.connect(self._asked)
        runs.changed.connect(self._show_board)
        runs.state_changed.connect(self._refresh)
        runs.problem.connect(self._show_problem)

    @property
    def window(self) -> RunWindow:
        """The window of runs: made when it is wanted first, so that the desk starts without it."""
        if self._made is None:
            self._made = RunWindow()
            self._connect_window(self._made)
        return self._made

    @property
    def _is_open(self) -> bool:
        return self._made is not None and self._made.isVisible()

    def _connect_window(self, window: RunWindow) -> None:
        runs = self.runs
        window.progress.show_policy(self._session.state.policy)
        window.progress.show_board(runs.board, going=runs.going)
        self._quit = QShortcut(window)
        self._quit.activated.connect(self._window.close)
        keymap_notifier.keymap_changed.connect(self._show_keys)
        self._show_keys()
        window.shown.connect(self._refresh)
        window.form.start_requested.connect(self._start)
        window.form.settings_requested.connect(self.settings_requested)
        window.progress.stop_requested.connect(runs.stop)
        window.progress.open_requested.connect(self._open)
        window.progress.sent_requested.connect(self._show_sent)
        window.progress.rows.waits_for = self._waits_for
        window.record.resume_requested.connect(self._resume)
        window.record.sent_requested.connect(self.sent_requested)

    async def close(self) -> None:
        """Stop the run; its record is whole afterwards, and it can be resumed."""
        if self._made is not None:
            self._made.close()
        await self.runs.close()
        self.runs.blockSignals(True)  # what would be shown together a moment later has no window any more
        await self._tasks.cancel_all()
        self._session.state_changed.disconnect(self._desk_changed)
        if self._made is not None:
            keymap_notifier.keymap_changed.disconnect(self._show_keys)
            self._made.deleteLater()

    # -- the window of runs ------------------------------------------------------------------------------------------

    def _show_keys(self) -> None:
        """The key that quits the desk quits it from the window of runs as well."""
        self._quit.setKey(QKeySequence(current_keymap().key("quit")))

    def show(self) -> None:
        """Show the run under way, else what a new one can do."""
        self.window.show_page(self.window.progress if self.runs.going else self.window.form)

    def stop(self) -> None:
        """Stop the run."""
        self.runs.stop()

    def _show_problem(self, words: str) -> None:
        self.window.progress.show_problem(words)

    def _policy_changed(self, policy: ReviewPolicy) -> None:
        if self._made is not None:
            self._made.progress.show_policy(policy)
        self._refresh()

    def _refresh(self) -> None:
        """Find out what there is to choose from, and what is on record."""
        self._show_board()
        if self._is_open:
            self._tasks.start("choices", self._show_choices())
            self._tasks.start("record", self._show_record())

    async def _show_choices(self) -> None:
        self.window.form.show_choices(await self.find_choices(), going=self.runs.going)

    async def find_choices(self) -> Choices:
        """What a run can start from, and which model is set up."""
        page = await self._workspace.library.queue(self._queue.query, limit=1, viewer=self._queue.viewer)
        opened = self._session.state.opened
        return Choices(
            opened.trajectory.id if opened else "",
            opened.row.title if opened else "",
            self._queue.query,
            page.total,
            page.pending,
            await self._model(),
            self._session.state.policy.blind,
        )

    async def _model(self) -> ModelEndpoint | None:
        try:
            return await self._workspace.models.endpoint()
        except ModelUnavailableError:
            return None

    async def _show_record(self) -> None:
        blind = self._session.state.policy.blind
        self.window.record.show_runs(await self.runs.earlier(), self.runs.under_way, blind=blind)

    def _show_board(self) -> None:
        if self._made is not None:
            self._made.progress.show_board(self.runs.board, going=self.runs.going)

    def _start(self) -> None:
        if not self._tasks.runs("start"):
            self._tasks.start("start", self._start_run())

    async def _start_run(self) -> None:
        form = self.window.form
        if form.open.isChecked():
            ids = [form.choices.open_id]
        else:
            rows = await self.runs.rows(form.choices.query)
            ids = [row.head_id for row in rows if form.all.isChecked() or row.status is ReviewStatus.PENDING]
        wanted = Wanted(
            ids, form.proposer, form.with_me.isChecked(), form.budget(), form.concurrency.value(), form.planned
        )
        self._begin()
        self.runs.start(wanted)

    def _resume(self, run: Run) -> None:
        self._begin()
        self.runs.resume(run)

    def _begin(self) -> None:
        self.window.progress.show_problem("")
        self.window.show_page(self.window.progress)

    def _open(self, line: TaskLine) -> None:
        self._session.open_revision(line.best_id or line.start_id)
        self._window.activateWindow()

    def _show_sent(self) -> None:
        if self.runs.board is not None:
            self.sent_requested.emit(self.runs.board.run)

    # -- questions -------------------------------------------------------------------------------------------------

    def _asked(self, question: Question | None) -> None:
        """A question opens itself only where nothing is typed and nothing else is asked."""
        app = QApplication.instance()
        busy = is_typing_in(QApplication.focusWidget()) or QApplication.activeModalWidget() is not None
        if question is None or app is None or busy or not self._session.follows:
            return
        if self._made is not None and self._made.isActiveWindow():
            self._window.activateWindow()
        self._session.go_to_question()

    def _waits_for(self, line: TaskLine) -> str:
        """The gate at which a task waits; at PLAN neither the question nor the task has a lineage yet."""
        asked = self._session.state.run
        if asked.question is None or asked.root_id != line.root_id:
            return ""
        return stage_name(asked.question.gate)

    def _desk_changed(self, state: DeskState) -> None:
        self.bar.render_state(state)
        open_id = state.opened.trajectory.id if state.opened else ""
        if open_id != self._open_id:
            self._open_id = open_id
            if self._is_open:
                self._tasks.start("choices", self._show_choices())

    def _show_apart(self, question: Apart) -> None:
        if isinstance(question, Routing):
            asked = RouteDialog(question, self._window)
            asked.open()
            asked.activateWindow()  # the person may be in the window of cascades
            return
        order = self._session.order_of(len(question.candidates), question.task.id)
        CandidatesDialog(question, order, self._window).open()

    def lock_before_selected(self) -> None:
        """INSPECT: keep the steps before the selected one."""
        if self._session.state.selected_step is not None:
            self._session.lock_steps(self._session.state.selected_step)

    def ask_for_missed(self) -> None:
        """VERIFY: let the person write down a constraint that the checks miss."""
        opened = self._session.state.opened
        if opened is not None:
            kinds = (Component.HARD_CONSTRAINTS, Component.GOAL)
            dialog = AddGradientDialog(opened, None, self._window, components=kinds)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.setWindowTitle(self.tr("Add a missed constraint"))
            dialog.written.connect(self._session.add_missed)
            dialog.open()
