"""What a user can rely on when a Python has to be found on the machine."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hitl_app.domain.errors import EnvironmentUnavailableError
from hitl_app.environments.worker import pythons
from hitl_app.environments.worker.pythons import VARIABLE, find_python

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-ins are shell scripts")

MakePython = Callable[[str, str], Path]


@pytest.fixture
def packaged(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in the packaged application, on a machine where only the PATH counts."""
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(pythons, "PLACES", ())


@pytest.fixture
def make_python(tmp_path: Path) -> MakePython:
    def make(name: str, script: str) -> Path:
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    return make


def test_from_its_source_the_program_takes_its_own_python() -> None:
    assert find_python({"PATH": ""}) == Path(sys.executable)


@pytest.mark.usefixtures("packaged")
def test_the_first_python_that_can_make_environments_is_taken(tmp_path: Path, make_python: MakePython) -> None:
    make_python("python3.13", "exit 127")
    make_python("python3.12", "echo 3 12; exit 1")
    make_python("python3", "echo 3 9")
    fitting = make_python("python", f'exec {sys.executable} "$@"')
    assert find_python({"PATH": str(tmp_path)}) == fitting


@pytest.mark.usefixtures("packaged")
def test_where_there_is_none_it_is_said_what_was_found_and_how_to_get_one(
    tmp_path: Path, make_python: MakePython
) -> None:
    old, bare = make_python("python3", "echo 3 9"), make_python("python3.12", "echo 3 12; exit 1")
    with pytest.raises(EnvironmentUnavailableError) as raised:
        find_python({"PATH": str(tmp_path)})
    said = str(raised.value)
    assert f"{old}: it is Python 3.9, older than 3.11" in said
    assert f"{bare}: it is Python 3.12 without its modules venv and ensurepip" in said
    assert "Get one by" in said
    assert "Nothing else of the desk needs it" in said


@pytest.mark.parametrize(
    ("release", "command"),
    [
        ({"ID": "debian"}, "by: sudo apt install python3 python3-venv"),
        ({"ID": "linuxmint", "ID_LIKE": "ubuntu debian"}, "by: sudo apt install python3 python3-venv"),
        ({"ID": "fedora"}, "by: sudo dnf install python3"),
        ({"ID": "unheard-of"}, "by your system's package manager"),
    ],
)
@pytest.mark.usefixtures("packaged")
def test_how_to_get_one_is_said_for_this_system(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, release: dict[str, str], command: str
) -> None:
    monkeypatch.setattr("platform.system", lambda: "Linux")
    monkeypatch.setattr("platform.freedesktop_os_release", lambda: release)
    with pytest.raises(EnvironmentUnavailableError, match=command):
        find_python({"PATH": str(tmp_path)})


def test_a_python_that_is_named_is_taken_or_refused_with_a_reason(make_python: MakePython) -> None:
    assert find_python({VARIABLE: sys.executable}) == Path(sys.executable)
    old = make_python("old", "echo 2 7")
    with pytest.raises(EnvironmentUnavailableError, match=rf"{VARIABLE} names {old}, but it is Python 2\.7"):
        find_python({VARIABLE: str(old)})
