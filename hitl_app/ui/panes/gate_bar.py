"""The bar across the top while a run asks a person: what it asks, about which task, and how to answer."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSpinBox, QWidget

from hitl_app.domain.run import GateName
from hitl_app.ui.gate import Approving, Guiding, Verifying
from hitl_app.ui.keymap import keep_keys, with_keys
from hitl_app.ui.panes.flow import Flow
from hitl_app.ui.panes.parts import TwoParts, badge, label, set_badge
from hitl_app.ui.state import DeskState
from hitl_app.ui.step_text import one_line
from hitl_app.ui.theme import SPACE_M, SPACE_S, mark
from hitl_app.ui.translating import translate
from hitl_app.ui.words import stage_name

TITLE, NOTE = 80, 160
"""Characters of a task's title, and of what became of a proposal."""


def gate_words(gate: GateName) -> str:
    """What a person does at a gate."""
    return {
        GateName.PLAN: translate("Gate", "Choose the candidate to go on with."),
        GateName.INSPECT: with_keys(
            translate(
                "Gate",
                "Confirm ({0}) or move ({1}) the blame, dismiss ({2}) or add ({3}) gradients, lock steps; "
                "continue with {4}.",
            ),
            *("confirm_gradient", "move_blame", "dismiss_gradient", "add_gradient", "approve"),
        ),
        GateName.EVOLVE: with_keys(
            translate("Gate", "Accept ({0}), edit ({1}) or reject ({2}) each hunk; then continue with {0}."),
            *("approve", "edit_step", "reject"),
        ),
        GateName.ACCEPT: with_keys(
            translate("Gate", "Take the candidate ({0}), or reject it with a reason ({1})."), "approve", "reject"
        ),
        GateName.VERIFY: with_keys(
            translate("Gate", "Look at the findings; add what the checks miss ({0}); continue with {1}."),
            "missed",
            "approve",
        ),
        GateName.ROUTE: translate("Gate", "Accept the majority's answer, escalate, or leave it to the threshold."),
    }[gate]


class GateBar(QFrame):
    """Shown while a run asks here or works on a lineage that it asks about.

    Signals:
        go_requested: Show what the question is about.
        missed_requested: Write down a constraint that the checks miss.
        locked_changed: How many steps at the start stay.
        left: What was typed is done: the keys belong to the desk again.
    """

    go_requested = Signal()
    missed_requested = Signal()
    locked_changed = Signal(int)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, "bar", "true")
        self.stage = badge()
        self.words = label(wrap=True)
        self.go = QPushButton()
        keep_keys(self.go, self.go.setText, self.tr("Go there ({0})"), "go_to_question")
        self.go.clicked.connect(self.go_requested)
        self.missed = QPushButton(self.tr("Add a missed constraint…"))
        self.missed.clicked.connect(self.missed_requested)
        self.added = badge()
        self.locked_words = label(self.tr("Locked steps"))
        self.locked = QSpinBox()
        self.locked.setAccessibleName(self.tr("Locked steps"))
        self.locked.valueChanged.connect(self.locked_changed)
        self.locked.lineEdit().returnPressed.connect(self.left)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        said = QWidget()
        words = QHBoxLayout(said)
        words.setContentsMargins(0, 0, 0, 0)
        words.addWidget(self.stage)
        words.addWidget(self.words, 1)
        row.addWidget(TwoParts(said, Flow(self.locked_words, self.locked, self.added, self.missed, self.go)))
        self.setAccessibleName(self.tr("Question of the run"))
        self.hide()

    def render_state(self, state: DeskState) -> None:
        """Show what a run asks."""
        run, here = state.run, state.question
        asked = run.question
        self.setVisible(asked is not None or bool(run.root_id))
        title = one_line(run.title, TITLE)
        if asked is None:
            set_badge(self.stage, "muted", self.tr("◌ RUN"))
            words = self.tr("The run is at work on {0}.").format(title)
        else:
            set_badge(self.stage, "accent", self.tr("▶ {0}").format(stage_name(asked.gate).upper()))
            words = gate_words(asked.gate)
            if isinstance(asked, Verifying) and asked.inspection.verified:
                words = self.tr("Everything holds. Add what the checks miss ({0}), or finish the task with {1}.")
                words = with_keys(words, "missed", "approve")
            if isinstance(asked, Approving) and not asked.judgement.accepted:
                words = self.tr(
                    "The rule refuses the candidate: leave it ({0}), or override the rule with a reason ({1})."
                )
                words = with_keys(words, "reject", "override")
            if run.note:
                note = one_line(run.note, NOTE)
                words = self.tr("The last proposal led to no candidate: {0}. {1}").format(note, words)
            if here is None:
                words = self.tr("The run waits for your word on {0}. {1}").format(title, words)
        self.words.setText(words)
        self.setAccessibleDescription(f"{self.stage.text()} {words}")
        self.go.setVisible(asked is not None and here is None)
        self.missed.setVisible(isinstance(here, Verifying))
        count = len(run.missed)
        added = self.tr("1 constraint added") if count == 1 else self.tr("{0} constraints added").format(count)
        set_badge(self.added, "warning", added if count else "")
        self._show_locked(state, shown=isinstance(here, Guiding))

    def _show_locked(self, state: DeskState, *, shown: bool) -> None:
        self.locked_words.setVisible(shown)
        self.locked.setVisible(shown)
        if shown and state.opened is not None:
            self.locked.blockSignals(True)  # only what the person sets is set
            self.locked.setRange(0, len(state.opened.trajectory.steps))
            self.locked.setValue(state.locked)
            self.locked.blockSignals(False)
