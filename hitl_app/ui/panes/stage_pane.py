"""One stage of a cascade: its guideline, and each vote with the goal or guideline that it was made with."""

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from hitl_app.domain.routing import RoutedStage, Sample
from hitl_app.ui.cascades import (
    Cascade,
    cost_words,
    outcome_words,
    quality_words,
    ruled_words,
    stage_title,
    threshold_words,
    votes_words,
)
from hitl_app.ui.panes.parts import column, label
from hitl_app.ui.panes.tables import Table
from hitl_app.ui.step_text import one_line
from hitl_app.ui.theme import SPACE_S, mark

LINE, LONGEST = 200, 20_000
"""Characters of an answer in the table, and of a text below it."""


class StagePane(QWidget):
    """What a stage was made of. All texts are data, and shown as they are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stage: RoutedStage | None = None
        self.heading = label(role="title", wrap=True)
        self.outcome = label(wrap=True)
        self.samples = Table(
            self.tr("Votes"),
            (self.tr("Answer"), self.tr("Made with"), self.tr("Quality"), self.tr("Tokens and price")),
        )
        self.samples.currentItemChanged.connect(self._show_sample)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setProperty("field", "true")
        self.text.setAccessibleName(self.tr("The vote"))
        layout = column(self, spacing=SPACE_S)
        layout.addWidget(self.heading)
        layout.addWidget(self.outcome)
        layout.addWidget(self.samples, 3)
        layout.addWidget(self.text, 2)
        self.show_stage(None, None)

    def show_stage(self, cascade: Cascade | None, stage: RoutedStage | None, *, asked: bool = False) -> None:
        """Show a stage of a cascade; None shows what can be done. `asked`: a person is asked about it."""
        self._stage = stage
        self.samples.setVisible(stage is not None)
        self.text.setVisible(stage is not None)
        if cascade is None or stage is None:
            self.heading.setText(self.tr("Choose a stage in the picture to see its goals, guideline and answers."))
            self.outcome.setText("")
            return
        self.heading.setText(f"{cascade.words} · {stage_title(stage.stage)}")
        tone, outcome = ruled_words(stage) if asked else outcome_words(stage)
        parts = (votes_words(stage), threshold_words(stage), outcome, cost_words(stage.usage))
        self.outcome.setText(" · ".join(filter(None, parts)))
        mark(self.outcome, "tone", tone)
        self.samples.show_rows([self._row(sample) for sample in stage.samples], [str(s.number) for s in stage.samples])
        self._show_sample()

    def _row(self, sample: Sample) -> tuple[str, ...]:
        answer = one_line(sample.shown or sample.answer, LINE) or self.tr("(nothing)")
        return answer, one_line(sample.plan, LINE), quality_words(sample.verified), cost_words(sample.usage)

    def _show_sample(self) -> None:
        key = self.samples.current_key()
        if self._stage is None or not key:
            self.text.setPlainText("")
            return
        sample = next(each for each in self._stage.samples if str(each.number) == key)
        made = self.tr("Goal") if self._stage.plan_type == "goal" else self.tr("Guideline")
        answer = sample.shown or sample.answer or self.tr("(nothing)")
        parts = ((made, sample.plan), (self.tr("Answer"), answer))
        self.text.setPlainText("\n\n".join(f"{name}\n{text[:LONGEST]}" for name, text in parts))
