"""Our own bundle: everything that a store holds, for another store or another tool (docs/bundle.md)."""

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from hitl_app.domain.codec import inspection_to_json, task_to_json, tool_to_json
from hitl_app.domain.decision import GENESIS, LedgerEntry, entry_hash
from hitl_app.domain.errors import UserError
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.library import Toolset
from hitl_app.domain.method_codec import score_to_json
from hitl_app.domain.ports import ExportSummary, Record, Revision
from hitl_app.domain.record_codec import entry_to_json, proposal_to_json, trajectory_to_json
from hitl_app.domain.task import Task
from hitl_app.domain.team_codec import assignment_to_json, gold_to_json, seed_to_json
from hitl_app.domain.training import ExportSettings
from hitl_app.exchange.bundle_files import (
    ASSIGNMENTS,
    DRAFTS,
    FILES,
    FORMAT,
    GOLD,
    INSPECTIONS,
    LEDGER,
    PROPOSALS,
    SCORES,
    SEEDS,
    SUFFIX,
    TASKS,
    TOOLSETS,
    TRAJECTORIES,
    VERSION,
)
from hitl_app.exchange.folder import ExportFolder, RowFile, encode_row, export_folder
from hitl_app.exchange.one_file import one_file

_CARD = """\
# A bundle of hitl-app

Everything that one store holds: tasks, recorded trajectories with their revisions, inspections, proposals, scores of
judges, unfinished reviews, the ledger of decisions, and what was arranged around them. `hitl-app import FOLDER` adds
it to another store. Every file is JSON Lines; docs/bundle.md of hitl-app describes the fields, and `manifest.json` has
a SHA-256 of each file.

It holds the tasks with what they are judged by, which may be gold answers.
"""


class BundleExporter:
    """Writes a whole record; importing it into an empty store and exporting that gives the same bytes."""

    name = "bundle"
    description = "hitl-app: everything that the store holds"
    chooses = pairs = False
    spans = ()
    needs = problem = ""
    suffix = SUFFIX

    def export(self, record: Record, out: Path, settings: ExportSettings) -> ExportSummary:
        """Write the export, as one file where its name says so; see `Exporter`.

        Raises:
            UserError: The ledger is damaged: a bundle of it could not be imported.
        """
        if out.suffix.lower() == SUFFIX and not out.is_dir():
            with one_file(out, FORMAT) as folder:
                return self._write(record, folder)
        return self._write(record, out)

    def _write(self, record: Record, out: Path) -> ExportSummary:
        with export_folder(out, FORMAT) as folder:
            # The ledger first: what another program adds meanwhile is then more than it refers to, never less.
            ledger = _write_ledger(record, folder)
            with ExitStack() as files:
                rows = {name: files.enter_context(folder.rows(name)) for name in FILES if name != LEDGER}
                _write_library(record, rows)
                _write_team(record, rows)
            folder.finish(_CARD, {"version": VERSION, "ledger": ledger})
            return ExportSummary(self.name, tuple(folder.rows_by_file.items()))


def _write_ledger(record: Record, folder: ExportFolder) -> JsonObject:
    """Write all entries; how many there are, and the hash of the last."""
    entries, head = 0, GENESIS
    with folder.rows(LEDGER) as rows:
        for entry in record.entries():
            _check(entry, entries + 1, head)
            rows.write(encode_row(entry_to_json(entry)))
            entries, head = entry.sequence, entry.hash
    return {"entries": entries, "head": head}


def _check(entry: LedgerEntry, sequence: int, previous_hash: str) -> None:
    sound = entry_hash(entry.sequence, entry.decision.payload(), entry.previous_hash) == entry.hash
    if not sound or (entry.sequence, entry.previous_hash) != (sequence, previous_hash):
        raise UserError(
            f"the ledger is damaged at entry {sequence}, and a bundle of it would be refused by every import: "
            "run `hitl-app ledger check`"
        )


def _write_library(record: Record, rows: dict[str, RowFile]) -> None:
    for task in record.tasks():
        rows[TASKS].write(encode_row(_task(task)))
    for toolset in record.toolsets():
        rows[TOOLSETS].write(encode_row(_toolset(toolset)))
    for root_id in record.root_ids():
        for revision in record.revisions(root_id):
            _write_revision(record, revision, rows)


def _write_revision(record: Record, revision: Revision, rows: dict[str, RowFile]) -> None:
    trajectory = revision.trajectory
    rows[TRAJECTORIES].write(encode_row(trajectory_to_json(trajectory)))
    if revision.inspection is not None:
        rows[INSPECTIONS].write(encode_row(inspection_to_json(revision.inspection)))
    for proposal in reversed(record.proposals(trajectory.id)):
        rows[PROPOSALS].write(encode_row({"id": proposal.id, **proposal_to_json(proposal)}))
    for score in record.scores(trajectory.id):
        rows[SCORES].write(encode_row(score_to_json(score)))
    draft = record.draft(trajectory.id)
    if draft is not None:
        rows[DRAFTS].write(encode_row({"base_id": trajectory.id, "draft": draft}))


def _write_team(record: Record, rows: dict[str, RowFile]) -> None:
    for assignment in record.assignments():
        rows[ASSIGNMENTS].write(encode_row(assignment_to_json(assignment)))
    for item in record.gold():
        rows[GOLD].write(encode_row(gold_to_json(item)))
    for seed in record.seeds():
        rows[SEEDS].write(encode_row(seed_to_json(seed)))


def _task(task: Task) -> JsonObject:
    value = dict(task_to_json(replace(task, place="")))
    del value["place"]  # a path means nothing on another machine
    return {"id": task.id, **value}


def _toolset(toolset: Toolset) -> JsonObject:
    return {
        "environment": toolset.environment,
        "domain": toolset.domain,
        "tools": [tool_to_json(tool) for tool in toolset.tools],
    }
