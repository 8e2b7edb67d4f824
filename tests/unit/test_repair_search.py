"""How the offline repairer searches: what it tries first, and what a larger budget adds."""

import asyncio
import json

import pytest

from hitl_app.domain.inspection import Inspection
from hitl_app.domain.library import ImportedRun
from hitl_app.domain.ports import ProposalRequest
from hitl_app.domain.trajectory import Step, Trajectory
from hitl_app.environments.travel.environment import TravelEnvironment
from hitl_app.environments.travel.samples import clean_run, sample_runs
from hitl_app.refine.inspect import inspect
from hitl_app.refine.repair import Repairer
from hitl_app.refine.replay import Replayer
from hitl_app.refine.values import ValuePool


@pytest.fixture(scope="module")
def clean() -> tuple[ImportedRun, Inspection, ValuePool]:
    environment = TravelEnvironment()
    run = clean_run(7, 1, level=3)
    inspection = inspect(environment, run.task, run.trajectory)
    return run, inspection, ValuePool(run.task, run.trajectory, inspection, environment.describe_tools(run.task))


def first_call(trajectory: Trajectory, tool: str) -> Step:
    return next(step for step in trajectory.steps if step.tool == tool)


def tried(run: ImportedRun, most: int) -> tuple[str, ...]:
    environment = TravelEnvironment()
    replayer = Replayer(environment)

    async def execute(trajectory: Trajectory) -> Inspection:
        return replayer.inspect(run.task, trajectory)

    inspection = replayer.inspect(run.task, run.trajectory)
    tools = environment.describe_tools(run.task)
    request = ProposalRequest(run.task, run.trajectory, inspection, tools, 0, execute, max_executions=most)
    return asyncio.run(Repairer().propose(request)).tried


def test_a_longer_search_begins_like_a_shorter_one() -> None:
    for run in sample_runs(3, 7, level=2):
        short, long = tried(run, 12), tried(run, 30)
        assert long[: len(short)] == short


def test_what_a_look_up_listed_beside_the_present_value_is_tried_first(
    clean: tuple[ImportedRun, Inspection, ValuePool],
) -> None:
    run, inspection, pool = clean
    booking = first_call(run.trajectory, "book_transport")
    present = booking.arguments["service_id"]
    listings = [step.observation.text for step in inspection.execution.steps if step.observation]
    listed = next(json.loads(text) for text in listings if f'"{present}"' in text)
    services = [row["service_id"] for row in listed.get("trains", listed.get("flights"))]
    others = pool.alternatives(booking, ("service_id",), present)
    assert others[: len(services) - 1] == [service for service in services if service != present]


def test_a_call_is_made_to_fit_what_a_finding_says(clean: tuple[ImportedRun, Inspection, ValuePool]) -> None:
    run, _, pool = clean
    meal = first_call(run.trajectory, "add_meal")
    last = [step.arguments["date"] for step in run.trajectory.steps if step.tool == "add_visit"][-1]
    fitted = pool.fitted(meal, f"no dinner on day 4, {last}, though there is time for it")
    assert meal.arguments["date"] != last
    assert (fitted.arguments["date"], fitted.arguments["meal"]) == (last, "dinner")
    assert fitted.arguments["restaurant_id"] == meal.arguments["restaurant_id"]
