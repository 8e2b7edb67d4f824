"""The queue's query language."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl_app.domain.loss import Component
from hitl_app.domain.query import FieldTerm, LossTerm, QueryError, Term, parse_query


def test_fields_losses_quotes_and_bare_words_are_understood() -> None:
    assert parse_query('env:tau2 status:pending loss.feasibility>0 gradient:"gold run" cancel') == (
        FieldTerm("env", "tau2"),
        FieldTerm("status", "pending"),
        LossTerm(Component.FEASIBILITY, ">", 0),
        FieldTerm("gradient", "gold run"),
        FieldTerm("text", "cancel"),
    )


def test_a_minus_sign_negates() -> None:
    assert parse_query("-env:travel -loss.goal>=2") == (
        FieldTerm("env", "travel", negated=True),
        LossTerm(Component.GOAL, ">=", 2, negated=True),
    )


def test_an_empty_query_asks_for_everything() -> None:
    assert parse_query("   ") == ()


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ("colour:red", 'no field is called "colour"'),
        ("loss.fun>1", 'no loss is called "fun"'),
        ("status:done", 'status cannot be "done"; it is one of pending'),
        ('gradient:"open', "quotes must close"),
    ],
)
def test_a_query_that_makes_no_sense_is_answered_with_what_would(query: str, complaint: str) -> None:
    with pytest.raises(QueryError, match=complaint):
        parse_query(query)


@given(st.text(max_size=40))
def test_any_text_is_parsed_or_refused_with_a_message(text: str) -> None:
    terms: tuple[Term, ...] = ()
    with contextlib.suppress(QueryError):
        terms = parse_query(text)
    assert all(isinstance(term, FieldTerm | LossTerm) for term in terms)
