"""Asks how a model shall go on from a step."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from hitl_app.domain.trajectory import Trajectory
from hitl_app.ui.model_bench import Continuation
from hitl_app.ui.panes.parts import paragraph
from hitl_app.ui.step_text import preview
from hitl_app.ui.theme import SPACE_L, SPACE_M
from hitl_app.workflow.rollouts import HUMAN, MODEL, NOBODY, RECORDED

MOST_TIMES = 20
MOST_TOKENS = 1_000_000_000
USUAL_TOKENS = 100_000
STEP_WORDS = 80
"""Characters of a step in the question."""


class ContinueDialog(QDialog):
    """How often, who speaks for the user, and what it may cost. `continuation` is the answer once it is accepted."""

    def __init__(self, trajectory: Trajectory, step: int, parent: QWidget) -> None:
        """Make the form; the model goes on in the place of `step`."""
        super().__init__(parent)
        self._step = step
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Continue from here"))
        self.times = QSpinBox()
        self.times.setRange(1, MOST_TIMES)
        self.times.setAccessibleName(self.tr("How often"))
        self.user = QComboBox()
        self.user.setAccessibleName(self.tr("Who speaks for the user"))
        self.tokens = QSpinBox()
        self.tokens.setRange(0, MOST_TOKENS)
        self.tokens.setSingleStep(10_000)
        self.tokens.setGroupSeparatorShown(True)
        self.tokens.setSpecialValueText(self.tr("no ceiling"))
        self.tokens.setValue(USUAL_TOKENS)
        self.tokens.setAccessibleName(self.tr("Ceiling of tokens, all branches together"))
        form = QFormLayout()
        form.setSpacing(SPACE_M)
        form.addRow(self.tr("How &often"), self.times)
        # What a user says first may be the task alone; one who speaks later has a part in it.
        if any(each.role == "user" and not each.is_action for each in trajectory.steps[1:]):
            self._offer_speakers()
            form.addRow(self.tr("The &user is"), self.user)
        form.addRow(self.tr("&Tokens at most"), self.tokens)
        self.anew = QCheckBox(self.tr("&Plan anew first"))
        if trajectory.plan:
            form.addRow(self.anew)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.go = buttons.addButton(self.tr("Continue"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.go.setProperty("primary", "true")
        self.go.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        layout.setSpacing(SPACE_L)
        layout.addWidget(paragraph(self._words(trajectory)))
        layout.addLayout(form)
        layout.addWidget(buttons)
        self.setMinimumWidth(440)
        self.times.setFocus()

    def _words(self, trajectory: Trajectory) -> str:
        first = trajectory.steps[self._step] if self._step < len(trajectory.steps) else None
        if first is None:
            place = self.tr("All steps stay, and the model goes on behind them.")
        else:
            place = self.tr(
                "The steps before step {0} stay. In the place of it ({1}) and of all behind, the model acts."
            )
            place = place.format(self._step, preview(first, STEP_WORDS))
        result = self.tr("Each branch is executed, judged and listed among the revisions; nothing is approved.")
        return f"{place}\n{result}"

    def _offer_speakers(self) -> None:
        for words, speakers in (
            (self.tr("the recorded words, while they fit"), RECORDED),
            (self.tr("the recorded words, then a second model"), f"{RECORDED}+{MODEL}"),
            (self.tr("the recorded words, then I"), f"{RECORDED}+{HUMAN}"),
            (self.tr("a second model, with the task's scenario"), MODEL),
            (self.tr("I"), HUMAN),
            (self.tr("nobody"), NOBODY),
        ):
            self.user.addItem(words, speakers)

    @property
    def continuation(self) -> Continuation:
        """What the form says."""
        user = self.user.currentData()
        tokens = self.tokens.value() or None
        speaker = user if isinstance(user, str) else NOBODY
        return Continuation(self._step, self.times.value(), speaker, tokens, self.anew.isChecked())
