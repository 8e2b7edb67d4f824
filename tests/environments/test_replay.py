"""Incremental execution: what it finds is what a full replay finds, and it runs again only what it must."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hitl_app.domain.inspection import Execution, Finding, Observation
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.ports import EnvironmentInfo
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import Recorded, Step, Trajectory, action, message
from hitl_app.environments.travel.environment import TravelEnvironment
from hitl_app.environments.travel.samples import sample_runs
from hitl_app.refine.inspect import inspect
from hitl_app.refine.replay import AbandonedError, Replayer

RUN = next(iter(sample_runs(1, 7)))


class Counted:
    """The travel world, with a count of the actions that it executed. It can be told to fail once, as a worker does."""

    def __init__(self) -> None:
        self._world = TravelEnvironment()
        self.executed = 0
        self.resets = 0
        self.fails = False

    @property
    def info(self) -> EnvironmentInfo:
        return self._world.info

    def describe_tools(self, task: Task) -> tuple[ToolSpec, ...]:
        return self._world.describe_tools(task)

    def reset(self, task: Task) -> None:
        self.resets += 1
        self._world.reset(task)

    def step(self, name: str, arguments: JsonObject) -> Observation:
        self.executed += 1
        if self.fails:
            self.fails = False
            return Observation("Error: the worker died", failed=True, error="the worker died")
        return self._world.step(name, arguments)

    def snapshot(self) -> str:
        return self._world.snapshot()

    def restore(self, token: str) -> None:
        self._world.restore(token)

    def verdict(self, task: Task, trajectory: Trajectory, execution: Execution) -> tuple[Finding, ...]:
        return self._world.verdict(task, trajectory, execution)

    def scores(self, task: Task, trajectory: Trajectory, execution: Execution) -> JsonObject:
        return self._world.scores(task, trajectory, execution)

    def close(self) -> None:
        self._world.close()


def with_steps(steps: Sequence[Step]) -> Trajectory:
    return replace(RUN.trajectory, steps=tuple(steps))


def edited(index: int) -> Trajectory:
    """The recording with another argument in one action, which is refused then."""
    steps = list(RUN.trajectory.steps)
    steps[index] = replace(steps[index], arguments={**steps[index].arguments, "unknown": 1})
    return with_steps(steps)


def test_after_an_edit_only_the_actions_from_there_on_run_again() -> None:
    world = Counted()
    replayer = Replayer(world)
    replayer.inspect(RUN.task, RUN.trajectory)
    actions = RUN.trajectory.actions
    assert world.executed == len(actions)
    replayer.inspect(RUN.task, edited(actions[-1]))
    assert world.executed == len(actions) + 1
    replayer.inspect(RUN.task, edited(actions[-4]))
    assert world.executed == len(actions) + 1 + 4
    replayer.inspect(RUN.task, RUN.trajectory)
    assert world.executed == len(actions) + 1 + 4
    assert world.resets == 1


def test_an_edited_message_runs_nothing_again() -> None:
    world = Counted()
    replayer = Replayer(world)
    replayer.inspect(RUN.task, RUN.trajectory)
    before = world.executed
    replayer.inspect(RUN.task, with_steps([message("Let me see."), *RUN.trajectory.steps]))
    assert world.executed == before


def test_an_action_that_a_worker_failed_on_is_executed_again_next_time() -> None:
    world = Counted()
    replayer = Replayer(world)
    world.fails = True
    broken = replayer.inspect(RUN.task, RUN.trajectory)
    assert "the worker died" in broken.gradients[0].critique or any("died" in g.critique for g in broken.gradients)
    assert replayer.inspect(RUN.task, RUN.trajectory) == inspect(TravelEnvironment(), RUN.task, RUN.trajectory)


def test_a_tool_that_the_world_does_not_have_keeps_its_recorded_observation() -> None:
    steps = [action("teleport", {"to": "home"}, expected=Recorded("you are home")), *RUN.trajectory.steps]
    replayer = Replayer(TravelEnvironment())
    for _ in range(2):
        assert replayer.inspect(RUN.task, with_steps(steps)) == inspect(
            TravelEnvironment(), RUN.task, with_steps(steps)
        )


def test_another_task_starts_from_its_own_initial_state() -> None:
    first, second = list(sample_runs(2, 7))
    replayer = Replayer(TravelEnvironment())
    for run in (first, second, first):
        assert replayer.inspect(run.task, run.trajectory) == inspect(TravelEnvironment(), run.task, run.trajectory)


REPLAYER = Replayer(TravelEnvironment())


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_is_edited_the_inspection_is_that_of_a_full_replay(data: st.DataObject) -> None:
    steps = list(RUN.trajectory.steps)
    for _ in range(data.draw(st.integers(0, 3))):
        index = data.draw(st.integers(0, len(steps) - 1))
        match data.draw(st.sampled_from(("delete", "move", "repeat", "unknown"))):
            case "delete":
                del steps[index]
            case "move":
                steps.insert(data.draw(st.integers(0, len(steps) - 1)), steps.pop(index))
            case "repeat":
                steps.insert(index, steps[index])
            case _:
                steps[index] = replace(steps[index], tool="teleport" if steps[index].is_action else "")
        if not steps:
            break
    changed = with_steps(steps)
    assert REPLAYER.inspect(RUN.task, changed) == inspect(TravelEnvironment(), RUN.task, changed)


def test_an_abandoned_execution_ends_before_its_next_action_and_what_it_reached_is_kept() -> None:
    world = Counted()
    replayer = Replayer(world)
    actions = len(RUN.trajectory.actions)
    with pytest.raises(AbandonedError):
        replayer.inspect(RUN.task, RUN.trajectory, lambda: world.executed == 5)
    assert world.executed == 5
    found = replayer.inspect(RUN.task, RUN.trajectory)
    assert (world.executed, world.resets) == (actions, 1)
    assert found.losses == inspect(TravelEnvironment(), RUN.task, RUN.trajectory).losses
