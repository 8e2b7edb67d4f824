"""What differs between two trajectories, found beside the face's own thread."""

from collections.abc import Sequence
from dataclasses import dataclass

from hitl_app.domain.difference import Difference, RowKind, RowLines, Version
from hitl_app.workflow.threads import Threads

MOST_OPENED = 2_000_000
"""Characters of observations that are compared at first; the rows after them are compared when they are asked for."""

MOST_LINES = 400
"""Lines that are shown at first: a window breaks them to its width at once."""


@dataclass(frozen=True)
class Compared:
    """A difference with the lines of the rows that are shown at first, by the number of the row."""

    difference: Difference
    lines: dict[int, RowLines]


class Differences:
    """Compares trajectories."""

    def __init__(self, threads: Threads) -> None:
        self._threads = threads

    async def between(self, before: Version, after: Version) -> Compared:
        """Two trajectories side by side."""
        return await self._threads.background(_compare, before, after)

    async def lines(self, difference: Difference, rows: Sequence[int], *, whole: bool) -> dict[int, RowLines]:
        """Rows in lines; `whole` folds nothing."""
        return await self._threads.background(_lines, difference, rows, whole)


def _compare(before: Version, after: Version) -> Compared:
    difference = Difference.between(before, after)
    found: dict[int, RowLines] = {}
    size = count = 0
    for number, kind in enumerate(difference.kinds):
        if kind is RowKind.SAME:
            continue
        size += difference.size(number)
        if size > MOST_OPENED or count > MOST_LINES:
            break
        lines = found[number] = difference.lines(number)
        count += len(lines.step) + len(lines.observation)
    return Compared(difference, found)


def _lines(difference: Difference, rows: Sequence[int], whole: bool) -> dict[int, RowLines]:
    return {number: difference.lines(number, whole=whole) for number in rows}
