"""Builds what is released: `python packaging/build.py STEP…`.

Everything is built from a clean virtual environment, `build/venv`, with exactly what the lock files name. Steps use
what those before them left in `build/` and `dist/`; `all` takes them in their order.
"""

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import appimage
import deb
import macos
import sums
import tarball
import windows
from checking import check_application
from freezing import HERE, ROOT, WORK, clean_environment, freeze


@dataclass(frozen=True)
class Release:
    """What is being built.

    Attributes:
        version: From `hitl_app/__init__.py`, its only place.
        commit: What it is built from; empty outside a repository.
        epoch: The commit's time in seconds since 1970, or SOURCE_DATE_EPOCH.
        python: Of the clean environment.
    """

    version: str
    commit: str
    epoch: int
    python: Path
    out: Path = ROOT / "dist"

    @property
    def folder(self) -> Path:
        """The packaged application."""
        return self.out / "hitl-app"

    @property
    def wheel(self) -> Path:
        """The Python package."""
        return self.out / f"hitl_app-{self.version}-py3-none-any.whl"


def _wheel(release: Release) -> None:
    subprocess.run(
        [str(release.python), "-m", "hatchling", "build", "-d", str(release.out)],
        check=True,
        cwd=ROOT,
        env=os.environ | {"SOURCE_DATE_EPOCH": str(release.epoch)},
    )


def _app(release: Release) -> None:
    _wheel(release)
    subprocess.run([str(release.python), str(HERE / "icons.py"), str(WORK / "icons")], check=True)
    freeze(release.python, release.wheel, release.out, commit=release.commit, epoch=release.epoch)
    texts = release.folder / "_internal" / "hitl_app" / "resources" / "licences"
    subprocess.run([str(release.python), str(HERE / "licences.py"), str(release.folder), str(texts)], check=True)


def _check(release: Release) -> None:
    check_application(release.folder)


def _sbom(release: Release) -> None:
    of_version = ("--version", release.version, "--epoch", str(release.epoch))
    subprocess.run(
        [str(release.python), str(HERE / "sbom.py"), str(release.folder), str(release.out), *of_version], check=True
    )


def _tar(release: Release) -> None:
    tarball.make(release.folder, release.out, release.version, release.epoch)


def _deb(release: Release) -> None:
    deb.make(release.folder, release.out, release.version, release.epoch)


def _appimage(release: Release) -> None:
    appimage.make(release.folder, release.out, release.version, release.epoch)


def _sums(release: Release) -> None:
    sums.write(release.out)


def _windows(release: Release) -> None:
    windows.make_zip(release.folder, release.out, release.version, release.epoch)
    windows.make(release.folder, release.out, release.version, release.epoch)


def _macos(release: Release) -> None:
    macos.make(release.folder, release.out, release.version, release.epoch)


STEPS: Mapping[str, tuple[str, Callable[[Release], None]]] = {
    "wheel": ("the Python package and its sdist", _wheel),
    "app": ("the packaged application in dist/hitl-app, with the licences of all its parts", _app),
    "check": ("run the packaged application's smoke test, and open stores of every earlier version", _check),
    "sbom": ("the list of all parts of the packaged application, as CycloneDX", _sbom),
    "tar": ("on Linux: the portable archive", _tar),
    "deb": ("on Linux: the Debian package", _deb),
    "appimage": (f"on Linux: the AppImage; {appimage.RUNTIME} names the file that it begins with", _appimage),
    "windows": ("on Windows: the portable zip and the installer", _windows),
    "macos": ("on macOS: the disk image", _macos),
    "sums": ("the check sums of all that is released", _sums),
}

OF_LINUX = {"tar", "deb", "appimage"}
FOREIGN = {"win32": {"macos", *OF_LINUX}, "darwin": {"windows", *OF_LINUX}}.get(sys.platform, {"windows", "macos"})
"""Steps that this system cannot take."""


def main() -> None:
    """Take the steps that are named."""
    steps = "\n".join(f"  {name:<10}{words}" for name, (words, _) in STEPS.items())
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=f"steps:\n{steps}", formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("steps", nargs="+", metavar="STEP", choices=[*STEPS, "all"])
    wanted: list[str] = parser.parse_args().steps
    release = _release()
    if "all" in wanted:
        wanted = [name for name in STEPS if name not in FOREIGN]
        if not os.environ.get(appimage.RUNTIME) and "appimage" in wanted:
            print(f"No AppImage: {appimage.RUNTIME} names no file for it to begin with.", flush=True)
            wanted.remove("appimage")
    for name in wanted:
        print(f"== {name}", flush=True)
        STEPS[name][1](release)


def _release() -> Release:
    version = re.search(r'^__version__ = "(.+)"$', (ROOT / "hitl_app" / "__init__.py").read_text("utf-8"), re.MULTILINE)
    if version is None:
        sys.exit("hitl_app/__init__.py names no __version__")
    epoch = os.environ.get("SOURCE_DATE_EPOCH") or _git("log", "-1", "--format=%ct") or "0"
    python = clean_environment(WORK / "venv")
    return Release(version[1], _git("rev-parse", "HEAD"), int(epoch), python)


def _git(*arguments: str) -> str:
    """What git answers; empty where this is no repository."""
    try:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


if __name__ == "__main__":
    main()
