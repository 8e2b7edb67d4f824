"""The record of several annotators, and what a merge of two stores added."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from hitl_app.domain.proposal import Proposal
from hitl_app.domain.standing import Standing
from hitl_app.domain.team import Assignment, GoldItem, Seed


@dataclass(frozen=True, slots=True)
class AbsorbSummary:
    """What another store added to this one.

    Attributes:
        known: Entries of its ledger that were here already.
        disputed: Lineages on which people now disagree and did not before.
    """

    tasks: int = 0
    trajectories: int = 0
    revisions: int = 0
    inspections: int = 0
    proposals: int = 0
    decisions: int = 0
    known: int = 0
    assignments: int = 0
    gold: int = 0
    seeds: int = 0
    drafts: int = 0
    scores: int = 0
    runs: int = 0
    disputed: tuple[str, ...] = ()


class TeamStore(Protocol):
    """The record of several annotators. What they decided is in the ledger; this is what was arranged around it."""

    def standings(self, root_id: str) -> Mapping[str, Standing]:
        """Where each annotator left a lineage, by name. Raises NotFoundError."""
        ...

    def all_standings(self) -> Iterator[tuple[str, Mapping[str, Standing]]]:
        """Lineages on which anybody decided, each with its standings, in the order of import, streamed."""
        ...

    def annotators(self) -> tuple[str, ...]:
        """Everybody who decided or was assigned anything, sorted."""
        ...

    def assign(self, assignments: Sequence[Assignment]) -> int:
        """Keep assignments in one transaction; the answer is how many are new. Raises NotFoundError."""
        ...

    def unassign(self, root_ids: Sequence[str], annotator: str) -> int:
        """Take assignments back; the answer is how many there were."""
        ...

    def assignments(self, annotator: str = "") -> Iterator[Assignment]:
        """Assignments of one person or of all, in the order of import, streamed."""
        ...

    def set_gold(self, items: Sequence[GoldItem]) -> None:
        """Keep gold items, in the place of what was kept for the same lineages. Raises NotFoundError."""
        ...

    def remove_gold(self, root_ids: Sequence[str]) -> int:
        """Forget gold items; the answer is how many there were."""
        ...

    def gold(self) -> tuple[GoldItem, ...]:
        """All gold items, in the order of import."""
        ...

    def save_seed(self, proposal: Proposal, seed: Seed) -> None:
        """Keep a proposal that is bad on purpose, with what is bad in it, in one transaction."""
        ...

    def seed(self, proposal_id: str) -> Seed | None:
        """What is bad in a proposal; None where it was made in good faith."""
        ...

    def seeds(self) -> tuple[Seed, ...]:
        """All seeds, oldest first."""
        ...

    def absorb(self, other: Path, progress: Callable[[int, int], None] | None = None) -> AbsorbSummary:
        """Add everything that another store holds and this one does not; the other is only read.

        Conflict-free (people who decided differently are a dispute), idempotent, and independent of the order in which
        stores are absorbed: the same decisions, standings and statuses come out. All or nothing.

        Args:
            other: The other store's file.
            progress: Told how many entries of how many have been taken.

        Raises:
            StoreError: It is no store, is of another format version, or its ledger is broken; nothing was added.
        """
        ...
