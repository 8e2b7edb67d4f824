"""Agreement is what the literature's worked examples say it is, and is never a number where it is undefined."""

import math

import pytest

from hitl_app.workflow import agreement
from hitl_app.workflow.agreement import Coefficient, Scale, Undefined, cohen_kappa, krippendorff_alpha, measure

KRIPPENDORFF = {
    "A": "1 2 3 3 2 1 4 1 2 . . .",
    "B": "1 2 3 3 2 2 4 1 2 5 . 3",
    "C": ". 3 3 3 2 3 4 2 2 5 1 .",
    "D": "1 2 3 3 2 4 4 1 2 5 1 .",
}
"""Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", section C: four observers, missing data."""


def observed() -> list[dict[str, int]]:
    columns = zip(*(row.split() for row in KRIPPENDORFF.values()), strict=True)
    return [{name: int(v) for name, v in zip(KRIPPENDORFF, column, strict=True) if v != "."} for column in columns]


@pytest.mark.parametrize(("scale", "published"), [(Scale.NOMINAL, 0.743), (Scale.INTERVAL, 0.849)])
def test_alpha_is_the_published_one_where_answers_are_missing(scale: Scale, published: float) -> None:
    alpha = krippendorff_alpha(observed(), scale)

    assert alpha.value == pytest.approx(published, abs=0.0005)
    assert 0 < width(alpha) < 0.8
    assert krippendorff_alpha(observed(), scale) == alpha, "the interval is drawn by a seed"


def test_kappa_is_cohens() -> None:
    """Cohen 1960, table 1: three categories, proportions of 200, kappa .492 (po .70, pc .41)."""
    table = {("1", "1"): 88, ("1", "2"): 14, ("1", "3"): 18, ("2", "1"): 10, ("2", "2"): 40, ("2", "3"): 10}
    table |= {("3", "1"): 2, ("3", "2"): 6, ("3", "3"): 12}
    answers = [pair for pair, count in table.items() for _ in range(count)]
    first, second = [one for one, _ in answers], [other for _, other in answers]

    assert cohen_kappa(first, second, Scale.NOMINAL).value == pytest.approx(0.492, abs=0.0005)


def test_yes_and_no_come_to_the_same_on_both_scales() -> None:
    first, second = [1, 1, 0, 0, 1, 0, 1, 1], [1, 0, 0, 0, 1, 1, 1, 1]
    units = [{"ann": one, "ben": other} for one, other in zip(first, second, strict=True)]

    nominal, interval = (cohen_kappa(first, second, scale).value for scale in Scale)
    assert nominal == pytest.approx(interval)
    assert krippendorff_alpha(units, Scale.NOMINAL) == krippendorff_alpha(units, Scale.INTERVAL)


def test_what_is_undefined_is_said_in_words_and_never_as_a_number() -> None:
    alone = measure("verdict", Scale.NOMINAL, {("r1", ""): {"ann": "kept"}, ("r2", ""): {"ben": "kept"}})
    assert (alone.n, alone.observed, alone.pairs) == (0, None, ())
    assert (alone.alpha.value, alone.alpha.undefined) == (None, Undefined.NO_OVERLAP)

    always = {(f"r{number}", ""): {"ann": "kept", "ben": "kept"} for number in range(9)}
    same = measure("verdict", Scale.NOMINAL, always)
    assert (same.n, same.observed) == (9, 1.0)
    assert (same.alpha.value, same.alpha.undefined) == (None, Undefined.NO_VARIATION)
    assert same.pairs[0].kappa.undefined is Undefined.NO_VARIATION


def test_disagreements_name_who_said_what() -> None:
    units = {
        ("r1", ""): {"ben": "rejected", "ann": "kept"},
        ("r2", ""): {"ann": "kept", "ben": "kept", "cem": "kept"},
        ("r3", ""): {"cem": "repaired"},
    }
    report = measure("verdict", Scale.NOMINAL, units)

    assert report.n == 2
    assert report.observed == pytest.approx(3 / 4)
    assert [(pair.first, pair.second, pair.n, pair.equal) for pair in report.pairs] == [
        ("ann", "ben", 2, 1),
        ("ann", "cem", 1, 1),
        ("ben", "cem", 1, 1),
    ]
    (dispute,) = report.disagreements
    assert (dispute.root_id, dispute.answers) == ("r1", (("ann", "kept"), ("ben", "rejected")))


def test_an_interval_of_many_units_is_narrower_and_costs_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    few = [{"ann": n % 3, "ben": n % 3 if n % 5 else 0} for n in range(30)]
    small, large = krippendorff_alpha(few, Scale.NOMINAL), krippendorff_alpha(few * 8, Scale.NOMINAL)
    monkeypatch.setattr(agreement, "SAMPLE", 60)
    resampled = krippendorff_alpha(few * 8, Scale.NOMINAL)

    assert width(large) == pytest.approx(width(small) / math.sqrt(8), rel=0.2)
    assert width(resampled) == pytest.approx(width(large), rel=0.2)


def width(coefficient: Coefficient) -> float:
    """Of the interval, which holds the value."""
    value, low, high = coefficient.value, coefficient.low, coefficient.high
    assert value is not None
    assert low is not None
    assert high is not None
    assert low < value < high <= 1
    return high - low
