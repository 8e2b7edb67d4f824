"""Where the rows of a data set come from, counted while they are written, and what is known of their licences."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.exchange.examples.example import Provenance

UNKNOWN = "unknown"

OURS = "none needed: made by hitl-app"

BENCHMARKS = {"agentdojo": "MIT", "bfcl": "Apache-2.0", "deepplanning": "Apache-2.0", "tau2": "MIT", "travel": OURS}
"""Licences under which benchmarks are published, by environment."""

RECORDED = {"tau-bench": "MIT", "toolbench": "Apache-2.0", "webvoyager": "Apache-2.0"}
"""The same by the format of recordings whose environment is not executed; formats of tools say nothing about it.

Whoever recorded a run may have put it under another licence, and a model's maker may limit what its words are for.
"""


class Source(NamedTuple):
    """What rows have in common; the last three as the recording has them, empty where it does not say."""

    environment: str
    domain: str
    format: str
    model: str

    @property
    def licence(self) -> str:
        """Licence of the benchmark, as far as it is known."""
        recorded = RECORDED.get(self.format, UNKNOWN) if self.environment == "recorded" else UNKNOWN
        return BENCHMARKS.get(self.environment, recorded)


@dataclass
class Origins:
    """Counts of rows, those of all files of one data set together.

    Attributes:
        sources: By where they were recorded.
        facts: By what is known of how they were decided.
    """

    sources: Counter[Source] = field(default_factory=Counter)
    facts: Counter[str] = field(default_factory=Counter)

    def add(self, of: Provenance, injection: bool, rows: int) -> None:
        """Count rows that were made of one example."""
        environment, _, rest = of.task.partition("/")
        self.sources[Source(environment, rest.partition("/")[0], of.source, of.model)] += rows
        self.facts["decided by a person"] += rows * of.human
        self.facts["decided by a rule alone"] += rows * (bool(of.decision) and not of.human)
        self.facts["without a decision"] += rows * (not of.decision)
        self.facts["accepted against the rule"] += rows * of.override
        self.facts["verified"] += rows * bool(of.verified)
        self.facts["whoever decided could see the gold answer"] += rows * of.reveals_answer
        self.facts["synthetic"] += rows * of.synthetic
        self.facts["with injected instructions"] += rows * injection

    def told(self) -> Iterator[tuple[str, int]]:
        """What is known of how rows were decided, without what holds for none."""
        return ((fact, count) for fact, count in self.facts.items() if count)

    def to_json(self) -> list[JsonObject]:
        """As a manifest has it."""
        return [
            {**each._asdict(), "licence": each.licence, "rows": rows} for each, rows in sorted(self.sources.items())
        ]
