"""Decisions: entries of the append-only ledger. Each carries the hash of the one before."""

from dataclasses import dataclass, field
from enum import StrEnum

from hitl_app.domain.jsontypes import JsonObject, content_hash

GENESIS = "0" * 64
"""Stands for the hash of the entry before the first one."""


AUTOMATIC = "automatic gate"
"""The name under which the rules decide in a run without a person."""


class DecisionKind(StrEnum):
    """What was decided.

    `restore` makes an earlier revision the head again, `judge` marks the blame before a proposal is shown, `rate`
    answers an item of the rubric, `link` says which step of the plan a step carries out, `score` gives a reward of a
    trajectory or a step, `classify` says in which class of failures a lineage belongs.
    """

    ACCEPT = "accept"
    EDIT = "edit"
    REJECT = "reject"
    SKIP = "skip"
    FLAG = "flag"
    UNDO = "undo"
    CONFIRM_BLAME = "confirm_blame"
    MOVE_BLAME = "move_blame"
    DISMISS_GRADIENT = "dismiss_gradient"
    ADD_GRADIENT = "add_gradient"
    VERIFY = "verify"
    RESTORE = "restore"
    JUDGE = "judge"
    RATE = "rate"
    LINK = "link"
    SCORE = "score"
    CLASSIFY = "classify"


class ReviewStatus(StrEnum):
    """Where a lineage stands in the queue. `disputed`: people who decided independently came to different verdicts."""

    PENDING = "pending"
    APPROVED = "approved"
    EDITED = "edited"
    REJECTED = "rejected"
    SKIPPED = "skipped"
    FLAGGED = "flagged"
    DISPUTED = "disputed"


MOVING = frozenset(
    {
        DecisionKind.ACCEPT,
        DecisionKind.EDIT,
        DecisionKind.REJECT,
        DecisionKind.SKIP,
        DecisionKind.FLAG,
        DecisionKind.RESTORE,
    }
)
"""Kinds of decision that say where a lineage stands."""

VERDICTS = frozenset({ReviewStatus.APPROVED, ReviewStatus.EDITED, ReviewStatus.REJECTED})
"""Statuses that settle a lineage; the others leave something to do."""


@dataclass(frozen=True)
class Decision:
    """One decision, as its maker gave it.

    Attributes:
        root_id: The lineage that it is about.
        base_id: The trajectory that was decided on.
        candidate_id: The revision that was judged; None where none was made.
        proposal_id: The proposal that was decided on; None for a revision by hand.
        kept_hunks: Numbers of the proposal's hunks that were kept.
        accepted: Whether the candidate became the lineage's head; None where nothing was judged.
        rule: Which rule of acceptance answered, such as `improves`.
        override: A person accepted it against the rule, so that the chain is not monotone.
        lateral: An equal loss was accepted because it was asked for.
        undoes: Sequence number of the decision that this one takes back.
        status_before: The lineage's status as its maker saw it: of a blind annotator their own, else everybody's.
        head_before: The lineage's head as its maker saw it.
        seconds: Active time that the decision took; None where nobody measured it.
        detail: More, by kind: losses before and after, the gradient, the blame, ... For all kinds: `blind` where
            others' decisions were hidden, `idle_seconds`, `batch` (decisions made at once, undone at once), `seed`
            where the proposal was bad on purpose, `imported` (its place in the ledger that it came from). Of approvals
            `cope_coordination`: how well the plan and its executions went together then, and the weights made of that.
    """

    kind: DecisionKind
    root_id: str
    base_id: str
    annotator: str
    reason: str
    made_at: str
    status_before: ReviewStatus = ReviewStatus.PENDING
    status_after: ReviewStatus = ReviewStatus.PENDING
    head_before: str = ""
    head_after: str = ""
    candidate_id: str | None = None
    proposal_id: str | None = None
    kept_hunks: tuple[int, ...] = ()
    accepted: bool | None = None
    rule: str = ""
    override: bool = False
    lateral: bool = False
    undoes: int | None = None
    seconds: float | None = None
    detail: JsonObject = field(default_factory=dict)

    def payload(self) -> JsonObject:
        """Everything that the ledger's hash covers."""
        return {
            "kind": self.kind,
            "root_id": self.root_id,
            "base_id": self.base_id,
            "annotator": self.annotator,
            "reason": self.reason,
            "made_at": self.made_at,
            "status_before": self.status_before,
            "status_after": self.status_after,
            "head_before": self.head_before,
            "head_after": self.head_after,
            "candidate_id": self.candidate_id,
            "proposal_id": self.proposal_id,
            "kept_hunks": self.kept_hunks,
            "accepted": self.accepted,
            "rule": self.rule,
            "override": self.override,
            "lateral": self.lateral,
            "undoes": self.undoes,
            "seconds": self.seconds,
            "detail": self.detail,
        }


@dataclass(frozen=True)
class LedgerEntry:
    """A decision in its place in the ledger; `sequence` counts from 1 without gaps."""

    sequence: int
    decision: Decision
    previous_hash: str
    hash: str


def entry_hash(sequence: int, payload: JsonObject, previous_hash: str) -> str:
    """Hash of a ledger entry: SHA-256 over its place, the hash of the entry before, and the decision."""
    return content_hash([sequence, previous_hash, payload])


@dataclass(frozen=True, slots=True)
class LedgerFault:
    """One thing that is wrong with the ledger or with what it refers to."""

    sequence: int
    problem: str


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """Result of a check of the whole ledger."""

    entries: int
    head: str
    faults: tuple[LedgerFault, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults
