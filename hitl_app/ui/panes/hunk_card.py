"""One working hunk: what it does, before and after side by side, and what the person says of it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from hitl_app.domain.hunk import Hunk, Operator
from hitl_app.domain.inspection import Gradient
from hitl_app.ui.focus_order import WALKING
from hitl_app.ui.panes.flow import Flow
from hitl_app.ui.panes.hunk_editor import HunkEditor
from hitl_app.ui.panes.marked_text import MarkedText
from hitl_app.ui.panes.parts import ElidedLabel, KeyButton, TwoParts, badge, column, label
from hitl_app.ui.panes.sides import sides
from hitl_app.ui.state import HunkVerdict, WorkingHunk
from hitl_app.ui.step_text import one_line
from hitl_app.ui.theme import SPACE_M, SPACE_S, mark
from hitl_app.ui.words import component_name, operator_name

WHY = 120
"""Characters of the reason."""

SPOKEN = 400
"""Characters of a side that are read out."""


class HunkCard(QFrame):
    """Shows one working hunk.

    Signals:
        chosen, accept, edit, reject: What the person asks for.
        neighbour_wanted: The card so many places further on should be chosen.
    """

    chosen = Signal()
    accept = Signal()
    edit = Signal()
    reject = Signal()
    neighbour_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._working: WorkingHunk | None = None
        self.setProperty("card", "true")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.operator, self.verdict = badge(tone="accent"), label()
        self.answers = ElidedLabel(tone="muted")
        self.accept_button = KeyButton(self.tr("accept"), "approve")
        self.edit_button = KeyButton(self.tr("edit"), "edit_step")
        self.reject_button = KeyButton(self.tr("reject"), "reject")
        self.accept_button.clicked.connect(self.accept)
        self.edit_button.clicked.connect(self.edit)
        self.reject_button.clicked.connect(self.reject)
        self.before, self.after = MarkedText("removed"), MarkedText("added")
        self.before.setAccessibleName(self.tr("Before"))
        self.after.setAccessibleName(self.tr("After"))
        self.editor: HunkEditor | None = None
        layout = column(self, margin=1, spacing=0)
        layout.addWidget(self._bar())
        self._body = QHBoxLayout()
        self._body.setSpacing(1)
        self._body.addWidget(self.before, 1)
        self._body.addWidget(self.after, 1)
        layout.addLayout(self._body)
        self.all_button = QPushButton(self.tr("Show all"))
        self.all_button.setAccessibleName(self.tr("Show all of this hunk"))
        self.all_button.clicked.connect(lambda: self._show_sides(whole=True))
        layout.addWidget(self.all_button, 0, Qt.AlignmentFlag.AlignLeft)

    def _bar(self) -> QFrame:
        bar = QFrame()
        bar.setProperty("bar", "true")
        said = Flow(self.operator, self.answers, self.verdict)
        buttons = Flow(self.accept_button, self.edit_button, self.reject_button)
        row = QHBoxLayout(bar)
        row.setContentsMargins(SPACE_M, SPACE_S, SPACE_S, SPACE_S)
        row.addWidget(TwoParts(said, buttons))
        return bar

    def show_working(self, working: WorkingHunk, gradients: Sequence[Gradient], *, selected: bool) -> None:
        """Show a hunk; does nothing where nothing has changed."""
        mark(self, "card", "selected" if selected else "true")
        if self._working is working:
            return
        self._working = working
        hunk = working.hunk
        self.operator.setText(self._operation(hunk))
        self.answers.set_text(self._reason(hunk, gradients))
        tone, words = self._verdict_words(working.verdict)
        self.verdict.setText(words)
        mark(self.verdict, "tone", tone)
        self._show_sides()
        self.edit_button.setVisible(len(hunk.after or hunk.before) == 1)
        self.accept_button.setEnabled(working.verdict in (HunkVerdict.PENDING, HunkVerdict.REJECTED))
        self.reject_button.setEnabled(working.verdict is not HunkVerdict.REJECTED)
        self.setAccessibleName(", ".join(filter(None, (self.operator.text(), self.answers.whole_text, words))))

    def _show_sides(self, *, whole: bool = False) -> None:
        """Show what goes and what comes; a step that only moves is shown once."""
        if self._working is None:
            return
        hunk = self._working.hunk
        left, right = sides(hunk.before, hunk.after, whole=whole)
        self.before.show_side(left)
        self.after.show_side(right)
        mark(self.after, "diff", "moved" if _only_moves(hunk) else "added")
        self._show_which()
        self.all_button.setVisible(not whole and (left.cut or right.cut))
        spoken = " → ".join(side.text[:SPOKEN] for side in (left, right) if side.text)
        self.setAccessibleDescription(right.text[:SPOKEN] if _only_moves(hunk) else spoken)

    def _show_which(self) -> None:
        hunk = self._working.hunk if self._working else None
        self.before.setVisible(hunk is not None and bool(hunk.before) and not _only_moves(hunk))
        self.after.setVisible(hunk is not None and bool(hunk.after) and self.editor is None)

    def show_editor(self, editor: HunkEditor) -> None:
        """Put the editor in the place of the side that it edits."""
        self.editor = editor
        self.after.hide()
        self._body.addWidget(editor, 1)
        editor.follow(self.reject_button)
        self.edit_button.setEnabled(False)
        editor.show()

    def hide_editor(self) -> None:
        """Show the side again that was edited."""
        if self.editor is not None:
            self._body.removeWidget(self.editor)
            self.editor = None
        self._show_which()
        self.edit_button.setEnabled(True)

    def _reason(self, hunk: Hunk, gradients: Sequence[Gradient]) -> str:
        named = [
            one_line(g.constraint_id, 40) or component_name(g.component) for g in gradients if g.id in hunk.gradient_ids
        ]
        parts = [self.tr("answers {0}").format(", ".join(dict.fromkeys(named)))] if named else []
        return " · ".join([*parts, *([one_line(hunk.why, WHY)] if hunk.why else [])])

    def _operation(self, hunk: Hunk) -> str:
        if hunk.operator is not Operator.MOVE:
            return operator_name(hunk.operator, hunk.start, hunk.end)
        to = hunk.at if hunk.at <= hunk.start else hunk.at - len(hunk.before)
        if _only_moves(hunk):
            return self.tr("moved from {0} to {1}").format(hunk.start, to)
        return self.tr("moved from {0} to {1} and changed").format(hunk.start, to)

    def _verdict_words(self, verdict: HunkVerdict) -> tuple[str, str]:
        match verdict:
            case HunkVerdict.PENDING:
                return "warning", self.tr("◌ undecided")
            case HunkVerdict.ACCEPTED:
                return "success", self.tr("✓ accepted")
            case HunkVerdict.EDITED:
                return "accent", self.tr("✎ by hand")
            case HunkVerdict.REJECTED:
                return "danger", self.tr("✕ left out")

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """Qt: a click chooses the hunk."""
        super().mousePressEvent(event)
        self.chosen.emit()

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        """Qt: so does walking to it by Tab, so that keys never act on another hunk than the one with the focus."""
        super().focusInEvent(event)
        if event.reason() in WALKING:
            self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Qt: Up and Down walk, Return chooses."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.neighbour_wanted.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit()
        else:
            super().keyPressEvent(event)


def _only_moves(hunk: Hunk) -> bool:
    return hunk.operator is Operator.MOVE and [s.key for s in hunk.before] == [s.key for s in hunk.after]
