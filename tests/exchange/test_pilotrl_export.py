import json
import runpy
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet
from decisions import TASK, Decisions, by, judged, rejection, trajectory

from hitl_app.domain.decision import DecisionKind, ReviewStatus
from hitl_app.domain.grpo import Norm
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.rewards import RULES, score_detail
from hitl_app.domain.score import Reward, Score, ScoreSource
from hitl_app.domain.training import ExportSettings
from hitl_app.domain.trajectory import EarlierPlan, PlanStep, Recorded, Trajectory, action, message
from hitl_app.exchange.conversation import to_text
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


class Scored(Decisions):
    """A record with scores of a judge."""

    def __init__(self, decided: Sequence[Judged], given: Sequence[Score]) -> None:
        super().__init__(list(decided))
        self._given = given

    def scores(self, trajectory_id: str) -> tuple[Score, ...]:
        return tuple(score for score in self._given if score.trajectory_id == trajectory_id)


def judge(of: Trajectory, reward: Reward, value: int, step: int | None = None) -> Score:
    return Score(of.id, reward, value, ScoreSource.JUDGE, "judge_plan/1 m", step, made_at="2026")


def person(item: Judged, reward: Reward, value: int, sequence: int, step: int | None = None) -> Judged:
    """A person's score of what another decision was about."""
    plain = {"kind": DecisionKind.SCORE, "candidate_id": None, "accepted": None, "head_after": item.base.id}
    return by("ada", item, sequence, **plain, detail=score_detail(reward, value, step))


def export(decided: Sequence[Judged], out: Path, given: Sequence[Score] = (), norm: Norm = Norm.MAX) -> dict[str, int]:
    summary = DatasetExporter(TARGET).export(Scored(decided, given), out, ExportSettings(norm=norm))
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
    assert [row["chat"] for row in found] == [[{"role": "user", "content": row["prompt"]}] for row in found]
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


def test_each_turn_has_its_rewards_by_rule_and_what_no_rule_knows_is_null(tmp_path: Path) -> None:
    """`cancel` is none of the tools; words carry out no plan step, and that says nothing."""
    export([judged(RUN, RUN, unmet=(0, 0))], tmp_path / "good")
    assert [[row[name] for name in REWARDS] for row in rows(tmp_path / "good")] == [
        [1.0, 2.0, 2.0, None, None, None, 3.0],
        [1.0, None, 2.0, None, None, None, None],
        [0.0, 2.0, 2.0, None, None, None, 2.0],
        [1.0, None, 2.0, None, None, None, None],
    ]
    assert {(row["norm"], row["judge"], row["human_override"]) for row in rows(tmp_path / "good")} == {
        ("max", RULES, False)
    }
    export([rejection("tester", RUN, 1)], tmp_path / "bad")
    assert {row["r_e2e"] for row in rows(tmp_path / "bad")} == {0.0}
    assert {str(row["reward_model"]) for row in rows(tmp_path / "bad")} == {"{'style': 'rule', 'ground_truth': None}"}


def test_a_persons_score_counts_before_a_judges_and_that_before_a_rules(tmp_path: Path) -> None:
    item = judged(RUN, RUN, unmet=(0, 0))
    quality = [
        judge(RUN, reward, value)
        for reward, value in ((Reward.CORRECTNESS, 4), (Reward.FOLLOWABILITY, 5), (Reward.STANDARDISATION, 3))
    ]
    given = [judge(RUN, Reward.END_TO_END, 1), judge(RUN, Reward.ADHERENCE, 1, 1), *quality]
    people = [person(item, Reward.END_TO_END, 2, 2), person(item, Reward.FORMAT, 1, 3, step=4)]
    export([item, *people], tmp_path, given)
    first, _, third, _ = rows(tmp_path, stage=2)
    assert [first[name] for name in REWARDS] == [1.0, 1.0, 2.0, 4.0, 5.0, 3.0, 1 + 1 + 4 / 5]
    assert [third[name] for name in REWARDS[:3]] == [1.0, 2.0, 2.0]
    assert (first["judge"], third["human_override"]) == (f"human, judge_plan/1 m, {RULES}", True)
    export([item, *people], tmp_path, given, Norm.RANGE)
    assert rows(tmp_path, stage=2)[0]["r_total"] == 1 + 1 + 3 / 4


def test_the_stages_differ_in_their_total_and_group_alone_and_parquet_has_the_same_rows(tmp_path: Path) -> None:
    export([judged(RUN, RUN, unmet=(0, 0))], tmp_path)
    own = dict.fromkeys(("reward_actor", "r_total", "group", "group_reward", "advantage"))
    for stage in (1, 2, 3):
        found = rows(tmp_path, stage)
        assert {row["reward_actor"] for row in found} == {f"RewardActorAgentStage{stage}"}
        for row, first in zip(found, rows(tmp_path), strict=True):
            assert {**row, **own} == {**first, **own, "extra_info": {**info(first), "stage": stage}}
        assert pyarrow.parquet.read_table(tmp_path / f"stage{stage}-train.parquet").to_pylist() == found


def test_trajectories_for_a_task_are_a_group_and_rows_have_their_advantage(tmp_path: Path) -> None:
    other = replace(RUN, steps=(*STEPS[:-1], message("Finished")))
    third = replace(RUN, steps=(*STEPS[:-1], message("Sorry")))
    decided = [judged(RUN, RUN, unmet=(0, 0)), judged(other, other, unmet=(0, 0)), rejection("tester", third, 1)]
    export(decided, tmp_path)
    found = {row["trajectory"]: (row["group_reward"], row["advantage"]) for row in rows(tmp_path, stage=3)}
    assert [reward for reward, _ in found.values()] == [1.75, 1.75, 0.75]
    assert [round(float(str(advantage)), 3) for _, advantage in found.values()] == [0.577, 0.577, -1.155]
    assert len({row["group"] for row in rows(tmp_path, stage=3)}) == 1


def test_a_row_knows_the_plan_that_was_in_force_and_never_a_later_one(tmp_path: Path) -> None:
    before = (PlanStep("Find the booking"), PlanStep("Ask a colleague"))
    export([judged(*[replace(RUN, earlier=(EarlierPlan(3, before),))] * 2, unmet=(0, 0))], tmp_path)
    plans = [json.loads(str(info(row)["global_plans"]))[0] for row in rows(tmp_path)]
    assert ["Ask a colleague" in plan for plan in plans] == [True, True, False, False]
    for row, plan in zip(rows(tmp_path), plans, strict=True):
        assert to_text([plan]) in str(row["prompt"])
        assert ("Cancel it" in str(row["prompt"])) == ("Cancel it" in plan)


def test_the_reward_functions_go_with_the_rows_and_give_recorded_answers_their_recorded_rewards(
    tmp_path: Path,
) -> None:
    export([judged(RUN, RUN, unmet=(0, 0))], tmp_path)
    functions = runpy.run_path(str(tmp_path / "rewards.py"))
    found = rows(tmp_path)
    answers = [info(row)["agent_action"] for row in found]
    infos = [info(row) for row in found]
    scored = {name: functions[f"{name}_reward"]([], answers, extra_info=infos) for name in ("format", "end_to_end")}
    assert scored == {"format": [1.0, 1.0, 0.0, 1.0], "end_to_end": [2.0] * 4}
    measured = [(row["r_total"], row) for row in found if row["r_total"] is not None]
    for total, row in measured:
        kept = functions["compute_score"](row["reward_actor"], info(row)["agent_action"], None, info(row))
        assert kept == total


def test_a_lineage_that_people_dispute_and_a_run_without_a_plan_make_no_row(tmp_path: Path) -> None:
    kept = judged(RUN, RUN, unmet=(0, 0))
    disputed = [by("ada", kept, 1, status_after=ReviewStatus.APPROVED), rejection("bo", RUN, 2)]
    plain = trajectory(STEPS)
    excluded = export([*disputed, judged(plain, plain, unmet=(0, 0))], tmp_path)
    assert not list(tmp_path.glob("*.jsonl"))
    assert excluded == {NO_PLAN: 1, DISPUTED: 1}
