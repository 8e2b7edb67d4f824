"""PLAN: shows the candidates of a run side by side, to choose the one to go on with."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from hitl_app.domain.inspection import Inspection
from hitl_app.domain.trajectory import Trajectory
from hitl_app.ui.gate import Choosing
from hitl_app.ui.panes.parts import column, label, scrolled
from hitl_app.ui.step_text import one_line, preview
from hitl_app.ui.theme import SPACE_L
from hitl_app.ui.words import losses_words, verified_words

STEP = 200
"""Characters of a step."""

WIDTH = 320
"""Of a column, in pixels."""


class CandidatesDialog(QDialog):
    """One column a candidate: verdict, losses, plan and steps. Closing it leaves the question waiting."""

    def __init__(self, question: Choosing, order: Sequence[int], parent: QWidget) -> None:
        """Make the dialog; `order` are the numbers of the candidates as they stand from left to right."""
        super().__init__(parent)
        self._question = question
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Choose a candidate"))
        self.buttons: list[QPushButton] = []
        columns = QWidget()
        row = QHBoxLayout(columns)
        for place, number in enumerate(order):
            row.addWidget(self._column(place, number, *question.candidates[number]))
        area = scrolled(columns)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        layout = QVBoxLayout(self)
        layout.setSpacing(SPACE_L)
        layout.addWidget(label(one_line(question.task.title), role="title", wrap=True))
        layout.addWidget(area, 1)
        words = self.tr("A number key or Return chooses. Esc leaves the question waiting.")
        layout.addWidget(label(words, tone="muted", wrap=True))
        self.resize(min(1200, 60 + (WIDTH + 20) * len(question.candidates)), 640)
        question.answer.add_done_callback(self._is_over)
        self.finished.connect(lambda: question.answer.remove_done_callback(self._is_over))
        if self.buttons:
            self.buttons[0].setFocus()

    def _column(self, place: int, number: int, trajectory: Trajectory, inspection: Inspection) -> QWidget:
        shown = QWidget()
        shown.setMinimumWidth(WIDTH)
        layout = column(shown, margin=0)
        tone, words = verified_words(inspection)
        layout.addWidget(label(self.tr("{0}: {1}").format(place + 1, words), tone=tone, role="title"))
        layout.addWidget(label(losses_words(inspection.losses), wrap=True))
        text = QPlainTextEdit(_text_of(trajectory))
        text.setReadOnly(True)
        text.setTabChangesFocus(True)
        text.setAccessibleName(self.tr("Plan and steps of candidate {0}").format(place + 1))
        layout.addWidget(text, 1)
        choose = QPushButton(self.tr("Choose {0}").format(place + 1))
        choose.setAutoDefault(True)
        choose.clicked.connect(partial(self._choose, number))
        QShortcut(QKeySequence(str(place + 1)), self, partial(self._choose, number))
        self.buttons.append(choose)
        layout.addWidget(choose)
        return shown

    def _is_over(self, _: object) -> None:
        self.close()

    def _choose(self, number: int) -> None:
        self._question.give(number)


def _text_of(trajectory: Trajectory) -> str:
    plan = [f"{number}. {one_line(step.step, STEP)}" for number, step in enumerate(trajectory.plan, 1)]
    steps = [f"{number}  {preview(step, STEP)}" for number, step in enumerate(trajectory.steps)]
    return "\n".join((*plan, "", *steps) if plan else steps)
