"""Links and measures of a plan in a review: what people set counts, can be undone, is hidden from the blind, and stays
on record with an approval."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from review_desk import ANN, BLIND_BOB, BOB, ReviewDesk, run

from hitl_app.domain.codec import get_object
from hitl_app.domain.errors import UserError
from hitl_app.domain.library import ImportedRun
from hitl_app.domain.training import ExportSettings
from hitl_app.domain.trajectory import PlanStep, Source, Trajectory
from hitl_app.exchange.dataset import DatasetExporter
from hitl_app.exchange.exporters.halos import TARGET
from hitl_app.workflow.coordination import Coordinating, Coordination
from hitl_app.workflow.deciding import Maker
from hitl_app.workflow.exporting import StoredRecord

PLAN = (PlanStep("Try the door"), PlanStep("Open a window"))
OTHER = (PlanStep("Wait"), PlanStep("Call for help"))


def recorded(number: int, plan: tuple[PlanStep, ...] = PLAN, leave_out: int | None = None) -> ImportedRun:
    """A trial of one task; nothing of its plan has a word of what was done."""
    found = run(0)
    steps = tuple(step for index, step in enumerate(found.trajectory.steps) if index != leave_out)
    return ImportedRun(
        found.task, Trajectory(found.task.id, steps, plan, source=Source("runs.json", number, f"{number}"))
    )


class Desk(ReviewDesk):
    """Three trials of a plan, of which one leaves out one of three actions, and one of another plan."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, runs=0)
        trials = [recorded(0), recorded(1), recorded(2, leave_out=3), recorded(3, OTHER)]
        self.threads.in_database(self.store.add_runs, trials)
        self.coordination = Coordinating(self.store, self.threads)

    def measure(self, number: int = 0, viewer: str = "") -> Coordination:
        return self.wait(self.coordination.of(self.open(number, viewer).trajectory, viewer))

    def link(self, step: int, plan_step: int | None, maker: Maker = ANN, number: int = 0) -> None:
        self.wait(self.review.link(self.row(number, maker.viewer).head_id, step, plan_step, maker))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = Desk(tmp_path)
    yield opened
    opened.close()


def test_a_plan_is_measured_over_all_recordings_of_it_and_beside_the_other_plans(desk: Desk) -> None:
    found = desk.measure()
    assert found.own.runs == 3
    assert found.alike == pytest.approx((1 + 2 / 3 + 2 / 3) / 3)
    assert found.followed is None, "nothing is linked, and no word is shared"
    assert [(other.plan, other.runs, other.alike) for other in found.others] == [(OTHER, 1, None)]
    assert found.weight_against(found.others[0]) is None
    assert found.weight_against(replace(found.others[0], runs=2, alike=0.5)) == pytest.approx(0.5 + 5 / 36)


def test_links_that_a_person_sets_count_and_one_undo_takes_each_back(desk: Desk) -> None:
    desk.link(1, 0)
    desk.link(2, 1)
    assert desk.measure().followed == desk.open().alignment.c_tau == 1
    desk.link(2, None)
    assert desk.measure().followed == 0.5
    assert desk.row().status == "pending", "a link is no verdict"
    desk.wait(desk.review.undo("ann"))
    assert desk.measure().followed == 1
    desk.wait(desk.review.undo("ann"))
    desk.wait(desk.review.undo("ann"))
    assert desk.measure().followed is None


@pytest.mark.parametrize(
    ("link", "why"),
    [
        (lambda desk: desk.link(9, 0), "there is no step 9"),
        (lambda desk: desk.link(1, 2), "there is no plan step 2: the plan has steps 0 to 1"),
    ],
)
def test_only_what_is_there_can_be_linked(desk: Desk, link: Callable[[Desk], None], why: str) -> None:
    with pytest.raises(UserError, match=why):
        link(desk)
    assert desk.entries() == []


def test_who_reviews_blind_sees_their_own_links_alone(desk: Desk) -> None:
    desk.link(1, 0)
    desk.link(2, 1, BLIND_BOB)
    assert desk.open(viewer="bob").links == {2: 1}
    assert desk.measure(viewer="bob").followed == 0.5
    assert desk.open().links == {1: 0, 2: 1}
    assert desk.measure().followed == 1


def test_an_approval_keeps_the_measures_and_weights_of_that_moment(desk: Desk) -> None:
    desk.link(2, 1, BOB)
    desk.repair(ANN, step=1)
    approved = desk.entries()[-1].decision
    measured = get_object(approved.detail, "cope_coordination")
    assert measured == {
        "c_p": pytest.approx(7 / 9),
        "runs": 3,
        "c_tau": 0.5,  # the link went on to the revision with its step
        "planner_weight": None,
        "executor_weight": 0.5,
    }
    desk.link(1, None, BOB)
    assert desk.measure().followed == 0
    assert get_object(desk.entries()[-2].decision.detail, "cope_coordination") == measured
    desk.wait(desk.review.reject(desk.roots[1], ANN))
    assert "cope_coordination" not in desk.entries(1)[-1].decision.detail


def test_training_data_weighs_by_the_links_as_people_left_them(desk: Desk, tmp_path: Path) -> None:
    desk.link(2, 1)
    desk.link(3, 1)
    desk.repair(ANN, step=1)
    desk.link(1, 0)  # step 2 of the recording
    out = tmp_path / "halos"
    desk.ask(lambda: DatasetExporter(TARGET).export(StoredRecord(desk.store), out, ExportSettings()))
    rows = [json.loads(line) for line in (out / "judgements-divergence-train.jsonl").read_text("utf-8").splitlines()]
    assert {row["label"]: row["weight"] for row in rows} == {1: 1, 0: 0.5}
