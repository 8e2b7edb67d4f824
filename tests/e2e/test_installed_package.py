"""The Python package as a user gets it: built from the source archive, installed, and used from another folder."""

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]

FOUND = """
import json
from pathlib import Path
import hitl_app
from hitl_app.system.paths import resource
package = Path(hitl_app.__file__).parent
workers = [package / "environments" / name / "worker.py" for name in ("agentdojo", "bfcl", "tau2")]
shipped = [resource(name) for name in ("translations/hitl_app_zh_CN.qm", "icons/hitl-app.svg", "prompts/judge.toml")]
files = [*workers, *shipped, package / "environments" / "worker" / "serve.py"]
print(json.dumps({str(file): file.is_file() for file in files}))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the unpacked source archive, so that nothing is needed that is not in it."""
    out = tmp_path_factory.mktemp("built")
    _run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(out), cwd=ROOT)
    (archive,) = out.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(out, filter="data")
    source = out / archive.name.removesuffix(".tar.gz")
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out), cwd=source)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def bin_of(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """The commands of an environment of its own, which borrows the dependencies of this one."""
    folder = tmp_path_factory.mktemp("installed") / "environment"
    venv.create(folder, symlinks=True)
    commands = folder / ("Scripts" if os.name == "nt" else "bin")
    pip = (sys.executable, "-m", "pip", "--python", str(commands / "python"), "--disable-pip-version-check")
    _run(*pip, "install", "--quiet", "--no-index", "--no-deps", str(wheel), cwd=folder)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    # Lines of paths in there are not followed, so the source tree stays out.
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return commands


def test_a_wheel_has_the_resources_and_no_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.split("/")[0] for name in names} == {"hitl_app", f"{'-'.join(wheel.name.split('-')[:2])}.dist-info"}
    shipped = {f"hitl_app/resources/{path.relative_to(ROOT / 'resources').as_posix()}" for path in _resources()}
    assert shipped <= set(names)


def test_an_installed_package_finds_its_resources_and_the_scripts_of_workers(bin_of: Path, tmp_path: Path) -> None:
    found = json.loads(_run(str(bin_of / "python"), "-P", "-c", FOUND, cwd=tmp_path))
    assert all(found.values()), found
    assert all(Path(file).is_relative_to(bin_of.parent) for file in found), found


def test_an_installed_package_repairs_samples_and_renders_them_as_a_trainer_sees_them(
    bin_of: Path, tmp_path: Path
) -> None:
    command = (str(bin_of / "hitl-app"), "--json", "--data-dir", str(tmp_path / "data"))
    repaired = [json.loads(line) for line in _run(*command, "demo", "--count", "2", cwd=tmp_path).splitlines()]
    assert repaired
    shown = json.loads(
        _run(*command, "export", "--format", "trl-dpo", "--preview", "1", "--template", "chatml", cwd=tmp_path)
    )
    assert "<|im_start|>" in json.dumps(shown)


def test_the_window_of_an_installed_package_passes_the_smoke_test(bin_of: Path, tmp_path: Path) -> None:
    assert "smoke test passed" in _run(str(bin_of / "hitl-app"), "--smoke-test", cwd=tmp_path)


def _resources() -> list[Path]:
    return [path for path in (ROOT / "resources").rglob("*") if path.is_file()]


def _run(*command: str, cwd: Path) -> str:
    """What a command prints; nothing of this run's Python, folder or home is handed to it."""
    foreign = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "HITL_APP", "XDG"))}
    done = subprocess.run(
        command,
        cwd=cwd,
        env=foreign | {"HOME": str(cwd), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
