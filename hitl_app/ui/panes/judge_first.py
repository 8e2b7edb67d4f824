"""What stands in the place of a proposal until the annotator has said where the trajectory goes wrong."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from hitl_app.ui.keymap import NONE, cap, keep_keys, with_keys
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
        words = label(wrap=True)
        what = self.tr(
            "A proposal is waiting. Select the step that goes wrong first and press {0}; if nothing is wrong, "
            "press {1}. Then the proposal opens. You can also edit by hand before."
        )
        keep_keys(words, words.setText, what, "move_blame", "nothing_wrong")
        self.blame = QPushButton()
        self.blame.setProperty("primary", "true")
        self.nothing = QPushButton()
        keep_keys(self.nothing, self.nothing.setText, self.tr("Nothing is wrong ({0})"), "nothing_wrong")
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
            self.blame.setText(with_keys(self.tr("Select a step ({0})"), "move_blame"))
        else:
            words = self.tr("Step {1} goes wrong ({0})")
            self.blame.setText(words.format(cap("move_blame") or NONE, self._step))
        free = state.activity is not Activity.SAVING
        self.blame.setEnabled(self._step is not None and free)
        self.nothing.setEnabled(free)

    def _blame(self) -> None:
        if self._step is not None:
            self.blame_requested.emit(self._step)
