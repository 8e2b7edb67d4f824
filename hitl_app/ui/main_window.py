"""The one window: queue, plan with the proposal below, and what was found beside it."""

import logging

from PySide6.QtCore import QByteArray, QSize, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QMessageBox, QSplitter

from hitl_app.domain.errors import UserError
from hitl_app.domain.settings import Settings
from hitl_app.domain.team import ReviewPolicy
from hitl_app.ui.actions import ACTIONS, apply_keys, build_actions, enable_actions
from hitl_app.ui.coordination_desk import CoordinationDesk
from hitl_app.ui.dashboard_desk import DashboardDesk
from hitl_app.ui.editor_desk import EditorDesk
from hitl_app.ui.files import Files
from hitl_app.ui.gated import GatedSession
from hitl_app.ui.keymap import keymap_notifier, use_chosen
from hitl_app.ui.laying_out import lay_out
from hitl_app.ui.look import Look
from hitl_app.ui.methods import Methods
from hitl_app.ui.modelling import Modelling
from hitl_app.ui.models.queue import QueueModel
from hitl_app.ui.panes.add_gradient import AddGradientDialog
from hitl_app.ui.panes.dispute import DisputeBar
from hitl_app.ui.panes.gradients import GradientsPane
from hitl_app.ui.panes.history import HistoryPane
from hitl_app.ui.panes.losses import LossesPane
from hitl_app.ui.panes.notice import NoticeBar
from hitl_app.ui.panes.plan import PlanPane
from hitl_app.ui.panes.proposal import ProposalPane
from hitl_app.ui.panes.queue import QueuePane
from hitl_app.ui.panes.verify import VerifyStrip
from hitl_app.ui.picture_desk import PictureDesk
from hitl_app.ui.plan_tree_desk import PlanTreeDesk
from hitl_app.ui.position import KEY, DeskPosition
from hitl_app.ui.rendering import Renderer
from hitl_app.ui.review_desk import ReviewDesk
from hitl_app.ui.revisions import RevisionDesk
from hitl_app.ui.run_desk import RunDesk
from hitl_app.ui.selected import Selected
from hitl_app.ui.settings_desk import Beside, SettingsDesk
from hitl_app.ui.several import Several
from hitl_app.ui.state import DeskState
from hitl_app.ui.status import StatusBar
from hitl_app.ui.sweep import Sweep
from hitl_app.ui.tasks import Tasks
from hitl_app.ui.team_desk import TeamDesk
from hitl_app.ui.tour import Tour
from hitl_app.ui.views_desk import ViewsDesk
from hitl_app.ui.windows.about import AboutDialog
from hitl_app.ui.windows.keys import KeysDialog
from hitl_app.ui.windows.palette import Palette
from hitl_app.ui.windows.settings import Page
from hitl_app.ui.wiring import connect_panes
from hitl_app.workflow.workspace import Workspace

TITLE_BAR = 32
"""Height that a window manager takes for its own, in pixels: an estimate for the first show."""

log = logging.getLogger(__name__)


class MainWindow(QMainWindow):
    """Panes around one session. Panes never talk to each other: the window connects them to the session.

    Signals:
        closed: The person closed the window; `shut_down` is to be awaited.
        reopen_requested: The same, and then a new window in its place, which takes what was chosen since.
    """

    closed = Signal()
    reopen_requested = Signal()

    def __init__(
        self,
        app: QApplication,
        workspace: Workspace,
        annotator: str,
        position: DeskPosition,
        settings: Settings | None = None,
        *,
        named: bool = False,
    ) -> None:
        """Make the window as it was left, without its rows; `start` loads those.

        Args:
            app: The application, which gets the window's theme and zoom.
            workspace: The use cases.
            annotator: Who decides.
            position: Where the desk was left.
            settings: What was chosen; None takes the defaults.
            named: The annotator was named when the desk was started.
        """
        super().__init__()
        self._workspace = workspace
        self._shown_root = ""
        self._left_at = position.trajectory_id
        settings = settings or Settings()
        use_chosen(settings.keys)
        self.look: Look = Look(app, self)
        self.look.restore(settings.theme, settings.zoom)  # first: to restyle a window full of widgets is slow
        self._model = QueueModel(workspace.library, self._failed, self)
        self.session: GatedSession = GatedSession(workspace, self._model, annotator, self)
        self._tasks = Tasks(self._failed)
        self.files: Files = Files(workspace, self._failed, self)
        self.modelling: Modelling = Modelling(workspace, self.session, self._failed, self)
        self.run_desk: RunDesk = RunDesk(workspace, self._model, self.session, self._failed, self)
        self.team: TeamDesk = TeamDesk(workspace, self._model, self.session, self._failed, self)
        self.sweep: Sweep = Sweep(workspace, self._model, self._failed, self)
        self.review_desk: ReviewDesk = ReviewDesk(workspace, self.session, self._failed, self)
        beside = Beside(self.look, self.session, self.modelling, self.review_desk, self.run_desk.runs)
        self.settings: SettingsDesk = SettingsDesk(workspace, settings, beside, self._failed, self, named=named)
        self.revisions: RevisionDesk = RevisionDesk(workspace, self.session, self._failed, self)
        self.pictures: PictureDesk = PictureDesk(workspace, self.session, self._failed, self)
        self.plan_trees: PlanTreeDesk = PlanTreeDesk(
            workspace, self.session, self.run_desk, self.pictures, failed=self._failed, window=self
        )
        self.coordination: CoordinationDesk = CoordinationDesk(workspace, self.session, self._failed, self)
        self.dashboard: DashboardDesk = DashboardDesk(workspace, self.session, self.pictures, self._failed, self)
        self.queue: QueuePane = QueuePane(self._model, self._failed)
        self.methods: Methods = Methods(
            workspace, self.session, self.run_desk, self.queue, self.pictures, failed=self._failed, window=self
        )
        self.views: ViewsDesk = ViewsDesk(workspace, self.queue, annotator, self._failed, self)
        self.several: Several = Several(workspace, self.queue, annotator, self._failed, self)
        self.plan, self.proposal, self.notice = PlanPane(), ProposalPane(), NoticeBar()
        self.editor_desk: EditorDesk = EditorDesk(workspace, self.session, self.proposal.editor, self._failed, self)
        self.losses, self.gradients = LossesPane(), GradientsPane()
        self.history: HistoryPane = HistoryPane()
        self.verify = VerifyStrip()
        self.selected: Selected = Selected(self.session, self.plan, self.gradients)
        self.dispute = DisputeBar()
        self.status = StatusBar(annotator)
        self.setStatusBar(self.status)
        rubric = self.review_desk.rubric
        panes = (self.plan, self.proposal, self.losses, rubric, self.gradients, self.verify, self.history)
        self._renderer = Renderer(panes, self)
        self._splitters: dict[str, QSplitter] = lay_out(self)
        self.actions_by_id = build_actions(self, self.menuBar())
        self.views.stand_above(self.actions_by_id["views"])
        self.tour: Tour = Tour(workspace.library, self, self._failed)
        connect_panes(self)
        self._connect_session()
        self._restore(position)
        self._render(self.session.state)

    # -- wiring ----------------------------------------------------------------------------------------------------

    def _connect_session(self) -> None:
        self.session.state_changed.connect(self._render)
        self._renderer.focus_lost.connect(self._keep_focus)
        self.session.draft_saved.connect(self.status.show_draft_saved)
        self.session.policy_changed.connect(self._policy_changed)
        self.review_desk.told.connect(self.status.tell)
        self.revisions.told.connect(self.status.tell)
        self.pictures.told.connect(self.status.tell)
        self.review_desk.guidelines_shown.connect(self._make_room)
        self.session.unexpected.connect(self.show_details)
        self.session.model_asked.connect(self.proposal.speech.begin)
        self.session.model_said.connect(self.proposal.speech.say)
        self.session.model_spent.connect(self.proposal.speech.spend)
        self.modelling.model_changed.connect(self.status.show_model)
        self.run_desk.bar.left.connect(self._keep_focus)
        self.tour.left.connect(self._keep_focus)
        self.run_desk.runs.told.connect(self.status.tell)
        self.team.told.connect(self.status.tell)
        self.team.library_changed.connect(self._library_changed)
        self.team.library_changed.connect(lambda: self.session.show_news(self._shown_root))
        self.run_desk.runs.recorded.connect(self._library_changed)
        self.run_desk.settings_requested.connect(self.modelling.show_settings)
        self.run_desk.sent_requested.connect(self.modelling.show_run)
        self.files.library_changed.connect(self._library_changed)
        self.files.told.connect(self.status.tell)
        self.files.samples_added.connect(self.sweep.start)
        self.sweep.told.connect(self.status.tell)
        self.views.told.connect(self.status.tell)
        self.several.decided.connect(self.status.tell)
        self.several.decided.connect(lambda words: self.session.show_news(self._shown_root, words))
        self.queue.view.menu_requested.connect(lambda at: self.several.show_menu(self.actions_by_id, at))
        self.settings.reopen_requested.connect(self.reopen_requested)
        self.settings.installing.statuses_changed.connect(self.status.show_environments)
        keymap_notifier.keymap_changed.connect(self._show_keys)
        self._model.counted.connect(self.status.show_counts)

    def _policy_changed(self, policy: ReviewPolicy) -> None:
        self._model.viewer = self.session.annotator if policy.blind else ""
        if self.isVisible():
            self.queue.reload()

    def _make_room(self, guidelines: bool) -> None:
        """The guidelines stand in the place of the gradients and the revisions."""
        for pane in (self.gradients, self.history):
            pane.setVisible(not guidelines)
        if not guidelines:
            self._keep_focus()

    def _keep_focus(self) -> None:
        self.plan.focus_target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _render(self, state: DeskState) -> None:
        self._renderer.show(state)
        self.notice.render_state(state)
        self.dispute.render_state(state)
        self.status.render_state(state)
        enable_actions(self.actions_by_id, state)
        root = state.opened.row.root_id if state.opened else ""
        if root != self._shown_root:
            self._shown_root = root
            title = state.opened.task.title if state.opened else ""
            self.setWindowTitle(title or self.tr("HITL desk"))
            self.queue.show_open(root)
            self._save_position()

    def _failed(self, name: str, error: Exception) -> None:
        self.session.report(name, error)

    # -- opening and closing ---------------------------------------------------------------------------------------

    async def start(self, *, samples: bool) -> None:
        """Show the window, load the queue, and open what was on the desk.

        Args:
            samples: Add the samples where the store is empty.
        """
        self.queue.focus_list()  # keys that come early are not typed into the query
        self.show()
        if upgrade := self._workspace.library.upgrade:
            self.status.show_upgrade(upgrade)
        await self.review_desk.load()
        if samples and not (await self._workspace.library.queue(limit=1)).total:
            self.status.tell(self.tr("Adding samples…"))
            await self._workspace.samples.add()
            self.sweep.start()
        await self.queue.run_query()
        self.settings.installing.load()
        self.modelling.load()
        self.editor_desk.load()
        self.views.load()
        await self._open_first()
        self.queue.focus_list()
        await self.tour.offer(first_run=samples)

    async def _open_first(self) -> None:
        if self._left_at:
            try:
                opened = await self._workspace.library.open(self._left_at, self._model.viewer)
            except UserError:
                log.info("what was on the desk is not in this store any more")
            else:
                self.session.open_revision(opened.trajectory.id)
                return
        first = await self._model.next_pending("") or await self._model.neighbour("", 0)
        if first is not None:
            self.session.open(first)

    def _library_changed(self) -> None:
        self._tasks.start("library", self._show_library())

    async def _show_library(self) -> None:
        await self.queue.run_query()
        if self.session.state.opened is None:
            await self._open_first()

    def _restore(self, position: DeskPosition) -> None:
        self.setWindowTitle(self.tr("HITL desk"))
        room = self.screen().availableSize() - QSize(0, TITLE_BAR)
        self.resize(QSize(1600, 1000).boundedTo(room))
        if position.geometry:
            self.restoreGeometry(QByteArray.fromBase64(position.geometry.encode()))
        for name, kept in position.splitters.items():
            if name in self._splitters:
                self._splitters[name].restoreState(QByteArray.fromBase64(kept.encode()))
        self.queue.show_query(position.query, position.order)

    def _position(self) -> DeskPosition:
        opened = self.session.state.opened
        return DeskPosition(
            geometry=_base64(self.saveGeometry()),
            splitters={name: _base64(splitter.saveState()) for name, splitter in self._splitters.items()},
            query=self._model.query,
            order=self._model.order,
            trajectory_id=opened.trajectory.id if opened else "",
        )

    def _save_position(self) -> None:
        self._tasks.start("position", self._workspace.library.set_preference(KEY, self._position().to_json()))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Qt: the window is closed; the application ends after everything is saved."""
        event.accept()
        self.closed.emit()

    async def shut_down(self) -> None:
        """Save drafts and the position, and stop everything that runs."""
        position = self._position()
        await self.run_desk.close()
        await self.plan_trees.close()
        await self.coordination.close()
        await self.methods.close()
        await self.team.close()
        await self.files.close()
        await self.tour.close()
        await self.sweep.close()
        await self.settings.close()
        await self.review_desk.close()
        await self.revisions.close()
        await self.dashboard.close()
        await self.pictures.close()
        await self.modelling.close()
        await self.editor_desk.close()
        await self.views.close()
        await self.several.close()
        await self._tasks.cancel_all()
        await self.session.close()
        await self.queue.close_tasks()
        await self._workspace.library.set_preference(KEY, position.to_json())

    # -- dialogs ---------------------------------------------------------------------------------------------------

    def ask_for_gradient(self) -> None:
        """Let the person write a gradient of their own."""
        state = self.session.state
        if state.opened is not None:
            dialog = AddGradientDialog(state.opened, state.selected_step, self)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.written.connect(self.session.add_gradient)
            dialog.open()

    def show_palette(self) -> None:
        """Every action by a few letters."""
        choices = [(spec, self.actions_by_id[spec.id]) for spec in ACTIONS if spec.id != "palette"]
        Palette(choices, QAction.trigger, self).open()

    def show_keys(self) -> None:
        """Every key on one sheet."""
        sheet = KeysDialog(ACTIONS, self)
        sheet.settings_requested.connect(lambda: self.settings.show(Page.KEYS))
        sheet.open()

    def _show_keys(self) -> None:
        apply_keys(self.actions_by_id)
        self._render(self.session.state)

    def show_about(self) -> None:
        """What this is."""
        AboutDialog(self._workspace.build, self._workspace.places, self).open()

    def show_details(self, summary: str, details: str) -> None:
        """Show an unexpected error, with details that can be copied."""
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(self.tr("Unexpected error"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(summary)
        box.setDetailedText(details)
        box.open()

    def stop(self) -> None:
        """Stop everything that can be stopped."""
        self.session.cancel()
        self.sweep.stop()

    # -- moving about -------------------------------------------------------------------------------------------------

    def focus_next_pane(self) -> None:
        """Go round the panes."""
        aside = (self.review_desk.rubric, self.gradients, self.review_desk.guidelines, self.history)
        panes = tuple(
            pane for pane in (self.queue, self.plan, *aside, self.proposal, self.tour.card) if pane.isVisible()
        )
        focus = QApplication.focusWidget() or self
        here = next((n for n, pane in enumerate(panes) if pane is focus or pane.isAncestorOf(focus)), -1)
        targets = [pane.focus_target for pane in (*panes[here + 1 :], *panes[: here + 1])]
        next(target for target in targets if target.isEnabled()).setFocus(Qt.FocusReason.ShortcutFocusReason)


def _base64(value: QByteArray) -> str:
    return bytes(value.toBase64().data()).decode()
