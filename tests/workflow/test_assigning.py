"""Assignments are balanced, come out the same by the same seed, and nothing that is assigned ever moves."""

from collections import defaultdict
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl_app.domain.errors import UserError
from hitl_app.workflow.assigning import AssignmentPlan, plan

PEOPLE = ["ann", "ben", "cem", "dia"]


def by_root(made: AssignmentPlan) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for root, name in made.pairs:
        found[root].add(name)
    return dict(found)


@given(
    count=st.integers(0, 40),
    people=st.integers(2, 4),
    overlap=st.floats(0, 1),
    seed=st.integers(0, 5),
    order=st.randoms(use_true_random=False),
)
def test_everyone_gets_as_much_and_the_overlap_is_the_share_asked_for(
    count: int, people: int, overlap: float, seed: int, order: Random
) -> None:
    roots = [f"r{number}" for number in range(count)]
    made = plan(roots, PEOPLE[:people], {}, overlap=overlap, seed=seed)
    loads = [share.total for share in made.shares]

    assert max(loads) - min(loads) <= 1
    assert sum(loads) == len(made.pairs) == count + round(overlap * count)
    assert made.overlapping == round(overlap * count)
    assert set(by_root(made)) == set(roots)

    order.shuffle(roots)
    assert plan(roots, PEOPLE[:people], {}, overlap=overlap, seed=seed) == made


def test_added_data_moves_nothing_and_a_second_time_adds_nothing() -> None:
    roots = [f"r{number}" for number in range(20)]
    first = by_root(plan(roots, PEOPLE, {}, overlap=0.2))
    again = plan(roots, PEOPLE, first, overlap=0.2, seed=9)
    assert (again.pairs, again.untouched, again.overlapping) == ((), 20, 4)

    more = plan([*roots, *(f"new{number}" for number in range(10))], PEOPLE, first, overlap=0.2)
    assert all(root.startswith("new") for root, _ in more.pairs)
    assert (more.untouched, more.overlapping) == (20, 6)
    totals = [share.total for share in more.shares]
    assert max(totals) - min(totals) <= 1


def test_who_joins_later_gets_what_is_left_until_all_have_as_much() -> None:
    roots = [f"r{number}" for number in range(12)]
    first = by_root(plan(roots[:8], ["ann", "ben"], {}))
    later = plan(roots, ["ann", "ben", "cem"], first)

    assert {share.annotator: share.new for share in later.shares} == {"ann": 0, "ben": 0, "cem": 4}


def test_another_seed_gives_another_plan() -> None:
    roots = [f"r{number}" for number in range(20)]
    assert plan(roots, PEOPLE, {}, seed=1).pairs != plan(roots, PEOPLE, {}, seed=2).pairs


@pytest.mark.parametrize(
    ("people", "options", "words"),
    [
        ([" "], {}, "at least one name"),
        (["ann"], {"overlap": 0.5}, "only 1"),
        (["ann", "ben"], {"per_item": 3}, "only 2"),
        (["ann", "ben"], {"overlap": 20}, "share from 0 to 1"),
        (["ann", "ben"], {"overlap": 0.5, "overlap_by": 1}, "at least two people"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(people: list[str], options: dict[str, float], words: str) -> None:
    with pytest.raises(UserError, match=words):
        plan(["r"], people, {}, **options)  # type: ignore[arg-type]  # whole numbers and shares in one table
