"""Exporting: training data out of the record."""

from collections.abc import Mapping
from pathlib import Path

from hitl_app.domain.errors import NotFoundError
from hitl_app.domain.ports import Exporter, ExportSummary, Store
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.workflow.threads import Threads


class StoredRecord:
    """A store as exporters see it (`domain.ports.Record`)."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.judged = store.judged
        self.toolsets = store.toolsets
        self.tasks = store.tasks
        self.task = store.task
        self.root_ids = store.root_ids
        self.row = store.row
        self.revisions = store.revisions
        self.proposals = store.proposals
        self.draft = store.draft
        self.entries = store.entries
        self.runs = store.runs
        self.calls = store.calls
        self.assignments = store.assignments
        self.gold = store.gold
        self.seeds = store.seeds

    def tools(self, task: Task) -> tuple[ToolSpec, ...]:
        """The task's own tools, else those that were kept of its environment."""
        return task.tools or self._store.tools(task.environment, task.domain)


class Exporting:
    """Use cases around exports."""

    def __init__(self, store: Store, exporters: Mapping[str, Exporter], threads: Threads) -> None:
        self._store = store
        self._exporters = exporters
        self._threads = threads

    @property
    def formats(self) -> tuple[str, ...]:
        """Names of the formats that can be written."""
        return tuple(self._exporters)

    async def export(self, format_name: str, out: Path) -> ExportSummary:
        """Write everything that was decided in one format into a folder.

        Raises:
            NotFoundError: There is no such format.
        """
        exporter = self._exporters.get(format_name)
        if exporter is None:
            raise NotFoundError(f'there is no format "{format_name}"; there are {", ".join(self._exporters)}')
        return await self._threads.database(exporter.export, StoredRecord(self._store), out)
