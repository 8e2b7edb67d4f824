"""Pictures at the desk: their window, and their files."""

import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from hitl_app.domain.errors import UserError
from hitl_app.ui.gated import GatedSession
from hitl_app.ui.pictures.export import FileKind, file_bytes
from hitl_app.ui.pictures.picture import Picture
from hitl_app.ui.state import DeskState
from hitl_app.ui.tasks import Failed, Tasks
from hitl_app.ui.theme import LIGHT, current_theme
from hitl_app.ui.windows.pictures import PicturesWindow
from hitl_app.workflow.opened import Opened
from hitl_app.workflow.workspace import Workspace

Say = Callable[[str], None]
"""Shows a note: what worked, or why something did not."""


class PictureDesk(QObject):
    """Opens the window of pictures, keeps it on what is on the desk, and saves pictures.

    Signals:
        told: What became of a file that was asked for in the desk itself.
    """

    told = Signal(str)

    def __init__(self, workspace: Workspace, session: GatedSession, failed: Failed, window: QWidget) -> None:
        super().__init__(window)
        self._workspace = workspace
        self._session = session
        self._parent = window
        self._tasks = Tasks(failed)
        self._shown: Opened | None = None
        self.window: PicturesWindow | None = None
        session.state_changed.connect(self._follow)

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        await self._tasks.idle()

    async def close(self) -> None:
        """Close the window; a file that is being written is written."""
        if self.window is not None:
            self.window.close()
        await self._tasks.idle()

    # -- the window ------------------------------------------------------------------------------------------------

    def show(self) -> None:
        """Show the pictures of what is on the desk."""
        if self._session.state.opened is None:
            return
        if self.window is None:
            window = self.window = PicturesWindow()
            window.save_requested.connect(
                lambda picture, kind, of_window: self.save(window, picture, kind, of_window, window.show_note)
            )
            window.revision_picked.connect(self._open_revision)
            window.step_picked.connect(self._select_step)
        self._shown = None
        self.window.show()
        self._follow(self._session.state)
        self.window.activateWindow()
        self.window.loss.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _follow(self, state: DeskState) -> None:
        opened = state.opened
        if self.window is None or not self.window.isVisible() or opened is None or opened is self._shown:
            return
        self._shown = opened
        self.window.show_opened(opened)
        self._tasks.start("heat", self._show_heat(self.window, opened))

    async def _show_heat(self, window: PicturesWindow, opened: Opened) -> None:
        strip = await self._workspace.pictures.heat(opened)
        window.show_heat(opened, strip)

    def _open_revision(self, trajectory_id: str) -> None:
        opened = self._session.state.opened
        if opened is not None and opened.trajectory.id != trajectory_id:
            self._session.open_revision(trajectory_id)

    def _select_step(self, step: int) -> None:
        if self._shown is self._session.state.opened:
            self._session.select_step(step)

    # -- files -----------------------------------------------------------------------------------------------------

    def save_of_window(self, picture: Picture, kind: str, of_window: bool) -> None:
        """As `save`, of a picture in the desk itself."""
        self.save(self._parent, picture, kind, of_window, self.told.emit)

    def save(self, parent: QWidget, picture: Picture, kind: str, of_window: bool, say: Say) -> None:
        """Let the person choose a file for a picture, and write it.

        Args:
            parent: The window in front of which the dialog stands.
            picture: What to keep.
            kind: A `FileKind`.
            of_window: It is painted in the colours of the window instead of light ones.
            say: Tells the person what came of it.
        """
        theme = current_theme() if of_window else LIGHT
        mirrored = parent.layoutDirection() is Qt.LayoutDirection.RightToLeft
        wanted = FileKind(kind)
        self.save_file(
            parent, picture.title, wanted, lambda: file_bytes(picture, wanted, mirrored=mirrored, theme=theme), say
        )

    def save_file(self, parent: QWidget, title: str, suffix: str, make: Callable[[], bytes], say: Say) -> None:
        """Let the person choose a file of any kind, and write what `make` gives beside the window's thread."""
        dialog = QFileDialog(parent, self.tr("Save: {0}").format(title))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setNameFilter(self.tr("{0} files (*.{1})").format(suffix.upper(), suffix))
        dialog.setDefaultSuffix(suffix)
        dialog.selectFile(f"{_file_name(title)}.{suffix}")
        dialog.fileSelected.connect(lambda name: self._tasks.start(f"save {name}", self._write(Path(name), make, say)))
        dialog.open()

    async def _write(self, path: Path, make: Callable[[], bytes], say: Say) -> None:
        say(self.tr("Saving {0}…").format(path.name))
        try:
            await self._workspace.pictures.write(path, make)
        except UserError as error:
            say(self.tr("Nothing was saved: {0}").format(error))
        else:
            say(self.tr("Saved {0}").format(path))


def _file_name(title: str) -> str:
    return re.sub(r"[^\w-]+", "-", title).strip("-").lower()
