"""A bar over a trajectory on which people disagree: who said what, and what settles it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from hitl_app.domain.decision import ReviewStatus
from hitl_app.domain.standing import verdict_word
from hitl_app.ui.panes.parts import label
from hitl_app.ui.state import DeskState
from hitl_app.ui.step_text import one_line
from hitl_app.ui.team.figures import verdict_words
from hitl_app.ui.theme import SPACE_M, SPACE_S
from hitl_app.workflow.opened import Opened


class DisputeBar(QFrame):
    """Shown while the open trajectory is disputed.

    Signals:
        compare_requested: Show the revisions that people left, side by side.
    """

    compare_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("bar", "true")
        self._opened: Opened | None = None
        self.words = label(tone="warning", wrap=True)
        self.compare = QPushButton(self.tr("Compare…"))
        self.compare.clicked.connect(self.compare_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        row.addWidget(self.words, 1)
        row.addWidget(self.compare)
        self.setAccessibleName(self.tr("Dispute"))
        self.hide()

    def render_state(self, state: DeskState) -> None:
        """Show who said what."""
        if state.opened is self._opened:
            return
        self._opened = opened = state.opened
        disputed = opened is not None and opened.row.status is ReviewStatus.DISPUTED and bool(opened.standings)
        if opened is not None and disputed:
            said = "; ".join(self._said(opened))
            words = self.tr("Disputed. {0}. Your decision settles it: open a revision to approve it, edit, or reject.")
            self.words.setText("⚖ " + words.format(said))
            self.setAccessibleDescription(words.format(said))
            heads = {standing.head for standing in opened.standings}
            self.compare.setVisible(len(heads) > 1)
        self.setVisible(disputed)

    def _said(self, opened: Opened) -> list[str]:
        numbers = {revision.trajectory.id: revision.number for revision in opened.revisions}
        reasons = {
            revision.entry.decision.annotator: revision.entry.decision.reason
            for revision in opened.revisions
            if revision.entry is not None
        }
        said = []
        for standing in opened.standings:
            if not standing.is_verdict:
                continue
            verdict = verdict_words(verdict_word(opened.row.root_id, standing))
            words = self.tr("{0}: {1}, revision {2}").format(
                one_line(standing.annotator), verdict, numbers.get(standing.head, 0)
            )
            reason = one_line(reasons.get(standing.annotator, ""))
            said.append(f"{words} (“{reason}”)" if reason else words)
        return said
