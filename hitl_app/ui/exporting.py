"""Exports from the window: a look at what would be written, then the files."""

from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from hitl_app.domain.errors import UserError
from hitl_app.ui.tasks import Failed, Tasks
from hitl_app.ui.windows.exports import ExportDialog
from hitl_app.workflow.exporting import ExportStoppedError
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
        self._window = window
        self._tasks = Tasks(failed)
        self._stop = Event()

    async def close(self) -> None:
        """Stop what runs; nothing half-written is left."""
        self._halt()
        await self._tasks.cancel_all()

    def choose(self) -> ExportDialog:
        """Let the person choose a format, look at what it would write, and choose a folder."""
        dialog = ExportDialog(self._exporting.formats, self._window)
        dialog.preview_wanted.connect(lambda name: self._tasks.start("preview", self._preview(dialog, name)))
        dialog.export_requested.connect(lambda name, out: self._tasks.start("export", self._export(dialog, name, out)))
        dialog.stop_requested.connect(self._halt)
        dialog.finished.connect(lambda: self._tasks.cancel("preview"))
        self._read.connect(dialog.show_progress)  # emitted in the store's thread, received in the window's
        dialog.open()
        dialog.ask_for_preview()
        return dialog

    def _halt(self) -> None:
        self._stop.set()

    async def _preview(self, dialog: ExportDialog, format_name: str) -> None:
        try:
            preview = await self._exporting.preview(format_name, ROWS)
        except (UserError, OSError) as error:
            dialog.show_problem(self.tr("This cannot be exported: {0}").format(error))
        else:
            dialog.show_preview(preview)

    async def _export(self, dialog: ExportDialog, format_name: str, out: Path) -> None:
        self._stop = Event()
        try:
            summary = await self._exporting.export(format_name, out, self._read.emit, self._stop)
        except ExportStoppedError:
            dialog.show_problem(self.tr("The export was stopped. Nothing was written."))
        except (UserError, OSError) as error:
            dialog.show_problem(self.tr("Nothing was written: {0}").format(error))
        else:
            dialog.show_result(summary, out)
            self.told.emit(self.tr("Exported {0}").format(format_name))
