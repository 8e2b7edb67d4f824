"""What a user can rely on when tau2 executes a trajectory; everything runs in the real environment."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from hitl_app.domain.errors import EnvironmentUnavailableError, NotReplayableError
from hitl_app.domain.inspection import Execution, Finding, Observation
from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.domain.loss import Component
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import Step, Trajectory, action, message
from hitl_app.environments.tau2 import provider
from hitl_app.environments.tau2.environment import Tau2Environment
from hitl_app.refine.inspect import execute

USER = "emma_kim_9957"
SEND: tuple[str, JsonObject] = ("send_certificate", {"user_id": USER, "amount": 100})


@pytest.fixture(scope="module")
def environment(tau2_home: Path) -> Iterator[Tau2Environment]:
    environment = provider.open(tau2_home)
    yield environment
    environment.close()


def airline(gold: Sequence[JsonObject] | None = (), say: Sequence[str] = (), state: Json = None) -> Task:
    spec: JsonObject = {"gold_actions": gold, "communicate_info": say, "initial_state": state, "reward_basis": ["DB"]}
    return Task("tau2", key="0", title="test", domain="airline", spec=spec)


def judged(environment: Tau2Environment, task: Task, *steps: Step) -> tuple[dict[str, Finding], Execution]:
    trajectory = Trajectory(task.id, steps)
    execution = execute(environment, task, trajectory)
    return {finding.id: finding for finding in environment.verdict(task, trajectory, execution)}, execution


def gold(name: str, arguments: JsonObject) -> JsonObject:
    return {"name": name, "arguments": arguments}


@pytest.mark.slow
def test_the_self_test_passes_in_both_domains(tau2_home: Path) -> None:
    assert [line.split(":")[0] for line in provider.check(tau2_home)] == ["airline", "retail"]
    status = provider.status(tau2_home)
    assert status.installed
    assert status.place


def test_opening_it_uninstalled_says_how_to_install_it(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentUnavailableError, match="hitl-app env install tau2"):
        provider.open(tmp_path)
    assert not provider.status(tmp_path).installed


def test_it_says_what_it_measures(environment: Tau2Environment) -> None:
    assert environment.info.measures == {Component.GOAL, Component.FEASIBILITY, Component.DISCREPANCY}


def test_tools_are_described_as_json_schema(environment: Tau2Environment) -> None:
    tools = {tool.name: tool for tool in environment.describe_tools(airline())}
    booking = tools["book_reservation"].parameters
    properties = booking["properties"]
    assert isinstance(properties, Mapping)
    assert booking["type"] == "object"
    assert booking["required"] == list(properties)
    assert properties["cabin"] == {
        "type": "string",
        "description": "The cabin class such as 'basic_economy', 'economy', or 'business'.",
        "enum": ["business", "economy", "basic_economy"],
    }
    assert tools["calculate"].description.startswith("Calculate the result")
    assert len(tools) == 14


@pytest.mark.parametrize(
    ("name", "arguments", "answer"),
    [
        ("calculate", {"expression": "2 * (3 + 4)"}, "14.0"),
        ("calculate", {"expression": "__import__('os')"}, "Error: Invalid characters in expression"),
        ("transfer_to_human_agents", {"summary": "s"}, "Transfer successful"),
        ("get_user_details", {"user_id": "nobody"}, "Error: User nobody not found"),
        (
            "get_user_details",
            {},
            "Error: AirlineTools.get_user_details() missing 1 required positional argument: 'user_id'",
        ),
        ("calculate", {}, "Error: AirlineTools.calculate() missing 1 required positional argument: 'expression'"),
    ],
)
def test_answers_are_those_of_tau2(
    environment: Tau2Environment, name: str, arguments: dict[str, Json], answer: str
) -> None:
    environment.reset(airline())
    observation = environment.step(name, arguments)
    assert (observation.text, observation.failed) == (answer, answer.startswith("Error"))
    assert not observation.error


@pytest.mark.parametrize("name", ["think", "__init__", "_get_user", "initialize", "db", "model_dump", ""])
def test_only_the_domains_tools_can_be_called(environment: Tau2Environment, name: str) -> None:
    environment.reset(airline())
    with pytest.raises(NotReplayableError):
        environment.step(name, {})


def test_equal_states_and_only_those_have_equal_digests(environment: Tau2Environment) -> None:
    environment.reset(airline())
    pristine, seen = environment.full_hash(), set[tuple[str, str]]()

    def observe(name: str, arguments: JsonObject) -> Observation:
        observation = environment.step(name, arguments)
        seen.add((observation.state, environment.full_hash()))
        return observation

    assert observe("get_user_details", {"user_id": USER}).changed == ()
    start = environment.snapshot()
    assert observe(*SEND).changed == (f"users/{USER}",)
    one = environment.snapshot()
    assert observe(*SEND).changed == (f"users/{USER}",)
    assert observe("cancel_reservation", {"reservation_id": "EHGLP3"}).changed == ("reservations/EHGLP3",)
    environment.restore(one)
    assert observe("get_user_details", {"user_id": USER}).changed == ()
    environment.restore(start)
    assert environment.full_hash() == pristine
    assert observe(*SEND).changed == (f"users/{USER}",)
    environment.reset(airline())
    assert environment.full_hash() == pristine
    assert len({state for state, _ in seen}) == len({whole for _, whole in seen}) == len(seen) == 4


def test_the_database_after_the_gold_actions_meets_the_goal(environment: Tau2Environment) -> None:
    findings, _ = judged(environment, airline([gold(*SEND)]), action(*SEND))
    assert findings["database"].met
    assert not findings["database"].reveals_answer


def test_a_wrong_change_is_traced_to_its_step_and_reveals_the_answer(environment: Tau2Environment) -> None:
    wrong = {**SEND[1], "amount": 150}
    findings, _ = judged(
        environment, airline([gold(*SEND)]), action("get_user_details", {"user_id": USER}), action(SEND[0], wrong)
    )
    database = findings["database"]
    place = f"users/{USER}.payment_methods.certificate_3221322.amount"
    assert (database.met, database.steps, database.reveals_answer) == (False, (1,), True)
    assert (database.expected, database.observed) == (f"{place}: 100.0", f"{place}: 150.0")
    assert "wrongly" in database.description


def test_a_missing_change_is_named(environment: Tau2Environment) -> None:
    findings, _ = judged(environment, airline([gold("cancel_reservation", {"reservation_id": "EHGLP3"})]))
    database = findings["database"]
    assert (database.met, database.steps) == (False, ())
    assert "missing" in database.description
    assert 'reservations/EHGLP3.status: "cancelled"' in database.expected
    assert "reservations/EHGLP3.status: null" in database.observed


def test_gold_actions_that_fail_or_do_not_exist_change_nothing(environment: Tau2Environment) -> None:
    task = airline([gold("get_user_details", {"user_id": "nobody"}), gold("think", {}), gold(*SEND)])
    assert judged(environment, task, action(*SEND))[0]["database"].met


def test_without_known_gold_actions_the_database_is_not_judged(environment: Tau2Environment) -> None:
    assert judged(environment, airline(None, say=["x"]))[0].keys() == {"communicate:x"}


def test_what_must_be_communicated_is_looked_for_as_tau2_does(environment: Tau2Environment) -> None:
    task = airline(say=["1628", "Economy", "never"])
    spoken = (message("never", role="user"), message("It costs $1,628."), message("In ECONOMY, then."))
    findings, _ = judged(environment, task, *spoken)
    met = {name: finding.met for name, finding in findings.items()}
    assert met == {"database": True, "communicate:1628": True, "communicate:Economy": True, "communicate:never": False}
    revealing = {name for name, finding in findings.items() if finding.reveals_answer}
    assert revealing == {"communicate:1628", "communicate:Economy", "communicate:never"}, "the ids say the answer"


def test_an_initial_state_is_made_before_the_trajectory_and_the_gold_actions(environment: Tau2Environment) -> None:
    state: JsonObject = {
        "initialization_data": {"agent_data": {"users": {USER: {"membership": "gold"}}}, "user_data": None},
        "initialization_actions": [{"env_type": "assistant", "func_name": SEND[0], "arguments": SEND[1]}],
        "message_history": [],
    }
    findings, execution = judged(
        environment, airline([gold(*SEND)], state=state), action("get_user_details", {"user_id": USER}), action(*SEND)
    )
    observation = execution.steps[0].observation
    assert observation is not None
    user = json.loads(observation.text)
    assert (user["membership"], "certificate_3221322" in user["payment_methods"]) == ("gold", True)
    assert findings["database"].met


@pytest.mark.parametrize(
    ("state", "why"),
    [
        ({"message_history": [{"role": "user"}]}, "message_history"),
        ({"initialization_data": {"user_data": {"phone": 1}}}, "user_data"),
        ({"initialization_data": {"agent_data": {"planets": {"x": {}}}}}, "no table `planets`"),
        ({"initialization_data": {"agent_data": {"users": {USER: {"membership": "tin"}}}}}, "membership"),
        ({"initialization_actions": [{"env_type": "user", "func_name": "calculate"}]}, "calculate"),
        ({"initialization_actions": [{"env_type": "assistant", "func_name": "__init__"}]}, "__init__"),
        (
            {"initialization_actions": [{"env_type": "assistant", "func_name": SEND[0], "arguments": {}}]},
            "send_certificate` answered: Error",
        ),
        ({"initialization_actions": {}}, "a list was expected"),
        ([], "not an object"),
    ],
)
def test_an_initial_state_that_is_not_supported_is_refused_with_the_reason(
    environment: Tau2Environment, state: Json, why: str
) -> None:
    with pytest.raises(EnvironmentUnavailableError, match=why):
        environment.reset(airline(state=state))
    environment.reset(airline())
    assert environment.step("get_user_details", {"user_id": USER}).changed == ()


def test_a_domain_that_it_does_not_execute_is_refused(environment: Tau2Environment) -> None:
    with pytest.raises(EnvironmentUnavailableError, match="telecom"):
        environment.reset(Task("tau2", key="0", title="test", domain="telecom"))
