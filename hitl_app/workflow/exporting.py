"""Exporting: training data out of the record."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import TypeVar

from hitl_app.domain.chat import RenderedChat
from hitl_app.domain.decision import LedgerEntry
from hitl_app.domain.errors import NotFoundError, UserError
from hitl_app.domain.model import ModelCall
from hitl_app.domain.ports import ChatRenderer, Exporter, ExportSummary, Store
from hitl_app.domain.query import Term, parse_query
from hitl_app.domain.routing import RoutedStage
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.training import ExportSettings, Span
from hitl_app.workflow.export_choices import ExportChoices
from hitl_app.workflow.threads import Threads

T = TypeVar("T")

PREVIEWED = 2_000
"""Decisions, lineages, tasks and calls that a preview reads at most, of each kind."""

PREVIEW_SECONDS = 3.0
"""How long a preview reads at most: so long a decision would wait for it."""

ROW_CHARACTERS = 10_000
"""Characters of a row that a preview shows; the rest is counted."""

KEPT_CHARACTERS = 200_000
"""Characters of a row that a preview keeps, to show it as a trainer sees it."""

CHOICES = "export"
"""The preference that keeps what was chosen."""

LINEAGES_PER_READ = 100
"""Lineages whose entries are in memory at a time."""

TOLD_EVERY = 0.1
"""Seconds between two calls of `progress`."""

Progress = Callable[[int, int], None]
"""Told from the store's thread how many items of a kind were read, and how many there are; 0 where nobody counted."""

ReadRows = Callable[[Path], Iterator[str]]
"""Gives the rows of a file that an exporter wrote, as text, one after another."""


class ExportStoppedError(UserError):
    """An export was stopped; nothing of it is kept."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a record is read: so many items of a kind, for so many seconds, until it is stopped."""

    items: int | None = None
    seconds: float | None = None
    stop: Event | None = None
    progress: Progress | None = None


class StoredRecord:
    """A store as exporters see it (`domain.ports.Record`).

    Attributes:
        cut: A limit kept back some of the record.
    """

    def __init__(self, store: Store, limits: Limits | None = None, terms: Sequence[Term] = ()) -> None:
        self._store = store
        self._limits = limits or Limits()
        self._terms = terms
        self._began = self._told_at = time.monotonic()
        self.cut = False
        self.toolsets = store.toolsets
        self.task = store.task
        self.planned = store.planned
        self.row = store.row
        self.revisions = store.revisions
        self.proposals = store.proposals
        self.draft = store.draft
        self.runs = store.runs
        self.assignments = store.assignments
        self.gold = store.gold
        self.seeds = store.seeds
        self.scores = store.scores

    def tools(self, task: Task) -> tuple[ToolSpec, ...]:
        """The task's own tools, else those that were kept of its environment."""
        return task.tools or self._store.tools(task.environment, task.domain)

    def tasks(self) -> Iterator[Task]:
        """Tasks, as far as the limits go."""
        return self._limited(self._store.tasks())

    def root_ids(self) -> Iterator[str]:
        """Lineages that were asked for, as far as the limits go."""
        return self._limited(self._store.root_ids(self._terms), self._counted())

    def histories(self) -> Iterator[tuple[str, Sequence[LedgerEntry]]]:
        """The same with the entries of each, which are read for many lineages at a time."""
        return self._limited(self._histories(), self._counted())

    def calls(self, run_id: str | None = None) -> Iterator[tuple[str, ModelCall]]:
        """Calls of models, as far as the limits go."""
        return self._limited(self._store.calls(run_id))

    def stages(self, run_id: str | None = None) -> Iterator[tuple[str, RoutedStage]]:
        """Stages of cascades, as far as the limits go."""
        return self._limited(self._store.stages(run_id))

    def entries(self, root_id: str | None = None) -> Iterator[LedgerEntry]:
        """Entries of the ledger as far as the limits go; those of one lineage wholly, for they are judged together."""
        found = self._store.entries(root_id)
        return found if root_id is not None else self._limited(found)

    def _histories(self) -> Iterator[tuple[str, Sequence[LedgerEntry]]]:
        rest = self._store.root_ids(self._terms)
        while page := list(islice(rest, LINEAGES_PER_READ)):
            entries = self._store.entries_of(page)
            yield from ((root_id, entries.get(root_id, ())) for root_id in page)

    def _counted(self) -> int:
        """How many lineages were asked for, where somebody is told."""
        return sum(self._store.statuses(self._terms).values()) if self._limits.progress is not None else 0

    def _limited(self, items: Iterable[T], total: int = 0) -> Iterator[T]:
        limits = self._limits
        for number, item in enumerate(items):
            if limits.stop is not None and limits.stop.is_set():
                raise ExportStoppedError("the export was stopped, and nothing of it was kept")
            now = time.monotonic()
            late = limits.seconds is not None and now - self._began > limits.seconds
            if late or number == limits.items:
                self.cut = True
                return
            if limits.progress is not None and now - self._told_at > TOLD_EVERY:
                self._told_at = now
                limits.progress(number, total)
            yield item


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A format that can be written.

    Attributes:
        description: Who or what reads it.
        chooses: The settings choose what it holds; else it holds everything.
        pairs: They choose among kinds of pairs.
        spans: Those among which they choose.
        needs: The optional part of this product that writes it, such as `parquet`; empty where none is needed.
        problem: Why it cannot be written here; empty where it can.
        suffix: Ending of a name under which it is one file; empty where it is always a folder.
    """

    name: str
    description: str
    chooses: bool
    pairs: bool
    spans: tuple[Span, ...]
    needs: str
    problem: str
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it will be written.

    Attributes:
        kept: It, or the beginning of a very long one.
        cut: How many characters were not kept.
    """

    kept: str
    cut: int = 0

    @property
    def text(self) -> str:
        """As much of it as is shown."""
        return self.kept[:ROW_CHARACTERS]

    @property
    def more(self) -> int:
        """How many characters at its end are not shown."""
        return len(self.kept) + self.cut - len(self.text)


@dataclass(frozen=True)
class ExportPreview:
    """What an export would write.

    Attributes:
        rows: The first rows of each file, by its name; those of Parquet as JSON.
        whole: The whole record was read; else the counts are "at least".
    """

    summary: ExportSummary
    rows: Mapping[str, tuple[Row, ...]]
    whole: bool


class Exporting:
    """Use cases around exports."""

    def __init__(
        self,
        store: Store,
        exporters: Sequence[Exporter],
        threads: Threads,
        *,
        read_rows: ReadRows,
        renderer: ChatRenderer,
        place: Path,
    ) -> None:
        """Wire the use cases; `place` is where the store is, as it is named on a command line."""
        self._store = store
        self._exporters = {exporter.name: exporter for exporter in exporters}
        self._threads = threads
        self._read_rows = read_rows
        self._renderer = renderer
        self._place = place

    @property
    def formats(self) -> tuple[str, ...]:
        """Names of the formats."""
        return tuple(self._exporters)

    def described(self) -> tuple[ExportFormat, ...]:
        """The formats, with who reads them and what they need."""
        return tuple(
            ExportFormat(
                name, each.description, each.chooses, each.pairs, each.spans, each.needs, each.problem, each.suffix
            )
            for name, each in self._exporters.items()
        )

    async def remembered(self) -> ExportChoices:
        """What was chosen the last time; as usual where that cannot be read any more."""
        kept = await self._threads.database(self._store.preference, CHOICES)
        try:
            return ExportChoices.from_json(kept) if kept is not None else ExportChoices()
        except ValueError:
            return ExportChoices()

    async def remember(self, choices: ExportChoices) -> None:
        """Keep what was chosen for the next time."""
        await self._threads.database(self._store.set_preference, CHOICES, choices.to_json())

    def command_line(self, choices: ExportChoices) -> str:
        """What exports the same in a shell."""
        return choices.command_line(self._place)

    async def export(
        self,
        format_name: str,
        out: Path,
        progress: Progress | None = None,
        stop: Event | None = None,
        settings: ExportSettings | None = None,
    ) -> ExportSummary:
        """Write everything that was decided in one format.

        Args:
            format_name: One of `formats`.
            out: The folder, made where it is missing; a file where its name has the format's `suffix`.
            progress: Told how far the record has been read.
            stop: Once it is set, the export ends, and nothing is left of it.
            settings: How training data are made; None means as usual.

        Raises:
            NotFoundError: There is no such format. ExportStoppedError: It was stopped. QueryError: The settings' query
                cannot be read. UserError: The format has no settings.
        """
        exporter, settings = self._exporter(format_name, settings), settings or ExportSettings()
        terms = parse_query(settings.filters.query)
        record = StoredRecord(self._store, Limits(stop=stop, progress=progress), terms)
        return await self._threads.database(exporter.export, record, out, settings)

    async def preview(self, format_name: str, rows: int, settings: ExportSettings | None = None) -> ExportPreview:
        """What an export would write now; an export of a large record is only begun, and cancelling ends it.

        Args:
            format_name: One of `formats`.
            rows: How many rows of each file are shown.
            settings: How training data are made; None means as usual.

        Raises:
            NotFoundError, QueryError, UserError: As for `export`.
        """
        exporter, stop = self._exporter(format_name, settings), Event()
        limits = Limits(PREVIEWED, PREVIEW_SECONDS, stop)
        try:
            return await self._threads.database(self._preview, exporter, rows, settings or ExportSettings(), limits)
        finally:
            stop.set()

    async def render(self, rows: Sequence[Row], template: Path | None = None) -> list[tuple[RenderedChat, ...]]:
        """Rows of a preview as a trainer sees them: their chats through a chat template; none where a row has no chat.

        Args:
            rows: Some rows; one that was cut is told to be too long.
            template: A `tokenizer_config.json` or `chat_template.jinja`; None takes a template like ChatML.

        Raises:
            UserError: The template cannot be read, or did not finish in its time and memory.
        """
        whole = [row.kept for row in rows if not row.cut]
        rendered = iter(await self._threads.background(self._renderer.render, whole, template) if whole else ())
        return [(_too_long(row),) if row.cut else next(rendered) for row in rows]

    def _preview(self, exporter: Exporter, rows: int, settings: ExportSettings, limits: Limits) -> ExportPreview:
        record = StoredRecord(self._store, limits, parse_query(settings.filters.query))
        with TemporaryDirectory(prefix="hitl-app-") as folder:
            out = Path(folder) / "export"
            summary = exporter.export(record, out, settings)
            first = {name: tuple(map(_row, islice(self._read_rows(out / name), rows))) for name, _ in summary.files}
        return ExportPreview(summary, first, whole=not record.cut)

    def _exporter(self, format_name: str, settings: ExportSettings | None) -> Exporter:
        exporter = self._exporters.get(format_name)
        if exporter is None:
            raise NotFoundError(f'there is no format "{format_name}"; there are {", ".join(self._exporters)}')
        if settings is not None and settings != ExportSettings() and not exporter.chooses:
            raise UserError(f"{format_name} always holds everything: it cannot be filtered, split, weighed or masked")
        return exporter


def _too_long(row: Row) -> RenderedChat:
    return RenderedChat("", problem=f"the row is too long to be shown: {len(row.kept) + row.cut} characters")


def _row(text: str) -> Row:
    return Row(text[:KEPT_CHARACTERS], max(0, len(text) - KEPT_CHARACTERS))
