"""A bar that says what went wrong and what can be done about it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from hitl_app.ui.panes.flow import Flow
from hitl_app.ui.panes.parts import TwoParts, label
from hitl_app.ui.state import DeskState
from hitl_app.ui.theme import SPACE_M, SPACE_S, mark


class NoticeBar(QFrame):
    """Shown while the state has a problem.

    Signals:
        override_requested: Accept against the rule, with a reason.
        settings_requested: Set the model up.
        dismissed: The person has read it.
    """

    override_requested = Signal()
    settings_requested = Signal()
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, "notice", "true")
        self._text = label(tone="danger", wrap=True)
        self._override = QPushButton(self.tr("Override…"))
        self._override.clicked.connect(self.override_requested)
        self.settings = QPushButton(self.tr("Model settings…"))
        self.settings.clicked.connect(self.settings_requested)
        close = QPushButton(self.tr("Dismiss"))
        close.clicked.connect(self.dismissed)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        row.addWidget(TwoParts(self._text, Flow(self._override, self.settings, close)))
        self.setAccessibleName(self.tr("Problem"))
        self.hide()

    def render_state(self, state: DeskState) -> None:
        """Show the problem; where the rule refused, offer the way around it."""
        self._text.setText(f"▲ {state.problem}")
        self.setAccessibleDescription(state.problem)
        refused = state.can_approve and state.candidate is not None and not state.candidate.acceptance.accepted
        inspection = state.opened.inspection if state.opened else None
        refused |= not state.draft.hunks and inspection is not None and inspection.verified is False
        self._override.setVisible(refused and not state.model_problem)
        self.settings.setVisible(state.model_problem)
        self.setVisible(bool(state.problem))
