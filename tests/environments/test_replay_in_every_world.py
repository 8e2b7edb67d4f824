"""In every environment, and whatever is edited, an incremental inspection is that of a full replay."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from bfcl_runs import FILES, call, files_task, task

from hitl_app.domain.codec import get_strings
from hitl_app.domain.inspection import Inspection
from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.domain.library import ImportedRun
from hitl_app.domain.ports import Environment
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import Step, Trajectory, action, message
from hitl_app.environments.agentdojo import provider as agentdojo
from hitl_app.environments.bfcl import provider as bfcl
from hitl_app.environments.deepplanning.environment import DeepPlanningEnvironment
from hitl_app.environments.tau2 import provider as tau2
from hitl_app.environments.travel.environment import TravelEnvironment
from hitl_app.environments.travel.samples import sample_runs
from hitl_app.exchange.reading import read_path
from hitl_app.refine import replay
from hitl_app.refine.inspect import inspect
from hitl_app.refine.replay import Replayer
from hitl_app.refine.verify import verify

Run = tuple[Task, Trajectory]
EDITS = ("delete", "move", "repeat", "insert", "insert", "unknown", "argument", "order", "say")
WRONG: tuple[Json, ...] = (0, "x", None, [], 1.5, {"b": 1, "a": [True]})


@dataclass
class Edits:
    """Edits of recordings, one after the other, each from what the one before left, from task to task and back."""

    runs: Sequence[Run]
    draws: random.Random

    def __call__(self, count: int) -> Iterator[Run]:
        """That many edited trajectories."""
        left = [list(trajectory.steps) for _, trajectory in self.runs]
        at = 0
        for _ in range(count):
            at = self.draws.randrange(len(self.runs)) if self.draws.random() < 0.2 else at
            given, trajectory = self.runs[at]
            pool = [step for step in trajectory.steps if step.is_action]
            if self.draws.random() < 0.2 or not left[at]:
                left[at] = list(trajectory.steps)
            self._edit(left[at], pool)
            yield given, replace(trajectory, steps=tuple(left[at]))

    def _edit(self, steps: list[Step], pool: Sequence[Step]) -> None:
        index = self.draws.randrange(len(steps))
        step = steps[index]
        match self.draws.choice(
            ("delete", "move", "repeat", "insert", "insert", "unknown", "argument", "order", "say")
        ):
            case "delete":
                del steps[index]
            case "move":
                steps.insert(self.draws.randrange(len(steps)), steps.pop(index))
            case "repeat":
                steps.insert(index, step)
            case "insert":
                steps.insert(index, self.draws.choice(pool))
            case "unknown":
                steps.insert(index, action("teleport", {"to": "home"}))
            case "argument" if step.arguments:
                name = self.draws.choice(list(step.arguments))
                others = [each.arguments[name] for each in pool if name in each.arguments]
                steps[index] = replace(
                    step, arguments={**step.arguments, name: self.draws.choice([*others, *others, *WRONG])}
                )
            case "order":
                steps[index] = replace(step, arguments=dict(reversed(list(step.arguments.items()))))
            case _:
                steps.insert(index, message("Well.", role=self.draws.choice(("user", "assistant"))))


def compare(environment: Environment, runs: Sequence[Run], count: int, seed: int, *, is_worker: bool) -> None:
    """Inspect edits incrementally, with faults in between, and then each of them in full in the same environment."""
    replayer = Replayer(environment)
    found: list[tuple[Task, Trajectory, Inspection]] = []
    for number, (given, trajectory) in enumerate(Edits(runs, random.Random(seed))(count)):
        if number % 20 == 13:
            verify(environment, given, trajectory, None)
            replayer.forget()
        if is_worker and number == count // 2:
            environment.close()  # the worker is gone, as when it dies between two calls
        found.append((given, trajectory, replayer.inspect(given, trajectory)))
    for given, trajectory, inspection in found:
        assert inspection == inspect(environment, given, trajectory)


@pytest.fixture(autouse=True)
def few_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Often there are too many known states, so that everything is forgotten in between."""
    monkeypatch.setattr(replay, "MAX_KNOWN", 100)


def test_travel() -> None:
    runs = [(run.task, run.trajectory) for run in sample_runs(3, 7)]
    compare(TravelEnvironment(), runs, 60, 1, is_worker=False)


def test_deepplanning(recordings: Path) -> None:
    items = [item for _, _, items in read_path(recordings / "deepplanning") for item in items]
    runs = [(item.task, item.trajectory) for item in items if isinstance(item, ImportedRun)]
    compare(DeepPlanningEnvironment(), runs[::6], 60, 2, is_worker=False)


def test_the_order_of_fields_in_a_plan_is_kept(recordings: Path) -> None:
    items = [item for _, _, items in read_path(recordings / "deepplanning") for item in items]
    given = next(item.task for item in items if isinstance(item, ImportedRun) and item.task.domain == "travel-en")
    first, second = (action("set_plan_field", {"name": name, "value": 1}) for name in "ab")
    replayer = Replayer(DeepPlanningEnvironment())
    for look in ((), (action("get_plan", {}),)):
        for steps in ((first, second, *look), (second, first, *look)):
            trajectory = Trajectory(given.id, steps)
            assert replayer.inspect(given, trajectory) == inspect(DeepPlanningEnvironment(), given, trajectory)


def test_tau2(tau2_home: Path) -> None:
    user: JsonObject = {"user_id": "emma_kim_9957"}
    booking: JsonObject = {"reservation_id": "EHGLP3"}
    unpaid: JsonObject = {"nonfree_baggages": 0, "payment_id": ""}
    steps = (
        action("get_user_details", user),
        action("get_reservation_details", booking),
        action("send_certificate", {**user, "amount": 100}),
        action("update_reservation_baggages", {**booking, "total_baggages": 3, **unpaid}),
        action("cancel_reservation", booking),
        action("calculate", {"expression": "2 * 3"}),
    )
    spec: JsonObject = {"gold_actions": [], "communicate_info": ["3"], "initial_state": None}
    tasks = [Task("tau2", key, "test", domain="airline", spec=spec) for key in "ab"]
    environment = tau2.open(tau2_home)
    try:
        compare(environment, [(each, Trajectory(each.id, steps)) for each in tasks], 60, 3, is_worker=True)
    finally:
        environment.close()


@pytest.mark.slow
def test_bfcl(bfcl_home: Path) -> None:
    gold = [call("mv", source="a", destination="d")]
    files = files_task(gold)
    calls = (
        action("cd", {"folder": "sub"}),
        action("cat", {"file_name": "c"}),
        action("cd", {"folder": ".."}),
        action("cp", {"source": "a", "destination": "sub"}),
        action("mv", {"source": "a", "destination": "d"}),
        action("echo", {"content": "new", "file_name": "b"}),
        action("ls", {"a": True}),
    )
    login = {"username": "u", "password": "p"}
    trades = task(["TradingBot", "GorillaFileSystem"], {"GorillaFileSystem": FILES}, [], long_context=True)
    order: JsonObject = {"order_type": "Buy", "symbol": "AAPL", "price": 10.0, "amount": 2}
    traded = (
        action("trading_login", login),
        action("place_order", order),
        action("get_order_details", {"order_id": 12446}),
        action("cancel_order", {"order_id": 12446}),
        action("get_watchlist", {}),
        *calls[3:],
    )
    environment = bfcl.open(bfcl_home)
    try:
        runs = [(files, Trajectory(files.id, calls)), (trades, Trajectory(trades.id, traded))]
        compare(environment, runs, 80, 4, is_worker=True)
    finally:
        environment.close()


@pytest.mark.slow
def test_agentdojo(agentdojo_home: Path) -> None:
    environment = agentdojo.open(agentdojo_home)
    try:
        runs: list[Run] = []
        for suite in ("workspace", "banking"):
            for name in get_strings(environment.task_names(suite, "v1.2.2"), "user_tasks")[3:16:6]:
                spec: JsonObject = {"suite": suite, "version": "v1.2.2", "user_task": name, "injections": {}}
                given = Task("agentdojo", name, "test", domain=suite, spec=spec)
                environment.reset(given)
                runs.append((given, Trajectory(given.id, environment.ground_truth())))
        compare(environment, runs, 30, 5, is_worker=True)
    finally:
        environment.close()
