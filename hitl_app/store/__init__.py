"""The SQLite store: tables, migrations, queries, ledger, backup."""
