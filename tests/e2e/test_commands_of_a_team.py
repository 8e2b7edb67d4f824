"""A team's commands: a script gets the same figures as the window."""

from pathlib import Path

import pytest
from in_process import answer, call


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with samples that two people decided on without sight of each other."""
    made = tmp_path_factory.mktemp("team")
    call(made, "samples", "--count", "4", "--level", "1")
    roots = [line["id"] for line in call(made, "list")]
    for name, verdicts in {"ann": "kkr", "ben": "krr"}.items():
        for root, verdict in zip(roots, verdicts, strict=False):
            what = ["approve", "--override"] if verdict == "k" else ["reject"]
            call(made, "mark", what[0], root, *what[1:], "--annotator", name, "--reason", "seen", "--blind")
    return made


def test_the_policy_is_shown_and_changed(folder: Path) -> None:
    assert call(folder, "policy") == [{"blind": False, "judge_first": False}]
    assert call(folder, "policy", "--blind", "--judge-first") == [{"blind": True, "judge_first": True}]
    assert call(folder, "policy", "--no-judge-first") == [{"blind": True, "judge_first": False}]


def test_decisions_keep_to_the_policy_unless_told_otherwise(folder: Path) -> None:
    root = call(folder, "list")[3]["id"]
    call(folder, "policy", "--blind")
    for name, what in (("ann", "reject"), ("ben", "flag")):
        (decided,) = call(folder, "mark", what, root, "--annotator", name, "--reason", "seen")
        assert decided["detail"]["blind"]
    (settled,) = call(folder, "mark", "reject", root, "--annotator", "lead", "--reason", "seen", "--no-blind")
    assert "blind" not in settled["detail"]
    for name in ("lead", "ben", "ann"):
        call(folder, "undo", "--annotator", name)
    call(folder, "policy", "--no-blind", "--no-judge-first")


@pytest.mark.parametrize("name", ["none", "Automatic gate", "an\x00n", "a" * 100])
def test_a_name_that_stands_for_nobody_or_cannot_be_read_decides_nothing(folder: Path, name: str) -> None:
    root = call(folder, "list")[3]["id"]
    for arguments in (
        ["mark", "flag", root, "--annotator", name],
        ["assign", "add", "--to", name],
        ["gold", "add", root, "--verdict", "kept", "--annotator", name],
    ):
        code, lines, messages = answer(folder, *arguments)
        assert (code, lines) == (1, [])
        assert "an annotator's name" in messages


def test_a_plan_is_shown_before_anything_is_assigned(folder: Path) -> None:
    asked = ("--to", "ann", "ben", "--overlap", "0.5")
    (planned,) = call(folder, "assign", "plan", *asked)
    assert (planned["lineages"], planned["new"], planned["overlapping"]) == (4, 6, 2)
    assert call(folder, "assign", "list") == []

    assert call(folder, "assign", "add", *asked) == [planned]
    assert len(call(folder, "assign", "list")) == 6
    assert len(call(folder, "list", "--query", "assigned:ann")) == 3
    assert call(folder, "assign", "remove", "--annotator", "ann") == [{"removed": 3}]

    code, _, messages = answer(folder, "assign", "add")
    assert (code, "at least one name" in messages) == (1, True)


def test_agreement_and_gold_are_reported(folder: Path) -> None:
    lines = call(folder, "agreement")
    verdict, blame, dispute = lines
    assert (verdict["question"], verdict["n"], verdict["pairs"][0]["equal"]) == ("verdict", 3, 2)
    assert verdict["pairs"][0]["kappa"]["value"] == pytest.approx(0.4)
    assert blame["alpha"] == {"value": None, "low": None, "high": None, "undefined": "no_overlap"}
    assert dispute["verdicts"] == {"ann": "kept", "ben": "rejected"}

    call(folder, "gold", "add", dispute["id"], "--verdict", "kept", "--annotator", "lead")
    call(folder, "gold", "settled", "--query", "", "--annotator", "lead")
    assert len(call(folder, "gold", "list")) == 3
    ann, ben = call(folder, "gold", "report")
    assert (ann["verdicts"]["count"], ben["verdicts"]["count"], ben["verdicts"]["of"]) == (3, 2, 3)
    assert ben["wrong"] == [{"id": dispute["id"], "question": "verdict", "said": "rejected", "right": "kept"}]
    assert call(folder, "gold", "remove", "--query", "") == [{"removed": 3}]


def test_bad_proposals_are_seeded_and_reliance_is_reported(folder: Path) -> None:
    (seed,) = call(folder, "seed", "add", "--count", "1", "--kinds", "harmful", "useless", "--query", "status:pending")
    assert call(folder, "seed", "list") == [seed]
    call(folder, "decide", seed["proposal"], "--accept", "--annotator", "ann", "--reason", "fine")

    found = {line["annotator"]: line for line in call(folder, "trust")}
    assert found["ann"]["over_trust"]["count"] == found["ann"]["over_trust"]["of"] == 1
    assert found["ann"]["kinds"][seed["kind"]]["count"] == 1
    assert found["ann"]["time_on_seeded"] == {"seconds": 0, "measured": 0, "mean": None}
