"""TRL SFT: `messages` and `tools`, one row for the current revision of each lineage."""

from pathlib import Path

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.ports import ExportSummary, Record
from hitl_app.domain.standing import origin
from hitl_app.domain.task import ToolSpec
from hitl_app.exchange.card import MESSAGES, Table
from hitl_app.exchange.conversation import tools_text
from hitl_app.exchange.examples import (
    SUPERSEDED,
    Demonstration,
    Exclusions,
    becomes_head,
    demonstration,
    is_synthetic,
    reveals_answer,
    usable,
)
from hitl_app.exchange.folder import encode_row, export_folder

FILE = "demonstrations.jsonl"
COLUMNS = {
    "id": "string",
    "messages": MESSAGES,
    "tools": "string",
    "task": "string",
    "trajectory": "string",
    "divergence": "int64",
    "carried_over": "int64",
    "override": "bool",
    "reveals_answer": "bool",
    "synthetic": "bool",
}

_ABOUT = """\
Revisions of agent trajectories that a person or a rule accepted and that passed verification, as chats with tool
calls. `arguments` and `tools` are JSON text. `divergence` is the position of the first message that differs from the
trajectory that was revised. After an edit, a chat ends before the first message that was only carried over, because it
answers words of another course of events; `carried_over` counts such messages of the revision. `override` marks
acceptance against the rule, `reveals_answer` that whoever decided could see evidence which quotes the gold answer,
`synthetic` a recording or task made by this product."""


class TrlSftExporter:
    """Writes demonstrations for TRL's SFTTrainer."""

    name = "trl-sft"

    def export(self, record: Record, out: Path) -> ExportSummary:
        """Write the export; see `Exporter`."""
        excluded = Exclusions()
        with export_folder(out, self.name) as folder:
            with folder.spool() as newest:
                for each in usable(record, excluded, becomes_head):
                    item, root = each.judged, each.judged.entry.decision.root_id
                    if item.entry.decision.candidate_id != each.stand.head:
                        excluded[SUPERSEDED] += 1
                        continue
                    if newest.drop(root):
                        excluded[SUPERSEDED] += 1
                    example = demonstration(item)
                    if example is None:
                        excluded["not verified"] += 1
                    else:
                        newest.put(root, encode_row(_row(example, record.tools(item.task))))
                with folder.rows(FILE) as file:
                    for line in newest:
                        file.write(line)
            return folder.publish(
                about=_ABOUT,
                tables=[Table("default", FILE, COLUMNS)],
                settings={"observations": "executed, else recorded", "unverified": "left out"},
                excluded=excluded,
            )


def _row(example: Demonstration, tools: tuple[ToolSpec, ...]) -> JsonObject:
    judged = example.judged
    return {
        "id": f"{origin(judged.entry).hash[:16]}-demonstration",
        "messages": example.messages,
        "tools": tools_text(tools),
        "task": f"{judged.task.environment}/{judged.task.domain}/{judged.task.key}",
        "trajectory": example.trajectory.id,
        "divergence": example.divergence,
        "carried_over": len(example.trajectory.carried_over),
        "override": judged.entry.decision.override,
        "reveals_answer": reveals_answer(judged.base_inspection),
        "synthetic": is_synthetic(judged.task, example.trajectory) or is_synthetic(judged.task, judged.base),
    }
