"""How many travel tasks the offline repairer verifies as its budget of executions grows.

`python tests/benchmarks/measure_repair.py [--tasks N] [--seed N] [--most N] [--curve FILE]`: so many samples of each
level are inspected; each one that fails gets one search, locked and blinded like the desk's own. A search is
deterministic and a longer one begins like a shorter one, so that it is enough to note after how many executions a task
was verified. The samples are ours, with defects of our own making: this compares repairers with each other and says
nothing of models.
"""

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from repair_curve import Curve, draw

from hitl_app.domain.inspection import Inspection
from hitl_app.domain.library import ImportedRun
from hitl_app.domain.ports import ProposalRequest
from hitl_app.domain.trajectory import Trajectory
from hitl_app.environments.travel.environment import TravelEnvironment
from hitl_app.environments.travel.samples import sample_runs
from hitl_app.refine.gradients import for_autonomous
from hitl_app.refine.repair import Repairer
from hitl_app.refine.replay import Replayer
from hitl_app.workflow.refinement import without_answer, without_verdicts

LEVELS = (1, 2, 3, 4, 5)
BUDGETS = (0, 10, 25, 50, 100, 200, 400, 800)


@dataclass(frozen=True)
class Repaired:
    """One task: after how many executions it was verified, None where it never was; what was left unmet then."""

    level: int
    defects: tuple[str, ...]
    verified_after: int | None
    left: tuple[str, ...]


class Measuring:
    """Executes in one environment, task after task."""

    def __init__(self) -> None:
        self._environment = TravelEnvironment()
        self._replayer = Replayer(self._environment)

    def repair(self, run: ImportedRun, level: int, most: int) -> Repaired:
        """Search until a task is verified or the executions are used up."""
        first = self._inspect(run, run.trajectory)
        best, executed = first, 0

        async def execute(trajectory: Trajectory) -> Inspection:
            nonlocal best, executed
            executed += 1
            found = self._inspect(run, trajectory)
            best = found if found.losses.rank < best.losses.rank else best
            return found

        request = ProposalRequest(
            task=without_answer(run.task),
            base=without_verdicts(run.trajectory),
            inspection=first,
            tools=self._environment.describe_tools(run.task),
            locked=first.validated,
            inspect=execute,
            max_executions=most,
            cancelled=lambda: best.verified is True,
        )
        asyncio.run(Repairer().propose(request))
        source = run.trajectory.source
        defects = source.extra["defects"] if source else ()
        left = tuple(finding.id for finding in best.unmet if finding.kind != "soft")
        names = tuple(map(str, defects)) if isinstance(defects, list | tuple) else ()
        return Repaired(level, names, executed if best.verified else None, left if not best.verified else ())

    def _inspect(self, run: ImportedRun, trajectory: Trajectory) -> Inspection:
        return for_autonomous(self._replayer.inspect(run.task, trajectory))


def share(tasks: Sequence[Repaired], budget: int) -> float:
    """Of the tasks, how many are verified within a budget, in percent."""
    verified = sum(task.verified_after is not None and task.verified_after <= budget for task in tasks)
    return 100 * verified / len(tasks) if tasks else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=12, help="samples of each level")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--most", type=int, default=BUDGETS[-1], help="executions of one search at most")
    parser.add_argument("--curve", type=Path, help="SVG file to write the curve to")
    args = parser.parse_args()
    measuring = Measuring()
    runs = [(level, run) for level in LEVELS for run in sample_runs(args.tasks, args.seed, level)]
    all_tasks = [measuring.repair(run, level, args.most) for level, run in runs]
    failing = [task for task in all_tasks if task.verified_after != 0]
    budgets = [budget for budget in BUDGETS if budget <= args.most]
    print(f"{len(runs)} samples, seed {args.seed}, {args.tasks} of each level; {len(failing)} need repair")
    print("\n| executions | verified | share | " + " | ".join(f"level {level}" for level in LEVELS) + " |")
    print("|---" * (3 + len(LEVELS)) + "|")
    by_level = {level: [task for task in failing if task.level == level] for level in LEVELS}
    for budget in budgets:
        count = sum(task.verified_after is not None and task.verified_after <= budget for task in failing)
        levels = " | ".join(f"{share(tasks, budget):.0f} %" for tasks in by_level.values())
        print(f"| {budget} | {count} of {len(failing)} | {share(failing, budget):.0f} % | {levels} |")
    print("\nNot verified, with what was put in and what was left:")
    for task in failing:
        if task.verified_after is None:
            print(f"- level {task.level}: {', '.join(task.defects)}; left: {', '.join(task.left)}")
    if args.curve:
        points = tuple((budget, share(failing, budget)) for budget in budgets)
        curve = Curve(
            "Travel tasks that the offline repairer verifies",
            f"{len(failing)} failing samples of levels 1 to 5, seed {args.seed}",
            "executions of candidates",
            "tasks verified",
            points,
        )
        args.curve.write_text(draw(curve), "utf-8")


if __name__ == "__main__":
    main()
