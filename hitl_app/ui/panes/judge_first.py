"""What stands in the place of a proposal until the annotator has said where the trajectory goes wrong."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from hitl_app.ui.panes.flow import Flow
from hitl_app.ui.panes.parts import column, label
from hitl_app.ui.state import Activity, DeskState
from hitl_app.ui.theme import SPACE_M


class JudgeFirstPage(QWidget):
    """Asks for the blame. It shows nothing of the proposal, not even how much of it there is.

    Signals:
        blame_requested: Index of the selected step: it goes wrong first.
        nothing_wrong_requested: No step goes wrong.
    """

    blame_requested = Signal(int)
    nothing_wrong_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._step: int | None = None
        title = label(self.tr("First mark where it goes wrong"), role="title", wrap=True)
        words = label(
            self.tr(
                "A proposal is waiting. Select the step that goes wrong first and press m; if nothing is wrong, "
                "press n. Then the proposal opens. You can also edit by hand before."
            ),
            wrap=True,
        )
        self.blame = QPushButton()
        self.blame.setProperty("primary", "true")
        self.nothing = QPushButton(self.tr("Nothing is wrong (n)"))
        self.blame.clicked.connect(self._blame)
        self.nothing.clicked.connect(self.nothing_wrong_requested)
        layout = column(self, margin=0, spacing=SPACE_M)
        layout.addWidget(title)
        layout.addWidget(words)
        layout.addWidget(Flow(self.blame, self.nothing))
        self.setAccessibleName(self.tr("First mark where it goes wrong"))
        self.hide()

    def show_state(self, state: DeskState) -> None:
        """Show a state."""
        self.setVisible(state.judging)
        self._step = state.selected_step
        if self._step is None:
            self.blame.setText(self.tr("Select a step (m)"))
        else:
            self.blame.setText(self.tr("Step {0} goes wrong (m)").format(self._step))
        free = state.activity is not Activity.SAVING
        self.blame.setEnabled(self._step is not None and free)
        self.nothing.setEnabled(free)

    def _blame(self) -> None:
        if self._step is not None:
            self.blame_requested.emit(self._step)
