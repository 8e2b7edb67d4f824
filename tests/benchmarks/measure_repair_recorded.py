"""Which recorded tau2 runs the offline repairer repairs, and which a single deleted call would repair.

`HITL_APP_ENV_DIR=… python tests/benchmarks/measure_repair_recorded.py FILE_OR_FOLDER…`: every run that fails its
database check gets one search. The repairer sees whether the check holds, and nothing of what it expects.
"""

import argparse
import asyncio
import os
from pathlib import Path

import platformdirs

from hitl_app.domain.inspection import Inspection
from hitl_app.domain.library import ImportedRun
from hitl_app.domain.ports import ProposalRequest
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.trajectory import Trajectory
from hitl_app.environments.tau2 import provider
from hitl_app.exchange.reading import read_path
from hitl_app.refine.evolve import evolve
from hitl_app.refine.gradients import for_autonomous
from hitl_app.refine.repair import Repairer
from hitl_app.refine.replay import Replayer
from hitl_app.workflow.refinement import MAX_EXECUTIONS, without_answer, without_verdicts


def recorded_runs(path: Path) -> list[ImportedRun]:
    """The runs of a file or folder, in its order."""
    return [item for _, _, items in read_path(path) for item in items if isinstance(item, ImportedRun)]


def repair(replayer: Replayer, run: ImportedRun, inspection: Inspection) -> Proposal:
    """One search, locked and blinded like the desk's own."""

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
        max_executions=MAX_EXECUTIONS,
    )
    return asyncio.run(Repairer().propose(request))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", type=Path, nargs="+")
    args = parser.parse_args()
    default = platformdirs.user_data_path("hitl-app") / "environments"
    replayer = Replayer(provider.open(Path(os.environ.get("HITL_APP_ENV_DIR") or default)))
    print("| run | calls, writes | repaired | executions | how |")
    print("|---|---|---|---|---|")
    for path in args.paths:
        for number, run in enumerate(recorded_runs(path)):
            inspection = replayer.inspect(run.task, run.trajectory)
            if not inspection.verified:
                print(f"| {path.stem} {number} ({run.task.key}) | {row(replayer, run, inspection)} |", flush=True)
    replayer.environment.close()


def row(replayer: Replayer, run: ImportedRun, inspection: Inspection) -> str:
    """The cells of one run: what it does, and what came of the search."""
    proposal = repair(replayer, run, inspection)
    repaired = False
    if proposal.hunks:
        candidate = evolve(run.trajectory, proposal.hunks, proposal.proposer)
        repaired = replayer.inspect(run.task, candidate).verified is True
    done = [step.observation for step in inspection.execution.steps if step.observation]
    cells = [
        f"{len(done)}, {sum(bool(observed.changed) for observed in done)}",
        "yes" if repaired else "no",
        str(proposal.cost.executions),
        "; ".join(f"{hunk.operator.value} at {hunk.start}" for hunk in proposal.hunks) or "-",
    ]
    return " | ".join(cells)


if __name__ == "__main__":
    main()
