"""Parquet, where pyarrow is installed (the extra `parquet`): row groups of a bounded size, the same bytes each time."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.exchange.columns import Columns, Type

if TYPE_CHECKING:
    import pyarrow

GROUP_ROWS = 5_000
GROUP_CHARACTERS = 16_000_000
"""A row group ends at so many rows, or at about so many characters: it is in memory while it is filled."""


def can_write_parquet() -> bool:
    """Whether pyarrow is installed."""
    return importlib.util.find_spec("pyarrow") is not None


class ParquetFile:
    """A file of rows with a fixed schema."""

    def __init__(self, path: Path, columns: Columns) -> None:
        import pyarrow.parquet  # noqa: PLC0415 -- an extra, and slow to import

        self.rows = 0
        self._schema = pyarrow.schema([(name, _arrow(of)) for name, of in columns.items()])
        self._writer = pyarrow.parquet.ParquetWriter(path, self._schema, compression="zstd")
        self._held: list[JsonObject] = []
        self._characters = 0

    def write(self, row: JsonObject) -> None:
        """Append a row."""
        self._held.append(_encodable(row))
        self._characters += _size(row)
        self.rows += 1
        if len(self._held) >= GROUP_ROWS or self._characters >= GROUP_CHARACTERS:
            self._flush()

    def close(self) -> None:
        """Write what is held, and the file's end."""
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        import pyarrow  # noqa: PLC0415 -- as above

        if self._held:
            self._writer.write_table(pyarrow.Table.from_pylist(self._held, schema=self._schema))
        self._held, self._characters = [], 0


def _arrow(of: Type) -> pyarrow.DataType:
    import pyarrow  # noqa: PLC0415 -- as above

    if isinstance(of, str):
        return pyarrow.type_for_alias(of)
    if isinstance(of, Mapping):
        return pyarrow.struct([(name, _arrow(inner)) for name, inner in of.items()])
    (inner,) = of
    return pyarrow.list_(_arrow(inner))


def _encodable(value: JsonObject) -> JsonObject:
    """Halves of surrogate pairs, which UTF-8 does not have, become question marks, as in JSON Lines."""
    return {name: _encodable_value(each) for name, each in value.items()}


def _encodable_value(value: Json) -> Json:
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, Mapping):
        return _encodable(value)
    return value if value is None or isinstance(value, bool | int | float) else [_encodable_value(v) for v in value]


def _size(value: Json) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Mapping):
        return sum(map(_size, value.values()))
    return 8 if value is None or isinstance(value, bool | int | float) else sum(map(_size, value))
