"""Several annotators: who looks at what, what they are measured by, and what they see of each other."""

from dataclasses import dataclass
from enum import StrEnum

NOBODY = "none"
"""Stands for no annotator in a query."""


@dataclass(frozen=True, slots=True)
class ReviewPolicy:
    """How everybody reviews in this store.

    Attributes:
        blind: Names of models and other people's decisions are hidden, candidates come in random order.
        judge_first: The blame is marked before a proposal is shown.
    """

    blind: bool = False
    judge_first: bool = False


@dataclass(frozen=True, slots=True)
class Assignment:
    """Somebody is to decide on a lineage. Assigned to several people, it overlaps: their agreement is measured."""

    root_id: str
    annotator: str
    assigned_at: str


@dataclass(frozen=True, slots=True)
class GoldItem:
    """What the right decision on a lineage is known to be, so that annotators can be measured by it.

    Attributes:
        verdict: `kept`, `repaired` or `rejected`, as in `standing.verdict_word`.
        blame: Index of the step of the recording that goes wrong first; None where that is not asked.
        note: Why, for whoever reads the report.
    """

    root_id: str
    verdict: str
    blame: int | None
    note: str
    set_by: str
    set_at: str


class SeedKind(StrEnum):
    """How a proposal is bad on purpose."""

    HARMFUL = "harmful"
    """The candidate's loss is higher than that of its base: the rule refuses it."""
    USELESS = "useless"
    """The loss is equal: nothing is repaired."""
    SMUGGLED = "smuggled"
    """The loss falls, and one more hunk does damage that no loss measures: only who reads it finds it."""


@dataclass(frozen=True, slots=True)
class Seed:
    """A bad proposal that was put before annotators to see whether they follow it.

    Attributes:
        bad_hunks: Numbers of the hunks that nobody should accept.
    """

    proposal_id: str
    root_id: str
    kind: SeedKind
    bad_hunks: tuple[int, ...]
    seeded_at: str
