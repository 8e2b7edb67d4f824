"""The sample workspace: synthetic trajectories of the embedded world, ready to work on."""

from collections.abc import Callable, Iterator

from hitl_app.domain.library import ChangeSet, ImportedRun, Kind
from hitl_app.domain.ports import ImportCounts, Store
from hitl_app.workflow.threads import Threads

COUNT, SEED = 24, 7


class Samples:
    """Puts the samples into a store."""

    def __init__(
        self, store: Store, threads: Threads, sample_runs: Callable[[int, int], Iterator[ImportedRun]]
    ) -> None:
        self._store = store
        self._threads = threads
        self._sample_runs = sample_runs

    async def add(self, count: int = COUNT, seed: int = SEED) -> tuple[ImportCounts, ChangeSet]:
        """Generate and add samples; those that are there already stay as they are."""
        runs = await self._threads.background(lambda: list(self._sample_runs(count, seed)))
        counts = await self._threads.database(self._store.add_runs, runs)
        return counts, frozenset({Kind.TASK, Kind.TRAJECTORY})
