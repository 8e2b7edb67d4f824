"""`hitl-app doctor`: what works here and what does not."""

import argparse
import platform
import sqlite3
from importlib import metadata

from hitl_app import __version__
from hitl_app.cli.command import Command
from hitl_app.cli.display import display_problem
from hitl_app.cli.output import Output, counted
from hitl_app.domain.errors import EnvironmentUnavailableError
from hitl_app.workflow.workspace import Workspace

PACKAGES = ("PySide6-Essentials", "qasync", "openai", "sqlmodel", "SQLAlchemy", "pygments")


def _arguments(parser: argparse.ArgumentParser) -> None:
    """Takes nothing but the options of all commands."""


async def _run(args: argparse.Namespace, workspace: Workspace, out: Output) -> bool:
    out.result({"what": "hitl-app", "ok": True, "detail": __version__}, f"ok   hitl-app {__version__}")
    _line(out, "build", True, workspace.build.name)
    python = f"{platform.python_version()} on {platform.system()}"
    out.result({"what": "python", "ok": True, "detail": python}, f"ok   Python {python}")
    sqlite_ok = sqlite3.sqlite_version_info >= (3, 37)
    _line(out, "sqlite", sqlite_ok, sqlite3.sqlite_version)
    sound = sqlite_ok
    for package in PACKAGES:
        try:
            _line(out, package, True, metadata.version(package))
        except metadata.PackageNotFoundError:
            sound = False
            _line(out, package, False, "not installed")
    _line(out, "places", True, "; ".join(workspace.places.lines))
    report = await workspace.review.check_ledger()
    _line(out, "store", report.sound, f"{args.data_dir}: {report.entries} decisions")
    for known in await workspace.library.formats():
        if known.package:
            _line(out, f"importer {known.name}", not known.problem, f"{known.package}: {known.problem or 'ready'}")
            sound = sound and not known.problem
    for status in await workspace.refinement.environment_statuses():
        detail = status.problem or (status.version if status.installed else f"hitl-app env install {status.name}")
        _line(out, f"environment {status.name}", status.installed and not status.problem, detail)
        sound = sound and not status.problem
    await _tell_python(workspace, out)
    crashes = len(workspace.crashes.unseen())
    told = f"{counted(crashes, 'report')} in {workspace.crashes.place}; the desk shows them at its next start"
    _line(out, "crashes", not crashes, told if crashes else "none that nobody has seen")
    display = display_problem()
    _line(out, "display", not display, display or "present")
    return sound and report.sound


async def _tell_python(workspace: Workspace, out: Output) -> None:
    """Nothing but installing environments needs it, so that it may be missing."""
    try:
        _line(out, "python for environments", True, await workspace.refinement.python_of_environments())
    except EnvironmentUnavailableError as error:
        _line(out, "python for environments", False, str(error))


def _line(out: Output, what: str, works: bool, detail: str) -> None:
    out.result({"what": what, "ok": works, "detail": detail}, f"{'ok  ' if works else 'no  '} {what}: {detail}")


COMMAND = Command("doctor", "say what works here and what does not", _arguments, _run)
