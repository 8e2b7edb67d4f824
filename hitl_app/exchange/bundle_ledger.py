"""Checks of a bundle's ledger before anything of it is taken: its chain of hashes, and what its entries refer to."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hitl_app.domain.decision import GENESIS, LedgerEntry, entry_hash
from hitl_app.domain.jsontypes import Json
from hitl_app.domain.library import Rejected
from hitl_app.domain.record_codec import entry_from_json
from hitl_app.exchange.bundle_files import BadLineError, BundleFile, read_line


@dataclass(slots=True)
class Known:
    """A trajectory of a bundle: where it stands, what it belongs to, and how many steps it has.

    Attributes:
        line: Number of its line, from 1.
        place: Where that line begins, in bytes.
        judged_by: Number of the first entry that judged it; 0 where none did, as for most recordings.
    """

    line: int
    place: int
    task_id: str
    root_id: str
    parent_id: str | None
    steps: int
    judged_by: int = 0


def check_chain(file: BundleFile, entries: int | None, head: Json) -> Rejected | None:
    """What is wrong with the chain of hashes, if anything.

    Args:
        file: The ledger.
        entries: How many entries it should have; None where nobody said so.
        head: Hash that its last entry should have; None where nobody said so.
    """
    last, count = GENESIS, 0
    for number, _, line in file.lines():
        try:
            entry = read_line(line, entry_from_json)
        except BadLineError as error:
            return _broken(file.where(number), f"cannot be read ({error})")
        if (entry.sequence, entry.previous_hash) != (count + 1, last):
            return _broken(file.where(number), "does not follow the entry before it")
        if entry_hash(entry.sequence, entry.decision.payload(), entry.previous_hash) != entry.hash:
            return _broken(file.where(number), "was altered: its hash is not that of its content")
        last, count = entry.hash, entry.sequence
    if entries not in (None, count) or head not in (None, last):
        return _broken(str(file.path), f"ends after entry {count}, and the manifest names entry {entries} as its last")
    return None


def _broken(where: str, problem: str) -> Rejected:
    return Rejected(where, f"{problem}. The ledger is damaged, so nothing of this bundle was taken: export it again")


class Histories:
    """Follows the entries of every lineage, and finds those whose entries do not fit together.

    A decision counts with all others on its lineage or not at all, so one bad entry spoils them all.
    """

    def __init__(self, known: Mapping[str, Known], proposals: Mapping[str, str]) -> None:
        """Args: trajectories by id, and of each proposal its base's recording."""
        self._known = known
        self._proposals = proposals
        self._standing: dict[str, set[int]] = defaultdict(set)
        self.faulty: set[str] = set()
        """Recordings of lineages whose entries are not to be taken."""

    def add(self, entry: LedgerEntry) -> str:
        """Follow the next entry; what is wrong with it, where that is the first fault of its lineage."""
        root_id = entry.decision.root_id
        if root_id in self.faulty:
            return ""
        fault = self._fault(entry)
        if fault:
            self.faulty.add(root_id)
        return fault

    def _fault(self, entry: LedgerEntry) -> str:
        decision = entry.decision
        root = self._known.get(decision.root_id)
        if root is None or root.root_id != decision.root_id:
            return f"its recording {decision.root_id[:12]} is missing"
        standing = self._standing[decision.root_id]
        fault = self._candidate_fault(entry) or next(filter(None, map(self._missing(entry), _referred(entry))), "")
        if fault:
            return fault
        if decision.proposal_id is not None and self._proposals.get(decision.proposal_id) != decision.root_id:
            return f"proposal {decision.proposal_id[:12]} is missing"
        if decision.undoes is not None:
            if decision.undoes not in standing:
                return f"it takes back decision {decision.undoes}, which does not stand in this lineage"
            standing.remove(decision.undoes)
        standing.add(entry.sequence)
        return ""

    def _candidate_fault(self, entry: LedgerEntry) -> str:
        """Check the judged candidate, and note by which entry it was judged first."""
        candidate_id, root_id = entry.decision.candidate_id, entry.decision.root_id
        if candidate_id is None or candidate_id == root_id:
            return ""
        candidate = self._known.get(candidate_id)
        if candidate is None or candidate.root_id != root_id:
            return f"revision {candidate_id[:12]} is missing"
        if not candidate.judged_by:
            if candidate.parent_id is None or not self._is_there(candidate.parent_id, root_id):
                return f"revision {candidate_id[:12]} was judged before the one that it was made from"
            candidate.judged_by = entry.sequence
        return ""

    def _missing(self, entry: LedgerEntry) -> Callable[[str], str]:
        def fault(trajectory_id: str) -> str:
            there = self._is_there(trajectory_id, entry.decision.root_id)
            return "" if there else f"trajectory {trajectory_id[:12]} is missing, or was judged only later"

        return fault

    def _is_there(self, trajectory_id: str, root_id: str) -> bool:
        found = self._known.get(trajectory_id)
        return found is not None and found.root_id == root_id and bool(trajectory_id == root_id or found.judged_by)


def _referred(entry: LedgerEntry) -> list[str]:
    decision = entry.decision
    return [name for name in (decision.base_id, decision.head_before, decision.head_after) if name]
