"""Virtual environments for workers: built from the package index, marked when they are whole."""

import contextlib
import json
import os
import shutil
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hitl_app.domain.errors import EnvironmentUnavailableError
from hitl_app.environments.worker.children import CREATION_FLAGS, end_all
from hitl_app.environments.worker.locking import try_lock
from hitl_app.environments.worker.pythons import find_python

MARKER = "installed.json"
LAST_LINES = 5
POLL_SECONDS = 0.1
"""How often it is asked whether an installation is still wanted."""


@dataclass(frozen=True, slots=True)
class Requirements:
    """What to install, as pip's arguments; each group is one call of pip."""

    groups: tuple[tuple[str, ...], ...]


def python_in(folder: Path) -> Path:
    """The interpreter of the environment in `folder`."""
    return folder / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def is_installed(folder: Path, requirements: Requirements) -> bool:
    """Whether `folder` holds a whole environment with just these requirements, and its interpreter is still there."""
    try:
        marker = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return marker == _marker(requirements) and python_in(folder).exists()


def install(
    folder: Path,
    requirements: Requirements,
    report: Callable[[str], None],
    wanted: Callable[[], bool] = lambda: True,
) -> None:
    """Build the environment unless it is there already. A half-built one is wiped, before and after.

    Args:
        folder: Where to.
        requirements: What.
        report: Receives progress, a line at a time.
        wanted: Asked several times a second; the installation is stopped once the answer is no.

    Raises:
        EnvironmentUnavailableError: Says which command failed, with its last lines; or that it was stopped.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _alone(folder, wanted):
            if is_installed(folder, requirements):
                report(f"{folder.name} is installed already.")
                return
            _build(folder, requirements, report, wanted)
    except OSError as error:
        raise EnvironmentUnavailableError(f"{folder} cannot be made: {error.strerror}.") from error


def remove(folder: Path) -> None:
    """Delete an environment. Waits for one that is being built.

    Raises:
        EnvironmentUnavailableError: It is not there, or cannot be deleted.
    """
    if not folder.exists():
        raise EnvironmentUnavailableError(f"{folder.name} is not installed: there is nothing to remove.")
    try:
        with _alone(folder):
            (folder / MARKER).unlink(missing_ok=True)  # first, so that what is left over counts as nothing
            shutil.rmtree(folder)
    except OSError as error:
        raise EnvironmentUnavailableError(f"{folder} cannot be deleted: {error.strerror}.") from error


def _build(folder: Path, requirements: Requirements, report: Callable[[str], None], wanted: Callable[[], bool]) -> None:
    python, whole = find_python(), False
    try:
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir()
        report(f"Creating a Python environment in {folder}, with {python}.")
        _run([str(python), "-m", "venv", str(folder / "venv")], report, wanted)
        for group in requirements.groups:
            report(f"Installing {' '.join(group)}.")
            _run([str(python_in(folder)), "-m", "pip", "install", "--no-input", *group], report, wanted)
        (folder / MARKER).write_text(json.dumps(_marker(requirements)), encoding="utf-8")
        whole = True
    finally:
        if not whole:
            shutil.rmtree(folder, ignore_errors=True)


def _marker(requirements: Requirements) -> list[list[str]]:
    return [list(group) for group in requirements.groups]


def _run(command: Sequence[str], report: Callable[[str], None], wanted: Callable[[], bool]) -> None:
    """Run a command, passing its lines on, and end it with all that it started once it is not wanted any more."""
    # What this Python was led by is not meant for another one.
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    last: deque[str] = deque(maxlen=LAST_LINES)
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=environment,
        start_new_session=True,
        creationflags=CREATION_FLAGS,
    ) as process:
        threading.Thread(target=_kill_unless, args=(process, wanted), daemon=True).start()
        for line in process.stdout or ():
            last.append(line.strip())
            report(line.rstrip())
    if not wanted():
        raise EnvironmentUnavailableError("The installation was stopped. Nothing of it is left.")
    if process.returncode:
        raise EnvironmentUnavailableError(
            f"`{' '.join(command)}` failed with exit code {process.returncode}. "
            "Check the connection to the package index and try again. Its last lines:\n" + "\n".join(last)
        )


def _kill_unless(process: subprocess.Popen[str], wanted: Callable[[], bool]) -> None:
    while process.poll() is None:
        if not wanted():
            end_all(process)
            return
        time.sleep(POLL_SECONDS)


@contextlib.contextmanager
def _alone(folder: Path, wanted: Callable[[], bool] = lambda: True) -> Iterator[None]:
    """Two installations of the same environment wait for each other."""
    with folder.with_name(f".{folder.name}.lock").open("w") as lock:
        while not try_lock(lock):
            if not wanted():
                raise EnvironmentUnavailableError("The installation was stopped before it began.")
            time.sleep(POLL_SECONDS)
        yield
