"""The packaged application: a clean virtual environment, and PyInstaller in it."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import venv
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HERE = Path(__file__).resolve().parent
WORK = ROOT / "build"
LOCKS = (HERE / "lock.txt", HERE / "lock-build.txt")


def clean_environment(folder: Path) -> Path:
    """A virtual environment with exactly what the lock files name, made anew where they have changed.

    Args:
        folder: Where it is, or goes.

    Returns:
        Its Python.
    """
    wanted = hashlib.sha256(sys.version.encode() + b"".join(lock.read_bytes() for lock in LOCKS)).hexdigest()
    stamp = folder / "made-from"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not stamp.is_file() or stamp.read_text("utf-8") != wanted:
        venv.create(folder, clear=True, with_pip=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
        for lock in LOCKS:
            subprocess.run([*install, "-r", str(lock)], check=True)
        stamp.write_text(wanted, "utf-8")
    return python


def freeze(python: Path, wheel: Path, out: Path, *, commit: str, epoch: int) -> Path:
    """Make the packaged application's folder.

    Args:
        python: Of the clean environment; the wheel is installed into it.
        wheel: Of this version.
        out: Folder that receives the folder `hitl-app`.
        commit: What it is built from; empty where that is not known.
        epoch: Time of the commit, in seconds since 1970: files and details carry it, so that a build can be repeated.

    Returns:
        The folder.
    """
    pip = (str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    subprocess.run([*pip, "--no-index", "--no-deps", "--force-reinstall", str(wheel)], check=True)
    _write_resources(WORK / "resources", commit, epoch)
    # With -P the tree's own package stays out of the way of the one that was installed.
    pyinstaller = (str(python), "-P", "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "ERROR")
    subprocess.run(
        [*pyinstaller, "--distpath", str(out), "--workpath", str(WORK / "pyinstaller"), str(HERE / "hitl-app.spec")],
        check=True,
        cwd=WORK,
        # A cache of its own: `--clean` empties it, which would break another build that is under way.
        env=os.environ
        | {"SOURCE_DATE_EPOCH": str(epoch), "PYTHONHASHSEED": "0", "PYINSTALLER_CONFIG_DIR": str(WORK / "cache")},
    )
    return out / "hitl-app"


def _write_resources(folder: Path, commit: str, epoch: int) -> None:
    """The resources with what the window says about this build."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "resources", folder)
    details = {"commit": commit, "date": datetime.fromtimestamp(epoch, UTC).date().isoformat()}
    (folder / "build.json").write_text(json.dumps(details) + "\n", "utf-8")
