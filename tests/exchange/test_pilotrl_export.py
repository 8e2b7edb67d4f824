import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet
from decisions import TASK, Decisions, by, judged, rejection, trajectory

from hitl_app.domain.decision import ReviewStatus
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.training import ExportSettings
from hitl_app.domain.trajectory import PlanStep, Recorded, action, message
from hitl_app.exchange.dataset import DatasetExporter
from hitl_app.exchange.examples.lineage import DISPUTED, Judged
from hitl_app.exchange.examples.planned import NO_PLAN
from hitl_app.exchange.exporters.pilotrl import TARGET

STEPS = (
    message("Cancel my booking", "user"),
    action("look", {"id": "a"}, thought="Let me see", expected=Recorded("found a"), plan_step=0),
    message("Is it a?"),
    message("Yes", "user"),
    action("cancel", {"id": "a"}, expected=Recorded("cancelled"), plan_step=1),
    message("Done"),
)
RUN = replace(trajectory(STEPS), plan=(PlanStep("Find the booking"), PlanStep("Cancel it")))
REWARDS = ("r_format", "r_adherence", "r_e2e", "q_corr", "q_foll", "q_std", "r_total")


def export(decided: Sequence[Judged], out: Path) -> dict[str, int]:
    summary = DatasetExporter(TARGET).export(Decisions(list(decided)), out, ExportSettings())
    return dict(summary.excluded)


def rows(out: Path, stage: int = 1) -> list[JsonObject]:
    return [json.loads(line) for line in (out / f"stage{stage}-train.jsonl").read_text("utf-8").splitlines()]


def info(row: JsonObject) -> dict[str, object]:
    value = row["extra_info"]
    assert isinstance(value, dict)
    return value


def test_each_turn_of_the_agent_is_a_row_with_what_it_knew_then(tmp_path: Path) -> None:
    export([judged(RUN, RUN, unmet=(0, 0))], tmp_path)
    found = rows(tmp_path)
    assert [info(row)["execution_step_index"] for row in found] == [0, 1, 2, 3]
    assert len({info(row)["index"] for row in found}) == 4
    assert [info(row)["agent_action"] for row in found[:2]] == [
        'Thought: Let me see\nAction: {"name": "look", "arguments": {"id": "a"}}',
        "Action: Is it a?",
    ]
    third = info(found[2])
    assert (third["instruction"], third["observation"]) == ("Cancel my booking", "Yes")
    assert json.loads(str(third["global_plans"])) == ["Step 1: Find the booking\nStep 2: Cancel it"]
    assert str(third["conversations"]).splitlines()[2:] == ["Human: found a", "GPT: Action: Is it a?", "Human: Yes"]
    prompt = str(found[2]["prompt"])
    assert all(str(third[name]) in prompt for name in ("instruction", "global_plans", "conversations"))
    assert "cancelled" not in prompt
    assert found[2]["reward_model"] == {"style": "rule", "ground_truth": "Done"}
    assert found[2]["data_source"] == TASK.environment


def test_rewards_that_nobody_judged_are_null_and_a_failure_is_measured(tmp_path: Path) -> None:
    export([judged(RUN, RUN, unmet=(0, 0))], tmp_path / "good")
    assert {row[name] for row in rows(tmp_path / "good") for name in (*REWARDS, "norm", "judge")} == {None}
    export([rejection("tester", RUN, 1)], tmp_path / "bad")
    for row in rows(tmp_path / "bad"):
        assert [row[name] for name in REWARDS] == [None, None, 0.0, None, None, None, None]
        assert (row["judge"], row["reward_model"]) == ("environment", {"style": "rule", "ground_truth": None})


def test_the_stages_differ_in_their_reward_alone_and_parquet_has_the_same_rows(tmp_path: Path) -> None:
    export([judged(RUN, RUN, unmet=(0, 0))], tmp_path)
    for stage in (1, 2, 3):
        found = rows(tmp_path, stage)
        assert {row["reward_actor"] for row in found} == {f"RewardActorAgentStage{stage}"}
        assert [{**row, "reward_actor": ""} for row in found] == [{**row, "reward_actor": ""} for row in rows(tmp_path)]
        assert pyarrow.parquet.read_table(tmp_path / f"stage{stage}-train.parquet").to_pylist() == found


def test_a_lineage_that_people_dispute_and_a_run_without_a_plan_make_no_row(tmp_path: Path) -> None:
    kept = judged(RUN, RUN, unmet=(0, 0))
    disputed = [by("ada", kept, 1, status_after=ReviewStatus.APPROVED), rejection("bo", RUN, 2)]
    plain = trajectory(STEPS)
    excluded = export([*disputed, judged(plain, plain, unmet=(0, 0))], tmp_path)
    assert not list(tmp_path.glob("*.jsonl"))
    assert excluded == {NO_PLAN: 1, DISPUTED: 1}
