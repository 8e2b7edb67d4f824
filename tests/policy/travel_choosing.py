"""How the scripted policy chooses: what it saw, which of it the wishes allow, and when it is open and free."""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from travel_reading import Seen, Trip, Wish

Record = Mapping[str, Any]  # one row of a look-up, as its tool answered

BUFFER = 30
"""Minutes that the policy leaves between two things where it cannot ask for the way."""

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_KINDS = {"book_transport": "service", "book_hotel": "hotel", "add_visit": "sight", "add_meal": "restaurant"}
_WINDOWS = {"lunch": (11 * 60, 14 * 60 + 30), "dinner": (17 * 60 + 30, 21 * 60 + 30)}


def minutes(text: str) -> int:
    """`HH:MM` as minutes after midnight."""
    hours, minute = text.split(":")
    return int(hours) * 60 + int(minute)


def clock(minute: int) -> str:
    """Minutes after midnight as `HH:MM`."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


@dataclass(frozen=True)
class Option:
    """Something that can be booked or planned, as a look-up showed it.

    Attributes:
        where: Its city; for a service where it goes.
        date: For a service, when it runs; for a hotel, the night that was asked for.
    """

    kind: str
    id: str
    row: Record
    where: str = ""
    date: str = ""

    @property
    def price(self) -> int:
        """Of one seat, room and night, ticket or meal."""
        return int(next(self.row[name] for name in ("price", "price_per_night", "ticket") if name in self.row))

    @property
    def needs(self) -> int:
        """Minutes that it takes."""
        return int(self.row.get("minutes", 60))

    def open_on(self, day: str, start: int, end: int) -> bool:
        """Whether it is open all that time."""
        opens, closes, closed = re.match(r"(\d\d:\d\d)-(\d\d:\d\d)(?:, closed on (.*))?", self.row["hours"]).groups()  # type: ignore[union-attr]  # every look-up gives hours in this form
        if _DAYS[date.fromisoformat(day).weekday()] in (closed or ""):
            return False
        return minutes(opens) <= start and end <= minutes(closes)


def options(calls: Iterable[Seen]) -> dict[tuple[str, str, str], Option]:
    """Everything that look-ups showed, by kind, id and date (a service's; empty for the others)."""
    found: dict[tuple[str, str, str], Option] = {}
    for call in calls:
        if not call.tool.startswith("search_"):
            continue
        for row in call.records():
            kind = next((kind for kind in _KINDS.values() if f"{kind}_id" in row), "")
            if not kind:
                continue
            day = call.arguments.get("date", "") if kind == "service" else ""
            where = call.arguments.get("destination") or call.arguments.get("city", "")
            mode = {"mode": call.tool[7:-1]} if kind == "service" else {}
            option = Option(kind, row[f"{kind}_id"], {**row, **mode}, where, day)
            found.setdefault((kind, option.id, day), option)
    return found


@dataclass(frozen=True)
class Item:
    """Something in the plan: a step, and what it books or plans."""

    step: Seen
    option: Option
    date: str
    start: int = 0
    end: int = 0

    @property
    def meal(self) -> str:
        """`lunch` or `dinner`; empty for what is no meal."""
        return str(self.step.arguments.get("meal", ""))


def planned(calls: Iterable[Seen], known: Mapping[tuple[str, str, str], Option]) -> list[Item]:
    """What is in the plan, in the order of the steps."""
    items = []
    for step in calls:
        kind = _KINDS.get(step.tool)
        if kind is None or step.failed:
            continue
        arguments = step.arguments
        day = str(arguments.get("date") or arguments.get("check_in", ""))
        option = known.get((kind, str(arguments.get(f"{kind}_id")), day if kind == "service" else ""))
        if option is not None:
            start = end = 0
            if kind == "service":
                start, end = minutes(option.row["departs"]), minutes(option.row["arrives"])
            elif kind != "hotel":
                start = minutes(arguments["start"])
                end = start + int(arguments.get("minutes", 60))
            items.append(Item(step, option, day, start, end))
    return items


def allowed(option: Option, trip: Trip, wishes: Sequence[Wish]) -> bool:
    """Whether an option by itself is what these wishes ask for, and has room for everybody."""
    row = option.row
    if option.kind == "service" and row["seats_left"] < trip.people:
        return False
    if option.kind == "hotel" and row.get("rooms_left", 1) < rooms(option, trip):
        return False
    return all(check(option, trip, match) for check, match in _matching(option, wishes))


def rooms(option: Option, trip: Trip) -> int:
    """Rooms that hold everybody."""
    return math.ceil(trip.people / int(option.row["beds_per_room"]))


Check = Callable[[Option, Trip, re.Match[str]], bool]


def _matching(option: Option, wishes: Sequence[Wish]) -> list[tuple[Check, re.Match[str]]]:
    return [
        (check, match)
        for kind, pattern, check in _RULES
        if kind == option.kind
        for wish in wishes
        if (match := wish.match(pattern)) is not None
    ]


_RULES: tuple[tuple[str, str, Check], ...] = (
    (
        "service",
        r"Be back in .* by (\d\d:\d\d) on the last day",
        lambda o, trip, m: o.where != trip.origin or minutes(o.row["arrives"]) <= minutes(m[1]),
    ),
    (
        "service",
        r"Be in .* by (\d\d:\d\d) on day 1",
        lambda o, trip, m: o.where != trip.cities[0] or minutes(o.row["arrives"]) <= minutes(m[1]),
    ),
    (
        "service",
        r"Take no train or flight that departs before (\d\d:\d\d)",
        lambda o, _, m: minutes(o.row["departs"]) >= minutes(m[1]),
    ),
    ("service", r"Take only direct trains and flights", lambda o, *_: o.row["transfers"] == 0),
    ("service", r"Change at most (\d+) times? on each way", lambda o, _, m: o.row["transfers"] <= int(m[1])),
    ("service", r"Do not fly", lambda o, *_: o.row["mode"] != "flight"),
    ("hotel", r"Stay in hotels with at least (\d) stars", lambda o, _, m: o.row["stars"] >= int(m[1])),
    ("hotel", r"Stay in hotels that offer this: (.*)", lambda o, _, m: m[1] in o.row["amenities"]),
    ("hotel", r"Pay at most (\d+) for a room and night", lambda o, _, m: o.price <= int(m[1])),
    (
        "hotel",
        r"In (.*) stay in the cheapest hotel of exactly (\d) stars .*",
        lambda o, _, m: o.where != m[1] or o.row["stars"] == int(m[2]),
    ),
    ("sight", r"See only what is (.*)", lambda o, _, m: m[1] in o.row.get("features", ())),
    (
        "restaurant",
        r"Eat only where they cater for this diet: (.*)",
        lambda o, _, m: m[1] in o.row.get("diets", ()),
    ),
    ("restaurant", r"Pay at most (\d+) a person for a meal", lambda o, _, m: o.price <= int(m[1])),
)
"""Wishes about single things: what they are about, how they read, and whether an option is as they ask."""


def counts(option: Option, wish: Wish) -> bool:
    """Whether an option counts towards a wish that wants some of its kind, such as a sight to see."""
    row = option.row
    if option.kind == "sight":
        if match := wish.match(r"See at least \d+ sights? of the category (.*)"):
            return bool(row["category"] == match[1])
        return bool(wish.text == f"See {row['name']}") or (
            wish.match(r"See at least \d+ sights? without paying for a ticket") is not None and option.price == 0
        )
    if option.kind == "restaurant":
        return wish.text in (
            f"Have a meal at {row['name']} in {option.where}",
            f"Have a meal of this cuisine: {row['cuisine']}",
        )
    return False


def wanted(wish: Wish) -> int:
    """How many things a wish of that sort wants; 0 where it is of another sort."""
    if match := wish.match(r"See at least (\d+) sights? (?:of the category|without paying).*"):
        return int(match[1])
    if wish.match(r"See at (?:least|most) .*") or wish.match(r"See only .*"):
        return 0
    return int(wish.strength == "hard" and wish.match(r"(See|Have a meal) .*") is not None)


def latest_end(wishes: Sequence[Wish]) -> int:
    """When visits and meals have to end."""
    ends = [minutes(m[1]) for wish in wishes if (m := wish.match(r"End visits and meals by (\d\d:\d\d) every day"))]
    return min(ends, default=23 * 60)


def most_sights(wishes: Sequence[Wish]) -> int:
    """Sights a day at most."""
    return min([int(m[1]) for w in wishes if (m := w.match(r"See at most (\d+) sights? on any day"))], default=9)


def ranked(found: Iterable[Option], trip: Trip, wishes: Sequence[Wish], short: Sequence[Wish]) -> list[Option]:
    """Options that the wishes allow, the best first: those that unfilled wishes want, then the cheapest."""
    fitting = [option for option in found if allowed(option, trip, wishes)]
    return sorted(fitting, key=lambda o: (-sum(counts(o, wish) for wish in short), o.price, o.id))


def unfilled(items: Iterable[Item], wishes: Iterable[Wish]) -> list[Wish]:
    """Wishes that want more things of a sort than the plan has."""
    chosen = list({item.option.id: item.option for item in items}.values())
    return [wish for wish in wishes if sum(counts(option, wish) for option in chosen) < wanted(wish)]


def free_start(option: Option, day: str, items: Iterable[Item], wishes: Sequence[Wish], meal: str = "") -> int | None:
    """A start at which an option is open and nothing else is planned, with a guess at the ways; None without one."""
    length = option.needs if option.kind == "sight" else 60
    busy = []
    for item in items:
        if item.date == day and item.option.kind != "hotel":
            lead = 60 if item.option.row.get("mode") == "flight" else 10 if item.option.kind == "service" else 0
            busy.append((item.start - lead - BUFFER, item.end + BUFFER))
            if meal and item.meal:
                busy.append((item.start - 150, item.end + 150))
    earliest, latest = _WINDOWS.get(meal, (9 * 60, 22 * 60))
    away_from, away_until = _away(items, day)
    for start in range(max(earliest, away_from), latest + 1, 5):
        end = start + length
        if end > min(latest_end(wishes), away_until):
            return None
        if option.open_on(day, start, end) and all(end <= left or start >= right for left, right in busy):
            return start
    return None


def _away(items: Iterable[Item], day: str) -> tuple[int, int]:
    """When the party is away from home on a day, as far as its services tell."""
    services = sorted(
        (item for item in items if item.option.kind == "service"), key=lambda item: (item.date, item.start)
    )
    begins = ends = None
    if services and services[0].date == day:
        begins = services[0].end + BUFFER
    if len(services) > 1 and services[-1].date == day:
        ends = services[-1].start - BUFFER
    return begins or 0, ends or 24 * 60


def moved(item: Item, start: int) -> Item:
    """The same at another time."""
    return replace(item, start=start, end=start + item.end - item.start)
