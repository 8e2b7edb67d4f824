"""Crash reports: files beside the store, written also where the interpreter itself dies. Nothing is sent anywhere."""

import faulthandler
import logging
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from hitl_app.domain.crash import CrashReport
from hitl_app.domain.ports import Clock
from hitl_app.system.build import build_details
from hitl_app.system.paths import make_private
from hitl_app.system.processes import is_running

KEPT = 20
"""Reports that were seen and stay."""

_RUNNING, _NEW, _SEEN = "running-", "crash-", "seen-"

log = logging.getLogger(__name__)


class CrashFolder:
    """Implements `domain.crash.CrashReports`.

    While the desk runs there is a file `running-PID.log`, into which a dying interpreter writes its last trace; a
    clean end removes it. A file of a process that is no more was left by one that crashed or was killed.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self._running: TextIO | None = None

    @property
    def place(self) -> str:
        """The folder of the reports, for people."""
        return str(self._folder)

    def watch(self) -> None:
        """From now on a crash of this process leaves a trace."""
        make_private(self._folder)
        self._running = (self._folder / f"{_RUNNING}{os.getpid()}.log").open("w", encoding="utf-8")
        self._running.write(f"{self._clock.now()}\n{_about()}\n")
        self._running.flush()
        faulthandler.enable(self._running)

    def end(self) -> None:
        """This process ends as it should."""
        if self._running is not None:
            faulthandler.disable()
            self._running.close()
            Path(self._running.name).unlink(missing_ok=True)
            self._running = None

    def keep(self, details: str) -> None:
        """Keep an unexpected error that this process goes on after; a full disk must not make it worse."""
        now = self._clock.now()
        stamp = now.replace("-", "").replace(":", "").replace("+", "").replace(".", "")
        try:
            make_private(self._folder)
            path = self._folder / f"{_NEW}{stamp}-{os.getpid()}.txt"
            path.write_text(f"{now}\n{_about()}\n\n{details}", encoding="utf-8")
        except OSError as error:
            log.warning("a crash report cannot be kept: %s", error)

    def unseen(self) -> tuple[CrashReport, ...]:
        """What earlier processes left, newest first."""
        if not self._folder.is_dir():
            return ()
        left = [path for path in self._folder.glob(f"{_RUNNING}*.log") if not _is_alive(path)]
        found = [_read(path) for path in (*left, *self._folder.glob(f"{_NEW}*.txt"))]
        return tuple(sorted(found, key=lambda report: report.at, reverse=True))

    def dismiss(self, report: CrashReport) -> None:
        """A person has seen it: it stays in the folder, and is not shown again."""
        path = self._folder / report.name
        try:
            if report.details:
                path.replace(self._folder / f"{_SEEN}{path.stem}.txt")
            else:
                path.unlink(missing_ok=True)
            seen = sorted(self._folder.glob(f"{_SEEN}*.txt"), key=lambda file: file.stat().st_mtime)
            for old in seen[:-KEPT]:
                old.unlink(missing_ok=True)
        except OSError as error:
            log.warning("%s cannot be put away: %s", path, error)


def _read(path: Path) -> CrashReport:
    at, _, details = path.read_text(encoding="utf-8", errors="replace").partition("\n")
    if path.name.startswith(_RUNNING):
        about, _, trace = details.partition("\n")
        details = f"{about}\n\n{trace}" if trace.strip() else ""
        at = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="microseconds")
    return CrashReport(path.name, at, details.strip())


def _about() -> str:
    return ", ".join(build_details().lines)


def _is_alive(path: Path) -> bool:
    number = path.stem.removeprefix(_RUNNING)
    return number.isdecimal() and is_running(int(number))
