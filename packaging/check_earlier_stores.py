"""Open the stores of all earlier versions with a program: `python check_earlier_stores.py PROGRAM`.

PROGRAM is the `hitl-app` of an environment, or a packaged one. What it says of each store of `tests/store/earlier` is
compared with what the version said that wrote it. Prints a line for each store, and ends with the first difference.

A later version may say more: only what was said before must be said again. Besides, two things were changed on purpose.
Of a revision on which a decision was taken back, the decision that stands is shown, or none. And rows of training pairs
have other names for where they come from, in files that name their part of a split; what is learnt from a pair must be
the same, and pairs that an earlier version did not make of the same decisions are welcome.
"""

import json
import lzma
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any  # lines of JSON are compared whatever they hold

EARLIER = Path(__file__).resolve().parents[1] / "tests" / "store" / "earlier"
STORE = "desk.db"

LEARNT = (
    *("prompt", "chosen", "rejected", "tools", "task", "base", "override", "lateral"),
    *("carried_over", "minimal", "reveals_answer", "synthetic"),
)
"""Columns of a pair that every version writes under the same names."""

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


Lines = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Answer:
    """What a command said: its lines, and the files that it wrote."""

    lines: Lines
    files: Rows


def read_answer(printed: str, out: Path) -> Answer:
    """An answer from what a command printed, and the folder that it was to write."""
    lines = [json.loads(line) for line in printed.splitlines()]
    return Answer(lines, {file.name: read_rows(file) for file in sorted(out.glob("*.jsonl"))})


@dataclass(frozen=True)
class Said:
    """What an earlier version said: the lines of a command, or the files of an export."""

    arguments: tuple[str, ...]
    lines: Lines = ()
    files: Rows | None = None

    def differences(self, now: Answer) -> Iterator[str]:
        """What a later version does not say."""
        return lost_pairs(self.files, now.files) if self.files is not None else lost(list(self.lines), now.lines)


@dataclass(frozen=True)
class EarlierStore:
    """A store of an earlier version, and all that this version said of it."""

    format: int
    content: bytes
    said: tuple[Said, ...]

    def put(self, folder: Path) -> Path:
        """Make it the store of a data folder; the answer is its file."""
        file = folder / STORE
        file.write_bytes(self.content)
        return file


def earlier_stores() -> list[EarlierStore]:
    """All that are kept, oldest first."""
    return [
        read_store(number)
        for number in sorted(int(file.name.removesuffix(".db.xz")[1:]) for file in EARLIER.glob("v*.db.xz"))
    ]


def read_store(number: int) -> EarlierStore:
    """The one of a format."""
    content, said = (lzma.decompress((EARLIER / f"v{number}.{what}.xz").read_bytes()) for what in ("db", "json"))
    answers = json.loads(said)["said"]
    _leave_out_taken_back(answers)
    parts = (Said(tuple(each["arguments"]), each.get("lines", ()), each.get("files")) for each in answers)
    return EarlierStore(number, content, tuple(parts))


def _leave_out_taken_back(answers: Sequence[Any]) -> None:
    lines = {" ".join(each["arguments"]): each.get("lines") for each in answers}
    undone = {entry["undoes"] for entry in lines["ledger show"]}
    taken_back = {entry["candidate_id"] for entry in lines["ledger show"] if entry["sequence"] in undone}
    for question, shown in lines.items():
        if question.startswith("show "):
            for revision in shown[0]["revisions"]:
                if revision["id"] in taken_back:
                    del revision["accepted"], revision["rule"]


def lost(before: object, now: object, path: str = "") -> Iterator[str]:
    """Where something that was said before is not said now."""
    if isinstance(before, Mapping) and isinstance(now, Mapping):
        for name, value in before.items():
            if name in now:
                yield from lost(value, now[name], f"{path}.{name}")
            else:
                yield f"{path}.{name} is missing"
    elif isinstance(before, list) and isinstance(now, list):
        if len(before) != len(now):
            yield f"{path} has {len(now)} parts instead of {len(before)}"
        for number, (one, other) in enumerate(zip(before, now, strict=False)):
            yield from lost(one, other, f"{path}[{number}]")
    elif before != now:
        yield f"{path} is {json.dumps(now)[:80]} instead of {json.dumps(before)[:80]}"


def lost_pairs(before: Rows, now: Rows) -> Iterator[str]:
    """Which training pairs that were written before are not written now."""
    for name, rows in before.items():
        kind = name.removesuffix(".jsonl")
        left = _learnt(rows)
        for other, others in now.items():
            if other.startswith(kind):
                left -= _learnt(others)
        yield from (f"{name}: {row[:80]} is missing" for row in left)


def lost_rows(before: Path, now: Path) -> Iterator[str]:
    """Which tables of an earlier store hold something else in a later one, in the columns that there were."""
    with closing(sqlite3.connect(before)) as old, closing(sqlite3.connect(now)) as new:
        tables = [str(name) for (name,) in old.execute(_TABLES)]
        for table in tables:
            columns = ", ".join(str(row[1]) for row in old.execute(f"PRAGMA table_xinfo({table})"))
            query = f"SELECT {columns} FROM {table} ORDER BY {columns}"  # noqa: S608  # names of our own tables
            if old.execute(query).fetchall() != new.execute(query).fetchall():
                yield f"table {table} holds something else"


_TABLES = """SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
             AND name NOT LIKE '%\\_text%' ESCAPE '\\' AND name <> 'text_index' ORDER BY name"""
"""All but the full-text index, which grows with use."""


def _format(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        (number,) = connection.execute("PRAGMA user_version").fetchone()
        return int(number)


def _learnt(rows: Sequence[Mapping[str, Any]]) -> Counter[str]:
    return Counter(json.dumps([row[column] for column in LEARNT]) for row in rows)


def _check(program: str, store: EarlierStore) -> None:
    """Ask a program about a store; raises SystemExit at the first difference."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file, before = store.put(folder), folder / "before"
        before.write_bytes(store.content)
        for said in _worth_a_start(store.said):
            question = f"format {store.format}: {' '.join(said.arguments)}"
            for difference in said.differences(_ask(program, said, folder, question)):
                raise SystemExit(f"{question}: {difference}")
        backups = list(folder.glob("*.backup-*.db"))
        if _format(file) != store.format and not backups:
            raise SystemExit(f"format {store.format}: no backup was put beside it")
        for kept in (file, *backups):
            for difference in lost_rows(before, kept):
                raise SystemExit(f"format {store.format}: {kept.name}: {difference}")


def _worth_a_start(said: Sequence[Said]) -> list[Said]:
    """What is asked of a program that takes a second to start; of the trajectories, the one that was revised most."""
    asked = [each for each in said if each.arguments[0] in ("list", "export") or each.arguments == ("ledger", "check")]
    shown = [each for each in said if each.arguments[0] == "show"]
    return [*asked, max(shown, key=lambda each: len(each.lines[0]["revisions"]))]


def _ask(program: str, said: Said, folder: Path, question: str) -> Answer:
    out = folder / "out"
    command = [program, *said.arguments, *(["--out", str(out)] if said.files is not None else [])]
    command += ["--data-dir", str(folder), "--json"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=300)
    if done.returncode:
        raise SystemExit(f"{question}: {done.stderr}")
    return read_answer(done.stdout, out)


def read_rows(file: Path) -> list[Mapping[str, Any]]:
    """The rows of a JSON Lines file."""
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def main() -> None:
    """Check all stores."""
    if len(sys.argv) != 2:
        raise SystemExit("usage: python check_earlier_stores.py PROGRAM")
    stores = earlier_stores()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for store, _ in zip(stores, pool.map(partial(_check, sys.argv[1]), stores), strict=True):
            print(f"format {store.format}: opened, with everything in it", flush=True)


if __name__ == "__main__":
    main()
