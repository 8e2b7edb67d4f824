"""How the scripted policy judges: trips by their hand-in, adherence by the links that are shown, plans by words."""

import re
from typing import Any

from travel_reading import Asked, Trip
from travel_skill import Draws

Answer = dict[str, Any]  # what a prompt asks for is whatever JSON it is

_JUDGED = re.compile(r"Judge the steps ([\d, ]+)\.")
_LINKED = re.compile(r"^step (\d+) \(.*carries out plan step \d+", re.MULTILINE)


def adherence(asked: Asked, trip: Trip, draws: Draws) -> Answer:
    """Steps that are said to carry out a plan step are complete, others are not."""
    wanted = _JUDGED.search(asked.opening)
    linked = set(map(int, _LINKED.findall(asked.opening)))
    numbers = map(int, wanted[1].split(", ")) if wanted else ()
    steps = [{"step": n, "reason": "as it says", "score": 2 if n in linked else 0} for n in numbers]
    return {"steps": steps}


def end_to_end(asked: Asked, trip: Trip, draws: Draws) -> Answer:
    """It believes in trips that were handed in, and finds them efficient where no call failed."""
    handed_in = any(call.answer.get("handed_in") for call in asked.calls)
    efficient = not any(call.failed for call in asked.calls)
    return {"reason": "seen", "score": (2 if efficient else 1) if handed_in else 0}


def plan_quality(asked: Asked, trip: Trip, draws: Draws) -> Answer:
    """Correct plans name every city."""
    plan = asked.opening.partition("\nPLAN\n")[2]
    correct = 5 if all(city in plan for city in trip.cities) else 4
    found = {"correctness": correct, "followability": 5, "standardization": 5}
    return {name: value for of, score in found.items() for name, value in _fields(of, score)}


def _fields(name: str, score: int) -> list[tuple[str, Any]]:
    return [(f"{name}_reason", "read"), (f"{name}_score", score)]


JUDGING = (
    ('{"correctness_reason": ', plan_quality),
    ('{"steps": [{"step": 3, "reason": ', adherence),
    ('{"reason": "what shows it', end_to_end),
)
"""How the prompts of a judge describe the answer that they ask for."""
