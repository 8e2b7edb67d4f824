"""The whole flow on real recordings through the command line, as an engineer scripts it."""

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any  # lines of JSON are read here as a script would read them

import pytest
from in_process import answer
from in_process import call as in_process

from hitl_app.bootstrap import build
from hitl_app.cli.main import parse, run_command
from hitl_app.cli.output import Output

Line = dict[str, Any]
Call = Callable[..., list[Line]]

AIRLINE = "toolorchestra_airline_gpt-5_subset.json"
RETAIL = "toolorchestra_retail_gpt-5_subset.json"
BOOKING_RUN = 3
"""Index of the airline run that books a flight although the policy forbids it."""


def run(
    arguments: Sequence[str | Path], data_dir: Path, env_home: Path | None = None
) -> "subprocess.CompletedProcess[str]":
    variables: Mapping[str, str] = dict(os.environ) | ({"HITL_APP_ENV_DIR": str(env_home)} if env_home else {})
    command = [sys.executable, "-m", "hitl_app", *map(str, arguments), "--data-dir", str(data_dir), "--json"]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=variables)


@pytest.fixture(scope="module")
def imported(recordings: Path, tau2_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    data_dir = tmp_path_factory.mktemp("imported")
    files = [recordings / "tau2-bench" / name for name in (AIRLINE, RETAIL)]
    result = run(["import", *files], data_dir)
    assert result.returncode == 0, result.stderr
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(line["file"], line["trajectories"], line["rejected"]) for line in lines] == [
        (str(file), 6, []) for file in files
    ]
    return data_dir


@pytest.fixture
def call(imported: Path, tau2_home: Path, tmp_path: Path) -> Iterator[Call]:
    """Runs commands on a copy of the imported store and reads their lines, all in one process to save its start."""
    data_dir = tmp_path / "desk"
    shutil.copytree(imported, data_dir)
    application = build(data_dir, tau2_home)
    stays_open = replace(application, close=lambda: None)

    def command(*arguments: str | Path, code: int = 0) -> list[Line]:
        args = parse([*map(str, arguments), "--data-dir", str(data_dir), "--json"], data_dir)
        out = Output(True, io.StringIO(), io.StringIO())
        assert run_command(args, lambda _: stays_open, out) == code, out.messages
        assert isinstance(out.results, io.StringIO)
        return [json.loads(line) for line in out.results.getvalue().splitlines()]

    yield command
    application.close()


def test_every_verdict_and_observation_of_the_recordings_is_reproduced(call: Call, recordings: Path) -> None:
    recorded = {}
    for name in (AIRLINE, RETAIL):
        content = json.loads((recordings / "tau2-bench" / name).read_text(encoding="utf-8"))
        for index, simulation in enumerate(content["simulations"]):
            recorded[name, index] = simulation["reward_info"]["db_check"]["db_match"]
    lines = call("inspect", "--all")
    found = {
        (Path(line["source"]["file"]).name, line["source"]["index"]): finding["met"]
        for line in lines
        for finding in line["findings"]
        if finding["id"] == "database"
    }
    assert found == recorded
    assert len(found) == 12
    for line in lines:
        assert line["replayed"] == line["identical"] > 0
        assert line["losses"]["hard_constraints"] is None, "tau2 cannot judge its policy: not measured is not zero"


def test_importing_twice_adds_nothing(call: Call, recordings: Path) -> None:
    (line,) = call("import", recordings / "tau2-bench" / AIRLINE)
    assert (line["trajectories"], line["duplicates"]) == (0, 6)


def booking_run(call: Call) -> tuple[str, int]:
    """The id of the failing run, and the index of the step that books."""
    (identity,) = [line["id"] for line in call("list", "--query", "task:13 env:tau2") if line["domain"] == "airline"]
    (shown,) = call("show", identity)
    assert shown["task"] == "13"
    steps = shown["steps"]
    assert [step["index"] for step in steps] == list(range(len(steps)))
    (step,) = [step["index"] for step in steps if step["name"] == "book_reservation"]
    return identity, step


def test_one_edit_turns_the_verdict_and_a_worse_one_is_refused(call: Call, tmp_path: Path) -> None:
    identity, step = booking_run(call)
    edits = tmp_path / "edits.json"

    edits.write_text(json.dumps([{"op": "set_argument", "step": step, "name": "user_id", "value": "nobody"}]))
    (worse,) = call(
        "revise", identity, "--edits", edits, "--annotator", "ann", "--reason", "try"
    )  # the booking fails, so nothing is booked: better for the goal
    assert worse["losses_after"]["feasibility"]["count"] == 1

    summary = {
        "op": "replace",
        "step": step,
        "action": {"name": "transfer_to_human_agents", "arguments": {"summary": "x"}},
    }
    edits.write_text(json.dumps([summary]))
    (fixed,) = call("revise", identity, "--edits", edits, "--annotator", "ann", "--reason", "the policy forbids it")
    assert (fixed["accepted"], fixed["rule"], fixed["verified"]) == (True, "improves", True)
    assert (fixed["losses_before"]["goal"], fixed["losses_after"]["goal"]) == (
        {"count": 1, "of": 1},
        {"count": 0, "of": 1},
    )

    broken = {"op": "replace", "step": step, "action": {"name": "get_user_details", "arguments": {"user_id": "nobody"}}}
    edits.write_text(json.dumps([broken]))
    (refused,) = call("revise", fixed["id"], "--edits", edits, "--annotator", "ann", "--reason", "worse")
    assert (refused["accepted"], refused["rule"], refused["override"]) == (False, "worse", False)
    (forced,) = call("revise", fixed["id"], "--edits", edits, "--annotator", "ann", "--reason", "anyway", "--override")
    assert (forced["accepted"], forced["rule"], forced["override"]) == (True, "worse", True)

    (undo,) = call("undo", "--annotator", "ann")
    assert undo["undoes"] == forced["decision"]
    (row,) = call("list", "--query", "task:13")
    assert row["head"] == fixed["id"]
    (report,) = call("ledger", "check")
    assert (report["entries"], report["sound"]) == (5, True)


def test_a_proposal_is_made_accepted_verified_and_exported(call: Call, tmp_path: Path) -> None:
    identity, step = booking_run(call)
    (proposal,) = call("propose", identity, "--proposer", "repair")
    assert [hunk["operator"] for hunk in proposal["hunks"]] == ["delete"]
    assert proposal["hunks"][0]["steps"] == [step, step + 1]
    assert proposal["cost"]["executions"] == len(proposal["tried"]) > 0
    (decided,) = call(
        "decide", proposal["proposal"], "--accept", "--hunks", "0", "--annotator", "ann", "--reason", "forbidden"
    )
    assert (decided["accepted"], decided["parent"], decided["verified"]) == (True, identity, True)
    (verified,) = call("verify", decided["id"])
    assert (verified["verified"], verified["repeatable"]) == (True, True)
    (demonstrations,) = call("export", "--format", "trl-sft", "--out", tmp_path / "sft")
    assert demonstrations["files"] == [{"file": "demonstrations-train.jsonl", "rows": 1}]
    (pairs,) = call("export", "--format", "trl-dpo", "--out", tmp_path / "dpo")
    assert pairs["files"] == [{"file": "pairs-whole-train.jsonl", "rows": 1}]
    assert "carried over" in pairs["excluded"][0]["reason"], "the agent's next words still speak of a booking"


def test_a_rewritten_step_makes_a_pair_at_the_divergence(call: Call, tmp_path: Path) -> None:
    identity, step = booking_run(call)
    edits = tmp_path / "edits.json"
    transfer = {"name": "transfer_to_human_agents", "arguments": {"summary": "wants another destination"}}
    edits.write_text(json.dumps([{"op": "replace", "step": step, "action": transfer}]))
    call("revise", identity, "--edits", edits, "--annotator", "ann", "--reason", "the policy forbids it")
    call("export", "--format", "trl-dpo", "--out", tmp_path / "dpo")
    (pair,) = [
        json.loads(line) for line in (tmp_path / "dpo" / "pairs-divergence-train.jsonl").read_text().splitlines()
    ]
    called = [pair[side][0]["tool_calls"][0]["function"]["name"] for side in ("chosen", "rejected")]
    assert called == ["transfer_to_human_agents", "book_reservation"]
    assert (pair["reveals_answer"], pair["minimal"], pair["carried_over"]) == (True, True, 0)


def test_a_verified_recording_is_approved_as_it_is_and_an_unverified_one_only_by_override(call: Call) -> None:
    call("inspect", "--all")
    (good,) = [line["id"] for line in call("list", "--query", "task:24 env:tau2 domain:airline")]
    (approved,) = call("mark", "approve", good, "--annotator", "ann")
    assert (approved["rule"], approved["status_after"], approved["override"]) == ("as_is", "approved", False)
    bad, _ = booking_run(call)
    call("mark", "approve", bad, "--annotator", "ann", code=1)
    call("mark", "approve", bad, "--annotator", "ann", "--override", code=1)
    (forced,) = call("mark", "approve", bad, "--annotator", "ann", "--override", "--reason", "the gold is wrong")
    assert forced["override"] is True
    (shown,) = call("show", bad)
    assert [revision["id"] for revision in shown["revisions"]] == [bad]


def test_what_cannot_be_done_ends_with_a_message_and_without_success(imported: Path, tmp_path: Path) -> None:
    cases: tuple[tuple[list[str | Path], str], ...] = (
        (["show", "ffffffff"], "ffffffff"),
        (["list", "--query", "colour:red"], 'no field is called "colour"'),
        (["export", "--format", "nonsense", "--out", tmp_path], 'no format "nonsense"'),
        (
            ["revise", "ffffffff", "--edits", tmp_path / "none", "--annotator", "a", "--reason", "b"],
            "cannot read the edits",
        ),
        (["undo", "--annotator", "nobody"], "nobody has no decision to undo"),
        (["export", "--format", "trl-dpo", "--out", Path(__file__).parent], "name an empty folder"),
        (["import", tmp_path], "no recorded run was found there"),
        (["env", "install", "nonsense"], "nonsense"),
    )
    for arguments, complaint in cases:
        code, lines, messages = answer(imported, *arguments)
        assert (code, lines) == (1, [])
        assert complaint in messages


def test_a_data_folder_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run(["list"], tmp_path / "file")
    assert (result.returncode, result.stdout) == (1, "")
    assert "cannot be the data folder" in result.stderr
    assert "Traceback" not in result.stderr


def test_undo_takes_back_the_decision_and_not_the_verification_after_it(call: Call) -> None:
    identity, _ = booking_run(call)
    (flagged,) = call("mark", "flag", identity, "--annotator", "ann")
    call("verify", identity, "--annotator", "ann")
    (undone,) = call("undo", "--annotator", "ann")
    assert undone["undoes"] == flagged["sequence"]


def test_an_undo_is_refused_where_somebody_answered_in_sight_of_the_decision(call: Call) -> None:
    identity, _ = booking_run(call)
    call("mark", "reject", identity, "--annotator", "ann", "--reason", "too long")
    (second,) = call("mark", "approve", identity, "--annotator", "bob", "--reason", "it is not", "--override")
    call("undo", "--annotator", "ann", code=1)
    (undone,) = call("undo", "--annotator", "bob")
    assert undone["undoes"] == second["sequence"]
    call("undo", "--annotator", "ann")
    (row,) = call("list", "--query", "task:13 domain:airline")
    assert row["status"] == "pending"


@pytest.mark.parametrize("value", ["NaN", "1e400", "[" * 100_000])
def test_edits_that_are_not_json_are_refused_with_a_message(call: Call, tmp_path: Path, value: str) -> None:
    identity, step = booking_run(call)
    edits = tmp_path / "edits.json"
    edits.write_text(f'[{{"op": "set_argument", "step": {step}, "name": "insurance", "value": {value}}}]')
    call("revise", identity, "--edits", edits, "--annotator", "ann", "--reason", "try", code=1)
    assert call("ledger", "show") == []


def test_the_demo_leaves_alone_what_a_person_decided(tmp_path: Path) -> None:
    in_process(tmp_path, "samples", "--count", "3")
    for row in in_process(tmp_path, "list"):
        in_process(tmp_path, "mark", "reject", row["id"], "--annotator", "ann", "--reason", "not this one")
    assert in_process(tmp_path, "demo", "--count", "3") == []
    assert [row["status"] for row in in_process(tmp_path, "list")] == ["rejected"] * 3


def test_results_are_utf_8_whatever_the_locale(imported: Path) -> None:
    command = [sys.executable, "-m", "hitl_app", "list", "--data-dir", str(imported)]
    shown = subprocess.run(command, capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert shown.returncode == 0
    assert "…" in shown.stdout.decode("utf-8")


def test_a_pipe_is_not_waited_for(imported: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "runs.json")
    result = run(["import", tmp_path / "runs.json"], imported)
    assert result.returncode == 1
    assert "neither a file nor a folder" in result.stderr


def test_a_rejected_trajectory_teaches_nothing(call: Call, tmp_path: Path) -> None:
    call("inspect", "--all")
    (good,) = [line["id"] for line in call("list", "--query", "task:24 env:tau2 domain:airline")]
    call("mark", "approve", good, "--annotator", "ann")
    call("mark", "reject", good, "--annotator", "bob", "--reason", "the user was misled")
    (exported,) = call("export", "--format", "trl-sft", "--out", tmp_path / "sft")
    assert exported["files"] == []
    assert exported["excluded"] == [{"reason": "rejected later", "count": 1}]


def test_doctor_and_environments_say_what_is_there(call: Call) -> None:
    ready = {line["name"]: line["installed"] for line in call("env", "list")}
    assert ready.keys() >= {"agentdojo", "bfcl"}  # installed only where somebody did
    assert all(ready[name] for name in ("travel", "recorded", "deepplanning", "tau2"))
    assert {line["what"] for line in call("doctor")} >= {"python", "sqlite", "store", "environment tau2"}
