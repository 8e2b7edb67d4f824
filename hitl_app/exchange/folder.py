"""The folder that an export writes: temporary names first, then the manifest and the card, then all renamed."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import orjson

import hitl_app
from hitl_app.domain.errors import UserError
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.ports import ExportSummary
from hitl_app.exchange.card import Card, CardFile, CardTable, write_card
from hitl_app.exchange.columns import Columns
from hitl_app.exchange.origins import Origins
from hitl_app.exchange.parquet import ParquetFile

PRODUCT = "hitl-app"
MANIFEST = "manifest.json"
CARD = "README.md"


class RowFile:
    """A JSON Lines file that counts and hashes what is written to it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self.rows = 0
        self.bytes = 0

    def write(self, line: bytes) -> None:
        """Append one encoded row."""
        self.put(line)
        self.rows += 1

    def put(self, data: bytes) -> None:
        """Append what is no row, such as a line of the columns' names."""
        self._file.write(data)
        self._hash.update(data)
        self.bytes += len(data)

    @property
    def sha256(self) -> str:
        """Hash of everything written so far, as hexadecimal digits."""
        return self._hash.hexdigest()


class ListFile(RowFile):
    """One JSON list of rows, for readers that know no lines."""

    def write(self, line: bytes) -> None:
        """Append one encoded row."""
        self.put(b"," if self.rows else b"[")
        super().write(line)


def encode_row(row: JsonObject) -> bytes:
    """One line of JSON; halves of surrogate pairs, which UTF-8 does not have, become question marks."""
    try:
        return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:  # such a half, or a number of more than 64 bits
        text = json.dumps(row, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return (text + "\n").encode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class FinishedFile:
    """A file that was written by other hands; `rows` is None where it has none."""

    rows: int | None
    bytes: int
    sha256: str


@dataclass
class ExportFolder:
    """Collects the files of one export. Nothing has its final name before `publish`."""

    out: Path
    format: str
    work: Path
    files: dict[str, RowFile | FinishedFile] = field(default_factory=dict)

    @contextmanager
    def rows(self, name: str) -> Iterator[RowFile]:
        """A file to write rows to."""
        with (self.work / name).open("wb") as file:
            self.files[name] = rows = RowFile(file)
            yield rows
            file.flush()
            os.fsync(file.fileno())

    @contextmanager
    def listed(self, name: str) -> Iterator[ListFile]:
        """A file to write rows to as one JSON list."""
        with (self.work / name).open("wb") as file:
            self.files[name] = rows = ListFile(file)
            yield rows
            rows.put(b"]\n" if rows.rows else b"[]\n")
            file.flush()
            os.fsync(file.fileno())

    @contextmanager
    def parquet(self, name: str, columns: Columns) -> Iterator[ParquetFile]:
        """A Parquet file to write rows to."""
        with ParquetFile(self.work / name, columns) as file:
            yield file
        self._take(name, file.rows)

    def text(self, name: str, text: str) -> None:
        """A further file, such as one that describes the others to a trainer."""
        self._write(name, text)
        self._take(name, None)

    def _take(self, name: str, rows: int | None) -> None:
        """Count a file that was written by other hands among the export's."""
        with (self.work / name).open("r+b") as file:  # Windows brings to the disk what may be written alone
            os.fsync(file.fileno())
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            self.files[name] = FinishedFile(rows, file.tell(), digest)

    def publish(
        self,
        *,
        about: str,
        tables: Sequence[CardTable],
        files: Sequence[CardFile],
        settings: JsonObject,
        excluded: Mapping[str, int],
        found: Mapping[str, int],
        origins: Origins,
        notes: Sequence[str],
    ) -> ExportSummary:
        """Write the dataset card and the manifest, and give everything its final name.

        Args:
            about: What the data are, for the card.
            tables: The tables with their columns.
            files: The files of rows.
            settings: How the rows were made.
            excluded: What was left out, by reason.
            found: Secrets and personal data, by kind.
            origins: Where the rows come from.
            notes: What else a reader must know.
        """
        left_out = dict(sorted((reason, count) for reason, count in excluded.items() if count))
        empty = dict.fromkeys(name.partition(".")[0] for name in self._drop_empty())
        told = (*notes, *(f"{name} is not written: it would have no rows" for name in empty))
        card = Card(
            title=self.format,
            about=about,
            tables=tables,
            files=files,
            settings=settings,
            origins=origins,
            excluded=left_out,
            found=found,
            notes=told,
        )
        self.finish(
            write_card(card),
            {
                "settings": settings,
                "excluded": [{"reason": reason, "count": count} for reason, count in left_out.items()],
                "found": dict(sorted(found.items())),
                "sources": origins.to_json(),
                "labels": dict(origins.told()),
                "notes": told,
            },
        )
        rows = tuple((each.file, each.rows) for each in files)
        return ExportSummary(self.format, rows, tuple(left_out.items()), told, tuple(sorted(found.items())))

    @property
    def rows_by_file(self) -> dict[str, int]:
        """How many rows were written to each file."""
        return {name: file.rows for name, file in self.files.items() if file.rows is not None}

    def finish(self, card: str, about: JsonObject) -> None:
        """Write card and manifest, and give everything its final name; the manifest comes last.

        Args:
            card: Text for people.
            about: What the manifest says besides format, product and files.
        """
        files = [
            {"name": name, "rows": file.rows, "bytes": file.bytes, "sha256": file.sha256}
            for name, file in self.files.items()
        ]
        product = {"name": PRODUCT, "version": hitl_app.__version__}
        manifest = {"format": self.format, "product": product, **about, "files": files}
        self._write(CARD, card)
        self._write(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=2) + "\n")
        (self.out / MANIFEST).unlink(missing_ok=True)
        for name in (*self.files, CARD, MANIFEST):
            (self.work / name).replace(self.out / name)
        _sync(self.out)

    def _drop_empty(self) -> list[str]:
        """Take out files without rows, which readers refuse, and an older export's file of the same name."""
        empty = [name for name, file in self.files.items() if file.rows == 0]
        for name in empty:
            del self.files[name]
            (self.out / name).unlink(missing_ok=True)
        return empty

    def _write(self, name: str, text: str) -> None:
        with (self.work / name).open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())


@contextmanager
def export_folder(out: Path, format_name: str) -> Iterator[ExportFolder]:
    """A folder to export to; what is unfinished is removed, whatever happens.

    Raises:
        UserError: The folder cannot be written.
    """
    made = not out.exists()
    _check_ours(out, format_name)
    try:
        out.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=out))
    except OSError as error:
        raise UserError(f"{out}: cannot be written: {error.strerror or error}") from error
    try:
        yield ExportFolder(out, format_name, work)
    finally:
        shutil.rmtree(work, ignore_errors=True)
        if made and not any(out.iterdir()):
            out.rmdir()


def _check_ours(out: Path, format_name: str) -> None:
    """An export replaces an older one of its own format, and nothing else."""
    if not out.is_dir() or not any(not item.name.startswith(".unfinished-") for item in out.iterdir()):
        return
    try:
        manifest = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
        ours = manifest["product"]["name"] == PRODUCT and manifest["format"] == format_name
    except (OSError, ValueError, TypeError, KeyError):
        ours = False
    if not ours:
        raise UserError(f"{out}: holds other files than an export of {format_name}; name an empty folder")


def _sync(folder: Path) -> None:
    if os.name != "nt":  # where a folder cannot be opened
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
