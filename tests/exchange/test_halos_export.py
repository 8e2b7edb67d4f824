import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from decisions import TASK, Decisions, inspected, judged, replaced, revise, trajectory

from hitl_app.domain.library import ImportedRun
from hitl_app.domain.loss import Count, LossVector
from hitl_app.domain.ports import ExportSummary
from hitl_app.domain.query import parse_query
from hitl_app.domain.training import ExportSettings, Resampling, Splits
from hitl_app.domain.trajectory import PlanStep, Recorded, Source, Step, Trajectory, action, message
from hitl_app.exchange.dataset import DatasetExporter
from hitl_app.exchange.examples.lineage import Judged
from hitl_app.exchange.exporters.halos import TARGET, reward
from hitl_app.store import SqliteStore, open_store
from hitl_app.system.clock import SystemClock
from hitl_app.workflow.exporting import StoredRecord

Row = dict[str, Any]  # Any: JSON that was read back

PLAN = (PlanStep("Find the booking"), PlanStep("Cancel it"))
LOOKS = tuple(action("look", {"n": n}, expected=Recorded(f"found {n}"), plan_step=0) for n in range(6))
STEPS = (message("Cancel it", "user"), *LOOKS, action("cancel", {"id": "b"}, plan_step=1))


def run(number: int, steps: Sequence[Step] = STEPS) -> Trajectory:
    """A trial of the plan."""
    model = "later" if number else "first"
    source = Source("a.json", number, f"run-{number}", model=model, trial=number)
    return replace(trajectory(steps), plan=PLAN, source=source)


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


def test_what_an_executor_did_weighs_as_much_as_it_followed_its_plan(tmp_path: Path) -> None:
    unsure = run(0, [replace(step, link_confidence=0.4) if step.is_action else step for step in STEPS])
    export([repaired(unsure)], tmp_path)
    (row,) = listed(tmp_path / "pairs-divergence-train.json")
    assert row["c_tau"] == row["weight"] == pytest.approx(0.7), (
        "the repaired call is certain, the link to a look is not"
    )
    rows = listed(tmp_path / "judgements-divergence-train.json")
    assert [row["weight"] for row in rows] == pytest.approx([0.7, 0.4])


def test_what_was_not_measured_is_null_and_never_a_weight(tmp_path: Path) -> None:
    planless = replace(run(0), plan=())
    export([repaired(planless)], tmp_path)
    (row,) = listed(tmp_path / "pairs-divergence-train.json")
    assert row["c_tau"] is row["weight"] is None
    summary = export([repaired(planless)], tmp_path, ExportSettings(resampling=Resampling(2)))
    assert summary.files == ()
    assert dict(summary.excluded) == {
        "pairs-divergence: no weight was measured to weigh it by": 1,
        "judgements-divergence: no weight was measured to weigh it by": 2,
    }


ANOTHER = (PLAN[0], PlanStep("Ask why"), PLAN[1])


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    """A plan that is carried out alike but for an action more in front, and one whose executions share one in seven."""
    extra = (STEPS[0], action("hello", {}), *STEPS[1:])
    good = [run(0), run(1), run(2, extra)]
    others = [(*STEPS[:2], *(action("ask", {"why": f"{n}-{each}"}) for n in range(6))) for each in range(2)]
    bad = [replace(run(3 + number, steps), plan=ANOTHER) for number, steps in enumerate(others)]
    once = replace(run(5), plan=ANOTHER[1:])
    with closing(open_store(tmp_path_factory.mktemp("planned") / "desk.db", SystemClock())) as store:
        store.add_runs([ImportedRun(TASK, each) for each in (*bad, *good, once)])
        for each in (*good, *bad):
            store.save_inspection(inspected(each, unmet=int(each in bad)))
        yield store


def export_plans(store: SqliteStore, out: Path, query: str = "", resampling: Resampling | None = None) -> ExportSummary:
    record = StoredRecord(store, terms=parse_query(query))
    return DatasetExporter(TARGET).export(record, out, ExportSettings(resampling=resampling))


def test_of_two_plans_the_one_whose_executions_went_better_is_preferred_with_the_weight_of_the_method(
    planned: SqliteStore, tmp_path: Path
) -> None:
    summary = export_plans(planned, tmp_path)
    (row,) = listed(tmp_path / "planner-pairs-train.json")
    assert (row["c_w"], row["c_l"]) == pytest.approx((0.9167, 0.1429), abs=5e-5)
    assert row["weight"] == pytest.approx(0.8869, abs=5e-5)
    assert (row["reward_A"], row["reward_B"], row["label"]) == (1, 0.5, 1)
    assert row["verified"]
    assert not row["human"]
    assert dict(summary.excluded)["a plan was carried out fewer than twice: how alike was not measured"] == 2


def test_what_both_plans_begin_with_is_asked_and_not_answered(planned: SqliteStore, tmp_path: Path) -> None:
    export_plans(planned, tmp_path)
    (row,) = listed(tmp_path / "planner-pairs-train.json")
    (asked,) = row["prompt"]
    assert asked["content"].endswith("# Task\n\nCancel it\n\n# Plan\n\n## Step 1\nStep: Find the booking")
    assert row["output_A"] == [{"role": "assistant", "content": "## Step 2\nStep: Cancel it"}]
    assert row["output_B"][0]["content"] == "## Step 2\nStep: Ask why\n\n## Step 3\nStep: Cancel it"
    assert row["shared_prefix_turns"] == 1


def test_how_alike_a_plan_is_carried_out_is_measured_over_the_whole_store_whatever_is_exported(
    planned: SqliteStore, tmp_path: Path
) -> None:
    export_plans(planned, tmp_path, query="model:first")
    (row,) = listed(tmp_path / "planner-pairs-train.json")
    assert row["weight"] == pytest.approx(0.8869, abs=5e-5)
    assert export_plans(planned, tmp_path / "none", query="model:none").files == ()


def test_pairs_of_plans_are_repeated_in_proportion_to_their_weights(planned: SqliteStore, tmp_path: Path) -> None:
    export_plans(planned, tmp_path, resampling=Resampling(10))
    assert len(listed(tmp_path / "planner-pairs-train.json")) in (8, 9)


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
