"""Recorded model calls as JSON Lines: what the `calls` export writes, and a replay answers from."""

import json
from collections.abc import Iterator
from pathlib import Path

from hitl_app.domain.codec import CodecError
from hitl_app.domain.errors import UserError
from hitl_app.domain.model import ModelCall
from hitl_app.domain.run_codec import call_from_json

FILE = "calls.jsonl"
"""Name of the file in the folder of an export."""


def read_calls(path: Path) -> Iterator[ModelCall]:
    """The calls of a file, or of the folder of an export, in their order.

    Raises:
        UserError: The file cannot be read, or a line is no call; says which.
    """
    path = path / FILE if path.is_dir() else path
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    yield _call(line)
                except (ValueError, RecursionError) as error:
                    raise UserError(f"{path}, line {number}: this is no recorded call: {error}") from None
    except OSError as error:
        raise UserError(f"{path}: recorded calls cannot be read: {error.strerror}") from error


def _call(line: bytes) -> ModelCall:
    value = json.loads(line)
    if not isinstance(value, dict):
        raise CodecError(f"expected an object, found {type(value).__name__}")
    return call_from_json(value)
