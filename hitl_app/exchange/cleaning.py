"""Secrets, personal data and injected instructions in what goes out: found, told, and masked where that is asked for.

The text stays data: nothing in it is followed, and nothing is dropped because of it.
"""

from collections import Counter

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.training import Cleaning


class Cleaner:
    """Looks through rows.

    Attributes:
        found: How often each kind was found, such as `EMAIL`.
    """

    def __init__(self, cleaning: Cleaning) -> None:
        self._cleaning = cleaning
        self.found: Counter[str] = Counter()

    def clean(self, row: JsonObject) -> tuple[JsonObject, bool]:
        """The row as it goes out, and whether some text in it reads like an instruction to the agent from outside."""
        return row, False
