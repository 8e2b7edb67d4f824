"""The append-only ledger of decisions: a chain of hashes. `checking.py` finds every break in it."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, case, func, insert, select, update

from hitl_app.domain.decision import (
    Decision,
    DecisionKind,
    LedgerEntry,
    entry_hash,
)
from hitl_app.domain.errors import NotFoundError, StoreError
from hitl_app.domain.jsontypes import canonical
from hitl_app.domain.record_codec import decision_from_payload
from hitl_app.store.library import in_parts
from hitl_app.store.records import decode_object
from hitl_app.store.tables import decision, ledger_head

_PAGE = 200

ENTRY = (decision.c.sequence, decision.c.payload, decision.c.previous_hash, decision.c.hash)
"""The columns that hold an entry, without what is computed from them."""

_OF_LINEAGES = (
    select(*ENTRY).where(decision.c.root_id.in_(bindparam("root_ids", expanding=True))).order_by(decision.c.sequence)
)

_undo = decision.alias("undo")

NOT_UNDONE = ~select(_undo.c.sequence).where(_undo.c.undoes == decision.c.sequence).exists()
"""Whether no later decision takes this one back."""

_FINAL = (DecisionKind.UNDO.value, DecisionKind.VERIFY.value)

JUDGED = decision.c.candidate_id.is_not(None) & (decision.c.kind != DecisionKind.UNDO.value)
"""Whether the decision judged a candidate."""


def append(connection: Connection, *decisions: Decision) -> tuple[LedgerEntry, ...]:
    """Append decisions to the chain.

    Raises:
        NotFoundError: One takes back a decision that there is not.
        StoreError: The ledger is broken, or one takes back a decision that is already taken back.
    """
    head = connection.execute(select(ledger_head.c.entries, ledger_head.c.hash)).first()
    if head is None:
        raise StoreError("the ledger's head is missing: nothing can be recorded. Run `hitl-app ledger check`.")
    _check_undone(connection, [made.undoes for made in decisions if made.undoes is not None])
    entries, rows, last = list[LedgerEntry](), list[dict[str, object]](), str(head.hash)
    for sequence, made in enumerate(decisions, head.entries + 1):
        payload = made.payload()
        entries.append(LedgerEntry(sequence, made, last, entry_hash(sequence, payload, last)))
        own = entries[-1].hash
        rows.append({"sequence": sequence, "payload": canonical(payload), "previous_hash": last, "hash": own})
        last = own
    if rows:
        connection.execute(insert(decision), rows)
        connection.execute(update(ledger_head), {"entries": rows[-1]["sequence"], "hash": last})
    return tuple(entries)


def _check_undone(connection: Connection, sequences: Sequence[int]) -> None:
    """Refuse to take back what there is not, or what is taken back already."""
    for part in in_parts(sequences):
        known = set(connection.scalars(select(decision.c.sequence).where(decision.c.sequence.in_(part))))
        for sequence in part:
            if sequence not in known:
                raise NotFoundError(f"the ledger has no decision {sequence}")
        undone = connection.scalar(select(decision.c.undoes).where(decision.c.undoes.in_(part)).limit(1))
        if undone is not None:
            raise StoreError(f"decision {undone} is already undone")


def _entry(sequence: int, payload: str, previous_hash: str, own_hash: str) -> LedgerEntry:
    try:
        return LedgerEntry(sequence, decision_from_payload(decode_object(payload)), previous_hash, own_hash)
    except ValueError as error:
        raise StoreError(f"ledger entry {sequence} cannot be read ({error}). Run `hitl-app ledger check`.") from error


def load_entry(connection: Connection, sequence: int) -> LedgerEntry:
    """One entry. Raises NotFoundError."""
    row = connection.execute(select(*ENTRY).where(decision.c.sequence == sequence)).first()
    if row is None:
        raise NotFoundError(f"the ledger has no decision {sequence}")
    return _entry(*row)


def load_entries(connection: Connection, after: int, *conditions: ColumnElement[bool]) -> list[LedgerEntry]:
    """The next page of entries that fit, in order."""
    query = select(*ENTRY).where(decision.c.sequence > after, *conditions).order_by(decision.c.sequence).limit(_PAGE)
    return [_entry(*row) for row in connection.execute(query)]


def load_lineage(connection: Connection, root_id: str, *conditions: ColumnElement[bool]) -> list[LedgerEntry]:
    """The entries of one lineage that fit, in order."""
    query = select(*ENTRY).where(of_lineage(root_id), *conditions).order_by(decision.c.sequence)
    return [_entry(*row) for row in connection.execute(query)]


def load_lineages(
    connection: Connection, root_ids: Sequence[str], *conditions: ColumnElement[bool]
) -> dict[str, list[LedgerEntry]]:
    """The entries of several lineages that fit, in order; a lineage without any is left out."""
    found: dict[str, list[LedgerEntry]] = {}
    for part in in_parts(root_ids):
        for row in connection.execute(_OF_LINEAGES.where(*conditions), {"root_ids": part}):
            entry = _entry(*row)
            found.setdefault(entry.decision.root_id, []).append(entry)
    return found


def load_readable(connection: Connection, sequences: Iterable[int]) -> Iterator[LedgerEntry]:
    """Entries by their numbers, without those that cannot be read; from nothing but what the hash covers."""
    for part in in_parts(sequences):
        for row in connection.execute(select(*ENTRY).where(decision.c.sequence.in_(part))):
            with suppress(StoreError):
                yield _entry(*row)


def ends_before(connection: Connection, entry: LedgerEntry) -> bool:
    """Whether the ledger ends just where an entry of another one would continue it."""
    head = connection.execute(select(ledger_head.c.entries, ledger_head.c.hash)).first()
    return head is not None and (head.entries + 1, head.hash) == (entry.sequence, entry.previous_hash)


def of_lineage(root_id: str) -> ColumnElement[bool]:
    """Whether the decision is about this lineage."""
    return decision.c.root_id == root_id


def of_batch(batch: str, annotator: str) -> ColumnElement[bool]:
    """Whether the decision was made at once with others, by this annotator."""
    return (decision.c.annotator == annotator) & (func.json_extract(decision.c.payload, "$.detail.batch") == batch)


def newest_entries(connection: Connection, root_id: str) -> list[tuple[str, LedgerEntry | None]]:
    """For each candidate that was judged in a lineage, in the order of the first time, its newest entry that stands.

    The entry is None where all were taken back.
    """
    first, newest = func.min(decision.c.sequence), func.max(case((NOT_UNDONE, decision.c.sequence)))
    judged = select(decision.c.candidate_id, newest).where(of_lineage(root_id), JUDGED)
    rows = connection.execute(judged.group_by(decision.c.candidate_id).order_by(first)).all()
    return [(str(candidate), None if found is None else load_entry(connection, found)) for candidate, found in rows]


def last_undoable(connection: Connection, annotator: str) -> LedgerEntry | None:
    """The annotator's newest decision that stands. An undo and a verification cannot be taken back."""
    query: Select[*tuple[Any, ...]] = (  # Any: the columns are of several types
        select(*ENTRY)
        .where(decision.c.annotator == annotator, decision.c.kind.not_in(_FINAL), NOT_UNDONE)
        .order_by(decision.c.sequence.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return None if row is None else _entry(*row)
