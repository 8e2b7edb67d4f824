"""What can be checked of an export without its trainer: rows are read one after the other, and none is kept."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path

import orjson

from hitl_app.domain.export_check import Check
from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.exchange.checking import faults
from hitl_app.exchange.checking.chats import chats, same_answers, stray_result, uses_tools, wrong_call
from hitl_app.exchange.checking.contents import DataFile, Manifest
from hitl_app.exchange.checking.faults import Faults
from hitl_app.exchange.checking.files import BESIDE
from hitl_app.exchange.checking.types import mistyped
from hitl_app.exchange.parquet import can_write_parquet, what_parquet_needs

BATCH = 64
"""Rows of Parquet that are in memory at once."""

LINES, PARQUET = ".jsonl", ".parquet"


def check_rows(folder: Path, manifest: Manifest, data: Sequence[DataFile]) -> list[Check]:
    """Read all rows of an export, and say what is wrong with them.

    Args:
        folder: The export.
        manifest: Its files.
        data: Those with columns; other files of JSON Lines are only parsed.
    """
    found, parts, can_parquet = Faults(), _Parts(), can_write_parquet()
    known = {file.name: file for file in data}
    names = [file.name for file in manifest.files if (folder / file.name).is_file()]
    for name in names:
        alone = name.endswith(PARQUET) and f"{name.removesuffix(PARQUET)}{LINES}" not in names
        if name.endswith(LINES):
            _check_file(name, _lines(folder / name, found), known, found, parts)
        elif alone and can_parquet:
            _check_file(name, _parquet(folder / name, found), known, found, parts)
        elif name.endswith(PARQUET) and can_parquet:
            _compare(folder, name, found)
    unread = not can_parquet and any(name.endswith(PARQUET) for name in names)
    return [
        *found.checks(),
        *([Check(faults.EQUAL, None, f"reading Parquet {what_parquet_needs()}")] if unread else []),
    ]


class _Parts:
    """Remembers in which part each task and each lineage is."""

    def __init__(self) -> None:
        self._seen: dict[str, str] = {}

    def wrong(self, row: JsonObject, part: str) -> str | None:
        """The task or lineage of the row that is in another part as well."""
        for kind in ("task", "lineage"):
            named = row.get(kind)
            if isinstance(named, str) and (before := self._seen.setdefault(f"{kind} {named}", part)) != part:
                return f"{kind} {named} is in {before} as well"
        return None


def _check_file(
    name: str, rows: Iterator[JsonObject], known: Mapping[str, DataFile], found: Faults, parts: _Parts
) -> None:
    described, part = known.get(name), _part(name, known)
    for number, row in enumerate(rows, 1):
        place = f"{name}:{number}"
        if described is not None:
            if described.columns is not None:
                found.look(faults.TYPED, mistyped(row, described.columns), place)
            _check_talk(row, found, place)
        if part and "task" in row:
            found.look(faults.APART, parts.wrong(row, part), place)


def _check_talk(row: JsonObject, found: Faults, place: str) -> None:
    same = same_answers(row)
    if same is not None:
        found.look(faults.DIFFERENT, "they are the same" if same else None, place)
    for chat in chats(row):
        if uses_tools(chat):
            found.look(faults.CALLS, wrong_call(chat), place)
            found.look(faults.ANSWERS, stray_result(chat), place)


def _part(name: str, known: Mapping[str, DataFile]) -> str:
    """The part of a file of rows, or of the one that it stands beside; empty for any other file."""
    stem = name.removesuffix(BESIDE)
    described = next((known[each] for each in (name, stem + LINES, stem + PARQUET) if each in known), None)
    return described.part if described is not None else ""


def _lines(file: Path, found: Faults | None = None) -> Iterator[JsonObject]:
    """The rows of a file; lines that hold none are counted."""
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            row, wrong = _parsed(line)
            if found is not None:
                found.look(faults.READ, wrong, f"{file.name}:{number}")
            if row is not None:
                yield row


def _parsed(line: bytes) -> tuple[JsonObject | None, str | None]:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return None, str(error)
    return (row, None) if isinstance(row, dict) else (None, "not a JSON object")


def _parquet(file: Path, found: Faults) -> Iterator[JsonObject]:
    """The rows of a Parquet file; one that cannot be read is counted."""
    import pyarrow  # noqa: PLC0415 -- an extra, and slow to import
    import pyarrow.parquet  # noqa: PLC0415 -- as above

    try:
        with pyarrow.parquet.ParquetFile(file) as opened:
            for batch in opened.iter_batches(batch_size=BATCH):
                yield from batch.to_pylist()
    except (pyarrow.ArrowException, OSError) as error:
        found.look(faults.READ, f"no Parquet: {error}", file.name)


def _compare(folder: Path, name: str, found: Faults) -> None:
    """Compare a Parquet file with the lines beside it, row by row."""
    lines = _lines(folder / f"{name.removesuffix(PARQUET)}{LINES}")
    for number, (row, line) in enumerate(zip_longest(_parquet(folder / name, found), lines), 1):
        same = row == line or (row is not None and line is not None and _without_null(row) == _without_null(line))
        found.look(faults.EQUAL, None if same else "they differ", f"{name}:{number}")


def _without_null(value: Json) -> Json:
    """A value without null fields: Parquet has every field of a struct, and JSON Lines may leave it out."""
    if isinstance(value, Mapping):
        return {name: _without_null(each) for name, each in value.items() if each is not None}
    return value if isinstance(value, str) or not isinstance(value, Sequence) else list(map(_without_null, value))
