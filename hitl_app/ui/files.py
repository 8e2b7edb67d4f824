"""Imports and exports from the window, with progress and a summary."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from hitl_app.domain.errors import UserError
from hitl_app.domain.library import ImportSummary
from hitl_app.ui.tasks import Failed, Tasks
from hitl_app.ui.windows.exports import ExportDialog
from hitl_app.ui.windows.imports import ImportDialog
from hitl_app.workflow.workspace import Workspace


class Files(QObject):
    """What the menu File does.

    Signals:
        library_changed: New trajectories are in the store.
        samples_added: The samples are in the store.
        told: A short note on what worked.
    """

    library_changed = Signal()
    samples_added = Signal()
    told = Signal(str)

    def __init__(self, workspace: Workspace, failed: Failed, window: QWidget) -> None:
        super().__init__(window)
        self._workspace = workspace
        self._window = window
        self._tasks = Tasks(failed)

    async def close(self) -> None:
        """Stop what runs; what was imported so far stays."""
        await self._tasks.cancel_all()

    # -- importing -------------------------------------------------------------------------------------------------

    def choose_files(self) -> None:
        """Let the person choose files to import."""
        self._choose(QFileDialog.FileMode.ExistingFiles, self.tr("Import recorded runs"))

    def choose_folder(self) -> None:
        """Let the person choose a folder to import."""
        self._choose(QFileDialog.FileMode.Directory, self.tr("Import a folder of recorded runs"))

    def _choose(self, mode: QFileDialog.FileMode, title: str) -> None:
        dialog = QFileDialog(self._window, title)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(mode)
        dialog.filesSelected.connect(lambda names: self.import_paths([Path(name) for name in names]))
        dialog.open()

    def import_paths(self, paths: Sequence[Path]) -> None:
        """Import files and folders, with a dialog that shows progress and can stop it."""
        if paths and not self._tasks.runs("import"):
            dialog = ImportDialog(self._window)
            dialog.stop_requested.connect(lambda: self._tasks.cancel("import"))
            dialog.open()
            self._tasks.start("import", self._import(paths, dialog))

    async def _import(self, paths: Sequence[Path], dialog: ImportDialog) -> None:
        done: list[ImportSummary] = []
        current: list[ImportSummary] = []

        def progress(summary: ImportSummary) -> None:
            current[:] = [summary]
            dialog.show_progress(done, summary)

        def finish(*, stopped: bool = False, problem: str = "") -> None:
            dialog.show_result([*done, *current], stopped=stopped, problem=problem)
            self.library_changed.emit()

        try:
            async for summary, _ in self._workspace.library.import_paths(paths, progress=progress):
                current.clear()
                done.append(summary)
        except asyncio.CancelledError:
            finish(stopped=True)
            raise
        except UserError as error:
            finish(problem=str(error))
        except BaseException as error:
            finish(problem=str(error))
            raise
        else:
            finish()

    def add_samples(self) -> None:
        """Add the synthetic samples."""
        self._tasks.start("samples", self._add_samples())

    async def _add_samples(self) -> None:
        counts, _ = await self._workspace.samples.add()
        self.told.emit(self.tr("Samples added: {0}").format(counts.trajectories))
        self.library_changed.emit()
        self.samples_added.emit()

    # -- exporting -------------------------------------------------------------------------------------------------

    def choose_export(self) -> ExportDialog:
        """Let the person choose a format and a folder."""
        dialog = ExportDialog(self._workspace.exporting.formats, self._window)
        dialog.export_requested.connect(lambda name, out: self._tasks.start("export", self._export(dialog, name, out)))
        dialog.open()
        return dialog

    async def _export(self, dialog: ExportDialog, format_name: str, out: Path) -> None:
        try:
            summary = await self._workspace.exporting.export(format_name, out)
        except (UserError, OSError) as error:
            dialog.show_problem(self.tr("Nothing was written: {0}").format(error))
            return
        dialog.show_result(summary)
        self.told.emit(self.tr("Exported {0}").format(format_name))
