"""What is recorded of a candidate is what a replay from the initial state finds, not what was seen while editing."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from hitl_app.domain.inspection import Execution, Finding, FindingKind, Observation
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.library import ImportedRun
from hitl_app.domain.loss import Component
from hitl_app.domain.ports import Environment, EnvironmentInfo, EnvironmentStatus
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import Source, Trajectory, action
from hitl_app.refine.accept import Rule
from hitl_app.refine.edits import hunks_of_edits
from hitl_app.store import open_store
from hitl_app.system.clock import SystemClock
from hitl_app.workflow.deciding import Maker
from hitl_app.workflow.refinement import Refinement
from hitl_app.workflow.review import Review
from hitl_app.workflow.threads import Threads

TASK = Task("lamp", "1", "Leave the lamp on")


class Lamp:
    """A lamp that the second press turns off again. It does not go back to a snapshot, as a faulty world would not."""

    def __init__(self) -> None:
        self.presses = 0

    @property
    def info(self) -> EnvironmentInfo:
        return EnvironmentInfo("lamp", "1", frozenset({Component.GOAL}))

    def describe_tools(self, task: Task) -> tuple[ToolSpec, ...]:
        return ()

    def reset(self, task: Task) -> None:
        self.presses = 0

    def step(self, name: str, arguments: JsonObject) -> Observation:
        self.presses += 1
        return Observation(f"pressed {name}")

    def snapshot(self) -> str:
        return "now"

    def restore(self, token: str) -> None:
        """Stays as it is."""

    def verdict(self, task: Task, trajectory: Trajectory, execution: Execution) -> tuple[Finding, ...]:
        return (Finding("on", FindingKind.GOAL, met=self.presses == 3),)

    def close(self) -> None:
        """Nothing to free."""


class OnlyLamp:
    """Implements `Environments` with one environment."""

    def __init__(self) -> None:
        self._lamp = Lamp()

    def get(self, name: str) -> Environment:
        return self._lamp

    def statuses(self) -> tuple[EnvironmentStatus, ...]:
        return ()

    def python(self) -> str:
        raise NotImplementedError

    def install(
        self, name: str, report: Callable[[str], None], wanted: Callable[[], bool] = lambda: True
    ) -> EnvironmentStatus:
        raise NotImplementedError

    def release(self, name: str) -> None:
        raise NotImplementedError

    def remove(self, name: str) -> EnvironmentStatus:
        raise NotImplementedError

    def check(self, name: str) -> tuple[str, ...]:
        return ()

    def close(self) -> None:
        self._lamp.close()


def test_a_candidate_that_only_seemed_better_is_refused_when_it_is_approved(tmp_path: Path) -> None:
    threads, clock = Threads(), SystemClock()
    store = threads.in_database(open_store, tmp_path / "desk.db", clock)
    base = Trajectory(TASK.id, (action("press", {"n": 1}), action("press", {"n": 2})), source=Source("lamp", 0))
    threads.in_database(store.add_runs, [ImportedRun(TASK, base)])
    environments = OnlyLamp()
    refinement = Refinement(store, environments, threads)
    review = Review(store, refinement, threads, clock)

    async def approve() -> None:
        await refinement.inspect(base.id)
        hunks = hunks_of_edits(base, [{"op": "set_argument", "step": 1, "name": "n", "value": 3}])
        seen = await refinement.try_candidate(base.id, hunks, "ann")
        assert seen.acceptance.rule is Rule.IMPROVES  # the world did not go back, so the third press seemed to help
        decided, _ = await review.settle(seen, Maker("ann"))
        assert decided.entry.decision.accepted is False
        assert decided.candidate is not None
        assert decided.candidate.inspection.verified is False

    try:
        asyncio.run(approve())
    finally:
        threads.close(environments.close, store.close)
