"""BFCL's own multi-turn tasks, imported from the installed package: their ground truths are judged as they must be."""

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from hitl_app.domain.inspection import ExecutedStep, Execution, Finding, StepStatus
from hitl_app.domain.library import ImportedRun
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import Trajectory
from hitl_app.environments.bfcl import provider
from hitl_app.environments.bfcl.environment import BfclEnvironment
from hitl_app.exchange.reading import read_path
from hitl_app.refine.inspect import inspect


@pytest.fixture(scope="module")
def environment(bfcl_home: Path) -> Iterator[BfclEnvironment]:
    environment = provider.open(bfcl_home)
    yield environment
    environment.close()


@pytest.fixture(scope="module")
def runs(environment: BfclEnvironment) -> list[ImportedRun]:
    items = [item for _, _, items in read_path(Path(environment.data_folder())) for item in items]
    runs = [item for item in items if isinstance(item, ImportedRun)]
    assert len(runs) == len(items), [item for item in items if not isinstance(item, ImportedRun)]
    return runs


def test_there_are_two_hundred_tasks_of_each_kind_with_different_identities(runs: list[ImportedRun]) -> None:
    kinds = Counter(run.task.key.rpartition("_")[0] for run in runs)
    assert kinds == dict.fromkeys(
        ("multi_turn_base", "multi_turn_long_context", "multi_turn_miss_func", "multi_turn_miss_param"), 200
    )
    assert len({run.task.id for run in runs}) == len({run.trajectory.id for run in runs}) == 800


@pytest.mark.slow
def test_all_ground_truths_pass_and_none_does_without_its_last_call(
    environment: BfclEnvironment, runs: list[ImportedRun]
) -> None:
    for run in runs:
        environment.reset(run.task)
        assert _unmet(environment, run.task, run.trajectory) == [], run.task.key
        last = run.trajectory.actions[-1]
        steps = run.trajectory.steps[:last] + run.trajectory.steps[last + 1 :]
        assert _unmet(environment, run.task, Trajectory(run.task.id, steps)) != [], run.task.key


def test_ground_truths_are_verified_step_by_step_without_a_failure(
    environment: BfclEnvironment, runs: list[ImportedRun]
) -> None:
    for run in runs[::8]:
        inspection = inspect(environment, run.task, run.trajectory)
        assert inspection.verified, (run.task.key, inspection.unmet)
        assert inspection.execution.replayed == len(run.trajectory.actions)
        assert not [step for step in inspection.execution.steps if step.status is StepStatus.FAILED]


def _unmet(environment: BfclEnvironment, task: Task, trajectory: Trajectory) -> list[Finding]:
    """What the verdict, which makes the calls itself, finds unmet."""
    steps = (ExecutedStep(StepStatus.SKIPPED),) * len(trajectory.steps)
    findings = environment.verdict(task, trajectory, Execution(trajectory.id, "bfcl", "", steps))
    return [finding for finding in findings if not finding.met]


def test_going_back_to_any_step_of_a_ground_truth_leads_to_the_same_observations(
    environment: BfclEnvironment, runs: list[ImportedRun]
) -> None:
    for run in random.Random(1).sample(runs, 40):
        steps = [run.trajectory.steps[index] for index in run.trajectory.actions]
        environment.reset(run.task)
        tokens, first = [], []
        for step in steps:
            tokens.append(environment.snapshot())
            first.append(environment.step(step.tool, step.arguments))
        for index in reversed(range(len(steps))):
            environment.restore(tokens[index])
            assert environment.step(steps[index].tool, steps[index].arguments) == first[index], run.task.key
