"""What the library lists: one row a lineage, one summary an import."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from hitl_app.domain.decision import LedgerEntry, ReviewStatus
from hitl_app.domain.inspection import Inspection
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.loss import LossVector
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.score import Score
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.team import Assignment, GoldItem, Seed
from hitl_app.domain.trajectory import Trajectory


@dataclass(frozen=True)
class QueueRow:
    """One lineage as the queue shows it. `root_id` is its recording, `head_id` its current revision.

    Attributes:
        file, index, trial: Of the recording's source: what tells apart runs of one task by one model.
        losses: Of the head; None where it was not inspected.
        gradients: Number of textual gradients of the head.
        position: Order of import: the key that pages follow.
    """

    position: int
    root_id: str
    head_id: str
    title: str
    task_key: str
    environment: str
    domain: str
    model: str
    status: ReviewStatus
    steps: int
    revisions: int
    losses: LossVector | None
    verified: bool | None
    gradients: int
    synthetic: bool = False
    file: str = ""
    index: int = 0
    trial: int | None = None


class QueueOrder(StrEnum):
    """How the queue is sorted."""

    IMPORTED = "imported"
    WORST_FIRST = "worst_first"


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Part of the queue, with how many rows the query has and how many of those are still pending."""

    rows: tuple[QueueRow, ...]
    total: int
    pending: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a part of the queue is: lineages with a verdict, of all.

    Attributes:
        own_done, own_all: Of those that are assigned to whoever asks: decided by them, of all.
    """

    done: int
    all: int
    own_done: int = 0
    own_all: int = 0


@dataclass(frozen=True)
class Upgrade:
    """What was done, as it was opened, with a store that an earlier version wrote.

    Attributes:
        before, after: Numbers of its format.
        backup: The store as it was.
    """

    before: int
    after: int
    backup: Path


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that an importer could not take: where it is (`file: record: field`) and why."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportedRun:
    """A good record: a task and the trajectory recorded for it."""

    task: Task
    trajectory: Trajectory


@dataclass(frozen=True, slots=True)
class ImportedTask:
    """A good record: a task of a benchmark for which there is no run."""

    task: Task


@dataclass(frozen=True, slots=True)
class Toolset:
    """The tools of one environment's domain."""

    environment: str
    domain: str
    tools: tuple[ToolSpec, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """An unfinished review of a trajectory."""

    base_id: str
    content: JsonObject


@dataclass(frozen=True)
class ImportedEntry:
    """An entry of another ledger, with the revision that it judged first and what is known of that."""

    entry: LedgerEntry
    revision: Trajectory | None = None
    inspection: Inspection | None = None
    proposals: tuple[Proposal, ...] = ()


ImportedPart = Toolset | Inspection | Proposal | ImportedEntry | Draft | Score | Assignment | GoldItem | Seed
"""What a record holds besides tasks and recordings."""


@dataclass(frozen=True)
class ImportedRecord:
    """Parts of another store's record, which are merged in one transaction.

    A part comes after those that it refers to, entries in the order of their ledger and without such as do not fit
    together, drafts, scores and what was arranged after the entries.

    Attributes:
        where: What a person finds the entries by, such as the file.
        head: Hash of the last entry of the other ledger; empty where no entry is among the parts.
        parts: Read once, while they are merged.
    """

    where: str
    parts: Iterable[ImportedPart]
    head: str = ""


@dataclass(frozen=True, slots=True)
class MergeCounts:
    """What a merge added: revisions, inspections, proposals, entries of the ledger, drafts, scores of judges."""

    revisions: int = 0
    inspections: int = 0
    proposals: int = 0
    decisions: int = 0
    drafts: int = 0
    scores: int = 0

    def __add__(self, other: "MergeCounts") -> "MergeCounts":
        """Both together."""
        return MergeCounts(
            self.revisions + other.revisions,
            self.inspections + other.inspections,
            self.proposals + other.proposals,
            self.decisions + other.decisions,
            self.drafts + other.drafts,
            self.scores + other.scores,
        )


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What came of one file; `tasks` are the new ones, with or without a run, `merged` is the rest of a record."""

    file: str
    format: str
    tasks: int = 0
    trajectories: int = 0
    duplicates: int = 0
    rejected: tuple[Rejected, ...] = ()
    merged: MergeCounts = MergeCounts()


class Kind(StrEnum):
    """A kind of thing in the store, as named in a change set."""

    TASK = "task"
    TRAJECTORY = "trajectory"
    INSPECTION = "inspection"
    PROPOSAL = "proposal"
    DECISION = "decision"
    DRAFT = "draft"
    TEAM = "team"


ChangeSet = frozenset[Kind]
"""Which kinds of thing a use case changed: panes refresh from it."""
