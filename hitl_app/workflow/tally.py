"""How many of how many, with what that says of the share."""

from dataclasses import dataclass

from hitl_app.refine.statistics import Interval, share


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something was so, of how many times it was looked for."""

    hits: int = 0
    of: int = 0

    @property
    def rest(self) -> int:
        """How often it was not so."""
        return self.of - self.hits

    @property
    def interval(self) -> Interval | None:
        """The share with Wilson's 95 % interval; None where there is nothing to take a share of."""
        return share(self.hits, self.of) if self.of else None

    @classmethod
    def count(cls, answers: list[bool]) -> "Tally":
        """Of answers one by one."""
        return cls(sum(answers), len(answers))
