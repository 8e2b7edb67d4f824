"""What is wrong with the rows of an export, counted by what should hold, with the first place of each."""

from collections import Counter

from hitl_app.domain.export_check import Check

READ = "every line is a JSON object"
TYPED = "every row has the declared columns and types"
DIFFERENT = "chosen and rejected differ"
CALLS = "arguments of calls are valid JSON"
ANSWERS = "each result of a tool answers a call"
APART = "no task and no lineage is in two parts"
EQUAL = "Parquet and JSON Lines hold the same rows"

_ALL = (READ, TYPED, DIFFERENT, CALLS, ANSWERS, APART, EQUAL)


class Faults:
    """Counts what was looked at and what was wrong."""

    def __init__(self) -> None:
        self._looked: Counter[str] = Counter()
        self._wrong: Counter[str] = Counter()
        self._first: dict[str, str] = {}

    def look(self, what: str, wrong: str | None, place: str) -> None:
        """Count one look at something, and what is wrong with it; None where nothing is."""
        self._looked[what] += 1
        if wrong is not None:
            self._wrong[what] += 1
            self._first.setdefault(what, f"{place}: {wrong}")

    def checks(self) -> list[Check]:
        """A check for everything that was looked at."""
        return [self._check(what) for what in _ALL if self._looked[what]]

    def _check(self, what: str) -> Check:
        wrong, looked = self._wrong[what], self._looked[what]
        if not wrong:
            return Check(what, True, f"{looked:,} checked")
        return Check(what, False, f"{wrong:,} of {looked:,} are wrong, the first in {self._first[what]}")
