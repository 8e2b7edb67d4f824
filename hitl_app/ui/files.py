"""Imports from the window: a preview first, then progress and a summary; the menu File besides."""

import asyncio
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from hitl_app.domain.errors import UserError
from hitl_app.domain.library import ImportSummary
from hitl_app.ui.dropping import DropTarget
from hitl_app.ui.exporting import Exports
from hitl_app.ui.tasks import Failed, Tasks
from hitl_app.ui.windows.exports import ExportDialog
from hitl_app.ui.windows.import_preview import ImportPreviewDialog
from hitl_app.ui.windows.imports import ImportDialog
from hitl_app.ui.windows.samples import SamplesDialog
from hitl_app.workflow.previewing import ImportPreview
from hitl_app.workflow.samples import COUNT, SPLIT
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
        self._waiting: deque[tuple[Path, ...]] = deque()
        self._shown: QDialog | None = None
        self._exports = Exports(workspace, failed, window)
        self._exports.told.connect(self.told)
        DropTarget(window).dropped.connect(self.preview_paths)

    async def close(self) -> None:
        """Stop what runs; what was imported so far stays."""
        await self._tasks.cancel_all()
        await self._exports.close()

    def choose_export(self) -> ExportDialog:
        """Let the person choose what to write, and where."""
        return self._exports.choose()

    # -- choosing --------------------------------------------------------------------------------------------------

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
        dialog.filesSelected.connect(lambda names: self.preview_paths([Path(name) for name in names]))
        dialog.open()

    # -- the preview -----------------------------------------------------------------------------------------------

    def preview_paths(self, paths: Sequence[Path]) -> None:
        """Show what an import of files and folders would add; nothing is written before it is confirmed.

        While another preview or an import is open, they wait until it is closed.
        """
        if paths:
            self._waiting.append(tuple(paths))
            self._show_next()

    def _show_next(self) -> None:
        if self._waiting and self._shown is None:
            self._show_preview(self._waiting.popleft())

    def _show_preview(self, paths: Sequence[Path]) -> None:
        place = str(paths[0])
        if len(paths) > 1:
            place = self.tr("{0} and more files or folders: {1}").format(place, len(paths) - 1)
        dialog = ImportPreviewDialog(place, self._window)
        newest = [ImportPreview()]
        dialog.preview_wanted.connect(
            lambda name: self._tasks.start("preview", self._preview(paths, name, dialog, newest))
        )
        dialog.finished.connect(lambda: self._tasks.cancel("preview"))
        self._show(dialog)
        dialog.confirmed.connect(lambda name: self.import_paths(paths, name, newest[0]))
        self._tasks.start("formats", self._load_formats(dialog))
        dialog.ask_for_preview()

    def _show(self, dialog: QDialog) -> None:
        self._shown = dialog
        dialog.finished.connect(lambda: self._leave(dialog))
        dialog.open()

    def _leave(self, dialog: QDialog) -> None:
        if self._shown is dialog:
            self._shown = None
            self._show_next()

    async def _load_formats(self, dialog: ImportPreviewDialog) -> None:
        dialog.show_formats(await self._workspace.library.formats())

    async def _preview(
        self, paths: Sequence[Path], format_name: str, dialog: ImportPreviewDialog, newest: list[ImportPreview]
    ) -> None:
        newest[:] = [ImportPreview()]
        try:
            newest[:] = [
                await self._workspace.library.preview(
                    paths, format_name or None, lambda preview: dialog.show_preview(preview, ended=False)
                )
            ]
        except UserError as error:
            dialog.show_problem(str(error))
        else:
            dialog.show_preview(newest[0], ended=True)

    # -- the import ------------------------------------------------------------------------------------------------

    def import_paths(self, paths: Sequence[Path], format_name: str = "", preview: ImportPreview | None = None) -> None:
        """Import files and folders, with a dialog that shows progress and can stop it.

        Args:
            paths: What to import.
            format_name: Importer to use; empty recognises it from the content.
            preview: What is known of it already.
        """
        if paths and not self._tasks.runs("import"):
            whole = preview is not None and preview.whole
            dialog = ImportDialog(self._window, preview.records if preview is not None and whole else 0)
            stop = Event()
            dialog.stop_requested.connect(stop.set)
            self._show(dialog)
            self._tasks.start("import", self._import(paths, format_name or None, dialog, stop))

    async def _import(self, paths: Sequence[Path], format_name: str | None, dialog: ImportDialog, stop: Event) -> None:
        done: list[ImportSummary] = []
        current: list[ImportSummary] = []

        def progress(summary: ImportSummary) -> None:
            current[:] = [summary]
            dialog.show_progress(done, summary)

        def finish(*, stopped: bool = False, problem: str = "") -> None:
            dialog.show_result([*done, *current], stopped=stopped, problem=problem)
            self.library_changed.emit()

        try:
            async for summary, _ in self._workspace.library.import_paths(paths, format_name, progress, stop):
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
            finish(stopped=stop.is_set())

    def ask_for_samples(self) -> None:
        """Ask which synthetic samples to add."""
        dialog = SamplesDialog(self._window)
        dialog.wanted.connect(self.add_samples)
        dialog.open()

    def add_samples(self, count: int = COUNT, level: int = 0, split: str = SPLIT) -> None:
        """Add synthetic samples: so many, of a level (0 for several in turn) and a split."""
        self._tasks.start("samples", self._add_samples(count, level, split))

    async def _add_samples(self, count: int, level: int, split: str) -> None:
        counts, _ = await self._workspace.samples.add(count, level=level or None, split=split)
        self.told.emit(self.tr("Samples added: {0}").format(counts.trajectories))
        self.library_changed.emit()
        self.samples_added.emit()
