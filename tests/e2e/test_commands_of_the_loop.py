"""Runs of the loop on the command line, as an engineer scripts them."""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from in_process import answer, call
from serving import serving

POLICY = Path(__file__).parents[1] / "policy"
NOWHERE = ("--base-url", "http://127.0.0.1:9/v1", "--model", "none")

FIELDS = {
    "id",
    "task",
    "status",
    "stopped_by",
    "losses_before",
    "losses_after",
    "best",
    "iterations",
    "executions",
    "calls",
    "tokens_in",
    "tokens_out",
    "tokens",
    "usd",
    "seconds",
    "error",
    "run",
}


def command(data_dir: Path, *arguments: str) -> Sequence[str | Path]:
    return [sys.executable, "-m", "hitl_app", *arguments, "--data-dir", data_dir, "--json"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    call(folder, "samples", "--count", "4")
    return folder


@pytest.fixture
def samples(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "desk"))


def test_a_run_says_how_each_task_ended_and_stays_on_record(samples: Path) -> None:
    lines = call(samples, "refine", "--query", "env:travel", "--budget-iterations", "1")
    assert len(lines) == 4
    assert all(line.keys() == FIELDS for line in lines)
    assert "verified" in {line["status"] for line in lines} <= {"verified", "unverified"}
    assert all((line["calls"], line["tokens_in"], line["tokens"]) == (0, 0, "measured") for line in lines)
    (run,) = call(samples, "runs")
    assert (run["status"], run["tasks"], run["ended"]) == ("ended", 4, 4)
    kept = call(samples, "runs", run["run"][:8])
    assert sorted(kept, key=lambda line: line["id"]) == sorted(lines, key=lambda line: line["id"])
    passages = call(samples, "runs", run["run"][:8], "--passages")
    assert {passage["gate"] for passage in passages} == {"verify", "inspect", "evolve", "accept"}
    assert {passage["who"] for passage in passages} == {"automatic gate"}
    rows = call(samples, "list")
    assert {row["status"] for row in rows} == {"pending"}, "what rules accept waits for a person's approval"
    assert {row["id"]: row["head"] for row in rows} == {line["id"]: line["best"] for line in lines}


def test_a_run_that_is_interrupted_goes_on_and_decides_nothing_twice(samples: Path) -> None:
    process = subprocess.Popen(
        command(samples, "refine", "--query", "env:travel"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        first = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        rest = [json.loads(line) for line in process.stdout]
        assert process.wait(20) == 130
    assert {line["status"] for line in rest} == {"cancelled"}
    (run,) = call(samples, "runs")
    assert run["status"] == "cancelled"
    resumed = call(samples, "refine", "--resume", run["run"])
    assert first["id"] not in {line["id"] for line in resumed}
    assert len(call(samples, "runs", run["run"])) == 4
    decided = [entry for entry in call(samples, "ledger", "show") if entry["candidate_id"]]
    assert len({(entry["base_id"], entry["candidate_id"]) for entry in decided}) == len(decided)
    assert call(samples, "ledger", "check")[0]["sound"] is True


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["refine"], "say what to refine"),
        (["refine", "--query", "env:nowhere"], "nothing to refine"),
        (["refine", "abcd1234"], "abcd1234"),
        (["refine", "--query", "env:travel", "--proposer", "model"], "no model is set up"),
        (["refine", "--resume", "abcd1234"], "abcd1234"),
        (["refine", "--query", "env:travel", "--proposer", "model", *NOWHERE], "cannot be reached"),
        (["model", "test", *NOWHERE], "cannot be reached"),
        (["refine", "--query", "env:travel", "--proposer", "model", *NOWHERE, "--budget-usd", "1"], "price"),
        (["model", "test"], "no model is set up"),
        (["runs", "abcd1234"], "abcd1234"),
        (["runs", "--passages"], "of which run"),
        (["compare", "--arms", "--samples", "2"], "say what to compare on"),
    ],
)
def test_what_cannot_be_run_is_said_before_anything_is_recorded(
    made: Path, arguments: list[str], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HITL_APP_BASE_URL", "HITL_APP_MODEL"):
        monkeypatch.delenv(name, raising=False)
    code, lines, messages = answer(made, *arguments)
    assert code == 1
    assert words in messages or any(words in line["problem"] for line in lines)
    assert call(made, "runs") == []


def test_a_ceiling_of_money_asks_for_no_price_where_no_model_is_asked(samples: Path) -> None:
    (line,) = call(samples, "refine", call(samples, "list")[0]["id"], "--budget-usd", "1")
    assert (line["status"], line["usd"]) == ("verified", 0)


def test_the_record_of_a_comparison_tells_its_methods_apart_and_counts_what_was_paid(samples: Path) -> None:
    with serving("travel_policy:policy", POLICY) as served:
        at = ("--base-url", served.base_url, "--model", "scripted")
        methods = ("--methods", "single_pass,best_of_n", "--budget-iterations", "1")
        code, lines, messages = answer(samples, "compare", "--samples", "1", "--level", "1", *methods, *at)
        asked = served.counters()["requests"]
    assert code == 0
    (run,) = call(samples, "runs")
    kept = call(samples, "runs", run["run"])
    assert [line["method"] for line in kept] == ["single_pass", "best_of_n"]
    assert kept == lines[:2]
    assert (run["tasks"], run["ended"]) == (1, 1)
    assert run["calls"] < sum(line["calls"] for line in kept), "an equal question is paid for once"
    assert run["calls"] <= asked
    assert f"{run['calls']} calls" in messages
    assert lines[2]["usd"] is None, "no price is known"


@pytest.mark.parametrize("command_line", [["plan"], ["continue"], ["compare"]])
def test_a_run_is_resumed_by_its_own_command_and_with_its_own_budget(samples: Path, command_line: list[str]) -> None:
    (line,) = call(samples, "refine", call(samples, "list")[0]["id"])
    code, lines, messages = answer(samples, *command_line, "--resume", line["run"])
    assert (code, lines) == (1, [])
    assert 'a run of "refine"' in messages
    code, lines, messages = answer(samples, "refine", "--resume", line["run"], "--budget-tokens", "5")
    assert (code, lines) == (1, [])
    assert "leave out --budget-tokens" in messages
