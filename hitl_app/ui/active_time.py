"""Active time: how long somebody worked on what is open, apart from the time that nobody was there."""

import time
from collections.abc import Callable
from dataclasses import dataclass

IDLE_SECONDS = 60.0
"""After so long without input nobody is taken to be reading any more."""


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds since time was last taken: those in which somebody worked, and the others."""

    active: float
    idle: float


class ActiveTime:
    """Adds up the time between inputs; of a longer pause only the first `IDLE_SECONDS` count as active."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """Start counting.

        Args:
            now: A monotonic clock, in seconds.
        """
        self._now = now
        self._last = now()
        self._active = self._idle = 0.0

    def touch(self) -> None:
        """Somebody pressed a key or moved the mouse."""
        now = self._now()
        pause = now - self._last
        self._active += min(pause, IDLE_SECONDS)
        self._idle += max(0.0, pause - IDLE_SECONDS)
        self._last = now

    def take(self) -> Spent:
        """What was spent since it was last taken."""
        self.touch()
        spent = Spent(round(self._active, 3), round(self._idle, 3))
        self._active = self._idle = 0.0
        return spent
