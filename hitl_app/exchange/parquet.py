"""Parquet, where pyarrow is installed (the extra `parquet`): row groups of a bounded size, the same bytes each time."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from hitl_app.exchange.columns import Columns, Type

if TYPE_CHECKING:
    import pyarrow

EXTRA = "parquet"
"""The optional part of this product that writes it."""

GROUP_ROWS = 5_000
GROUP_BYTES = 16_000_000
"""A row group ends at so many rows, or at so many bytes of JSON: it is in memory while it is filled."""


def can_write_parquet() -> bool:
    """Whether pyarrow is installed."""
    return importlib.util.find_spec("pyarrow") is not None


def what_parquet_needs() -> str:
    """Where pyarrow is missing: how to get it, to be said of a format."""
    if getattr(sys, "frozen", False):
        return (
            f"needs the Python package in place of this packaged application: pipx install 'hitl-app[{EXTRA}]'; "
            "formats of JSON Lines need nothing more"
        )
    return f"needs one more package: pip install 'hitl-app[{EXTRA}]'"


class ParquetFile:
    """A file of rows with a fixed schema. It takes them as lines of JSON, so that both files hold the same."""

    def __init__(self, path: Path, columns: Columns) -> None:
        import pyarrow.parquet  # noqa: PLC0415 -- an extra, and slow to import

        self.rows = 0
        self._schema = pyarrow.schema([(name, _arrow(of)) for name, of in columns.items()])
        self._writer = pyarrow.parquet.ParquetWriter(path, self._schema, compression="zstd")
        self._held = BytesIO()
        self._flushed = 0

    def write(self, line: bytes) -> None:
        """Append a row."""
        self._held.write(line)
        self.rows += 1
        if self.rows - self._flushed >= GROUP_ROWS or self._held.tell() >= GROUP_BYTES:
            self._flush()

    def __enter__(self) -> ParquetFile:
        """Itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Write what is held, unless something failed, and close the file."""
        try:
            if kind is None:
                self._flush()
        finally:
            self._writer.close()

    def _flush(self) -> None:
        import pyarrow.json  # noqa: PLC0415 -- as above

        if self.rows == self._flushed:
            return
        whole = pyarrow.json.ReadOptions(use_threads=False, block_size=self._held.tell() + 1)
        named = pyarrow.json.ParseOptions(explicit_schema=self._schema, unexpected_field_behavior="error")
        self._held.seek(0)
        self._writer.write_table(pyarrow.json.read_json(self._held, whole, named))
        self._held, self._flushed = BytesIO(), self.rows


def _arrow(of: Type) -> pyarrow.DataType:
    import pyarrow  # noqa: PLC0415 -- as above

    if isinstance(of, str):
        return pyarrow.type_for_alias(of)
    if isinstance(of, Mapping):
        return pyarrow.struct([(name, _arrow(inner)) for name, inner in of.items()])
    (inner,) = of
    return pyarrow.list_(_arrow(inner))
