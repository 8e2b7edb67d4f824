"""How everybody reviews in this store."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from hitl_app.domain.team import ReviewPolicy
from hitl_app.ui.panes.parts import column, label, paragraph


class ReviewPage(QWidget):
    """Two rules, with what they mean.

    Signals:
        policy_chosen: A `ReviewPolicy`.
    """

    policy_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.judge_first = QCheckBox(self.tr("&Judge first"))
        self.blind = QCheckBox(self.tr("&Blind"))
        for box in (self.judge_first, self.blind):
            box.toggled.connect(self._choose)
        layout = column(self)
        layout.addWidget(label(self.tr("Review"), role="title", wrap=True))
        layout.addWidget(
            paragraph(
                self.tr("These rules hold for everybody who works at this store, from the next thing that is shown.")
            )
        )
        layout.addWidget(self.judge_first)
        layout.addWidget(
            paragraph(
                self.tr(
                    "Nothing of a proposal is shown before the annotator has marked the step that goes wrong, or has "
                    "said that nothing is wrong. People who see a suggestion first tend to follow it; how often a "
                    "proposal changed their mind is measured in this way."
                ),
                tone="muted",
            )
        )
        layout.addWidget(self.blind)
        layout.addWidget(
            paragraph(
                self.tr(
                    "Names of models and files and the decisions of other people are hidden, and alternatives come in "
                    "a random order. Agreement between people counts only decisions that were made in this way or "
                    "before anybody else decided."
                ),
                tone="muted",
            )
        )
        layout.addWidget(
            paragraph(self.tr("What is on record stays as it was decided, with the rules of that time."), tone="muted")
        )
        layout.addStretch(1)

    def show_policy(self, policy: ReviewPolicy) -> None:
        """Show what holds."""
        for box, on in ((self.judge_first, policy.judge_first), (self.blind, policy.blind)):
            with QSignalBlocker(box):
                box.setChecked(on)

    def _choose(self) -> None:
        self.policy_chosen.emit(ReviewPolicy(blind=self.blind.isChecked(), judge_first=self.judge_first.isChecked()))
