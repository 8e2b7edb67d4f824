"""Guidelines, rubric and reasons: what reviewers agree on, kept as files that they can edit."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

MOST_ITEMS = 9
"""Items of a rubric: each has a digit as its key."""


class ItemKind(StrEnum):
    """How an item of the rubric is answered."""

    YES_NO = "yes_no"
    SCALE = "scale"


class GuidelineKind(StrEnum):
    """The three files."""

    TEXT = "guidelines"
    RUBRIC = "rubric"
    REASONS = "reasons"


class Occasion(StrEnum):
    """What a reason is given for: a rejection, a run's candidate that is left, an override, a flag."""

    REJECT = "reject"
    LEAVE = "leave"
    OVERRIDE = "override"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class RubricItem:
    """One question that a reviewer answers with a key.

    Attributes:
        id: Its name in the record; stays the same when the question is worded anew.
        low, high: Ends of the scale, digits; 0 and 1 for yes-no.
        help: More words on it; may be empty.
    """

    id: str
    question: str
    kind: ItemKind = ItemKind.YES_NO
    low: int = 0
    high: int = 1
    help: str = ""

    def takes(self, value: int) -> bool:
        """Whether a value answers it."""
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Rubric:
    """At most `MOST_ITEMS` items, the first on key 1. The version stands beside every answer on record."""

    version: str = ""
    items: tuple[RubricItem, ...] = ()

    def item(self, name: str) -> RubricItem | None:
        """The item of that id."""
        return next((item for item in self.items if item.id == name), None)


@dataclass(frozen=True, slots=True)
class GuidelineFile:
    """A file that is in use.

    Attributes:
        own: It is the user's own, not the one that is shipped.
    """

    path: Path
    own: bool


@dataclass(frozen=True, slots=True)
class Guidelines:
    """What the files say.

    Attributes:
        reasons: Common reasons by occasion, the first on key 1.
        files: Where it was read from.
        problems: Files of the user's that cannot be used, with line and what to do; the shipped ones stand in.
        watched: Files and folders that tell when any of it changes.
    """

    markdown: str
    rubric: Rubric
    reasons: Mapping[Occasion, tuple[str, ...]]
    files: Mapping[GuidelineKind, GuidelineFile]
    problems: tuple[str, ...] = ()
    watched: tuple[Path, ...] = ()
