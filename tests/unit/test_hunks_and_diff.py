"""Applying hunks and diffing two trajectories are inverse of each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl_app.domain.diff import align_steps, diff_steps
from hitl_app.domain.hunk import Hunk, HunkError, Operator, apply_hunks
from hitl_app.domain.trajectory import Recorded, Step, action, message

values = st.one_of(st.integers(0, 2), st.booleans(), st.sampled_from(["", "a", "é", "机票"]))
calls = st.builds(
    action,
    st.sampled_from(["look", "book"]),
    st.dictionaries(st.sampled_from(["id", "day"]), values, max_size=2),
    expected=st.sampled_from([None, Recorded("{}"), Recorded("no", failed=True)]),
    turn=st.sampled_from([None, 1]),
)
messages = st.builds(message, st.sampled_from(["hi", "bye"]), st.sampled_from(["user", "assistant"]))
trajectories = st.lists(st.one_of(calls, messages), max_size=8)


def keys(steps: tuple[Step, ...] | list[Step]) -> list[str]:
    return [step.key for step in steps]


@given(trajectories, trajectories)
def test_applying_the_difference_of_two_trajectories_gives_the_second(a: list[Step], b: list[Step]) -> None:
    assert keys(apply_hunks(a, diff_steps(a, b)).steps) == keys(b)


@st.composite
def base_and_hunks(draw: st.DrawFn) -> tuple[list[Step], list[Hunk]]:
    base = draw(st.lists(st.one_of(calls, messages), min_size=1, max_size=8))
    hunks: list[Hunk] = []
    for index, step in enumerate(base):
        operator = draw(
            st.sampled_from([None, None, Operator.DELETE, Operator.REPLACE, Operator.MOVE, Operator.INSERT])
        )
        if operator is Operator.DELETE:
            hunks.append(Hunk(operator, index, index + 1, (step,), ()))
        elif operator is Operator.REPLACE:
            hunks.append(Hunk(operator, index, index + 1, (step,), (draw(calls),)))
        elif operator is Operator.MOVE:
            hunks.append(Hunk(operator, index, index + 1, (step,), (step,), to=draw(st.integers(0, len(base)))))
        elif operator is Operator.INSERT:
            hunks.append(Hunk(operator, index, index, (), (draw(messages),)))
    return base, hunks


@given(base_and_hunks())
def test_differences_of_applied_hunks_apply_to_the_same_steps(case: tuple[list[Step], list[Hunk]]) -> None:
    base, hunks = case
    applied = apply_hunks(base, hunks)
    assert keys(apply_hunks(base, diff_steps(base, applied.steps)).steps) == keys(applied.steps)


@given(base_and_hunks(), st.data())
def test_any_subset_of_hunks_applies(case: tuple[list[Step], list[Hunk]], data: st.DataObject) -> None:
    base, hunks = case
    kept = [hunk for hunk in hunks if data.draw(st.booleans())]
    applied = apply_hunks(base, kept)
    taken_out = sum(len(hunk.before) for hunk in kept)
    put_in = sum(len(hunk.after) for hunk in kept)
    assert len(applied.steps) == len(base) - taken_out + put_in
    assert keys(applied.steps[: applied.divergence]) == keys(base[: applied.divergence])


def test_a_changed_argument_is_one_small_hunk() -> None:
    base = [message("hi"), action("book", {"id": 1, "day": "mon"}), message("bye")]
    revised = [base[0], action("book", {"id": 1, "day": "tue"}), base[2]]
    (hunk,) = diff_steps(base, revised)
    assert (hunk.operator, hunk.start, hunk.end) == (Operator.SET_ARGUMENT, 1, 2)


def test_a_moved_step_is_shown_as_moved() -> None:
    base = [message("a"), message("b"), message("c"), message("d")]
    (hunk,) = diff_steps(base, [base[3], *base[:3]])
    assert (hunk.operator, hunk.start, hunk.to) == (Operator.MOVE, 3, 0)


def test_true_and_one_are_different_arguments() -> None:
    assert diff_steps([action("book", {"id": True})], [action("book", {"id": 1})])


def test_two_hunks_on_one_step_are_refused_by_name() -> None:
    base = [message("a")]
    delete = Hunk(Operator.DELETE, 0, 1, (base[0],), ())
    with pytest.raises(HunkError, match="step 0 is already changed by hunk 0"):
        apply_hunks(base, [delete, delete])


def test_a_hunk_of_another_base_is_refused() -> None:
    with pytest.raises(HunkError, match="not those of the base"):
        apply_hunks([message("a")], [Hunk(Operator.DELETE, 0, 1, (message("b"),), ())])


def test_an_edited_call_is_paired_with_its_old_self_among_steps_that_come_and_go() -> None:
    old = action("book", {"flight": "HAT052", "day": "mon", "user": "mia", "bags": 0})
    new = action("book", {"flight": "HAT052", "day": "tue", "user": "mia", "bags": 0})
    base = [message("hi"), action("look", {"id": 1}), action("book", {"flight": "HAT999"}), old, message("bye")]
    revised = [message("hi"), new, action("look", {"id": 7, "more": "x"}), message("done and dusted"), message("bye")]
    hunks = {hunk.operator: hunk for hunk in diff_steps(base, revised)}
    assert (hunks[Operator.SET_ARGUMENT].before, hunks[Operator.SET_ARGUMENT].after) == ((old,), (new,))


def test_a_step_that_was_moved_and_edited_is_one_move() -> None:
    old = action("book", {"flight": "HAT052", "day": "mon", "user": "mia", "bags": 0, "seat": "12A"})
    new = action("book", {"flight": "HAT052", "day": "tue", "user": "mia", "bags": 0, "seat": "12A"})
    rest = [message(word) for word in ("a", "b", "c")]
    (hunk,) = diff_steps([*rest, old], [new, *rest])
    assert (hunk.operator, hunk.start, hunk.to, hunk.after) == (Operator.MOVE, 3, 0, (new,))


def test_every_step_of_both_stands_in_one_row() -> None:
    base = [message(word) for word in "abcdef"]
    revised = [message(word) for word in "faxcd"]
    rows = align_steps(base, revised)
    assert sorted(row.old for row in rows if row.old is not None) == list(range(6))
    assert sorted(row.new for row in rows if row.new is not None) == list(range(5))
    assert {(row.old, row.new, row.moved) for row in rows if row.moved is not None} == {(None, 0, 5), (5, None, 0)}


def test_a_thousand_edited_steps_are_compared_with_a_thousand() -> None:
    base = [action("book", {"flight": f"HAT{n}", "day": "mon", "user": "mia"}) for n in range(1000)]
    revised = [action("book", {**step.arguments, "day": "tue"}) for step in base]
    hunks = diff_steps(base, [*revised[:500], message("new"), *revised[500:]])
    assert [hunk.operator for hunk in hunks].count(Operator.SET_ARGUMENT) == 1000
