"""What an import would add, found by reading without writing anything."""

import os
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from hitl_app.domain.inspection import Inspection
from hitl_app.domain.library import (
    Draft,
    ImportedEntry,
    ImportedPart,
    ImportedRun,
    ImportSummary,
    MergeCounts,
    Rejected,
)
from hitl_app.domain.ports import ImportItem
from hitl_app.domain.proposal import Proposal
from hitl_app.workflow.batches import Batch, next_batch

ReadPath = Callable[[Path, str | None], Iterator[tuple[str, str, Iterable[ImportItem]]]]
"""Yields for each file found under a path its label, the importer's name, and its records."""

PREVIEWED = 5_000
"""Records that a preview reads at most."""

GLIMPSES = 5
"""Runs that a preview keeps, to be shown as they would look."""

MEASURED = 20_000
"""Files whose sizes are added up at most."""

WRITING = 2.0
"""How much longer an import takes than only reading the same records."""


@dataclass(frozen=True)
class Measure:
    """What lies under the paths: files, bytes, and the largest file with its bytes."""

    files: int = 0
    bytes: int = 0
    largest: str = ""
    largest_bytes: int = 0


@dataclass(frozen=True)
class ImportPreview:
    """What an import would add, as far as it was read.

    Attributes:
        summaries: Of each file, as the import would give it; `merged` counts all that a bundle holds besides, whether
            it is in the store already or not.
        glimpses: The first runs.
        measure: What lies under the paths.
        read_bytes: Size of the files that were read to their ends.
        seconds: How long that took.
        whole: Everything was read; else the counts are "at least".
    """

    summaries: tuple[ImportSummary, ...] = ()
    glimpses: tuple[ImportedRun, ...] = ()
    measure: Measure = Measure()
    read_bytes: int = 0
    seconds: float = 0.0
    whole: bool = False

    @property
    def trajectories(self) -> int:
        """How many are new."""
        return sum(summary.trajectories for summary in self.summaries)

    @property
    def tasks(self) -> int:
        """How many are new."""
        return sum(summary.tasks for summary in self.summaries)

    @property
    def duplicates(self) -> int:
        """Runs that are in the store already, or in these files twice."""
        return sum(summary.duplicates for summary in self.summaries)

    @property
    def rejected(self) -> tuple[Rejected, ...]:
        """Records that cannot be taken, of files of a known format."""
        return tuple(record for summary in self.summaries if summary.format for record in summary.rejected)

    @property
    def left_alone(self) -> tuple[Rejected, ...]:
        """Files of no known format."""
        return tuple(record for summary in self.summaries if not summary.format for record in summary.rejected)

    @property
    def merged(self) -> MergeCounts:
        """What bundles hold besides tasks and recordings."""
        return sum((summary.merged for summary in self.summaries), MergeCounts())

    @property
    def records(self) -> int:
        """How many were read."""
        return self.trajectories + self.duplicates + len(self.rejected) + self.tasks

    @property
    def brings_anything(self) -> bool:
        """Whether an import would add or merge anything."""
        return bool(self.trajectories or self.tasks or self.merged != MergeCounts())

    @property
    def share(self) -> float | None:
        """Which part of the bytes was read; None where that is not known."""
        if self.whole:
            return 1.0
        known = self.read_bytes and self.measure.files < MEASURED
        return min(self.read_bytes / self.measure.bytes, 1.0) if known else None

    @property
    def import_seconds(self) -> float | None:
        """An estimate of how long the import takes; None where nothing is known to make it from."""
        return self.seconds / self.share * WRITING if self.share else None


@dataclass(frozen=True)
class Read:
    """A batch of a file, with what it holds besides of a bundle; `bytes` is the file's size with its last batch."""

    file: str
    format: str
    batch: Batch
    merged: MergeCounts = field(default_factory=MergeCounts)
    bytes: int = 0


def read_batches(read_path: ReadPath, paths: Sequence[Path], format_name: str | None) -> Generator[Read]:
    """Everything under the paths, a batch at a time. Runs where files are read."""
    for path in paths:
        for file, name, items in read_path(path, format_name):
            source, last = iter(items), False
            while not last:
                batch = next_batch(source)
                merged = _count(batch.record.parts) if batch.record is not None else MergeCounts()
                last = batch.last
                yield Read(file, name, batch, merged, _size(file) if last else 0)


def measure(paths: Sequence[Path]) -> Measure:
    """Add up what lies under the paths."""
    sizes = [(_size(file), file) for file in islice(_files(paths), MEASURED)]
    largest_bytes, largest = max(sizes, default=(0, ""))
    return Measure(len(sizes), sum(size for size, _ in sizes), largest, largest_bytes)


def _files(paths: Sequence[Path]) -> Iterator[str]:
    for path in paths:
        if not path.is_dir():
            yield str(path)
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            yield from (f"{folder}{os.sep}{name}" for name in names if not name.startswith("."))


def _size(file: str) -> int:
    try:
        return Path(file).stat().st_size if Path(file).is_file() else 0
    except OSError:  # what cannot be read is said where it is read
        return 0


def _count(parts: Iterable[ImportedPart]) -> MergeCounts:
    counts = MergeCounts()
    for part in islice(parts, PREVIEWED):
        match part:
            case Inspection():
                counts += MergeCounts(inspections=1)
            case Proposal():
                counts += MergeCounts(proposals=1)
            case Draft():
                counts += MergeCounts(drafts=1)
            case ImportedEntry():
                revised = part.revision is not None
                counts += MergeCounts(int(revised), int(part.inspection is not None), len(part.proposals), 1)
    return counts


@dataclass
class Growing:
    """A preview while it is read."""

    preview: ImportPreview = field(default_factory=ImportPreview)
    seen: set[str] = field(default_factory=set)
    began: float = field(default_factory=time.monotonic)
    read: int = 0

    def ids(self, batch: Batch) -> list[str]:
        """Ids in a batch that the store is to be asked about."""
        runs = (identity for run in batch.runs for identity in (run.task.id, run.trajectory.id))
        return [*dict.fromkeys((*runs, *(task.id for task in batch.tasks)))]

    def take(self, read: Read, known: frozenset[str]) -> None:
        """Count a batch; `known` are those of its ids that the store has."""
        batch, preview = read.batch, self.preview
        self.seen |= known
        new = sum(self._is_new(run.trajectory.id) for run in batch.runs)
        tasks = sum(map(self._is_new, [*(run.task.id for run in batch.runs), *(task.id for task in batch.tasks)]))
        summaries = preview.summaries
        if summaries and summaries[-1].file == read.file:
            *before, summary = summaries
        else:
            before, summary = [*summaries], ImportSummary(read.file, read.format)
        summary = replace(
            summary,
            tasks=summary.tasks + tasks,
            trajectories=summary.trajectories + new,
            duplicates=summary.duplicates + len(batch.runs) - new,
            rejected=(*summary.rejected, *batch.rejected),
            merged=summary.merged + read.merged,
        )
        self.read += batch.size
        self.preview = replace(
            preview,
            summaries=(*before, summary),
            glimpses=(*preview.glimpses, *batch.runs)[:GLIMPSES],
            read_bytes=preview.read_bytes + read.bytes,
            seconds=time.monotonic() - self.began,
        )

    def _is_new(self, identity: str) -> bool:
        new = identity not in self.seen
        self.seen.add(identity)
        return new
