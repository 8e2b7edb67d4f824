"""Faults of a finished plan: those that a prompt names, and those that the scripted policy finds by itself."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from travel_choosing import Item, allowed, rooms, unfilled
from travel_reading import Seen, Trip, Wish

_HEADING = re.compile(r"^gradient (\w+) \((\w+), (?:step (\d+)|the whole plan), from the (?:environment|checker).*\)$")
_FIELD = re.compile(r"^(critique|requirement|expected|observed|evidence): (.*)$")


@dataclass(frozen=True)
class Fault:
    """Something that is wrong.

    Attributes:
        requirement: What it is about, such as `seats` or `meals-day-2`; `wish` for a line of the request.
        expected: What should be so: the line of the request itself where it is about one.
        gradient: Id of the gradient that names it; empty where nobody did.
        component: Of the loss that it counts in.
    """

    requirement: str
    expected: str
    observed: str = ""
    gradient: str = ""
    component: str = ""
    step: int | None = None


def named_faults(text: str, trip: Trip) -> list[Fault]:
    """The gradients of a prompt, without those of a model; soft constraints are not heeded."""
    found: list[Fault] = []
    lines = text.splitlines()
    for number, line in enumerate(lines):
        heading = _HEADING.match(line)
        if heading is None:
            continue
        fields: dict[str, str] = {}
        for below in lines[number + 1 :]:
            field = _FIELD.match(below)
            if field is None:
                break
            fields[field[1]] = field[2]
        step = int(heading[3]) if heading[3] else None
        critique = fields.get("critique", "")
        lines_said = [wish.text for wish in trip.wishes if critique.startswith(f"{wish.text}:")]
        expected = lines_said[0] if lines_said else fields.get("expected", critique)
        observed = fields.get("observed", critique)
        found.append(Fault(fields.get("requirement", ""), expected, observed, heading[1], heading[2], step))
    return [fault for fault in found if fault.component != "soft_constraints"]


def own_faults(trip: Trip, calls: Sequence[Seen], items: Sequence[Item]) -> Iterator[Fault]:
    """What can be seen to be wrong in a finished plan by reading it, in the words in which environments say it."""
    for wish in (wish for wish in trip.wishes if wish.strength == "hard"):
        if wish in unfilled(items, [wish]) or not _holds(wish, trip, items):
            yield Fault("wish", wish.text)
    for item in items:
        kind, arguments = item.option.kind, item.step.arguments
        if kind == "service" and int(arguments["seats"]) < trip.people:
            observed = f"{item.option.id}: booked for {arguments['seats']} of {trip.people} travellers"
            yield Fault("seats", "Have a seat for everybody", observed)
        if kind == "hotel" and int(arguments["rooms"]) < rooms(item.option, trip):
            yield Fault("beds", "Have a bed for each traveller", f"{item.option.row['name']}: too few rooms")
        if kind in ("sight", "restaurant") and not item.option.open_on(item.date, item.start, item.end):
            name = item.option.row["name"]
            yield Fault(
                "opening_hours", "Visit only what is open", f"{name} on {item.date}: open {item.option.row['hours']}"
            )
    yield from _missing_meals(trip, items)
    cost = next((call.answer["total"] for call in reversed(calls) if "total" in call.answer), None)
    stated = next((call.arguments["total"] for call in reversed(calls) if call.tool == "finish_plan"), None)
    if cost is not None and stated is not None and abs(stated - cost) * 10 > cost:
        yield Fault("stated_cost", "Say what the plan costs", f"handed in as {stated} credits, the plan costs {cost}")


def _holds(wish: Wish, trip: Trip, items: Sequence[Item]) -> bool:
    """Whether every option that a wish is about is as it asks; room is another matter."""
    ample = Trip(1, trip.origin, trip.cities, trip.dates, trip.wishes)
    return all(allowed(item.option, ample, [wish]) for item in items)


def _missing_meals(trip: Trip, items: Sequence[Item]) -> Iterator[Fault]:
    for number, day in enumerate(trip.dates[:-1], 1):
        if not any(item.date == day and item.meal == "dinner" for item in items):
            yield Fault(
                f"meals-day-{number}", f"Have lunch and dinner on day {number}", f"no dinner on day {number}, {day}"
            )
