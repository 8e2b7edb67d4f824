"""The dashboard: how far the work is, how it is decided, and what that did to the losses."""

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from hitl_app.domain.decision import VERDICTS, LedgerEntry, ReviewStatus
from hitl_app.domain.errors import UserError
from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.domain.ports import Store
from hitl_app.domain.query import FieldTerm, Term, parse_query
from hitl_app.workflow.figures import Fact, Figures, Rates, Times, count, fact_of
from hitl_app.workflow.tally import Tally
from hitl_app.workflow.threads import Threads

PAGE = 100
"""Entries that are read at once: the store is free for others between two pages."""


@dataclass(frozen=True)
class DashboardReport:
    """Figures of a part of the work.

    Attributes:
        query, since, annotator: What it was asked for; empty for everything.
        blind: Of other people there are totals alone.
        statuses: Lineages by status, as whoever asks sees them; all there are, whatever the day and the annotator.
        figures: What was counted over the decisions.
    """

    query: str
    since: str
    annotator: str
    blind: bool
    statuses: Mapping[ReviewStatus, int]
    figures: Figures

    @property
    def total(self) -> int:
        """All lineages."""
        return sum(self.statuses.values())

    @property
    def settled(self) -> int:
        """Lineages with a verdict."""
        return sum(self.statuses[status] for status in VERDICTS)


class Dashboard:
    """Use case of the figures."""

    def __init__(self, store: Store, threads: Threads) -> None:
        self._store = store
        self._threads = threads

    async def report(
        self,
        query: str = "",
        since: date | None = None,
        annotator: str = "",
        *,
        viewer: str = "",
        progress: Callable[[int], None] | None = None,
    ) -> DashboardReport:
        """Count over the whole ledger. Takes seconds for 100,000 entries, and can be cancelled between any two pages.

        Args:
            query: Lineages, in the query language; empty for all.
            since: Leaves out what was decided before that day, in UTC.
            annotator: Whose decisions count; empty for everybody's.
            viewer: A blind annotator who asks: others' figures are not told apart.
            progress: Told how many entries were read so far.

        Raises:
            QueryError: The query cannot be understood.
            UserError: A blind annotator asks for the figures of somebody else.
        """
        if viewer and annotator not in ("", viewer):
            raise UserError(f"the figures of {annotator} are hidden as long as you review blind: leave the name out")
        terms = parse_query(query)
        database = self._threads.database
        wanted = await database(lambda: set(self._store.root_ids(terms, viewer))) if terms else None
        entries = await database(self._store.entries)
        first_day = since.isoformat() if since else ""

        def fits(fact: Fact) -> bool:
            asked_for = annotator in ("", fact.annotator) and (wanted is None or fact.root_id in wanted)
            return asked_for and fact.day >= first_day

        read, facts = 0, list[Fact]()
        while page := await database(_read, entries):
            read += len(page)
            facts += (fact for fact in page if fact is not None and fits(fact))
            if progress is not None:
                progress(read)
        assigned = await database(self._assigned, annotator, wanted)
        statuses = await database(self._statuses, terms, viewer)
        figures = await self._threads.background(count, facts, assigned, viewer)
        return DashboardReport(query, first_day, annotator, bool(viewer), statuses, figures)

    def _assigned(self, annotator: str, wanted: set[str] | None) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for each in self._store.assignments(annotator):
            if wanted is None or each.root_id in wanted:
                found[each.annotator].add(each.root_id)
        return {name: frozenset(roots) for name, roots in found.items()}

    def _statuses(self, terms: Sequence[Term], viewer: str) -> dict[ReviewStatus, int]:
        def of(status: ReviewStatus) -> int:
            return self._store.queue([*terms, FieldTerm("status", (status,))], limit=0, viewer=viewer).total

        return {status: of(status) for status in ReviewStatus}


def _read(entries: Iterator[LedgerEntry]) -> list[Fact | None]:
    return [fact_of(entry) for entry in islice(entries, PAGE)]


# -- as text -----------------------------------------------------------------------------------------------------------


def report_json(report: DashboardReport) -> JsonObject:
    """The report for scripts."""
    figures = report.figures
    return {
        "query": report.query,
        "since": report.since or None,
        "annotator": report.annotator or None,
        "blind": report.blind,
        "lineages": report.total,
        "settled": report.settled,
        "statuses": {status.value: number for status, number in report.statuses.items()},
        "decisions": figures.decisions,
        "days": [
            {"day": day.day, "settled": day.settled, "kinds": {kind.value: n for kind, n in sorted(day.kinds.items())}}
            for day in figures.days
        ],
        "hours": [{kind.value: n for kind, n in sorted(hour.items())} for hour in figures.hours],
        "rates": {name: _tally(tally) for name, tally in _rates(figures.rates)},
        "reasons": [{"reason": each.text or None, "count": each.count} for each in figures.reasons],
        "losses": [
            {
                "component": each.component.value,
                "n": each.n,
                "before": each.before,
                "after": each.after,
                "left_out": each.left_out,
            }
            for each in figures.losses
        ],
        "active_seconds": _times(figures.active),
        "idle_seconds": _times(figures.idle),
        "annotators": [
            {
                "annotator": each.name,
                "decisions": each.decisions,
                "lineages": each.lineages,
                "settled": each.settled,
                "assigned": each.assigned,
                "assigned_done": each.assigned_done,
                "active_seconds": _times(each.active),
            }
            for each in figures.annotators
        ],
    }


def _rates(rates: Rates) -> tuple[tuple[str, Tally], ...]:
    return (
        ("accepted", rates.accepted),
        ("proposals_accepted", rates.proposals),
        ("override", rates.override),
        ("undone", rates.undone),
    )


def _tally(tally: Tally) -> JsonObject:
    interval = tally.interval
    return {
        "count": tally.hits,
        "of": tally.of,
        "share": None if interval is None else interval.value,
        "low": None if interval is None else interval.low,
        "high": None if interval is None else interval.high,
    }


def _times(times: Times) -> JsonObject:
    quartiles = times.quartiles
    first, median, third = quartiles if quartiles is not None else (None, None, None)
    return {"n": times.n, "first_quartile": first, "median": median, "third_quartile": third}


def report_csv(report: DashboardReport) -> str:
    """The report as a table of names and values, such as `rates.accepted.count,3`."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("name", "value"))
    writer.writerows(_flat("", report_json(report)))
    return out.getvalue()


def _flat(name: str, value: Json) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        inner = [(str(key), each) for key, each in value.items()]
    elif isinstance(value, list | tuple):
        inner = [(str(number), each) for number, each in enumerate(value)]
    else:
        yield name, _cell(value)
        return
    for key, each in inner:
        yield from _flat(f"{name}.{key}" if name else key, each)


def _cell(value: Json) -> str:
    """A text that a spreadsheet would take for a formula is quoted."""
    text = "" if value is None else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(("=", "+", "-", "@")) else text
