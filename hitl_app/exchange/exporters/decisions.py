"""CSV of all decisions, for people and their spreadsheets: RFC 4180, in UTF-8 with the mark that they look for."""

import csv
import io
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from hitl_app.domain.decision import Decision, LedgerEntry
from hitl_app.domain.jsontypes import Json, JsonObject, canonical
from hitl_app.domain.library import QueueRow
from hitl_app.domain.loss import Component
from hitl_app.domain.ports import ExportSummary, Record
from hitl_app.domain.training import ExportSettings
from hitl_app.exchange.folder import export_folder

FILE = "decisions.csv"

MARK = b"\xef\xbb\xbf"
"""Without it, spreadsheets take UTF-8 for an older encoding."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Beginnings of a text that a spreadsheet may take for a formula, the wide ones where it speaks Chinese or Japanese
(OWASP, "CSV Injection")."""

ROWS_KEPT = 1_000
"""Lineages whose task is not asked for again."""

_WHEN = ("before", "after")
_LOSSES = {f"{component}_{when}": (f"losses_{when}", component) for component in Component for when in _WHEN}
_NOT_TOLD = frozenset({"losses_before", "losses_after", "losses", "findings", "idle_seconds", "blind", "batch", "run"})
"""What of a decision's detail has columns of its own, or is longer than a spreadsheet's cell."""

_CARD = """\
# Decisions, recorded by hitl-app

`decisions.csv` has a line for each decision, in the order of the ledger, those that were undone among them: `undone_by`
is the number of the decision that took it back. Losses are counts, 0 is perfect; an empty cell was not measured.
`seconds` is active time. `detail` is what else is known of the decision, as JSON, without the findings.

The text is RFC 4180 in UTF-8. A text that a spreadsheet would take for a formula begins with an apostrophe. It is for
people: nothing reads it back; another store takes the format `bundle`.
"""


class DecisionsExporter:
    """Writes the ledger as a table."""

    name = "csv"
    description = "Spreadsheets: all decisions, one a line"
    chooses = pairs = False
    spans = ()
    needs = problem = suffix = ""

    def export(self, record: Record, out: Path, settings: ExportSettings) -> ExportSummary:
        """Write the export; see `Exporter`."""
        undone_by, last = _undone(record.entries())
        row_of = lru_cache(ROWS_KEPT)(record.row)
        with export_folder(out, self.name) as folder:
            with folder.rows(FILE) as file:
                for entry in record.entries():
                    if entry.sequence > last:  # another program decided meanwhile
                        break
                    cells = _cells(entry, row_of(entry.decision.root_id), undone_by.get(entry.sequence))
                    if not file.rows:
                        file.put(MARK + encode_line(cells))
                    file.write(encode_line(cells.values()))
            folder.finish(_CARD, {})
            return ExportSummary(self.name, tuple(folder.rows_by_file.items()))


def encode_line(cells: Iterable[Json]) -> bytes:
    """A line of CSV. Numbers stay numbers, null is an empty cell, and no text is taken for a formula."""
    line = io.StringIO(newline="")
    csv.writer(line).writerow([_cell(cell) for cell in cells])
    return line.getvalue().encode("utf-8", "replace")


def _cell(value: Json) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA) else value
    return canonical(value)


def _undone(entries: Iterable[LedgerEntry]) -> tuple[Mapping[int, int], int]:
    """Which decision took back which, by number, and the number of the last one."""
    found: dict[int, int] = {}
    last = 0
    for entry in entries:
        last = entry.sequence
        if entry.decision.undoes is not None:
            found[entry.decision.undoes] = last
    return found, last


def _cells(entry: LedgerEntry, row: QueueRow, undone_by: int | None) -> JsonObject:
    decision = entry.decision
    return {
        "number": entry.sequence,
        "when": decision.made_at,
        "who": decision.annotator,
        "kind": decision.kind,
        "undone_by": undone_by,
        "undoes": decision.undoes,
        "environment": row.environment,
        "domain": row.domain,
        "task": row.task_key,
        "title": row.title,
        "model": row.model,
        "lineage": decision.root_id,
        "base": decision.base_id,
        "candidate": decision.candidate_id,
        "proposal": decision.proposal_id,
        "status_before": decision.status_before,
        "status_after": decision.status_after,
        "accepted": decision.accepted,
        "rule": decision.rule,
        "override": decision.override,
        "lateral": decision.lateral,
        "reason": decision.reason,
        "seconds": decision.seconds,
        "idle_seconds": decision.detail.get("idle_seconds"),
        **{name: _count(decision, when, component) for name, (when, component) in _LOSSES.items()},
        "blind": decision.detail.get("blind", False),
        "batch": decision.detail.get("batch"),
        "run": decision.detail.get("run"),
        "detail": canonical({name: value for name, value in decision.detail.items() if name not in _NOT_TOLD}),
        "hash": entry.hash,
    }


def _count(decision: Decision, when: str, component: Component) -> Json:
    """A component of the losses that a decision knew, as `codec.losses_to_json` wrote them; None where not measured."""
    of_verifying = decision.detail.get("losses") if when == "losses_after" else None
    losses = decision.detail.get(when, of_verifying)
    count = losses.get(component.value) if isinstance(losses, Mapping) else None
    return count.get("count") if isinstance(count, Mapping) else None
