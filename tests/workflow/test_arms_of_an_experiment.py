"""The control arm: what a person adds is read from the record, for tasks that were run in both arms."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from hitl_app.bootstrap import build
from hitl_app.domain.ports import Approval, Judgement
from hitl_app.domain.run import Arm, Budget, Run, RunSettings, RunStatus, TaskResult, TaskStatus
from hitl_app.refine.gates import AutomaticGate
from hitl_app.workflow.arms import pair_arms
from hitl_app.workflow.comparing import MethodSummary, Pair
from hitl_app.workflow.running import RunEvent


class Ann(AutomaticGate):
    """A person who takes nothing."""

    @property
    def who(self) -> str:
        return "ann"

    async def approve(self, judgement: Judgement) -> Approval:
        return Approval(taken=False, reason="not today")


async def _drain(events: AsyncIterator[RunEvent]) -> None:
    async for _ in events:
        pass


def test_tasks_of_both_arms_are_set_side_by_side_with_what_the_person_did(tmp_path: Path) -> None:
    application = build(tmp_path)
    workspace = application.workspace

    async def work() -> tuple[tuple[Pair, ...], tuple[MethodSummary, ...]]:
        await workspace.samples.add(2, 11, 1, "dev")
        ids = await workspace.library.root_ids("")
        for gate in (None, Ann()):
            await _drain(workspace.refining.refine(ids, budget=Budget(1), gate=gate))
        return await workspace.comparing.arms()

    try:
        pairs, summaries = asyncio.run(work())
    finally:
        application.close()
    assert len(pairs) == 2
    assert all(pair.autonomous.result.start_id == pair.human.result.start_id == pair.start_id for pair in pairs)
    assert all(pair.autonomous.changed == 0 for pair in pairs)
    assert sum(pair.human.changed for pair in pairs) == 1
    assert all(pair.human.passages > 0 and pair.human.seconds_at_gates >= 0 for pair in pairs)
    assert [summary.method for summary in summaries] == ["autonomous", "human"]
    alone, together = (
        summary.figures["hard_constraints"].value + summary.figures["goal"].value for summary in summaries
    )
    assert alone < together


def _run(number: int, arm: Arm, iterations: int, status: TaskStatus = TaskStatus.VERIFIED) -> Run:
    settings = RunSettings("refine", ("start",), budget=Budget(iterations), arm=arm)
    result = TaskResult("start", f"run {number}", status, "")
    return Run(f"run-{number}", settings, RunStatus.ENDED, "", results=(result,))


def test_runs_under_other_budgets_are_no_arms_of_one_experiment() -> None:
    assert pair_arms([_run(1, Arm.HUMAN, 2), _run(0, Arm.AUTONOMOUS, 1)], {}) == ()


def test_the_newest_run_of_each_arm_counts_and_a_cancelled_one_does_not() -> None:
    runs = [
        _run(3, Arm.HUMAN, 1, TaskStatus.CANCELLED),
        _run(2, Arm.HUMAN, 1),
        _run(1, Arm.AUTONOMOUS, 1),
        _run(0, Arm.AUTONOMOUS, 1),
    ]
    (pair,) = pair_arms(runs, {})
    assert (pair.autonomous.run_id, pair.human.run_id) == ("run-1", "run-2")
