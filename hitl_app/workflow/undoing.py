"""Undo: takes back what an annotator decided last. Runs in the database's lane."""

from collections.abc import Sequence
from dataclasses import dataclass

from hitl_app.domain.decision import MOVING, VERDICTS, Decision, DecisionKind, LedgerEntry
from hitl_app.domain.errors import UserError
from hitl_app.domain.ports import Clock, Store
from hitl_app.domain.standing import Stand, consensus, origin, own_stand, standings

BATCH = "batch"
"""Field of a decision's detail that decisions share which were made at once, and are undone at once."""


@dataclass(frozen=True)
class Undone:
    """What was taken back.

    Attributes:
        undos: The new entries of the ledger, in the order of `taken_back`.
        taken_back: The decisions that they undo: one, or those of a batch.
        kept: Decisions of the batch that stand, because somebody decided again in sight of them.
    """

    undos: tuple[LedgerEntry, ...]
    taken_back: tuple[LedgerEntry, ...]
    kept: tuple[LedgerEntry, ...] = ()

    @property
    def newest(self) -> LedgerEntry:
        """The newest of the decisions that were taken back."""
        return self.taken_back[-1]


class Undoing:
    """Takes decisions back."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def undo(self, annotator: str, blind: bool) -> Undone:
        """Take back the annotator's newest decision that stands, with its batch; see `Review.undo`."""
        last = self._store.last_undoable(annotator)
        if last is None:
            raise UserError(f"{annotator} has no decision to undo")
        batch = last.decision.detail.get(BATCH)
        together = self._store.batch(batch, annotator) if isinstance(batch, str) else (last,)
        made_at = self._clock.now()
        undos: list[Decision] = []
        taken_back: list[LedgerEntry] = []
        kept: list[LedgerEntry] = []
        lineages = self._store.entries_of([entry.decision.root_id for entry in together])
        for entry in together:
            entries = lineages[entry.decision.root_id]
            if _was_built_on(entry, entries):
                kept.append(entry)
            else:
                taken_back.append(entry)
                undos.append(_undo_of(entry, entries, made_at, blind))
        if not undos:
            title = self._store.row(last.decision.root_id).title
            raise UserError(f'"{title}" was decided on again since: undo that first')
        return Undone(self._store.record_all(undos), tuple(taken_back), tuple(kept))


def _undo_of(entry: LedgerEntry, entries: Sequence[LedgerEntry], made_at: str, blind: bool) -> Decision:
    decision = entry.decision
    before = _stand(decision, entries, blind)
    after = _stand(decision, [other for other in entries if other.sequence != entry.sequence], blind)
    return Decision(
        DecisionKind.UNDO,
        root_id=decision.root_id,
        base_id=decision.base_id,
        annotator=decision.annotator,
        reason="",
        made_at=made_at,
        status_before=before.status,
        status_after=after.status,
        head_before=before.head,
        head_after=after.head,
        undoes=entry.sequence,
        detail={"blind": True} if blind else {},
    )


def _stand(decision: Decision, entries: Sequence[LedgerEntry], blind: bool) -> Stand:
    found = standings(entries)
    return own_stand(decision.root_id, decision.annotator, found) if blind else consensus(decision.root_id, found)


def _was_built_on(entry: LedgerEntry, entries: Sequence[LedgerEntry]) -> bool:
    """Whether somebody else decided later in sight of it: to settle its verdict, or on the revision that it made."""
    decision = entry.decision
    if decision.kind not in MOVING:
        return False
    undone = {other.decision.undoes for other in entries}
    later = [
        other.decision
        for other in entries
        if other.decision.kind in MOVING
        and other.decision.annotator != decision.annotator
        and other.sequence not in undone
        and origin(other).order > origin(entry).order
    ]
    if decision.head_after != decision.head_before and any(other.base_id == decision.head_after for other in later):
        return True
    settled = {name for name, standing in standings(entries).items() if standing.informed}
    return decision.status_after in VERDICTS and any(other.annotator in settled for other in later)
