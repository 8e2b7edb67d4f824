"""What is seen of the Debian package in a clean root; run by `check_deb.py` in namespaces of its own."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from clean_root import PATIENCE, PERSON, CleanRoot

T = TypeVar("T")

NAME = "hitl-app"
DATA = f".local/share/{NAME}"
BUNDLE = "colleague.hitl"
OPEN = "one person — HITL desk"
"""Ends the title of the desk where its first sample is open."""

PREVIEW = "Import preview"

KIND = "application/vnd.hitl-app.bundle+zip"
DESKTOP_TOOLS = ("desktop-file-utils", "libglib2.0-bin", "shared-mime-info")


class PackageCheck:
    """The steps, in their order; each prints what it saw, or ends everything."""

    def __init__(self, root: CleanRoot, package: Path, screenshot: Path) -> None:
        self._root = root
        self._package = package
        self._screenshot = screenshot
        self._display = os.environ | {"DISPLAY": root.display}

    def run(self) -> None:
        """Take all steps."""
        self._install()
        self._smoke_test()
        self._make_bundle()
        self._use_the_desk()
        self._double_click()
        self._remove()

    def _install(self) -> None:
        root, before, began = self._root, self._root.packages(), time.monotonic()
        print(f"root: Debian {(root.folder / 'etc/debian_version').read_text().strip()}, {len(before)} packages")
        self._without_python()
        shutil.copy(self._package, root.folder / "tmp" / self._package.name)
        root.system("apt-get", "update", "-qq")
        root.system("apt-get", "install", "-y", "--no-install-recommends", f"/tmp/{self._package.name}")  # noqa: S108  # of the root
        came = sorted(root.packages() - before)
        print(f"installed in {time.monotonic() - began:.0f} s with {len(came) - 1} packages: {' '.join(came)}")
        self._without_python()

    def _without_python(self) -> None:
        found = [name for name in self._root.packages() if name.startswith(("python3", "libpython"))]
        found += [str(file) for file in self._root.folder.glob("usr/*bin/python*")]
        _require(not found, f"Python is there: {' '.join(found)}")
        print("there is no Python")

    def _smoke_test(self) -> None:
        began = time.monotonic()
        done = self._root.person(NAME, "--smoke-test")
        print(done.stdout, end="")
        _require(done.returncode == 0, f"the smoke test ended with {done.returncode}: {done.stderr}")
        _require(not done.stderr, f"the smoke test said on standard error: {done.stderr}")
        print(f"smoke test: exit code 0 and nothing on standard error, {time.monotonic() - began:.0f} s")

    def _make_bundle(self) -> None:
        for command in (("samples",), ("export", "--format", "bundle", "--out", BUNDLE)):
            done = self._root.person(NAME, "--data-dir", "colleague", *command)
            _require(done.returncode == 0, f"{' '.join(command)} ended with {done.returncode}: {done.stderr}")

    def _use_the_desk(self) -> None:
        began = time.monotonic()
        with self._desk_of(NAME, "open"):
            self._wait_for("the desk's window", self._windows)
            print(f"desk: a window after {time.monotonic() - began:.1f} s")
            self._wait_for("the first trajectory", lambda: OPEN in "".join(self._titles()))
            print(f"desk: {self._titles()[0]!r} after {time.monotonic() - began:.1f} s")
            self._picture(self._screenshot)
            handed = self._root.person(NAME, "open", BUNDLE)
            _require(handed.returncode == 0, f"open ended with {handed.returncode}: {handed.stderr}")
            self._wait_for("a window for the bundle", lambda: len(self._windows()) > 1)
            print(f"open {BUNDLE}: {handed.stderr.strip()} ({', '.join(self._titles())})")
            self._picture(self._screenshot.with_stem(f"{self._screenshot.stem}-bundle"))
        print("desk: closed by Ctrl+Q with exit code 0 and nothing on standard error")

    def _double_click(self) -> None:
        self._root.system("apt-get", "install", "-y", "--no-install-recommends", *DESKTOP_TOOLS)
        told = self._root.person("gio", "info", "--attributes=standard::content-type", BUNDLE).stdout
        _require(KIND in told, f"the desktop takes {BUNDLE} for something else: {told}")
        with self._desk_of("gio", "open", BUNDLE):
            self._wait_for("a window for the bundle", lambda: len(self._windows()) > 1)
            print(f"double click: {BUNDLE} is {KIND}, and opens {', '.join(self._titles())}")

    @contextmanager
    def _desk_of(self, *command: str) -> Iterator[None]:
        """A desk that a command opens, and that is left by its keys at the end, without a complaint."""
        process = self._root.start(*command)
        try:
            yield
            self._leave()
            _, errors = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
        _require(not process.returncode and not errors, f"the desk ended with {process.returncode}: {errors}")

    def _leave(self) -> None:
        """Close the preview of an import, and the desk, by their keys."""
        self._press("Escape", at=PREVIEW)
        self._wait_for("the preview to close", lambda: len(self._windows()) == 1)
        self._press("ctrl+q", at=OPEN)
        self._wait_for("the desk to close", lambda: not self._windows())

    def _remove(self) -> None:
        folder, work = self._root.folder, _sum_of(self._root.home)
        files = [folder / line[1:] for line in self._root.system("dpkg", "-L", NAME).splitlines() if NAME in line]
        _require((self._root.home / DATA).is_dir(), f"the person has no {DATA}")
        self._root.system("apt-get", "purge", "-y", NAME)
        left = {file for file in files if os.path.lexists(file)}
        left |= {path for place in ("etc", "opt", "usr", "var") for path in folder.glob(f"{place}/**/*hitl*")}
        known = (folder / "usr/share/mime/globs2").read_text("utf-8")
        _require(not left, f"left behind: {' '.join(map(str, left))}")
        _require("hitl" not in known, "the desktop still knows bundles")
        _require(_sum_of(self._root.home) == work, "removing the package changed the person's files")
        print(f"removed: none of {len(files)} files is left, and the home of {PERSON} is as it was")

    def _windows(self) -> list[str]:
        search = ("xdotool", "search", "--onlyvisible", "--class", f"^{NAME}$")
        return subprocess.run(search, env=self._display, capture_output=True, text=True, check=False).stdout.split()

    def _titles(self) -> list[str]:
        return list(self._named().values())

    def _named(self) -> dict[str, str]:
        """The titles of the windows; one that closes meanwhile has none."""
        asked = {window: self._asked("getwindowname", window) for window in self._windows()}
        return {window: told.stdout.strip() for window, told in asked.items() if told.returncode == 0}

    def _press(self, key: str, at: str) -> None:
        """Press a key at the window with this in its title."""
        window = self._wait_for(
            f"the window {at}", lambda: next((window for window, title in self._named().items() if at in title), "")
        )
        self._asked("windowactivate", "--sync", window, "key", key).check_returncode()

    def _asked(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = ["xdotool", *arguments]
        return subprocess.run(command, env=self._display, capture_output=True, text=True, check=False)

    def _picture(self, file: Path) -> None:
        """Take a picture once nothing changes on the screen any more."""
        taken = [b"", b"-"]

        def at_rest() -> bool:
            subprocess.run(["import", "-window", "root", str(file)], env=self._display, check=True)
            taken.append(file.read_bytes())
            return taken[-1] == taken[-2]

        self._wait_for("the screen to come to rest", at_rest, every=1.0)
        print(f"screenshot: {file}")

    def _wait_for(self, what: str, condition: Callable[[], T], every: float = 0.1) -> T:
        deadline = time.monotonic() + PATIENCE
        while not (value := condition()):
            _require(time.monotonic() < deadline, f"waited in vain for {what}")
            time.sleep(every)
        return value


def _sum_of(folder: Path) -> str:
    """A hash of everything in a folder."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        total.update(f"{path.relative_to(folder)} {path.lstat().st_mode} {path.lstat().st_mtime_ns}\n".encode())
        if path.is_file() and not path.is_symlink():
            total.update(path.read_bytes())
    return total.hexdigest()


def _require(held: object, otherwise: str) -> None:
    if not held:
        sys.exit(f"check of the package failed: {otherwise}")


if __name__ == "__main__":
    root = CleanRoot(Path(sys.argv[1]), sys.argv[2])
    root.mount()
    PackageCheck(root, Path(sys.argv[3]), Path(sys.argv[4])).run()
