"""A run that was killed goes on without asking anything twice; a finished one is replayed without a network."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import deleting_script
import pytest
from records import content, opened
from run_child import ITERATIONS
from serving import Served, serving

from hitl_app.bootstrap import build
from hitl_app.domain.run import Budget, RunStatus, TaskStatus
from hitl_app.workflow.models import Chosen
from hitl_app.workflow.refining import MODEL
from hitl_app.workflow.running import TaskEnded
from hitl_app.workflow.workspace import Workspace

HERE = Path(__file__).parent
SAMPLES = 5
BEFORE_THE_KILL = 12
"""Calls that are on record when the run is killed."""


@dataclass(frozen=True)
class Finished:
    """A run that nobody interrupted, the server that it asked, and the desk as it was before."""

    served: Served
    untouched: Path
    data_dir: Path
    held: Path
    requests: int


@contextmanager
def desk(data_dir: Path) -> Iterator[Workspace]:
    application = build(data_dir)
    try:
        yield application.workspace
    finally:
        application.close()


def child(served: Served, data_dir: Path, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, str(HERE / "run_child.py"), str(data_dir), *arguments],
        env={**os.environ, "HITL_APP_BASE_URL": served.base_url, "HITL_APP_MODEL": "scripted"},
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Finished]:
    folder = tmp_path_factory.mktemp("runs")
    untouched, data_dir, held = folder / "untouched", folder / "whole", folder / "held"
    with desk(untouched) as workspace:
        asyncio.run(workspace.samples.add(SAMPLES))
    shutil.copytree(untouched, data_dir)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(deleting_script.HOLD, str(held))
        with serving("deleting_script:reply", HERE) as served:
            with child(served, data_dir) as process:
                process.communicate(timeout=60)
            assert process.returncode == 0
            yield Finished(served, untouched, data_dir, held, served.counters()["requests"])


@pytest.mark.slow
def test_a_killed_run_goes_on_and_its_record_is_that_of_an_uninterrupted_one(finished: Finished) -> None:
    served, data_dir = finished.served, finished.untouched.with_name("killed")
    shutil.copytree(finished.untouched, data_dir)
    whole = opened(finished.data_dir)
    calls = len(list(whole.calls()))
    assert whole.runs()[0].usage.calls == calls > BEFORE_THE_KILL + 3
    probing = finished.requests - calls
    finished.held.write_text(str(finished.requests + probing + BEFORE_THE_KILL + 1), "utf-8")

    with child(served, data_dir) as process:
        assert process.stdout is not None
        _, run_id = process.stdout.readline().split()
        kept = [process.stdout.readline().split()[1] for _ in range(BEFORE_THE_KILL)]
        process.kill()
    finished.held.unlink()

    store = opened(data_dir)
    (run,) = store.runs()
    assert (run.id, run.status) == (run_id, RunStatus.RUNNING)
    assert sorted(call.key for _, call in store.calls()) == sorted(kept)
    assert any(entry.decision.candidate_id for entry in store.entries()), "something was decided by then"
    with child(served, data_dir, run_id) as process:
        process.communicate(timeout=60)
    assert process.returncode == 0

    answered = served.counters()["by_outcome"]["answered"]["requests"]
    assert answered == 2 * finished.requests
    assert len({call.key for _, call in store.calls()}) == len(list(store.calls())) == calls
    assert content(store) == content(whole)
    assert store.check_ledger().faults == ()
    for each in (store, whole):
        each.close()


def test_a_recorded_run_is_replayed_without_a_network_to_the_same_record(finished: Finished, tmp_path: Path) -> None:
    data_dir = tmp_path / "replayed"
    shutil.copytree(finished.untouched, data_dir)
    with desk(finished.data_dir) as workspace:
        asyncio.run(workspace.exporting.export("calls", tmp_path / "calls"))
    nowhere = Chosen("http://127.0.0.1:9/v1", "scripted")
    answers = tmp_path / "calls"
    asked = finished.served.counters()["requests"]

    async def replay(workspace: Workspace) -> None:
        roots = await workspace.library.root_ids()
        refined = workspace.refining.refine(
            roots, proposer=MODEL, budget=Budget(ITERATIONS), chosen=nowhere, concurrency=3, answers=answers
        )
        async for _ in refined:
            pass

    with desk(data_dir) as workspace:
        asyncio.run(replay(workspace))
    replayed, whole = opened(data_dir), opened(finished.data_dir)
    results = replayed.runs()[0].results
    assert {result.status for result in results} >= {TaskStatus.UNVERIFIED}
    assert [result.error for result in results] == [""] * SAMPLES
    assert content(replayed) == content(whole)
    assert finished.served.counters()["requests"] == asked
    for store in (replayed, whole):
        store.close()


def test_a_run_that_a_ceiling_ended_is_replayed_to_the_same_end(finished: Finished, tmp_path: Path) -> None:
    ceiling = opened(finished.data_dir)
    spent = ceiling.runs()[0].usage.tokens
    ceiling.close()

    async def refined(workspace: Workspace, base_url: str, answers: Path | None) -> list[tuple[str, str, str]]:
        roots, budget = await workspace.library.root_ids(), Budget(ITERATIONS, tokens=spent // 2)
        chosen = Chosen(base_url, "scripted")
        events = workspace.refining.refine(
            roots, proposer=MODEL, budget=budget, chosen=chosen, concurrency=1, answers=answers
        )
        ended = [event.result async for event in events if isinstance(event, TaskEnded)]
        return [(result.start_id, result.status, result.stopped_by) for result in ended]

    ends = {}
    for name, base_url, answers in (
        ("asked", finished.served.base_url, None),
        ("replayed", "http://127.0.0.1:9/v1", tmp_path / "calls"),
    ):
        shutil.copytree(finished.untouched, tmp_path / name)
        with desk(tmp_path / name) as workspace:
            ends[name] = asyncio.run(refined(workspace, base_url, answers))
            asyncio.run(workspace.exporting.export("calls", tmp_path / "calls"))
    assert any("budget is used up" in reason for _, _, reason in ends["asked"])
    assert ends["replayed"] == ends["asked"]


def test_a_question_that_is_not_on_record_is_a_clear_failure(finished: Finished, tmp_path: Path) -> None:
    data_dir = tmp_path / "replayed"
    shutil.copytree(finished.untouched, data_dir)
    answers = tmp_path / "calls.jsonl"
    answers.touch()

    async def replay(workspace: Workspace) -> None:
        roots = await workspace.library.root_ids()
        nowhere = Chosen("http://127.0.0.1:9/v1", "scripted")
        async for _ in workspace.refining.refine(roots, proposer=MODEL, chosen=nowhere, answers=answers):
            pass

    with desk(data_dir) as workspace:
        asyncio.run(replay(workspace))
    store = opened(data_dir)
    failed = [result for result in store.runs()[0].results if result.status is TaskStatus.FAILED]
    assert failed
    assert all("no recorded answer fits" in result.error for result in failed)
    store.close()
