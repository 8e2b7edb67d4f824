"""What is seen of the Debian package in a clean root; run by `check_deb.py` in namespaces of its own."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from clean_root import PATIENCE, PERSON, CleanRoot
from linux_files import IDENTIFIER

T = TypeVar("T")

NAME = "hitl-app"
DATA = f".local/share/{NAME}"
BUNDLE = "colleague.hitl"
KIND = "application/vnd.hitl-app.bundle+zip"
DESKTOP_TOOLS = ("desktop-file-utils", "shared-mime-info", "xdg-utils", "libglib2.0-bin")


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
        self._ask_the_desktop()
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
        desk = self._root.start(NAME, "open")
        try:
            title = self._wait_for("the desk's window", self._titles)[0]
            print(f"desk: a window called {title!r} after {time.monotonic() - began:.1f} s")
            self._picture(self._screenshot)
            self._open_bundle()
            self._keys("Escape")
            self._wait_for("the preview to close", lambda: len(self._titles()) == 1)
            self._keys("ctrl+q")
            _, errors = desk.communicate(timeout=PATIENCE)
        finally:
            desk.kill()
        _require(desk.returncode == 0, f"the desk ended with {desk.returncode}: {errors}")
        _require(not errors, f"the desk said on standard error: {errors}")
        print("desk: closed by Ctrl+Q with exit code 0 and nothing on standard error")

    def _open_bundle(self) -> None:
        handed = self._root.person(NAME, "open", BUNDLE)
        _require(handed.returncode == 0, f"open ended with {handed.returncode}: {handed.stderr}")
        titles = self._wait_for("a window for the bundle", self._several_titles)
        print(f"open {BUNDLE}: {handed.stderr.strip()} ({', '.join(titles)})")
        self._picture(self._screenshot.with_stem(f"{self._screenshot.stem}-bundle"))

    def _ask_the_desktop(self) -> None:
        self._root.system("apt-get", "install", "-y", "--no-install-recommends", *DESKTOP_TOOLS)
        kind = self._root.person("xdg-mime", "query", "filetype", BUNDLE).stdout.strip()
        opener = self._root.person("xdg-mime", "query", "default", KIND).stdout.strip()
        print(f"double click: {BUNDLE} is {kind}, and {opener} opens it")
        _require(kind == KIND and opener == f"{IDENTIFIER}.desktop", "the desktop does not know the package's files")

    def _remove(self) -> None:
        ours = [self._root.folder / line[1:] for line in self._root.system("dpkg", "-L", NAME).splitlines()]
        files, work = [file for file in ours if not file.is_dir() or NAME in file.name], _sum_of(self._root.home)
        _require((self._root.home / DATA).is_dir(), f"the person has no {DATA}")
        self._root.system("apt-get", "purge", "-y", NAME)
        left = [file for file in files if os.path.lexists(file)]
        left += [path for path in self._root.folder.glob("[!hpt]*/**/*") if "hitl" in path.name]
        known = (self._root.folder / "usr/share/mime/globs2").read_text("utf-8")
        _require(not left, f"left behind: {' '.join(map(str, left))}")
        _require("hitl" not in known, "the desktop still knows bundles")
        _require(_sum_of(self._root.home) == work, "removing the package changed the person's files")
        print(f"removed: none of {len(files)} files is left, and the home of {PERSON} is as it was")

    def _titles(self) -> list[str]:
        search = ("xdotool", "search", "--onlyvisible", "--class", f"^{NAME}$")
        windows = subprocess.run(search, env=self._display, capture_output=True, text=True, check=False).stdout.split()
        return [self._xdotool("getwindowname", window).strip() for window in windows]

    def _several_titles(self) -> list[str]:
        return titles if len(titles := self._titles()) > 1 else []

    def _keys(self, *keys: str) -> None:
        self._xdotool("key", "--clearmodifiers", *keys)

    def _xdotool(self, *arguments: str) -> str:
        command = ["xdotool", *arguments]
        return subprocess.run(command, env=self._display, capture_output=True, text=True, check=True).stdout

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
