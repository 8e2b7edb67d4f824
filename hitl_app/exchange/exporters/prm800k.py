"""Ratings of single steps in the terms of PRM800K, one row a step."""

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.exchange.columns import Columns
from hitl_app.exchange.dataset import Table, Target
from hitl_app.exchange.examples import LabelledStep, labelled_steps

ABOUT = """\
One step of the agent with all that stands before it, and a rating: 1 right, -1 wrong, 0 where nothing is known.
`problem` is what the agent had read before its first step, `prefix` the texts of its steps since, `text` the step that
is rated: what the agent read since its last step, then what it said or called. `rater` says who rated (`inspect`,
`human`, `both`; empty where nobody did), `reasons` why. PRM800K itself has one row a solution, and rates alternatives
of one step; a gold answer, which it gives, is never in here."""

COLUMNS: Columns = {
    "problem": "string",
    "prefix": ["string"],
    "text": "string",
    "rating": "int64",
    "step": "int64",
    "rater": "string",
    "reasons": ["string"],
}


def row(example: LabelledStep) -> JsonObject:
    """A step with its rating."""
    return {
        "problem": example.prompt,
        "prefix": list(example.prefix),
        "text": example.text,
        "rating": example.label.rating,
        "step": example.index,
        "rater": example.label.source,
        "reasons": list(example.label.reasons),
    }


TARGET = Target("prm800k", "PRM800K-style readers", ABOUT, (Table("steps", ABOUT, labelled_steps, COLUMNS, row),))
