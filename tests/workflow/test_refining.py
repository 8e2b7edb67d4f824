"""The loop over recorded trajectories with the offline repairer: what ends up on record, by rules and by a person."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import pytest
from records import opened

from hitl_app.bootstrap import Application, build
from hitl_app.domain.codec import get_object, losses_from_json
from hitl_app.domain.decision import DecisionKind, LedgerEntry
from hitl_app.domain.errors import UserError
from hitl_app.domain.inspection import Gradient, GradientSource, Inspection
from hitl_app.domain.loss import Component
from hitl_app.domain.ports import Approval, Guidance, Judgement
from hitl_app.domain.run import Budget, Run, RunStatus, TaskStatus
from hitl_app.domain.trajectory import Trajectory
from hitl_app.refine.gates import AutomaticGate
from hitl_app.workflow.running import TaskBegan

SAMPLES = 4
MISSED = Gradient(GradientSource.HUMAN, Component.HARD_CONSTRAINTS, "the hotel must have a sauna")


class Ann(AutomaticGate):
    """A person who always misses a sauna, and who may walk away when she is asked for guidance."""

    def __init__(self, *, leaves: bool = False, refuses: bool = False) -> None:
        self._leaves = leaves
        self._refuses = refuses
        self.asked = asyncio.Event()

    @property
    def who(self) -> str:
        return "ann"

    async def verify(self, trajectory: Trajectory, inspection: Inspection) -> tuple[Gradient, ...]:
        return (MISSED,)

    async def guide(self, base: Trajectory, inspection: Inspection, locked: int) -> Guidance:
        assert MISSED in inspection.gradients
        if self._leaves:
            self.asked.set()
            await asyncio.Event().wait()
        return Guidance(inspection, locked)

    async def approve(self, judgement: Judgement) -> Approval:
        return Approval(taken=judgement.accepted and not self._refuses, reason="no sauna")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    application = build(folder)
    asyncio.run(application.workspace.samples.add(SAMPLES))
    application.close()
    return folder


@pytest.fixture
def desk(made: Path, tmp_path: Path) -> Iterator[Application]:
    shutil.copytree(made, tmp_path / "desk")
    application = build(tmp_path / "desk")
    yield application
    application.close()


def refined(desk: Application, ids: list[str], gate: AutomaticGate | None = None, iterations: int = 1) -> Run:
    async def follow() -> Run:
        refining = desk.workspace.refining
        async for _ in refining.refine(ids, budget=Budget(iterations), gate=gate):
            pass
        return (await desk.workspace.running.runs())[0]

    return asyncio.run(follow())


def decided(desk: Application) -> list[LedgerEntry]:
    return asyncio.run(desk.workspace.review.entries())


def test_no_loss_rises_along_what_was_accepted_and_the_ledger_is_sound(desk: Application, tmp_path: Path) -> None:
    roots = asyncio.run(desk.workspace.library.root_ids())
    run = refined(desk, list(roots), iterations=2)
    assert [result.start_id for result in run.results] == list(roots)
    assert TaskStatus.VERIFIED in {result.status for result in run.results}
    accepted = [entry.decision for entry in decided(desk) if entry.decision.accepted]
    assert accepted
    for decision in accepted:
        before, after = (
            losses_from_json(get_object(decision.detail, f"losses_{when}")) for when in ("before", "after")
        )
        assert after.compare(before) < 0
        assert decision.detail["run"] == run.id
    store = opened(tmp_path / "desk")
    for result in run.results:
        assert result.before is not None
        assert result.after is not None
        assert result.after.compare(result.before) <= 0
        found = store.inspection(result.best_id)
        assert found is not None
        assert (found.losses, found.verified is True) == (result.after, result.status is TaskStatus.VERIFIED)
        assert store.row(result.start_id).head_id == result.best_id
        verified = [
            e.decision.base_id for e in store.entries(result.start_id) if e.decision.kind is DecisionKind.VERIFY
        ]
        assert verified == [result.best_id]
    assert store.check_ledger().faults == ()
    store.close()


def test_what_a_person_refuses_is_rejected_on_record_and_changes_nothing(desk: Application) -> None:
    roots = list(asyncio.run(desk.workspace.library.root_ids()))
    run = refined(desk, roots, Ann(refuses=True))
    assert {result.status for result in run.results} == {TaskStatus.UNVERIFIED}
    assert [result.best_id for result in run.results] == roots
    made = [entry.decision for entry in decided(desk)]
    rejected = [decision for decision in made if decision.kind is DecisionKind.REJECT]
    assert rejected
    assert {(decision.reason, decision.accepted, decision.annotator) for decision in rejected} == {
        ("no sauna", False, "ann")
    }
    assert sum(decision.kind is DecisionKind.VERIFY for decision in made) == SAMPLES
    page = asyncio.run(desk.workspace.library.queue())
    assert (page.total, page.pending) == (SAMPLES, SAMPLES)  # a candidate was rejected, no trajectory was


def test_a_person_who_left_goes_on_where_they_were_and_nothing_is_recorded_twice(desk: Application) -> None:
    roots = list(asyncio.run(desk.workspace.library.root_ids()))
    refining, running = desk.workspace.refining, desk.workspace.running

    async def leave(root: str) -> Run:
        ann = Ann(leaves=True)

        async def follow() -> None:
            async with aclosing(refining.refine([root], gate=ann, budget=Budget(1))) as events:
                async for _ in events:
                    pass

        task = asyncio.create_task(follow())
        await ann.asked.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return (await running.runs())[0]

    async def resume(run: Run) -> Run:
        begun = [event async for event in refining.resume(run.id, Ann()) if isinstance(event, TaskBegan)]
        assert len(begun) == 1
        return await running.find(run.id)

    for root in roots[1:3]:
        run = asyncio.run(leave(root))
        assert run.status is RunStatus.CANCELLED
        assert [result.status for result in run.results] == [TaskStatus.CANCELLED]
        run = asyncio.run(resume(run))
        (result,) = run.results
        assert (run.status, result.status) == (RunStatus.ENDED, TaskStatus.UNVERIFIED)
        made = [entry.decision for entry in decided(desk) if entry.decision.detail.get("run") == run.id]
        missed = [decision.base_id for decision in made if decision.kind is DecisionKind.ADD_GRADIENT]
        assert missed == list(dict.fromkeys([root, result.best_id])), "once for each trajectory that was verified"
        assert [d.base_id for d in made if d.kind is DecisionKind.VERIFY] == [result.best_id]
        assert {decision.annotator for decision in made} == {"ann"}
    assert asyncio.run(desk.workspace.review.check_ledger()).faults == ()


def test_a_run_of_a_person_is_not_resumed_without_them(desk: Application) -> None:
    root = asyncio.run(desk.workspace.library.root_ids())[0]
    run = refined(desk, [root], Ann())

    async def resume() -> None:
        async for _ in desk.workspace.refining.resume(run.id):
            pass

    with pytest.raises(UserError, match="resume it at the desk"):
        asyncio.run(resume())
