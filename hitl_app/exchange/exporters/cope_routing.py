"""Cascades of a small and a large model (COPE): a row a call, and a row a stage with its votes."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.domain.model import ModelCall
from hitl_app.domain.ports import ExportSummary, Record
from hitl_app.domain.routing import GOAL, LARGE, RoutedStage
from hitl_app.domain.training import ExportSettings
from hitl_app.exchange.folder import encode_row, export_folder

CALLS, STAGES = "calls.jsonl", "stages.jsonl"

_CARD = """\
# Cascades of a small and a large model, recorded by hitl-app

The method is COPE (arXiv 2506.11578): who plans, who executes, and when the large model is asked. `stages.jsonl` has a
line for each stage of each cascade, in the order in which they ended; `calls.jsonl` one for each call behind it.

`step` is null where the cascade decided a whole task, `threshold` and `consensus` in the third stage, on which nobody
votes. In `calls.jsonl` a call of the part `plan` wrote the goal or the guideline that its `plan` says. A call of the
part `execution` belongs to the sample `sample_idx`, whose `answer` all its calls repeat: equal answers are equal texts.
`tokens` says whether the server counted them or they were estimated; `usd` is null where the price was not known.
`decided_by` is who accepted early, escalated, or wrote the guideline of the next stage; null where the threshold did.

No verdict of an environment and no gold answer is in here; the models never saw one.
"""


class CopeRoutingExporter:
    """Writes the cascades of all runs."""

    name = "cope_routing"
    description = "COPE: calls and stages of cascades"
    chooses = pairs = False
    spans = ()
    needs = problem = suffix = ""

    def export(self, record: Record, out: Path, settings: ExportSettings) -> ExportSummary:
        """Write the export; see `Exporter`."""
        with export_folder(out, self.name) as folder:
            with folder.rows(CALLS) as calls, folder.rows(STAGES) as stages:
                for run_id, group in groupby(record.stages(), key=lambda kept: kept[0]):
                    of_run = [stage for _, stage in group]
                    made = _calls(record, run_id, of_run)
                    for stage in of_run:
                        stages.write(encode_row(_stage_row(run_id, stage)))
                        for row in _call_rows(run_id, stage, made):
                            calls.write(encode_row(row))
            folder.finish(_CARD, {})
            return ExportSummary(self.name, tuple(folder.rows_by_file.items()))


def _calls(record: Record, run_id: str, stages: Sequence[RoutedStage]) -> Mapping[str, list[JsonObject]]:
    """What calls of the stages cost, by key: one that was asked again after a lost answer is several."""
    wanted = {key for stage in stages for key in (*stage.planning_calls, *_keys(stage))}
    found: dict[str, list[JsonObject]] = {}
    for _, call in record.calls(run_id):
        if call.key in wanted:
            found.setdefault(call.key, []).append(_cost(call))
    return found


def _keys(stage: RoutedStage) -> Iterator[str]:
    return (key for sample in stage.samples for key in sample.calls)


def _cost(call: ModelCall) -> JsonObject:
    usage = call.usage
    return {
        "model": call.model,
        "tokens_in": usage.tokens_in,
        "tokens_out": usage.tokens_out,
        "usd": usage.usd,
        "tokens": "measured" if usage.measured else "estimated",
        "error": call.error or None,
        "key": call.key,
    }


def _place(run_id: str, stage: RoutedStage) -> JsonObject:
    return {
        "run": run_id,
        "task_id": stage.task_id,
        "start_id": stage.start_id,
        "attempt": stage.attempt,
        "step": stage.step,
        "stage": stage.stage,
    }


def _stage_row(run_id: str, stage: RoutedStage) -> JsonObject:
    usage = stage.usage
    return {
        **_place(run_id, stage),
        "role": stage.role,
        "plan_type": stage.plan_type,
        "confidence": stage.confidence,
        "consensus": stage.consensus,
        "threshold": stage.threshold,
        "comparator": stage.comparator,
        "accepted": stage.accepted,
        "escalated_by": stage.escalated_by,
        "decided_by": stage.decided_by or None,
        "guideline": stage.guideline or None,
        "answer": stage.winner.answer if stage.winner else None,
        "samples": len(stage.samples),
        "calls": usage.calls,
        "tokens_in": usage.tokens_in,
        "tokens_out": usage.tokens_out,
        "usd": usage.usd,
        "tokens": "measured" if usage.measured else "estimated",
    }


def _call_rows(run_id: str, stage: RoutedStage, made: Mapping[str, list[JsonObject]]) -> Iterator[JsonObject]:
    """First who wrote the goals or the guideline, then each sample; a call that is not on record has no cost."""

    def rows(key: str, part: str, role: str, told: Mapping[str, Json]) -> Iterator[JsonObject]:
        head = {**_place(run_id, stage), "role": role, "part": part, "plan_type": stage.plan_type, **told}
        for cost in made.get(key, ()):
            yield {**head, **cost}

    goals = stage.plan_type == GOAL  # one a sample; a guideline is for all of them
    for key, sample in zip(stage.planning_calls, stage.samples, strict=False):
        told: JsonObject = {"plan": sample.plan, "sample_idx": sample.number if goals else None, "answer": None}
        yield from rows(key, "plan", stage.role if goals else LARGE, told)
    for sample in stage.samples:
        told = {"plan": sample.plan, "sample_idx": sample.number, "answer": sample.answer or None}
        for key in sample.calls:
            yield from rows(key, "execution", stage.role, told)
