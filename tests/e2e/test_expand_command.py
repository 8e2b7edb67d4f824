"""New tasks with plans, from seeds to the three sets, on the command line with the scripted policy."""

import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from in_process import Line, answer, call
from serving import Served, serving

POLICY = Path(__file__).parents[1] / "policy"
PARTS = ("--split", "train=0.5,test=0.5", "--split-seed", "1")
"""The two seeds are in different ones."""


def at(served: Served, *more: str) -> Sequence[str]:
    return ["--base-url", served.base_url, "--model", "scripted", *more]


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving("travel_expanding:policy", POLICY) as served:
        yield served


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three samples that were inspected: the first is good, and the last is approved all the same."""
    folder = tmp_path_factory.mktemp("samples")
    call(folder, "samples", "--count", "3", "--seed", "7")
    answer(folder, "inspect", "--all")
    first, _, last = (str(row["id"]) for row in call(folder, "list"))
    for seed in (first, last):
        call(folder, "mark", "approve", seed, "--annotator", "ann", "--reason", "the plan is good", "--override")
    return folder


@pytest.fixture
def desk(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "desk"))


def ids(desk: Path, query: str) -> list[str]:
    return [str(row["head"]) for row in call(desk, "list", "--query", query)]


def rows(out: Path, name: str) -> list[Line]:
    file = out / f"{name}.jsonl"
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.exists() else []


def test_new_pairs_wait_for_review_and_go_out_once_they_are_approved(
    desk: Path, served: Served, tmp_path: Path
) -> None:
    seeds = ids(desk, "status:approved")
    *pairs, summary = call(desk, "expand", *seeds, "--count", "6", *at(served))
    assert (summary["made"], summary["duplicates"], len(pairs)) == (4, 1, 4), "one repeats another, one has no plan"
    assert all(pair["seeds"] == seeds and pair["failure_class"] is None for pair in pairs)
    assert summary["tokens_in"] > 0
    queue = call(desk, "list", "--query", "format:expansion status:pending")
    assert {row["id"] for row in queue} == {pair["id"] for pair in pairs}
    assert {(row["synthetic"], row["environment"], row["steps"]) for row in queue} == {(True, "travel", 0)}

    again = call(desk, "expand", *seeds, "--count", "6", *at(served))
    assert (again[-1]["made"], again[-1]["duplicates"]) == (0, 5), "what is there already is not made again"

    first, second = pairs[0]["id"], pairs[1]["id"]
    (shown,) = call(desk, "show", first)
    assert (shown["steps"], len(shown["plan"])) == ([], len(pairs[0]["plan"]))
    (inspected,) = call(desk, "inspect", first)
    assert (inspected["verified"], inspected["losses"]["goal"], inspected["gradients"]) == (None, None, [])
    call(desk, "mark", "approve", first, "--annotator", "ann")
    call(desk, "mark", "reject", second, "--annotator", "ann", "--reason", "nobody would ask so")

    call(desk, "export", "--format", "plan-and-act", "--out", str(tmp_path / "sets"))
    (row,) = [row for row in rows(tmp_path / "sets", "planner-train") if row["seeds"]]
    assert (row["trajectory"], row["seeds"], row["synthetic"], row["human"]) == (first, seeds, True, True)
    assert str(pairs[0]["instruction"]) in row["instruction"]
    assert row["output"].startswith("## Step 1\n")
    assert not [row for row in rows(tmp_path / "sets", "executor-train") if row["seeds"]]
    assert call(desk, "check-export", str(tmp_path / "sets"))[0]["passed"] is True
    assert call(desk, "ledger", "check")[0]["sound"] is True


def test_a_pair_can_be_carried_out_and_what_comes_of_it_stays_with_its_seeds(
    desk: Path, served: Served, tmp_path: Path
) -> None:
    seeds = ids(desk, "status:approved")[:1]
    pair, _ = call(desk, "expand", *seeds, "--count", "1", *at(served))
    (line,) = call(desk, "plan", str(pair["task"]), *at(served))
    assert (line["error"], line["losses_after"]["hard_constraints"]) == (None, None), (
        "it is carried out, and not judged"
    )
    call(desk, "mark", "approve", pair["id"], "--annotator", "ann")
    maker = ("--annotator", "ann", "--reason", "as it should be", "--override")
    call(desk, "mark", "approve", line["best"], *maker)
    call(desk, "export", "--format", "plan-and-act", "--out", str(tmp_path / "sets"), *PARTS)
    parts = {str(row["task"]): part for part in ("train", "test") for row in rows(tmp_path / "sets", f"planner-{part}")}
    (seed,) = [row["task"] for row in call(desk, "list") if row["head"] == seeds[0]]
    assert parts[f"travel/train/{pair['task']}"] == parts[f"travel/train/{seed}"]


def test_one_pair_is_made_of_each_seed_of_a_class_of_failures(desk: Path, served: Served) -> None:
    good = ids(desk, "status:approved")
    (said,) = call(desk, "classify", good[0], "--class", "Budget", "--annotator", "ann")
    assert (said["kind"], said["detail"]["failure_class"]) == ("classify", "budget")
    pair, summary = call(desk, "expand", "--query", "", "--class", "budget", *at(served))
    assert (summary["made"], pair["failure_class"], pair["seeds"]) == (1, "budget", good[:1])
    assert any(step["reasoning"] == "Agents fail here." for step in pair["plan"])
    assert call(desk, "classify", pair["id"])[0] == {
        "id": pair["id"],
        "failure_class": "budget",
        "source": "expansion",
        "evidence": [],
    }
    code, _, message = answer(desk, "expand", good[0], "--class", "bad luck", *at(served))
    assert (code, 'there is no failure class "bad luck"; there are' in message) == (1, True)


def test_a_model_classifies_failures_and_a_person_goes_before_it(desk: Path, served: Served) -> None:
    failed = ids(desk, "verified:no")
    by_words = {line["id"]: line for line in call(desk, "classify", *failed)}
    assert all(line["source"] == "words" and line["evidence"] for line in by_words.values())
    asked = {line["id"]: line for line in call(desk, "classify", *failed, "--ask", *at(served))}
    told = [line for line in asked.values() if line["source"] == "model"]
    assert told
    assert {line["failure_class"] for line in told} == {"budget"}
    root = told[0]["id"]
    call(desk, "classify", root, "--class", "missing step", "--annotator", "ann")
    assert call(desk, "classify", root)[0]["failure_class"] == "missing step"
    call(desk, "undo", "--annotator", "ann")
    assert call(desk, "classify", root)[0]["source"] == "model"


def test_a_run_that_failed_goes_on_and_a_replay_makes_the_same_pairs(
    desk: Path, made: Path, served: Served, tmp_path: Path
) -> None:
    seed, nothing = ids(desk, "status:approved")[0], tmp_path / "calls.jsonl"
    nothing.touch()
    code, (failed,), _ = answer(desk, "expand", seed, "--count", "2", *at(served, "--answers", str(nothing)))
    assert (code, failed["made"]) == (1, 0)
    *pairs, summary = call(desk, "expand", "--resume", failed["run"])
    assert (summary["run"], summary["made"], len(pairs)) == (failed["run"], 2, 2)

    call(desk, "export", "--format", "calls", "--out", str(tmp_path / "record"))
    other, before = shutil.copytree(made, tmp_path / "other"), served.counters()["requests"]
    *again, _ = call(other, "expand", seed, "--count", "2", *at(served, "--answers", str(tmp_path / "record")))
    assert [pair["id"] for pair in again] == [pair["id"] for pair in pairs]
    assert served.counters()["requests"] == before


def test_seeds_that_do_not_go_together_are_refused_before_anything_is_asked(desk: Path, served: Served) -> None:
    good, before = ids(desk, "status:approved"), served.counters()["requests"]
    (bad,) = ids(desk, "status:pending")
    for seeds, words in (([bad], "neither verified nor approved"), (good, "are in one part of the data")):
        code, lines, message = answer(desk, "expand", *seeds, *PARTS, *at(served))
        assert (code, lines, words in message) == (1, [], True), message
    assert served.counters()["requests"] == before


def test_the_list_of_classes_is_edited_as_a_file_and_a_bad_one_changes_nothing(desk: Path, tmp_path: Path) -> None:
    shipped = call(desk, "classes")
    own = tmp_path / "classes.jsonl"
    own.write_text('{"name": "late", "description": "It comes too late.", "words": ["Begins before"]}\n', "utf-8")
    assert [line["name"] for line in call(desk, "classes", "--set", str(own))] == ["late"]
    own.write_text('{"name": "late", "description": "Twice."}\n' * 2, "utf-8")
    code, _, message = answer(desk, "classes", "--set", str(own))
    assert (code, 'two failure classes "late"' in message) == (1, True)
    own.write_text('{"name": "late"}', "utf-8")
    code, _, message = answer(desk, "classes", "--set", str(own))
    assert (code, f"{own}, line 1: " in message) == (1, True)
    assert [line["words"] for line in call(desk, "classes")] == [["Begins before"]]
    assert call(desk, "classes", "--reset") == shipped
