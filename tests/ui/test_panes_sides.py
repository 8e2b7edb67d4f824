"""The two sides of a hunk say what changed, and only that."""

from builders import BOOKING, CHANGED, TRANSFER
from hypothesis import given
from hypothesis import strategies as st

from hitl_app.domain.jsontypes import Json
from hitl_app.domain.side_by_side import MOST_WORDS, word_marks
from hitl_app.domain.trajectory import action, message
from hitl_app.ui.panes.sides import Side, sides

texts = st.text(st.sampled_from("ab c,日本"), max_size=40)


def marked(side: Side) -> list[str]:
    return [side.text[start : start + length] for start, length in side.marks]


def unmarked(text: str, marks: tuple[tuple[int, int], ...]) -> str:
    inside = {position for start, length in marks for position in range(start, start + length)}
    return "".join(c for position, c in enumerate(text) if position not in inside)


@given(texts, texts)
def test_what_is_not_marked_is_the_same_on_both_sides(left: str, right: str) -> None:
    marks = word_marks(left, right)
    assert unmarked(left, marks[0]) == unmarked(right, marks[1])


def test_only_the_changed_argument_is_marked() -> None:
    before, after = sides((BOOKING,), (CHANGED,))
    assert (marked(before), marked(after)) == (["0"], ["2"])


def test_an_argument_that_only_one_side_has_is_marked_whole() -> None:
    before, after = sides((action("find", {"id": 1, "old": True}),), (action("find", {"id": 1, "new": "x"}),))
    assert (marked(before), marked(after)) == (["old=true"], ['new="x"'])


def test_true_is_not_one() -> None:
    before, after = sides((action("find", {"id": True}),), (action("find", {"id": 1}),))
    assert (marked(before), marked(after)) == (["true"], ["1"])


def test_another_tool_is_shown_without_marks() -> None:
    before, after = sides((BOOKING,), (TRANSFER,))
    assert before.text.startswith("book_reservation(")
    assert after.text.startswith("transfer_to_human_agents(")
    assert not before.marks
    assert not after.marks


def test_words_of_a_message_are_marked() -> None:
    before, after = sides((message("I booked it for you."),), (message("I cannot book it for you."),))
    assert (marked(before), marked(after)) == (["booked"], ["cannot book"])


def test_long_repetitive_texts_are_compared() -> None:
    for words in (MOST_WORDS // 2 - 1, 100_000):
        left, right = ("a b " * words, "a c " + "a b " * words)
        marks = word_marks(left, right)
        assert unmarked(left, marks[0]) == unmarked(right, marks[1])


def test_of_a_large_argument_only_what_changed_is_shown() -> None:
    flights: list[Json] = [{"flight_number": f"HAT{n}", "seats": n} for n in range(60)]
    changed: list[Json] = [*flights[:30], {"flight_number": "HAT30", "seats": 0}, *flights[31:]]
    before, after = sides((action("book", {"flights": flights}),), (action("book", {"flights": changed}),))
    assert (marked(before), marked(after)) == (["30"], ["0"])
    assert "⋯ 29 equal items" in before.text
    assert len(before.text) < 400
    assert before.cut
    whole = sides((action("book", {"flights": flights}),), (action("book", {"flights": changed}),), whole=True)[0]
    assert "HAT59" in whole.text
    assert not whole.cut


def test_of_a_long_text_only_the_changed_words_stay() -> None:
    text = "word " * 600
    before, after = sides(
        (action("say", {"text": text + "old" + text}),), (action("say", {"text": text + "new" + text}),)
    )
    assert (marked(before), marked(after)) == (["old"], ["new"])
    assert len(after.text) < 400


def test_keys_keep_the_order_of_the_base() -> None:
    old, new = action("find", {"b": 1, "a": 2, "c": 3}), action("find", {"a": 5, "c": 3, "b": 1, "d": 0})
    names = [line.split("=")[0].strip() for line in sides((old,), (new,))[1].text.splitlines()[1:-1]]
    assert names == ["b", "a", "c", "d"]


def test_an_argument_that_is_the_same_and_long_is_folded_to_its_size() -> None:
    notes: list[Json] = ["x" * 20] * 30
    before, _ = sides((action("find", {"id": 1, "notes": notes}),), (action("find", {"id": 2, "notes": notes}),))
    assert "notes=[… 30]" in before.text
