"""Formats that are read and written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from hitl_app.domain.chat import RenderedChat
from hitl_app.domain.export_check import ExportCheck
from hitl_app.domain.library import (
    ImportedRecord,
    ImportedRun,
    ImportedTask,
    Rejected,
)
from hitl_app.domain.ports.store import Record
from hitl_app.domain.training import ExportSettings, Span

ImportItem = ImportedRun | ImportedTask | ImportedRecord | Rejected


@runtime_checkable
class Importer(Protocol):
    """Reads one format. Executes nothing.

    Found through the entry-point group `hitl_app.importers`; the first line of its class's docstring describes it.
    """

    @property
    def name(self) -> str:
        """Name on the command line."""
        ...

    def recognises(self, path: Path) -> bool:
        """Whether this file's (or folder's) content is of the format; looks at its beginning only."""
        ...

    def read(self, path: Path) -> Iterable[ImportItem]:
        """Good records and rejected ones in the order of the file, streamed."""
        ...


@dataclass(frozen=True, slots=True)
class ImportFormat:
    """What `formats` says of an importer.

    Attributes:
        package: Name and version of the package that it comes from; empty where it is built in.
        problem: Why it cannot be used; empty where it can.
    """

    name: str
    description: str
    package: str = ""
    problem: str = ""

    @property
    def complaint(self) -> str:
        """The problem with the importer's name and package; only where there is one."""
        return f"the importer {self.name} of {self.package} cannot be used: {self.problem}"


@dataclass(frozen=True, slots=True)
class ExportSummary:
    """What an export wrote: files with their rows, what was left out and why, and what was found in the texts."""

    format: str
    files: tuple[tuple[str, int], ...]
    excluded: tuple[tuple[str, int], ...] = ()
    notes: tuple[str, ...] = ()
    found: tuple[tuple[str, int], ...] = ()


class Exporter(Protocol):
    """Writes one target format, streaming; the same store gives the same bytes."""

    @property
    def name(self) -> str:
        """Name on the command line."""
        ...

    @property
    def description(self) -> str:
        """Who or what reads it, in a few words."""
        ...

    @property
    def chooses(self) -> bool:
        """Whether the settings choose what it writes; else it writes everything."""
        ...

    @property
    def pairs(self) -> bool:
        """Whether it writes preference pairs, so that the settings' `pairs` choose among them."""
        ...

    @property
    def spans(self) -> tuple[Span, ...]:
        """The spans among which the settings' `spans` choose."""
        ...

    @property
    def needs(self) -> str:
        """The optional part of this product that writes it, such as `parquet`; empty where none is needed."""
        ...

    @property
    def problem(self) -> str:
        """Why it cannot be written here; empty where it can."""
        ...

    @property
    def suffix(self) -> str:
        """Ending of a name under which it writes one file; empty where it always writes a folder."""
        ...

    def export(self, record: Record, out: Path, settings: ExportSettings) -> ExportSummary:
        """Write the files, then the manifest. Nothing is left behind under its final name on an error."""
        ...


class ChatRenderer(Protocol):
    """Shows rows of training data as a trainer sees them: rendered through a chat template."""

    def render(self, rows: Sequence[str], template: Path | None) -> list[tuple[RenderedChat, ...]]:
        """The chats of each row; none where a row has no chat.

        Args:
            rows: As they stand in the file.
            template: A file with a chat template; None takes the one that is built in.

        Raises:
            UserError: The template cannot be read, or did not finish in its time and memory.
        """
        ...


class ExportChecker(Protocol):
    """Reads an export back: what can be seen in its folder, and what its trainer would see of it."""

    def check(self, folder: Path, python: Path | None, rows: int) -> ExportCheck:
        """Check an export; changes nothing in its folder.

        Args:
            folder: What an exporter wrote.
            python: Interpreter in which the trainer is installed; None takes this one, where it is a Python.
            rows: How many rows of each file are shown as the trainer sees them.

        Raises:
            UserError: The folder is no export, its manifest cannot be read, or the interpreter cannot be started.
        """
        ...
