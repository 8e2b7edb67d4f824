"""The store: every method one transaction, durable when it returns."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy import ColumnElement, Engine, delete

from hitl_app.domain.decision import Decision, LedgerEntry, LedgerReport, ReviewStatus
from hitl_app.domain.inspection import Inspection
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.library import (
    ImportedRecord,
    ImportedRun,
    MergeCounts,
    QueueOrder,
    QueuePage,
    QueueRow,
    Toolset,
    Upgrade,
)
from hitl_app.domain.ports import AbsorbSummary, Clock, ImportCounts, Revision
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.query import Field, Term
from hitl_app.domain.score import Score
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import Trajectory
from hitl_app.store import (
    absorbing,
    checking,
    completing,
    ledger,
    library,
    merging,
    places,
    queue,
    scores,
    search,
    standings,
    tables,
)
from hitl_app.store.opening import back_up_store, make_engine, prepare
from hitl_app.store.records import decode_object, encode, tools_from_text, tools_to_text
from hitl_app.store.runs import RunRecord
from hitl_app.store.team import TeamRecord
from hitl_app.store.viewing import view_of

_IDS_PER_PAGE = 500

_INDEXED_PER_WRITE = 16
"""Trajectories that a save of an inspection or a decision puts into the full-text index (about a millisecond each).

An import leaves them to be indexed later, because that takes several times as long as the import itself.
"""


def open_store(path: Path, clock: Clock) -> "SqliteStore":
    """Open a store, or make one where there is none; brings an older one up to date after a backup.

    Args:
        path: The database file. Its folder is made where it is missing.
        clock: Gives the times of what is written.

    Raises:
        StoreError: The file is not a store, damaged, newer than this program, or not accessible.
    """
    upgrade = prepare(path, clock.now())
    with closing(SqliteStore(path, make_engine(path), clock)) as store:  # used in this thread alone
        store.complete()
    return SqliteStore(path, make_engine(path), clock, upgrade)


class SqliteStore(RunRecord, TeamRecord):
    """The record, in one SQLite file. To be used in the thread that first used it (`domain.ports.Store`)."""

    def __init__(self, path: Path, engine: Engine, clock: Clock, upgrade: Upgrade | None = None) -> None:
        super().__init__(path, engine)
        self._clock = clock
        self._upgrade = upgrade

    @property
    def upgrade(self) -> Upgrade | None:
        """What was done with an earlier version's store as it was opened; None where nothing was."""
        return self._upgrade

    def complete(self) -> None:
        """Make what a store of an older format did not keep; nothing happens where all is there."""
        with self._read() as connection:
            missing = standings.are_missing(connection)
        if missing:
            with self._write() as connection:
                standings.rebuild(connection)

    def add_runs(self, runs: Sequence[ImportedRun], tasks: Sequence[Task] = ()) -> ImportCounts:
        """Add recordings with their tasks, and tasks without one, in one transaction; see `domain.ports.Store`."""
        with self._write() as connection:
            return library.add_runs(connection, runs, tasks, self._clock.now())

    def merge(self, record: ImportedRecord) -> MergeCounts:
        """Add parts of another record in one transaction; see `domain.ports.Store`."""
        with self._write() as connection:
            return merging.merge(connection, record, self._clock.now())

    def absorb(self, other: Path, progress: Callable[[int, int], None] | None = None) -> AbsorbSummary:
        """Add everything that another store holds and this one does not; see `domain.ports.TeamStore`.

        A copy of this store is put beside it first.
        """
        with absorbing.reading(other, self._path) as there:
            now = self._clock.now()
            back_up_store(self._path, now)
            with self._write() as connection:
                return absorbing.absorb(connection, there, now, progress)

    def index_text(self, limit: int) -> int:
        """Put up to `limit` trajectories that wait for it into the full-text index; the answer is how many it took.

        Searches find them without it, only more slowly.
        """
        with self._write() as connection:
            return search.index_text(connection, limit)

    def known(self, ids: Sequence[str]) -> frozenset[str]:
        """Those of these ids of tasks and trajectories that the store has."""
        with self._read() as connection:
            found = (library.numbers(connection, table, ids) for table in (tables.task, tables.trajectory))
            return frozenset(identity for numbers in found for identity in numbers)

    def resolve(self, prefix: str) -> str:
        """The full id of a trajectory from its first digits (at least 4).

        Raises:
            NotFoundError: No trajectory has it. AmbiguousIdError: several do.
        """
        with self._read() as connection:
            return library.resolve(connection, tables.trajectory, prefix)

    def resolve_proposal(self, prefix: str) -> str:
        """The full id of a proposal from its first digits (at least 4)."""
        with self._read() as connection:
            return library.resolve(connection, tables.proposal, prefix)

    def task(self, task_id: str) -> Task:
        """A task by its full id. Raises NotFoundError."""
        with self._read() as connection:
            return library.load_task(connection, task_id)

    def tasks(self) -> Iterator[Task]:
        """All tasks, with and without runs, in the order of import, streamed."""
        last = 0
        while True:
            with self._read() as connection:
                page = library.load_tasks(connection, last)
            if not page:
                return
            yield from page.values()
            last = max(page)

    def trajectory(self, trajectory_id: str) -> Trajectory:
        """A trajectory by its full id. Raises NotFoundError."""
        with self._read() as connection:
            return library.load_trajectory(connection, trajectory_id)

    def planned(self, task_id: str) -> tuple[Trajectory, ...]:
        """The recordings for a task that carry out a plan, in the order of import."""
        with self._read() as connection:
            return library.load_planned(connection, task_id)

    def row(self, root_id: str, viewer: str = "") -> QueueRow:
        """The queue's row of one lineage, as a blind `viewer` or everybody sees it. Raises NotFoundError."""
        with self._read() as connection:
            return queue.load_row(connection, root_id, view_of(viewer))

    def rows(self, root_ids: Sequence[str], viewer: str = "") -> tuple[QueueRow, ...]:
        """The queue's rows of several lineages, in the order of the ids. Raises NotFoundError."""
        with self._read() as connection:
            return queue.load_rows(connection, root_ids, view_of(viewer))

    def queue(
        self,
        terms: Sequence[Term] = (),
        order: QueueOrder = QueueOrder.IMPORTED,
        limit: int = 100,
        offset: int = 0,
        viewer: str = "",
    ) -> QueuePage:
        """Part of the queue, filtered and sorted in SQL, as a blind `viewer` or everybody sees it."""
        with self._read() as connection:
            return queue.load_page(connection, terms, view_of(viewer), order, limit=limit, offset=offset)

    def place(self, root_id: str, terms: Sequence[Term], order: QueueOrder, viewer: str = "") -> int | None:
        """How many rows of the queue stand before a lineage; None where it does not fit the query."""
        with self._read() as connection:
            return places.load_place(connection, root_id, terms, view_of(viewer), order)

    def next_pending(self, root_id: str, terms: Sequence[Term], order: QueueOrder, viewer: str = "") -> str | None:
        """The first pending lineage after another one in the queue, else the first of all; never that one itself."""
        with self._read() as connection:
            return places.load_next_pending(connection, root_id, terms, view_of(viewer), order)

    def statuses(self, terms: Sequence[Term] = (), viewer: str = "") -> Mapping[ReviewStatus, int]:
        """How many lineages that fit stand at each status."""
        with self._read() as connection:
            return places.load_statuses(connection, terms, view_of(viewer))

    def root_ids(self, terms: Sequence[Term] = (), viewer: str = "") -> Iterator[str]:
        """Ids of the recordings of all lineages that fit now, in the order of import, streamed."""
        with self._read() as connection:
            positions = queue.load_positions(connection, terms, view_of(viewer))
        for start in range(0, len(positions), _IDS_PER_PAGE):
            with self._read() as connection:
                page = queue.load_root_ids(connection, positions[start : start + _IDS_PER_PAGE])
            yield from page

    def values(self, field: Field, prefix: str = "", limit: int = 50) -> tuple[str, ...]:
        """Values of a field of the query language that begin with a text; see `domain.ports.Store`."""
        with self._read() as connection:
            return completing.load_values(connection, field, prefix, limit)

    def revisions(self, root_id: str) -> tuple[Revision, ...]:
        """The recording and every judged candidate of its lineage, oldest first."""
        with self._read() as connection:
            entries = ledger.newest_entries(connection, root_id)
            judged = [(candidate_id, entry) for candidate_id, entry in entries if candidate_id != root_id]
            return tuple(
                Revision(
                    number,
                    library.load_trajectory(connection, trajectory_id),
                    library.load_inspection(connection, trajectory_id),
                    entry,
                )
                for number, (trajectory_id, entry) in enumerate([(root_id, None), *judged])
            )

    def save_inspection(self, inspection: Inspection) -> None:
        """Keep the newest inspection of a trajectory. Raises NotFoundError."""
        with self._write() as connection:
            library.save_inspection(connection, inspection, self._clock.now())
            search.index_text(connection, _INDEXED_PER_WRITE)

    def inspection(self, trajectory_id: str) -> Inspection | None:
        """The newest inspection of a trajectory."""
        with self._read() as connection:
            return library.load_inspection(connection, trajectory_id)

    def save_scores(self, given: Sequence[Score]) -> int:
        """Keep what judges gave, in one transaction; the answer is how many were not there. Raises NotFoundError."""
        with self._write() as connection:
            return sum(scores.add(connection, each) for each in given)

    def scores(self, trajectory_id: str) -> tuple[Score, ...]:
        """What judges gave a trajectory, oldest first."""
        with self._read() as connection:
            return scores.load(connection, trajectory_id)

    def save_tools(self, environment: str, domain: str, tools: Sequence[ToolSpec]) -> None:
        """Keep an environment's tools, so that an export needs no environment."""
        with self._write() as connection:
            text = tools_to_text(tools)
            library.save_document(connection, tables.toolset, text, environment=environment, domain=domain)

    def tools(self, environment: str, domain: str) -> tuple[ToolSpec, ...]:
        """Tools kept by `save_tools`; empty where there are none."""
        with self._read() as connection:
            text = library.load_document(connection, tables.toolset, environment=environment, domain=domain)
        return () if text is None else tools_from_text(text)

    def toolsets(self) -> Iterator[Toolset]:
        """All tools that were kept by `save_tools`, ordered by environment and domain."""
        with self._read() as connection:
            return iter(library.load_toolsets(connection))

    def save_proposal(self, proposal: Proposal) -> None:
        """Keep a proposal; one that is already there stays as it is. Raises NotFoundError for an unknown base."""
        with self._write() as connection:
            library.save_proposal(connection, proposal, self._clock.now())

    def proposal(self, proposal_id: str) -> Proposal:
        """A proposal by its full id. Raises NotFoundError."""
        with self._read() as connection:
            return library.load_proposal(connection, proposal_id)

    def proposals(self, base_id: str) -> tuple[Proposal, ...]:
        """Proposals for a base, newest first."""
        with self._read() as connection:
            return library.load_proposals(connection, base_id)

    def record(
        self, decision: Decision, candidate: Trajectory | None = None, inspection: Inspection | None = None
    ) -> LedgerEntry:
        """Append a decision, with the candidate and its inspection, and update the lineage, all or nothing.

        Raises:
            NotFoundError: The decision names a trajectory or a proposal that the store does not have.
            StoreError: It undoes what is undone already, or it cannot be written.
            ValueError: The candidate is not the one that the decision names.
        """
        if candidate is not None and (candidate.id, candidate.root_id) != (decision.candidate_id, decision.root_id):
            raise ValueError(f"the decision is not about candidate {candidate.id[:12]}")
        with self._write() as connection:
            now = self._clock.now()
            if candidate is not None:
                library.add_candidate(connection, candidate, now)
            if inspection is not None:
                library.save_inspection(connection, inspection, now)
            (entry,) = standings.record(connection, [decision])
            if candidate is not None:  # else there is nothing new to find, and somebody waits for what comes next
                search.index_text(connection, _INDEXED_PER_WRITE)
            return entry

    def record_all(self, decisions: Sequence[Decision]) -> tuple[LedgerEntry, ...]:
        """Append decisions on different lineages that judge no new candidate, all or nothing; see `record`."""
        with self._write() as connection:
            return standings.record(connection, decisions)

    def entry(self, sequence: int) -> LedgerEntry:
        """A ledger entry by its number. Raises NotFoundError."""
        with self._read() as connection:
            return ledger.load_entry(connection, sequence)

    def entries(self, root_id: str | None = None) -> Iterator[LedgerEntry]:
        """Ledger entries in order, of one lineage or all, streamed."""
        return self._entries(*(() if root_id is None else (ledger.of_lineage(root_id),)))

    def batch(self, batch: str, annotator: str) -> tuple[LedgerEntry, ...]:
        """The annotator's decisions with this id of a batch that were not undone, in order."""
        return tuple(self._entries(ledger.of_batch(batch, annotator), ledger.NOT_UNDONE))

    def entries_of(self, root_ids: Sequence[str]) -> Mapping[str, Sequence[LedgerEntry]]:
        """The ledger entries of several lineages, each in order; a lineage without any is left out."""
        with self._read() as connection:
            return ledger.load_lineages(connection, root_ids)

    def last_undoable(self, annotator: str) -> LedgerEntry | None:
        """The annotator's newest decision that is neither an undo nor undone."""
        with self._read() as connection:
            return ledger.last_undoable(connection, annotator)

    def check_ledger(self) -> LedgerReport:
        """Recompute every hash and look for altered, missing and reordered entries."""
        with self._read() as connection:
            return checking.check(connection)

    def save_draft(self, base_id: str, draft: JsonObject) -> None:
        """Keep an unfinished review of a trajectory."""
        with self._write() as connection:
            library.save_document(connection, tables.draft, encode(draft), base_id=base_id)

    def draft(self, base_id: str) -> JsonObject | None:
        """The unfinished review of a trajectory."""
        with self._read() as connection:
            text = library.load_document(connection, tables.draft, base_id=base_id)
        return None if text is None else decode_object(text)

    def delete_draft(self, base_id: str) -> None:
        """Drop an unfinished review."""
        with self._write() as connection:
            connection.execute(delete(tables.draft).where(tables.draft.c.base_id == base_id))

    def set_preference(self, key: str, value: JsonObject) -> None:
        """Keep where the desk was left, and such."""
        with self._write() as connection:
            library.save_document(connection, tables.preference, encode(value), key=key)

    def preference(self, key: str) -> JsonObject | None:
        """A preference, or None."""
        with self._read() as connection:
            text = library.load_document(connection, tables.preference, key=key)
        return None if text is None else decode_object(text)

    def _entries(self, *conditions: ColumnElement[bool]) -> Iterator[LedgerEntry]:
        """Page by page, so that nothing stays open between two entries and the caller may write meanwhile."""
        last = 0
        while True:
            with self._read() as connection:
                page = ledger.load_entries(connection, last, *conditions)
            if not page:
                return
            yield from page
            last = page[-1].sequence
