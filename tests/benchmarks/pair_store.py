"""A store of reviewed lineages that give many preference pairs, for benchmarks of exports.

Every lineage is the beginning of a run of the embedded world, for a task and a first message of its own. It has one
accepted candidate and three that were rejected as worse, each with two actions changed: 7 preferences of two
trajectories, over 3 spans each.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from big_store import PATTERNS, FixedClock

from hitl_app.domain.decision import Decision, DecisionKind, ReviewStatus
from hitl_app.domain.inspection import Inspection
from hitl_app.domain.library import ImportedRun
from hitl_app.domain.loss import Count, LossVector
from hitl_app.domain.trajectory import Source, Step, Trajectory
from hitl_app.environments.travel.environment import TravelEnvironment
from hitl_app.environments.travel.samples import sample_runs
from hitl_app.refine.inspect import inspect
from hitl_app.store import SqliteStore, library, open_store, standings

CANDIDATES, SPANS = 4, 3
PAIRS = (2 * CANDIDATES - 1) * SPANS
"""Pairs that a lineage gives."""

STEPS = 12
"""Steps of each trajectory."""

CHANGED = (2, 6)
"""Which of its actions a candidate changes."""

PER_BATCH = 500


@dataclass(frozen=True)
class Pattern:
    """The beginning of a run, with what was found about it."""

    run: ImportedRun
    inspection: Inspection


def open_filled(folder: Path, pairs: int) -> SqliteStore:
    """The store of a folder, filled where there is none: with at least so many pairs."""
    if not (folder / "desk.db").exists():
        folder.mkdir(parents=True, exist_ok=True)
        with closing(open_store(folder / "desk.db", FixedClock())) as store:
            _fill(store, -(-pairs // PAIRS))
    return open_store(folder / "desk.db", FixedClock())


def _fill(store: SqliteStore, lineages: int) -> None:
    patterns = list(_patterns())
    for start in range(0, lineages, PER_BATCH):
        numbers = range(start, min(start + PER_BATCH, lineages))
        runs = [_run(patterns[number % len(patterns)], number) for number in numbers]
        store.add_runs([each.run for each in runs])
        with store._write() as connection:  # one transaction for all, which no use case needs
            for each in runs:
                library.save_inspection(connection, each.inspection, FixedClock().now())
            for which in range(CANDIDATES):
                made = [_candidate(each, which) for each in runs]
                for candidate, inspection in made:
                    library.add_candidate(connection, candidate, FixedClock().now())
                    library.save_inspection(connection, inspection, FixedClock().now())
                bases = [each.run.trajectory for each in runs]
                accepted = which == CANDIDATES - 1
                decisions = [
                    _decision(base, candidate, accepted) for base, (candidate, _) in zip(bases, made, strict=True)
                ]
                standings.record(connection, decisions)


def _patterns() -> Iterator[Pattern]:
    """Beginnings of runs that have the actions which candidates change."""
    for run in sample_runs(PATTERNS, 7):
        inspection = inspect(TravelEnvironment(), run.task, run.trajectory)
        if (
            len(run.trajectory.steps) >= STEPS
            and sum(step.is_action for step in run.trajectory.steps[:STEPS]) > CHANGED[1]
        ):
            yield Pattern(run, inspection)


def _run(pattern: Pattern, number: int) -> Pattern:
    task = replace(pattern.run.task, key=f"{pattern.run.task.key}/{number}")
    first, *steps = (replace(step, expected=None) for step in pattern.run.trajectory.steps[:STEPS])
    first = replace(first, text=f"{first.text}\n(request {number})")
    source = Source("bench.jsonl", number, record_id=str(number), model=f"model-{number % 5}", synthetic=True)
    trajectory = Trajectory(task.id, (first, *steps), plan=pattern.run.trajectory.plan, source=source)
    return Pattern(ImportedRun(task, trajectory), _inspected(pattern.inspection, trajectory, 2))


def _candidate(of: Pattern, which: int) -> tuple[Trajectory, Inspection]:
    base = of.run.trajectory
    accepted = which == CANDIDATES - 1
    revised = replace(
        base, steps=_changed(base.steps, which), parent_id=base.id, lineage_root=base.root_id, source=None, author="ada"
    )
    return revised, _inspected(of.inspection, revised, 0 if accepted else 3)


def _changed(steps: Sequence[Step], which: int) -> tuple[Step, ...]:
    actions = [index for index, step in enumerate(steps) if step.is_action]
    at = {actions[number] for number in CHANGED}
    return tuple(
        replace(step, arguments={**step.arguments, "note": f"option {which}"}) if index in at else step
        for index, step in enumerate(steps)
    )


def _inspected(like: Inspection, of: Trajectory, unmet: int) -> Inspection:
    """The inspection of the pattern, moved to another trajectory, with so many goals of four unmet."""
    execution = replace(like.execution, trajectory_id=of.id, steps=like.execution.steps[:STEPS])
    losses = LossVector(goal=Count(unmet, 4))
    return replace(like, execution=execution, losses=losses, gradients=(), dependencies=(), earliest_cause=None)


def _decision(base: Trajectory, candidate: Trajectory, accepted: bool) -> Decision:
    return Decision(
        DecisionKind.EDIT,
        base.root_id,
        base.id,
        "ada",
        "as asked",
        FixedClock().now(),
        ReviewStatus.PENDING,
        ReviewStatus.EDITED if accepted else ReviewStatus.PENDING,
        base.id,
        candidate.id if accepted else base.id,
        candidate_id=candidate.id,
        accepted=accepted,
    )
