"""What can be completed at a place of a query: names of fields, comparisons, counts, and values of a field."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from hitl_app.domain.query import CHOICES, COMPARED, COMPARISONS, FIELDS, Field, quoted
from hitl_app.domain.query_parts import Part, Value, scan

_CONTAINED = 2
"""So many characters typed also find what contains them; fewer would find anything."""


class Wanted(StrEnum):
    """What can stand at a place."""

    NAME = "name"
    COUNT = "count"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something can be completed.

    Attributes:
        start, end: What a completion replaces.
        typed: What stands there up to the cursor, without quotes.
        field: Whose value is wanted; None where none is.
        taken: The field's other values, which are not offered again.
    """

    start: int
    end: int
    typed: str
    wanted: Wanted
    field: Field | None = None
    taken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A completion. A name, such as `env:` or `loss.goal`, leads on to another place; anything else ends a term."""

    text: str
    wanted: Wanted


def place_at(text: str, cursor: int) -> Place | None:
    """What can be completed where the cursor stands; None where nothing can.

    Args:
        text: The query as it was typed so far.
        cursor: How many characters stand before the cursor.
    """
    part = next((part for part in scan(text) if part.start <= cursor <= part.end), None)
    if part is None:
        return Place(cursor, cursor, "", Wanted.NAME)
    value = next((value for value in part.values if value.start <= cursor <= value.end), None)
    if value is None or part.junk or cursor < part.name_start:
        return None
    if part.mark == ":":
        return _value_place(text, part, value, cursor)
    typed = text[part.name_start : cursor]
    if value.quoted or cursor < part.end:
        return None
    if part.name in COMPARED:
        return Place(value.start, value.end, text[value.start : cursor], Wanted.COUNT)
    return Place(part.name_start, part.end, typed, Wanted.NAME)


def _value_place(text: str, part: Part, value: Value, cursor: int) -> Place | None:
    field = next((known for known in FIELDS if known == part.name), None)
    inside = value.start + value.quoted
    if field is None or cursor < inside or (value.quoted and value.closed and cursor == value.end):
        return None
    end = value.end
    if not value.closed:  # the quotes run on to the end of the line, over what was written before them
        end = cursor
        if text[cursor : cursor + 1].strip(" ,"):
            return None
    typed = text[inside:cursor].replace('""', '"')
    taken = tuple(other.text for other in part.values if other is not value)
    return Place(value.start, end, typed, Wanted.VALUE, field, taken)


def offers(place: Place, values: Sequence[str] = ()) -> tuple[Offer, ...]:
    """What is offered at a place, the likeliest first: what begins with the typed text, then what contains it.

    Args:
        place: As `place_at` found it.
        values: Values that the store has for the place's field; not needed where the language knows them.
    """
    if place.wanted is Wanted.VALUE:
        known = CHOICES.get(place.field or "", values)
        fresh = [value for value in known if value not in place.taken]
        return tuple(Offer(quoted(value), Wanted.VALUE) for value in _fitting(place.typed, fresh))
    if place.wanted is Wanted.COUNT:
        return tuple(Offer(count, Wanted.COUNT) for count in _fitting(place.typed, ("0", "1", "5", "10", "20")))
    if place.typed in COMPARED:
        return tuple(Offer(place.typed + comparison, Wanted.NAME) for comparison in COMPARISONS)
    return tuple(Offer(name, Wanted.NAME) for name in _fitting(place.typed, (*(f"{f}:" for f in FIELDS), *COMPARED)))


def complete(text: str, place: Place, offer: Offer) -> tuple[str, int]:
    """The query with an offer taken, and where the cursor stands then."""
    return text[: place.start] + offer.text + text[place.end :], place.start + len(offer.text)


def _fitting(typed: str, known: Sequence[str]) -> list[str]:
    wanted = typed.casefold()
    begin = [name for name in known if name.casefold().startswith(wanted)]
    long = len(wanted) >= _CONTAINED
    contain = [name for name in known if long and wanted in name.casefold() and name not in begin]
    return [name for name in (*begin, *contain) if name != typed]
