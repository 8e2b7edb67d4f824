"""The window of two trajectories side by side: which, their losses, and every step of both."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from hitl_app.domain.difference import Difference, RowKind, RowLines, Version
from hitl_app.domain.inspection import Finding
from hitl_app.domain.loss import Component, LossVector
from hitl_app.ui.panes.diff_view import DiffView
from hitl_app.ui.panes.losses import LossRow
from hitl_app.ui.panes.parts import column, label, rule, scrolled, tell_whole
from hitl_app.ui.step_text import one_line
from hitl_app.ui.theme import SPACE_L, SPACE_M
from hitl_app.workflow.differences import Compared

MOST_FINDINGS = 40
"""Findings that are listed."""


@dataclass(frozen=True)
class Choice:
    """Something that can be compared, with its words in the list."""

    words: str
    version: Version


class CompareWindow(QWidget):
    """Beside the desk, which goes on meanwhile. It shows what was there when it was opened.

    Signals:
        compare_requested: Two `Version`s to compare; to be answered by `show_compared`.
        lines_requested: A `Difference`, the number of a row, and whether all of it is wanted; to be answered by
            `show_lines`.
        closed: It is closed.
    """

    compare_requested = Signal(object, object)
    lines_requested = Signal(object, int, bool)

    def __init__(self, title: str, choices: Sequence[Choice], before: int, after: int) -> None:
        """Make the window.

        Args:
            title: Of the task.
            choices: What can be compared, at least two.
            before: Number of the choice that stands on the left.
            after: Number of the choice that stands on the right.
        """
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Differences: {0}").format(one_line(title, 120)))
        self._choices = tuple(choices)
        self._difference: Difference | None = None
        self.before, self.after = self._chooser(self.tr("Before")), self._chooser(self.tr("After"))
        self.before.setCurrentIndex(before)
        self.after.setCurrentIndex(after)
        self.losses = {component: LossRow(component) for component in Component}
        self.findings = label(wrap=True)
        self.findings.setAccessibleName(self.tr("Goals and constraints that changed"))
        self.summary, self.place = label(tone="muted", wrap=True), label(tone="muted")
        self.view = DiffView()
        self._lay_out()
        self._connect()
        self.resize(1240, 820)
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _chooser(self, name: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        box.addItems([choice.words for choice in self._choices])
        tell_whole(box)
        return box

    def _lay_out(self) -> None:
        self.swap = QPushButton(self.tr("S&wap"))
        self.previous_button = QPushButton(self.tr("&Previous difference (p)"))
        self.next_button = QPushButton(self.tr("&Next difference (n)"))
        names = QLabel(self.tr("&Before")), QLabel(self.tr("&After"))
        names[0].setBuddy(self.before)
        names[1].setBuddy(self.after)
        chosen = QHBoxLayout()
        for widget in (names[0], self.before, self.swap, names[1], self.after):
            chosen.addWidget(widget)
        losses = QWidget()
        rows = column(losses, margin=0, spacing=0)
        for row in self.losses.values():
            rows.addWidget(row)
        rows.addStretch(1)
        height = losses.sizeHint().height()
        found = QWidget()
        column(found, margin=0).addWidget(self.findings, 0, Qt.AlignmentFlag.AlignTop)
        top = QHBoxLayout()
        top.setSpacing(SPACE_L)
        for part in (losses, found):
            area = scrolled(part)
            area.setMaximumHeight(height)
            top.addWidget(area, 1)
        bottom = QHBoxLayout()
        bottom.addWidget(self.summary, 1)
        for widget in (self.place, self.previous_button, self.next_button):
            bottom.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setSpacing(SPACE_M)
        layout.addLayout(chosen)
        layout.addLayout(top)
        layout.addWidget(rule())
        layout.addWidget(self.view, 1)
        layout.addWidget(rule())
        layout.addLayout(bottom)
        order = (self.before, self.swap, self.after, self.view, self.previous_button, self.next_button)
        for first, second in pairwise(order):
            QWidget.setTabOrder(first, second)

    def _connect(self) -> None:
        self.before.currentIndexChanged.connect(self.start)
        self.after.currentIndexChanged.connect(self.start)
        self.swap.clicked.connect(self._swap)
        self.previous_button.clicked.connect(lambda: self.view.step(-1))
        self.next_button.clicked.connect(lambda: self.view.step(1))
        self.view.moved.connect(self._show_place)
        self.view.lines_wanted.connect(self._ask_for_lines)
        QShortcut(QKeySequence("F7"), self, lambda: self.view.step(1))
        QShortcut(QKeySequence("Shift+F7"), self, lambda: self.view.step(-1))
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)
        QShortcut(QKeySequence("Ctrl+W"), self, self.close)

    def start(self) -> None:
        """Ask for the difference of what is chosen."""
        before, after = (self._choices[box.currentIndex()].version for box in (self.before, self.after))
        self.summary.setText(self.tr("Comparing…"))
        self.compare_requested.emit(before, after)

    def show_compared(self, compared: Compared) -> None:
        """Show a difference."""
        difference = self._difference = compared.difference
        sides = [version.inspection for version in (difference.before, difference.after)]
        losses = [inspection.losses if inspection else LossVector() for inspection in sides]
        for component, row in self.losses.items():
            row.show_counts(losses[0][component], losses[1][component], compared=True, stale=False)
        self._show_findings(difference)
        self.view.show_compared(compared)
        self.summary.setText(self._summary(difference))
        self._show_place()

    def show_lines(self, difference: Difference, row: int, lines: RowLines) -> None:
        """Fold a row out, where the difference is still shown."""
        if difference is self._difference:
            self.view.show_lines(row, lines)

    def show_problem(self, words: str) -> None:
        """Say why nothing could be compared."""
        self.summary.setText(one_line(words, 400))

    def _show_findings(self, difference: Difference) -> None:
        lines = [self._finding(old, new) for old, new in islice(difference.changed_findings, MOST_FINDINGS)]
        judged = difference.before.inspection is not None and difference.after.inspection is not None
        nothing = self.tr("No goal or constraint is judged otherwise.") if judged else self.tr("Not inspected.")
        self.findings.setText("\n".join(lines) or nothing)

    def _finding(self, old: Finding | None, new: Finding | None) -> str:
        known = new or old
        name = one_line(known.description or known.id, 160) if known is not None else ""
        if new is None:
            return self.tr("○ no longer judged: {0}").format(name)
        if new.met:
            return self.tr("✓ now met: {0}").format(name)
        return self.tr("✕ now unmet: {0}").format(name)

    def _summary(self, difference: Difference) -> str:
        counts = [
            (RowKind.CHANGED, self.tr("changed: {0}")),
            (RowKind.ADDED, self.tr("added: {0}")),
            (RowKind.REMOVED, self.tr("removed: {0}")),
            (RowKind.MOVED_HERE, self.tr("moved: {0}")),
            (RowKind.OBSERVED, self.tr("only answered otherwise: {0}")),
            (RowKind.SAME, self.tr("equal: {0}")),
        ]
        told = [words.format(count) for kind, words in counts if (count := difference.kinds.count(kind))]
        return " · ".join(told)

    def _show_place(self) -> None:
        rows = self.view.lines.differences
        self.previous_button.setEnabled(any(row < self.view.row for row in rows))
        self.next_button.setEnabled(any(row > self.view.row for row in rows))
        if self.view.row in rows:
            self.place.setText(self.tr("Difference {0} of {1}").format(rows.index(self.view.row) + 1, len(rows)))
        else:
            self.place.setText(self.tr("Differences: {0}").format(len(rows)))

    def _swap(self) -> None:
        before, after = self.before.currentIndex(), self.after.currentIndex()
        for box, number in ((self.before, after), (self.after, before)):
            box.blockSignals(True)
            box.setCurrentIndex(number)
            box.blockSignals(False)
        self.start()

    def _ask_for_lines(self, row: int, whole: bool) -> None:
        if self._difference is not None:
            self.lines_requested.emit(self._difference, row, whole)
