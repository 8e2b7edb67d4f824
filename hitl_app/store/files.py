"""A store's file, and the copies of it that are put beside it before it is changed as a whole."""

import os
import sqlite3
from contextlib import closing, suppress
from glob import escape
from pathlib import Path

BUSY_SECONDS = 10
"""How long a write waits for another process that is writing."""

BACKUPS_KEPT = 3
"""Of each format: upgrades are rare, but every merge makes a copy of the whole store, too."""


def connect(path: Path) -> sqlite3.Connection:
    """A connection for durable writes, whose transactions begin and end only where a statement says so."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_SECONDS)
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def format_of(connection: sqlite3.Connection) -> int:
    """The number of the last migration that ran."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def backup_path(path: Path, version: int, time: str) -> Path:
    """Where the backup of a store goes: `library.backup-v1-20260131T120000.db` beside `library.db`."""
    stamp = time.split(".", maxsplit=1)[0].replace("-", "").replace(":", "")
    return path.with_name(f"{path.stem}.backup-v{version}-{stamp}.db")


def back_up(path: Path, target: Path) -> None:
    """Copy a store through SQLite's backup API. Only a whole copy gets the final name."""
    partial = target.with_suffix(".partial")
    create_private(partial)
    try:
        with closing(connect(path)) as store, closing(connect(partial)) as copy:
            store.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file: what is copied elsewhere is all of it
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def forget_backups(path: Path, version: int) -> None:
    """Delete all but the newest backups of a store in this format, and what a killed process left of one."""
    name, time = f"{escape(path.stem)}.backup-v", f"{'?' * 8}T{'?' * 6}"
    old = sorted(path.parent.glob(f"{name}{version}-{time}.db"))[:-BACKUPS_KEPT]
    for file in (*old, *path.parent.glob(f"{name}*-{time}.partial*")):
        with suppress(OSError):  # what another program holds open goes the next time
            file.unlink()


def create_private(path: Path) -> None:
    """Make sure that the file exists and that only its owner can read it, before SQLite opens it."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    path.chmod(0o600)
