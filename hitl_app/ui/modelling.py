"""What the window does with models: their settings, their prompts, and what they were sent."""

import asyncio
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from hitl_app.domain.errors import UserError
from hitl_app.domain.model import Capabilities, ModelEndpoint, ModelUnavailableError
from hitl_app.domain.run import Run
from hitl_app.ui.by_hand import ByHand, DeskHand
from hitl_app.ui.session import DeskSession
from hitl_app.ui.tasks import Failed, Tasks
from hitl_app.ui.voice import Turn
from hitl_app.ui.windows.continuing import ContinueDialog
from hitl_app.ui.windows.models import ModelDialog
from hitl_app.ui.windows.pasting import PasteDialog
from hitl_app.ui.windows.sent import SentDialog
from hitl_app.ui.windows.speaking import SpeakDialog
from hitl_app.workflow.workspace import Workspace


class Modelling(QObject):
    """Opens the windows around models and does what they ask for. Nothing here waits in Qt's thread.

    Signals:
        model_changed: Name of the model that proposals are asked of; empty where none is set up.
    """

    model_changed = Signal(str)

    def __init__(self, workspace: Workspace, session: DeskSession, failed: Failed, window: QWidget) -> None:
        super().__init__(window)
        self._workspace = workspace
        self._models = workspace.models
        self._session = session
        self._window = window
        self._tasks = Tasks(failed)
        self._dialog: ModelDialog | None = None
        self._paste: PasteDialog | None = None
        self.hand: DeskHand = DeskHand(self)
        self.hand.wanted.connect(self._show_question)
        self.hand.over.connect(self._question_over)
        session.voice.wanted.connect(self._let_speak)

    async def close(self) -> None:
        """Stop what runs."""
        await self._tasks.cancel_all()

    async def idle(self) -> None:
        """Wait until nothing is read or saved."""
        await self._tasks.idle()

    def load(self) -> None:
        """Find out which model is set up; from now on the person can be one."""
        self._workspace.hand.lend(self.hand)
        self._tasks.start("model", self._load())

    async def _load(self) -> None:
        try:
            self.model_changed.emit((await self._models.endpoint()).model)
        except ModelUnavailableError:
            self.model_changed.emit("")

    # -- settings --------------------------------------------------------------------------------------------------

    def show_settings(self) -> ModelDialog:
        """Let the person set a model up and test it."""
        dialog = self._open_dialog()
        dialog.show_connection()
        return dialog

    def show_prompts(self) -> ModelDialog:
        """Let the person read and edit the prompts."""
        dialog = self._open_dialog()
        dialog.show_prompts()
        return dialog

    def _open_dialog(self) -> ModelDialog:
        """The one dialog, filled anew: what is still being saved for it when it closes can be shown in it."""
        if self._dialog is None:
            self._dialog = self._new_dialog()
        if not self._dialog.isVisible():
            self._tasks.start("settings", self._fill(self._dialog))
            self._tasks.start("prompts", self._fill_prompts(self._dialog))
            self._dialog.open()
        return self._dialog

    def _new_dialog(self) -> ModelDialog:
        dialog = ModelDialog(self._window)
        page, prompts = dialog.connection, dialog.prompts
        start = self._tasks.start
        page.form.server_changed.connect(lambda url: start("key", self._show_key(dialog, url)))
        page.role_chosen.connect(lambda: start("settings", self._fill(dialog)))
        page.default_requested.connect(lambda: start("save", self._save_default(dialog)))
        page.test_requested.connect(lambda endpoint, key: start("test", self._test(dialog, endpoint, key)))
        page.stop_requested.connect(lambda: self._tasks.cancel("test"))
        page.save_requested.connect(lambda endpoint, key: start("save", self._save(dialog, endpoint, key)))
        page.form.forget_requested.connect(lambda url: start("key", self._keep_key(dialog, url, "")))
        prompts.save_requested.connect(lambda name, text: start("prompt", self._edit_prompt(dialog, name, text)))
        prompts.reset_requested.connect(lambda name: start("prompt", self._edit_prompt(dialog, name, None)))
        dialog.finished.connect(lambda: self._tasks.cancel("test"))
        return dialog

    async def _fill(self, dialog: ModelDialog) -> None:
        saved, role = await self._models.saved(), dialog.connection.role
        if role:
            own = (await self._models.saved_roles()).get(role)
            dialog.connection.show_role(own, saved)
            saved = own or saved
        else:
            dialog.connection.show_endpoint(saved, self._models.overrides)
        dialog.connection.show_capabilities(await self._models.capabilities(saved) if saved else None)
        await self._show_key(dialog, saved.base_url if saved else "")

    async def _show_key(self, dialog: ModelDialog, base_url: str) -> None:
        dialog.connection.show_key(await self._models.find_key(base_url))

    async def _keep_key(self, dialog: ModelDialog, base_url: str, key: str) -> None:
        await self._models.keep_key(base_url, key)
        await self._show_key(dialog, base_url)

    async def _test(self, dialog: ModelDialog, endpoint: ModelEndpoint, key: str) -> None:
        page = dialog.connection
        try:
            if key:
                await self._keep_key(dialog, endpoint.base_url, key)
            page.show_capabilities(await self._models.test(endpoint))
        except UserError as error:
            page.show_capabilities(Capabilities(problem=str(error)))
        except asyncio.CancelledError:
            page.show_stopped()
            raise

    async def _save(self, dialog: ModelDialog, endpoint: ModelEndpoint, key: str) -> None:
        try:
            if key:
                await self._keep_key(dialog, endpoint.base_url, key)
            await self._save_endpoint(dialog.connection.role, endpoint)
        except UserError as error:
            dialog.connection.show_problem(str(error))
            return
        dialog.connection.show_saved(endpoint)
        await self._load()

    async def _save_endpoint(self, role: str, endpoint: ModelEndpoint) -> None:
        if role:
            await self._models.save_role(role, endpoint)
        else:
            await self._models.save(endpoint)

    async def _save_default(self, dialog: ModelDialog) -> None:
        await self._models.save_role(dialog.connection.role, None)
        await self._fill(dialog)
        dialog.connection.show_default()

    # -- prompts ---------------------------------------------------------------------------------------------------

    async def _fill_prompts(self, dialog: ModelDialog) -> None:
        try:
            dialog.prompts.show_prompts(await self._models.prompt_files())
        except UserError as error:
            dialog.prompts.show_failure(str(error))

    async def _edit_prompt(self, dialog: ModelDialog, name: str, text: str | None) -> None:
        try:
            await self._models.edit_prompt(name, text)
            kept = {prompt.name: (prompt, shown) for prompt, shown in await self._models.prompt_files()}
        except UserError as error:
            dialog.prompts.show_problem(name, str(error))
            return
        words = self.tr("The shipped text is back. The editor's undo (Ctrl+Z) brings yours back into the editor.")
        dialog.prompts.show_prompt(*kept[name], words if text is None else self.tr("Saved."))

    # -- continuing ------------------------------------------------------------------------------------------------

    def ask_to_continue(self, step: int | None = None) -> None:
        """Ask how a model shall go on from a step, the selected one where none is named; then let it."""
        state = self._session.state
        step = state.selected_step if step is None else step
        if state.opened is not None and step is not None:
            dialog = ContinueDialog(state.opened.trajectory, step, self._window)
            dialog.accepted.connect(lambda: self._session.continue_from(dialog.continuation))
            dialog.open()

    def _let_speak(self, turn: Turn) -> None:
        dialog = SpeakDialog(turn, self._window)
        dialog.stop_requested.connect(self._session.cancel)
        self._session.voice.over.connect(dialog.close_over)
        dialog.show()

    # -- answering by hand -----------------------------------------------------------------------------------------

    def _show_question(self, asked: ByHand) -> None:
        if self._paste is None:
            self._paste = PasteDialog(self._window)
        self._paste.show_question(asked)

    def _question_over(self) -> None:
        if self._paste is not None:
            self._paste.rest()

    # -- what was sent ---------------------------------------------------------------------------------------------

    def show_sent(self) -> None:
        """Show the calls that models were asked for the open lineage, and for its task."""
        if not self._session.state.hides_calls:
            self._tasks.start("sent", self._show_sent())

    def show_run(self, run: Run) -> None:
        """Show the calls of one run, also while it goes on."""
        if self._session.state.policy.blind:
            words = self.tr("What was sent names the model: it is hidden as long as you review blind.")
            self._session.report("sent", UserError(words))
        else:
            self._tasks.start("sent", self._show_run(run.id))

    async def _show_run(self, run_id: str) -> None:
        self._open_sent([await self._workspace.running.find(run_id)])

    async def _show_sent(self) -> None:
        opened = self._session.state.opened
        if opened is None:
            return
        about = {opened.task.id, opened.trajectory.id, opened.row.root_id}
        about |= {revision.trajectory.id for revision in opened.revisions}
        runs = await self._workspace.running.runs()
        self._open_sent([run for run in runs if run.usage.calls and about & set(run.settings.starts)])

    def _open_sent(self, runs: Sequence[Run]) -> None:
        dialog = SentDialog(runs, self._window)
        dialog.run_chosen.connect(lambda run: self._tasks.start("calls", self._show_calls(dialog, run)))
        dialog.finished.connect(lambda: self._tasks.cancel("calls"))
        dialog.open()
        dialog.start()

    async def _show_calls(self, dialog: SentDialog, run: Run) -> None:
        dialog.show_calls(run, await self._workspace.running.calls(run.id))
