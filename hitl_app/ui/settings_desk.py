"""Settings at the desk: what was chosen, from the store to the window and back. It holds at once."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from hitl_app.domain.errors import UserError
from hitl_app.domain.guidelines import Guidelines
from hitl_app.domain.settings import Settings, checked_annotator
from hitl_app.domain.team import ReviewPolicy
from hitl_app.ui.gated import GatedSession
from hitl_app.ui.installing import Installing
from hitl_app.ui.keymap import Keymap, use_keymap
from hitl_app.ui.look import Look
from hitl_app.ui.modelling import Modelling
from hitl_app.ui.review_desk import ReviewDesk
from hitl_app.ui.runs import Runs
from hitl_app.ui.tasks import Failed, Tasks
from hitl_app.ui.windows.settings import Page, SettingsWindow
from hitl_app.workflow.workspace import Workspace


@dataclass(frozen=True)
class Beside:
    """Parts of the desk that settings work on: its look, the policy, models, guidelines, and what runs."""

    look: Look
    session: GatedSession
    modelling: Modelling
    review_desk: ReviewDesk
    runs: Runs


class SettingsDesk(QObject):
    """Owns the window of settings.

    Signals:
        reopen_requested: The window of the desk is to be made anew, with what was chosen.
    """

    reopen_requested = Signal()

    def __init__(
        self,
        workspace: Workspace,
        settings: Settings,
        beside: Beside,
        failed: Failed,
        window: QWidget,
        *,
        named: bool,
    ) -> None:
        """Take what was chosen.

        Args:
            workspace: The use cases.
            settings: What holds.
            beside: Parts of the desk.
            failed: Is told of errors.
            window: The desk's.
            named: The annotator was named when the desk was started.
        """
        super().__init__(window)
        self._workspace = workspace
        self._settings = settings
        self._beside = beside
        self._parent_window = window
        self._named = named
        self._tasks = Tasks(failed)
        self._window: SettingsWindow | None = None
        self.installing: Installing = Installing(workspace.refinement, failed, self)
        self.left_at: Page | None = None
        """The page that was open when another window of the desk was asked for."""
        self._model = ""
        self._waiting: list[Callable[[Settings], Settings]] = []
        beside.look.changed.connect(self._keep_look)
        beside.session.policy_changed.connect(self._show_policy)
        beside.modelling.model_changed.connect(self._show_model)
        beside.review_desk.guidelines_changed.connect(self._show_guidelines)

    async def close(self) -> None:
        """Finish what is being kept, and stop an installation."""
        await self.installing.close()
        await self._tasks.cancel_all(keep=["keep", "policy"])

    # -- the window ------------------------------------------------------------------------------------------------

    def show(self, page: Page = Page.GENERAL) -> SettingsWindow:
        """Show the window of settings with a page."""
        if self._window is None:
            self._window = self._new_window()
        self._fill(self._window)
        self._window.show_page(page)
        return self._window

    def _new_window(self) -> SettingsWindow:
        window = SettingsWindow(self._parent_window)
        window.general.annotator_chosen.connect(self.choose_annotator)
        window.general.language_chosen.connect(self.choose_language)
        window.general.theme_chosen.connect(self._beside.look.choose)
        window.general.zoom_chosen.connect(self._beside.look.zoom_to)
        window.keys.keymap_chosen.connect(self.choose_keys)
        window.review.policy_chosen.connect(self.choose_policy)
        window.models.connection_requested.connect(self._beside.modelling.show_settings)
        window.models.prompts_requested.connect(self._beside.modelling.show_prompts)
        window.guidelines.file_wanted.connect(self._beside.review_desk.open_file)
        window.guidelines.copies_wanted.connect(self._beside.review_desk.make_copies)
        self.installing.serve(window.environments)
        return window

    def _fill(self, window: SettingsWindow) -> None:
        self._show_settings()
        window.review.show_policy(self._beside.session.state.policy)
        window.models.show_model(self._model)
        if self._beside.review_desk.found is not None:
            window.guidelines.show_guidelines(self._beside.review_desk.found)
        self.installing.load()
        self._tasks.start("prompts", self._count_prompts(window))

    async def _count_prompts(self, window: SettingsWindow) -> None:
        prompts = [prompt for prompt, _ in await self._workspace.models.prompt_files()]
        window.models.show_prompts(len(prompts), sum(prompt.edited for prompt in prompts))

    def _show_settings(self) -> None:
        if self._window is not None:
            self._window.general.show_settings(self._settings, self._beside.session.annotator, named=self._named)

    def _show_policy(self, policy: ReviewPolicy) -> None:
        if self._window is not None:
            self._window.review.show_policy(policy)

    def _show_model(self, name: str) -> None:
        self._model = name
        if self._window is not None:
            self._window.models.show_model(name)

    def _show_guidelines(self, guidelines: Guidelines) -> None:
        if self._window is not None:
            self._window.guidelines.show_guidelines(guidelines)

    # -- choosing --------------------------------------------------------------------------------------------------

    def _keep(self, change: Callable[[Settings], Settings]) -> None:
        """Let a change hold at once, and keep it; changes are kept in their order."""
        self._settings = change(self._settings)
        self._waiting.append(change)
        if not self._tasks.runs("keep"):
            self._tasks.start("keep", self._keep_waiting())

    async def _keep_waiting(self) -> None:
        try:
            while self._waiting:
                await self._workspace.settings.change(self._waiting[0])
                del self._waiting[0]
        finally:
            self._waiting.clear()

    def choose_annotator(self, name: str) -> None:
        """Decide under another name from now on."""
        try:
            chosen = checked_annotator(name)
        except UserError as error:
            self._refuse(str(error))
            return
        if chosen != self._beside.session.annotator and not self._is_busy():
            self._keep(lambda settings: replace(settings, annotator=chosen))
            self._reopen()

    def choose_language(self, language: str) -> None:
        """Show the desk in another language: `system`, or one of `language.LANGUAGES`."""
        if language != self._settings.language and not self._is_busy():
            self._keep(lambda settings: replace(settings, language=language))
            self._reopen()

    def _reopen(self) -> None:
        if self._window is not None and self._window.isVisible():
            self.left_at = self._window.page
        self.reopen_requested.emit()

    def _is_busy(self) -> bool:
        """Whether something runs that another window of the desk would end; says so."""
        if self.installing.busy or self._beside.runs.going:
            self._refuse(self.tr("Something is under way that would be stopped: wait until it has ended, or stop it."))
            return True
        return False

    def _refuse(self, problem: str) -> None:
        self._show_settings()
        if self._window is not None:
            self._window.general.show_problem(problem)

    def _keep_look(self) -> None:
        theme, zoom = self._beside.look.theme, self._beside.look.zoom
        self._keep(lambda settings: replace(settings, theme=theme, zoom=zoom))
        self._show_settings()

    def choose_keys(self, keymap: Keymap) -> None:
        """Let other keys hold."""
        use_keymap(keymap)
        self._keep(lambda settings: replace(settings, keys=keymap.chosen))

    def choose_policy(self, policy: ReviewPolicy) -> None:
        """Let everybody review under other rules."""
        self._tasks.start("policy", self._choose_policy(policy))

    async def _choose_policy(self, policy: ReviewPolicy) -> None:
        await self._workspace.team.set_policy(policy)
        self._beside.session.set_policy(policy)
