"""Start to a usable window, against a bare PySide6 window started in the same run.

Usable means: the queue is filled, a trajectory is open with its losses, and keys are answered. Measured from the
start of the process to the moment that the child says so, offscreen, as the median of several alternating starts.

Run: `python tests/benchmarks/bench_start.py`
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

STARTS = 7

BARE = """
import sys
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
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
app = QApplication([])
timer = QTimer()
def poll():
    for window in app.topLevelWidgets():
        session = getattr(window, "session", None)
        if window.isVisible() and session is not None and session.state.opened and session.state.opened.inspection:
            timer.stop()
            print("usable", flush=True)
            window.close()
timer.timeout.connect(poll)
timer.start(2)
from hitl_app.__main__ import main
sys.exit(main(["--data-dir", sys.argv[1], "--annotator", "bench"]))
"""


def start(code: str, *arguments: str) -> float:
    """Seconds from the start of a process until it says that its window is usable."""
    variables = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    begun = time.perf_counter()
    command = [sys.executable, "-c", code, *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=variables
    ) as child:
        assert child.stdout is not None
        line = child.stdout.readline()
        took = time.perf_counter() - begun
        child.stdout.read()
    if line.strip() != "usable" or child.returncode != 0:
        raise SystemExit(f"the window did not become usable (exit code {child.returncode})")
    return took


def main() -> None:
    """Print both medians and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder)
        prepare = [sys.executable, "-m", "hitl_app", "samples", "--data-dir", folder]
        subprocess.run(prepare, check=True, capture_output=True)
        subprocess.run([*prepare[:3], "inspect", "--all", "--data-dir", folder], check=True, capture_output=True)
        bare, desk = [], []
        for _ in range(STARTS):
            bare.append(start(BARE))
            desk.append(start(DESK, str(data_dir)))
    slow, quick = statistics.median(desk), statistics.median(bare)
    print(f"bare window        {quick:6.3f} s  (median of {STARTS})")
    print(f"desk, usable       {slow:6.3f} s  (24 trajectories in the store)")
    print(f"ratio              {slow / quick:6.2f}")


if __name__ == "__main__":
    main()
