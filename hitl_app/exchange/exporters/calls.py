"""All calls of models, one a line: what was asked, what was answered, what it cost. A replay answers from them."""

from pathlib import Path

from hitl_app.domain.ports import ExportSummary, Record
from hitl_app.domain.run_codec import call_to_json
from hitl_app.domain.training import ExportSettings
from hitl_app.exchange.calls import FILE
from hitl_app.exchange.folder import encode_row, export_folder

_CARD = """\
# Calls of models, recorded by hitl-app

`calls.jsonl` has a line for each call, in the order in which they ended: the run that it belongs to (`run`), the
messages as they were sent, the other parameters, the raw answer, tokens (`measured` says whether the server counted
them), price, seconds, and why it failed where it did. `key` is the hash of the question. With
`hitl-app refine … --answers calls.jsonl` a run is replayed from this file without asking any server.

No key of a server is in here. What was sent is: tasks, trajectories and what their tools answered.
"""


class CallsExporter:
    """Writes the calls of all runs."""

    name = "calls"
    description = "Replays: all calls of models"
    chooses = pairs = False
    spans = ()
    needs = problem = suffix = ""

    def export(self, record: Record, out: Path, settings: ExportSettings) -> ExportSummary:
        """Write the export; see `Exporter`."""
        with export_folder(out, self.name) as folder:
            with folder.rows(FILE) as file:
                for run_id, call in record.calls():
                    file.write(encode_row({"run": run_id, **call_to_json(call)}))
            folder.finish(_CARD, {})
            return ExportSummary(self.name, tuple(folder.rows_by_file.items()))
