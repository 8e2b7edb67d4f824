"""The scripted policy is what the measurement says of it: blind to the world, deterministic, and of known skill."""

import ast
import json
from pathlib import Path
from typing import Any

import pytest
from travel_policy import policy
from travel_reading import read_request
from travel_skill import SKILL, Draws

from hitl_app.environments.travel.tasks import solved_task

TASKS = [solved_task(3, number, 2, "dev").task for number in range(30)]
TOOLS = [{"type": "function", "function": {"name": "search_trains", "parameters": {}}}]


def _request(text: str, seed: int = 0) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": text}], "tools": TOOLS, "seed": seed}


def test_it_knows_nothing_but_the_text_of_a_request() -> None:
    for path in Path(__file__).parent.glob("travel_*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imported = [
            name
            for node in ast.walk(tree)
            for name in (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
        ]
        assert not [name for name in imported if name.startswith("hitl_app")]


def test_it_understands_who_travels_where_and_what_they_wish() -> None:
    for task in TASKS[:10]:
        trip = read_request(_request(task.instruction)).trip
        assert trip is not None
        assert (trip.people, trip.origin, trip.cities) == (
            task.spec["travellers"],
            task.spec["origin"],
            task.spec["destinations"],
        )
        assert len(trip.wishes) == sum(line.startswith("- ") for line in task.instruction.splitlines())


def test_it_answers_the_same_question_alike_and_another_sample_otherwise() -> None:
    texts = [task.instruction for task in TASKS]
    heeded = [[Draws(read_request(_request(text, seed))).number("thing") for text in texts] for seed in (0, 0, 1)]
    assert heeded[0] == heeded[1] != heeded[2]


def test_it_overlooks_as_often_as_its_skill_says() -> None:
    """And less often what a note names again."""
    plain: list[bool] = []
    named: list[bool] = []
    for task in TASKS:
        trip = read_request(_request(task.instruction)).trip
        assert trip is not None
        hard = [wish for wish in trip.wishes if wish.strength == "hard"]
        noted = task.instruction + "\n\n" + "\n".join(f"Next time mind this: {wish.text}" for wish in hard)
        for text, counts in ((task.instruction, plain), (noted, named)):
            heeded = Draws(read_request(_request(text))).heeded(trip)
            counts += [wish not in heeded for wish in hard]
    assert sum(plain) / len(plain) == pytest.approx(SKILL.overlooks, abs=0.06)
    assert sum(named) / len(named) == pytest.approx(SKILL.overlooks_named, abs=0.03)


def test_it_begins_with_looking_everything_up() -> None:
    reply = policy(_request(TASKS[0].instruction), 1)
    assert {name for name, _ in reply.calls} == {
        "search_trains",
        "search_flights",
        "search_hotels",
        "search_sights",
        "search_restaurants",
    }


def test_it_gives_a_connection_test_the_form_that_it_asks_for() -> None:
    schema = {"type": "object", "properties": {"ready": {"type": "boolean"}}}
    request = {
        "messages": [{"role": "user", "content": "hello"}],
        "response_format": {"json_schema": {"schema": schema}},
    }
    assert json.loads(policy(request, 1).text) == {"ready": True}
