"""What a user can rely on when an environment is installed."""

import subprocess
import time
import zipfile
from pathlib import Path

import pytest

from hitl_app.domain.errors import EnvironmentUnavailableError
from hitl_app.environments.worker.install import MARKER, Requirements, install, is_installed, python_in, remove

FILES = {
    "tiny.py": "ANSWER = 42",
    "tiny-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n",
    "tiny-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    "tiny-1.0.dist-info/RECORD": "",
}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Requirements:
    """A package that needs no index."""
    wheel = tmp_path_factory.mktemp("packages") / "tiny-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in FILES.items():
            archive.writestr(name, text)
    return Requirements((("--no-index", str(wheel)),))


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, tiny: Requirements) -> tuple[Path, list[str]]:
    """The folder of an environment whose half-made predecessor was in the way, and the lines of progress."""
    folder = tmp_path_factory.mktemp("home") / "deeper" / "tiny"
    (folder / "venv" / "bin").mkdir(parents=True)
    (folder / "rest").write_text("of an installation that was cut off")
    lines: list[str] = []
    install(folder, tiny, lines.append)
    return folder, lines


@pytest.mark.slow
def test_an_installed_environment_has_its_packages(installed: tuple[Path, list[str]], tiny: Requirements) -> None:
    folder, lines = installed
    assert is_installed(folder, tiny)
    asked = [str(python_in(folder)), "-I", "-c", "import tiny; print(tiny.ANSWER)"]
    assert subprocess.run(asked, capture_output=True, text=True, check=True).stdout == "42\n"
    assert any("Successfully installed tiny-1.0" in line for line in lines)
    assert not (folder / "rest").exists()


def test_installing_again_changes_nothing(installed: tuple[Path, list[str]], tiny: Requirements) -> None:
    folder, _ = installed
    before = (folder / MARKER).stat().st_mtime_ns
    lines: list[str] = []
    install(folder, tiny, lines.append)
    assert lines == ["tiny is installed already."]
    assert (folder / MARKER).stat().st_mtime_ns == before


def test_an_environment_of_another_version_counts_as_not_installed(installed: tuple[Path, list[str]]) -> None:
    assert not is_installed(installed[0], Requirements((("tiny==2.0",),)))


def test_a_damaged_environment_counts_as_not_installed(tmp_path: Path, tiny: Requirements) -> None:
    assert not is_installed(tmp_path, tiny)
    (tmp_path / MARKER).write_text("{")
    assert not is_installed(tmp_path, tiny)
    (tmp_path / MARKER).write_text('[["--no-index", "x"]]')
    assert not is_installed(tmp_path, Requirements((("--no-index", "x"),))), "its interpreter is gone"


@pytest.mark.slow
def test_a_failed_installation_says_why_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentUnavailableError, match="No matching distribution") as failure:
        install(tmp_path / "missing", Requirements((("--no-index", "missing==1"),)), lambda line: None)
    assert "pip install" in str(failure.value)
    assert not (tmp_path / "missing").exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvironmentUnavailableError, match="cannot be made"):
        install(tmp_path / "file" / "tiny", Requirements(()), lambda line: None)


def test_an_installation_that_is_not_wanted_any_more_ends_within_a_second_and_leaves_nothing(tmp_path: Path) -> None:
    wanted, folder = [True], tmp_path / "tiny"
    stopped_at: list[float] = []

    def stop(_: str) -> None:
        wanted.clear()
        stopped_at.append(time.monotonic())

    with pytest.raises(EnvironmentUnavailableError, match="was stopped"):
        install(folder, Requirements((("--no-index", "missing==1"),)), stop, lambda: bool(wanted))
    assert time.monotonic() - stopped_at[0] < 1
    assert not folder.exists()


def test_what_is_removed_is_not_there_any_more_and_can_be_installed_again(tmp_path: Path) -> None:
    folder = tmp_path / "tiny"
    (folder / "venv").mkdir(parents=True)
    (folder / MARKER).write_text("[]")
    remove(folder)
    assert not folder.exists()
    with pytest.raises(EnvironmentUnavailableError, match="nothing to remove"):
        remove(folder)
