"""tau2 executes real recordings to the recorded observations and verdicts."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from hitl_app.domain.codec import get_bool, get_object, get_objects, get_str
from hitl_app.domain.failure_classes import SHIPPED, signals, told_by_words
from hitl_app.domain.inspection import Finding
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import Recorded, Step, Trajectory, action, message
from hitl_app.environments.tau2 import provider
from hitl_app.environments.tau2.environment import Tau2Environment
from hitl_app.refine.inspect import execute, inspect


@dataclass(frozen=True)
class Run:
    """A recorded run, with what its benchmark found."""

    task: Task
    trajectory: Trajectory
    database: bool
    communicated: Mapping[str, bool]


@pytest.fixture(scope="module")
def environment(tau2_home: Path) -> Iterator[Tau2Environment]:
    environment = provider.open(tau2_home)
    yield environment
    environment.close()


@pytest.mark.parametrize("domain", ["airline", "retail"])
def test_recorded_runs_give_the_recorded_verdicts_and_observations(
    environment: Tau2Environment, recordings: Path, domain: str
) -> None:
    (file,) = (recordings / "tau2-bench").glob(f"*{domain}*.json")
    runs = [_tau2_run(simulation, domain) for simulation in get_objects(json.loads(file.read_text()), "simulations")]
    assert len(runs) == 6
    assert {run.database for run in runs} == {True, False}
    for run in runs:
        execution = execute(environment, run.task, run.trajectory)
        findings = _by_id(environment.verdict(run.task, run.trajectory, execution))
        assert findings["database"].met is run.database
        assert {info: findings[f"communicate:{info}"].met for info in run.communicated} == run.communicated
        assert execution.identical == execution.replayed == len(run.trajectory.actions) > 0
        texts = [(step.observation.text, step.observation.error) for step in execution.steps if step.observation]
        expected = [(step.expected.text, "") for step in run.trajectory.steps if step.expected]
        assert texts == expected, "observations are the same to the letter"
        touched = {name for step in execution.steps if step.observation for name in step.observation.changed}
        assert run.database or not touched or findings["database"].steps


def test_what_went_wrong_in_recorded_runs_is_classified_by_what_the_database_lacks(
    environment: Tau2Environment, recordings: Path
) -> None:
    found = []
    for domain in ("airline", "retail"):
        (file,) = (recordings / "tau2-bench").glob(f"*{domain}*.json")
        runs = (
            _tau2_run(simulation, domain) for simulation in get_objects(json.loads(file.read_text()), "simulations")
        )
        for run in runs:
            if not run.database:
                told = signals(run.trajectory, inspect(environment, run.task, run.trajectory))
                name, evidence = told_by_words(SHIPPED, told)
                found.append((domain, name))
                assert evidence == told
    assert found == [("airline", "wrong argument")] * 2 + [("retail", "missing step")]


def test_digests_agree_with_the_whole_databases_hash_on_recorded_runs(
    environment: Tau2Environment, recordings: Path
) -> None:
    (file,) = (recordings / "tau2-bench").glob("*airline*.json")
    digests, hashes = dict[str, str](), dict[str, str]()
    for simulation in get_objects(json.loads(file.read_text()), "simulations"):
        run = _tau2_run(simulation, "airline")
        environment.reset(run.task)
        for step in run.trajectory.steps:
            if step.is_action:
                observation = environment.step(step.tool, step.arguments)
                if observation.changed or observation.state not in digests:
                    whole = environment.full_hash()
                    assert digests.setdefault(observation.state, whole) == whole
                    assert hashes.setdefault(whole, observation.state) == observation.state
    assert len(digests) > 5


def test_older_recordings_execute_without_a_fault(environment: Tau2Environment, recordings: Path) -> None:
    (file,) = (recordings / "tau-bench").glob("*.json")
    replayed = identical = agreeing = 0
    runs = [_tau_bench_run(record) for record in json.loads(file.read_text())]
    for run in runs:
        execution = execute(environment, run.task, run.trajectory)
        finding = environment.verdict(run.task, run.trajectory, execution)[0]
        assert not any(step.replayed and step.observation and step.observation.error for step in execution.steps)
        replayed, identical = replayed + execution.replayed, identical + execution.identical
        agreeing += finding.met is run.database
    assert (len(runs), replayed, agreeing) == (8, 34, 8)
    assert identical == 8, "their texts drift: numbers as 1 and 1.0, fields that were added"


def _by_id(findings: Sequence[Finding]) -> dict[str, Finding]:
    return {finding.id: finding for finding in findings}


def _tau2_run(simulation: JsonObject, domain: str) -> Run:
    reward = get_object(simulation, "reward_info")
    gold = [get_object(check, "action") for check in get_objects(reward, "action_checks")]
    checks = get_objects(reward, "communicate_checks")
    communicated = {get_str(check, "info"): get_bool(check, "met") for check in checks}
    task = _task(domain, gold, list(communicated))
    database = get_bool(get_object(reward, "db_check"), "db_match")
    return Run(task, Trajectory(task.id, tuple(_steps(get_objects(simulation, "messages")))), database, communicated)


def _tau_bench_run(record: JsonObject) -> Run:
    recorded = get_object(get_object(record, "info"), "task")
    gold = [{"name": call["name"], "arguments": call["kwargs"]} for call in get_objects(recorded, "actions")]
    task = _task("airline", gold, [])
    trajectory = Trajectory(task.id, tuple(_steps(get_objects(record, "traj"))))
    return Run(task, trajectory, record["reward"] == 1, {})


def _task(domain: str, gold: Sequence[JsonObject], say: list[str]) -> Task:
    spec: JsonObject = {"gold_actions": gold, "communicate_info": say, "initial_state": None}
    return Task("tau2", key="recorded", title="", domain=domain, spec=spec)


def _steps(messages: Sequence[JsonObject]) -> Iterator[Step]:
    """Messages and calls in order, of tau2's layout and of the older one, in which arguments are a JSON text."""
    answers = {said.get("tool_call_id", said.get("id")): said for said in messages if said["role"] == "tool"}
    for said in messages:
        role, text = get_str(said, "role"), said.get("content")
        calls = get_objects(said, "tool_calls")
        if role in ("assistant", "user") and isinstance(text, str) and not calls:
            yield message(text, role=role)
        for call in calls:
            function = get_object(call, "function") or call
            arguments = function["arguments"]
            answer = answers[call["id"]]
            yield action(
                get_str(function, "name"),
                json.loads(arguments) if isinstance(arguments, str) else get_object(function, "arguments"),
                thought=text if isinstance(text, str) else "",
                expected=Recorded(get_str(answer, "content"), answer.get("error") is True),
            )
