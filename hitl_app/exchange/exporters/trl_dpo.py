"""TRL DPO: `prompt`, `chosen`, `rejected` with an explicit prompt; whole, per divergence and per hunk."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.training import ExportSettings, Span
from hitl_app.exchange.columns import MESSAGES, Columns
from hitl_app.exchange.conversation import tools_text
from hitl_app.exchange.dataset import Table, Target
from hitl_app.exchange.examples import Exclusions, Lineage, PreferencePair, pairs

ABOUT = """\
Preferences between two trajectories for one task. `pair` says which two: `accepted_base` (an accepted candidate and
what it was made from), `base_rejected` (a base and a rejected candidate whose losses are worse), `accepted_rejected`
(an accepted candidate and a rejected one for the same base), `edited_proposal` (what a person made of a proposal, and
the proposal). `margin` says by how much the losses of the chosen side are better, between -4/3 and 4/3: 0.5 is one hard
constraint or goal less, 0.125 one failed step less; null where it was not measured, or a person accepted against the
rule. `minimal` marks pairs that are one hunk apart. `arguments` and `tools` are JSON text."""

SPANS = {
    Span.DIVERGENCE: (
        "What both sides share is the prompt, and the first differing assistant message of each the answer: use it with"
        " trainers that take one turn. A pair whose chosen answer was only carried over after an edit is left out."
    ),
    Span.WHOLE: (
        "Both sides to their ends after the user's first words; `carried_over` counts steps that were kept after an"
        " edit because they could not be executed again."
    ),
    Span.HUNK: (
        "Each later difference of the two sides: what the chosen side did so far is the prompt, and one assistant"
        " message of each the answer. `margin` is null: losses are measured on whole trajectories."
    ),
}
ONE_TURN = (Span.DIVERGENCE, Span.HUNK)
"""Spans whose answers are one message each, for trainers that take one."""

KNOWN: Columns = {"pair": "string", "margin": "float64", "minimal": "bool", "carried_over": "int64"}
"""What is known of a pair, whatever form its answers have."""

COLUMNS: Columns = {"prompt": MESSAGES, "chosen": MESSAGES, "rejected": MESSAGES, "tools": "string", **KNOWN}


def row(pair: PreferencePair) -> JsonObject:
    """A pair as TRL's DPOTrainer takes it."""
    return {
        "prompt": list(pair.prompt),
        "chosen": list(pair.chosen),
        "rejected": list(pair.rejected),
        "tools": tools_text(pair.tools),
        **known(pair),
    }


def known(pair: PreferencePair) -> JsonObject:
    """The columns of `KNOWN`."""
    return {
        "pair": pair.kind,
        "margin": pair.provenance.margin,
        "minimal": pair.minimal,
        "carried_over": pair.carried_over,
    }


def pairs_over(span: Span) -> Callable[[Lineage, ExportSettings, Exclusions], Iterator[PreferencePair]]:
    """The pairs of one span, where it is asked for."""

    def of(lineage: Lineage, settings: ExportSettings, excluded: Exclusions) -> Iterator[PreferencePair]:
        return pairs(lineage, replace(settings, spans=settings.spans & {span}), excluded)

    return of


def tables(
    columns: Columns,
    make: Callable[[PreferencePair], JsonObject | str],
    spans: Iterable[Span] = SPANS,
    *,
    beside: bool = False,
) -> tuple[Table, ...]:
    """A table for each span."""
    return tuple(
        Table(f"pairs-{span.value}", SPANS[span], pairs_over(span), columns, make, beside=beside) for span in spans
    )


TARGET = Target("trl-dpo", "TRL DPOTrainer", ABOUT, tables(COLUMNS, row), {"prompt": "explicit"})
