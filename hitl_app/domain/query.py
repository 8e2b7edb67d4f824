"""The query language of the queue: `env:tau2 status:pending loss.feasibility>0 gradient:"refund" cancel`.

Terms are joined by AND. A bare word is searched in the full text of tasks, steps and gradients.
"""

import re
from dataclasses import dataclass
from typing import Literal, get_args

from hitl_app.domain.decision import ReviewStatus
from hitl_app.domain.errors import UserError
from hitl_app.domain.loss import Component

Field = Literal[
    "env",
    "domain",
    "task",
    "model",
    "format",
    "file",
    "status",
    "verified",
    "gradient",
    "text",
    "assigned",
    "by",
]
FIELDS: tuple[Field, ...] = get_args(Field)
Comparison = Literal["<", "<=", "=", ">=", ">"]

_TERM = re.compile(
    r"""\s*(?P<minus>-)?(?:
        loss\.(?P<component>[a-z_]+)(?P<op><=|>=|<|>|=)(?P<number>\d+)
      | (?P<field>[a-z]+):(?P<value>"[^"]*"|[^\s"]\S*)
      | (?P<word>"[^"]*"|[^\s:"][^\s:]*)
    )(?=\s|$)""",
    re.VERBOSE,
)


class QueryError(UserError):
    """The query cannot be understood; says which part, and what would be."""


@dataclass(frozen=True, slots=True)
class FieldTerm:
    """`field:value`; `negated` by a leading minus sign."""

    field: Field
    value: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class LossTerm:
    """`loss.component>count`. Components that were not measured fit no comparison."""

    component: Component
    comparison: Comparison
    count: int
    negated: bool = False


Term = FieldTerm | LossTerm


def parse_query(text: str) -> tuple[Term, ...]:
    """Parse a query.

    Raises:
        QueryError: Names the first part that is not understood.
    """
    terms: list[Term] = []
    position, text = 0, text.rstrip()
    while position < len(text):
        match = _TERM.match(text, position)
        if match is None:
            raise QueryError(
                f'cannot read "{text[position:].strip()}" of the query: quotes must close, fields end in ":"'
            )
        terms.append(_term(match))
        position = match.end()
    return tuple(terms)


def _term(match: re.Match[str]) -> Term:
    negated = match["minus"] is not None
    if match["component"] is not None:
        try:
            component = Component(match["component"])
        except ValueError:
            names = ", ".join(Component)
            raise QueryError(f'no loss is called "{match["component"]}"; there are {names}') from None
        comparison: Comparison = match["op"]  # type: ignore[assignment]  # the pattern admits exactly these five
        return LossTerm(component, comparison, int(match["number"]), negated)
    if match["word"] is not None and match["word"].startswith("loss."):
        raise QueryError(f'cannot read "{match["word"]}": losses are compared with a count, as in loss.goal>0')
    if match["word"] is not None:
        return FieldTerm("text", match["word"].strip('"'), negated)
    name, value = match["field"], match["value"].strip('"')
    field = next((known for known in FIELDS if known == name), None)
    if field is None:
        raise QueryError(f'no field is called "{name}"; there are {", ".join(FIELDS)}, and loss.COMPONENT>N')
    choices: dict[str, list[str]] = {"status": list(ReviewStatus), "verified": ["yes", "no", "unknown"]}
    allowed = choices.get(field)
    if allowed is not None and value not in allowed:
        raise QueryError(f'{field} cannot be "{value}"; it is one of {", ".join(allowed)}')
    return FieldTerm(field, value, negated)
