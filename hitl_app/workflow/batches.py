"""Records of an import in batches: each one transaction, and one step of progress."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from hitl_app.domain.library import ImportedRecord, ImportedRun, ImportedTask, Rejected
from hitl_app.domain.ports import ImportItem
from hitl_app.domain.task import Task

BATCH = 200
"""Runs that are written in one transaction: large enough to be quick, small enough to show progress."""

BATCH_SECONDS = 0.3
"""A batch of large records ends after so long, so that an import can be stopped within a second."""


@dataclass
class Batch:
    """What is written before the next progress: first the runs and tasks, then the record that came after them.

    Attributes:
        last: The file has no more records.
    """

    runs: list[ImportedRun] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    record: ImportedRecord | None = None
    last: bool = False

    @property
    def size(self) -> int:
        """How many records it holds, the rejected ones included."""
        return len(self.runs) + len(self.tasks) + len(self.rejected)


def next_batch(items: Iterator[ImportItem]) -> Batch:
    """Read on, until a batch is full or the file ends."""
    batch, began = Batch(), time.monotonic()
    for item in items:
        if isinstance(item, Rejected):
            batch.rejected.append(item)
        elif isinstance(item, ImportedTask):
            batch.tasks.append(item.task)
        elif isinstance(item, ImportedRun):
            batch.runs.append(item)
        else:
            batch.record = item
        if batch.record is not None or batch.size >= BATCH or time.monotonic() - began > BATCH_SECONDS:
            return batch
    batch.last = True
    return batch
