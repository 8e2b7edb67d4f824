"""The scripted policy as a writer of new trips and a judge of failures; for everything else it is what it always is.

It runs behind the scripted server, as `travel_expanding:policy`. New trips are the seeds' with more travellers; where
it is asked for several, it repeats itself once and leaves one plan empty, as models do.
"""

import re
from collections.abc import Iterator

import travel_policy
from scripted_replies import JsonDict, Reply, fitting
from travel_acting import plan
from travel_reading import Asked, read_request, read_trip
from travel_skill import SKILL, Draws

_SEED = re.compile(r"^seed \d+\ntask\n(?P<task>.*?)(?=\nplan step 0\n)", re.MULTILINE | re.DOTALL)
_COUNT = re.compile(r"Write (\d+) new tasks? with")
_PARTY = re.compile(r"for (?:\d+ people|one person) from")
_ENOUGH = 3
"""Pairs from which on it repeats itself."""


def policy(request: JsonDict, number: int) -> Reply:
    """Answer one request."""
    asked = read_request(request)
    if '{"pairs": [' in asked.opening:
        return fitting(request, {"pairs": list(_pairs(asked))})
    if '"failure_class"' in asked.opening:
        return fitting(request, _class(asked))
    return travel_policy.policy(request, number)


def _pairs(asked: Asked) -> Iterator[JsonDict]:
    seeds = [match["task"] for match in _SEED.finditer(asked.opening)]
    wanted = _COUNT.search(asked.opening)
    count = int(wanted[1]) if wanted else 1
    made = [_pair(asked, seeds[number % len(seeds)], 2 + number // len(seeds)) for number in range(count)]
    if count >= _ENOUGH:
        made[-2:] = [made[0], {**made[-1], "plan": []}]
    yield from made


def _pair(asked: Asked, seed: str, people: int) -> JsonDict:
    task = _PARTY.sub(f"for {people + 3 * asked.seed} people from", seed, count=1)
    trip = read_trip(task)
    assert trip is not None
    heed = {"reasoning": "Agents fail here.", "step": "Check the costs before handing in", "expected_outcome": ""}
    steps = plan(asked, trip, Draws(asked, SKILL))
    return {"task": task, "plan": [*steps[:-1], *([heed] if "HOW AGENTS FAIL" in asked.opening else []), steps[-1]]}


def _class(asked: Asked) -> JsonDict:
    """What is said of money is a matter of the budget; the rest fits no class."""
    found = asked.opening.partition("WHAT WAS FOUND")[2]
    return {"reason": "seen in the findings", "failure_class": "budget" if "credits" in found else None}
