"""Virtual environments for workers: built from the package index, marked when they are whole."""

import contextlib
import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hitl_app.domain.errors import EnvironmentUnavailableError

MARKER = "installed.json"
LAST_LINES = 5


@dataclass(frozen=True, slots=True)
class Requirements:
    """What to install, as pip's arguments; each group is one call of pip."""

    groups: tuple[tuple[str, ...], ...]


def python_in(folder: Path) -> Path:
    """The interpreter of the environment in `folder`."""
    return folder / "venv" / "bin" / "python"


def is_installed(folder: Path, requirements: Requirements) -> bool:
    """Whether `folder` holds a whole environment with just these requirements, and its interpreter is still there."""
    try:
        marker = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return marker == _marker(requirements) and python_in(folder).exists()


def install(folder: Path, requirements: Requirements, report: Callable[[str], None]) -> None:
    """Build the environment unless it is there already. A half-built one is wiped, before and after.

    Raises:
        EnvironmentUnavailableError: Says which command failed, with its last lines.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            if is_installed(folder, requirements):
                report(f"{folder.name} is installed already.")
                return
            _build(folder, requirements, report)
    except OSError as error:
        raise EnvironmentUnavailableError(f"{folder} cannot be made: {error.strerror}.") from error


def _build(folder: Path, requirements: Requirements, report: Callable[[str], None]) -> None:
    whole = False
    try:
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir()
        report(f"Creating a Python environment in {folder}.")
        _run([_host_python(), "-m", "venv", str(folder / "venv")], report)
        for group in requirements.groups:
            report(f"Installing {' '.join(group)}.")
            _run([str(python_in(folder)), "-m", "pip", "install", "--no-input", *group], report)
        (folder / MARKER).write_text(json.dumps(_marker(requirements)), encoding="utf-8")
        whole = True
    finally:
        if not whole:
            shutil.rmtree(folder, ignore_errors=True)


def _marker(requirements: Requirements) -> list[list[str]]:
    return [list(group) for group in requirements.groups]


def _host_python() -> str:
    """An interpreter that can make virtual environments: this one, unless this program was frozen into one file."""
    if not getattr(sys, "frozen", False):
        return sys.executable
    found = shutil.which("python3")
    if found is None:
        raise EnvironmentUnavailableError("No python3 is on the PATH. Install Python 3.11 or newer.")
    return found


def _run(command: Sequence[str], report: Callable[[str], None]) -> None:
    """Run a command, passing its lines on."""
    # A frozen program's variables point other Pythons to its own libraries.
    ours = ("PYTHONPATH", "PYTHONHOME", *(["LD_LIBRARY_PATH"] if getattr(sys, "frozen", False) else []))
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    last: deque[str] = deque(maxlen=LAST_LINES)
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=environment,
    ) as process:
        for line in process.stdout or ():
            last.append(line.strip())
            report(line.rstrip())
    if process.returncode:
        raise EnvironmentUnavailableError(
            f"`{' '.join(command)}` failed with exit code {process.returncode}. "
            "Check the connection to the package index and try again. Its last lines:\n" + "\n".join(last)
        )


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two installations of the same environment wait for each other."""
    with folder.with_name(f".{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
