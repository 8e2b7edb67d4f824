"""The offline repairer on recorded runs of tau2 that fail: it sees that the database is wrong, not what is expected."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hitl_app.domain.inspection import Inspection
from hitl_app.domain.library import ImportedRun
from hitl_app.domain.ports import ProposalRequest
from hitl_app.domain.trajectory import Trajectory
from hitl_app.environments.tau2 import provider
from hitl_app.exchange.reading import read_path
from hitl_app.refine.evolve import evolve
from hitl_app.refine.gradients import for_autonomous
from hitl_app.refine.repair import Repairer
from hitl_app.refine.replay import Replayer
from hitl_app.workflow.refinement import without_answer, without_verdicts


@pytest.fixture(scope="module")
def replayer(tau2_home: Path) -> Iterator[Replayer]:
    environment = provider.open(tau2_home)
    yield Replayer(environment)
    environment.close()


def failing(replayer: Replayer, folder: Path) -> list[tuple[ImportedRun, Inspection]]:
    runs = [item for _, _, items in read_path(folder) for item in items if isinstance(item, ImportedRun)]
    inspected = [(run, replayer.inspect(run.task, run.trajectory)) for run in runs]
    return [(run, inspection) for run, inspection in inspected if not inspection.verified]


def repaired(replayer: Replayer, run: ImportedRun, inspection: Inspection) -> Trajectory:
    """The run with what one search proposes for it."""

    async def execute(trajectory: Trajectory) -> Inspection:
        return for_autonomous(replayer.inspect(run.task, trajectory))

    shown = for_autonomous(inspection)
    request = ProposalRequest(
        task=without_answer(run.task),
        base=without_verdicts(run.trajectory),
        inspection=shown,
        tools=replayer.describe(run.task),
        locked=shown.validated,
        inspect=execute,
    )
    proposal = asyncio.run(Repairer().propose(request))
    return evolve(run.trajectory, proposal.hunks, proposal.proposer) if proposal.hunks else run.trajectory


def holds(replayer: Replayer, run: ImportedRun, trajectory: Trajectory) -> bool:
    replayer.forget()
    return replayer.inspect(run.task, trajectory).verified is True


def without(trajectory: Trajectory, index: int) -> Trajectory:
    steps = trajectory.steps
    return replace(trajectory, steps=(*steps[:index], *steps[index + 1 :]), parent_id=trajectory.id)


def test_a_run_that_one_call_less_repairs_is_repaired(replayer: Replayer, recordings: Path) -> None:
    found = 0
    for run, inspection in failing(replayer, recordings / "tau2-bench"):
        candidates = (without(run.trajectory, index) for index in run.trajectory.actions)
        if any(replayer.inspect(run.task, candidate).verified for candidate in candidates):
            found += 1
            assert holds(replayer, run, repaired(replayer, run, inspection))
    assert found == 2


def test_a_refused_call_is_put_right_and_the_wrong_one_after_it_left_out(replayer: Replayer, recordings: Path) -> None:
    runs = [
        (run, inspection)
        for run, inspection in failing(replayer, recordings / "tau-bench")
        if run.trajectory.source and run.trajectory.source.record_id in ("0-0", "0-2")
    ]
    assert len(runs) == 2
    for run, inspection in runs:
        trajectory = repaired(replayer, run, inspection)
        assert holds(replayer, run, trajectory)
        assert len(trajectory.actions) == len(run.trajectory.actions) - 1
