"""Transactions on the store's file."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from hitl_app.domain.errors import StoreError
from hitl_app.store.files import BUSY_SECONDS


class Database:
    """An open SQLite file. What the database refuses becomes a StoreError."""

    def __init__(self, path: Path, engine: Engine) -> None:
        self._path = path
        self._reader = engine
        self._writer = engine.execution_options(writes=True)

    def close(self) -> None:
        """Close the database. Idempotent."""
        self._reader.dispose()

    def _read(self) -> AbstractContextManager[Connection]:
        return self._transaction(self._reader)

    def _write(self) -> AbstractContextManager[Connection]:
        return self._transaction(self._writer)

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Connection]:
        try:
            with engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise StoreError(f"{self._path}: {_explain(error)}") from error
        except UnicodeEncodeError as error:
            raise StoreError(
                f"text with half a character cannot be kept ({error.reason} at position {error.start}): "
                "replace lone surrogates by U+FFFD first"
            ) from error
        except OverflowError as error:
            raise StoreError(f"a number is too large to be kept: {error}") from error


def _explain(error: DBAPIError) -> str:
    if isinstance(error.orig, sqlite3.OperationalError) and "locked" in str(error.orig):
        return f"another program has been writing to the store for {BUSY_SECONDS} s; try again when it is done"
    return f"the database refused ({error.orig})"
