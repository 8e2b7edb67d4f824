"""Collects garbage in Qt's thread.

Python collects cycles in whichever thread happens to allocate. A Qt object that dies in another thread than its own
takes the process with it, so that here only a timer of Qt's thread collects.
"""

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 500


def settle() -> None:
    """Take what lives now to stay: full collections look at what came since. For when a window has started."""
    gc.freeze()


def unsettle() -> None:
    """Let the next full collection look at everything again. For when that window is gone."""
    gc.unfreeze()


class GarbageCollector(QObject):
    """Takes automatic collection's place until it is stopped, by the same thresholds."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.freeze()  # modules stay for good: a full collection need not look at them
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._collect)
        self._timer.start()

    def stop(self) -> None:
        """Collect once more, and go back to automatic collection."""
        self._timer.stop()
        gc.unfreeze()
        gc.collect()
        gc.enable()

    @staticmethod
    def _collect() -> None:
        """Collect the oldest generation whose threshold is passed, as Python itself would."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        due = [generation for generation in range(3) if counts[generation] > thresholds[generation]]
        if due:
            gc.collect(due[-1])
