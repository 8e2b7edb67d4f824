"""Import of 10,000 trajectories against raw `sqlite3` inserts of the same bytes; and how quick the queue is after it.

Run as `python tests/benchmarks/bench_import.py [TRAJECTORIES]`. What counts is the ratios: both sides run on the same
machine within the same minute. Raw inserts get finished rows; the store also makes them of objects, hashes every step
and looks up what is already there.
"""

import json
import random
import sqlite3
import sys
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from hitl_app.domain.library import ImportedRun, QueueOrder
from hitl_app.domain.query import parse_query
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import Recorded, Source, Trajectory, action, message
from hitl_app.store import SqliteStore, open_store

TRAJECTORIES = 10_000
PER_BATCH = 500
TASKS = 200
ROUNDS = 3
ACTIONS = 9
SYLLABLES = ("ka", "lo", "mi", "ren", "sta", "tor", "ve", "un", "pli", "dor", "es", "qua", "fi", "gam", "hel", "jo")
COPIED = ("task", "trajectory", "step", "lineage")


class FixedClock:
    """The time does not matter here."""

    def now(self) -> str:
        """Always the same."""
        return "2026-01-31T12:00:00.000000+00:00"


def make_runs(count: int) -> list[ImportedRun]:
    """Runs of 20 steps: two messages, and actions with observations of some hundred bytes each, answered in words."""
    chance = random.Random(7)
    words = ["".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(5000)]

    def text(length: int) -> str:
        return " ".join(chance.choices(words, k=length))

    tasks = [Task("tau2", str(n), text(6), text(60), domain="retail", policy=text(900)) for n in range(TASKS)]
    runs = []
    for number in range(count):
        steps = [message(text(20), role="user")]
        for _ in range(ACTIONS):
            observed = Recorded(json.dumps({word: text(4) for word in chance.choices(words, k=12)}))
            steps.append(action("get_" + text(1), {"id": text(1), "note": text(3)}, expected=observed))
            steps.append(message(text(25)))
        steps.append(message("zephyr" if number == count // 2 else text(10)))
        task = tasks[number % TASKS]
        source = Source("bench.json", number, record_id=str(number), model="bench")
        runs.append(ImportedRun(task, Trajectory(task.id, tuple(steps), source=source)))
    return runs


def fresh(runs: Iterable[ImportedRun]) -> list[ImportedRun]:
    """The same runs without the hashes that earlier use has left in them, as an importer makes them."""
    return [
        ImportedRun(
            Task(r.task.environment, r.task.key, r.task.title, r.task.instruction, r.task.domain, r.task.policy),
            Trajectory(r.trajectory.task_id, r.trajectory.steps, source=r.trajectory.source),
        )
        for r in runs
    ]


def timed(job: Callable[[], object]) -> float:
    """Seconds that a job takes."""
    start = perf_counter()
    job()
    return perf_counter() - start


def add_all(store: SqliteStore, runs: list[ImportedRun]) -> None:
    """Import batch by batch, each durable before the next."""
    for start in range(0, len(runs), PER_BATCH):
        store.add_runs(runs[start : start + PER_BATCH])


def insert_raw(source: Path, target: Path) -> float:
    """Seconds of raw inserts of the rows of `source` into an empty store, in as many transactions."""
    open_store(target, FixedClock()).close()
    with closing(sqlite3.connect(source)) as store:
        rows = {name: store.execute(f"SELECT * FROM {name}").fetchall() for name in COPIED}  # noqa: S608  # our names
    batches = -(-len(rows["lineage"]) // PER_BATCH)
    with closing(sqlite3.connect(target, isolation_level=None)) as raw:
        raw.execute("PRAGMA synchronous = FULL")
        raw.execute("PRAGMA foreign_keys = ON")

        def insert() -> None:
            for batch in range(batches):
                raw.execute("BEGIN IMMEDIATE")
                for name in COPIED:
                    size = len(rows[name]) if name == "task" else -(-len(rows[name]) // batches)
                    part = rows[name][batch * size : (batch + 1) * size]
                    marks = ", ".join("?" * len(rows[name][0]))
                    raw.executemany(f"INSERT INTO {name} VALUES ({marks})", part)  # noqa: S608  # our names
                raw.execute("COMMIT")

        return timed(insert)


def index_raw(source: Path, target: Path) -> float:
    """Seconds of raw inserts of the same words into the same kind of full-text index."""
    with closing(sqlite3.connect(source)) as store:
        steps = store.execute(
            """SELECT trajectory_number, group_concat(text || ' ' || tool || ' ' || arguments || ' ' ||
               thought || ' ' || coalesce(observation, ''), ' ') FROM step GROUP BY 1"""
        ).fetchall()
    with closing(sqlite3.connect(target, isolation_level=None)) as raw:

        def insert() -> None:
            raw.execute("BEGIN IMMEDIATE")
            raw.executemany("INSERT INTO trajectory_text (rowid, words) VALUES (?, ?)", steps)
            raw.execute("COMMIT")

        return timed(insert)


def index_all(store: SqliteStore) -> None:
    """Bring the full-text index up to date in slices."""
    while store.index_text(PER_BATCH):
        pass


def report_queue(store: SqliteStore, count: int) -> None:
    """Milliseconds of what the window asks for."""
    questions: dict[str, Callable[[], object]] = {
        "first page": store.queue,
        "last page": lambda: store.queue(offset=max(count - 100, 0)),
        "worst first": lambda: store.queue(order=QueueOrder.WORST_FIRST),
        "one environment, pending": lambda: store.queue(parse_query("env:tau2 status:pending")),
        "a text in one run": lambda: store.queue(parse_query("zephyr")),
        "a text in every run": lambda: store.queue(parse_query("get_")),
        "two characters": lambda: store.queue(parse_query("qj")),
    }
    for name, ask in questions.items():
        print(f"  {name:26} {min(timed(ask) for _ in range(3)) * 1000:9.1f} ms")


def compare(runs: list[ImportedRun], folder: Path) -> tuple[float, float]:
    """Seconds of an import and of raw inserts of what it wrote: the best of several rounds, taken in turns."""
    imports, raws = [], []
    for number in range(ROUNDS):
        path, new = folder / f"library-{number}.db", fresh(runs)
        with closing(open_store(path, FixedClock())) as store:
            imports.append(timed(lambda: add_all(store, new)))  # noqa: B023  # called at once
        raws.append(insert_raw(path, folder / f"raw-{number}.db"))
    return min(imports), min(raws)


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else TRAJECTORIES
    runs = make_runs(count)
    with TemporaryDirectory() as name:
        folder = Path(name)
        imported, raw = compare(runs, folder)
        path = folder / "library-0.db"
        size = path.stat().st_size / 1e6
        with closing(open_store(path, FixedClock())) as store:
            again = fresh(runs)
            repeated = timed(lambda: add_all(store, again))
            print(f"queue of {count} lineages, before the full-text index is up to date")
            report_queue(store, count)
            indexed = timed(lambda: index_all(store))
            print("and after")
            report_queue(store, count)
        raw_index = index_raw(path, folder / "raw-0.db")
    print(f"{count} trajectories, {count * (2 * ACTIONS + 2)} steps, {size:.0f} MB without the full-text index")
    print(f"  import           {imported:6.2f} s   raw inserts       {raw:6.2f} s   ratio {imported / raw:5.2f}")
    print(
        f"  full-text index  {indexed:6.2f} s   raw FTS5 inserts  {raw_index:6.2f} s   ratio {indexed / raw_index:5.2f}"
    )
    both, raw_both = imported + indexed, raw + raw_index
    print(f"  both             {both:6.2f} s   both              {raw_both:6.2f} s   ratio {both / raw_both:5.2f}")
    print(f"  the same again, all duplicates: {repeated:.2f} s")


if __name__ == "__main__":
    main()
