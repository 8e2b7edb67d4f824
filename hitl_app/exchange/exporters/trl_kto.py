"""TRL KTO: `prompt`, `completion`, `label`; whole and per divergence."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.training import ExportSettings, Span
from hitl_app.exchange.columns import MESSAGES, Columns
from hitl_app.exchange.conversation import tools_text
from hitl_app.exchange.dataset import Table, Target
from hitl_app.exchange.examples import Exclusions, Lineage, UnpairedJudgement, judgements

ABOUT = """\
Completions with the word that they are good (`label` true) or bad. Good is what was accepted, as it was or after an
edit. Bad is what losses show to be worse: a rejected candidate beside its base, and a base beside the accepted
candidate that replaced it. Words that were called good once and bad another time in one lineage are left out. With
`verified`, the good ones are asked whether they passed verification, the bad ones are not. `arguments` and `tools` are
JSON text."""

SPANS = {
    Span.DIVERGENCE: "The first assistant message that differs from the other side; what both share is the prompt.",
    Span.WHOLE: (
        "Everything after the user's first words, up to the first message that was only carried over after an edit;"
        " `carried_over` counts such steps of the trajectory."
    ),
}
COLUMNS: Columns = {
    "prompt": MESSAGES,
    "completion": MESSAGES,
    "label": "bool",
    "tools": "string",
    "carried_over": "int64",
}


def row(example: UnpairedJudgement) -> JsonObject:
    """A judgement as TRL's KTOTrainer takes it."""
    return {
        "prompt": list(example.prompt),
        "completion": list(example.completion),
        "label": example.label,
        "tools": tools_text(example.tools),
        "carried_over": example.carried_over,
    }


def judgements_over(span: Span) -> Callable[[Lineage, ExportSettings, Exclusions], Iterator[UnpairedJudgement]]:
    """The judgements of one span, where it is asked for."""

    def of(lineage: Lineage, settings: ExportSettings, excluded: Exclusions) -> Iterator[UnpairedJudgement]:
        return judgements(lineage, replace(settings, spans=settings.spans & {span}), excluded)

    return of


TABLES = tuple(
    Table(f"judgements-{span.value}", about, judgements_over(span), COLUMNS, row) for span, about in SPANS.items()
)
TARGET = Target("trl-kto", "TRL KTOTrainer", ABOUT, TABLES, {"prompt": "explicit"})
