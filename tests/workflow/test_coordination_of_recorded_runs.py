"""A recorded tau2 run gets a plan and links by hand, and its training data is weighed by how far that was followed."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from review_desk import ANN, ReviewDesk

from hitl_app.domain.codec import get_object
from hitl_app.domain.library import ImportedRun
from hitl_app.domain.task import ToolSpec
from hitl_app.domain.training import ExportSettings
from hitl_app.exchange.dataset import DatasetExporter
from hitl_app.exchange.exporters.halos import TARGET
from hitl_app.exchange.reading import read_path
from hitl_app.refine.grounding import ground
from hitl_app.workflow.exporting import StoredRecord


@pytest.fixture
def run(recordings: Path) -> ImportedRun:
    """A recorded run of an airline's agent, in the environment that executes nothing."""
    (_, _, items), *_ = read_path(recordings / "tau2-bench" / "toolorchestra_airline_gpt-5_subset.json", None)
    found = next(item for item in items if isinstance(item, ImportedRun) and len(item.trajectory.actions) > 3)
    names = {step.tool: sorted(step.arguments) for step in found.trajectory.steps if step.is_action}
    tools = tuple(ToolSpec(name, "", {"type": "object", "required": needs}) for name, needs in names.items())
    task = replace(found.task, environment="recorded", spec={}, tools=tools)
    return ImportedRun(task, replace(found.trajectory, task_id=task.id))


def test_a_recorded_run_is_planned_linked_and_weighed(run: ImportedRun, tmp_path: Path) -> None:
    steps, calls = list(run.trajectory.steps), run.trajectory.actions
    bad = next(index for index in calls if steps[index].arguments and index + 1 in calls)
    steps.insert(bad, replace(steps[bad], arguments={}))
    desk = ReviewDesk(tmp_path, runs=0)
    spoilt = ImportedRun(run.task, replace(run.trajectory, steps=tuple(steps)))
    desk.threads.in_database(desk.store.add_runs, [spoilt])

    replan = ground(spoilt.trajectory)
    planned = desk.wait(desk.refinement.try_candidate(spoilt.trajectory.id, (), "ann", replan=replan))
    approved, _ = desk.wait(desk.review.settle(planned, ANN, override=True))
    measured = get_object(approved.entry.decision.detail, "cope_coordination")
    assert (measured["c_tau"], measured["c_p"], measured["runs"]) == (1, None, 0), "a revision is no execution"

    opened = desk.open()
    carried = [row.step for row in opened.alignment.rows]
    assert all(step is not None and opened.trajectory.steps[step].is_action for step in carried)
    unlinked = [step for step, link in opened.alignment.links.items() if link.plan_step == len(replan.plan) - 1]
    assert bad not in unlinked
    for step in unlinked:
        desk.wait(desk.review.link(opened.trajectory.id, step, None, ANN))
    followed = desk.open().alignment.c_tau
    assert followed == (len(replan.plan) - 1) / len(replan.plan)

    mended, _ = desk.wait(desk.review.revise(opened.trajectory.id, [{"op": "delete", "step": bad}], ANN))
    assert mended.entry.decision.accepted
    out = tmp_path / "halos"
    desk.ask(lambda: DatasetExporter(TARGET).export(StoredRecord(desk.store), out, ExportSettings()))
    rows = [json.loads(line) for line in (out / "judgements-divergence-train.jsonl").read_text("utf-8").splitlines()]
    assert {row["label"]: row["weight"] for row in rows} == {1: followed, 0: followed}, "links go on to a revision"
    desk.close()
