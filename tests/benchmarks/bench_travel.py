"""The embedded world by level: verdict and replay against a bare JSON round trip of the same trajectory, and how many
of the noisy planner's recordings one proposal of the offline repairer brings to where every hard constraint is met.

Run it with `python tests/benchmarks/bench_travel.py`.
"""

import asyncio
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from hitl_app.domain.codec import step_from_json, step_to_json
from hitl_app.domain.hunk import apply_hunks
from hitl_app.domain.inspection import FindingKind, Inspection
from hitl_app.domain.library import ImportedRun
from hitl_app.domain.ports import ProposalRequest
from hitl_app.domain.trajectory import Step, Trajectory
from hitl_app.environments.travel.environment import TravelEnvironment
from hitl_app.environments.travel.generate import make_world
from hitl_app.environments.travel.provision import replay
from hitl_app.environments.travel.samples import sample_runs
from hitl_app.environments.travel.tasks import LEVELS, generate_tasks
from hitl_app.refine.repair import Repairer
from hitl_app.refine.replay import Replayer

RUNS, ROUNDS, SEED = 8, 5, 7
MOST_VERDICT_SECONDS = 0.01


def median_seconds(job: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        job()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def round_trip(trajectory: Trajectory) -> list[Step]:
    return [step_from_json(json.loads(json.dumps(step_to_json(step)))) for step in trajectory.steps]


def repaired(run: ImportedRun) -> tuple[bool, bool]:
    """Whether a recording meets every goal and hard constraint, and whether one proposal's outcome does."""
    environment = TravelEnvironment()
    replayer = Replayer(environment)
    inspect = partial(replayer.inspect, run.task)

    async def inspected(trajectory: Trajectory) -> Inspection:
        return inspect(trajectory)

    before = inspect(run.trajectory)
    tools = environment.describe_tools(run.task)
    request = ProposalRequest(run.task, run.trajectory, before, tools, 0, inspected)
    proposal = asyncio.run(Repairer().propose(request))
    steps = apply_hunks(run.trajectory.steps, proposal.hunks).steps
    return before.verified is True, inspect(replace(run.trajectory, steps=steps)).verified is True


def measure(level: int, runs: Sequence[ImportedRun]) -> float:
    """Print a level's row; returns the slowest verdict in seconds."""
    environment = TravelEnvironment()
    round_trips, replays, verdicts, actions, hard = [], [], [], [], []
    for run in runs:
        execution, findings = replay(environment, run)
        actions.append(len(run.trajectory.actions))
        hard.append(sum(found.kind is FindingKind.HARD for found in findings))
        verdicts.append(median_seconds(partial(environment.verdict, run.task, run.trajectory, execution)))
        replays.append(median_seconds(partial(replay, environment, run)))
        round_trips.append(median_seconds(partial(round_trip, run.trajectory)))
    base, task = statistics.median(round_trips), median_seconds(lambda: list(generate_tasks(1, 4, level))) / 4
    outcomes = [repaired(run) for run in runs]
    before, after = (sum(column) for column in zip(*outcomes, strict=True))
    print(f"{level:>5}{statistics.median(actions):>9.0f}{statistics.median(hard):>6.0f}", end="")
    for seconds in (base, statistics.median(verdicts), statistics.median(replays), task):
        print(f"{seconds * 1000:>9.2f} ms{seconds / base:>5.1f} x", end="")
    print(f"{before:>6} of {len(runs)}{after:>6} of {len(runs)}")
    return max(verdicts)


def main() -> int:
    def world() -> None:
        make_world.cache_clear()
        make_world(1, "train")

    print(f"a world from its seed: {median_seconds(world) * 1000:.2f} ms")
    heads = ("JSON round trip", "verdict", "replay and verdict", "task with its plan")
    print("level  actions  hard" + "".join(f"{head:>19}" for head in heads) + "  verified  repaired")
    slowest = max(measure(level, list(sample_runs(RUNS, SEED, level))) for level in LEVELS)
    return int(slowest > MOST_VERDICT_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
