"""GAIA's rules for final answers, each with cases that were worked out by hand from its scorer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl_app.domain.final_answer import Answer, final_answer
from hitl_app.domain.trajectory import Step, Trajectory, action, message
from hitl_app.environments.answers import is_match


@pytest.mark.parametrize(
    ("answer", "expected", "match"),
    [
        ("17", "17", True),
        ("17.0", "17", True),
        ("17.", "17", True),
        (" 17\n", "17", True),
        ("$1,000", "1000", True),
        ("1,000.50", "1000.5", True),
        ("89%", "89", True),
        ("0.89", "89%", False),  # "89%" is no number for Python: a text, and its punctuation goes
        ("89", "89%", True),
        ("1e3", "1000", True),
        ("-5", "-5", True),
        ("5", "-5", False),
        ("17 km", "17", False),
        ("seventeen", "17", False),
        ("EUR 17", "17", False),
        ("17, 18", "17", False),  # "17 18" without its comma
        ("1,7", "17", True),  # where a comma is the decimal sign, too
        ("0.30000000000000004", "0.3", False),  # equal, not nearly equal
        ("１７", "17", True),  # digits of other scripts are digits
        ("", "17", False),
        ("", "0", False),
        ("what is no number counts as infinity", "inf", True),
        ("12", "inf", False),
        ("nan", "nan", False),
    ],
)
def test_an_expected_number_is_compared_as_a_number(answer: str, expected: str, match: bool) -> None:
    assert is_match(answer, expected) is match


@pytest.mark.parametrize(
    ("answer", "expected", "match"),
    [
        ("apple, pear", "apple,pear", True),
        ("apple; pear", "apple, pear", True),
        ("Apple,PEAR", "apple; pear", True),
        ("pear, apple", "apple, pear", False),
        ("apple", "apple, pear", False),
        ("apple, pear, plum", "apple, pear", False),
        ("apple, pear,", "apple, pear", False),
        ("apple and pear", "apple, pear", False),
        ("1.0, $2; 3%", "1, 2, 3", True),
        ("1, two", "1, 2", False),
        ("one, 2", "1, two", False),
        ("b, e.", "b, e", False),  # elements keep their punctuation
        ("sea gull, owl", "seagull, owl", True),
        ("1,000", "1,000", True),  # a list of "1" and "000", both of them numbers
        ("1000", "1,000", False),
        ("1,0", "1,000", True),
        ("", "a, b", False),
        (",", "a, b", False),
        (",", ";", True),
    ],
)
def test_an_expected_list_is_compared_element_by_element(answer: str, expected: str, match: bool) -> None:
    assert is_match(answer, expected) is match


@pytest.mark.parametrize(
    ("answer", "expected", "match"),
    [
        ("Paris", "paris", True),
        ("Paris.", "Paris", True),
        ("sea gull", "seagull", True),
        ("St. Petersburg", "st petersburg", True),
        ("it's", "its", True),
        ("right\t\n", "right", True),
        ("The Beatles", "Beatles", False),  # articles count
        ("Paris, France", "Paris", False),
        ("Zurich", "Zürich", False),
        ("zÜrich", "Zürich", True),
        ("Straße", "STRASSE", False),  # lower case, and nothing that depends on a language
        ("“Paris”", "Paris", False),  # punctuation is ASCII's
        ("São\u00a0Paulo", "São Paulo", True),
        ("17", "17 km", False),
        ("17km", "17 km", True),
        ("10:30", "1030 ", False),  # "1030 " is a number, and "10:30" is none
        ("", "Paris", False),
    ],
)
def test_any_other_expected_answer_is_compared_as_normalised_text(answer: str, expected: str, match: bool) -> None:
    assert is_match(answer, expected) is match


@pytest.mark.parametrize(
    ("steps", "answer"),
    [
        ((message("FINAL ANSWER: 42"),), Answer("42", 0)),
        ((message("Final answer : 41\nNo.\nFINAL ANSWER: 42\n"),), Answer("42", 0)),
        ((message("**FINAL ANSWER: 42**"),), Answer("42", 0)),
        ((message("**FINAL ANSWER:** a, b"),), Answer("a, b", 0)),
        ((message("FINAL ANSWER: 41"), message("Goodbye!")), Answer("Goodbye!", 1)),
        ((message("Thinking"), action("finish", {"answer": 42})), Answer("42", 1)),
        ((action("Finish", {"return_type": "give_answer", "final_answer": "42"}), message("Bye")), Answer("42", 0)),
        ((action("ANSWER", {"content": "42"}),), Answer("42", 0)),
        ((action("submit", {"answer": "FINAL ANSWER: 42"}), message("Bye")), Answer("42", 0)),
        ((action("finish", {"answer": "41"}), message("FINAL ANSWER: 42")), Answer("42", 1)),
        ((action("finish", {"answer": "41"}), action("finish", {"answer": "42"})), Answer("42", 1)),
        ((message("42"), action("submit", {})), Answer("42", 0)),
        ((message("42"), action("Finish", {"return_type": "give_up_and_restart"})), Answer("42", 0)),
        ((message("42"), action("search", {"answer": "41"})), Answer("42", 0)),
        ((message("42"), message("FINAL ANSWER: 41", "user"), message("  ")), Answer("42", 0)),
        ((action("search", {}),), None),
        ((), None),
    ],
)
def test_the_answer_is_found_where_agents_give_it(steps: tuple[Step, ...], answer: Answer | None) -> None:
    assert final_answer(Trajectory("task", steps)) == answer


TEXTS = st.text(max_size=12) | st.text("0123456789.,;$% -einfa", max_size=8)


@given(answer=TEXTS, expected=TEXTS)
def test_any_two_texts_are_told_apart_or_not_without_an_error(answer: str, expected: str) -> None:
    assert is_match(answer, expected) in (True, False)
    assert is_match(expected, expected) or "nan" in expected.lower()
