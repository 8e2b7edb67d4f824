"""The offline repairer on a plan of the benchmark: what a check names is tried first."""

import asyncio
from pathlib import Path

from hitl_app.domain.codec import get_object
from hitl_app.domain.inspection import Inspection
from hitl_app.domain.library import ImportedRun
from hitl_app.domain.ports import ProposalRequest
from hitl_app.domain.trajectory import Trajectory
from hitl_app.environments.deepplanning import provider
from hitl_app.exchange.reading import read_path
from hitl_app.refine.gradients import for_autonomous
from hitl_app.refine.repair import Repairer
from hitl_app.refine.replay import Replayer


def test_a_price_that_a_check_expects_is_put_right(recordings: Path, tmp_path: Path) -> None:
    runs = [item for _, _, items in read_path(recordings / "deepplanning") for item in items]
    run = next(
        run
        for run in runs
        if isinstance(run, ImportedRun)
        and run.trajectory.source
        and run.trajectory.source.file.endswith("en_id_13_overbudget.json")
    )
    environment = provider.open(tmp_path)
    replayer = Replayer(environment)

    async def inspected(trajectory: Trajectory) -> Inspection:
        return for_autonomous(replayer.inspect(run.task, trajectory))

    shown = asyncio.run(inspected(run.trajectory))
    request = ProposalRequest(
        run.task,
        run.trajectory,
        shown,
        environment.describe_tools(run.task),
        locked=0,
        inspect=inspected,
    )
    proposal = asyncio.run(Repairer().propose(request))
    assert proposal.losses is not None
    assert proposal.losses.total == 0
    (hunk,) = proposal.hunks
    assert hunk.after[0].arguments["details"] == {**get_object(hunk.before[0].arguments, "details"), "cost": 636}
