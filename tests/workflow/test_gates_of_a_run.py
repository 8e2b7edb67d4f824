"""Gates of a run: asked in the face's own loop, and every passage on record with what it changed."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from hitl_app.domain.hunk import Hunk, Operator
from hitl_app.domain.inspection import (
    ExecutedStep,
    Execution,
    Gradient,
    GradientSource,
    Inspection,
    Observation,
    StepStatus,
)
from hitl_app.domain.loss import Component, Count, LossVector
from hitl_app.domain.model import Usage
from hitl_app.domain.ports import Approval, Guidance, Judgement
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.routing import Comparator, Route, RouteAction, RoutedStage
from hitl_app.domain.run import GateName, Passage, Run, RunSettings, RunStatus
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import Trajectory, action
from hitl_app.refine.gates import AutomaticGate
from hitl_app.store import SqliteStore, open_store
from hitl_app.system.clock import SystemClock
from hitl_app.workflow.gates import FaceGate, RecordedGate
from hitl_app.workflow.threads import Threads

RUN = "f" * 32
TASK = Task("lamp", "1", "Leave the lamp on")
BASE = Trajectory(TASK.id, (action("press", {"n": 1}), action("press", {"n": 2})))
FOUND = Gradient(GradientSource.ENVIRONMENT, Component.GOAL, "it is off", step_index=1)
OWN = Gradient(GradientSource.HUMAN, Component.GOAL, "two presses are one too many", step_index=1)
DELETED = Hunk(Operator.DELETE, 1, 2, (BASE.steps[1],), ())
PROPOSAL = Proposal(BASE.id, (DELETED, Hunk(Operator.INSERT, 2, 2, (), (action("look", {}),))), "model/1")


def inspected(trajectory: Trajectory, unmet: int) -> Inspection:
    steps = tuple(ExecutedStep(StepStatus.OK, Observation("pressed"), replayed=True) for _ in trajectory.steps)
    losses = LossVector(goal=Count(unmet, 1))
    return Inspection(Execution(trajectory.id, "lamp", "1", steps), losses, (), (FOUND,), 1)


JUDGEMENT = Judgement(
    PROPOSAL, (DELETED,), BASE, inspected(BASE, 1), BASE, inspected(BASE, 1), False, "not better", "goal 1 = 1"
)


STAGE = RoutedStage(BASE.id, 1, 1, "small", "goal", (), 0.75, Comparator.EXCEEDS, accepted=True)


class Ann(AutomaticGate):
    """A person who changes something at every gate, in the thread where she lives."""

    def __init__(self) -> None:
        self.threads: set[str] = set()

    @property
    def who(self) -> str:
        return "ann"

    async def guide(self, base: Trajectory, inspection: Inspection, locked: int) -> Guidance:
        self.threads.add(threading.current_thread().name)
        await asyncio.sleep(0)
        return Guidance(replace(inspection, gradients=(OWN,), earliest_cause=0), locked + 1)

    async def review(self, base: Trajectory, inspection: Inspection, proposal: Proposal) -> tuple[Hunk, ...]:
        return (proposal.hunks[0],)

    async def approve(self, judgement: Judgement) -> Approval:
        return Approval(taken=True, override=True, reason="the rule is wrong here")

    async def verify(self, trajectory: Trajectory, inspection: Inspection) -> tuple[Gradient, ...]:
        return (OWN,)

    async def route(self, task: Task, stage: RoutedStage) -> Route:
        return Route(RouteAction.ESCALATE, "press twice", "too sure")


@dataclass(frozen=True)
class Desk:
    """The lanes and a store with one run."""

    threads: Threads
    store: SqliteStore

    def pass_all(self, gate: AutomaticGate, passed: frozenset[tuple[GateName, str, int]] = frozenset()) -> None:
        """Pass all gates in the loop's own thread, the gate itself living in this one."""

        async def run() -> None:
            recorded = RecordedGate(
                FaceGate(gate, asyncio.get_running_loop()),
                store=self.store,
                threads=self.threads,
                clock=SystemClock(),
                run_id=RUN,
                spent=lambda: Usage(1, 20, 3),
                passed=passed,
            )
            await self.threads.run(passages(recorded))

        async def passages(recorded: RecordedGate) -> None:
            found = inspected(BASE, 1)
            assert await recorded.choose(TASK, [(BASE, found), (BASE, inspected(BASE, 0))]) == 1
            recorded.iteration = 2
            await recorded.guide(BASE, found, 0)
            await recorded.review(BASE, found, PROPOSAL)
            await recorded.approve(JUDGEMENT)
            await recorded.verify(BASE, found)
            await recorded.route(TASK, STAGE)

        asyncio.run(run())

    def passages(self) -> list[Passage]:
        return self.threads.in_database(lambda: [passage for _, passage in self.store.passages(RUN)])


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    threads = Threads()
    store = threads.in_database(open_store, tmp_path / "desk.db", SystemClock())
    started = Run(RUN, RunSettings("refine", (BASE.id,)), RunStatus.RUNNING, SystemClock().now())
    threads.in_database(store.add_run, started)
    yield Desk(threads, store)
    threads.close(close_store=store.close)


def test_every_passage_is_on_record_with_who_changed_what(desk: Desk) -> None:
    ann = Ann()
    desk.pass_all(ann)
    assert ann.threads == {threading.current_thread().name}, "she is asked where she lives"
    plan, inspect, evolve, accept, verify, route = passages = desk.passages()
    assert [passage.gate for passage in passages] == list(GateName)
    assert [passage.iteration for passage in passages] == [0, 2, 2, 2, 2, 2]
    assert {(passage.who, passage.trajectory_id, passage.usage) for passage in passages} == {
        ("ann", BASE.id, Usage(1, 20, 3))
    }
    assert all(0 <= passage.seconds < 5 and passage.passed_at for passage in passages)
    assert plan.changed == {"candidate": 1, "of": 2}
    assert (inspect.changed["blame"], inspect.changed["locked"]) == ([1, 0], [0, 1])
    assert inspect.changed["dismissed"] == [FOUND.id]
    assert len(inspect.changed["added"] or ()) == 1  # type: ignore[arg-type]  # a list of gradients
    assert evolve.changed == {"kept": [0], "of": 2, "own": 0}
    assert accept.changed == {"taken": True, "override": True, "reason": "the rule is wrong here"}
    assert list(verify.changed) == ["missed"]
    said = {"action": "escalate", "guideline": "press twice", "reason": "too sure"}
    assert route.changed == {"stage": 1, "step": 1, "attempt": 0, **said}


def test_rules_that_only_let_through_change_nothing(desk: Desk) -> None:
    desk.pass_all(AutomaticGate())
    _, *others = desk.passages()
    assert [passage.changed for passage in others] == [{}, {}, {}, {}, {}]


def test_what_was_passed_before_a_run_was_interrupted_is_not_recorded_again(desk: Desk) -> None:
    desk.pass_all(AutomaticGate(), frozenset({(GateName.INSPECT, BASE.id, 2), (GateName.VERIFY, BASE.id, 1)}))
    assert [passage.gate for passage in desk.passages()] == [
        GateName.PLAN,
        GateName.EVOLVE,
        GateName.ACCEPT,
        GateName.VERIFY,
        GateName.ROUTE,
    ]


def test_cancelling_a_run_takes_the_question_back_from_whom_it_was_asked(desk: Desk) -> None:
    class Pondering(AutomaticGate):
        async def guide(self, base: Trajectory, inspection: Inspection, locked: int) -> Guidance:
            asked.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                taken_back.set()
                raise
            raise AssertionError("it waits for ever")

    async def story() -> None:
        face = FaceGate(Pondering(), asyncio.get_running_loop())
        task = asyncio.create_task(desk.threads.run(face.guide(BASE, inspected(BASE, 1), 0)))
        await asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with asyncio.timeout(1):
            await taken_back.wait()

    asked, taken_back = asyncio.Event(), asyncio.Event()
    asyncio.run(story())
    assert desk.passages() == []
