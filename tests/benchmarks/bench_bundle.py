"""Export and import of a bundle of 1,000 reviewed trajectories, against reading its lines with Python's JSON parser.

Run as `python tests/benchmarks/bench_bundle.py [TRAJECTORIES]`. Every trajectory is inspected with an observation for
each action; two of three have a revision with its inspection and a decision, one of six is decided on again at the end
of the ledger. Peaks of memory are those of Python's own objects, at a quarter of the trajectories and at all of them.
"""

import json
import sys
import tracemalloc
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bench_import import FixedClock, make_runs, timed

from hitl_app.domain.decision import Decision, DecisionKind, ReviewStatus
from hitl_app.domain.inspection import ExecutedStep, Execution, Inspection, Observation, StepStatus
from hitl_app.domain.library import ImportedRecord, ImportedRun, ImportedTask, Rejected
from hitl_app.domain.loss import Count, LossVector
from hitl_app.domain.training import ExportSettings
from hitl_app.domain.trajectory import Trajectory, action
from hitl_app.exchange.exporters.bundle import BundleExporter
from hitl_app.exchange.reading import read_path
from hitl_app.store import SqliteStore, open_store
from hitl_app.workflow.exporting import StoredRecord

TRAJECTORIES = 1_000
PER_BATCH = 200


def inspected(trajectory: Trajectory) -> Inspection:
    """An inspection in which every action got the observation that was recorded."""
    steps = tuple(
        ExecutedStep(
            StepStatus.OK,
            Observation(step.expected.text if step.expected else "{}", state="0" * 64) if step.is_action else None,
            replayed=step.is_action,
            identical=step.is_action or None,
        )
        for step in trajectory.steps
    )
    return Inspection(Execution(trajectory.id, "tau2", "1", steps), LossVector(goal=Count(1, 3)))


def accepted(store: SqliteStore, base: Trajectory) -> None:
    """A revision of a base, on record."""
    steps = (*base.steps[:3], action("mend", {"id": base.id[:8]}), *base.steps[4:])
    candidate = replace(base, steps=steps, parent_id=base.id, lineage_root=base.root_id, source=None, author="ada")
    row = store.row(base.root_id)
    store.record(
        Decision(
            DecisionKind.EDIT,
            base.root_id,
            base.id,
            "ada",
            "it was the wrong one",
            "2026-01-31T12:00:00.000000+00:00",
            row.status,
            ReviewStatus.EDITED,
            row.head_id,
            candidate.id,
            candidate_id=candidate.id,
            accepted=True,
        ),
        candidate,
        inspected(candidate),
    )


def make_store(path: Path, count: int) -> SqliteStore:
    """A store in which so many trajectories were reviewed."""
    store = open_store(path, FixedClock())
    runs = make_runs(count)
    for start in range(0, count, PER_BATCH):
        store.add_runs(runs[start : start + PER_BATCH])
    for number, run in enumerate(runs):
        store.save_inspection(inspected(run.trajectory))
        if number % 3:
            accepted(store, run.trajectory)
    for run in runs[1::6]:
        accepted(store, store.trajectory(store.row(run.trajectory.id).head_id))
    return store


def take(store: SqliteStore, bundle: Path) -> None:
    """Import a bundle as the library does it."""
    runs: list[ImportedRun] = []
    tasks: list[ImportedTask] = []

    def flush() -> None:
        store.add_runs(runs, [item.task for item in tasks])
        runs.clear()
        tasks.clear()

    for _, _, items in read_path(bundle):
        for item in items:
            if isinstance(item, Rejected):
                raise SystemExit(f"{item.where}: {item.reason}")
            if isinstance(item, ImportedRecord):
                flush()
                store.merge(item)
            elif isinstance(item, ImportedTask):
                tasks.append(item)
            else:
                runs.append(item)
            if len(runs) + len(tasks) == PER_BATCH:
                flush()
        flush()


def parse_lines(bundle: Path) -> None:
    """Read every line of a bundle as JSON."""
    for file in bundle.glob("*.jsonl"):
        with file.open("rb") as lines:
            for line in lines:
                json.loads(line)


def peak(job: Callable[[], object]) -> float:
    """Megabytes of Python's objects at the peak of a job."""
    tracemalloc.start()
    job()
    found = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return found


def measure(count: int, folder: Path) -> None:
    """Print times and peaks for so many trajectories."""
    bundle, again = folder / "bundle", folder / "again"
    with closing(make_store(folder / "old.db", count)) as old:
        record = StoredRecord(old)
        exported = timed(lambda: BundleExporter().export(record, bundle, ExportSettings()))
        export_peak = peak(lambda: BundleExporter().export(record, again, ExportSettings()))
    with closing(open_store(folder / "new.db", FixedClock())) as new:
        imported = timed(lambda: take(new, bundle))
        repeated = timed(lambda: take(new, bundle))
        if not new.check_ledger().sound:
            raise SystemExit("the ledger is not sound")
        BundleExporter().export(StoredRecord(new), again, ExportSettings())
        same = all(file.read_bytes() == (again / file.name).read_bytes() for file in bundle.iterdir())
        entries = new.check_ledger().entries
    with closing(open_store(folder / "peak.db", FixedClock())) as new:
        import_peak = peak(lambda: take(new, bundle))
    size = sum(file.stat().st_size for file in bundle.iterdir()) / 1e6
    parsed = timed(lambda: parse_lines(bundle))
    print(f"{count} trajectories, {entries} decisions: bundle {size:.1f} MB, exported again the same: {same}")
    print(f"  export {exported:.2f} s, import {imported:.2f} s, the same again {repeated:.2f} s; ", end="")
    print(f"reading the JSON alone {parsed:.2f} s: ratios {exported / parsed:.1f} and {imported / parsed:.1f}")
    print(f"  peak of export {export_peak:.1f} MB, of import {import_peak:.1f} MB")


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else TRAJECTORIES
    for part in (count // 4, count):
        with TemporaryDirectory() as name:
            measure(part, Path(name))


if __name__ == "__main__":
    main()
