"""Active time: how long somebody worked on what is open, without the time that nobody was there."""

import time
from collections.abc import Callable

IDLE_SECONDS = 60.0
"""After so long without input nobody is taken to be reading any more."""


class ActiveTime:
    """Adds up the time between inputs; of a longer pause only the first `IDLE_SECONDS` count."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """Start counting.

        Args:
            now: A monotonic clock, in seconds.
        """
        self._now = now
        self._last = now()
        self._seconds = 0.0

    def touch(self) -> None:
        """Somebody pressed a key or moved the mouse."""
        now = self._now()
        self._seconds += min(now - self._last, IDLE_SECONDS)
        self._last = now

    def take(self) -> float:
        """Active seconds since they were last taken."""
        self.touch()
        seconds, self._seconds = self._seconds, 0.0
        return round(seconds, 3)
