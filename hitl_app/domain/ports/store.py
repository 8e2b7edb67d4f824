"""The record: what the use cases write and what exporters read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from hitl_app.domain.decision import Decision, LedgerEntry, LedgerReport, ReviewStatus
from hitl_app.domain.inspection import Inspection
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.library import (
    ImportedRecord,
    ImportedRun,
    MergeCounts,
    QueueOrder,
    QueuePage,
    QueueRow,
    Toolset,
    Upgrade,
)
from hitl_app.domain.model import ModelCall
from hitl_app.domain.ports.runs import RunStore
from hitl_app.domain.ports.team import TeamStore
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.query import Field, Term
from hitl_app.domain.routing import RoutedStage
from hitl_app.domain.run import Run
from hitl_app.domain.score import Score
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.team import Assignment, GoldItem, Seed
from hitl_app.domain.trajectory import Trajectory


class Clock(Protocol):
    """Time, so that tests can choose it."""

    def now(self) -> str:
        """The time as ISO 8601 in UTC with microseconds, such as `2026-01-31T12:00:00.000000+00:00`."""
        ...


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What a batch added."""

    tasks: int
    trajectories: int
    duplicates: int


@dataclass(frozen=True)
class Revision:
    """One trajectory of a lineage, with what is known of it. The recording itself is revision 0."""

    number: int
    trajectory: Trajectory
    inspection: Inspection | None
    entry: LedgerEntry | None


class Record(Protocol):
    """What exporters read: the whole record of a store, never altered while they read it."""

    def tools(self, task: Task) -> tuple[ToolSpec, ...]:
        """The tools that a trajectory for the task could call; empty where nobody described them."""
        ...

    def toolsets(self) -> Iterator[Toolset]:
        """All tools that were kept of environments, ordered by their names."""
        ...

    def tasks(self) -> Iterator[Task]:
        """All tasks, with and without runs, in the order of import, streamed."""
        ...

    def task(self, task_id: str) -> Task:
        """A task by its full id. Raises NotFoundError."""
        ...

    def root_ids(self) -> Iterator[str]:
        """Ids of all lineages' recordings in the order of import, streamed."""
        ...

    def planned(self, task_id: str) -> tuple[Trajectory, ...]:
        """The recordings for a task that carry out a plan, in the order of import, whatever was asked for."""
        ...

    def histories(self) -> Iterator[tuple[str, Sequence[LedgerEntry]]]:
        """The same with the ledger entries of each lineage, in order; none where nobody decided on it."""
        ...

    def row(self, root_id: str) -> QueueRow:
        """Where one lineage stands: its head, status and losses. Raises NotFoundError."""
        ...

    def revisions(self, root_id: str) -> tuple[Revision, ...]:
        """The recording and every judged candidate of its lineage, oldest first."""
        ...

    def proposals(self, base_id: str) -> tuple[Proposal, ...]:
        """Proposals for a base, newest first."""
        ...

    def draft(self, base_id: str) -> JsonObject | None:
        """The unfinished review of a trajectory."""
        ...

    def entries(self, root_id: str | None = None) -> Iterator[LedgerEntry]:
        """Ledger entries in order, of one lineage or all, streamed."""
        ...

    def assignments(self) -> Iterator[Assignment]:
        """All assignments, in the order of import, streamed."""
        ...

    def gold(self) -> tuple[GoldItem, ...]:
        """All gold items, in the order of import."""
        ...

    def seeds(self) -> tuple[Seed, ...]:
        """All seeds, oldest first."""
        ...

    def runs(self) -> tuple[Run, ...]:
        """All runs with their results and usage, newest first."""
        ...

    def calls(self, run_id: str | None = None) -> Iterator[tuple[str, ModelCall]]:
        """Calls of models, in the order in which they were kept, each with its run's id; streamed."""
        ...

    def stages(self, run_id: str | None = None) -> Iterator[tuple[str, RoutedStage]]:
        """Stages of cascades, in the order in which they were kept, each with its run's id; streamed."""
        ...

    def scores(self, trajectory_id: str) -> tuple[Score, ...]:
        """What judges gave a trajectory, oldest first; people's scores are in the ledger."""
        ...


class Store(RunStore, TeamStore, Protocol):
    """The record. All methods are called from one thread; every write is durable when it returns."""

    @property
    def upgrade(self) -> Upgrade | None:
        """What was done with an earlier version's store as it was opened; None where nothing was."""
        ...

    def add_runs(self, runs: Sequence[ImportedRun], tasks: Sequence[Task] = ()) -> ImportCounts:
        """Add recordings with their tasks, and tasks without one, in one transaction.

        A recording that is already there counts as a duplicate. A task that is already there is found from now on
        where it was imported from last (`Task.place`).
        """
        ...

    def merge(self, record: ImportedRecord) -> MergeCounts:
        """Add parts of another record in one transaction; what is already there stays as it is.

        An entry that continues this ledger just where it ends is taken with its hash. Any other is appended as a new
        one, with the old one's place and hash in `detail["imported"]`. Lineages then stand where all entries put them:
        people who decided differently are a dispute.

        Raises:
            NotFoundError: A part refers to what the store does not have; nothing was added.
        """
        ...

    def known(self, ids: Sequence[str]) -> frozenset[str]:
        """Those of these ids of tasks and trajectories that the store has."""
        ...

    def resolve(self, prefix: str) -> str:
        """The full id of a trajectory from its first digits (at least 4).

        Raises:
            NotFoundError: No trajectory has it. AmbiguousIdError: several do.
        """
        ...

    def resolve_proposal(self, prefix: str) -> str:
        """The full id of a proposal from its first digits (at least 4)."""
        ...

    def task(self, task_id: str) -> Task:
        """A task by its full id. Raises NotFoundError."""
        ...

    def tasks(self) -> Iterator[Task]:
        """All tasks, with and without runs, in the order of import, streamed."""
        ...

    def trajectory(self, trajectory_id: str) -> Trajectory:
        """A trajectory by its full id. Raises NotFoundError."""
        ...

    def planned(self, task_id: str) -> tuple[Trajectory, ...]:
        """The recordings for a task that carry out a plan, in the order of import."""
        ...

    def row(self, root_id: str, viewer: str = "") -> QueueRow:
        """The queue's row of one lineage. Raises NotFoundError.

        Args:
            root_id: The lineage's recording.
            viewer: A blind annotator, who sees their own status and head; empty shows everybody's.
        """
        ...

    def rows(self, root_ids: Sequence[str], viewer: str = "") -> tuple[QueueRow, ...]:
        """The queue's rows of several lineages, in the order of the ids. Raises NotFoundError."""
        ...

    def queue(
        self,
        terms: Sequence[Term] = (),
        order: QueueOrder = QueueOrder.IMPORTED,
        limit: int = 100,
        offset: int = 0,
        viewer: str = "",
    ) -> QueuePage:
        """Part of the queue, filtered and sorted in SQL, as a blind `viewer` or everybody sees it."""
        ...

    def place(self, root_id: str, terms: Sequence[Term], order: QueueOrder, viewer: str = "") -> int | None:
        """How many rows of the queue stand before a lineage; None where it does not fit the query."""
        ...

    def next_pending(self, root_id: str, terms: Sequence[Term], order: QueueOrder, viewer: str = "") -> str | None:
        """The first pending lineage after another one in the queue, else the first of all; never that one itself.

        The other one need not fit the query; where it is not in the store, the first of all is the answer.
        """
        ...

    def statuses(self, terms: Sequence[Term] = (), viewer: str = "") -> Mapping[ReviewStatus, int]:
        """How many lineages that fit stand at each status, to a blind `viewer` or to everybody."""
        ...

    def root_ids(self, terms: Sequence[Term] = (), viewer: str = "") -> Iterator[str]:
        """Ids of all lineages' recordings that fit, in the order of import, streamed."""
        ...

    def values(self, field: Field, prefix: str = "", limit: int = 50) -> tuple[str, ...]:
        """Values that a field of the query language has in this store and that begin with a text, most frequent first.

        Of files the names alone. Fields with the same few values everywhere have all of them; fields of free text have
        none.
        """
        ...

    def revisions(self, root_id: str) -> tuple[Revision, ...]:
        """The recording and every judged candidate of its lineage, oldest first."""
        ...

    def save_inspection(self, inspection: Inspection) -> None:
        """Keep the newest inspection of a trajectory."""
        ...

    def inspection(self, trajectory_id: str) -> Inspection | None:
        """The newest inspection of a trajectory."""
        ...

    def save_scores(self, given: Sequence[Score]) -> int:
        """Keep what judges gave, in one transaction; the answer is how many were not there. Raises NotFoundError."""
        ...

    def scores(self, trajectory_id: str) -> tuple[Score, ...]:
        """What judges gave a trajectory, oldest first; people's scores are in the ledger."""
        ...

    def save_tools(self, environment: str, domain: str, tools: Sequence[ToolSpec]) -> None:
        """Keep an environment's tools, so that an export needs no environment."""
        ...

    def tools(self, environment: str, domain: str) -> tuple[ToolSpec, ...]:
        """Tools kept by `save_tools`; empty where there are none."""
        ...

    def toolsets(self) -> Iterator[Toolset]:
        """All tools that were kept by `save_tools`, ordered by environment and domain."""
        ...

    def save_proposal(self, proposal: Proposal) -> None:
        """Keep a proposal; one that is already there stays as it is."""
        ...

    def proposal(self, proposal_id: str) -> Proposal:
        """A proposal by its full id. Raises NotFoundError."""
        ...

    def proposals(self, base_id: str) -> tuple[Proposal, ...]:
        """Proposals for a base, newest first."""
        ...

    def record(
        self, decision: Decision, candidate: Trajectory | None = None, inspection: Inspection | None = None
    ) -> LedgerEntry:
        """Append a decision, with the candidate and its inspection, and update the lineage, all or nothing."""
        ...

    def record_all(self, decisions: Sequence[Decision]) -> tuple[LedgerEntry, ...]:
        """Append decisions on different lineages that judge no new candidate, all or nothing."""
        ...

    def entry(self, sequence: int) -> LedgerEntry:
        """A ledger entry by its number. Raises NotFoundError."""
        ...

    def entries(self, root_id: str | None = None) -> Iterator[LedgerEntry]:
        """Ledger entries in order, of one lineage or all, streamed."""
        ...

    def batch(self, batch: str, annotator: str) -> tuple[LedgerEntry, ...]:
        """The annotator's decisions with this id of a batch that were not undone, in order."""
        ...

    def entries_of(self, root_ids: Sequence[str]) -> Mapping[str, Sequence[LedgerEntry]]:
        """The ledger entries of several lineages, each in order; a lineage without any is left out."""
        ...

    def last_undoable(self, annotator: str) -> LedgerEntry | None:
        """The annotator's newest decision that is neither an undo nor undone."""
        ...

    def check_ledger(self) -> LedgerReport:
        """Recompute every hash and look for altered, missing and reordered entries."""
        ...

    def save_draft(self, base_id: str, draft: JsonObject) -> None:
        """Keep an unfinished review of a trajectory."""
        ...

    def draft(self, base_id: str) -> JsonObject | None:
        """The unfinished review of a trajectory."""
        ...

    def delete_draft(self, base_id: str) -> None:
        """Drop an unfinished review."""
        ...

    def set_preference(self, key: str, value: JsonObject) -> None:
        """Keep where the desk was left, and such."""
        ...

    def preference(self, key: str) -> JsonObject | None:
        """A preference, or None."""
        ...

    def close(self) -> None:
        """Close the database. Idempotent."""
        ...
