"""What is chosen for training data: which pairs, which examples, how they are weighed, split and cleaned."""

import hashlib
import math
from dataclasses import dataclass
from enum import StrEnum

from hitl_app.domain.codec import (
    get_bool,
    get_int,
    get_list,
    get_object,
    get_optional_float,
    get_str,
)
from hitl_app.domain.grpo import Norm
from hitl_app.domain.jsontypes import JsonObject


class PairKind(StrEnum):
    """Which two trajectories a preference pair is made of; the first is preferred."""

    ACCEPTED_BASE = "accepted_base"
    BASE_REJECTED = "base_rejected"
    ACCEPTED_REJECTED = "accepted_rejected"
    EDITED_PROPOSAL = "edited_proposal"


class Span(StrEnum):
    """How much of a pair is the answer: all after the user's first words, the first differing turn, each hunk's."""

    WHOLE = "whole"
    DIVERGENCE = "divergence"
    HUNK = "hunk"


class Weighting(StrEnum):
    """What an example's weight is taken from."""

    UNIFORM = "uniform"
    MARGIN = "margin"
    AGREEMENT = "agreement"


class Cleaning(StrEnum):
    """What is done about secrets and personal data in what goes out."""

    OFF = "off"
    REPORT = "report"
    MASK = "mask"


@dataclass(frozen=True, slots=True)
class Filters:
    """What an example must be to go out.

    Attributes:
        verified: What is shown as good met every goal and hard constraint in a full replay.
        human: A person decided, not a rule alone.
        no_override: Nothing that was accepted against the rule.
        no_answer: Whoever decided saw no evidence that quotes the gold answer.
        agreement: Smallest share of those who judged a lineage independently and came to where it stands now; where
            fewer than two did, nothing was measured and nothing passes. None lets everything pass.
        query: Only lineages that this query of the queue finds; empty finds all.
    """

    verified: bool = False
    human: bool = False
    no_override: bool = False
    no_answer: bool = False
    agreement: float | None = None
    query: str = ""

    def __post_init__(self) -> None:
        if self.agreement is not None and not 0 <= self.agreement <= 1:
            raise ValueError(f"an agreement is 0 to 1, not {self.agreement:g}")


@dataclass(frozen=True, slots=True)
class Splits:
    """Parts of a data set, by task: everything of one task, and so of one lineage, is in the same part.

    A task's part follows from its name and the seed alone, so that data which is added moves nothing.

    Attributes:
        shares: Names of the parts with their shares of the tasks, which add up to 1.
    """

    shares: tuple[tuple[str, float], ...] = (("train", 1.0),)
    seed: int = 0

    def __post_init__(self) -> None:
        names = [name.casefold() for name in self.names]
        for name in self.names:
            if not name.isidentifier():
                raise ValueError(f"a part's name has letters, digits and _, and begins with no digit, not {name!r}")
            if name == "all":
                raise ValueError("no part can be named 'all': it means all parts together to those who load them")
            if names.count(name.casefold()) > 1:  # one file would replace the other where names have no case
                raise ValueError(f"each part comes once, not {name!r} twice")
        for name, share in self.shares:
            if not share > 0:
                raise ValueError(f"a share is above 0, not {share:g} for {name!r}")
        total = sum(share for _, share in self.shares)
        if not math.isclose(total, 1, abs_tol=1e-9):
            raise ValueError(f"shares of the parts add up to 1, not {total:g}")

    @classmethod
    def read(cls, text: str, seed: int = 0) -> "Splits":
        """Parts as people write them, such as `train=0.9,test=0.1`.

        Raises:
            ValueError: They cannot be understood, or are no parts of a whole.
        """
        shares: list[tuple[str, float]] = []
        for part in text.split(","):
            name, _, share = part.partition("=")
            try:
                shares.append((name.strip(), float(share)))
            except ValueError as error:
                raise ValueError(f"a part is a name with its share, not {part.strip()!r}") from error
        return cls(tuple(shares), seed)

    @property
    def text(self) -> str:
        """The parts as people write them."""
        return ",".join(f"{name}={share!r}" for name, share in self.shares)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parts."""
        return tuple(name for name, _ in self.shares)

    def part_of(self, group: str) -> str:
        """The part that a group of examples, such as a task, belongs to."""
        point, passed = uniform(self.seed, group), 0.0
        for name, share in self.shares:
            passed += share
            if point < passed:
                return name
        return self.shares[-1][0]


@dataclass(frozen=True, slots=True)
class Resampling:
    """Rows repeated in proportion to their weights, for trainers that know no weights.

    Attributes:
        rate: How often a row of weight 1 is written on average; a row of weight w `rate * w` times.
    """

    rate: float
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0 < self.rate <= 100:
            raise ValueError(f"a rate is above 0 and at most 100, not {self.rate:g}")

    def copies(self, row_id: str, weight: float) -> int:
        """How often a row is written: the whole part of `rate * weight`, and once more by chance for the rest."""
        expected = self.rate * weight
        return int(expected) + (uniform(self.seed, row_id) < expected - int(expected))


@dataclass(frozen=True, slots=True)
class ExportSettings:
    """How training data is made out of a record; what exporters of other kinds do not read.

    Attributes:
        norm: How the terms of total rewards are normalised.
    """

    pairs: frozenset[PairKind] = frozenset(PairKind)
    spans: frozenset[Span] = frozenset(Span)
    filters: Filters = Filters()
    splits: Splits = Splits()
    weighting: Weighting = Weighting.UNIFORM
    resampling: Resampling | None = None
    cleaning: Cleaning = Cleaning.REPORT
    norm: Norm = Norm.MAX

    def to_json(self) -> JsonObject:
        """As a manifest has it: with everything that follows from it, the same examples come out of the same record."""
        resampling = None if self.resampling is None else {"rate": self.resampling.rate, "seed": self.resampling.seed}
        return {
            "pairs": sorted(self.pairs),
            "spans": sorted(self.spans),
            "filters": {
                "verified": self.filters.verified,
                "human": self.filters.human,
                "no_override": self.filters.no_override,
                "no_answer": self.filters.no_answer,
                "agreement": self.filters.agreement,
                "query": self.filters.query,
            },
            "splits": {"shares": dict(self.splits.shares), "seed": self.splits.seed},
            "weighting": self.weighting,
            "resampling": resampling,
            "cleaning": self.cleaning,
            "norm": self.norm,
        }

    @classmethod
    def from_json(cls, value: JsonObject) -> "ExportSettings":
        """What `to_json` gave.

        Raises:
            ValueError: It was written in another form.
        """
        filters, splits, drawn = (get_object(value, name) for name in ("filters", "splits", "resampling"))
        shares = get_object(splits, "shares")
        rate = get_optional_float(drawn, "rate")
        return cls(
            pairs=frozenset(PairKind(str(each)) for each in get_list(value, "pairs")),
            spans=frozenset(Span(str(each)) for each in get_list(value, "spans")),
            filters=Filters(
                verified=get_bool(filters, "verified"),
                human=get_bool(filters, "human"),
                no_override=get_bool(filters, "no_override"),
                no_answer=get_bool(filters, "no_answer"),
                agreement=get_optional_float(filters, "agreement"),
                query=get_str(filters, "query"),
            ),
            splits=Splits(
                tuple((name, get_optional_float(shares, name) or 0.0) for name in shares), get_int(splits, "seed")
            ),
            weighting=Weighting(get_str(value, "weighting")),
            resampling=None if rate is None else Resampling(rate, get_int(drawn, "seed")),
            cleaning=Cleaning(get_str(value, "cleaning")),
            norm=Norm(get_str(value, "norm", Norm.MAX)),
        )


def split_group(task: str) -> str:
    """What is split together with a task, by its name: it, and it under attacks (`user_task_5+injection_task_4`)."""
    return task.partition("+")[0]


def uniform(seed: int, text: str) -> float:
    """A number of [0, 1) that follows from a seed and a text: the first 53 bits of a SHA-256."""
    digest = hashlib.sha256(f"{seed}\0{text}".encode("utf-8", "surrogatepass")).digest()
    return (int.from_bytes(digest[:8], "big") >> 11) / 2**53
