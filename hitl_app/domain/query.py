"""The query language of the queue: `env:tau2 status:pending,flagged loss.feasibility>0 gradient:"refund" cancel`.

Terms are joined by AND, values between commas by OR. A bare word is searched in the full text of tasks, steps and
gradients; in quotes, a doubled quote mark is one.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Literal, get_args

from hitl_app.domain.decision import ReviewStatus
from hitl_app.domain.errors import UserError
from hitl_app.domain.loss import Component
from hitl_app.domain.query_parts import Part, Value, scan

Field = Literal[
    "env",
    "domain",
    "task",
    "model",
    "format",
    "file",
    "status",
    "inspected",
    "verified",
    "gradient",
    "text",
    "assigned",
    "by",
]
FIELDS: tuple[Field, ...] = get_args(Field)
Comparison = Literal[">", "=", "<", ">=", "<=", "!="]
COMPARISONS: tuple[Comparison, ...] = get_args(Comparison)
Measure = Literal["steps", "revisions"]
Losses = Component | Literal["total"]

CHOICES: Mapping[str, tuple[str, ...]] = {
    "status": tuple(status.value for status in ReviewStatus),
    "inspected": ("yes", "no"),
    "verified": ("yes", "no", "unknown"),
}
"""Fields that have the same few values in every store."""

LOSSES: Mapping[str, Losses] = {f"loss.{name}": name for name in (*Component, "total")}
MEASURES: Mapping[str, Measure] = {name: name for name in get_args(Measure)}
COMPARED: tuple[str, ...] = (*LOSSES, *MEASURES)
"""What is compared with a count."""

MOST = 10**18 - 1
"""Nothing is as many, and it fits SQLite's integers: larger counts are read as this one."""

_DIGITS_READ = 100
"""More only cost time, and Python reads no more than some thousands."""

_PLAIN_VALUE = re.compile(r'[^\s",][^\s,]*')
_PLAIN_WORD = re.compile(r"(?!loss\.)\w[\w./-]*")


class QueryFlaw(StrEnum):
    """What can be wrong with a query: a sentence each, with places for the parts that it is about."""

    LOSS_ALONE = 'cannot read "{0}": losses are compared with a count, as in loss.goal>0'
    NO_FIELD = 'no field is called "{0}"; there are {1}, and loss.COMPONENT>N'
    NO_LOSS = 'no loss is called "{0}"; there are {1}; words to search for go in quotes'
    NO_COUNT = 'no count is called "{0}"; there are {1}; words to search for go in quotes'
    VALUE = '{0} cannot be "{1}"; it is one of {2}'
    NUMBER = '{0} is compared with a count, as in {0}>0, not with "{1}"'
    QUOTES = "the quotes must close: {0}"
    SPACE = 'a space must follow the closing quote, before "{0}"'
    NO_VALUE = 'a value must stand right behind "{0}:"'
    NO_ALTERNATIVE = 'a value is missing beside a comma of "{0}:"'
    MINUS = "a minus sign negates what follows"
    HIDDEN = '"{0}:" is hidden while you review blind'


class QueryError(UserError):
    """The query cannot be understood; says which part, and what would be.

    Attributes:
        flaw: What is wrong.
        parts: What the flaw's sentence is about.
        start, end: Where that stands in the query, in characters.
        guess: What was perhaps meant; empty where nothing is near.
        unfinished: It only lacks its end, so that whoever still types it need not be told.
    """

    def __init__(
        self, flaw: QueryFlaw, parts: Sequence[str], start: int, end: int, *, guess: str = "", unfinished: bool = False
    ) -> None:
        message = flaw.format(*parts)
        super().__init__(f'{message}; did you mean "{guess}"?' if guess else message)
        self.flaw = flaw
        self.parts = tuple(parts)
        self.start = start
        self.end = end
        self.guess = guess
        self.unfinished = unfinished


@dataclass(frozen=True, slots=True)
class FieldTerm:
    """`field:value`, or `field:one,another`, which fits either; `negated` by a leading minus sign."""

    field: Field
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class LossTerm:
    """`loss.component>count`. Components that were not measured fit no comparison; `total` sums the measured ones."""

    component: Losses
    comparison: Comparison
    count: int
    negated: bool = False


@dataclass(frozen=True, slots=True)
class CountTerm:
    """`steps>count` of the head, or `revisions>count` of the lineage."""

    measure: Measure
    comparison: Comparison
    count: int
    negated: bool = False


Term = FieldTerm | LossTerm | CountTerm


def parse_query(text: str) -> tuple[Term, ...]:
    """Parse a query.

    Raises:
        QueryError: Names the first part that is not understood.
    """
    return tuple(_term(part, text) for part in scan(text))


def format_query(terms: Iterable[Term]) -> str:
    """The text that parses to these terms."""
    return " ".join(("-" if term.negated else "") + _format(term) for term in terms)


def quoted(value: str) -> str:
    """A value as it can stand behind a field: in quotes where it needs them."""
    return value if _PLAIN_VALUE.fullmatch(value) else '"' + value.replace('"', '""') + '"'


def _format(term: Term) -> str:
    if isinstance(term, LossTerm):
        return f"loss.{term.component}{term.comparison}{term.count}"
    if isinstance(term, CountTerm):
        return f"{term.measure}{term.comparison}{term.count}"
    if term.field == "text" and len(term.values) == 1:
        word = term.values[0]
        return word if _PLAIN_WORD.fullmatch(word) else '"' + word.replace('"', '""') + '"'
    return f"{term.field}:{','.join(map(quoted, term.values))}"


def _term(part: Part, text: str) -> Term:
    if part.mark == ":":
        return _field_term(part, text)
    if part.mark and (part.name in COMPARED or part.name.startswith("loss.") or part.values[0].text.isdecimal()):
        return _comparison_term(part, text)
    typed = text[part.name_start : part.end]
    if typed.startswith("loss."):
        at_end = part.end == len(text)
        raise QueryError(QueryFlaw.LOSS_ALONE, [typed], part.name_start, part.end, unfinished=at_end)
    value = part.values[0]
    _check(part, value, text)
    return FieldTerm("text", (value.text if value.quoted else typed,), part.negated)


def _field_term(part: Part, text: str) -> FieldTerm:
    field = next((known for known in FIELDS if known == part.name), None)
    if field is None:
        raise _unknown(part, QueryFlaw.NO_FIELD, part.name, FIELDS)
    for value in part.values:
        _check(part, value, text)
        allowed = CHOICES.get(field)
        if allowed is not None and value.text not in allowed:
            parts, guess = (field, value.text, ", ".join(allowed)), _guess(value.text, allowed)
            begun = _begins(value, allowed, text)
            raise QueryError(QueryFlaw.VALUE, parts, value.start, value.end, guess=guess, unfinished=begun)
    return FieldTerm(field, tuple(value.text for value in part.values), part.negated)


def _begins(value: Value, allowed: Sequence[str], text: str) -> bool:
    return value.end == len(text) and any(choice.startswith(value.text) for choice in allowed)


def _comparison_term(part: Part, text: str) -> LossTerm | CountTerm:
    value = part.values[0]
    comparison = next(known for known in COMPARISONS if known == part.mark)
    if part.name not in COMPARED:
        flaw = QueryFlaw.NO_LOSS if part.name.startswith("loss.") else QueryFlaw.NO_COUNT
        raise _unknown(part, flaw, part.name.removeprefix("loss."), COMPARED)
    if not value.text.isdecimal():
        begun = not value.text and part.end == len(text)
        raise QueryError(QueryFlaw.NUMBER, (part.name, value.text), part.name_start, part.end, unfinished=begun)
    count = min(int(value.text[:_DIGITS_READ]), MOST)
    if part.name in LOSSES:
        return LossTerm(LOSSES[part.name], comparison, count, part.negated)
    return CountTerm(MEASURES[part.name], comparison, count, part.negated)


def _check(part: Part, value: Value, text: str) -> None:
    """Refuse quotes that do not close or run on, and what is not there."""
    at_end = part.end == len(text)
    if not value.closed:
        typed = text[value.start : value.end]
        raise QueryError(QueryFlaw.QUOTES, [typed], value.start, value.end, unfinished=at_end)
    if part.junk:
        raise QueryError(QueryFlaw.SPACE, [part.junk], part.end - len(part.junk), part.end)
    if not value.text and not value.quoted:
        flaw = QueryFlaw.NO_VALUE if part.mark else QueryFlaw.MINUS
        if len(part.values) > 1:
            flaw = QueryFlaw.NO_ALTERNATIVE
        raise QueryError(flaw, [part.name], part.start, part.end, unfinished=at_end)


def _unknown(part: Part, flaw: QueryFlaw, name: str, known: Sequence[str]) -> QueryError:
    start = part.name_start
    return QueryError(flaw, (name, ", ".join(known)), start, start + len(part.name), guess=_guess(part.name, known))


def _guess(wrong: str, known: Sequence[str]) -> str:
    return next(iter(get_close_matches(wrong.lower(), known, 1)), "")
