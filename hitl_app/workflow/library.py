"""The library: what was imported, what is left to do, and one trajectory opened."""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event

from hitl_app.domain.annotations import Annotations
from hitl_app.domain.decision import VERDICTS
from hitl_app.domain.following import links_left
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.library import (
    ChangeSet,
    ImportedPart,
    ImportSummary,
    Kind,
    Progress,
    QueueOrder,
    QueuePage,
    QueueRow,
    Upgrade,
)
from hitl_app.domain.ports import ImportFormat, ImportItem, Store
from hitl_app.domain.query import Field, FieldTerm, QueryError, QueryFlaw, Term, parse_query
from hitl_app.domain.standing import standings
from hitl_app.workflow.batches import next_batch
from hitl_app.workflow.blind import HIDDEN_FIELDS, HIDDEN_NAMES, blinded, blinded_row
from hitl_app.workflow.opened import Opened, OwnWords, tested_in, without
from hitl_app.workflow.previewing import PREVIEWED, Growing, ImportPreview, ReadPath, measure, read_batches
from hitl_app.workflow.threads import Threads


class _StoppedError(Exception):
    """An import was stopped in the middle of a record, of which nothing is kept."""


class Library:
    """Use cases around what is in the store."""

    def __init__(
        self, store: Store, threads: Threads, read_path: ReadPath, formats: Callable[[], tuple[ImportFormat, ...]]
    ) -> None:
        self._store = store
        self._threads = threads
        self._read_path = read_path
        self._formats = formats

    @property
    def upgrade(self) -> Upgrade | None:
        """What was done with an earlier version's store as it was opened; None where nothing was."""
        return self._store.upgrade

    async def formats(self) -> tuple[ImportFormat, ...]:
        """All formats that can be imported, and importers of other packages that cannot be used."""
        return await self._threads.background(self._formats)

    async def import_paths(
        self,
        paths: Sequence[Path],
        format_name: str | None = None,
        progress: Callable[[ImportSummary], None] | None = None,
        stop: Event | None = None,
    ) -> AsyncIterator[tuple[ImportSummary, ChangeSet]]:
        """Import files, folders and archives; yields a summary a file. A bad record never stops the rest.

        Args:
            paths: What to import.
            format_name: Importer to use; None recognises it from the content.
            progress: Called with the counts so far after each transaction.
            stop: Once it is set, the import ends after the transaction that is being written, and has counted it.
        """
        stop = stop or Event()
        for path in paths:
            files = await self._threads.background(self._read_path, path, format_name)
            while not stop.is_set() and (found := await self._threads.background(next, files, None)) is not None:
                label, name, items = found
                summary = ImportSummary(label, name)
                async for counts in self._import_file(summary, items, stop):
                    summary = counts
                    if progress:
                        progress(counts)
                yield summary, _changed(summary)

    async def preview(
        self,
        paths: Sequence[Path],
        format_name: str | None = None,
        progress: Callable[[ImportPreview], None] | None = None,
    ) -> ImportPreview:
        """What an import of the paths would add. Reads as the import does, `PREVIEWED` records or a few more.

        Nothing is written.

        Args:
            paths: What would be imported.
            format_name: Importer to use; None recognises it from the content.
            progress: Called with what is known so far after each batch.

        Raises:
            UserError: There is no such path, or no such format.
        """
        growing = Growing(ImportPreview(measure=await self._threads.background(measure, paths)))
        reading = read_batches(self._read_path, paths, format_name)
        try:
            while growing.read < PREVIEWED:
                read = await self._threads.background(next, reading, None)
                if read is None:
                    return replace(growing.preview, whole=True)
                growing.take(read, await self._threads.database(self._store.known, growing.ids(read.batch)))
                if progress:
                    progress(growing.preview)
            return growing.preview
        finally:
            await self._threads.background(reading.close)

    async def _import_file(
        self, summary: ImportSummary, items: Iterable[ImportItem], stop: Event
    ) -> AsyncIterator[ImportSummary]:
        source = iter(items)
        while not stop.is_set():
            batch = await self._threads.background(next_batch, source)
            summary = replace(summary, rejected=(*summary.rejected, *batch.rejected))
            if batch.runs or batch.tasks:
                counts = await self._threads.database(self._store.add_runs, batch.runs, batch.tasks)
                summary = replace(
                    summary,
                    tasks=summary.tasks + counts.tasks,
                    trajectories=summary.trajectories + counts.trajectories,
                    duplicates=summary.duplicates + counts.duplicates,
                )
            if batch.record is not None:
                record = replace(batch.record, parts=_until(stop, batch.record.parts))
                try:
                    merged = await self._threads.database(self._store.merge, record)
                except _StoppedError:
                    return
                summary = replace(summary, merged=summary.merged + merged)
            yield summary
            if batch.last:
                return

    async def queue(
        self,
        query: str = "",
        order: QueueOrder = QueueOrder.IMPORTED,
        limit: int = 100,
        offset: int = 0,
        viewer: str = "",
    ) -> QueuePage:
        """Part of the queue.

        Args:
            query: In the query language; empty for everything.
            order: How it is sorted.
            limit: Rows at most.
            offset: Rows to leave out before.
            viewer: A blind annotator, see `row`.

        Raises:
            QueryError: The query cannot be understood.
        """
        terms = _terms_of(query, viewer)
        page = await self._threads.database(self._store.queue, terms, order, limit, offset, viewer)
        return replace(page, rows=tuple(map(blinded_row, page.rows))) if viewer else page

    async def row(self, root_id: str, viewer: str = "") -> QueueRow:
        """The queue's row of one lineage.

        Args:
            root_id: The lineage's recording.
            viewer: A blind annotator: the row stands as they left it, and names of the model and the file are empty.
                Empty shows everything.
        """
        row = await self._threads.database(self._store.row, root_id, viewer)
        return blinded_row(row) if viewer else row

    async def place(
        self, root_id: str, query: str = "", order: QueueOrder = QueueOrder.IMPORTED, viewer: str = ""
    ) -> int | None:
        """How many rows of the queue stand before a lineage; None where it does not fit the query."""
        terms = _terms_of(query, viewer)
        return await self._threads.database(self._store.place, root_id, terms, order, viewer)

    async def next_pending(
        self, root_id: str, query: str = "", order: QueueOrder = QueueOrder.IMPORTED, viewer: str = ""
    ) -> str | None:
        """The first pending lineage after another one in the queue, else the first of all; never that one itself."""
        terms = _terms_of(query, viewer)
        return await self._threads.database(self._store.next_pending, root_id, terms, order, viewer)

    async def values(self, field: Field, prefix: str = "", viewer: str = "") -> tuple[str, ...]:
        """Values that a field of the query language has and that begin with a text, most frequent first.

        None of what is hidden from a blind `viewer`: names of models and files, and who decided.
        """
        if viewer and field in HIDDEN_FIELDS:
            return ()
        return await self._threads.database(self._store.values, field, prefix)

    async def progress(self, query: str, annotator: str, viewer: str = "") -> Progress:
        """How much of a query is settled, whatever status it asks for, and of that what is assigned to somebody."""
        terms = _terms_of(query, viewer)
        return await self._threads.database(self._progress, terms, annotator, viewer)

    def _progress(self, terms: Sequence[Term], annotator: str, viewer: str) -> Progress:
        wide = [term for term in terms if not (isinstance(term, FieldTerm) and term.field == "status")]
        counts = self._store.statuses(wide, viewer)
        own = [*wide, FieldTerm("assigned", (annotator,))]
        own_all = sum(self._store.statuses(own, viewer).values())
        decided = self._store.statuses([*own, FieldTerm("by", (annotator,))], viewer) if own_all else {}
        done = sum(count for status, count in counts.items() if status in VERDICTS)
        return Progress(done, sum(counts.values()), sum(decided.values()), own_all)

    async def root_ids(self, query: str = "", viewer: str = "") -> list[str]:
        """Ids of all recordings whose lineage fits the query, to a blind `viewer` or to all, in the order of import."""
        terms = _terms_of(query, viewer)
        return await self._threads.database(lambda: list(self._store.root_ids(terms, viewer)))

    async def open(self, prefix: str, viewer: str = "", annotator: str = "") -> Opened:
        """One trajectory by its id or the first digits of it.

        Args:
            prefix: Of the trajectory's id.
            viewer: A blind annotator, to whom others' decisions, revisions and drafts and all names are hidden; see
                `Opened.blind`. Empty shows everything.
            annotator: Whose judgement and ratings are shown; empty for the viewer's.

        Raises:
            NotFoundError: No trajectory has it. UserError: It is a revision that is hidden from the viewer.
        """
        return await self._threads.database(self._open, prefix, viewer, annotator or viewer)

    def _open(self, prefix: str, viewer: str, annotator: str) -> Opened:
        store = self._store
        trajectory = store.trajectory(store.resolve(prefix))
        task = store.task(trajectory.task_id)
        entries = list(store.entries(trajectory.root_id))
        revisions = store.revisions(trajectory.root_id)
        judged = next((each for each in revisions if each.trajectory.id == trajectory.id), None)
        opened = Opened(
            row=store.row(trajectory.root_id, viewer),
            task=task,
            trajectory=trajectory,
            inspection=judged.inspection if judged else store.inspection(trajectory.id),
            annotations=Annotations.of(trajectory.id, entries),
            proposals=store.proposals(trajectory.id),
            revisions=without(revisions, tested_in(entries)),
            tools=task.tools or store.tools(task.environment, task.domain),
            draft=store.draft(trajectory.id),
            own=OwnWords.of(annotator, trajectory.id, entries),
            standings=tuple(standings(entries).values()),
            links=links_left(trajectory, {each.trajectory.id: each.trajectory for each in revisions}, entries),
        )
        return (blinded(opened, viewer, entries) if viewer else opened).aligned()

    async def preference(self, key: str) -> JsonObject | None:
        """Something that a face keeps between sessions."""
        return await self._threads.database(self._store.preference, key)

    async def set_preference(self, key: str, value: JsonObject) -> None:
        """Keep something between sessions."""
        await self._threads.database(self._store.set_preference, key, value)


def _until(stop: Event, parts: Iterable[ImportedPart]) -> Iterator[ImportedPart]:
    for part in parts:
        if stop.is_set():
            raise _StoppedError
        yield part


def _terms_of(query: str, viewer: str) -> tuple[Term, ...]:
    """Parse a query. Raises QueryError also where it asks by names that are hidden from a blind viewer."""
    terms = parse_query(query)
    hidden = (term.field for term in terms if isinstance(term, FieldTerm) and term.field in HIDDEN_NAMES)
    field = next(hidden, None) if viewer else None
    if field is not None:
        start = query.find(f"{field}:")
        raise QueryError(QueryFlaw.HIDDEN, [field], start, start + len(field) + 1)
    return terms


def _changed(summary: ImportSummary) -> ChangeSet:
    merged = summary.merged
    counted = {
        Kind.TASK: summary.tasks,
        Kind.TRAJECTORY: summary.trajectories + merged.revisions,
        Kind.INSPECTION: merged.inspections,
        Kind.PROPOSAL: merged.proposals,
        Kind.DECISION: merged.decisions + merged.scores,
        Kind.DRAFT: merged.drafts,
    }
    return frozenset(kind for kind, count in counted.items() if count)
