"""Adds parts of another store's record to this one, and overwrites nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection, bindparam, select

from hitl_app.domain.decision import Decision, LedgerEntry
from hitl_app.domain.inspection import Inspection
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.library import (
    Draft,
    ImportedEntry,
    ImportedPart,
    ImportedRecord,
    MergeCounts,
    Rejected,
    Toolset,
)
from hitl_app.domain.proposal import Proposal
from hitl_app.store import ledger, library, standings, tables
from hitl_app.store.records import encode, tools_to_text

IMPORTED = "imported"
"""Field of a decision's detail that says where the entry stood in the ledger that it was imported from."""

_INSPECTED = select(tables.inspection.c.trajectory_number).where(
    tables.inspection.c.trajectory_number == bindparam("number")
)


def merge(connection: Connection, record: ImportedRecord, time: str) -> tuple[MergeCounts, tuple[Rejected, ...]]:
    """Add the parts of a record in their order; see `domain.ports.Store.merge`."""
    merging = _Merging(connection, record, time)
    for part in record.parts:
        merging.counts += merging.add(part)
    return merging.counts, tuple(merging.rejected)


def origin(entry: LedgerEntry) -> str:
    """The hash that the entry had where it was decided, however often it was imported since."""
    found, place = entry.hash, entry.decision.detail.get(IMPORTED)
    while isinstance(place, Mapping):
        found, place = str(place.get("hash")), place.get(IMPORTED)
    return found


@dataclass
class _Lineage:
    """How far the entries of one lineage agree here and there.

    Attributes:
        here: Number and origin of the entries that stood here before.
        read: How many entries from there have been read.
        conflict: They differ: nothing of it is taken any more.
        sequences: The numbers here of entries by their numbers there.
    """

    here: tuple[tuple[int, str], ...]
    read: int = 0
    conflict: bool = False
    sequences: dict[int, int] = field(default_factory=dict)


class _Merging:
    """One merge. Lineages that agree as far as both go are continued; others are left as they stand here."""

    def __init__(self, connection: Connection, record: ImportedRecord, time: str) -> None:
        self._connection = connection
        self._record = record
        self._time = time
        self._lineages: dict[str, _Lineage] = {}
        self.counts = MergeCounts()
        self.rejected: list[Rejected] = []

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
        return self._toolset(part)

    def _entry(self, part: ImportedEntry) -> MergeCounts:
        entry = part.entry
        lineage = self._lineage(entry.decision.root_id)
        if lineage.conflict:
            return MergeCounts()
        known = lineage.here[lineage.read] if lineage.read < len(lineage.here) else None
        if known is not None and known[1] != origin(entry):
            lineage.conflict = True
            self._reject(entry, known[0])
            return MergeCounts()
        lineage.read += 1
        added = self._brought(part)
        if known is None:
            lineage.sequences[entry.sequence] = self._append(entry, lineage)
            return added + MergeCounts(decisions=1)
        lineage.sequences[entry.sequence] = known[0]
        return added

    def _lineage(self, root_id: str) -> _Lineage:
        if root_id not in self._lineages:
            entries = ledger.load_lineage(self._connection, root_id)
            self._lineages[root_id] = _Lineage(tuple((entry.sequence, origin(entry)) for entry in entries))
        return self._lineages[root_id]

    def _reject(self, entry: LedgerEntry, here: int) -> None:
        self.rejected.append(
            Rejected(
                f"{self._record.where}: decision {entry.sequence}",
                f"lineage {entry.decision.root_id[:12]} was decided on differently here (decision {here}), which stays "
                "as it is; to see the other decisions, import the bundle into an empty data folder (--data-dir)",
            )
        )

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

    def _append(self, entry: LedgerEntry, lineage: _Lineage) -> int:
        """Append an entry as it is where the ledger ends just before it, else anew; its number here."""
        decision = entry.decision
        if not ledger.ends_before(self._connection, entry):
            decision = self._anew(entry, lineage)
        return standings.record(self._connection, decision).sequence

    def _anew(self, entry: LedgerEntry, lineage: _Lineage) -> Decision:
        decision, undoes = entry.decision, entry.decision.undoes
        place: JsonObject = {"sequence": entry.sequence, "hash": entry.hash, "head": self._record.head}
        earlier = decision.detail.get(IMPORTED)
        return replace(
            decision,
            undoes=None if undoes is None else lineage.sequences[undoes],
            detail={**decision.detail, IMPORTED: place if earlier is None else {**place, IMPORTED: earlier}},
        )

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
        """Add a draft of a lineage that stands here just as it stood there."""
        if not library.has(self._connection, tables.trajectory, draft.base_id):
            return MergeCounts()
        lineage = self._lineage(library.load_trajectory(self._connection, draft.base_id).root_id)
        same = not lineage.conflict and lineage.read >= len(lineage.here)
        if not same or library.load_document(self._connection, tables.draft, base_id=draft.base_id) is not None:
            return MergeCounts()
        library.save_document(self._connection, tables.draft, encode(draft.content), base_id=draft.base_id)
        return MergeCounts(drafts=1)

    def _toolset(self, toolset: Toolset) -> MergeCounts:
        keys = {"environment": toolset.environment, "domain": toolset.domain}
        if library.load_document(self._connection, tables.toolset, **keys) is None:
            library.save_document(self._connection, tables.toolset, tools_to_text(toolset.tools), **keys)
        return MergeCounts()
