"""The SQLite store: tables, migrations, queries, ledger, backup."""

from hitl_app.store.sqlite_store import SqliteStore, open_store

__all__ = ["SqliteStore", "open_store"]
