"""How long the window's event loop was kept from answering."""

import time

from PySide6.QtCore import QObject, Qt, QTimer

EVERY_MS = 5


class Stalls(QObject):
    """A heartbeat: what is longer than its interval between two beats is a stall."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._beat)
        self._last = time.perf_counter()
        self._worst = 0.0
        self._timer.start()

    def _beat(self) -> None:
        now = time.perf_counter()
        self._worst = max(self._worst, now - self._last - EVERY_MS / 1000)
        self._last = now

    def take(self) -> float:
        """The worst stall since the last time that it was taken, in seconds."""
        self._beat()
        worst, self._worst = self._worst, 0.0
        return worst
