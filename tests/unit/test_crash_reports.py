"""What is left of a desk that did not end as it should, and what the next start knows of it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hitl_app.system.clock import SystemClock
from hitl_app.system.crash import KEPT, CrashFolder

DYING = """
import os, signal, sys
from pathlib import Path
from hitl_app.system.clock import SystemClock
from hitl_app.system.crash import CrashFolder
CrashFolder(Path(sys.argv[1]), SystemClock()).watch()
{end}
"""


def end_with(folder: Path, end: str) -> int:
    return subprocess.run(
        [sys.executable, "-c", DYING.format(end=end), str(folder)], check=False, stderr=subprocess.DEVNULL
    ).returncode


@pytest.fixture
def folder(tmp_path: Path) -> CrashFolder:
    return CrashFolder(tmp_path / "crashes", SystemClock())


def test_a_crash_of_the_interpreter_leaves_its_trace_for_the_next_start(tmp_path: Path, folder: CrashFolder) -> None:
    assert end_with(tmp_path / "crashes", "os.kill(os.getpid(), signal.SIGSEGV)") != 0
    (report,) = folder.unseen()
    assert "Segmentation fault" in report.details
    assert "hitl-app" in report.details
    assert report.at.startswith("20")


def test_a_kill_from_outside_is_known_and_has_no_details(tmp_path: Path, folder: CrashFolder) -> None:
    end_with(tmp_path / "crashes", "os.kill(os.getpid(), signal.SIGKILL)")
    (report,) = folder.unseen()
    assert report.details == ""
    folder.dismiss(report)
    assert folder.unseen() == ()


def test_a_desk_that_ends_cleanly_or_still_runs_leaves_nothing_to_report(tmp_path: Path, folder: CrashFolder) -> None:
    folder.watch()
    assert CrashFolder(tmp_path / "crashes", SystemClock()).unseen() == ()
    folder.end()
    assert list((tmp_path / "crashes").iterdir()) == []


def test_an_error_that_was_kept_is_shown_once_and_stays_in_its_file(tmp_path: Path, folder: CrashFolder) -> None:
    folder.keep("Traceback: it broke")
    (report,) = folder.unseen()
    assert "Traceback: it broke" in report.details
    folder.dismiss(report)
    assert folder.unseen() == ()
    (kept,) = (tmp_path / "crashes").iterdir()
    assert "it broke" in kept.read_text()


def test_seen_reports_do_not_pile_up(tmp_path: Path, folder: CrashFolder) -> None:
    for number in range(KEPT + 3):
        folder.keep(f"error {number}")
        for report in folder.unseen():
            folder.dismiss(report)
    assert len(list((tmp_path / "crashes").iterdir())) == KEPT


def test_only_the_owner_can_read_the_reports(tmp_path: Path, folder: CrashFolder) -> None:
    folder.keep("error")
    assert (tmp_path / "crashes").stat().st_mode & 0o077 == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_report_that_cannot_be_written_makes_nothing_worse(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    CrashFolder(tmp_path / "closed" / "crashes", SystemClock()).keep("error")
