"""What the query line offers while one types."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_query import TERMS

from hitl_app.domain.query import QueryError, Term, format_query, parse_query
from hitl_app.domain.query_completion import Offer, Place, Wanted, complete, offers, place_at


def offered(query: str, *values: str) -> list[str]:
    """What is offered where `|` stands."""
    place = place_at(query.replace("|", ""), query.index("|"))
    return [offer.text for offer in offers(place, values)] if place else []


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("st|", ["status:", "steps"]),
        ("env:tau2 -ver|", ["verified:"]),
        ("goal|", ["loss.goal"]),
        ("loss.so|", ["loss.soft_constraints"]),
        ("steps|", ["steps>", "steps=", "steps<", "steps>=", "steps<=", "steps!="]),
        ("steps>|", ["0", "1", "5", "10", "20"]),
        ("status:pe|", ["pending"]),
        ("status:pending,|", ["approved", "edited", "rejected", "skipped", "flagged", "disputed"]),
        ("verified:| env:x", ["yes", "no", "unknown"]),
    ],
)
def test_names_comparisons_counts_and_known_values_are_offered_where_they_fit(query: str, first: list[str]) -> None:
    assert offered(query)[: len(first)] == first


def test_values_of_the_store_are_offered_with_quotes_where_they_need_them() -> None:
    values = ("gpt-4o", "my gpt", 'a "b"', "x,y")
    assert offered("model:|", *values) == ["gpt-4o", '"my gpt"', '"a ""b"""', '"x,y"']
    assert offered('model:"GPT|', *values) == ["gpt-4o", '"my gpt"']
    assert offered("model:gpt-4o,gpt|", *values) == ['"my gpt"']


def test_nothing_is_offered_inside_of_names_behind_closed_quotes_and_in_quoted_words() -> None:
    assert [offered(query) for query in ("sta|tus:pending", 'env:"a"|', '"sta|', "nofield:|", "|-env:a")] == [[]] * 5
    assert len(offered("|")) == 21


def test_a_completion_takes_the_place_of_the_whole_value_and_of_nothing_else() -> None:
    text = 'status:pexxx,flagged env:"ta status:edited'
    place = place_at(text, 9)
    assert place == Place(7, 12, "pe", Wanted.VALUE, "status", ("flagged",))
    assert complete(text, place, Offer("pending", Wanted.VALUE)) == (
        'status:pending,flagged env:"ta status:edited',
        len("status:pending"),
    )
    place = place_at(text, text.index(" status:edited"))
    assert place is not None
    assert complete(text, place, offers(place, ["tau2"])[0])[0] == "status:pexxx,flagged env:tau2 status:edited"


def _may_be_typed_on(text: str) -> bool:
    try:
        parse_query(text)
    except QueryError as error:
        return error.unfinished
    return True


def _settled(text: str, cursor: int, values: list[str]) -> None:
    """Whatever is offered ends in a query that parses, at the latest when every name got what it leads to."""
    place = place_at(text, cursor)
    for offer in offers(place, values) if place else ():
        taken, there = complete(text, place, offer) if place else ("", 0)
        if offer.wanted is Wanted.NAME:
            assert place_at(taken, there) is not None
            if offer.text.endswith((":", "<", "=", ">")):
                _settled(taken, there, values)
        else:
            assert parse_query(taken)


@given(st.lists(TERMS, min_size=1, max_size=3).map(format_query), st.data())
def test_every_completion_of_a_query_half_typed_ends_in_a_query_that_parses(query: str, data: st.DataObject) -> None:
    half = query[: data.draw(st.integers(0, len(query)))]
    assert _may_be_typed_on(half)
    _settled(half, len(half), data.draw(st.lists(st.text(max_size=5), max_size=3)))


@given(
    st.text(alphabet='st:env"a,->. loss', max_size=15), st.integers(0, 15), st.lists(st.text(max_size=3), max_size=2)
)
def test_any_line_and_cursor_get_offers_that_fit_the_place(text: str, cursor: int, values: list[str]) -> None:
    place = place_at(text, min(cursor, len(text)))
    if place is None:
        return
    assert 0 <= place.start <= min(cursor, len(text)) <= place.end <= len(text)
    try:
        parse_query(text)
    except QueryError:
        return
    _settled(text, min(cursor, len(text)), values)


def test_terms_survive_completion() -> None:
    query = "env:tau2 stat"
    place = place_at(query, len(query))
    assert place is not None
    text, cursor = complete(query, place, offers(place)[0])
    place = place_at(text, cursor)
    assert place is not None
    terms: tuple[Term, ...] = parse_query(complete(text, place, offers(place)[0])[0])
    assert format_query(terms) == "env:tau2 status:pending"
