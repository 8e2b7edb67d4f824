"""Reads the rows of a written file again: as they stand in JSON Lines and CSV, as JSON out of Parquet."""

from collections.abc import Iterator
from pathlib import Path

import orjson

BATCH = 100
"""Rows of a Parquet file that are in memory at a time, with the group of rows that they are in."""


def read_rows(file: Path) -> Iterator[str]:
    """The rows of a file as text, streamed; the first of CSV is its header."""
    match file.suffix:
        case ".parquet":
            return _parquet(file)
        case ".csv":
            return _records(file)
        case _:
            return _lines(file)


def _lines(file: Path) -> Iterator[str]:
    with file.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            yield line.rstrip("\n")


def _records(file: Path) -> Iterator[str]:
    """Lines of CSV, each with those that its quoted cells go on in."""
    held = ""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for line in lines:
            held += line
            if held.count('"') % 2 == 0:
                yield held.rstrip("\r\n")
                held = ""


def _parquet(file: Path) -> Iterator[str]:
    import pyarrow.parquet  # noqa: PLC0415 -- an extra, and slow to import

    with pyarrow.parquet.ParquetFile(file) as table:
        for batch in table.iter_batches(batch_size=BATCH):
            for row in batch.to_pylist():
                yield orjson.dumps(row).decode()
