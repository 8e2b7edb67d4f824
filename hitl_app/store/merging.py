"""Adds parts of another store's record to this one, and overwrites nothing."""

from sqlalchemy import Connection, bindparam, select

from hitl_app.domain.inspection import Inspection
from hitl_app.domain.library import (
    Draft,
    ImportedEntry,
    ImportedPart,
    ImportedRecord,
    MergeCounts,
    Toolset,
)
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.score import Score
from hitl_app.domain.team import Assignment, GoldItem, Seed
from hitl_app.store import arrangements, library, scores, tables
from hitl_app.store.records import encode, tools_to_text
from hitl_app.store.uniting import Union

_INSPECTED = select(tables.inspection.c.trajectory_number).where(
    tables.inspection.c.trajectory_number == bindparam("number")
)


def merge(connection: Connection, record: ImportedRecord, time: str) -> MergeCounts:
    """Add the parts of a record in their order; see `domain.ports.Store.merge`."""
    merging = _Merging(connection, record, time)
    for part in record.parts:
        merging.counts += merging.add(part)
    merging.finish()
    return merging.counts


class _Merging:
    """One merge."""

    def __init__(self, connection: Connection, record: ImportedRecord, time: str) -> None:
        self._connection = connection
        self._time = time
        self._union = Union(connection, record.head)
        self.counts = MergeCounts()

    def finish(self) -> None:
        """Let the lineages stand where all entries put them."""
        self._union.finish()

    def add(self, part: ImportedPart) -> MergeCounts:
        """Add one part where it is new."""
        if isinstance(part, ImportedEntry):
            return self._entry(part)
        if isinstance(part, Inspection):
            return self._inspection(part)
        if isinstance(part, Proposal):
            return self._proposal(part)
        if isinstance(part, Draft):
            return self._draft(part)
        if isinstance(part, Toolset):
            return self._toolset(part)
        return self._score(part) if isinstance(part, Score) else self._arrange(part)

    def _entry(self, part: ImportedEntry) -> MergeCounts:
        added = self._brought(part)
        return added + MergeCounts(decisions=1) if self._union.take(part.entry) else added

    def _brought(self, part: ImportedEntry) -> MergeCounts:
        """Add the revision that came with an entry, and what is known of it."""
        if part.revision is None:
            return MergeCounts()
        added = MergeCounts()
        if not library.has(self._connection, tables.trajectory, part.revision.id):
            library.add_candidate(self._connection, part.revision, self._time)
            added += MergeCounts(revisions=1)
        if part.inspection is not None:
            added += self._inspection(part.inspection)
        return sum(map(self._proposal, part.proposals), added)

    def _inspection(self, inspection: Inspection) -> MergeCounts:
        number = library.number_of(self._connection, tables.trajectory, inspection.trajectory_id)
        if self._connection.scalar(_INSPECTED, {"number": number}) is not None:
            return MergeCounts()
        library.save_inspection(self._connection, inspection, self._time)
        return MergeCounts(inspections=1)

    def _proposal(self, proposal: Proposal) -> MergeCounts:
        if library.has(self._connection, tables.proposal, proposal.id):
            return MergeCounts()
        library.save_proposal(self._connection, proposal, self._time)
        return MergeCounts(proposals=1)

    def _draft(self, draft: Draft) -> MergeCounts:
        """Add a draft of a trajectory that has none, and on which nothing was decided here that they did not know."""
        if not library.has(self._connection, tables.trajectory, draft.base_id):
            return MergeCounts()
        root_id = library.load_trajectory(self._connection, draft.base_id).root_id
        there = library.load_document(self._connection, tables.draft, base_id=draft.base_id)
        if there is not None or not self._union.has_all_of(root_id):
            return MergeCounts()
        library.save_document(self._connection, tables.draft, encode(draft.content), base_id=draft.base_id)
        return MergeCounts(drafts=1)

    def _score(self, score: Score) -> MergeCounts:
        there = library.has(self._connection, tables.trajectory, score.trajectory_id)
        return MergeCounts(scores=1) if there and scores.add(self._connection, score) else MergeCounts()

    def _arrange(self, part: Assignment | GoldItem | Seed) -> MergeCounts:
        if isinstance(part, Assignment):
            arrangements.add_assignment(self._connection, part)
        elif isinstance(part, GoldItem):
            arrangements.add_gold(self._connection, part)
        else:
            arrangements.add_seed(self._connection, part)
        return MergeCounts()

    def _toolset(self, toolset: Toolset) -> MergeCounts:
        keys = {"environment": toolset.environment, "domain": toolset.domain}
        if library.load_document(self._connection, tables.toolset, **keys) is None:
            library.save_document(self._connection, tables.toolset, tools_to_text(toolset.tools), **keys)
        return MergeCounts()
