"""How long the window's event loop was kept from answering."""

import time
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, QTimer

EVERY_MS = 5


@dataclass(frozen=True)
class Stall:
    """The worst of some stalls, and the most that the thread itself computed between two beats; both in seconds.

    What other processes take of the machine counts for the one, and not for the other.
    """

    seconds: float = 0.0
    busy: float = 0.0

    def __or__(self, other: "Stall") -> "Stall":
        """The worst of both."""
        return Stall(max(self.seconds, other.seconds), max(self.busy, other.busy))


class Stalls(QObject):
    """A heartbeat: what is longer than its interval between two beats is a stall."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._beat)
        self._last, self._computed = time.perf_counter(), time.thread_time()
        self._worst = Stall()
        self._timer.start()

    def _beat(self) -> None:
        now, computed = time.perf_counter(), time.thread_time()
        self._worst |= Stall(now - self._last - EVERY_MS / 1000, computed - self._computed)
        self._last, self._computed = now, computed

    def take(self) -> Stall:
        """The worst since the last time that it was taken."""
        self._beat()
        worst, self._worst = self._worst, Stall()
        return worst
