"""What the editor of steps needs from elsewhere: the view that was chosen last, and values to suggest."""

import logging
from typing import Protocol

from PySide6.QtCore import QObject, SignalInstance

from hitl_app.domain.codec import get_str
from hitl_app.ui.panes.hunk_editor import ArgumentsView, HunkEditor
from hitl_app.ui.state import DeskState
from hitl_app.ui.tasks import Failed, Tasks
from hitl_app.workflow.earlier_values import EarlierValues
from hitl_app.workflow.workspace import Workspace

KEY = "editor"
"""The preference's name."""

log = logging.getLogger(__name__)


class Session(Protocol):
    """What is on the desk."""

    state_changed: SignalInstance


class EditorDesk(QObject):
    """Keeps the chosen view between sessions, and finds earlier values when a step is opened in the editor."""

    def __init__(
        self, workspace: Workspace, session: Session, editor: HunkEditor, failed: Failed, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._workspace, self._editor = workspace, editor
        self._tasks = Tasks(failed)
        self._edited: tuple[str, int] | None = None
        editor.view_chosen.connect(self._keep_view)
        session.state_changed.connect(self._follow)

    def load(self) -> None:
        """Show the view that was chosen last."""
        self._tasks.start("view", self._load_view())

    def change_view(self) -> None:
        """Change between form and JSON."""
        self._editor.toggle_view()

    async def close(self) -> None:
        """Wait until the choice is kept; stop everything else."""
        await self._tasks.cancel_all(keep=("keep",))

    async def _load_view(self) -> None:
        kept = await self._workspace.library.preference(KEY)
        if kept is not None:
            try:
                self._editor.set_view(ArgumentsView(get_str(kept, "view")))
            except ValueError as error:
                log.warning("how arguments were shown cannot be read: %s", error)

    def _keep_view(self, view: str) -> None:
        self._tasks.start("keep", self._workspace.library.set_preference(KEY, {"view": view}))

    def _follow(self, state: DeskState) -> None:
        number, opened = state.draft.editing, state.opened
        if opened is None or number is None or number >= len(state.draft.hunks):
            self._edited = None
            self._tasks.cancel("values")
            return
        edited = opened.trajectory.id, state.draft.hunks[number].hunk.at
        if edited != self._edited:
            self._edited = edited
            self._editor.suggesting.earlier = EarlierValues()
            self._tasks.start("values", self._find_values(state))

    async def _find_values(self, state: DeskState) -> None:
        if state.opened is not None and self._edited is not None:
            self._editor.suggesting.earlier = await self._workspace.earlier_values(state.opened, self._edited[1])
