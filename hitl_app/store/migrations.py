"""Numbered migrations of the schema. `PRAGMA user_version` holds the number of the last one that ran.

Each is frozen SQL: once released, a migration is never edited; a change of the schema is a new one at the end.
"""

from collections.abc import Sequence
from contextlib import closing
from itertools import chain
from pathlib import Path

from hitl_app.domain.errors import StoreError
from hitl_app.domain.library import Upgrade
from hitl_app.store.files import back_up, backup_path, connect, forget_backups, format_of

Migration = Sequence[str]


def _immutable(table: str) -> tuple[str, ...]:
    return tuple(
        f"""CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
            BEGIN SELECT RAISE(ABORT, '{table}: rows are never altered or deleted'); END"""
        for verb in ("UPDATE", "DELETE")
    )


_INITIAL: Migration = (
    """CREATE TABLE task (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        environment TEXT NOT NULL,
        domain TEXT NOT NULL,
        key TEXT NOT NULL,
        title TEXT NOT NULL,
        instruction TEXT NOT NULL,
        synthetic INTEGER NOT NULL,
        document TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX task_environment ON task (environment, domain)",
    """CREATE TABLE trajectory (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        task_number INTEGER NOT NULL REFERENCES task (number),
        root_number INTEGER NOT NULL REFERENCES trajectory (number),
        parent_id TEXT,
        author TEXT NOT NULL,
        model TEXT NOT NULL,
        synthetic INTEGER NOT NULL,
        step_count INTEGER NOT NULL,
        plan TEXT NOT NULL,
        source TEXT,
        carried_over TEXT NOT NULL,
        added_at TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX trajectory_task ON trajectory (task_number)",
    "CREATE INDEX trajectory_root ON trajectory (root_number)",
    """CREATE TABLE step (
        trajectory_number INTEGER NOT NULL REFERENCES trajectory (number),
        step_index INTEGER NOT NULL,
        kind TEXT NOT NULL,
        role TEXT NOT NULL,
        text TEXT NOT NULL,
        tool TEXT NOT NULL,
        arguments TEXT NOT NULL,
        thought TEXT NOT NULL,
        observation TEXT,
        observation_failed INTEGER,
        turn INTEGER,
        plan_step INTEGER,
        PRIMARY KEY (trajectory_number, step_index)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE inspection (
        trajectory_number INTEGER PRIMARY KEY REFERENCES trajectory (number),
        verified INTEGER,
        gradient_count INTEGER NOT NULL,
        hard_constraints INTEGER,
        hard_constraints_of INTEGER,
        goal INTEGER,
        goal_of INTEGER,
        feasibility INTEGER,
        feasibility_of INTEGER,
        soft_constraints INTEGER,
        soft_constraints_of INTEGER,
        discrepancy INTEGER,
        discrepancy_of INTEGER,
        document TEXT NOT NULL,
        inspected_at TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE gradient (
        number INTEGER PRIMARY KEY,
        trajectory_number INTEGER NOT NULL REFERENCES inspection (trajectory_number),
        critique TEXT NOT NULL,
        expected TEXT NOT NULL,
        observed TEXT NOT NULL,
        suggested_edit TEXT NOT NULL,
        constraint_id TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX gradient_trajectory ON gradient (trajectory_number)",
    """CREATE TABLE lineage (
        position INTEGER PRIMARY KEY REFERENCES trajectory (number),
        head_number INTEGER NOT NULL REFERENCES trajectory (number),
        status TEXT NOT NULL,
        rank_unmet INTEGER,
        rank_feasibility INTEGER,
        rank_soft_constraints INTEGER,
        rank_discrepancy INTEGER
    ) STRICT""",
    "CREATE INDEX lineage_head ON lineage (head_number)",
    "CREATE INDEX lineage_status ON lineage (status, position)",
    """CREATE INDEX lineage_worst ON lineage
        (rank_unmet DESC, rank_feasibility DESC, rank_soft_constraints DESC, rank_discrepancy DESC, position)""",
    """CREATE TABLE proposal (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        base_number INTEGER NOT NULL REFERENCES trajectory (number),
        document TEXT NOT NULL,
        proposed_at TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX proposal_base ON proposal (base_number)",
    # AUTOINCREMENT keeps the highest sequence ever given in sqlite_sequence: one more witness of a lost tail.
    """CREATE TABLE decision (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        payload TEXT NOT NULL,
        previous_hash TEXT NOT NULL,
        hash TEXT NOT NULL,
        kind TEXT GENERATED ALWAYS AS (json_extract(payload, '$.kind')) VIRTUAL,
        root_id TEXT GENERATED ALWAYS AS (json_extract(payload, '$.root_id')) VIRTUAL,
        candidate_id TEXT GENERATED ALWAYS AS (json_extract(payload, '$.candidate_id')) VIRTUAL,
        annotator TEXT GENERATED ALWAYS AS (json_extract(payload, '$.annotator')) VIRTUAL,
        undoes INTEGER GENERATED ALWAYS AS (json_extract(payload, '$.undoes')) VIRTUAL
    ) STRICT""",
    "CREATE INDEX decision_root ON decision (root_id, candidate_id)",
    "CREATE INDEX decision_annotator ON decision (annotator)",
    "CREATE UNIQUE INDEX decision_undoes ON decision (undoes) WHERE undoes IS NOT NULL",
    """CREATE TABLE ledger_head (
        id INTEGER PRIMARY KEY CHECK (id = 1), entries INTEGER NOT NULL, hash TEXT NOT NULL
    ) STRICT""",
    "INSERT INTO ledger_head VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000')",
    "CREATE TABLE text_index (id INTEGER PRIMARY KEY CHECK (id = 1), indexed_to INTEGER NOT NULL) STRICT",
    "INSERT INTO text_index VALUES (1, 0)",
    """CREATE TABLE toolset (
        environment TEXT NOT NULL, domain TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY (environment, domain)
    ) STRICT""",
    "CREATE TABLE draft (base_id TEXT PRIMARY KEY NOT NULL, document TEXT NOT NULL) STRICT",
    "CREATE TABLE preference (key TEXT PRIMARY KEY NOT NULL, document TEXT NOT NULL) STRICT",
    # Trigrams find any part of a word, and Chinese, which has no spaces. Without positions (detail=none) the index is
    # a quarter of the size and twice as fast to build; searches compare the found rows with the whole term.
    "CREATE VIRTUAL TABLE trajectory_text USING fts5 (words, content='', detail=none, tokenize='trigram')",
    """CREATE VIRTUAL TABLE gradient_text USING fts5 (
        critique, expected, observed, suggested_edit, constraint_id,
        content='gradient', content_rowid='number', detail=none, tokenize='trigram')""",
    """CREATE TRIGGER gradient_indexed AFTER INSERT ON gradient BEGIN
        INSERT INTO gradient_text (rowid, critique, expected, observed, suggested_edit, constraint_id)
        VALUES (new.number, new.critique, new.expected, new.observed, new.suggested_edit, new.constraint_id); END""",
    """CREATE TRIGGER gradient_unindexed AFTER DELETE ON gradient BEGIN
        INSERT INTO gradient_text (gradient_text, rowid, critique, expected, observed, suggested_edit, constraint_id)
        VALUES ('delete', old.number, old.critique, old.expected, old.observed, old.suggested_edit,
                old.constraint_id); END""",
    *(statement for table in ("task", "trajectory", "step", "proposal", "decision") for statement in _immutable(table)),
)

_PLACES_AND_LINKS: Migration = (
    "ALTER TABLE step ADD COLUMN link_confidence REAL",
    "CREATE TABLE place (task_number INTEGER PRIMARY KEY REFERENCES task (number), path TEXT NOT NULL) STRICT",
)

_RUNS: Migration = (
    """CREATE TABLE run (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        settings TEXT NOT NULL,
        status TEXT NOT NULL,
        started_at TEXT NOT NULL,
        ended_at TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE run_result (
        number INTEGER PRIMARY KEY,
        run_number INTEGER NOT NULL REFERENCES run (number),
        start_id TEXT NOT NULL,
        method TEXT NOT NULL,
        document TEXT NOT NULL,
        UNIQUE (run_number, start_id, method)
    ) STRICT""",
    # Stored, not virtual: the sums over a run would have to parse every message that was ever sent.
    """CREATE TABLE model_call (
        number INTEGER PRIMARY KEY,
        run_number INTEGER NOT NULL REFERENCES run (number),
        document TEXT NOT NULL,
        key TEXT NOT NULL GENERATED ALWAYS AS (json_extract(document, '$.key')) STORED,
        error TEXT NOT NULL GENERATED ALWAYS AS (json_extract(document, '$.error')) STORED,
        calls INTEGER NOT NULL GENERATED ALWAYS AS (json_extract(document, '$.usage.calls')) STORED,
        tokens_in INTEGER NOT NULL GENERATED ALWAYS AS (json_extract(document, '$.usage.tokens_in')) STORED,
        tokens_out INTEGER NOT NULL GENERATED ALWAYS AS (json_extract(document, '$.usage.tokens_out')) STORED,
        measured INTEGER NOT NULL GENERATED ALWAYS AS (json_extract(document, '$.usage.measured')) STORED,
        usd REAL GENERATED ALWAYS AS (json_extract(document, '$.usage.usd')) STORED
    ) STRICT""",
    "CREATE INDEX model_call_key ON model_call (run_number, key)",
    """CREATE TABLE gate_passage (
        number INTEGER PRIMARY KEY,
        run_number INTEGER NOT NULL REFERENCES run (number),
        document TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX gate_passage_run ON gate_passage (run_number)",
    *(statement for table in ("model_call", "gate_passage") for statement in _immutable(table)),
)

# `standings.rebuild` fills the standings of a store that has decisions already: what they make of a lineage is no SQL.
_TEAM: Migration = (
    """CREATE TABLE standing (
        position INTEGER NOT NULL REFERENCES lineage (position),
        annotator TEXT NOT NULL,
        status TEXT NOT NULL,
        head_number INTEGER NOT NULL REFERENCES trajectory (number),
        made_at TEXT NOT NULL,
        sequence INTEGER NOT NULL,
        hash TEXT NOT NULL,
        informed INTEGER NOT NULL,
        loss INTEGER,
        PRIMARY KEY (position, annotator)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX standing_annotator ON standing (annotator, status, position, head_number)",
    "CREATE INDEX standing_moved ON standing (position, head_number) WHERE head_number <> position",
    """CREATE TABLE assignment (
        position INTEGER NOT NULL REFERENCES lineage (position),
        annotator TEXT NOT NULL,
        assigned_at TEXT NOT NULL,
        PRIMARY KEY (position, annotator)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX assignment_annotator ON assignment (annotator, position)",
    """CREATE TABLE gold (
        position INTEGER PRIMARY KEY REFERENCES lineage (position),
        verdict TEXT NOT NULL,
        blame INTEGER,
        note TEXT NOT NULL,
        set_by TEXT NOT NULL,
        set_at TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE seed (
        proposal_number INTEGER PRIMARY KEY REFERENCES proposal (number),
        position INTEGER NOT NULL REFERENCES lineage (position),
        kind TEXT NOT NULL,
        bad_hunks TEXT NOT NULL,
        seeded_at TEXT NOT NULL
    ) STRICT""",
    """CREATE INDEX lineage_status_worst ON lineage (
        status, rank_unmet DESC, rank_feasibility DESC, rank_soft_constraints DESC, rank_discrepancy DESC, position
    )""",
    # What queries compare, apart from the long documents beside it: a whole index is read in a few milliseconds.
    """CREATE INDEX inspection_counts ON inspection
        (verified, hard_constraints, goal, feasibility, soft_constraints, discrepancy)""",
    "CREATE INDEX task_words ON task (key, title)",
    # For the values that a query is completed with: counted from the indexes alone.
    "CREATE INDEX trajectory_model ON trajectory (model)",
    "CREATE INDEX trajectory_format ON trajectory (json_extract(source, '$.format'))",
    "CREATE INDEX trajectory_file ON trajectory (json_extract(source, '$.file'))",
)

_METHODS: Migration = (
    "ALTER TABLE trajectory ADD COLUMN earlier TEXT NOT NULL DEFAULT '[]'",
    *(
        statement
        for table in ("plan_node", "routed_stage")
        for statement in (
            f"""CREATE TABLE {table} (
                number INTEGER PRIMARY KEY,
                run_number INTEGER NOT NULL REFERENCES run (number),
                document TEXT NOT NULL
            ) STRICT""",
            f"CREATE INDEX {table}_run ON {table} (run_number)",
            *_immutable(table),
        )
    ),
    """CREATE TABLE score (
        number INTEGER PRIMARY KEY,
        trajectory_number INTEGER NOT NULL REFERENCES trajectory (number),
        document TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX score_trajectory ON score (trajectory_number)",
    *_immutable("score"),
)

MIGRATIONS: tuple[Migration, ...] = (_INITIAL, _PLACES_AND_LINKS, _RUNS, _TEAM, _METHODS)


def migrate(path: Path, time: str, migrations: Sequence[Migration]) -> Upgrade | None:
    """Bring a store up to date as a whole or not at all, with a backup first of one that is in use already.

    Args:
        path: The store's file, of this format or an earlier one; backups are put beside it.
        time: ISO 8601, for the backups' names.
        migrations: All of them, oldest first.

    Returns:
        What was done with an earlier version's store; None for a new one, and for one that is up to date.

    Raises:
        StoreError: Another process brought it to a format that is newer than these.
    """
    with closing(connect(path)) as connection:
        if format_of(connection) == len(migrations):
            return None
        connection.execute("BEGIN IMMEDIATE")  # from here on nobody else writes, and schema changes roll back
        found, backup = format_of(connection), None  # another process may have been quicker
        try:
            refuse_newer(path, found, len(migrations))
            if 0 < found < len(migrations):
                backup = backup_path(path, found, time)
                back_up(path, backup)
            for statement in chain.from_iterable(migrations[found:]):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {len(migrations)}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:  # SQLite itself ends one for which the disk has no room
                connection.execute("ROLLBACK")
            if backup is not None:  # of a store that stays as it was
                backup.unlink(missing_ok=True)
            raise
    if backup is None:
        return None
    forget_backups(path, found)
    return Upgrade(found, len(migrations), backup)


def refuse_newer(path: Path, found: int, known: int) -> None:
    """Raise a StoreError where a store is of a later format than those that this program knows."""
    if found > known:
        raise StoreError(
            f"{path}: this store has format {found}, and this program knows formats up to {known}. "
            "Open it with the newer program that wrote it, or update this one."
        )
