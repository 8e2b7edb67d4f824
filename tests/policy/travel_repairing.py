"""How the scripted policy mends a plan: for each fault an edit, computed from what the prompt shows."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from travel_acting import addition, best_service
from travel_choosing import (
    Item,
    Option,
    allowed,
    clock,
    counts,
    free_start,
    minutes,
    moved,
    options,
    planned,
    ranked,
    rooms,
    unfilled,
)
from travel_faults import Fault, named_faults, own_faults
from travel_reading import Asked, Seen, Trip, Wish
from travel_skill import Draws

Edit = dict[str, Any]  # as the prompt asks for edits


def repair(asked: Asked, trip: Trip, draws: Draws) -> Edit:
    """Edits for the faults that the prompt names, else for those that are noticed."""
    mending = _Mending(asked, trip, draws)
    named = [
        fault for fault in named_faults(asked.opening, trip) if fault.requirement or fault.component == "feasibility"
    ]
    faults = [fault for fault in named if draws.understood(fault.expected + fault.observed)]
    if not named:
        seen = {fault.expected + fault.observed: fault for fault in own_faults(trip, asked.calls, mending.items)}
        faults = [seen[text] for text in draws.noticed(list(seen))]
    for fault in faults:
        mending.mend(fault)
    edits = mending.edits()
    return {"reasoning": "Each fault is mended.", "kind": "edits" if edits else "nothing", "edits": edits}


class _Mending:
    """The plan as it will be, and what has to change for that."""

    def __init__(self, asked: Asked, trip: Trip, draws: Draws) -> None:
        self._trip = trip
        self._draws = draws
        self._known = options(asked.calls)
        self._steps = {call.index: call for call in asked.calls}
        self._wishes = draws.heeded(trip)
        self._locked = max((call.index + 1 for call in asked.calls if call.locked), default=0)
        self.items = planned(asked.calls, self._known)
        self._arguments: dict[int, Mapping[str, Any]] = {}
        self._deleted: set[int] = set()
        self._inserted: list[Item] = []
        self._answers: dict[int, list[str]] = {}
        self._cost = self._difference = 0
        self._now: Fault = Fault("", "")

    def mend(self, fault: Fault) -> None:
        """Change the plan so that a fault is gone, where the policy knows how."""
        self._now = fault
        wish = next((wish for wish in self._trip.wishes if wish.text == fault.expected), None)
        if wish is not None and not any(wish.text == known.text for known in self._wishes):
            self._wishes.append(wish)
        if wish is not None and wish.strength == "hard":
            self._mend_wish(wish)
        elif match := re.search(r"\d+ sights? on day (\d+)", fault.observed):
            self._add("sight", self._trip.dates[int(match[1]) - 1])
        elif match := re.search(r"no (lunch|dinner) on day (\d+)", fault.observed):
            self._add("restaurant", self._trip.dates[int(match[2]) - 1], match[1])
        elif handler := _HANDLERS.get(fault.requirement):
            handler(self)
        elif fault.component == "feasibility" and fault.step is not None and fault.step >= self._locked:
            self._deleted.add(fault.step)

    def _mend_wish(self, wish: Wish) -> None:
        limit = wish.match(r"Spend at most (\d+) credits in all")
        evening = wish.match(r"End visits and meals by (\d\d:\d\d) every day")
        pace = wish.match(r"See at most (\d+) sights? on any day")
        if limit:
            self._cheapen()
        elif evening:
            for item in [i for i in self.items if i.end > minutes(evening[1]) and i.option.kind != "service"]:
                self._retime(item)
        elif pace:
            self._thin(int(pace[1]))
        for item in list(self.items):
            if not allowed(item.option, self._trip, [wish]):
                self._exchange(item)
        for _ in range(3):
            short = unfilled(self.items, [wish])
            spare = [item for item in self.items if self._is_spare(item, wish)]
            if not short or not spare:
                break
            if not any(self._exchange(item, wanted=wish) for item in reversed(spare)):
                break

    def _is_spare(self, item: Item, wish: Wish) -> bool:
        """Nothing asks for this very item, and another of its kind may count for the wish."""
        if counts(item.option, wish) or not any(
            counts(o, wish) for o in self._known.values() if o.kind == item.option.kind
        ):
            return False
        return not any(counts(item.option, other) for other in self._trip.wishes if other.strength == "hard")

    def mend_seats(self) -> None:
        """As many seats as people, as many rooms as they need."""
        for item in self.items:
            if item.option.kind == "service":
                self._set(item, {"seats": self._trip.people})
            elif item.option.kind == "hotel":
                self._set(item, {"rooms": rooms(item.option, self._trip)})

    def mend_total(self) -> None:
        """State the cost that the fault names."""
        match = re.search(r"the plan costs (\d+)", self._now.observed)
        if match:
            self._cost = int(match[1])

    def mend_times(self) -> None:
        """Another time, else another place, for the last of the things that the fault names."""
        parts = self._now.observed.split("; ")
        for part in parts:
            there = [
                item
                for item in self.items
                if item.option.kind in ("sight", "restaurant") and item.option.row["name"] in part
            ]
            movable = [item for item in there if item.step.index >= self._locked]
            if movable:
                self._retime(max(movable, key=lambda item: item.start))

    def mend_hotel(self) -> None:
        """A hotel with a reception that is open late enough."""
        for item in [item for item in self.items if item.option.kind == "hotel"]:
            self._exchange(item)

    def _retime(self, item: Item) -> None:
        others = [other for other in self.items if other is not item]
        start = free_start(item.option, item.date, others, self._wishes, item.meal)
        if start is not None and start != item.start:
            self._set(item, {"start": clock(start)}, moved(item, start))
        elif not self._exchange(item):
            self._delete(item)

    def _exchange(self, item: Item, wanted: Wish | None = None) -> bool:
        """Another option of the same kind in the same place, that fits; whether there was one."""
        if 0 <= item.step.index < self._locked:
            return False
        others = [other for other in self.items if other is not item]
        used = {other.option.id for other in others} | {item.option.id}
        here = [
            option
            for option in self._known.values()
            if (option.kind, option.where, option.date) == (item.option.kind, item.option.where, item.option.date)
            and option.id not in used
            and (wanted is None or counts(option, wanted))
        ]
        short = unfilled(others, self._wishes)
        found = ranked(here, self._trip, self._wishes, short)
        if self._draws.misjudges(self._now.expected) and wanted is None:
            found = sorted(here, key=lambda option: option.id)
        if item.option.kind == "service":
            best = best_service(found, last=item.option.where == self._trip.origin)
            found = [] if best is None else [best]
        return any(self._take(item, option, others) for option in found)

    def _take(self, item: Item, option: Option, others: Iterable[Item]) -> bool:
        kind = option.kind
        if kind == "service":
            start, end = minutes(option.row["departs"]), minutes(option.row["arrives"])
            new = replace(item, option=option, start=start, end=end)
            self._set(item, {"service_id": option.id}, new)
            for other in [other for other in self.items if other.date == item.date]:
                self._fit(other)
            return True
        if kind == "hotel":
            self._set(item, {"hotel_id": option.id, "rooms": rooms(option, self._trip)}, replace(item, option=option))
            return True
        free = free_start(option, item.date, others, self._wishes, item.meal)
        if free is None:
            return False
        length = option.needs if kind == "sight" else 60
        call = addition(option, item.date, free, item.meal)[1]
        self._set(item, call, replace(item, option=option, start=free, end=free + length))
        return True

    def _fit(self, item: Item) -> None:
        """Move what does not fit any more beside a service that was changed."""
        if item.option.kind not in ("sight", "restaurant") or item.step.index < self._locked:
            return
        others = [other for other in self.items if other is not item]
        for service in (other for other in others if other.option.kind == "service" and other.date == item.date):
            leaves = service.option.where == self._trip.origin
            if (leaves and item.end + 30 > service.start) or (not leaves and item.start < service.end + 20):
                self._retime(item)
                return

    def _add(self, kind: str, day: str, meal: str = "") -> None:
        city = self._trip.city_on(day)
        used = {item.option.id for item in self.items}
        here = [o for o in self._known.values() if (o.kind, o.where) == (kind, city) and o.id not in used]
        for option in ranked(here, self._trip, self._wishes, unfilled(self.items, self._wishes)):
            start = free_start(option, day, self.items, self._wishes, meal)
            if start is not None:
                tool, arguments = addition(option, day, start, meal)
                end = start + (option.needs if kind == "sight" else 60)
                item = Item(Seen(tool, arguments), option, day, start, end)
                self.items.append(item)
                self._inserted.append(item)
                self._difference += option.price * self._trip.people
                return

    def _thin(self, most: int) -> None:
        for day in self._trip.dates:
            seen = [item for item in self.items if item.option.kind == "sight" and item.date == day]
            spare = [item for item in seen if not any(counts(item.option, wish) for wish in self._trip.wishes)]
            for item in spare[: max(0, len(seen) - most)]:
                self._delete(item)

    def _cheapen(self) -> None:
        """The dearest things are exchanged for the cheapest that will do."""
        for item in sorted(self.items, key=lambda item: -item.option.price)[:3]:
            if item.option.kind != "service":
                self._exchange(item)

    def _set(self, item: Item, arguments: Mapping[str, Any], new: Item | None = None) -> None:
        if item in self._inserted:
            position = self._inserted.index(item)
            call = {**item.step.arguments, **arguments}
            self._inserted[position] = new = replace(new or item, step=replace(item.step, arguments=call))
        elif item.step.index >= self._locked:
            index = item.step.index
            self._arguments[index] = {**self._arguments.get(index, item.step.arguments), **arguments}
            self._answers.setdefault(index, []).append(self._now.gradient)
        else:
            return
        if new is not None:
            self._difference += (new.option.price - item.option.price) * self._trip.people
            self.items[self.items.index(item)] = new

    def _delete(self, item: Item) -> None:
        if item in self._inserted:
            self._inserted.remove(item)
        elif item.step.index >= self._locked:
            self._deleted.add(item.step.index)
        else:
            return
        self.items.remove(item)

    def edits(self) -> list[Edit]:
        """The edits of all steps, and what the plan will cost."""
        finish = next((call for call in self._steps.values() if call.tool == "finish_plan"), None)
        told = next(
            (
                call.answer["total"]
                for call in reversed(self._steps.values())
                if "total" in call.answer and call.tool == "get_budget"
            ),
            0,
        )
        found: list[Edit] = [{"op": "delete", "step": index} for index in sorted(self._deleted)]
        for index, arguments in sorted(self._arguments.items()):
            step = self._steps[index]
            if index in self._deleted or arguments == step.arguments:
                continue
            answers = [identity for identity in self._answers.get(index, ()) if identity]
            call = {"name": step.tool, "arguments": dict(arguments)}
            found.append({"op": "replace", "step": index, "action": call, "answers": answers})
        end = finish.index if finish is not None else 1 + max(self._steps, default=-1)
        for item in self._inserted:
            call = {"name": item.step.tool, "arguments": dict(item.step.arguments)}
            found.append({"op": "insert", "before": max(end, self._locked), "action": call})
        total = (self._cost or told) + self._difference
        stale = self._cost or abs(self._difference) * 20 > total
        if finish is not None and stale and finish.index not in self._deleted and total != finish.arguments["total"]:
            found.append({"op": "set_argument", "step": finish.index, "name": "total", "value": total})
        return found


_HANDLERS: Mapping[str, Callable[[_Mending], None]] = {
    "seats": _Mending.mend_seats,
    "beds": _Mending.mend_seats,
    "stated_cost": _Mending.mend_total,
    "opening_hours": _Mending.mend_times,
    "transfer_time": _Mending.mend_times,
    "no_overlap": _Mending.mend_times,
    "party_present": _Mending.mend_times,
    "meal_gaps": _Mending.mend_times,
    "reception": _Mending.mend_hotel,
}
