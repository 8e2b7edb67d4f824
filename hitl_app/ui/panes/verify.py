"""What a full replay says of the goals and constraints."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QToolButton,
    QWidget,
)

from hitl_app.domain.inspection import Finding, FindingKind, Inspection
from hitl_app.ui.gate import Verifying
from hitl_app.ui.keymap import keep_keys
from hitl_app.ui.panes.parts import column, label, rule
from hitl_app.ui.state import Activity, DeskState
from hitl_app.ui.step_text import one_line
from hitl_app.ui.theme import SPACE_L, SPACE_M, SPACE_S, current_theme, mark, theme_notifier
from hitl_app.ui.words import kind_name

LINES = 8
"""Findings that are visible without scrolling."""


class VerifyStrip(QWidget):
    """One line, with the findings folded in below it.

    Signals:
        verify_requested: Replay everything again.
    """

    verify_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[object, object, bool, bool] | None = None
        self._inspection: Inspection | None = None
        self._asked: object = None
        self.fold = QToolButton()
        self.fold.setAutoRaise(True)
        self.fold.setCheckable(True)
        self.fold.setArrowType(Qt.ArrowType.RightArrow)
        self.fold.setAccessibleName(self.tr("Show findings"))
        self.fold.toggled.connect(self._fold)
        self.verdict = label(wrap=True)
        self.again = QPushButton(self.tr("Verify"))
        keep_keys(self.again, self.again.setToolTip, self.tr("Replay everything from the start ({0})"), "verify")
        self.again.clicked.connect(self.verify_requested)
        self.findings = QListWidget()
        self.findings.setAccessibleName(self.tr("Findings"))
        self.findings.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.findings.setWordWrap(True)
        self.findings.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.findings.setFrameShape(QListWidget.Shape.NoFrame)
        self.findings.setMinimumHeight(self.findings.fontMetrics().lineSpacing())
        self.findings.hide()
        bar = QHBoxLayout()
        bar.setContentsMargins(SPACE_M, SPACE_S, SPACE_L, SPACE_S)
        bar.addWidget(self.fold)
        bar.addWidget(self.verdict, 1)
        bar.addWidget(self.again)
        layout = column(self, margin=0, spacing=0)
        layout.addWidget(rule())
        layout.addLayout(bar)
        layout.addWidget(self.findings)
        self.setAccessibleName(self.tr("Verification"))
        theme_notifier.theme_changed.connect(self._list_findings)

    def render_state(self, state: DeskState) -> None:
        """Show a state: the candidate's replay where a fresh one was executed, else that of the open trajectory."""
        if state.question is not self._asked:
            self._asked = state.question
            if isinstance(self._asked, Verifying):
                self.fold.setChecked(True)
        fresh = state.candidate if state.candidate is not None and not state.stale else None
        inspection = fresh.inspection if fresh else state.opened.inspection if state.opened else None
        busy = state.activity in (Activity.VERIFYING, Activity.INSPECTING)
        key = (state.opened, inspection, fresh is not None, busy)
        if self._shown is not None and all(a is b for a, b in zip(self._shown, key, strict=True)):
            return
        self._shown = key
        self.again.setEnabled(state.opened is not None and not busy)
        self.fold.setEnabled(inspection is not None)
        text, tone = self._words(inspection, candidate=fresh is not None)
        self.verdict.setText(self.tr("… replaying") if busy else text)
        mark(self.verdict, "tone", "muted" if busy else tone)
        if self._inspection is not inspection:
            self._inspection = inspection
            self._list_findings()

    def _words(self, inspection: Inspection | None, *, candidate: bool) -> tuple[str, str]:
        if inspection is None:
            return self.tr("? UNVERIFIED: not replayed yet"), "warning"
        judged = [f for f in inspection.findings if f.kind is not FindingKind.SOFT]
        met = sum(f.met for f in judged)
        replay = self.tr("CANDIDATE") if candidate else self.tr("FULL REPLAY")
        if inspection.verified is None:
            facts = self.tr("{0}: {1} actions").format(replay, inspection.execution.replayed)
            return "? " + self.tr("{0} — NOT JUDGED: no goal or constraint is known").format(facts), "warning"
        hard = any(f.kind is FindingKind.HARD for f in judged)
        what = self.tr("goals and constraints") if hard else self.tr("goals")
        facts = self.tr("{0}: {1} actions, {2} of {3} {4} met").format(
            replay, inspection.execution.replayed, met, len(judged), what
        )
        if not inspection.verified:
            return "✕ " + self.tr("{0} — UNVERIFIED").format(facts), "danger"
        return "✓ " + (facts if candidate else self.tr("{0} — VERIFIED").format(facts)), "success"

    def _list_findings(self) -> None:
        self.findings.clear()
        found = self._inspection.findings if self._inspection else ()
        for finding in sorted(found, key=lambda f: f.met):
            self.findings.addItem(self._item(finding))
        height = self.findings.fontMetrics().lineSpacing() + SPACE_S
        self.findings.setMaximumHeight(height * max(2, min(2 * len(found), LINES)))

    def _item(self, finding: Finding) -> QListWidgetItem:
        glyph, words = ("✓", self.tr("met")) if finding.met else ("✕", self.tr("not met"))
        kind, name, description = kind_name(finding.kind), one_line(finding.id), one_line(finding.description)
        item = QListWidgetItem(f"{glyph} {words} · {kind} · {name}\n      {description}")
        item.setForeground(current_theme().tone("text" if finding.met else "danger"))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{words}, {kind}, {name}, {description}")
        return item

    def _fold(self, shown: bool) -> None:
        self.fold.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)
        self.findings.setVisible(shown)
