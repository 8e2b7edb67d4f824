"""The Python that environments are made with: the one that runs this, or one of the machine's.

The packaged application has no Python that others could use, so it looks for one. A desktop starts programs with a
shorter PATH than a terminal does; the usual places that are missing from it are looked through, too.
"""

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from hitl_app.domain.errors import EnvironmentUnavailableError
from hitl_app.environments.worker.children import CREATION_FLAGS

VARIABLE = "HITL_APP_PYTHON"
"""Names the interpreter to take."""

OLDEST = (3, 11)
"""What all environments run on."""

NAMES = ("python3.13", "python3.12", "python3.11", "python3", "python")
PLACES = ("/usr/local/bin", "/opt/homebrew/bin", "~/.local/bin", "~/.pyenv/shims")
"""Looked through after the PATH."""

ASK_SECONDS = 20.0
_QUESTION = "import sys; print('%d %d' % sys.version_info[:2]); import venv, ensurepip"
_ASKS_TO_INSTALL_TOOLS = Path("/usr/bin/python3")
"""On macOS it is no Python but an offer in a window, or one that is too old."""

_COMMANDS = {
    "debian": "sudo apt install python3 python3-venv",
    "ubuntu": "sudo apt install python3 python3-venv",
    "fedora": "sudo dnf install python3",
    "rhel": "sudo dnf install python3.12",
    "suse": "sudo zypper install python312",
    "arch": "sudo pacman -S python",
}
"""By the name of a distribution, or of one that it is like."""


def find_python(variables: Mapping[str, str] = os.environ) -> Path:
    """An interpreter that can make virtual environments.

    Raises:
        EnvironmentUnavailableError: There is none; says what was looked at and how to get one.
    """
    if chosen := variables.get(VARIABLE):
        python = Path(chosen).expanduser()
        if fault := _fault(python):
            raise EnvironmentUnavailableError(f"{VARIABLE} names {python}, but {fault}. Name another, or none.")
        return python
    if not getattr(sys, "frozen", False):
        return Path(sys.executable)
    refused = []
    for python in _candidates(variables.get("PATH", os.defpath)):
        fault = _fault(python)
        if not fault:
            return python
        refused.append(f"{python}: {fault}")
    raise EnvironmentUnavailableError(_none_found(refused))


def _candidates(path: str) -> Iterator[Path]:
    """Interpreters to ask, each once, the best names first."""
    folders = dict.fromkeys(
        [*filter(None, path.split(os.pathsep)), *(str(Path(place).expanduser()) for place in PLACES)]
    )
    seen = {_ASKS_TO_INSTALL_TOOLS} if platform.system() == "Darwin" else set[Path]()
    yield from _known_to_the_launcher()
    for name in NAMES:
        for folder in folders:
            found = shutil.which(name, path=folder)
            if found and (real := Path(found).resolve()) not in seen:
                seen.add(real)
                yield Path(found)


def _known_to_the_launcher() -> Iterator[Path]:
    """What Windows' own launcher of Pythons lists, the newest first."""
    launcher = shutil.which("py") if platform.system() == "Windows" else None
    if launcher is not None:
        for line in _answer([launcher, "-0p"])[1].splitlines():
            if place := re.search(r"[A-Za-z]:\\.*\.exe$", line.strip()):
                yield Path(place.group())


def _fault(python: Path) -> str:
    """Why it cannot make environments; empty where it can."""
    ended_well, told = _answer([str(python), "-c", _QUESTION])
    version = re.fullmatch(r"(\d+) (\d+)", told.strip())
    if version is None:
        return "it does not start"
    number = (int(version[1]), int(version[2]))
    if number < OLDEST:
        return f"it is Python {_dotted(number)}, older than {_dotted(OLDEST)}"
    return "" if ended_well else f"it is Python {_dotted(number)} without its modules venv and ensurepip"


def _answer(command: Sequence[str]) -> tuple[bool, str]:
    """Whether a command ended well, and what it printed."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=ASK_SECONDS,
            creationflags=CREATION_FLAGS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False, ""
    return done.returncode == 0, done.stdout


def _none_found(refused: Sequence[str]) -> str:
    looked = f"Looked for {', '.join(NAMES)} on the PATH and in {', '.join(PLACES)}"
    return (
        f"Environments run in a Python of this machine, {_dotted(OLDEST)} or newer, and none was found. "
        f"Get one {_how_to_get_one()}; then install the environment again. Nothing else of the desk needs it. "
        f"One in another place can be named by the variable {VARIABLE}.\n"
        + "\n".join([f"{looked}; found {'these' if refused else 'nothing'}{':' if refused else '.'}", *refused])
    )


def _how_to_get_one() -> str:
    match platform.system():
        case "Windows":
            return "from python.org, or by: winget install Python.Python.3.12"
        case "Darwin":
            return "from python.org, or by: brew install python@3.12"
        case _:
            command = _command_of_the_distribution()
            return f"by: {command}" if command else "by your system's package manager, with its module venv"


def _command_of_the_distribution() -> str:
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return ""
    names = [release.get("ID", ""), *release.get("ID_LIKE", "").split()]
    return next((_COMMANDS[name] for name in names if name in _COMMANDS), "")


def _dotted(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"
