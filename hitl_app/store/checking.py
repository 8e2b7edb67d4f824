"""The check of the whole ledger: it finds every entry that was altered, moved or removed, and what does not follow."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Row, select, text

from hitl_app.domain.codec import CodecError
from hitl_app.domain.decision import GENESIS, LedgerFault, LedgerReport, entry_hash
from hitl_app.domain.errors import NotFoundError
from hitl_app.domain.jsontypes import JsonObject, canonical
from hitl_app.domain.standing import Stand, Standing, consensus
from hitl_app.store import standings
from hitl_app.store.ledger import ENTRY, load_readable
from hitl_app.store.library import in_parts, load_task, read_trajectory
from hitl_app.store.records import decode_object
from hitl_app.store.tables import decision, ledger_head, lineage, trajectory


def check(connection: Connection) -> LedgerReport:
    """Recompute every hash, of entries and of the trajectories they refer to, and look for gaps."""
    return _read(connection, _Record(connection))


def check_chain(connection: Connection) -> LedgerReport:
    """Recompute the hashes of the entries alone, and look for gaps."""
    return _read(connection, _Chain(connection))


def _read(connection: Connection, chain: "_Chain") -> LedgerReport:
    # Only what the hash covers is read: computed columns may fail on an altered payload.
    for row in connection.execute(select(*ENTRY).order_by(decision.c.sequence)):
        chain.add(*row)
    chain.finish()
    return LedgerReport(chain.entries, chain.hash, tuple(chain.faults))


_root, _head = trajectory.alias("root"), trajectory.alias("head")

_STANDS = (
    select(lineage.c.position, lineage.c.status, _root.c.id, _head.c.id.label("head"))
    .join_from(lineage, _root, _root.c.number == lineage.c.position)
    .join(_head, _head.c.number == lineage.c.head_number)
    .order_by(lineage.c.position)
)


def _stand(row: Row[*tuple[Any, ...]]) -> Stand:  # Any: the columns are of several types
    return Stand(row.status, row.head)


class _Chain:
    """The ledger as read so far, and what is wrong with it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._last = 0
        self.entries = 0
        self.hash = GENESIS
        self.faults: list[LedgerFault] = []

    def add(self, sequence: int, payload: str, previous_hash: str, own_hash: str) -> None:
        """Check the next row."""
        self._check_gap(sequence)
        if previous_hash != self.hash:
            self._fault(sequence, "does not follow the entry before it: one of the two was altered, moved or removed")
        self._follow(sequence, self._check_payload(sequence, payload, previous_hash, own_hash))
        self.entries, self._last, self.hash = self.entries + 1, sequence, own_hash

    def _follow(self, sequence: int, payload: JsonObject) -> None:
        """Look at what an entry says; empty where it cannot be read."""

    def finish(self) -> None:
        """Compare the last row with both witnesses of the ledger's length."""
        head = self._connection.execute(select(ledger_head.c.entries, ledger_head.c.hash)).first()
        ever = self._connection.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = 'decision'")) or 0
        self._check_gap(max(0 if head is None else head.entries, ever) + 1)
        if head is None:
            self._fault(self._last, "the record of the ledger's head is missing")
        elif (head.entries, head.hash) != (self._last, self.hash):
            self._fault(self._last, f"the ledger's head is recorded as entry {head.entries}, and is not its last")
        elif ever != self._last:
            self._fault(self._last, f"the database counted {ever} entries")

    def _fault(self, sequence: int, problem: str) -> None:
        self.faults.append(LedgerFault(sequence, problem))

    def _check_gap(self, sequence: int) -> None:
        missing = range(self._last + 1, sequence)
        if missing:
            which = f"entry {missing[0]} is" if len(missing) == 1 else f"entries {missing[0]} to {missing[-1]} are"
            self._fault(missing[0], f"{which} missing")
        elif sequence <= 0:
            self._fault(sequence, "entries are counted from 1")

    def _check_payload(self, sequence: int, payload: str, previous_hash: str, own_hash: str) -> JsonObject:
        try:
            value = decode_object(payload)
            sound = canonical(value) == payload and entry_hash(sequence, value, previous_hash) == own_hash
        except (ValueError, RecursionError):
            value, sound = {}, False
        if not sound:
            self._fault(sequence, "was altered: its hash is not that of its content")
        return value


class _Record(_Chain):
    """The ledger with what its entries refer to, and what they make of it."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._checked: set[str] = set()
        self._tasks: dict[str, bool] = {}
        self._candidates: set[str] = set()
        self._lineages: dict[str, list[int]] = defaultdict(list)

    def _follow(self, sequence: int, payload: JsonObject) -> None:
        for trajectory_id in _referred(payload):
            self._check_trajectory(sequence, trajectory_id)
        root, candidate = payload.get("root_id"), payload.get("candidate_id")
        if isinstance(candidate, str):
            self._candidates.add(candidate)
        if isinstance(root, str) and payload.get("kind") in standings.DECIDING:
            self._lineages[root].append(sequence)

    def finish(self) -> None:
        """Compare what was read with all witnesses."""
        super().finish()
        self._check_lineages()

    def _check_lineages(self) -> None:
        """Standings, heads and revisions are what the entries made them: a third witness of what was removed."""
        for part in in_parts(self._connection.execute(_STANDS)):
            kept = standings.load_between(self._connection, part[0].position, part[-1].position)
            made = self._made([row.id for row in part])
            for row in part:
                found, wanted = kept.get(row.position, {}), made.get(row.id)
                if wanted is not None and (found, _stand(row)) != (wanted, consensus(row.id, wanted)):
                    self._fault(self._last, f"lineage {row.id[:12]} does not stand where its entries put it")
        revisions = select(trajectory.c.id).where(trajectory.c.parent_id.is_not(None))
        for revision in self._connection.scalars(revisions):
            if revision not in self._candidates:
                self._fault(self._last, f"revision {revision[:12]} has no entry that judged it")

    def _made(self, root_ids: Sequence[str]) -> dict[str, dict[str, Standing]]:
        """The standings that entries make, where all can be read: one that cannot is a fault already."""
        numbers = {root_id: self._lineages.get(root_id, ()) for root_id in root_ids}
        entries = {e.sequence: e for e in load_readable(self._connection, chain.from_iterable(numbers.values()))}
        return {
            root_id: standings.made_by(entries[sequence] for sequence in sequences)
            for root_id, sequences in numbers.items()
            if entries.keys() >= set(sequences)
        }

    def _check_trajectory(self, sequence: int, trajectory_id: str) -> None:
        if trajectory_id in self._checked:
            return
        self._checked.add(trajectory_id)
        try:
            found = read_trajectory(self._connection, trajectory_id)
            sound = found.id == trajectory_id and self._is_sound_task(found.task_id)
        except NotFoundError:
            self._fault(sequence, f"refers to trajectory {trajectory_id[:12]}, which is missing")
        except (CodecError, ValueError, TypeError, AttributeError):
            self._fault(sequence, f"refers to trajectory {trajectory_id[:12]}, which cannot be read any more")
        else:
            if not sound:
                self._fault(sequence, f"refers to trajectory {trajectory_id[:12]}, which was altered")

    def _is_sound_task(self, task_id: str) -> bool:
        if task_id not in self._tasks:
            self._tasks[task_id] = load_task(self._connection, task_id).id == task_id
        return self._tasks[task_id]


def _referred(payload: JsonObject) -> Iterator[str]:
    """Ids of the trajectories that a decision refers to."""
    for name in ("root_id", "base_id", "candidate_id", "head_before", "head_after"):
        value = payload.get(name)
        if isinstance(value, str) and value:
            yield value
