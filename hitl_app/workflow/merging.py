"""Merging: what a colleague decided in another store, added to this one."""

from collections.abc import Callable
from pathlib import Path

from hitl_app.domain.library import ChangeSet, Kind
from hitl_app.domain.ports import AbsorbSummary, Store
from hitl_app.domain.store_file import STORE
from hitl_app.workflow.threads import Threads


def store_file(place: Path) -> Path:
    """The file of a store that is named by its data folder or by itself."""
    return place / STORE if place.is_dir() else place


class Merging:
    """The use case of two desks' stores."""

    def __init__(self, store: Store, threads: Threads) -> None:
        self._store = store
        self._threads = threads

    async def merge(
        self, place: Path, progress: Callable[[int, int], None] | None = None
    ) -> tuple[AbsorbSummary, ChangeSet]:
        """Add everything that another store holds and this one does not; the other is only read.

        Args:
            place: The other store's file, or its data folder.
            progress: Told in the database's own thread how many of its decisions have been taken, and of how many.

        Raises:
            StoreError: It is no store, is of another format version, or its ledger is broken; nothing was added.
        """
        summary = await self._threads.database(self._store.absorb, store_file(place), progress)
        return summary, _changed(summary)


def _changed(summary: AbsorbSummary) -> ChangeSet:
    counted = {
        Kind.TASK: summary.tasks,
        Kind.TRAJECTORY: summary.trajectories + summary.revisions,
        Kind.INSPECTION: summary.inspections,
        Kind.PROPOSAL: summary.proposals,
        Kind.DECISION: summary.decisions,
        Kind.DRAFT: summary.drafts,
        Kind.TEAM: summary.decisions + summary.assignments + summary.gold + summary.seeds,
    }
    return frozenset(kind for kind, count in counted.items() if count)
