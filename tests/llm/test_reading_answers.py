"""Values are found in what models say, and nothing that they say breaks the search."""

import json
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from keeping import PLACE, question

from hitl_app.domain.jsontypes import canonical
from hitl_app.llm.structured import quoted, read, values_in, whole_characters

VALUE = {"city": "Lund", "nights": 2}
TEXT = json.dumps(VALUE)


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        f"  \n{TEXT}\n",
        f"```json\n{TEXT}\n```",
        f"Of course [1]:\n```\n{TEXT}\n```\nAnything else?",
        f"I thought {{a lot}} of it: {TEXT}. {{}}",
        f'<think>{{"city": "Oslo", "nights": 1}}</think>{TEXT}',
        '{"city": "Lund", "nights": 2,}',
        f'My 19" screen shows {{"city": "Lund", "nights": 2 , }} and {TEXT}',
        f'{{"city": 3}} or rather {TEXT}',
    ],
)
def test_the_value_that_fits_is_found(text: str) -> None:
    reading = read(question(schema=PLACE), {"text": text, "calls": [], "finish": "stop"})
    assert reading.value == VALUE
    assert not reading.problem


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "it is empty"),
        ("42", "the answer must be of type object, not 42"),
        ("{'city': 'Lund'}", "it holds no JSON"),
        ('{"city": NaN, "nights": 1}', "it holds no JSON"),
        ('{"city": "a", "nights": 1e999}', "it holds no JSON"),
        ('{"city": "a,}", "nights": true}', "nights must be of type integer, not True"),
        ('{"city": "a"}', "nights is missing"),
    ],
)
def test_what_does_not_fit_is_said(text: str, problem: str) -> None:
    assert problem in read(question(schema=PLACE), {"text": text}).problem


def test_commas_inside_of_texts_stay() -> None:
    assert next(values_in('{"a": "x,}", "b": [1,],}')) == {"a": "x,}", "b": [1]}


@pytest.mark.parametrize(
    "text",
    [
        "[" * 200_000,
        '{"a":' * 100_000,
        '"\\' * 200_000,
        "{" + '"\\"' * 200_000,
        "```\n" * 100_000,
        "," + " " * 500_000,
        "<think>" * 100_000,
        '{"a":"' + "x" * 1_000_000,
        "[" + "1" * 100_000 + "]",
    ],
)
def test_hostile_texts_are_read_in_a_moment(text: str) -> None:
    began = time.monotonic()
    assert read(question(schema=PLACE), {"text": text}).problem
    assert time.monotonic() - began < 3


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=8), json_values, max_size=4), st.text("abc ,.:\n`", max_size=20))
def test_any_object_is_found_in_any_prose(value: dict[str, object], prose: str) -> None:
    assert next(values_in(f"{prose}{json.dumps(value)}{prose}")) == value


@given(st.text())
@example("{" * 5000)
@example("\ud800")
def test_no_text_breaks_the_search(text: str) -> None:
    for value in values_in(text):
        canonical(value)
    quoted(text).encode("utf-8", "surrogatepass")
    whole_characters(text).encode("utf-8")
