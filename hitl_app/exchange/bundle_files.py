"""The files of a bundle (docs/bundle.md): their names, and how their lines are read."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from hitl_app.domain.codec import CodecError
from hitl_app.domain.errors import UserError
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.exchange.faults import MAX_DEPTH, RecordError, check_values
from hitl_app.exchange.jsonfiles import LINE_BYTES, BadJsonError, parse_text

FORMAT = "hitl-app bundle"
VERSION = 3

SUFFIX = ".hitl"
"""Ending of the name of a bundle that is one file."""

TASKS = "tasks.jsonl"
TOOLSETS = "toolsets.jsonl"
TRAJECTORIES = "trajectories.jsonl"
INSPECTIONS = "inspections.jsonl"
PROPOSALS = "proposals.jsonl"
LEDGER = "ledger.jsonl"
DRAFTS = "drafts.jsonl"
ASSIGNMENTS = "assignments.jsonl"
GOLD = "gold.jsonl"
SEEDS = "seeds.jsonl"
SCORES = "scores.jsonl"
FILES = (LEDGER, TASKS, TOOLSETS, TRAJECTORIES, INSPECTIONS, PROPOSALS, DRAFTS, ASSIGNMENTS, GOLD, SEEDS, SCORES)

_WRAPPED = 20
"""Levels that a bundle may put around what a recording itself holds."""

T = TypeVar("T")


class BadLineError(ValueError):
    """A line of a bundle's file cannot be read."""


class BundleFile:
    """One JSON Lines file of a bundle; one line is in memory at a time."""

    def __init__(self, folder: Path, name: str) -> None:
        self.path = folder / name
        self.sha256 = hashlib.sha256().hexdigest()
        """Of the lines that the last complete `lines` read."""

    def lines(self) -> Iterator[tuple[int, int, bytes]]:
        """Numbers from 1, places in the file and bytes of all lines; nothing where there is no such file."""
        digest, place = hashlib.sha256(), 0
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            number = 0
            while line := file.readline(LINE_BYTES):
                number += 1
                digest.update(line)
                yield number, place, line
                place += len(line)
        self.sha256 = digest.hexdigest()

    def where(self, number: int) -> str:
        """What a person finds a line by."""
        return f"{self.path}: line {number}"

    def read_at(self, place: int, decode: Callable[[JsonObject], T]) -> T:
        """The value of a line that was read before.

        Raises:
            UserError: The file was altered since.
        """
        try:
            with self.path.open("rb") as file:
                file.seek(place)
                return read_line(file.readline(LINE_BYTES), decode)
        except (OSError, BadLineError) as error:
            raise UserError(f"{self.path}: was altered while it was read ({error}); import it again") from error


def read_line(line: bytes, decode: Callable[[JsonObject], T]) -> T:
    """Decode one line.

    Numbers are read as Python's parser does it: a faster one would round large whole numbers, which hashes notice.

    Raises:
        BadLineError: Says what is wrong with it.
    """
    try:
        value = parse_text(line.decode("utf-8"))
        if not isinstance(value, Mapping):
            raise CodecError("expected an object")
        check_values(value, MAX_DEPTH + _WRAPPED)
        return decode(value)
    except UnicodeDecodeError as error:
        raise BadLineError(f"not UTF-8 at byte {error.start} of the line") from error
    except (BadJsonError, CodecError, RecordError, ValueError) as error:
        raise BadLineError(str(error)) from error
