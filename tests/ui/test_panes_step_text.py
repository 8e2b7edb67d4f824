"""Steps as text: nothing is lost on the way to the editor and back."""

import re
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl_app.domain.jsontypes import Json
from hitl_app.domain.trajectory import Recorded, Step, action, message
from hitl_app.ui.step_text import (
    call_text,
    one_line,
    preview,
    short_json,
    step_from_text,
    text_of_step,
)

texts = st.text(st.characters(exclude_categories=["Cs"]))
names = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1)
values: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
arguments = st.dictionaries(texts, values, max_size=4)
actions = st.builds(lambda tool, given, turn: action(tool, given, turn=turn), names, arguments, st.none() | st.just(2))
messages = st.builds(message, texts, st.sampled_from(["assistant", "user", "system"]))


@given(actions | messages)
def test_a_step_survives_the_way_to_text_and_back(step: Step) -> None:
    assert step_from_text(step, text_of_step(step)).key == step.key


@given(actions, arguments)
def test_edited_arguments_arrive_whole(step: Step, new: dict[str, Json]) -> None:
    edited = step_from_text(step, text_of_step(action(step.tool, new)))
    assert edited.arguments == new
    assert edited.turn == step.turn


@given(actions)
def test_a_text_editor_finds_no_other_line_ends_than_line_breaks(step: Step) -> None:
    body = text_of_step(step).partition("\n")[2]
    assert not set(body) & set("\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\ufdd0\ufdd1")


def test_a_changed_call_expects_nothing_yet_and_an_unchanged_one_keeps_what_was_recorded() -> None:
    step = action("find", {"id": 1}, expected=Recorded("found"))
    assert step_from_text(step, 'find\n{"id": 1}') is step
    assert step_from_text(step, 'find\n{"id": 2}').expected is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("find\n{", "line 1, column 2"),
        ('find\n{"id": 1,}', "not valid JSON"),
        ("find\n[1]", "must be a JSON object"),
        ("find\n", "not valid JSON"),
        ("\n{}", "name the tool"),
        ('find\n{"id": NaN}', "no NaN"),
        ('find\n{"id": 1e999}', "too large"),
        ('find\n{"id": 1, "id": 2}', '"id" is given twice'),
        ('find\n{"a":' + "[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_wrong_with_a_text_is_said(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        step_from_text(action("find", {"id": 1}), text)


def test_a_message_cannot_be_emptied_but_an_empty_recorded_one_stays() -> None:
    with pytest.raises(ValueError, match="cannot be empty"):
        step_from_text(message("Hello"), "  ")
    assert step_from_text(message(""), "") == message("")


@given(values, st.integers(1, 60))
def test_a_preview_is_never_longer_than_asked_for_and_stands_on_one_line(value: Json, limit: int) -> None:
    shown = short_json(value, limit)
    assert len(shown) <= limit
    assert "\n" not in shown


@given(texts, st.integers(1, 60))
def test_a_line_is_short_and_whole_where_it_fits(text: str, limit: int) -> None:
    line = one_line(text, limit)
    assert len(line) <= limit
    assert line.isprintable() or not any(ord(c) < 32 for c in line)


def test_previews_of_huge_values_cost_nothing() -> None:
    huge = action("write", {"text": "x" * 10_000_000, "numbers": list(range(500_000))})
    tracemalloc.start()
    shown = preview(huge)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert shown.startswith('write(text="xxx')
    assert peak < 100_000, "the value is never written out whole"


def test_a_call_reads_like_code() -> None:
    assert call_text(action("find", {"id": "A", "n": [1, {"x": None}]})) == 'find(id="A", n=[1, {"x": null}])'
