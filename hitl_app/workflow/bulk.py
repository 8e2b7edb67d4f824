"""Bulk: one decision on many lineages, previewed before it is made, and taken back by one undo."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from uuid import uuid4

from hitl_app.domain.codec import losses_to_json
from hitl_app.domain.decision import VERDICTS, Decision, DecisionKind, LedgerEntry, ReviewStatus
from hitl_app.domain.library import ChangeSet, Kind, QueueRow
from hitl_app.domain.ports import Clock, Store
from hitl_app.domain.query import parse_query
from hitl_app.domain.standing import Standing, standings
from hitl_app.refine.accept import Rule
from hitl_app.workflow.deciding import Maker, begin
from hitl_app.workflow.threads import Threads
from hitl_app.workflow.undoing import BATCH

DECIDED: ChangeSet = frozenset({Kind.DECISION, Kind.TRAJECTORY})


class BulkAction(StrEnum):
    """What is decided on many lineages at once. `reopen` puts their heads back to pending."""

    APPROVE = "approve"
    REJECT = "reject"
    SKIP = "skip"
    FLAG = "flag"
    REOPEN = "reopen"


class LeftOut(StrEnum):
    """Why a lineage is left out."""

    ALREADY = "already"
    """It stands there already."""
    NOT_INSPECTED = "not_inspected"
    """Only what is verified is approved, and nobody inspected it."""
    NOT_VERIFIED = "not_verified"
    """Only what is verified is approved, and it is not."""
    DISPUTED = "disputed"
    """People disagree on it: that is settled one by one."""
    SETTLED = "settled"
    """There is a verdict on it: nothing is left to put off."""
    FLAGGED = "flagged"
    """Somebody is to look at it: to put it off would not take that back."""
    HELD = "held"
    """Others left it there without sight of each other: only they, or a verdict on it, change that."""
    CHANGED = "changed"
    """Somebody decided on it since the preview."""


_BECOMES = {
    BulkAction.APPROVE: ReviewStatus.APPROVED,
    BulkAction.REJECT: ReviewStatus.REJECTED,
    BulkAction.SKIP: ReviewStatus.SKIPPED,
    BulkAction.FLAG: ReviewStatus.FLAGGED,
    BulkAction.REOPEN: ReviewStatus.PENDING,
}

_KIND = {
    BulkAction.APPROVE: DecisionKind.ACCEPT,
    BulkAction.REJECT: DecisionKind.REJECT,
    BulkAction.SKIP: DecisionKind.SKIP,
    BulkAction.FLAG: DecisionKind.FLAG,
    BulkAction.REOPEN: DecisionKind.RESTORE,
}

PAGE = 500
"""Lineages that are read at once."""

_Excluded = tuple[QueueRow, LeftOut]


@dataclass(frozen=True)
class BulkPreview:
    """What a bulk decision would do.

    Attributes:
        which: What was asked for: a query, or ids of recordings.
        rows: Lineages that it would decide on, as they stand.
        left_out: Lineages that it would leave alone, each with the reason.
    """

    action: BulkAction
    which: str | tuple[str, ...]
    rows: tuple[QueueRow, ...]
    left_out: tuple[_Excluded, ...]

    @cached_property
    def reasons(self) -> Mapping[LeftOut, int]:
        """How many lineages are left out for which reason, most frequent first."""
        return dict(Counter(why for _, why in self.left_out).most_common())


@dataclass(frozen=True)
class BulkDone:
    """What a bulk decision did.

    Attributes:
        batch: What its entries of the ledger have in common; empty where there are none.
        left_out: Lineages of the preview that changed since and were left alone.
    """

    batch: str
    entries: tuple[LedgerEntry, ...]
    left_out: tuple[_Excluded, ...]


class Bulk:
    """Use cases that decide on many lineages at once."""

    def __init__(self, store: Store, threads: Threads, clock: Clock) -> None:
        self._store = store
        self._threads = threads
        self._clock = clock

    async def preview(self, action: BulkAction, which: str | Sequence[str], maker: Maker) -> BulkPreview:
        """Say what a bulk decision would do; records nothing.

        Args:
            action: What to decide.
            which: A query of the queue, or ids of recordings.
            maker: Who would decide; a blind one sees, and changes, their own standing.

        Raises:
            QueryError: The query cannot be understood. NotFoundError: an id is not known.
        """
        chosen = which if isinstance(which, str) else tuple(dict.fromkeys(which))
        rows, left_out = list[QueueRow](), list[_Excluded]()
        for page in _pages(await self._ids(chosen, maker)):
            for row, why in await self._threads.database(self._look, action, page, maker):
                if why is None:
                    rows.append(row)
                else:
                    left_out.append((row, why))
        return BulkPreview(action, chosen, tuple(rows), tuple(left_out))

    async def _ids(self, which: str | tuple[str, ...], maker: Maker) -> Sequence[str]:
        if isinstance(which, tuple):
            return which
        terms = parse_query(which)
        return await self._threads.database(lambda: list(self._store.root_ids(terms, maker.viewer)))

    def _look(self, action: BulkAction, root_ids: Sequence[str], maker: Maker) -> list[tuple[QueueRow, LeftOut | None]]:
        rows = self._store.rows(root_ids, maker.viewer)
        held = self._held(rows, maker) if action is BulkAction.REOPEN and not maker.blind else frozenset()
        return [(row, _why_not(action, row) or (LeftOut.HELD if row.root_id in held else None)) for row in rows]

    def _held(self, rows: Sequence[QueueRow], maker: Maker) -> frozenset[str]:
        """Lineages that would stay where others left them, if they were put back to pending."""
        lineages = self._store.entries_of([row.root_id for row in rows])
        found = {root_id: standings(entries) for root_id, entries in lineages.items()}
        return frozenset(row.root_id for row in rows if _is_held(row, found.get(row.root_id, {}), maker.annotator))

    async def apply(self, preview: BulkPreview, maker: Maker) -> tuple[BulkDone, ChangeSet]:
        """Decide on what the preview says, in one transaction; what changed since is left alone and reported.

        Raises:
            UserError: A rejection or a flag without a reason. StoreError: it cannot be written; nothing was recorded.
        """
        if preview.action is BulkAction.REJECT:
            maker.require_reason("a rejection needs a reason: a few words are enough")
        if preview.action is BulkAction.FLAG:
            maker.require_reason("a flag on many needs a reason: say what somebody else should look at")
        now: dict[str, QueueRow] = {}
        for page in _pages([row.root_id for row in preview.rows]):
            found = await self._threads.database(self._store.rows, page, maker.viewer)
            now.update((row.root_id, row) for row in found)
        made_at, batch = self._clock.now(), uuid4().hex
        decisions, left_out = list[Decision](), list[_Excluded]()
        for row in preview.rows:
            if now[row.root_id] == row:
                decisions.append(_decision(preview.action, row, maker, made_at, batch))
            else:
                left_out.append((now[row.root_id], LeftOut.CHANGED))
        entries = await self._threads.database(self._store.record_all, decisions) if decisions else ()
        return BulkDone(batch if entries else "", entries, tuple(left_out)), DECIDED


def _pages(root_ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """A page at a time, so that what else is asked of the store waits for one page and never for all."""
    return (root_ids[start : start + PAGE] for start in range(0, len(root_ids), PAGE))


def _why_not(action: BulkAction, row: QueueRow) -> LeftOut | None:
    """Why a bulk decision leaves a lineage out; None where it does not."""
    if row.status is _BECOMES[action]:
        return LeftOut.ALREADY
    if row.status is ReviewStatus.DISPUTED and action is not BulkAction.FLAG:
        return LeftOut.DISPUTED
    if action is BulkAction.SKIP:
        return _why_not_skip(row)
    return _why_not_approve(row) if action is BulkAction.APPROVE else None


def _is_held(row: QueueRow, found: Mapping[str, Standing], annotator: str) -> bool:
    """Whether others left a lineage where it stands, and to reopen it would not answer them."""
    there = [each for name, each in found.items() if name != annotator and each.status is row.status]
    if not there or any(standing.informed for standing in there):
        return False
    own = found.get(annotator)
    alone = own.status if own is not None and not own.informed else None
    return row.status not in VERDICTS or row.status is alone


def _why_not_skip(row: QueueRow) -> LeftOut | None:
    if row.status in VERDICTS:
        return LeftOut.SETTLED
    return LeftOut.FLAGGED if row.status is ReviewStatus.FLAGGED else None


def _why_not_approve(row: QueueRow) -> LeftOut | None:
    if row.status is ReviewStatus.EDITED:
        return LeftOut.ALREADY
    if row.losses is None:
        return LeftOut.NOT_INSPECTED
    return None if row.verified is True else LeftOut.NOT_VERIFIED


def _decision(action: BulkAction, row: QueueRow, maker: Maker, made_at: str, batch: str) -> Decision:
    decision = begin(_KIND[action], row, row.head_id, maker, made_at)
    decision = replace(decision, status_after=_BECOMES[action], detail={**decision.detail, BATCH: batch})
    if action not in (BulkAction.APPROVE, BulkAction.REOPEN):
        return decision
    losses = {} if row.losses is None else {"losses_after": losses_to_json(row.losses)}
    return replace(
        decision,
        candidate_id=row.head_id,
        accepted=True,
        rule=Rule.AS_IS if action is BulkAction.APPROVE else "",
        detail={**decision.detail, **losses},
    )
