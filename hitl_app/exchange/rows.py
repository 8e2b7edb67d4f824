"""Reads the rows of a written file again: JSON Lines and other lines of text as they stand, Parquet as JSON."""

from collections.abc import Iterator
from pathlib import Path

import orjson

BATCH = 100
"""Rows of a Parquet file that are in memory at a time, with the group of rows that they are in."""


def read_rows(file: Path) -> Iterator[str]:
    """The rows of a file as text, streamed."""
    return _parquet(file) if file.suffix == ".parquet" else _lines(file)


def _lines(file: Path) -> Iterator[str]:
    with file.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            yield line.rstrip("\n")


def _parquet(file: Path) -> Iterator[str]:
    import pyarrow.parquet  # noqa: PLC0415 -- an extra, and slow to import

    with pyarrow.parquet.ParquetFile(file) as table:
        for batch in table.iter_batches(batch_size=BATCH):
            for row in batch.to_pylist():
                yield orjson.dumps(row).decode()
