"""TRL DPO: `prompt`, `chosen`, `rejected` with an explicit prompt, whole and per divergence."""

from pathlib import Path

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.ports import ExportSummary, Record
from hitl_app.domain.standing import origin
from hitl_app.exchange.card import MESSAGES, Table
from hitl_app.exchange.conversation import tools_text
from hitl_app.exchange.examples import (
    Exclusions,
    PairRow,
    PreferencePair,
    divergence_row,
    is_minimal,
    is_synthetic,
    preference_pairs,
    reveals_answer,
    whole_row,
)
from hitl_app.exchange.folder import encode_row, export_folder

WHOLE = "pairs-whole.jsonl"
DIVERGENCE = "pairs-divergence.jsonl"
COLUMNS = {
    "id": "string",
    "kind": "string",
    "prompt": MESSAGES,
    "chosen": MESSAGES,
    "rejected": MESSAGES,
    "tools": "string",
    "task": "string",
    "base": "string",
    "candidate": "string",
    "chosen_is_candidate": "bool",
    "override": "bool",
    "lateral": "bool",
    "carried_over": "int64",
    "minimal": "bool",
    "reveals_answer": "bool",
    "synthetic": "bool",
}

_ABOUT = """\
Preferences between two trajectories for one task, out of decisions. An accepted candidate is preferred to its base
(`override` marks acceptance against the rule, `lateral` of an equal loss); a base is preferred to a rejected candidate
whose losses are worse. `pairs-divergence.jsonl` has what both share as the prompt, and the first differing assistant
message of each as the answers: use it with trainers that take one turn. A pair whose chosen answer was only carried
over after an edit is left out there. `pairs-whole.jsonl` has both to their ends; `carried_over` counts messages in a
row that were kept after an edit because they could not be executed again. `arguments` and `tools` are JSON text.
`minimal` marks pairs that are one hunk apart, `reveals_answer` that whoever decided could see evidence which quotes
the gold answer, `synthetic` a recording or task made by this product."""


class TrlDpoExporter:
    """Writes preference pairs for TRL's DPOTrainer."""

    name = "trl-dpo"

    def export(self, record: Record, out: Path) -> ExportSummary:
        """Write the export; see `Exporter`."""
        excluded = Exclusions()
        with export_folder(out, self.name) as folder:
            with folder.rows(WHOLE) as whole, folder.rows(DIVERGENCE) as divergence:
                for pair in preference_pairs(record, excluded):
                    schemas = tools_text(record.tools(pair.judged.task))
                    if row := whole_row(pair, excluded):
                        whole.write(encode_row(_columns("whole", pair, row, schemas)))
                    if row := divergence_row(pair, excluded):
                        divergence.write(encode_row(_columns("divergence", pair, row, schemas)))
            return folder.publish(
                about=_ABOUT,
                tables=[Table("divergence", DIVERGENCE, COLUMNS), Table("whole", WHOLE, COLUMNS)],
                settings={
                    "prompt": "explicit",
                    "observations": "executed, else recorded",
                    "rejected_candidates": "only where their losses are worse than the base's",
                },
                excluded=excluded,
            )


def _columns(kind: str, pair: PreferencePair, row: PairRow, tools: str | None) -> JsonObject:
    judged = pair.judged
    decision = judged.entry.decision
    return {
        "id": f"{origin(judged.entry).hash[:16]}-{kind}",
        "kind": kind,
        "prompt": row.prompt,
        "chosen": row.chosen,
        "rejected": row.rejected,
        "tools": tools,
        "task": f"{judged.task.environment}/{judged.task.domain}/{judged.task.key}",
        "base": judged.base.id,
        "candidate": decision.candidate_id,
        "chosen_is_candidate": pair.chosen_is_candidate,
        "override": decision.override,
        "lateral": decision.lateral,
        "carried_over": _carried_over(pair, row),
        "minimal": is_minimal(judged),
        "reveals_answer": reveals_answer(judged.base_inspection),
        "synthetic": is_synthetic(judged.task, judged.base),
    }


def _carried_over(pair: PreferencePair, row: PairRow) -> int:
    """Messages of the row, on either side, that could not be executed again."""
    base, candidate = pair.judged.base, pair.judged.candidate
    of_base = base.carried_over
    of_candidate = candidate.carried_over if candidate is not None else frozenset()
    chosen, rejected = (of_candidate, of_base) if pair.chosen_is_candidate else (of_base, of_candidate)
    return len(row.steps[0] & chosen) + len(row.steps[1] & rejected)
