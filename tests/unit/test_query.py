"""The queue's query language."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl_app.domain.loss import Component
from hitl_app.domain.query import (
    CHOICES,
    COMPARISONS,
    FIELDS,
    LOSSES,
    MEASURES,
    MOST,
    CountTerm,
    FieldTerm,
    LossTerm,
    QueryError,
    Term,
    format_query,
    parse_query,
)


def _field_terms(field: str) -> st.SearchStrategy[FieldTerm]:
    value = st.sampled_from(CHOICES[field]) if field in CHOICES else st.text(max_size=8)
    known = next(name for name in FIELDS if name == field)
    return st.builds(FieldTerm, st.just(known), st.lists(value, min_size=1, max_size=3).map(tuple), st.booleans())


_counts = st.integers(0, MOST)
_comparisons = st.sampled_from(COMPARISONS)
TERMS: st.SearchStrategy[Term] = st.one_of(
    st.sampled_from(FIELDS).flatmap(_field_terms),
    st.builds(LossTerm, st.sampled_from(list(LOSSES.values())), _comparisons, _counts, st.booleans()),
    st.builds(CountTerm, st.sampled_from(list(MEASURES.values())), _comparisons, _counts, st.booleans()),
)


def test_fields_losses_counts_quotes_and_bare_words_are_understood() -> None:
    assert parse_query('env:tau2 status:pending loss.feasibility>0 gradient:"gold run" cancel steps!=7') == (
        FieldTerm("env", ("tau2",)),
        FieldTerm("status", ("pending",)),
        LossTerm(Component.FEASIBILITY, ">", 0),
        FieldTerm("gradient", ("gold run",)),
        FieldTerm("text", ("cancel",)),
        CountTerm("steps", "!=", 7),
    )


def test_a_minus_sign_negates() -> None:
    assert parse_query("-env:travel -loss.total>=2") == (
        FieldTerm("env", ("travel",), negated=True),
        LossTerm("total", ">=", 2, negated=True),
    )


def test_commas_part_alternatives_unless_they_stand_in_quotes_or_in_a_bare_word() -> None:
    assert parse_query('status:pending,flagged task:"a,b","say ""so""" x,y') == (
        FieldTerm("status", ("pending", "flagged")),
        FieldTerm("task", ("a,b", 'say "so"')),
        FieldTerm("text", ("x,y",)),
    )


@pytest.mark.parametrize("digits", [30, 5000])
def test_a_count_may_be_larger_than_any_computer_counts(digits: int) -> None:
    assert parse_query("steps<" + "9" * digits) == (CountTerm("steps", "<", MOST),)


def test_an_empty_query_asks_for_everything() -> None:
    assert parse_query("   ") == ()


@pytest.mark.parametrize(
    ("query", "complaint", "marked"),
    [
        ("a colour:red", 'no field is called "colour"', "colour"),
        ("stats:pending", r'did you mean "status"\?', "stats"),
        ("Status:pending", r'did you mean "status"\?', "Status"),
        ("loss.fun>1", 'no loss is called "fun"', "loss.fun"),
        ("step>3", r'no count is called "step"; .*; did you mean "steps"\?', "step"),
        ("steps>many", 'compared with a count, as in steps>0, not with "many"', "steps>many"),
        ("loss.goal", "as in loss.goal>0", "loss.goal"),
        ("status:pending,done", 'status cannot be "done"; it is one of pending', "done"),
        ("status:rejectd", r'did you mean "rejected"\?', "rejectd"),
        ('gradient:"open', "quotes must close", '"open'),
        ('env:"a"b', 'a space must follow the closing quote, before "b"', "b"),
        ("env: tau2", 'right behind "env:"', "env:"),
        ("env:a,,b", "missing beside a comma", "env:a,,b"),
        ("a - b", "minus sign", "-"),
    ],
)
def test_a_query_that_makes_no_sense_is_answered_with_the_place_and_what_would(
    query: str, complaint: str, marked: str
) -> None:
    with pytest.raises(QueryError, match=complaint) as raised:
        parse_query(query)
    assert query[raised.value.start : raised.value.end] == marked


@pytest.mark.parametrize("query", ["status:", "status:pend", "-", "env:a,", 'task:"two wo', "steps>", "loss.go"])
def test_a_query_that_only_lacks_its_end_is_told_from_one_that_is_wrong(query: str) -> None:
    with pytest.raises(QueryError) as raised:
        parse_query(query)
    assert raised.value.unfinished
    with pytest.raises(QueryError) as raised:
        parse_query("nofield:x " + query)
    assert not raised.value.unfinished


@given(st.text(max_size=40))
def test_any_text_is_parsed_or_refused_with_a_message_and_a_place(text: str) -> None:
    with contextlib.suppress(QueryError):
        assert all(isinstance(term, FieldTerm | LossTerm | CountTerm) for term in parse_query(text))
        return
    with pytest.raises(QueryError, match=r"\w") as raised:
        parse_query(text)
    assert 0 <= raised.value.start < raised.value.end <= len(text)


@given(st.lists(TERMS, max_size=5).map(tuple))
def test_what_is_written_of_terms_is_read_as_them(terms: tuple[Term, ...]) -> None:
    assert parse_query(format_query(terms)) == terms
