"""A store of 100,000 trajectories for benchmarks: runs of the embedded world, repeated for tasks of other keys.

The first ones are whole, so that people can review them; the others are the beginnings of such runs, so that the file
stays below a few hundred megabytes. Each carries the inspection of the run that it repeats.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from hitl_app.domain.inspection import Inspection
from hitl_app.domain.library import ImportedRun
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import Recorded, Source, Step, Trajectory, action, message
from hitl_app.environments.travel.environment import TravelEnvironment
from hitl_app.environments.travel.samples import sample_runs
from hitl_app.refine.inspect import inspect
from hitl_app.store import library, open_store

PATTERNS = 40
"""Different runs, of about 30 steps each."""

WHOLE = 1_000
"""So many of the first trajectories are whole."""

BEGINNING = 4
"""Steps of the others."""

PER_BATCH = 2_000
STEPS, LARGE_EVERY, LARGE = 1_000, 10, 200_000
"""Of the long trajectory: its steps, and every how many an observation of so many characters."""


class FixedClock:
    """The time does not matter here."""

    def now(self) -> str:
        """Always the same."""
        return "2026-01-31T12:00:00.000000+00:00"


@dataclass(frozen=True)
class Big:
    """What is in the store.

    Attributes:
        long_id: The trajectory of 1,000 steps.
    """

    trajectories: int
    long_id: str


def fill(folder: Path, count: int) -> Big:
    """Fill a folder's store with `count` trajectories of the embedded world and the long one."""
    patterns = [(run, inspect(TravelEnvironment(), run.task, run.trajectory)) for run in sample_runs(PATTERNS, 7)]
    store = open_store(folder / "desk.db", FixedClock())
    long = long_run()
    try:
        store.add_runs([long])
        for start in range(0, count, PER_BATCH):
            copies = list(_copies(patterns, range(start, min(start + PER_BATCH, count))))
            store.add_runs([run for run, _ in copies])
            with store._write() as connection:  # one transaction for all, which no use case needs
                for _, inspection in copies:
                    library.save_inspection(connection, inspection, FixedClock().now())
    finally:
        store.close()
    return Big(count, long.trajectory.id)


def _copies(patterns: list[tuple[ImportedRun, Inspection]], numbers: range) -> Iterator[tuple[ImportedRun, Inspection]]:
    for number in numbers:
        run, inspection = patterns[number % len(patterns)]
        task = replace(run.task, key=f"{run.task.key}/{number}", title=f"{run.task.title}, {number}")
        source = Source("bench.jsonl", number, record_id=str(number), model=f"model-{number % 5}", synthetic=True)
        steps, executed = run.trajectory.steps, inspection.execution.steps
        if number >= WHOLE:
            steps = tuple(replace(step, expected=None) for step in steps[:BEGINNING])
            executed = tuple(replace(step, observation=None) for step in executed[:BEGINNING])
            inspection = replace(
                inspection,
                findings=(*inspection.unmet, *inspection.findings)[:2],
                gradients=inspection.gradients[:1],
                dependencies=(),
            )
        trajectory = Trajectory(task.id, steps, plan=run.trajectory.plan, source=source)
        execution = replace(inspection.execution, trajectory_id=trajectory.id, steps=executed)
        yield ImportedRun(task, trajectory), replace(inspection, execution=execution)


def long_run() -> ImportedRun:
    """A recording of 1,000 steps, of which every tenth has an observation of 200,000 characters."""
    chance = random.Random(7)
    task = Task("recorded", "long", "A run of a thousand steps", "Do everything, one thing after another.")
    steps: list[Step] = [message("Do everything.", role="user")]
    for number in range(1, STEPS):
        size = LARGE if number % LARGE_EVERY == 0 else 300
        rows = [{"id": f"R-{chance.randrange(10**6):06}", "price": chance.randrange(500)} for _ in range(size // 32)]
        observed = Recorded(json.dumps({"results": rows}))
        steps.append(action("search", {"query": f"thing {number}", "limit": number}, expected=observed))
    return ImportedRun(task, Trajectory(task.id, tuple(steps), source=Source("long.json", 0, model="bench")))
