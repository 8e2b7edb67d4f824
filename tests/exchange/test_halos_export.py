import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from decisions import Decisions, judged, replaced, revise, trajectory

from hitl_app.domain.loss import Count, LossVector
from hitl_app.domain.ports import ExportSummary
from hitl_app.domain.training import ExportSettings, Resampling, Splits
from hitl_app.domain.trajectory import PlanStep, Recorded, Source, Step, Trajectory, action, message
from hitl_app.exchange.dataset import DatasetExporter
from hitl_app.exchange.examples.lineage import Judged
from hitl_app.exchange.exporters.halos import TARGET, reward

Row = dict[str, Any]  # Any: JSON that was read back

PLAN = (PlanStep("Find the booking"), PlanStep("Cancel it"))
LOOKS = tuple(action("look", {"n": n}, expected=Recorded(f"found {n}"), plan_step=0) for n in range(6))
STEPS = (message("Cancel it", "user"), *LOOKS, action("cancel", {"id": "b"}, plan_step=1))


def run(number: int, steps: Sequence[Step] = STEPS) -> Trajectory:
    """A trial of the plan."""
    return replace(trajectory(steps), plan=PLAN, source=Source("a.json", number, f"run-{number}", trial=number))


def repaired(base: Trajectory, at: int = 7) -> Judged:
    return judged(base, revise(base, replaced(base, at, action("cancel", {"id": "a"}, plan_step=1))))


def export(decided: Sequence[Judged], out: Path, settings: ExportSettings | None = None) -> ExportSummary:
    return DatasetExporter(TARGET).export(Decisions(list(decided)), out, settings or ExportSettings())


def listed(file: Path) -> list[Row]:
    rows: list[Row] = json.loads(file.read_text("utf-8"))
    lines = file.with_suffix(".jsonl").read_text("utf-8").splitlines()
    assert rows == [json.loads(line) for line in lines]
    return rows


def test_a_pair_is_one_list_of_feedback_with_text_alone(tmp_path: Path) -> None:
    export([repaired(run(0))], tmp_path)
    (row,) = listed(tmp_path / "pairs-divergence-train.json")
    assert (row["label"], row["type"], row["split"]) == (1, "pairwise_feedback", "train")
    assert {frozenset(item) for item in row["prompt"]} == {frozenset({"role", "content"})}
    (chosen,), (rejected,) = row["output_A"], row["output_B"]
    assert chosen["content"] == '<tool_call>\n{"name": "cancel", "arguments": {"id": "a"}}\n</tool_call>'
    assert rejected["content"] == '<tool_call>\n{"name": "cancel", "arguments": {"id": "b"}}\n</tool_call>'
    assert (row["reward_A"], row["reward_B"]) == (0, -0.5)
    assert row["shared_prefix_turns"] == 7


def test_judgements_of_one_prompt_share_its_id_and_others_do_not(tmp_path: Path) -> None:
    export([repaired(run(0)), repaired(run(1, (message("Other", "user"), *STEPS[1:])))], tmp_path)
    rows = listed(tmp_path / "judgements-divergence-train.json")
    assert [(row["label"], row["reward"]) for row in rows] == [(1, 0), (0, -0.5)] * 2
    assert [row["type"] for row in rows] == ["binary_feedback"] * 4
    first, second, third, fourth = (row["prompt_id"] for row in rows)
    assert first == second != third == fourth
    pairs = listed(tmp_path / "pairs-divergence-train.json")
    assert [row["prompt_id"] for row in pairs] == [first, third]


def test_how_alike_a_plan_is_carried_out_is_measured_over_all_trials_of_it(tmp_path: Path) -> None:
    extra = action("hello", {})
    runs = [run(0), run(1), run(2, (STEPS[0], extra, *STEPS[1:]))]
    export([repaired(runs[0]), *(judged(each, each, unmet=(0, 0)) for each in runs[1:])], tmp_path)
    (row,) = listed(tmp_path / "pairs-divergence-train.json")
    assert row["c_w"] == row["c_l"] == pytest.approx(0.9167, abs=5e-5)
    assert (row["weight"], row["c_tau"]) == (0.5, 1)
    assert {row["weight"] for row in listed(tmp_path / "judgements-divergence-train.json")} == {1}


def test_what_was_not_measured_is_null_and_never_a_weight(tmp_path: Path) -> None:
    unsure = run(0, [replace(step, link_confidence=0.4) if step.is_action else step for step in STEPS])
    export([repaired(unsure)], tmp_path)
    (row,) = listed(tmp_path / "pairs-divergence-train.json")
    assert {row[name] for name in ("c_w", "c_l", "c_tau", "weight")} == {None}
    summary = export([repaired(unsure)], tmp_path, ExportSettings(resampling=Resampling(2)))
    assert summary.files == ()
    assert dict(summary.excluded) == {
        f"{table.name}: no weight was measured to weigh it by": count
        for table, count in zip(TARGET.tables, (1, 2), strict=True)
    }


def test_without_measured_losses_there_is_no_reward_and_no_row(tmp_path: Path) -> None:
    decided = repaired(run(0))
    assert decided.base_inspection is not None
    assert decided.candidate_inspection is not None
    before = replace(decided.base_inspection, losses=LossVector())
    after = replace(decided.candidate_inspection, losses=LossVector())
    summary = export([replace(decided, base_inspection=before, candidate_inspection=after)], tmp_path)
    assert summary.files == ()
    assert reward(None) is reward(LossVector()) is None
    assert reward(LossVector(hard_constraints=Count(1, 3), goal=None, feasibility=Count(1, 9))) == -0.625


def test_only_the_first_part_is_trained_on(tmp_path: Path) -> None:
    settings = ExportSettings(splits=Splits((("learn", 1e-12), ("held_out", 1 - 1e-12))))
    export([repaired(run(0))], tmp_path, settings)
    (row,) = listed(tmp_path / "pairs-divergence-held_out.json")
    assert row["split"] == "test"
