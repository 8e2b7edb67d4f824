"""The packaged application against the same desk from its source, and against a packaged bare window.

Start: from the start of the process to the moment when the screen first looks as it does in the end (the queue filled,
a trajectory open with its losses). It is read from the frame buffer of a screen that no eye needs, so that it is the
same measure for every program; median of several alternating starts after one that warms the disk's cache. Memory: the
proportional set size of the process and its children when the screen rests. Size: of all files;
from source, of the installed packages, without Python.

Run: `make app`, then `python tests/benchmarks/bench_frozen.py [FOLDER]`; the folder is `dist/hitl-app` otherwise.
"""

import mmap
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STARTS = 5
QUIET_SECONDS = 2.0
"""After which a screen that has not changed is as it stays."""
POLL_SECONDS = 0.004
DISPLAY = ":96"
PYTHON = ROOT / "build" / "venv" / "bin" / "python"
"""Of the environment that packaged the desk."""

SIZE = """
import sys
from importlib.metadata import PackageNotFoundError, files
total = 0
for name in sys.argv[1:]:
    try:
        found = files(name) or ()
    except PackageNotFoundError:  # of another system
        continue
    total += sum(file.locate().stat().st_size for file in found if file.locate().is_file())
print(total)
"""


@dataclass
class Program:
    """A program, and what was measured of it."""

    name: str
    command: Sequence[str]
    size: int
    seconds: list[float] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)


@contextmanager
def screen() -> Iterator[Path]:
    """An X server whose frame buffer is a file."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["Xvfb", DISPLAY, "-screen", "0", "1600x1000x24", "-fbdir", folder, "-nolisten", "tcp"]
        server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            buffer = Path(folder) / "Xvfb_screen0"
            while not buffer.exists() or not Path(f"/tmp/.X11-unix/X{DISPLAY[1:]}").exists():  # noqa: S108 -- X's own place
                time.sleep(0.05)
            yield buffer
        finally:
            server.terminate()
            server.wait()


def start(program: Program, buffer: Path, home: Path) -> None:
    """Start a program, wait until its screen rests, note what it took, and end it."""
    shown: list[tuple[float, int]] = []
    with buffer.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as pixels:
        empty = zlib.adler32(pixels)
        begun = time.perf_counter()
        variables = {"HOME": str(home), "PATH": os.environ["PATH"], "DISPLAY": DISPLAY, "LANG": "C.UTF-8"}
        child = subprocess.Popen(program.command, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not shown or time.perf_counter() - shown[-1][0] < QUIET_SECONDS:
            now, look = time.perf_counter(), zlib.adler32(pixels)
            if look != (shown[-1][1] if shown else empty):
                shown.append((now, look))
            if child.poll() is not None or now - begun > 60:
                raise SystemExit(f"{program.name} did not show a window")
            time.sleep(POLL_SECONDS)
    program.seconds.append(next(at for at, look in shown if look == shown[-1][1]) - begun)
    program.memory.append(_memory(child.pid))
    child.terminate()
    child.wait()


def _memory(pid: int) -> int:
    """Bytes of the proportional set size of a process and its children."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8").splitlines()
    own = next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()
    return own + sum(map(_memory, map(int, children)))


def size_of(folder: Path) -> int:
    """Bytes of all files."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


def size_of_packages() -> int:
    """Bytes of what an installation from source brings beside Python: the desk and what it needs."""
    names = re.findall(r"^([\w.-]+)==", (ROOT / "packaging" / "lock.txt").read_text("utf-8"), re.MULTILINE)
    found = subprocess.run(
        [PYTHON, "-c", SIZE, "hitl-app", *names], check=True, capture_output=True, text=True, cwd=ROOT / "build"
    )
    return int(found.stdout)


def bare_window(folder: Path) -> Path:
    """Package the bare window in the environment that packaged the desk."""
    spec = Path(__file__).with_name("bare-window.spec")
    places = ("--distpath", str(folder), "--workpath", str(folder / "work"))
    command = [str(PYTHON), "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR", *places, str(spec)]
    subprocess.run(command, check=True)
    return folder / "bare-window"


def main() -> None:
    """Print what was measured, and the ratios."""
    folder = Path(sys.argv[1] if sys.argv[1:] else ROOT / "dist" / "hitl-app").resolve()
    with tempfile.TemporaryDirectory() as scratch, screen() as buffer:
        bare = bare_window(Path(scratch))
        data = Path(scratch) / "data"
        subprocess.run([folder / "hitl-app", "samples", "--data-dir", data], check=True, capture_output=True)
        subprocess.run([folder / "hitl-app", "inspect", "--all", "--data-dir", data], check=True, capture_output=True)
        options = ("--data-dir", str(data), "--annotator", "bench")
        source = Path(sys.executable).parent / "hitl-app"
        programs = (
            Program("packaged", [str(folder / "hitl-app"), *options], size_of(folder)),
            Program("from source", [str(source), *options], size_of_packages()),
            Program("bare packaged window", [str(bare / "bare-window")], size_of(bare)),
        )
        for turn in range(STARTS + 1):
            for program in programs:
                start(program, buffer, Path(scratch))
                if not turn:
                    program.seconds.clear()
                    program.memory.clear()
        shutil.rmtree(data)
        _report(programs)


def _report(programs: Sequence[Program]) -> None:
    packaged = programs[0]
    seconds, memory = statistics.median(packaged.seconds), statistics.median(packaged.memory)
    print(f"{'':22}{'start':>9}{'memory':>10}{'size':>10}    packaged is so many times that")
    for program in programs:
        took, used = statistics.median(program.seconds), statistics.median(program.memory)
        ratios = f"{seconds / took:8.2f}{memory / used:8.2f}{packaged.size / program.size:8.2f}"
        print(f"{program.name:22}{took:7.2f} s{used / 1e6:7.0f} MB{program.size / 1e6:7.0f} MB    {ratios}")


if __name__ == "__main__":
    main()
