"""Opening a store's file: is it one, is it whole, is it up to date; and the engine that serves it."""

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from hitl_app.domain.errors import StoreError
from hitl_app.domain.library import Upgrade
from hitl_app.domain.store_file import APPLICATION_ID, HEADER_BYTES, is_database, is_store
from hitl_app.store.files import (
    BUSY_SECONDS,
    back_up,
    backup_path,
    connect,
    create_private,
    forget_backups,
    format_of,
)
from hitl_app.store.migrations import MIGRATIONS, Migration, migrate, refuse_newer

FULL_CHECK_BYTES = 256 * 2**20
"""Stores up to this size are read whole when they are opened (0.2 s); larger ones would take too long."""


def prepare(path: Path, time: str, migrations: Sequence[Migration] = MIGRATIONS) -> Upgrade | None:
    """Make or check the store's file and bring it up to date.

    Returns:
        What was done with an earlier version's store; None where there was nothing to do.

    Raises:
        StoreError: It is not a store, damaged, newer than this program, or not accessible. It is left as it was.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_new = not path.exists() or path.stat().st_size == 0
        if not is_new:
            _check_header(path)
            _check_content(path)
            refuse_newer(path, _format(path), len(migrations))
        create_private(path)
        with closing(connect(path)) as connection:
            if is_new:  # and before the switch to WAL: the header in the file itself must always tell whose it is
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute("PRAGMA journal_mode = WAL")
    except OSError as error:
        raise StoreError(f"{path}: cannot open the store: {error.strerror or error}") from error
    except sqlite3.Error as error:
        raise StoreError(f"{path}: cannot open the store: {error}") from error
    try:
        return migrate(path, time, migrations)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            f"{path}: cannot bring the store up to date ({error}), so it is left as it was. "
            "Its folder must be writable, and have room for two more copies of it."
        ) from error


def open_reader(path: Path) -> Engine:
    """An engine that only reads another store, also while a desk has it open, and never brings it up to date.

    Raises:
        StoreError: The file is missing, not a store, damaged, or of another format version.
    """
    try:
        _check_header(path)
    except OSError as error:
        raise StoreError(f"{path}: cannot open the store: {error.strerror or error}") from error
    _check_content(path)

    version = _format(path)
    if version != len(MIGRATIONS):
        what = (
            "Open it with this program once, which keeps a backup and brings it up to date"
            if version < len(MIGRATIONS)
            else "Update this program"
        )
        raise StoreError(
            f"{path}: this store has format {version}, and only stores of format {len(MIGRATIONS)} can be taken in. "
            f"{what}, then try again."
        )
    engine = create_engine("sqlite://", creator=lambda: _reader(path))
    event.listen(engine, "begin", _on_begin)
    return engine


def back_up_store(path: Path, time: str) -> None:
    """Copy a store that is in use to a file beside it, named as before a migration.

    Raises:
        StoreError: It cannot be written; nothing of it is left.
    """
    try:
        back_up(path, backup_path(path, len(MIGRATIONS), time))
        forget_backups(path, len(MIGRATIONS))
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{path}: no backup can be put beside it ({error}), so nothing was changed") from error


def _reader(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(_to_read(path), uri=True, isolation_level=None)


def _format(path: Path) -> int:
    with closing(_reader(path)) as connection:
        return format_of(connection)


def _to_read(path: Path) -> str:
    """The address of a store that is only read.

    SQLite wants to put files beside it. Where it may not, and there is no newer content beside it, it does without.
    """
    log = path.with_name(f"{path.name}-wal")
    alone = not os.access(path.parent, os.W_OK) and not (log.exists() and log.stat().st_size)
    return f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if alone else ''}"


def _check_header(path: Path) -> None:
    with path.open("rb") as file:
        header = file.read(HEADER_BYTES)
    if not is_database(header):
        raise StoreError(f"{path}: this file is not a store of this program. Choose another file or data folder.")
    if not is_store(header):
        raise StoreError(f"{path}: this is another program's database. Choose another file or data folder.")


def _check_content(path: Path) -> None:
    """Look for damage through a connection that cannot write."""
    try:
        with closing(_reader(path)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            problems = []
            if path.stat().st_size <= FULL_CHECK_BYTES:
                problems = [str(row[0]) for row in connection.execute("PRAGMA quick_check(3)") if row[0] != "ok"]
    except sqlite3.OperationalError as error:
        raise StoreError(f"{path}: cannot read the store: {error}") from error
    except sqlite3.DatabaseError as error:
        problems = [str(error)]
    if problems:
        raise StoreError(
            f"{path}: the store is damaged ({problems[0]}). Put a backup in its place; "
            f"backups are beside it, named {path.stem}.backup-*.db."
        )


def make_engine(path: Path) -> Engine:
    """An engine for one thread. Transactions only read, unless the engine's option `writes` is set."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        # Python's own handling of transactions would commit before schema changes, and begin late.
        connect_args={"isolation_level": None, "timeout": BUSY_SECONDS, "check_same_thread": True},
    )
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in ("foreign_keys = ON", "synchronous = FULL", "recursive_triggers = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    # A write takes its lock at once: taking it half-way fails when another process wrote in between.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
