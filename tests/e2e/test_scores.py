"""Rewards from end to end: by rule, by a judge at the scripted server, by a person, in groups, and in the export."""

import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any  # lines of JSON are read here as a script would read them

import pytest
from in_process import answer, call
from serving import Served, serving

POLICY = Path(__file__).parents[1] / "policy"
FAULTY = "travel-train-1-7-0003"
QUALITY = {"correctness", "followability", "standardisation"}

Line = dict[str, Any]


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving("travel_policy:policy", POLICY) as served:
        yield served


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, served: Served) -> Path:
    """A task with a recording that fails and one that the scripted model did not end, both judged by that model."""
    folder = tmp_path_factory.mktemp("judged")
    call(folder, "samples", "--count", "4", "--seed", "7")
    call(folder, "inspect", ids(folder)[0])
    call(folder, "plan", FAULTY, "--max-steps", "3", *at(served))
    judged = call(folder, "score", "--query", f"task:{FAULTY}", "--by", "judge", *at(served))
    assert len(judged) == 2
    return folder


@pytest.fixture
def desk(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "desk"))


def at(served: Served, *more: str) -> Sequence[str]:
    return ["--base-url", served.base_url, "--model", "scripted", *more]


def ids(desk: Path) -> list[str]:
    return [str(row["id"]) for row in call(desk, "list") if row["task"] == FAULTY]


def card(desk: Path, identity: str, *more: str) -> Line:
    (found,) = call(desk, "score", identity, *more)
    return found


def given(of: Line, reward: str) -> list[tuple[str, int, bool]]:
    return [(each["source"], each["value"], each["counts"]) for each in of["scores"] if each["reward"] == reward]


def test_rules_give_what_needs_no_model_and_the_judge_the_rest(desk: Path) -> None:
    failed, short = (card(desk, identity) for identity in ids(desk))
    assert given(failed, "end_to_end") == [("rule", 0, False), ("judge", 2, True)]
    assert given(short, "end_to_end") == [("rule", 0, False), ("judge", 0, True)]
    assert {each["source"] for each in short["scores"] if each["reward"] in QUALITY} == {"judge"}
    assert (given(short, "correctness"), short["plan_passes"]) == ([("judge", 5, True)], True)
    rules = card(desk, ids(desk)[0], "--by", "rule")
    assert {each["source"] for each in rules["scores"]} == {"rule"}
    assert (rules["totals"]["1"], rules["totals"]["2"], rules["totals"]["3"]) == (2.0, None, 1.0)
    assert rules["plan_passes"] is None
    by = {each["by"].split("/")[0] for each in short["scores"] if each["source"] == "judge"}
    assert by == {"judge_plan", "judge_adherence", "judge_end_to_end"}


def test_a_persons_score_counts_until_it_is_undone_and_is_hidden_from_blind_others(desk: Path) -> None:
    """The judge believed a trip that was handed in; a person knows better."""
    identity = ids(desk)[0]
    maker = ("--annotator", "ada", "--reason", "the hotel is wrong")
    call(desk, "score", identity, "--give", "end_to_end=0", *maker)
    call(desk, "score", identity, "--give", "adherence=1", "--step", "1", *maker)
    assert given(card(desk, identity), "end_to_end") == [("rule", 0, False), ("judge", 2, False), ("human", 0, True)]
    blind = card(desk, identity, "--annotator", "bo", "--blind")
    assert given(blind, "end_to_end") == [("rule", 0, True)]
    assert {each["source"] for each in blind["scores"]} == {"rule"}
    own = card(desk, identity, "--annotator", "ada", "--blind")
    assert given(own, "end_to_end") == [("rule", 0, False), ("human", 0, True)]
    call(desk, "undo", "--annotator", "ada")
    call(desk, "undo", "--annotator", "ada")
    assert given(card(desk, identity), "end_to_end") == [("rule", 0, False), ("judge", 2, True)]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--give", "end_to_end=3"), "end_to_end is a whole number from 0 to 2, not 3"),
        (("--give", "end_to_end=1", "--step", "2"), "leave out the step"),
        (("--give", "format=1"), "format is given to a step: say which"),
        (("--give", "format=1", "--step", "0"), "step 0 is none of the agent's"),
        (("--step", "1"), "--step says what --give is about"),
    ],
)
def test_a_score_that_does_not_fit_is_refused_with_the_reason(
    made: Path, arguments: Sequence[str], problem: str
) -> None:
    code, lines, messages = answer(made, "score", ids(made)[0], *arguments, "--annotator", "ada")
    assert (code, lines) == (1, [])
    assert problem in messages


def test_groups_have_advantages_and_the_export_has_them_too_and_can_be_loaded(desk: Path, tmp_path: Path) -> None:
    failed, short = ids(desk)
    call(desk, "score", failed, "--give", "end_to_end=1", "--annotator", "ada")
    groups = call(desk, "groups", "--query", f"task:{FAULTY}", "--stage", "2")
    (group,) = groups
    found = {each["id"]: each for each in group["members"]}
    assert {identity: each["reward"] for identity, each in found.items()} == {failed: 2.5, short: 2.0}
    assert [round(found[identity]["advantage"], 3) for identity in (failed, short)] == [0.707, -0.707]
    assert group["warning"] is None
    alone = call(desk, "groups", "--query", "task:travel-train-1-7-0000", "--stage", "3")
    assert [(each["not_measured"], each["members"]) for each in alone] == [([alone[0]["not_measured"][0]], [])]
    assert "fewer than two" in alone[0]["warning"]
    out = tmp_path / "pilotrl"
    call(desk, "export", "--format", "pilotrl", "--out", out, "--query", f"task:{FAULTY}", "--norm", "max")
    rows = [json.loads(line) for line in (out / "stage2-train.jsonl").read_text("utf-8").splitlines()]
    assert {row["trajectory"]: round(row["advantage"], 3) for row in rows} == {failed: 0.707, short: -0.707}
    assert {row["trajectory"]: row["group_reward"] for row in rows} == {
        failed: 2.5,
        short: 2.0,
    }
    assert {row["trajectory"]: (row["r_e2e"], row["human_override"]) for row in rows} == {
        failed: (1.0, True),
        short: (0.0, False),
    }
    assert {row["group"] for row in rows} == {group["group"]}
    call(tmp_path, "check-export", out)


def test_a_run_of_the_judge_that_failed_goes_on_and_keeps_each_score_once(desk: Path) -> None:
    """The server has no time for the first question about a plan."""
    (identity,) = (row["id"] for row in call(desk, "list") if row["task"] == "travel-train-1-7-0000")
    with serving("hasty_judge:reply", POLICY) as hasty:
        code, _, messages = answer(desk, "score", identity, "--by", "judge", *at(hasty))
        assert code == 1
        assert "not now" in messages
        kept = card(desk, identity)
        (after,) = call(desk, "score", "--resume", call(desk, "runs")[0]["run"])
    judged = [[each["reward"] for each in of["scores"] if each["source"] == "judge"] for of in (kept, after)]
    assert set(judged[0]) == {"adherence"}
    assert sorted(judged[1]) == sorted([*judged[0], *QUALITY, "end_to_end"])


@pytest.mark.slow
def test_recorded_runs_of_tau2_are_scored_by_rule(recordings: Path, tau2_home: Path, tmp_path: Path) -> None:
    """None is called wasteful for what it told, and without a plan nothing is said of adherence."""
    call(tmp_path, "import", recordings / "tau2-bench" / "toolorchestra_airline_gpt-5_subset.json")
    before = call(tmp_path, "score", "--query", "env:tau2")
    assert not [each for of in before for each in of["scores"] if each["reward"] != "format"]
    call(tmp_path, "inspect", *(of["id"] for of in before))
    after = [card(tmp_path, str(of["id"])) for of in before]
    assert [given(of, "end_to_end")[0][1] for of in after] == [0, 2, 2, 0, 2, 2]
    assert all(each["value"] == 1 for of in after for each in of["scores"] if each["reward"] == "format")
    assert [(of["totals"]["1"], of["totals"]["3"]) for of in after] == [(None, 1 + end) for end in (0, 1, 1, 0, 1, 1)]
