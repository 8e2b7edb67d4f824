import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hitl_app.domain.training import Filters, Resampling, Splits

SHARES = st.lists(st.integers(1, 9), min_size=1, max_size=5).map(
    lambda sizes: tuple((f"part{number}", size / sum(sizes)) for number, size in enumerate(sizes))
)


@settings(max_examples=15, deadline=None)
@given(SHARES, st.integers(0, 2**64))
def test_each_part_gets_its_share_of_the_tasks(shares: tuple[tuple[str, float], ...], seed: int) -> None:
    splits = Splits(shares, seed)
    drawn = Counter(splits.part_of(f"recorded/shop/{number}") for number in range(1_000))
    for name, share in shares:
        assert abs(drawn[name] / 1_000 - share) < 5 * (share * (1 - share) / 1_000) ** 0.5 + 1e-9


@given(st.text(), st.integers())
def test_a_larger_first_part_keeps_what_was_in_it(task: str, seed: int) -> None:
    small = Splits((("train", 0.5), ("test", 0.5)), seed).part_of(task)
    large = Splits((("train", 0.8), ("test", 0.2)), seed).part_of(task)
    assert small == large or (small, large) == ("test", "train")


@settings(max_examples=15, deadline=None)
@given(st.floats(0.01, 5), st.floats(0, 3), st.integers(0, 2**64))
def test_rows_are_repeated_in_proportion_to_their_weights(rate: float, weight: float, seed: int) -> None:
    resampling = Resampling(rate, seed)
    copies = [resampling.copies(f"row{number}", weight) for number in range(1_000)]
    expected = rate * weight
    part = expected % 1
    assert set(copies) <= {int(expected), int(expected) + 1}
    assert abs(sum(copies) / 1_000 - expected) < 5 * (part * (1 - part) / 1_000) ** 0.5 + 0.002
    assert copies == [Resampling(rate, seed).copies(f"row{number}", weight) for number in range(1_000)]


@pytest.mark.parametrize(
    ("parts", "complaint"),
    [
        ("train=0.9", "shares of the parts add up to 1, not 0.9"),
        ("train=1.5,test=-0.5", "a share is above 0, not -0.5 for 'test'"),
        ("train=nan,test=1", "a share is above 0, not nan for 'train'"),
        ("train=inf", "shares of the parts add up to 1, not inf"),
        ("train=0.5,Train=0.5", "each part comes once, not 'train' twice"),
        ("train=0.5,../x=0.5", "a part's name has letters, digits and _, and begins with no digit, not '../x'"),
        ("all=1", "no part can be named 'all'"),
        ("train", "a part is a name with its share, not 'train'"),
        ("", "a part is a name with its share, not ''"),
    ],
)
def test_parts_that_are_none_are_refused_with_what_is_wrong(parts: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=re.escape(complaint)):
        Splits.read(parts)


def test_rates_and_shares_beyond_their_bounds_are_refused() -> None:
    for rate in (0, -1, 101, float("nan")):
        with pytest.raises(ValueError, match=f"a rate is above 0 and at most 100, not {rate:g}"):
            Resampling(rate)
    for agreement in (-0.1, 1.1, float("nan")):
        with pytest.raises(ValueError, match=f"an agreement is 0 to 1, not {agreement:g}"):
            Filters(agreement=agreement)
