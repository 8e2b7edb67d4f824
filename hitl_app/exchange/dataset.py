"""Data sets out of examples: a target says which rows, and this writes them, whatever the format.

A target is a list of tables, and a table is a source of examples, columns, and a function that makes a row of an
example. What is chosen (filters, parts, weights, cleaning) happens here, alike for all.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from hitl_app.domain.errors import UserError
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.ports import ExportSummary, Record
from hitl_app.domain.training import Cleaning, ExportSettings, Span, Weighting
from hitl_app.exchange.card import CardFile, CardTable
from hitl_app.exchange.cleaning import Cleaner
from hitl_app.exchange.columns import Columns
from hitl_app.exchange.examples import Exclusions, Lineage, lineages
from hitl_app.exchange.examples.example import PROVENANCE, Example, Provenance, why_filtered
from hitl_app.exchange.folder import ExportFolder, encode_row, export_folder
from hitl_app.exchange.origins import Origins
from hitl_app.exchange.parquet import EXTRA, can_write_parquet, what_parquet_needs
from hitl_app.exchange.seen import Seen

PAIRS = "pairs-"
"""How the names of tables of preference pairs begin; those of tables over a span end with it."""

ANSWERS = (("chosen", "rejected"), ("preferred_output", "non_preferred_output"))
"""Names under which targets have the two sides of a pair."""

PARTED = "its task was made after tasks of different parts"

WRITTEN: Columns = {"weight": "float64", "injection": "bool"}
"""Columns that are known only when a row is written."""


@dataclass(frozen=True)
class Table:
    """One file of rows for each part of the data.

    Attributes:
        name: The file's name without its part and ending, and the configuration under which `datasets` loads it.
        about: What a row is, for the card; Markdown.
        examples: Where the examples come from.
        columns: The target's own columns with their types; those of `PROVENANCE` follow. None where rows have objects
            that differ, such as schemas of tools: such a table goes beside its provenance, as JSON Lines alone.
        row: Makes the target's own columns of an example; a text is the reason why it cannot.
        beside: The trainer refuses columns that it does not know: provenance goes to a file beside, line by line.
        parquet_only: The trainer reads Parquet and nothing else.
        listed: The trainer reads one JSON list: it is written, too.
        weight: The method's own weight of an example, where the settings weigh all alike; None where it was not
            measured.
    """

    name: str
    about: str
    examples: Callable[[Lineage, ExportSettings, Exclusions], Iterator[Any]]  # Any: each table has its kind of example
    columns: Columns
    row: Callable[[Any], JsonObject | str]  # Any: as above
    beside: bool = False
    parquet_only: bool = False
    listed: bool = False
    weight: Callable[[Any], float | None] | None = None  # Any: as above


class Describe(Protocol):
    """Makes further files of a target out of the files of rows, such as LLaMA-Factory's `dataset_info.json`."""

    def __call__(self, files: Sequence[CardFile]) -> Mapping[str, str]:
        """Texts by file name."""
        ...


def nothing_more(files: Sequence[CardFile]) -> Mapping[str, str]:
    """No further files."""
    return {}


@dataclass(frozen=True)
class Target:
    """A format of training data.

    Attributes:
        name: On the command line.
        trainer: Who reads it, in a few words.
        about: What the data are, for the card; Markdown.
        settings: What is fixed about how the rows are made, for the manifest.
    """

    name: str
    trainer: str
    about: str
    tables: tuple[Table, ...]
    settings: JsonObject = field(default_factory=dict)
    describe: Describe = nothing_more


class DatasetExporter:
    """Writes one target; see `Exporter`."""

    chooses = True
    suffix = ""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.name = target.name
        self.description = target.trainer
        names = [table.name for table in target.tables]
        self.pairs = any(name.startswith(PAIRS) for name in names)
        self.spans = tuple(span for span in Span if any(name.endswith(f"-{span.value}") for name in names))
        self.needs = EXTRA if any(table.parquet_only for table in target.tables) else ""

    @property
    def problem(self) -> str:
        """Why it cannot be written here; empty where it can."""
        missing = bool(self.needs) and not can_write_parquet()
        return f"{self.name} {what_parquet_needs()}" if missing else ""

    def export(self, record: Record, out: Path, settings: ExportSettings) -> ExportSummary:
        """Write the data set.

        Raises:
            UserError: The target is read as Parquet only, and this installation cannot write it.
        """
        if self.problem:
            raise UserError(self.problem)
        excluded, cleaner, origins = Exclusions(), Cleaner(settings.cleaning), Origins()
        with export_folder(out, self.name) as folder:
            with ExitStack() as files:
                shared = _Shared(folder, settings, files, cleaner, origins)
                writers = [_TableWriter(table, shared) for table in self.target.tables]
                for lineage in lineages(record):
                    excluded += _taken(lineage, writers)
            written = [each for writer in writers for each in writer.written() if each.rows]
            for name, text in self.target.describe(written).items():
                folder.text(name, text)
            return folder.publish(
                about=self.target.about,
                tables=[CardTable(writer.table.name, writer.table.about, writer.columns) for writer in writers],
                files=written,
                settings={**self.target.settings, **settings.to_json()},
                excluded=excluded,
                found=cleaner.found,
                origins=origins,
                notes=tuple(_notes(self.target, settings, cleaner.found)),
            )


def _notes(target: Target, settings: ExportSettings, found: Mapping[str, int]) -> Iterator[str]:
    if not can_write_parquet() and not all(table.beside for table in target.tables):
        yield f"Parquet is not written: it {what_parquet_needs()}"
    if found and settings.cleaning is Cleaning.REPORT:
        yield "what was found in the texts stands in the rows as it was; it is masked on request"
    if settings.cleaning is Cleaning.OFF:
        yield "nobody looked for secrets and personal data in the texts"


def _taken(lineage: Lineage, writers: Sequence["_TableWriter"]) -> Exclusions:
    """Write what a lineage gives to all tables; what was left out of it, once for all that left it out alike."""
    excluded = Exclusions()
    for writer in writers:
        own = Exclusions()
        writer.take(lineage, own)
        excluded |= own
    return excluded


@dataclass(frozen=True)
class _Shared:
    """What all tables of one export share; `files` closes what they open."""

    folder: ExportFolder
    settings: ExportSettings
    files: ExitStack
    cleaner: Cleaner
    origins: Origins


class _TableWriter:
    """Writes the rows of one table, each to its part of the data."""

    def __init__(self, table: Table, shared: _Shared) -> None:
        self.table = table
        own = {**table.columns, **({} if table.beside else {**PROVENANCE, **WRITTEN})}
        self.columns: Columns = own
        self._shared = shared
        self._seen = shared.files.enter_context(Seen())
        self._parts = {
            part: _PartWriter(table, own, f"{table.name}-{part}", shared.folder, shared.files)
            for part in shared.settings.splits.names
        }

    def take(self, lineage: Lineage, excluded: Exclusions) -> None:
        """Write what a lineage gives."""
        for example in self.table.examples(lineage, self._shared.settings, excluded):
            reason = self._write(example)
            if reason:
                excluded[f"{self.table.name}: {reason}"] += 1

    def written(self) -> Iterator[CardFile]:
        """The files with their rows."""
        for part, writer in self._parts.items():
            yield CardFile(self.table.name, part, writer.file, writer.rows)

    def _write(self, example: Example) -> str:
        """Write the rows of an example; the reason where there are none."""
        of, settings = example.provenance, self._shared.settings
        parts = of.parts(settings.splits)
        if reason := why_filtered(settings.filters, of) or (PARTED if len(parts) > 1 else ""):
            return reason
        row = self.table.row(example)
        if isinstance(row, str):
            return row
        if self._seen.before(example.content):
            return "the same as an earlier one"
        own = self.table.weight if settings.weighting is Weighting.UNIFORM else None
        weight = _weight(settings.weighting, of) if own is None else own(example)
        copies = _copies(settings, of, weight)
        if isinstance(copies, str):
            return copies
        row, injection = self._shared.cleaner.clean(row, of.injected)
        if any(one in row and row[one] == row[other] for one, other in ANSWERS):
            return "both answers are the same once they are masked"
        known, _ = self._shared.cleaner.clean(of.row())
        about: JsonObject = {**known, "weight": weight, "injection": injection}
        part = self._parts[next(iter(parts))]
        for _ in range(copies):
            part.write(row, about)
        self._shared.origins.add(of, injection, copies)
        return ""


class _PartWriter:
    """Writes the rows of one part of a table.

    As JSON Lines, as a JSON list where the trainer wants one, and as Parquet where that can be written; what is known
    of them goes beside, line by line, where the trainer does not want it among its columns.
    """

    def __init__(self, table: Table, columns: Columns, name: str, folder: ExportFolder, files: ExitStack) -> None:
        self.rows = 0
        self._beside = files.enter_context(folder.rows(f"{name}.provenance.jsonl")) if table.beside else None
        self._lines = None if table.parquet_only else files.enter_context(folder.rows(f"{name}.jsonl"))
        self._list = files.enter_context(folder.listed(f"{name}.json")) if table.listed else None
        parquet = can_write_parquet() and not table.beside
        self._parquet = files.enter_context(folder.parquet(f"{name}.parquet", columns)) if parquet else None
        self.file = f"{name}.parquet" if table.parquet_only else f"{name}.jsonl"

    def write(self, row: JsonObject, about: JsonObject) -> None:
        """Append a row."""
        line = encode_row(row if self._beside is not None else {**row, **about})
        if self._beside is not None:
            self._beside.write(encode_row(about))
        if self._lines is not None:
            self._lines.write(line)
        if self._list is not None:
            self._list.write(line)
        if self._parquet is not None:
            self._parquet.write(line)
        self.rows += 1


def _copies(settings: ExportSettings, of: Provenance, weight: float | None) -> int | str:
    """How often a row is written, or why it is not."""
    by, resampling = settings.weighting, settings.resampling
    if weight is None and (by is not Weighting.UNIFORM or resampling is not None):
        return f"no {'weight' if by is Weighting.UNIFORM else by.value} was measured to weigh it by"
    if weight is None or resampling is None:
        return 1
    return resampling.copies(of.id, weight) or "not drawn in resampling"


def _weight(weighting: Weighting, of: Provenance) -> float | None:
    match weighting:
        case Weighting.UNIFORM:
            return 1.0
        case Weighting.MARGIN:
            return None if of.margin is None else max(0.0, of.margin)
        case Weighting.AGREEMENT:
            return of.agreement
