"""The desk with 100,000 trajectories in the store, each job beside a bare Qt baseline in the same run.

Run: `python tests/benchmarks/bench_desk.py [TRAJECTORIES] [--store DIR]`. Filling the store takes minutes: with
`--store` it is kept, and used again the next time. Offscreen, so that the screen's speed plays no part. Each line
gives the desk's median, the baseline's median, their ratio, the worst stall of the event loop meanwhile, and the most
that the loop's thread itself computed at a stretch, which a busy machine changes less. Starts are `bench_start`'s.

Baselines do the least that a Qt program could do for the same thing: one durable SQLite transaction and a text in a
bare editor for the next item, the bare SQL and a plain list for a query, the same texts in a plain text editor for a
long trajectory, a plain text editor for typing.
"""

import argparse
import asyncio
import contextlib
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from bench_start import compare
from big_store import fill, long_run
from PySide6.QtCore import QMessageLogContext, QStringListModel, QtMsgType, qInstallMessageHandler
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListView, QPlainTextEdit, QWidget
from qasync import QEventLoop
from stalls import Stall, Stalls

from hitl_app.bootstrap import build
from hitl_app.domain.store_file import STORE
from hitl_app.domain.trajectory import Step
from hitl_app.ui.app import SWITCH_SECONDS
from hitl_app.ui.garbage import GarbageCollector, settle
from hitl_app.ui.main_window import MainWindow
from hitl_app.ui.position import DeskPosition
from hitl_app.ui.state import Activity

TRAJECTORIES = 100_000
STARTS, DECISIONS, KEYS, QUERIES, OPENINGS = 3, 30, 40, 5, 5
QUERY_TEXTS = ("status:pending loss.goal>1", "model:model-3", "Selkmont", "task:4242", "gradient:budget")


@dataclass(frozen=True)
class Measured:
    """Seconds of each round, and the worst stall."""

    rounds: Sequence[float]
    stall: Stall = field(default_factory=Stall)

    @property
    def median(self) -> float:
        return statistics.median(self.rounds)


def report(name: str, desk: Measured, bare: Measured) -> None:
    """One line of the table."""
    ratio = desk.median / bare.median
    worst = max(desk.rounds)
    print(
        f"{name:44} {desk.median * 1000:8.1f} ms (worst {worst * 1000:7.1f})  bare {bare.median * 1000:8.1f} ms"
        f"  ratio {ratio:6.2f}  stall {desk.stall.seconds * 1000:6.1f} ms (busy {desk.stall.busy * 1000:5.1f})",
        flush=True,
    )


class Bench:
    """A real window on the store, with hands on it."""

    def __init__(self, app: QApplication, window: MainWindow) -> None:
        self.app = app
        self.window = window
        self.stalls = Stalls(window)

    async def until(self, condition: Callable[[], bool], patience: float = 60.0) -> float:
        """Wait until something is so, and painted; the seconds that took."""
        begun = time.perf_counter()
        while not condition():
            if time.perf_counter() - begun > patience:
                raise SystemExit("it did not come: " + repr(self.window.session.state.problem))
            await asyncio.sleep(0.001)
        self.window.repaint()
        return time.perf_counter() - begun

    async def measured(self, jobs: Sequence[Callable[[], Awaitable[float]]]) -> Measured:
        """Run jobs one after another, and rest between them."""
        rounds = []
        self.stalls.take()
        worst = Stall()
        for job in jobs:
            rounds.append(await job())
            worst |= self.stalls.take()
            await self.rest()
            worst |= self.stalls.take()
        return Measured(rounds, worst)

    async def rest(self) -> None:
        """Until nothing runs in the background."""
        await self.window.session.idle()
        await asyncio.sleep(0.05)

    # -- jobs ------------------------------------------------------------------------------------------------------

    async def approve(self) -> float:
        """Approve as it is against the verdict, and wait for the next one."""
        session = self.window.session
        before = session.state.opened
        session.override("bench")
        return await self.until(lambda: session.state.opened is not before and not session.state.problem)

    async def query(self, text: str) -> float:
        """Run a query as Enter does, and wait for its rows."""
        queue = self.window.queue
        queue.query.setText(text)
        begun = time.perf_counter()
        await queue.run_query()
        self.window.queue.repaint()
        return time.perf_counter() - begun

    async def open(self, trajectory_id: str) -> float:
        """Open a trajectory and wait until it is shown."""
        session = self.window.session
        session.open_revision(trajectory_id)
        return await self.until(
            lambda: session.state.opened is not None and session.state.opened.trajectory.id == trajectory_id
        )

    async def type_key(self, target: QWidget, key: str) -> float:
        """Press one key; the time until it is painted."""
        begun = time.perf_counter()
        QTest.keyClicks(target, key)
        target.repaint()
        took = time.perf_counter() - begun
        await asyncio.sleep(0.03)
        return took


# -- baselines -----------------------------------------------------------------------------------------------------


def bare_next(folder: Path, texts: Sequence[str]) -> Measured:
    """A durable insert, one row read, and a text shown."""
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE item (id INTEGER PRIMARY KEY, text TEXT)")
    connection.execute("CREATE TABLE decision (id INTEGER PRIMARY KEY, text TEXT)")
    connection.executemany("INSERT INTO item (text) VALUES (?)", [(text,) for text in texts])
    shown = QPlainTextEdit()
    shown.resize(900, 700)
    shown.show()
    rounds = []
    for number in range(DECISIONS):
        begun = time.perf_counter()
        connection.execute("INSERT INTO decision (text) VALUES ('approved')")
        (text,) = connection.execute("SELECT text FROM item WHERE id = ?", (number % len(texts) + 1,)).fetchone()
        shown.setPlainText(text)
        shown.repaint()
        rounds.append(time.perf_counter() - begun)
    connection.close()
    return Measured(rounds)


def bare_query(store: Path) -> Measured:
    """A count and a page of titles by bare SQL, in a plain list."""
    connection = sqlite3.connect(store)
    view, model = QListView(), QStringListModel()
    view.setModel(model)
    view.resize(320, 900)
    view.show()
    joined = (
        "FROM lineage JOIN trajectory ON trajectory.number = lineage.position "
        "JOIN task ON task.number = trajectory.task_number"
    )
    rounds = []
    for number in range(QUERIES):
        begun = time.perf_counter()
        fits = (f"%{number}4%",)
        connection.execute(f"SELECT count(*) {joined} WHERE task.title LIKE ?", fits).fetchone()
        page = connection.execute(f"SELECT task.title {joined} WHERE task.title LIKE ? LIMIT 200", fits)
        model.setStringList([title for (title,) in page])
        view.repaint()
        rounds.append(time.perf_counter() - begun)
    connection.close()
    return Measured(rounds)


def bare_open(steps: Sequence[Step]) -> Measured:
    """All texts of the long trajectory in one plain editor."""
    text = "\n".join(
        f"{step.tool} {dict(step.arguments)}\n{step.expected.text if step.expected else ''}" for step in steps
    )
    shown = QPlainTextEdit()
    shown.resize(900, 700)
    shown.show()
    rounds = []
    for _ in range(OPENINGS):
        shown.clear()
        begun = time.perf_counter()
        shown.setPlainText(text)
        shown.repaint()
        rounds.append(time.perf_counter() - begun)
    return Measured(rounds)


def bare_typing() -> Measured:
    """A plain editor."""
    shown = QPlainTextEdit('{\n  "query": "thing 500"\n}')
    shown.show()
    rounds = []
    for number in range(KEYS):
        begun = time.perf_counter()
        QTest.keyClicks(shown, str(number % 10))
        shown.repaint()
        rounds.append(time.perf_counter() - begun)
    return Measured(rounds)


# -- the run -------------------------------------------------------------------------------------------------------


async def measure(app: QApplication, folder: Path, long_id: str) -> None:
    """Print the table."""
    application = build(folder)
    try:
        window = MainWindow(app, application.workspace, "bench", DeskPosition())
        await window.start(samples=False)
        settle()
        bench = Bench(app, window)
        first = await application.workspace.library.queue(limit=2)
        window.session.open(first.rows[1].root_id)
        await bench.rest()
        with tempfile.TemporaryDirectory() as scratch:
            opened = window.session.state.opened
            text = "\n".join(str(step) for step in opened.trajectory.steps) if opened else ""
            approving = await bench.measured([bench.approve] * DECISIONS)
            report("approve to the next item", approving, bare_next(Path(scratch), [text] * 5))
        for query in QUERY_TEXTS:
            asked = await bench.measured([lambda text=query: bench.query(text)] * QUERIES)  # type: ignore[misc]  # a default binds the loop's value
            report(f"query: {query}", asked, bare_query(folder / STORE))
        await bench.query("")
        others = [row.root_id for row in first.rows[1:]]
        opening = []
        for number in range(OPENINGS):
            opening += [lambda: bench.open(long_id), lambda number=number: bench.open(others[number % len(others)])]  # type: ignore[misc]  # as above
        openings = await bench.measured(opening)
        steps = long_run().trajectory.steps
        report(
            "open 1,000 steps, 20 MB of observations", Measured(openings.rounds[::2], openings.stall), bare_open(steps)
        )
        await bench.open(long_id)
        await bench.rest()
        await type_in(bench, "type in the long trajectory, with live losses", 500)
        await bench.open(others[0])
        await bench.rest()
        await type_in(bench, "type in a run of the embedded world", 3)
        await window.shut_down()
        window.hide()
    finally:
        application.close()


async def type_in(bench: Bench, name: str, step: int) -> None:
    """Edit a step and type into what has the focus."""
    session = bench.window.session
    session.select_step(step)
    session.edit_step(step)
    await bench.until(lambda: session.state.draft.editing is not None)
    await asyncio.sleep(0.1)
    target = bench.app.focusWidget() or bench.window.proposal.editor
    typed = await bench.measured([lambda n=n: bench.type_key(target, str(n % 10)) for n in range(KEYS)])  # type: ignore[misc]  # as above
    report(name, typed, bare_typing())
    session.edit_cancelled()
    await bench.until(lambda: session.state.activity is Activity.IDLE)


def _say(kind: QtMsgType, context: QMessageLogContext, words: str) -> None:
    if "This plugin does not support" not in words:  # offscreen there is nothing to raise or to size
        print(words, file=sys.stderr)


def main() -> None:
    """Fill or find the store, then measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("trajectories", nargs="?", type=int, default=TRAJECTORIES)
    parser.add_argument("--store", type=Path, help="folder of the store, kept between runs")
    args = parser.parse_args()
    sys.setswitchinterval(SWITCH_SECONDS)
    with contextlib.ExitStack() as stack:
        folder = args.store or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / STORE).exists():
            fill(folder, args.trajectories)
        starts = compare(folder, STARTS)
        desk = Measured(starts.desk, starts.stall)
        report("start to usable, bare: a plain window", desk, Measured(starts.bare))
        report("start to usable, bare: with the same imports", desk, Measured(starts.importing))
        qInstallMessageHandler(_say)
        app = QApplication([])
        app.setQuitOnLastWindowClosed(False)
        garbage = GarbageCollector()
        with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
            runner.run(measure(app, folder, long_run().trajectory.id))
        garbage.stop()


if __name__ == "__main__":
    main()
