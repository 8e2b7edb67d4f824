"""How the scripted policy plans and acts: it looks everything up, books, fills the days, and hands in."""

from collections.abc import Iterator, Mapping
from typing import Any

from travel_choosing import (
    Option,
    allowed,
    clock,
    latest_end,
    minutes,
    most_sights,
    options,
    planned,
    ranked,
    rooms,
    unfilled,
)
from travel_reading import Asked, Leg, Trip
from travel_skill import Draws

Call = tuple[str, Mapping[str, Any]]  # arguments are whatever JSON a tool takes

ASKED = 4
"""Places for which free times are asked at once."""

_LAYERS = (
    ("sight", "", 9 * 60, 13 * 60 + 15),
    ("restaurant", "lunch", 11 * 60 + 30, 15 * 60),
    ("sight", "", 13 * 60, 18 * 60 + 30),
    ("restaurant", "dinner", 18 * 60, 22 * 60),
)
"""What fills a day: the kind, the meal, not before, and when it ends at the latest."""


def plan(asked: Asked, trip: Trip, draws: Draws) -> list[dict[str, str]]:
    """A plan that repeats the wishes that were not overlooked."""
    where = " and ".join(trip.cities)
    steps = [
        f"Look up the ways, hotels, sights and restaurants of {where}",
        "Book the ways and hotels, and fill each day",
        *(f"Heed this: {wish.text}" for wish in draws.heeded(trip) if wish.strength == "hard"),
        "Hand the plan in with what it costs",
    ]
    return [{"reasoning": "", "step": step, "expected_outcome": ""} for step in steps]


def act(asked: Asked, trip: Trip, draws: Draws) -> tuple[list[Call], str]:
    """The next calls, and words; without calls the work is done. Where it stands is told by its turns so far."""
    acting = _Acting(asked, trip, draws)
    layer = asked.turns - 2
    if asked.turns == 0:
        return list(acting.searches()), "First everything has to be looked up."
    if layer < len(_LAYERS):
        calls = [*acting.bookings(), *acting.additions(layer), *acting.questions(layer + 1)]
        return [*calls, *([("get_budget", {})] if layer == len(_LAYERS) - 1 else ())], "Now the next things."
    if layer == len(_LAYERS):
        return [("finish_plan", {"total": acting.total()})], "Everything is planned."
    return [], f"Your trip to {' and '.join(trip.cities)} is planned."


class _Acting:
    def __init__(self, asked: Asked, trip: Trip, draws: Draws) -> None:
        self._asked = asked
        self._trip = trip
        self._draws = draws
        self._wishes = draws.heeded(trip)
        self._known = options(asked.calls)
        self._items = planned(asked.calls, self._known)

    def searches(self) -> Iterator[Call]:
        for leg in self._trip.legs:
            way = {"origin": leg.origin, "destination": leg.destination, "date": leg.date}
            yield "search_trains", way
            yield "search_flights", way
        for leg in self._trip.legs[:-1]:
            yield "search_hotels", {"city": leg.destination, "check_in": leg.date}
            yield "search_sights", {"city": leg.destination}
            yield "search_restaurants", {"city": leg.destination}

    def bookings(self) -> Iterator[Call]:
        """Ways and hotels that are not booked yet; what was refused is not tried again."""
        for number, leg in enumerate(self._trip.legs):
            if not any(item.option.kind == "service" and item.date == leg.date for item in self._items):
                service = self._service(leg, last=number == len(self._trip.cities))
                if service is not None:
                    seats = self._trip.people - (self._trip.people > 1 and self._draws.slips("seats", leg))
                    yield "book_transport", {"service_id": service.id, "date": leg.date, "seats": seats}
        for leg, nights in zip(self._trip.legs, self._trip.nights, strict=False):
            if not any(item.option.kind == "hotel" and item.date == leg.date for item in self._items):
                hotel = next(iter(self._hotels(leg)), None)
                if hotel is not None:
                    wanted = 1 if self._draws.slips("rooms", leg) else rooms(hotel, self._trip)
                    yield (
                        "book_hotel",
                        {"hotel_id": hotel.id, "check_in": leg.date, "nights": nights, "rooms": wanted},
                    )

    def _untried(self, kind: str) -> list[Option]:
        refused = {call.arguments.get(f"{kind}_id") for call in self._asked.calls if call.failed}
        return [option for option in self._known.values() if option.kind == kind and option.id not in refused]

    def _service(self, leg: Leg, *, last: bool) -> Option | None:
        found = [
            option
            for option in self._untried("service")
            if (option.where, option.date) == (leg.destination, leg.date) and allowed(option, self._trip, self._wishes)
        ]
        return best_service(found, last=last)

    def _hotels(self, leg: Leg) -> list[Option]:
        here = [
            option
            for option in self._untried("hotel")
            if option.where == leg.destination and minutes(option.row["reception_closes"]) >= 21 * 60
        ]
        return ranked(here, self._trip, self._wishes, ())

    def questions(self, layer: int) -> Iterator[Call]:
        """When the best candidates of a layer fit into each day."""
        if not 0 <= layer < len(_LAYERS):
            return
        kind, _, not_before, _ = _LAYERS[layer]
        for day in self._trip.dates:
            for option in self._candidates(kind, day)[:ASKED]:
                yield "find_slots", {"place_id": option.id, "date": day, "not_before": clock(not_before)}

    def _candidates(self, kind: str, day: str) -> list[Option]:
        used = {item.option.id for item in self._items}
        city = self._trip.city_on(day)
        here = [o for o in self._known.values() if (o.kind, o.where) == (kind, city) and o.id not in used]
        return ranked(here, self._trip, self._wishes, unfilled(self._items, self._wishes))

    def additions(self, layer: int) -> Iterator[Call]:
        """What was asked for in the turn before, put where it fits."""
        if not 0 <= layer < len(_LAYERS):
            return
        kind, meal, not_before, end_by = _LAYERS[layer]
        taken: set[str] = set()
        for day in self._trip.dates:
            seen = sum(item.option.kind == "sight" and item.date == day for item in self._items)
            if kind == "sight" and seen >= most_sights(self._wishes):
                continue
            if meal == "dinner" and self._draws.slips("meals", day):
                continue
            found = [option for option in self._candidates(kind, day)[:ASKED] if option.id not in taken]
            chosen = self._fitting(found, day, not_before, min(end_by, latest_end(self._wishes)))
            if kind == "sight" and found and self._draws.slips("hours", day, layer):
                chosen = found[0], not_before
            if chosen is not None:
                option, start = chosen
                taken.add(option.id)
                yield addition(option, day, start, meal)

    def _fitting(self, found: list[Option], day: str, not_before: int, end_by: int) -> tuple[Option, int] | None:
        for option in found:
            starts = self._starts(option.id, day, clock(not_before))
            length = option.needs if option.kind == "sight" else 60
            if starts and starts[0] + length <= end_by:
                return option, starts[0]
        return None

    def _starts(self, place: str, day: str, not_before: str) -> list[int]:
        wanted = {"place_id": place, "date": day, "not_before": not_before}
        for call in reversed(self._asked.calls):
            if call.tool == "find_slots" and call.arguments == wanted:
                return [minutes(slot["start"]) for slot in call.answer.get("slots", ())]
        return []

    def total(self) -> int:
        """What the plan costs, as the budget says; with a slip a quarter too much."""
        told = next((call.answer["total"] for call in reversed(self._asked.calls) if "total" in call.answer), 0)
        return int(told * 1.25) if self._draws.slips("total") else int(told)


def best_service(found: list[Option], *, last: bool) -> Option | None:
    """A train before a flight; there as early as can be, home in the evening as late as can be."""

    def order(option: Option) -> tuple[bool, bool, int]:
        departs, arrives = minutes(option.row["departs"]), minutes(option.row["arrives"])
        flies = option.row["mode"] == "flight"
        return (departs > 20 * 60, flies, -departs) if last else (departs < 6 * 60, flies, arrives)

    return min(found, key=order, default=None)


def addition(option: Option, day: str, start: int, meal: str) -> Call:
    """The call that puts a visit or a meal into the plan."""
    if option.kind == "sight":
        return "add_visit", {"sight_id": option.id, "date": day, "start": clock(start), "minutes": option.needs}
    return "add_meal", {"restaurant_id": option.id, "date": day, "meal": meal, "start": clock(start)}
