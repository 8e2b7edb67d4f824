"""Training examples out of a record, whatever format they are written in: one module a kind, one lineage at a time."""

from hitl_app.exchange.examples.demonstrations import Demonstration, demonstrations
from hitl_app.exchange.examples.example import Example, Provenance
from hitl_app.exchange.examples.lineage import Exclusions, Lineage, lineages
from hitl_app.exchange.examples.pairs import PreferencePair, pairs

__all__ = [
    "Demonstration",
    "Example",
    "Exclusions",
    "Lineage",
    "PreferencePair",
    "Provenance",
    "demonstrations",
    "lineages",
    "pairs",
]
