"""How good the scripted policy is: the probabilities with which it errs. Draws depend on the prompt's text alone."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from travel_reading import Asked, Trip, Wish


@dataclass(frozen=True)
class Skill:
    """Probabilities, each for one thing in one prompt.

    Attributes:
        overlooks: Does not heed a hard wish that stands in the request only.
        overlooks_named: Does not heed one that a plan, a note or a gradient names once more.
        slips: Makes a slip of a kind, such as a seat too few, a visit at a time that it did not look up, a dinner
            forgotten, or a wrong total.
        slips_named: Makes one of a kind that a note names.
        notices: Finds a fault in a finished plan that nobody pointed out to it.
        understands: Does something about a fault that it is told.
        misjudges: Takes a wrong option where it mends a fault.
        steady: Chance depends on the request and the number of the sample only: what it did well and badly in one
            prompt it does again in the next one, but for what that one names.
    """

    overlooks: float = 0.15
    overlooks_named: float = 0.03
    slips: float = 0.08
    slips_named: float = 0.02
    notices: float = 0.4
    understands: float = 0.9
    misjudges: float = 0.1
    steady: bool = False


SKILL = Skill()
"""The skill that the measurement documents."""

POOR_EDITOR = Skill(understands=0.45, misjudges=0.4)
"""Mends fewer than half of the faults that it is told of, and often wrongly."""

STEADY = Skill(steady=True)
"""Repeats at the next try what it did well at the last one, as a model may that is asked at a low temperature."""

BEGINNER = Skill(slips=1.0, slips_named=0.5)
"""Never succeeds at the first try, so that tests see every method go on."""

_SLIPS = {
    "seats": r"booked for \d+ of \d+|seat too few",
    "rooms": r"\d+ rooms? for \d+|bed for each",
    "hours": r": open \d|needed: not before|begins before .* ends",
    "meals": r"no (?:lunch|dinner) on day",
    "total": r"handed in",
}
"""Kinds of slips, and the words by which a prompt reminds of them."""


class Draws:
    """What a policy does by chance: the same for the same prompt, sample and thing."""

    def __init__(self, asked: Asked, skill: Skill = SKILL) -> None:
        self._key = f"{asked.seed}\n{asked.trip if skill.steady else asked.opening}"
        self._text = asked.opening
        self._skill = skill

    def happens(self, probability: float, *thing: object) -> bool:
        """Whether something happens."""
        return self.number(*thing) < probability

    def number(self, *thing: object) -> float:
        """A number from 0 to 1."""
        digest = hashlib.sha256("\n".join([*map(str, thing), self._key]).encode()).digest()
        return int.from_bytes(digest[:6], "big") / 2**48

    def heeded(self, trip: Trip) -> list[Wish]:
        """The hard wishes that are not overlooked, with all goals. Soft wishes are never heeded."""
        return [
            wish for wish in trip.wishes if wish.strength == "goal" or (wish.strength == "hard" and self._heeds(wish))
        ]

    def _heeds(self, wish: Wish) -> bool:
        named = re.search(rf"(?<!- ){re.escape(wish.text)}", self._text) is not None
        skill = self._skill
        return not self.happens(skill.overlooks_named if named else skill.overlooks, "overlook", wish.text)

    def slips(self, kind: str, *where: object) -> bool:
        """Whether a slip of a kind happens somewhere."""
        named = re.search(_SLIPS[kind], self._text) is not None
        return self.happens(self._skill.slips_named if named else self._skill.slips, "slip", kind, *where)

    def noticed(self, faults: Sequence[str]) -> list[str]:
        """Those of the faults of a finished plan that are found without help."""
        return [fault for fault in faults if self.happens(self._skill.notices, "notice", fault)]

    def understood(self, fault: str) -> bool:
        """Whether something is done about a fault that was told."""
        return self.happens(self._skill.understands, "understand", fault)

    def misjudges(self, thing: object) -> bool:
        """Whether a wrong option is taken."""
        return self.happens(self._skill.misjudges, "misjudge", thing)
