"""Takes entries of another ledger into this one: each once, by whatever way it comes, and overwrites nothing."""

from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from hitl_app.domain.decision import Decision, LedgerEntry, ReviewStatus
from hitl_app.domain.errors import StoreError
from hitl_app.domain.standing import IMPORTED, origin, place_in
from hitl_app.store import ledger, standings


@dataclass(slots=True)
class _Lineage:
    """What this ledger has on one lineage.

    Attributes:
        before: Where the lineage stood for everybody.
        here: The numbers of its entries here by their hashes where they were decided.
        undone: The numbers of those that were taken back.
        numbers: The numbers here of entries by their numbers in the other ledger.
        moved: An entry was appended.
    """

    before: ReviewStatus
    here: dict[str, int]
    undone: set[int]
    numbers: dict[int, int] = field(default_factory=dict)
    moved: bool = False


class Union:
    """Two ledgers that become one. People who decided differently are a dispute, never a conflict."""

    def __init__(self, connection: Connection, head: str) -> None:
        """Args: the store that takes the entries, and the hash of the other ledger's last entry."""
        self._connection = connection
        self._head = head
        self._lineages: dict[str, _Lineage] = {}

    def take(self, entry: LedgerEntry) -> bool:
        """Append an entry, after those that stood before it there; False where it is here already.

        One that continues this ledger just where it ends keeps its hash. Any other gets a new one, and remembers its
        place in the ledger that it comes from.

        Raises:
            NotFoundError: It names a trajectory or a proposal that the store does not have.
            StoreError: It takes back an entry of another lineage.
        """
        lineage, decided = self._lineage(entry.decision.root_id), origin(entry).hash
        known = lineage.here.get(decided)
        if known is not None:
            lineage.numbers[entry.sequence] = known
            return False
        decision = entry.decision
        if not ledger.ends_before(self._connection, entry):
            decision = self._anew(entry, lineage)
        (appended,) = standings.append(self._connection, decision)
        lineage.here[decided] = lineage.numbers[entry.sequence] = appended.sequence
        lineage.moved = True
        if decision.undoes is not None:
            lineage.undone.add(decision.undoes)
        return True

    def _lineage(self, root_id: str) -> _Lineage:
        if root_id not in self._lineages:
            entries = ledger.load_lineage(self._connection, root_id)
            self._lineages[root_id] = _Lineage(
                standings.find(self._connection, root_id).stand.status,
                {origin(entry).hash: entry.sequence for entry in entries},
                {entry.decision.undoes for entry in entries if entry.decision.undoes is not None},
            )
        return self._lineages[root_id]

    def _anew(self, entry: LedgerEntry, lineage: _Lineage) -> Decision:
        decision, undoes = entry.decision, None
        if decision.undoes is not None:
            undoes = lineage.numbers.get(decision.undoes)
            if undoes is None:
                raise StoreError(
                    f"decision {entry.sequence} takes back decision {decision.undoes}, which is not on its lineage"
                )
            if undoes in lineage.undone:
                undoes = None  # taken back at both desks: it is undone once, and both say who did it
        return replace(decision, undoes=undoes, detail={**decision.detail, IMPORTED: place_in(entry, self._head)})

    def has_all_of(self, root_id: str) -> bool:
        """Whether everything that was decided on a lineage here is among the entries that were taken or known."""
        lineage = self._lineage(root_id)
        return len(set(lineage.numbers.values())) == len(lineage.here)

    def finish(self) -> tuple[str, ...]:
        """Let the lineages stand where all entries put them; those on which people now disagree and did not before."""
        moved = [root_id for root_id, lineage in self._lineages.items() if lineage.moved]
        standings.refresh(self._connection, *moved)
        places = standings.find_all(self._connection, moved)
        return tuple(
            root_id
            for root_id in moved
            if places[root_id].stand.status is ReviewStatus.DISPUTED
            and self._lineages[root_id].before is not ReviewStatus.DISPUTED
        )
