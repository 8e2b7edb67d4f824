"""Keeps what is shown quiet while a candidate runs that will be there in a moment."""

from PySide6.QtCore import QObject, QTimer, Signal

from hitl_app.ui.state import Activity, DeskState

SAID_AFTER = 200
"""Milliseconds for which a candidate that runs may be out of date before it is shown greyed."""


class Lateness(QObject):
    """Says when a candidate counts as out of date: while it is executed again, only if that takes its time.

    Signals:
        late: It does; what is shown is to be shown anew.
    """

    late = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._late = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SAID_AFTER)
        self._timer.timeout.connect(self._say)

    def is_stale(self, state: DeskState) -> bool:
        """Whether to show the candidate as out of date."""
        if not state.stale or state.activity is not Activity.TRYING:
            self._timer.stop()
            self._late = False
            return state.stale
        if not self._late and not self._timer.isActive():
            self._timer.start()
        return self._late

    def _say(self) -> None:
        self._late = True
        self.late.emit()
