"""Which build this is: packages have a file that says so."""

import json
import platform
import sqlite3
from pathlib import Path

from hitl_app import __version__
from hitl_app.domain.installation import BuildDetails, BuildKind
from hitl_app.system.paths import resource
from hitl_app.system.program import is_frozen


def build_details() -> BuildDetails:
    """What is known of the program that runs."""
    return details_in(resource(""), _kind())


def details_in(resources: Path, kind: BuildKind) -> BuildDetails:
    """What a folder of resources says of the build that it belongs to; what it does not say stays empty."""
    said = _read(resources / "build.json")
    licences = resources / "licences"
    return BuildDetails(
        version=__version__,
        kind=kind,
        commit=said.get("commit", ""),
        date=said.get("date", ""),
        python=f"{platform.python_version()} on {platform.platform()}",
        sqlite=sqlite3.sqlite_version,
        licences=licences if licences.is_dir() else None,
    )


def _kind() -> BuildKind:
    if is_frozen():
        return BuildKind.APPLICATION
    package = Path(__file__).resolve().parents[1]
    return BuildKind.PACKAGE if resource("").is_relative_to(package) else BuildKind.SOURCE


def _read(file: Path) -> dict[str, str]:
    try:
        said = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):  # a source tree has none, and an error is told with what is known
        return {}
    return {name: str(value) for name, value in said.items()} if isinstance(said, dict) else {}
