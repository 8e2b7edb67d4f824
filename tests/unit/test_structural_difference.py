"""What differs between two JSON values is found by structure, and applying it gives the second."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hitl_app.domain.alignment import best_pairs, common
from hitl_app.domain.json_diff import Change, ChangeKind, apply_changes, json_changes, path_text
from hitl_app.domain.jsontypes import Json, same_json

plain: st.SearchStrategy[Json] = st.one_of(
    st.none(), st.booleans(), st.integers(0, 3), st.sampled_from([1.0, 0.5, "", "a b", "a c", "é", "机票"])
)
values: st.SearchStrategy[Json] = st.recursive(
    plain,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(["id", "a", "b"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(values, values)
def test_applying_the_changes_to_the_old_value_gives_the_new(old: Json, new: Json) -> None:
    changes = json_changes(old, new)
    assert same_json(apply_changes(old, changes), new)
    assert bool(changes) is not same_json(old, new)


def test_only_what_changed_in_a_large_argument_is_named() -> None:
    flights: list[Json] = [{"flight_number": f"HAT{n}", "seats": n, "date": "2024-05-21"} for n in range(50)]
    changed: list[Json] = [*flights[:20], {"flight_number": "HAT20", "seats": 0, "date": "2024-05-21"}, *flights[21:]]
    (change,) = json_changes({"flights": flights}, {"flights": changed})
    assert (path_text(change.path), change.before, change.after) == ("flights[20].seats", 20, 0)


def test_items_are_told_apart_by_an_id_wherever_they_stand() -> None:
    old: Json = [{"id": "a", "n": 1}, {"id": "b", "n": 2}, {"id": "c", "n": 3}]
    new: Json = [{"id": "b", "n": 2}, {"id": "x", "n": 2}, {"id": "c", "n": 4}]
    assert json_changes(old, new) == (
        Change(ChangeKind.REMOVED, (0,), before={"id": "a", "n": 1}),
        Change(ChangeKind.ADDED, (2,), after={"id": "x", "n": 2}),
        Change(ChangeKind.CHANGED, (2, "n"), 3, 4),
    )


def test_an_item_that_is_put_in_changes_no_other() -> None:
    assert json_changes([1, 2, 3], [1, 9, 2, 3]) == (Change(ChangeKind.ADDED, (1,), after=9),)


def test_true_is_another_value_than_one() -> None:
    assert [change.path for change in json_changes({"a": True, "b": 1}, {"a": 1, "b": 1.0})] == [("a",)]


letters = st.lists(st.sampled_from("abc"), max_size=9)


@given(letters, letters)
def test_a_longest_common_subsequence_is_found(left: list[str], right: list[str]) -> None:
    lengths = [[0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for i, one in enumerate(left):
        for j, other in enumerate(right):
            lengths[i + 1][j + 1] = lengths[i][j] + 1 if one == other else max(lengths[i][j + 1], lengths[i + 1][j])
    pairs = common(left, right)
    assert len(pairs) == lengths[-1][-1]
    assert all(left[i] == right[j] for i, j in pairs)
    assert pairs == sorted(pairs)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)


@given(st.lists(st.lists(st.integers(0, 3), min_size=3, max_size=3), max_size=5))
def test_the_best_pairs_are_in_order_and_worth_the_most(scores: list[list[int]]) -> None:
    pairs = best_pairs(len(scores), 3, lambda i, j: float(scores[i][j]))
    best = [[0] * 4 for _ in range(len(scores) + 1)]
    for i, row in enumerate(scores):
        for j, worth in enumerate(row):
            best[i + 1][j + 1] = max(best[i][j + 1], best[i + 1][j], best[i][j] + worth)
    assert sum(scores[i][j] for i, j in pairs) == best[-1][-1]
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))


def test_thousands_of_repetitive_lines_are_aligned_at_once() -> None:
    left, right = ["a", "b"] * 3000, ["b", "a", "a"] * 2000
    assert len(common(left, right)) >= 4000
