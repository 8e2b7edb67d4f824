"""A plan that nothing carries out is reviewed like any trajectory: approved, written anew, or rejected."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from records import opened

from hitl_app.bootstrap import Application, build
from hitl_app.domain.decision import ReviewStatus
from hitl_app.domain.library import ImportedRun
from hitl_app.domain.model import PASTE, ModelEndpoint, PastedQuestion
from hitl_app.domain.replan import Replan
from hitl_app.domain.trajectory import PlanStep, Source, Trajectory
from hitl_app.environments.travel.samples import sample_runs
from hitl_app.workflow.deciding import Maker
from hitl_app.workflow.running import TaskEnded
from hitl_app.workflow.workspace import Workspace

ANN = Maker("ann", "it reads well")
PARTS = ("reason", "score")
NEW = (PlanStep("Ask for the budget"), PlanStep("Book", "It is within the budget."))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Application]:
    (run,) = sample_runs(1, 3)
    task = replace(run.task, key="expanded-1", spec={**run.task.spec, "constraints": []}, synthetic=True)
    source = Source("expansion 1", 0, format="expansion", extra={"seeds": ["a"]}, synthetic=True)
    store = opened(tmp_path)
    store.add_runs([ImportedRun(task, Trajectory(task.id, (), (PlanStep("Book"),), source=source))])
    store.close()
    application = build(tmp_path)
    yield application
    application.close()


async def planners(workspace: Workspace, out: Path) -> list[str]:
    """Answers of the planner's set."""
    await workspace.exporting.export("plan-and-act", out)
    file = out / "planner-train.jsonl"
    return [json.loads(line)["output"] for line in file.read_text("utf-8").splitlines()] if file.exists() else []


def test_a_plan_that_a_person_wrote_anew_is_what_a_planner_learns(desk: Application, tmp_path: Path) -> None:
    async def review() -> list[str]:
        workspace = desk.workspace
        (root,) = await workspace.library.root_ids()
        assert await planners(workspace, tmp_path / "before") == [], "nobody has read it yet"
        decided, _ = await workspace.review.replan(root, Replan(0, NEW), ANN)
        assert decided.entry.decision.accepted
        row = await workspace.library.row(root)
        assert (row.status, row.head_id != root) == (ReviewStatus.EDITED, True)
        return await planners(workspace, tmp_path / "after")

    assert asyncio.run(review()) == [
        "## Step 1\nStep: Ask for the budget\n\n## Step 2\nReasoning: It is within the budget.\nStep: Book"
    ]


def test_what_is_approved_and_then_rejected_goes_to_nobody(desk: Application, tmp_path: Path) -> None:
    async def review() -> tuple[list[str], list[str]]:
        workspace = desk.workspace
        (root,) = await workspace.library.root_ids()
        decided, _ = await workspace.review.approve_as_is(root, ANN)
        assert not decided.entry.decision.override, "there is no verdict to override"
        approved = await planners(workspace, tmp_path / "approved")
        await workspace.review.reject(root, ANN)
        return approved, await planners(workspace, tmp_path / "rejected")

    assert asyncio.run(review()) == (["## Step 1\nStep: Book"], [])


class Reader:
    """Implements `domain.ports.Hand`: finds every plan flawless."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def answer(self, question: PastedQuestion) -> str:
        self.asked.append(question.text)
        scores = ("correctness", "followability", "standardization")
        return json.dumps({f"{name}_{part}": 5 if part == "score" else "" for name in scores for part in PARTS})


def test_of_a_plan_alone_a_judge_is_asked_for_the_plan_and_nothing_more(desk: Application) -> None:
    async def judge() -> tuple[list[str], bool | None]:
        workspace, reader = desk.workspace, Reader()
        workspace.hand.lend(reader)
        await workspace.models.save(ModelEndpoint(PASTE, "a chat"))
        (root,) = await workspace.library.root_ids()
        events = [event async for event in workspace.scoring.judge([root])]
        assert not any(event.result.error for event in events if isinstance(event, TaskEnded))
        return reader.asked, (await workspace.scoring.card(root)).plan_passes

    asked, passes = asyncio.run(judge())
    assert (len(asked), passes) == (1, True)
