"""Whether the files of an export are those that its manifest and its dataset card name."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from hitl_app.domain.export_check import Check
from hitl_app.exchange.checking.contents import DataFile, Manifest, ManifestFile

HASHES = "files are those of the manifest, byte for byte"
ROWS = "row counts are those of the manifest"
NAMED = "every file of rows is in the manifest"
CARD_FITS = "the dataset card names the files that are there"
BESIDE = ".provenance.jsonl"
"""How the names of files end that say, line by line, where the rows of another file come from."""

ROW_FILES = {".jsonl", ".parquet", ".csv"}
CHUNK = 1 << 20


def check_files(folder: Path, manifest: Manifest) -> Iterator[Check]:
    """Compare the folder with its manifest."""
    wrong = [fault for file in manifest.files if (fault := _fault(folder, file))]
    yield _check(HASHES, wrong, f"{len(manifest.files)} in all")
    counted = [(file, _rows(folder / file.name)) for file in manifest.files if file.name.endswith(".jsonl")]
    lost = [f"{file.name} has {rows}, not {file.rows}" for file, rows in counted if rows != file.rows]
    yield _check(ROWS, lost, f"{sum(rows for _, rows in counted):,} rows of JSON Lines")
    known = {file.name for file in manifest.files}
    strange = [item.name for item in sorted(folder.iterdir()) if item.suffix in ROW_FILES and item.name not in known]
    yield _check(NAMED, [f"{name} is not" for name in strange], "")


def check_card(manifest: Manifest, data: Sequence[DataFile]) -> Check:
    """Compare the card's list of files with the manifest's."""
    listed, named = {file.name for file in manifest.files}, {Path(file.name).stem for file in data}
    rows = [name for name in listed if name.endswith((".jsonl", ".parquet")) and not name.endswith(BESIDE)]
    gone = [f"{file.name} is not there" for file in data if file.name not in listed]
    gone += [f"{name} is not named" for name in sorted(rows) if Path(name).stem not in named]
    return _check(CARD_FITS, gone, f"files: {len(data)}, configurations: {len({file.table for file in data})}")


def _check(what: str, wrong: Sequence[str], fine: str) -> Check:
    more = f", and {len(wrong) - 1} more" if len(wrong) > 1 else ""
    return Check(what, not wrong, f"{wrong[0]}{more}" if wrong else fine)


def _fault(folder: Path, file: ManifestFile) -> str:
    try:
        with (folder / file.name).open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
    except FileNotFoundError:
        return f"{file.name} is missing"
    return "" if digest == file.sha256 else f"{file.name} was changed"


def _rows(file: Path) -> int:
    """How many lines a file has; 0 where it is missing."""
    if not file.is_file():
        return 0
    with file.open("rb") as opened:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: opened.read(CHUNK), b""))
