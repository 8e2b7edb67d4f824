"""How the scripted policy refines a plan: what was found wrong is said once more, in the words in which it was told."""

from typing import Any

from travel_acting import plan
from travel_faults import named_faults
from travel_reading import Asked, Trip
from travel_skill import Draws


def refine_plan(asked: Asked, trip: Trip, draws: Draws) -> dict[str, Any]:
    """The plan with a step for each fault that the prompt names and that is understood."""
    told = [f"{fault.expected}: {fault.observed}" for fault in named_faults(asked.opening, trip) if fault.requirement]
    minded = [text for text in dict.fromkeys(told) if draws.understood(text)]
    steps = [{"reasoning": "It failed.", "step": f"Mind this: {text}", "expected_outcome": ""} for text in minded]
    return {"changes": f"{len(minded)} faults are named.", "plan": [*plan(asked, trip, draws), *steps]}
