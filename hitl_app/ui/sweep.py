"""Inspects everything that the queue shows and that was never inspected, in the background."""

from PySide6.QtCore import QObject, Signal

from hitl_app.domain.errors import EnvironmentUnavailableError
from hitl_app.ui.models.queue import QueueModel
from hitl_app.ui.tasks import Failed, Tasks
from hitl_app.workflow.workspace import Workspace


class Sweep(QObject):
    """One trajectory at a time, so that what a person waits for never waits for more than one of them.

    Signals:
        told: How far it is, and what came of it.
    """

    told = Signal(str)

    def __init__(self, workspace: Workspace, queue: QueueModel, failed: Failed, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._queue = queue
        self._tasks = Tasks(failed)

    @property
    def runs(self) -> bool:
        """Whether it is under way."""
        return self._tasks.runs("sweep")

    def start(self) -> None:
        """Begin with the first row that was never inspected."""
        if not self.runs:
            self._tasks.start("sweep", self._sweep())

    def stop(self) -> None:
        """Stop; what was inspected so far stays."""
        if self.runs:
            self._tasks.cancel("sweep")
            self.told.emit(self.tr("Stopped inspecting"))

    async def close(self) -> None:
        """Stop, and wait until it has."""
        await self._tasks.cancel_all()

    async def _sweep(self) -> None:
        library, done, left_out = self._workspace.library, 0, dict[str, str]()
        root_ids = await library.root_ids(self._queue.query)
        for number, root_id in enumerate(root_ids, 1):
            row = await library.row(root_id)
            if row.losses is not None or row.environment in left_out:
                continue
            self.told.emit(self.tr("Inspecting {0} of {1}… Esc stops").format(number, len(root_ids)))
            try:
                await self._workspace.refinement.inspect(row.head_id)
            except EnvironmentUnavailableError as error:
                left_out[row.environment] = str(error)
                continue
            done += 1
            await self._queue.refresh(root_id)
        problems = "; ".join(left_out.values())
        self.told.emit(self.tr("Inspected: {0}. {1}").format(done, problems).strip())
