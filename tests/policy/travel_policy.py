"""The scripted policy: a deterministic agent of known, imperfect skill for trips of the travel world.

It runs behind the scripted server, as `travel_policy:policy` (or `poor_editor`, `steady`, `beginner`). It sees only the
text of a request, and tells what is asked from that text: it cannot know which method asks. What it does well and badly
is in `travel_skill`.
"""

import json
from collections.abc import Callable, Mapping

from scripted_replies import JsonDict, Reply, fitting
from travel_acting import act, plan
from travel_choosing import options, planned
from travel_faults import own_faults
from travel_judging import JUDGING
from travel_reading import Asked, Trip, read_request
from travel_refining import refine_plan
from travel_repairing import repair
from travel_replanning import PLANNING
from travel_skill import BEGINNER, POOR_EDITOR, SKILL, STEADY, Draws, Skill

WHOLE = 1 << 20
"""Answers come in one piece."""


def policy(request: JsonDict, number: int) -> Reply:
    """Answer one request, with the skill that the measurement documents."""
    return answer_as(request, SKILL)


def poor_editor(request: JsonDict, number: int) -> Reply:
    """The same policy where it mends faults badly: does the conclusion hang on how well it edits?"""
    return answer_as(request, POOR_EDITOR)


def steady(request: JsonDict, number: int) -> Reply:
    """The same policy where it repeats itself: does the conclusion hang on retries that draw everything anew?"""
    return answer_as(request, STEADY)


def beginner(request: JsonDict, number: int) -> Reply:
    """The same policy where it slips wherever it can."""
    return answer_as(request, BEGINNER)


def answer_as(request: JsonDict, skill: Skill) -> Reply:
    """Answer one request with a skill."""
    asked = read_request(request)
    trip = asked.trip
    if trip is None:
        return fitting(request, _anything(asked.properties))
    draws = Draws(asked, skill)
    if "search_trains" in asked.tools:
        calls, text = act(asked, trip, draws)
        return Reply(text, tuple((name, json.dumps(arguments)) for name, arguments in calls), chunk=WHOLE)
    answer = next((answer for mark, answer in _ANSWERS if mark in asked.opening), None)
    reply = fitting(request, answer(asked, trip, draws) if answer else _anything(asked.properties))
    return Reply(reply.text, reply.calls, chunk=WHOLE)


def _plan(asked: Asked, trip: Trip, draws: Draws) -> JsonDict:
    return {"plan": plan(asked, trip, draws)}


def _critique(asked: Asked, trip: Trip, draws: Draws) -> JsonDict:
    """It has nothing to add to what the environment says."""
    return {"notes": [], "further": [], "earliest_cause": None}


def _feedback(asked: Asked, trip: Trip, draws: Draws) -> JsonDict:
    faults = own_faults(trip, asked.calls, planned(asked.calls, options(asked.calls)))
    noticed = draws.noticed([f"{fault.expected}: {fault.observed}" for fault in faults])
    return {"problems": [f"This is not met: {fault}" for fault in noticed], "satisfied": not noticed}


def _lessons(asked: Asked, trip: Trip, draws: Draws) -> JsonDict:
    lines = asked.opening.splitlines()
    unmet = [
        lines[n + 1]
        for n, line in enumerate(lines[:-1])
        if line in ("goal requirement, NOT met", "hard requirement, NOT met")
    ]
    return {"lessons": [f"Next time mind this: {line}" for line in unmet if draws.understood(line)]}


_ANSWERS: tuple[tuple[str, Callable[[Asked, Trip, Draws], JsonDict]], ...] = (
    *PLANNING,  # first: their answers hold steps like those of the others
    ('{"plan": [', _plan),
    ('{"changes": ', refine_plan),
    ('{"reasoning": ', repair),
    ('{"notes": [', _critique),
    ('{"problems": [', _feedback),
    ('{"lessons": [', _lessons),
    *JUDGING,
)
"""How the prompts describe the answer that they ask for."""


def _anything(properties: Mapping[str, JsonDict]) -> JsonDict:
    """A value of the form that is asked for: a connection test only looks at the form."""
    simple = {"string": "yes", "integer": 1, "number": 1, "boolean": True, "array": [], "object": {}}
    return {
        name: (form.get("enum") or [simple.get(str(form.get("type")), "yes")])[0] for name, form in properties.items()
    }
