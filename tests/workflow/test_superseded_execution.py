"""An edit that is superseded while it is executed leaves the environment's lane to the newer one."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hitl_app.domain.hunk import Hunk, Operator
from hitl_app.domain.inspection import Observation
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.trajectory import Trajectory
from hitl_app.environments.registry import EnvironmentRegistry
from hitl_app.environments.travel.environment import TravelEnvironment
from hitl_app.environments.travel.samples import sample_runs
from hitl_app.store import open_store
from hitl_app.system.clock import SystemClock
from hitl_app.workflow.refinement import Refinement
from hitl_app.workflow.threads import Threads

RUN = next(iter(sample_runs(1, 7)))


class Held(TravelEnvironment):
    """The travel world; one action waits until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.executed = 0
        self.hold: str = ""
        self.held, self.go_on = threading.Event(), threading.Event()

    def step(self, name: str, arguments: JsonObject) -> Observation:
        self.executed += 1
        if self.hold and self.hold in arguments.values():
            self.held.set()
            assert self.go_on.wait(10)
        return super().step(name, arguments)


class Worlds(EnvironmentRegistry):
    """Knows that world alone."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.world = Held()

    def get(self, name: str) -> Held:
        return self.world


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[Refinement, Held]]:
    threads, worlds = Threads(), Worlds(tmp_path)
    store = threads.in_database(open_store, tmp_path / "desk.db", SystemClock())
    threads.in_database(store.add_runs, [RUN])
    yield Refinement(store, worlds, threads), worlds.world
    threads.close(worlds.world.close, store.close)


def with_argument(trajectory: Trajectory, index: int, value: str) -> tuple[Hunk, ...]:
    """The first argument of an action, set to something else."""
    old = trajectory.steps[index]
    new = replace(old, arguments={**old.arguments, next(iter(old.arguments)): value}, expected=None)
    return (Hunk(Operator.SET_ARGUMENT, index, index + 1, (old,), (new,)),)


def test_it_ends_before_its_next_action(desk: tuple[Refinement, Held]) -> None:
    refinement, world = desk
    base, first = RUN.trajectory, RUN.trajectory.actions[0]

    async def story() -> None:
        await refinement.inspect(base.id)
        before, world.hold = world.executed, "slow"
        slow = asyncio.create_task(refinement.try_candidate(base.id, with_argument(base, first, "slow"), "ann"))
        await asyncio.to_thread(world.held.wait, 10)
        slow.cancel()
        with pytest.raises(asyncio.CancelledError):
            await slow
        quick = asyncio.create_task(refinement.try_candidate(base.id, with_argument(base, first, "quick"), "ann"))
        world.go_on.set()
        candidate = await quick
        assert candidate.trajectory.steps[first].arguments != base.steps[first].arguments
        assert world.executed - before == 1 + len(base.actions), "of the slow one the first action alone was executed"

    asyncio.run(story())
