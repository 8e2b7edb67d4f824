"""`search` and `tree`: with the scripted policy over the loopback, interrupted and resumed, and without a model."""

import asyncio
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest
from in_process import Line, answer, call
from serving import Served, serving

from hitl_app.bootstrap import build
from hitl_app.domain.library import ImportedRun
from hitl_app.domain.method_codec import node_to_json
from hitl_app.domain.store_file import STORE
from hitl_app.environments.travel.samples import clean_run, sample_runs
from hitl_app.exchange.reading import read_path
from hitl_app.store import open_store
from hitl_app.system.clock import SystemClock
from hitl_app.workflow.models import Chosen
from hitl_app.workflow.running import Called, RunBegan

POLICY = Path(__file__).parents[1] / "policy"
SEED = 7
FAULTY = "travel-train-1-7-0003"
"""A sample with one defect, which the offline repairer mends."""
SMALL = ("--rollouts", "2", "--plans", "2")


def at(served: Served, *more: str) -> Sequence[str]:
    return ["--base-url", served.base_url, "--model", "scripted", *more]


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving("travel_policy:beginner", POLICY) as served:
        yield served


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    call(folder, "samples", "--count", "4", "--seed", str(SEED))
    return folder


@pytest.fixture(scope="module")
def searched(made: Path, served: Served, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Line]:
    """A desk on which a model searched for one task, and the result."""
    desk = Path(shutil.copytree(made, tmp_path_factory.mktemp("searched") / "desk"))
    (result,) = call(desk, "search", FAULTY, *SMALL, *at(served))
    return desk, result


def fill(desk: Path, runs: Sequence[ImportedRun]) -> None:
    desk.mkdir()
    store = open_store(desk / STORE, SystemClock())
    store.add_runs(runs)
    store.close()


def nodes(desk: Path) -> list[object]:
    store = open_store(desk / STORE, SystemClock())
    found: list[object] = [node_to_json(node) for _, node in store.nodes()]
    store.close()
    return found


def test_a_model_grows_a_tree_from_what_failed(searched: tuple[Path, Line]) -> None:
    desk, result = searched
    tree = call(desk, "tree", result["run"], FAULTY)
    assert (len(tree), result["iterations"], result["executions"]) == (2, 2, 4)
    root, *others = sorted(tree, key=lambda node: node["number"])
    assert (root["parent"], root["refined_from"], root["visits"]) == (None, None, 2)
    for node in others:
        above = next(each for each in tree if each["number"] == node["parent"])
        failed = {rollout["id"] for rollout in above["rollouts"] if rollout["failed"]}
        assert node["refined_from"] in failed
        assert node["plan"] != above["plan"]
        assert "faults are named" in node["why"]
    for node in tree:
        rewards = [rollout["reward"] for rollout in node["rollouts"]]
        assert node["reward"] == (min(rewards) + sum(rewards) / 2) / 2
        assert 0 <= node["c_p"] <= 1
        for rollout in node["rollouts"]:
            (shown,) = call(desk, "show", rollout["id"])
            assert [step["step"] for step in shown["plan"]] == [step["step"] for step in node["plan"]]
    (listed,) = call(desk, "tree")
    assert (listed["plans"], listed["run"]) == (2, result["run"])
    assert sum(node["best"] for node in tree) == 1


def test_an_interrupted_search_goes_on_to_the_same_tree_and_asks_nothing_twice(
    searched: tuple[Path, Line], made: Path, served: Served, tmp_path: Path
) -> None:
    whole, desk = searched[0], Path(shutil.copytree(made, tmp_path / "desk"))
    application = build(desk)
    chosen = Chosen(served.base_url, "scripted")

    async def interrupted() -> str:
        run_id, calls = "", 0
        events = application.workspace.searching.search([FAULTY], rollouts=2, max_plans=2, chosen=chosen)
        async with aclosing(events):
            async for event in events:
                run_id = event.run.id if isinstance(event, RunBegan) else run_id
                calls += isinstance(event, Called)
                if calls == 24:
                    return run_id
        return run_id

    run_id = asyncio.run(interrupted())
    application.close()
    assert len(nodes(desk)) == 1
    (result,) = call(desk, "search", "--resume", run_id)
    assert nodes(desk) == nodes(whole)
    assert result["best"] == searched[1]["best"]
    store = open_store(desk / STORE, SystemClock())
    keys = Counter(kept.key for _, kept in store.calls() if not kept.error)
    store.close()
    assert max(keys.values()) == 1
    assert sum(keys.values()) == searched[1]["calls"]
    assert call(desk, "search", "--resume", run_id) == [], "nothing is left to do"


def test_a_person_picks_the_failed_rollout_that_a_plan_is_refined_from(
    searched: tuple[Path, Line], served: Served, tmp_path: Path
) -> None:
    desk, run = Path(shutil.copytree(searched[0], tmp_path / "desk")), searched[1]["run"]
    root, child = call(desk, "tree", run)
    picked = next(each["id"] for each in root["rollouts"] if each["failed"] and each["id"] != child["refined_from"])
    (result,) = call(desk, "search", "--from", run[:8], "--plan", "0", "--refine", picked[:12], *at(served))
    assert (result["iterations"], result["executions"], result["stopped_by"]) == (1, 2, "plan 2 was added")
    grown = call(desk, "tree", result["run"])
    assert [(node["number"], node["parent"]) for node in grown] == [(0, None), (1, 0), (2, 0)], "in the search's tree"
    assert grown[2]["refined_from"] == picked
    assert call(desk, "search", "--resume", result["run"]) == []

    code, _, messages = answer(desk, "search", "--from", run, "--plan", "7", "--refine", picked)
    assert (code, "there is no plan 7" in messages) == (1, True)
    code, _, messages = answer(desk, "search", "--from", run, "--plan", "1", "--refine", picked)
    assert (code, "is no rollout of plan 1" in messages) == (1, True)


def test_offline_the_recordings_of_a_plan_are_its_rollouts_and_a_repair_is_read_off(tmp_path: Path) -> None:
    *_, faulty = sample_runs(4, SEED)
    clean = clean_run(SEED, 3)
    clean = replace(clean, trajectory=replace(clean.trajectory, plan=faulty.trajectory.plan))
    fill(desk := tmp_path / "desk", [faulty, clean])
    (result,) = call(desk, "search", FAULTY, "--offline")
    assert (result["status"], result["stopped_by"]) == ("verified", "every rollout of plan 1 is verified")
    root, child = call(desk, "tree", result["run"])
    assert {rollout["id"] for rollout in root["rollouts"]} == {faulty.trajectory.id, clean.trajectory.id}
    assert [rollout["reward"] for rollout in root["rollouts"]] == [0.5, 1]
    assert (root["proposer"], root["reward"], root["q"]) == ("recorded", 0.625, (0.625 + 1) / 2)
    assert 0 < root["c_p"] < 1
    assert (child["proposer"], child["refined_from"], child["reward"]) == ("repair/2", faulty.trajectory.id, 1)
    assert child["c_p"] is None, "executed again it would come to the same: that measures nothing"
    (shown,) = call(desk, "show", child["rollouts"][0]["id"])
    linked = [step["plan_step"] for step in shown["steps"] if step["kind"] == "action"]
    assert sorted(set(linked)) == list(range(len(child["plan"])))

    (again,) = call(desk, "search", FAULTY, "--offline")
    assert len(call(desk, "list")) == 3, "what a search without a model made is no recording to begin with"
    assert [node["plan"] for node in call(desk, "tree", again["run"])] == [root["plan"], child["plan"]]


@pytest.mark.slow
def test_trials_without_a_plan_are_rollouts_of_one_that_is_read_off(
    recordings: Path, tau2_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HITL_APP_ENV_DIR", str(tau2_home))
    (file,) = (recordings / "tau2-bench").glob("*airline*.json")
    runs = [item for _, _, items in read_path(file) for item in items if isinstance(item, ImportedRun)]
    run = next(run for run in runs if run.task.key == "27")
    source, actions = run.trajectory.source, len(run.trajectory.actions)
    assert source is not None
    last = run.trajectory.actions[-1]
    shorter = (*run.trajectory.steps[:last], *run.trajectory.steps[last + 1 :])
    other = replace(run.trajectory, steps=shorter, source=replace(source, trial=1))
    fill(desk := tmp_path / "desk", [run, replace(run, trajectory=other)])
    (result,) = call(desk, "search", run.task.id, "--offline")
    root, *children = call(desk, "tree", result["run"])
    assert (root["proposer"], len(root["rollouts"])) == ("grounded", 2)
    assert root["why"].startswith(f"read off recording {run.trajectory.id[:12]}: none has a plan")
    assert root["c_p"] == pytest.approx(1 - 1 / actions)
    assert [child["parent"] for child in children] == [0] * len(children)
    assert children


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["search"], "say what to search"),
        (["search", FAULTY, "--resume", "abcd1234"], "say what to search"),
        (["search", FAULTY, "--plan", "0"], "all three"),
        (["search", "--from", "abcd1234", "--plan", "0"], "all three"),
        (["search", "--from", "abcd1234", "--plan", "0", "--refine", "abcd1234"], "abcd1234"),
        (["search", "nothing-like-it", "--offline"], "nothing-like-it"),
        (["search", FAULTY, "--answers", "/nowhere.jsonl"], "nowhere.jsonl"),
        (["tree", "abcd1234"], "abcd1234"),
    ],
)
def test_what_cannot_be_done_is_said(made: Path, served: Served, arguments: list[str], words: str) -> None:
    code, lines, messages = answer(made, *arguments, *(at(served) if arguments[0] == "search" else ()))
    assert (code, lines) == (1, [])
    assert words in messages


def test_a_task_without_a_recording_cannot_be_searched_offline(made: Path, tmp_path: Path) -> None:
    task = clean_run(SEED, 0).task
    desk = tmp_path / "desk"
    desk.mkdir()
    store = open_store(desk / STORE, SystemClock())
    store.add_runs([], [task])
    store.close()
    code, (result,), _ = answer(desk, "search", task.key, "--offline")
    assert (code, result["status"], "no recording" in result["error"]) == (1, "failed", True)
    code, _, messages = answer(desk, "tree", result["run"])
    assert (code, "there is no plan tree of this run" in messages) == (1, True)
