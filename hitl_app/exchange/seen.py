"""What was seen before, on disk, so that memory does not grow with it."""

import hashlib
import sqlite3
from collections.abc import Sequence
from types import TracebackType


class Seen:
    """A set of contents that only grows. SQLite keeps it in a temporary file once it is large."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect("", isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute("PRAGMA cache_size = -4000")
        self._connection.execute("CREATE TABLE seen (digest BLOB PRIMARY KEY) WITHOUT ROWID")

    def __enter__(self) -> "Seen":
        """Itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Forget everything."""
        self._connection.close()

    def before(self, content: Sequence[str]) -> bool:
        """Whether this content came before; from now on it has."""
        digest = hashlib.sha256()
        for part in content:
            data = part.encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(8, "big") + data)
        done = self._connection.execute("INSERT OR IGNORE INTO seen VALUES (?)", (digest.digest(),))
        return done.rowcount == 0
