"""Values that occur earlier in a trajectory: what an edited call most likely takes as an argument."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from hitl_app.domain.jsontypes import Json, parse_or_text
from hitl_app.workflow.opened import Opened
from hitl_app.workflow.threads import Threads

MOST_VALUES = 20_000
"""Values that are kept: the newest."""

MOST_TEXT = 8_000_000
"""Characters of observations and messages that are read, from the newest on."""

LONGEST = 80
"""Characters of a text up to which it is offered as a value."""

_ID = re.compile(r"[\w@#.+-]*[\d_@#][\w@#.+-]*\w")
"""Words of a running text that look like an id, a number, a date or an address."""


class EarlierValues:
    """Values by the name that they go by, the newest first."""

    def __init__(self, found: Iterable[tuple[str, Json]] = ()) -> None:
        """Collect names and values; `found` begins with the newest."""
        self._by_name: dict[str, dict[Json, None]] = {}
        self._all: dict[tuple[bool, Json], Json] = {}
        for name, value in found:
            if len(self._all) >= MOST_VALUES:
                break
            self._all.setdefault((isinstance(value, str), value), value)
            self._by_name.setdefault(name, {}).setdefault(value)

    def find(self, name: str, typed: str = "", *, numbers: bool = False, limit: int = 12) -> tuple[Json, ...]:
        """Values that contain what was typed: first those that go by this name, then all others.

        Args:
            name: Of the argument that a value is wanted for.
            typed: Part of the value.
            numbers: Numbers are wanted, else texts.
            limit: How many at most.
        """
        wanted = typed.casefold()
        pool = [*self._by_name.get(name, ()), *self._all.values()]
        fits: dict[Json, None] = {}
        for value in pool:
            if isinstance(value, str) is not numbers and wanted in str(value).casefold():
                fits.setdefault(value)
                if len(fits) == limit:
                    break
        return tuple(fits)


class EarlierValuesOf:
    """Finds the values without holding up who asks: a long trajectory is read in the background."""

    def __init__(self, threads: Threads) -> None:
        self._threads = threads

    async def __call__(self, opened: Opened, before: int) -> EarlierValues:
        """The values of an open trajectory that occur before one of its steps."""
        return await self._threads.background(lambda: EarlierValues(occurrences(opened, before)))


def occurrences(opened: Opened, before: int) -> Iterator[tuple[str, Json]]:
    """Names and values before a step, the newest first."""
    read = 0
    executed = opened.inspection.execution.steps if opened.inspection else ()
    for index in reversed(range(min(before, len(opened.trajectory.steps)))):
        step = opened.trajectory.steps[index]
        observation = executed[index].observation if index < len(executed) else None
        told = observation.text if observation is not None else step.expected.text if step.expected else ""
        for text in (told, step.text):
            read += len(text)
            if read <= MOST_TEXT:
                yield from _values("", parse_or_text(text))
        yield from _values("", step.arguments)


def _values(name: str, value: Json) -> Iterator[tuple[str, Json]]:
    if isinstance(value, Mapping):
        for inner, item in value.items():
            if _ID.fullmatch(inner) and any(c.isdigit() for c in inner):
                yield name, inner
            yield from _values(inner, item)
    elif isinstance(value, str):
        if name and 0 < len(value) <= LONGEST and "\n" not in value:
            yield name, value
        else:
            yield from (("", word) for word in _ID.findall(value) if len(word) <= LONGEST)
    elif isinstance(value, Sequence):
        for item in value:
            yield from _values(name, item)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield name, value
