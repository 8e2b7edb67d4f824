"""What a reader is asked for."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

Row = dict[str, Any]  # Any: a row of an export, whose columns are the format's

SAMPLED = 200
"""Rows of a file that a tokenizer is made of; it can write any text, these only shorter."""


@dataclass(frozen=True)
class File:
    """A file of rows.

    Attributes:
        table: Its configuration in the dataset card.
        part: Its part of the data, such as `train`.
    """

    table: str
    part: str
    path: Path

    def first(self, count: int) -> list[Row]:
        """The first rows as they are written."""
        if self.path.suffix == ".parquet":
            from pyarrow.parquet import ParquetFile  # noqa: PLC0415 -- where there is Parquet, it was asked for

            with ParquetFile(self.path) as opened:
                batch = next(opened.iter_batches(batch_size=count), None)
            return [] if batch is None else list(batch.to_pylist())
        with self.path.open(encoding="utf-8", newline="\n") as lines:
            return [json.loads(line) for line in islice(lines, count)]

    def texts(self) -> Iterator[str]:
        """Texts of its rows, for a tokenizer."""
        yield from texts_of(self.first(SAMPLED))


@dataclass(frozen=True)
class Request:
    """An export to read.

    Attributes:
        format: Name of the export's format.
        files: Its files of rows.
        rows: How many rows of each are shown.
        work: A folder for what the trainers write.
    """

    format: str
    folder: Path
    files: tuple[File, ...]
    rows: int
    work: Path

    @classmethod
    def of(cls, asked: Mapping[str, Any], work: Path) -> "Request":  # Any: JSON from this product
        """From its JSON."""
        folder = Path(asked["folder"])
        files = (File(file["table"], file["part"], folder / file["name"]) for file in asked["files"])
        return cls(asked["format"], folder, tuple(files), asked["rows"], work)


def texts_of(value: object) -> Iterator[str]:
    """Every text inside a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from texts_of(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts_of(item)
