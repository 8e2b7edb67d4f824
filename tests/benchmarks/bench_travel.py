"""The embedded world against a bare JSON round trip of the same trajectory, in one run.

Run it with `python tests/benchmarks/bench_travel.py`.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial

from hitl_app.domain.codec import step_from_json, step_to_json
from hitl_app.domain.trajectory import Step, Trajectory
from hitl_app.environments.travel.environment import TravelEnvironment
from hitl_app.environments.travel.generate import make_world
from hitl_app.environments.travel.provision import replay
from hitl_app.environments.travel.samples import sample_runs
from hitl_app.environments.travel.tasks import generate_tasks

RUNS, ROUNDS = 24, 7
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


def main() -> int:
    environment = TravelEnvironment()
    round_trips, replays, verdicts = [], [], []
    for run in sample_runs(RUNS, 7):
        execution, _ = replay(environment, run)
        round_trips.append(median_seconds(partial(round_trip, run.trajectory)))
        verdicts.append(median_seconds(partial(environment.verdict, run.task, run.trajectory, execution)))
        replays.append(median_seconds(partial(replay, environment, run)))

    def world() -> None:
        make_world.cache_clear()
        make_world(1)

    base = statistics.median(round_trips)
    rows = {
        "JSON round trip of a trajectory": base,
        "verdict": statistics.median(verdicts),
        "replay with verdict": statistics.median(replays),
        "a world from its seed": median_seconds(world),
        "a task with its plan": median_seconds(lambda: list(generate_tasks(1, 10))) / 10,
    }
    for name, seconds in rows.items():
        print(f"{name:<34}{seconds * 1000:8.2f} ms{seconds / base:8.1f} x")
    return int(max(verdicts) > MOST_VERDICT_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
