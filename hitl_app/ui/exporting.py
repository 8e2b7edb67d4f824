"""Exports from the window: a look at what would be written, made anew with every choice, then the files."""

from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from hitl_app.domain.errors import UserError
from hitl_app.domain.query_completion import Place
from hitl_app.ui.tasks import Failed, Tasks
from hitl_app.ui.windows.exports import ExportDialog
from hitl_app.workflow.export_choices import ExportChoices
from hitl_app.workflow.exporting import ExportStoppedError, Row
from hitl_app.workflow.workspace import Workspace

ROWS = 20
"""Rows of each file that are shown before it is written."""


class Exports(QObject):
    """Owns the dialog and what runs for it.

    Signals:
        told: A short note on what worked.
    """

    told = Signal(str)
    _read = Signal(int, int)

    def __init__(self, workspace: Workspace, failed: Failed, window: QWidget) -> None:
        super().__init__(window)
        self._exporting = workspace.exporting
        self._library = workspace.library
        self._window = window
        self._tasks = Tasks(failed)
        self._stop = Event()

    async def close(self) -> None:
        """Stop what runs; nothing half-written is left, and what was chosen is kept."""
        self._halt()
        for dialog in self._window.findChildren(ExportDialog):
            dialog.done(ExportDialog.DialogCode.Rejected)
        await self._tasks.cancel_all(keep=["remember"])

    def choose(self) -> ExportDialog:
        """Let the person choose a format, look at what it would write, and choose a folder.

        The window opens once it is known what was chosen the last time: it would take back what was typed meanwhile.
        """
        dialog = ExportDialog(self._exporting.described(), self._window)
        tasks = self._tasks
        dialog.preview_wanted.connect(lambda choices: tasks.start("preview", self._preview(dialog, choices)))
        dialog.export_requested.connect(lambda choices: self._begin(dialog, choices))
        dialog.stop_requested.connect(self._halt)
        dialog.rows.render_wanted.connect(lambda row, file: tasks.start("render", self._render(dialog, row, file)))
        dialog.options.values_wanted.connect(lambda place: tasks.start("values", self._offer(dialog, place)))
        dialog.finished.connect(lambda: self._leave(dialog))
        self._read.connect(dialog.show_progress)  # emitted in the store's thread, received in the window's
        tasks.start("open", self._open(dialog))
        return dialog

    def _leave(self, dialog: ExportDialog) -> None:
        for name in ("preview", "render", "values"):
            self._tasks.cancel(name)
        choices = dialog.choices()
        if choices is not None:
            self._tasks.start("remember", self._exporting.remember(choices))

    def _halt(self) -> None:
        self._stop.set()

    async def _open(self, dialog: ExportDialog) -> None:
        try:
            dialog.show_choices(await self._exporting.remembered())
        except BaseException:
            dialog.deleteLater()
            raise
        dialog.open()
        dialog.ask_for_preview()

    async def _offer(self, dialog: ExportDialog, place: Place) -> None:
        if place.field is not None:
            dialog.options.query.offer(place, await self._library.values(place.field, place.typed))

    async def _preview(self, dialog: ExportDialog, choices: ExportChoices) -> None:
        try:
            preview = await self._exporting.preview(choices.format_name, ROWS, choices.settings)
        except (UserError, OSError) as error:
            dialog.show_problem(self.tr("This cannot be exported: {0}").format(error))
        else:
            dialog.show_preview(preview)

    async def _render(self, dialog: ExportDialog, row: Row, template: Path | None) -> None:
        try:
            (chats,) = await self._exporting.render([row], template)
        except (UserError, OSError) as error:
            dialog.rows.show_problem(str(error))
        else:
            dialog.rows.show_chats(chats)

    def _begin(self, dialog: ExportDialog, choices: ExportChoices) -> None:
        self._tasks.cancel("preview")
        self._tasks.start("export", self._export(dialog, choices))

    async def _export(self, dialog: ExportDialog, choices: ExportChoices) -> None:
        self._stop, out = Event(), Path(choices.folder)
        await self._exporting.remember(choices)
        try:
            summary = await self._exporting.export(
                choices.format_name, out, self._read.emit, self._stop, choices.settings
            )
        except ExportStoppedError:
            dialog.show_problem(self.tr("The export was stopped. Nothing was written."))
        except (UserError, OSError) as error:
            dialog.show_problem(self.tr("Nothing was written: {0}").format(error))
        else:
            dialog.show_result(summary, out, self._exporting.command_line(choices))
            self.told.emit(self.tr("Exported {0}").format(choices.format_name))
