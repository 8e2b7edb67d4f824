"""Start to a usable window, against bare PySide6 windows started in the same run.

Usable means: the queue is filled, a trajectory is open with its losses, and keys are answered. Measured from the
start of the process to the moment that the child says so, offscreen, as the median of several alternating starts. One
bare window imports Qt alone; the other one imports first every module that the desk has imported when it is usable.
The worst stall is that of the desk's event loop from the first show of its window until it rests.

Run: `python tests/benchmarks/bench_start.py [DATA_DIR]`; without a folder, a store of 24 samples is made.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from stalls import Stall

STARTS = 5

BARE = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
window.resize(1600, 1000)
window.show()
def usable():
    print("usable", flush=True)
    app.quit()
QTimer.singleShot(0, usable)
app.exec()
"""

DESK = """
import sys
sys.path.insert(0, sys.argv[2])
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from stalls import Stalls
app = QApplication([])
stalls, timer, shown = Stalls(), QTimer(), []
def finish(window, modules):
    worst = stalls.take()
    print(worst.seconds, worst.busy, *modules, flush=True)
    window.close()
def poll():
    for window in app.topLevelWidgets():
        session = getattr(window, "session", None)
        if not window.isVisible() or session is None:
            continue
        if not shown:
            shown.append(stalls.take())
        if session.state.opened and session.state.opened.inspection:
            timer.stop()
            print("usable", flush=True)
            roots = ("hitl_app", "PySide6", "sqlmodel", "qasync")
            modules = [name for name in sys.modules if name.split(".")[0] in roots and name != "hitl_app.__main__"]
            QTimer.singleShot(1000, lambda: finish(window, modules))
            return
timer.timeout.connect(poll)
timer.start(2)
from hitl_app.__main__ import main
sys.exit(main(["--data-dir", sys.argv[1], "--annotator", "bench"]))
"""


@dataclass(frozen=True)
class Started:
    """Seconds until the window was usable, and what the child said afterwards."""

    seconds: float
    said: str


def start(code: str, *arguments: str) -> Started:
    """Start a process and wait until it says that its window is usable, and for its end."""
    variables = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    begun = time.perf_counter()
    command = [sys.executable, "-c", code, *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=variables
    ) as child:
        assert child.stdout is not None
        line = child.stdout.readline()
        took = time.perf_counter() - begun
        said = child.stdout.read()
    if line.strip() != "usable" or child.returncode != 0:
        raise SystemExit(f"the window did not become usable (exit code {child.returncode})")
    return Started(took, said)


@dataclass(frozen=True)
class Starts:
    """Seconds of each start, and the desk's worst stall after its window was shown."""

    bare: list[float]
    importing: list[float]
    desk: list[float]
    stall: Stall


def compare(data_dir: Path, starts: int) -> Starts:
    """Start the desk on a store and the bare windows, one after another."""
    here = str(Path(__file__).parent)
    bare: list[float] = []
    importing: list[float] = []
    desk: list[float] = []
    stall = Stall()
    for _ in range(starts):
        started = start(DESK, str(data_dir), here)
        seconds, busy, *modules = started.said.split()
        desk.append(started.seconds)
        stall |= Stall(float(seconds), float(busy))
        importing.append(start(BARE, *modules).seconds)
        bare.append(start(BARE).seconds)
    return Starts(bare, importing, desk, stall)


def _make_samples(data_dir: Path) -> None:
    command = [sys.executable, "-m", "hitl_app"]
    subprocess.run([*command, "samples", "--data-dir", str(data_dir)], check=True, capture_output=True)
    subprocess.run([*command, "inspect", "--all", "--data-dir", str(data_dir)], check=True, capture_output=True)


def main() -> None:
    """Print the medians and their ratios."""
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(sys.argv[1] if sys.argv[1:] else folder)
        if not sys.argv[1:]:
            _make_samples(data_dir)
        found = compare(data_dir, STARTS)
    bare, importing, desk = map(statistics.median, (found.bare, found.importing, found.desk))
    print(f"bare window                         {bare:6.3f} s  (median of {STARTS})")
    print(f"bare window with the same imports   {importing:6.3f} s")
    print(f"desk, usable                        {desk:6.3f} s  (worst stall {found.stall.seconds * 1000:.0f} ms)")
    print(f"ratios                              {desk / bare:6.2f}  {desk / importing:6.2f}")


if __name__ == "__main__":
    main()
