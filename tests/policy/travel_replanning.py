"""How the scripted policy plans anew, and how it writes the plan of what was done: badly at first, well when told."""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from travel_choosing import options
from travel_reading import Asked, Seen, Trip
from travel_skill import Draws

_PLAN_STEP = re.compile(r"^plan step \d+\n(.+)", re.MULTILINE)
_KNOWN = re.compile(r" \(known by now: \d+ places and services\)$")
_INTENTIONS = {
    "search": "Look up what there is",
    "book": "Book what suits best",
    "find": "Ask for free times",
    "add": "Put sights and meals into the free times",
    "get": "Check the plan and what it costs",
    "finish": "Hand the plan in",
}


def replan(asked: Asked, trip: Trip, draws: Draws) -> dict[str, Any]:
    """What is left: without the look-ups and bookings that are made, and with how much is known by now."""
    plan = [_KNOWN.sub("", step) for step in _PLAN_STEP.findall(asked.opening)]
    verbs = {_verb(call) for call in asked.calls}
    done = min(len(plan), len(verbs & {"search", "book"}))
    known = len(options(asked.calls))
    left = [{"reasoning": "", "step": step, "expected_outcome": ""} for step in plan[done:]]
    if left:
        left[0]["step"] += f" (known by now: {known} places and services)"
    return {"done": done, "changes": f"{known} places and services are known by now.", "plan": left}


def ground(asked: Asked, trip: Trip, draws: Draws) -> dict[str, Any]:
    """A plan step for each run of calls of a sort; at first one quotes what was seen, and the last one is missing."""
    told = "FAULTS of your last answer\nthere are none" not in asked.opening
    steps = list(_grounded(asked))
    if not told:
        seen = next(iter(options(asked.calls).values()))
        steps[1]["step"] += f", such as {seen.row.get('name', seen.id)}"
        steps.pop()
    return {"grounded": steps}


def _grounded(asked: Asked) -> Iterator[dict[str, Any]]:
    for verb, calls in groupby(asked.calls, key=_verb):
        what = _INTENTIONS.get(verb, "Go on")
        yield {"reasoning": "", "step": what, "expected_outcome": "", "actions": [call.index for call in calls]}


def _verb(call: Seen) -> str:
    return call.tool.partition("_")[0]


PLANNING = (('{"done": ', replan), ('{"grounded": [', ground))
"""How the prompts describe these answers."""
