"""The report on reliance: over-trust by seeded bad proposals, under-trust, and what judging first shows."""

from collections.abc import Iterator, Sequence
from itertools import islice

from hitl_app.domain.decision import LedgerEntry
from hitl_app.domain.hunk import apply_hunks
from hitl_app.domain.ports import Store
from hitl_app.domain.trajectory import Step
from hitl_app.workflow.reliance import Facts, Reliance, Word, rely, word_of
from hitl_app.workflow.threads import Threads

_PAGE = 500


class Trust:
    """Use cases that measure reliance."""

    def __init__(self, store: Store, threads: Threads) -> None:
        self._store = store
        self._threads = threads

    async def report(self) -> tuple[Reliance, ...]:
        """How much each annotator relies on proposals, by name; see `reliance.Reliance` for what is counted."""
        entries = await self._threads.database(self._store.entries)
        words: list[Word] = []
        while page := await self._threads.database(_read, entries):
            words += (word for entry in page if (word := word_of(entry)) is not None)
        facts = Facts(self._first_proposed, self._first_decided, lambda each: self._store.seed(each) is not None)
        return await self._threads.database(rely, words, facts)

    def _first_proposed(self, proposal_id: str) -> int:
        proposal = self._store.proposal(proposal_id)
        return apply_hunks(self._store.trajectory(proposal.base_id).steps, proposal.hunks).divergence

    def _first_decided(self, base_id: str, candidate_id: str) -> int | None:
        base, candidate = self._store.trajectory(base_id).steps, self._store.trajectory(candidate_id).steps
        return _divergence(base, candidate)


def _read(entries: Iterator[LedgerEntry]) -> list[LedgerEntry]:
    return list(islice(entries, _PAGE))


def _divergence(base: Sequence[Step], candidate: Sequence[Step]) -> int | None:
    """The first step at which two lists differ; None where they do not."""
    pairs = zip(base, candidate, strict=False)
    differs = next((index for index, (old, new) in enumerate(pairs) if old.key != new.key), None)
    if differs is None and len(base) != len(candidate):
        return min(len(base), len(candidate))
    return differs
