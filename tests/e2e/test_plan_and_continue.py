"""`plan` and `continue` on the command line, with a scripted model in a process of its own."""

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from in_process import answer, call
from serving import Served, serving

SCRIPTS = Path(__file__).parents[1] / "workflow"
FAULTY, CAUSE = "travel-train-1-7-0003", 17
"""A sample with one defect, and the step from which on a model can still mend it."""
BRANCH = {
    "branch",
    "id",
    "parent",
    "proposal",
    "from",
    "steps",
    "ended_by",
    "losses_before",
    "losses_after",
    "verified",
    "accepted",
    "rule",
    "explanation",
    "calls",
    "tokens_in",
    "tokens_out",
    "usd",
    "run",
}


def at(served: Served, *more: str) -> Sequence[str]:
    return ["--base-url", served.base_url, "--model", "scripted", *more]


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving("acting_script:reply", SCRIPTS) as served:
        yield served


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    call(folder, "samples", "--count", "4", "--seed", "7")
    return folder


@pytest.fixture
def desk(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "desk"))


def faulty(desk: Path) -> str:
    return next(str(row["id"]) for row in call(desk, "list") if row["task"] == FAULTY)


def test_candidates_become_recordings_and_the_best_one_is_chosen(desk: Path, served: Served, tmp_path: Path) -> None:
    (line,) = call(desk, "plan", FAULTY, "--times", "2", *at(served))
    assert (line["status"], line["iterations"], line["error"]) == ("verified", 2, None)
    first, second = line["candidates"]
    assert [(each["number"], each["plan"], each["verified"]) for each in line["candidates"]] == [
        (0, 2, True),
        (1, 2, False),
    ]
    assert (first["chosen"], second["chosen"], line["best"]) == (True, False, first["id"])
    rows = {row["id"]: row for row in call(desk, "list")}
    assert {rows[each["id"]]["model"] for each in line["candidates"]} == {"scripted"}
    (shown,) = call(desk, "show", first["id"])
    assert shown["steps"][0]["name"] == "user", "like other recordings it begins with what was asked"
    assert {step["plan_step"] for step in shown["steps"][1:-1]} == {1}
    (passage,) = call(desk, "runs", line["run"], "--passages")
    assert (passage["gate"], passage["changed"]) == ("plan", {"candidate": 0, "of": 2})

    call(desk, "export", "--format", "calls", "--out", str(tmp_path / "calls"))
    before = served.counters()["requests"]
    other = tmp_path / "other"
    call(other, "samples", "--count", "4", "--seed", "7")
    answers = ("--answers", str(tmp_path / "calls" / "calls.jsonl"))
    (again,) = call(other, "plan", FAULTY, "--times", "2", *at(served, *answers))
    assert [each["id"] for each in again["candidates"]] == [first["id"], second["id"]]
    assert served.counters()["requests"] == before, "a replay asks nobody"
    code, (missing,), _ = answer(other, "plan", FAULTY, "--times", "3", *at(served, *answers))
    assert (code, missing["status"], "no recorded answer" in missing["error"]) == (1, "failed", True)


def test_branches_are_siblings_on_record_and_can_be_decided_on(desk: Path, served: Served, tmp_path: Path) -> None:
    base = faulty(desk)
    better, worse, result = call(desk, "continue", base, "--from", str(CAUSE), "--times", "2", *at(served))
    assert better.keys() == worse.keys() == BRANCH
    assert (better["accepted"], better["rule"], better["verified"]) == (True, "improves", True)
    assert (worse["accepted"], worse["verified"], worse["steps"]) == (False, False, 1)
    assert (result["status"], result["best"], result["iterations"]) == ("verified", better["id"], 2)
    assert better["tokens_in"] + worse["tokens_in"] == result["tokens_in"] > 0
    (shown,) = call(desk, "show", base)
    assert [each["parent"] for each in shown["revisions"][1:]] == [base, base]
    assert {each["author"] for each in shown["revisions"][1:]} == {"continue/1 scripted"}
    assert set(shown["proposals"]) == {better["proposal"], worse["proposal"]}
    (row,) = [row for row in call(desk, "list") if row["id"] == base]
    assert (row["head"], row["status"], row["revisions"]) == (better["id"], "pending", 2)
    (branch,) = call(desk, "show", better["id"])
    kept = [step["arguments"] for step in shown["steps"][:CAUSE]]
    assert [step["arguments"] for step in branch["steps"][:CAUSE]] == kept, "the steps before are as they were"

    maker = ("--annotator", "ann", "--reason", "as I want it")
    (decided,) = call(desk, "decide", better["proposal"], "--accept", *maker)
    assert (decided["status"], decided["id"]) == ("approved", better["id"])
    assert call(desk, "ledger", "check")[0]["sound"] is True
    call(desk, "export", "--format", "trl-dpo", "--out", str(tmp_path / "dpo"))
    pairs = [json.loads(line) for line in (tmp_path / "dpo" / "pairs-whole-train.jsonl").read_text().splitlines()]
    assert {(pair["trajectory"], pair["pair"]) for pair in pairs} >= {(better["id"], "accepted_base")}


def test_an_exhausted_budget_keeps_what_was_done(desk: Path, served: Served) -> None:
    base = faulty(desk)
    first, result = call(desk, "continue", base, "--from", "2", "--times", "3", "--budget-tokens", "7000", *at(served))
    assert "budget is used up" in first["ended_by"]
    assert 0 < first["steps"] < 10
    assert (result["status"], result["iterations"]) == ("unverified", 1)
    assert "budget is used up" in result["stopped_by"]
    assert result["tokens_in"] + result["tokens_out"] <= 7000


def test_an_interrupted_run_ends_at_once_and_goes_on_without_paying_twice(
    desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base, stalled = faulty(desk), tmp_path / "stalled"
    monkeypatch.setenv("ACTING_STALLED", str(stalled))
    with serving("acting_script:stalling", SCRIPTS) as served:
        process = subprocess.Popen(
            [sys.executable, "-m", "hitl_app", "continue", base, "--from", str(CAUSE), "--data-dir", desk, *at(served)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        while not stalled.exists():
            assert served.counters()
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        began = time.monotonic()
        _, messages = process.communicate(timeout=20)
        assert process.returncode == 130
        assert time.monotonic() - began < 4, "with the end of the process, on a busy machine"
        (run,) = call(desk, "runs")
        assert run["status"] == "cancelled"
        assert f"--resume {run['run'][:12]}" in messages
        assert len(call(desk, "show", base)[0]["revisions"]) == 1
        asked = served.counters()["by_outcome"]["answered"]["requests"]
        branch, result = call(desk, "continue", "--resume", run["run"])
        assert (branch["verified"], result["status"]) == (True, "verified")
        new = served.counters()["by_outcome"]["answered"]["requests"] - asked
        assert new < branch["calls"], "calls that are on record are not asked again"
        assert answer(desk, "continue", "--resume", run["run"])[0] == 0, "nothing is left to do"
        assert len(call(desk, "show", base)[0]["revisions"]) == 2


def test_a_server_without_tools_works_too(desk: Path) -> None:
    with serving("acting_script:toolless", SCRIPTS) as served:
        branch, _ = call(desk, "continue", faulty(desk), "--from", str(CAUSE), *at(served))
        assert (branch["verified"], branch["ended_by"]) == (True, "the model says that it is done")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["plan"], "say what to plan"),
        (["plan", "nothing-like-it"], "nothing-like-it"),
        (["continue"], "say what to continue"),
        (["continue", "BASE"], "--from STEP"),
        (["continue", "BASE", "--from", "99"], "steps 0 to 24"),
        (["continue", "--resume", "abcd1234"], "abcd1234"),
    ],
)
def test_what_cannot_be_done_is_said(desk: Path, served: Served, arguments: list[str], words: str) -> None:
    given = [faulty(desk) if each == "BASE" else each for each in arguments]
    code, lines, messages = answer(desk, *given, *at(served))
    assert (code, lines) == (1, [])
    assert words in messages


def test_without_a_model_it_says_how_to_set_one_up(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HITL_APP_BASE_URL", "HITL_APP_MODEL"):
        monkeypatch.delenv(name, raising=False)
    for arguments in (["plan", FAULTY], ["continue", faulty(desk), "--from", "1"]):
        code, _, messages = answer(desk, *arguments)
        assert (code, "no model is set up" in messages) == (1, True)
