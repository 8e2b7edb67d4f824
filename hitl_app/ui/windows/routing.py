"""The window of cascades: runs on record, their stages as strips, other thresholds, comparisons, and a new run."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from hitl_app.domain.routing import RoutingSettings
from hitl_app.ui.cascades import Cascade
from hitl_app.ui.panes.flow import Flow
from hitl_app.ui.panes.parts import column, label, paragraph, rule, scrolled, tell_whole
from hitl_app.ui.panes.route_form import RouteForm
from hitl_app.ui.panes.stage_pane import StagePane
from hitl_app.ui.panes.tables import Table
from hitl_app.ui.panes.what_if import WhatIfPane
from hitl_app.ui.pictures.cascades import CascadesPicture
from hitl_app.ui.pictures.panel import PicturePanel
from hitl_app.ui.theme import SPACE_M

ROWS = 50
"""Cascades that are drawn at once."""


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run of cascades in the list."""

    id: str
    words: str


class RoutingWindow(QWidget):
    """Four pages beside the desk.

    Signals:
        shown: It came up, and wants to know what there is.
        run_chosen: Id of a run whose stages are to be shown by `show_cascades`.
        stop_requested: Stop the run under way.
        sent_requested: Id of a run whose calls are to be shown.
        save_requested: See `PictureView`.
    """

    shown = Signal()
    run_chosen = Signal(str)
    stop_requested = Signal()
    sent_requested = Signal(str)
    save_requested = Signal(object, str, bool)

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Cascades of a small and a large model"))
        self._picture: CascadesPicture | None = None
        self._cascades: tuple[Cascade, ...] = ()
        self._from = 0
        self._came_up = False
        self.runs = QComboBox()
        self.runs.setAccessibleName(self.tr("Run"))
        self.runs.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.runs.setMinimumContentsLength(24)
        tell_whole(self.runs)
        self.sent = QPushButton(self.tr("What was s&ent…"))
        self.empty = paragraph(
            self.tr(
                "There is no cascade yet. Begin one under “New”: a small model votes, and a large one helps where the "
                "votes do not agree."
            ),
            tone="muted",
        )
        self.panel = PicturePanel(fills=True)
        self.before, self.after = QPushButton(self.tr("&Before")), QPushButton(self.tr("A&fter"))
        self.part = label(tone="muted")
        self.stage = StagePane()
        self.what_if = WhatIfPane()
        self.compared = Table(
            self.tr("Alone and together"),
            (
                self.tr("Who"),
                self.tr("Tasks"),
                self.tr("Verified"),
                self.tr("Tokens a task"),
                self.tr("USD a task"),
                self.tr("Calls a task"),
            ),
        )
        self.compared_about = paragraph(tone="muted")
        self.form = RouteForm()
        self.problem = label(tone="danger", wrap=True)
        self.problem.hide()
        self.progress = label(tone="muted", wrap=True)
        self.stop = QPushButton(self.tr("S&top the run"))
        self.pages = QTabWidget()
        self.pages.setDocumentMode(True)
        self._lay_out()
        self._connect()
        self.show_progress("", going=False)
        self.show_runs((), "")
        self.resize(1240, 860)

    def _lay_out(self) -> None:
        self.strips = QWidget()
        parts = column(self.strips, margin=0, spacing=0)
        self._turn = Flow(self.part, self.before, self.after)
        parts.addWidget(self._turn)
        for part, stretch in ((self.panel, 6), (rule(), 0), (self.stage, 5)):
            parts.addWidget(part, stretch)
        alone = QWidget()
        page = column(alone)
        page.addWidget(self.compared_about)
        page.addWidget(self.compared, 1)
        first = QWidget()
        whole = column(first, margin=0)
        whole.addWidget(self.empty)
        whole.addWidget(self.strips, 1)
        self.pages.addTab(scrolled(first), self.tr("Cascades"))
        self.pages.addTab(scrolled(self.what_if), self.tr("What if"))
        self.pages.addTab(alone, self.tr("Alone and together"))
        self.pages.addTab(self.form, self.tr("New"))
        top = QHBoxLayout()
        form = QFormLayout()
        form.addRow(self.tr("&Run"), self.runs)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        top.addLayout(form, 1)
        top.addWidget(self.sent)
        foot = QHBoxLayout()
        foot.addWidget(self.progress, 1)
        foot.addWidget(self.stop)
        layout = QVBoxLayout(self)
        layout.setSpacing(SPACE_M)
        layout.addLayout(top)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.problem)
        layout.addLayout(foot)

    def _connect(self) -> None:
        self.runs.currentIndexChanged.connect(self._choose)
        self.sent.clicked.connect(lambda: self.sent_requested.emit(self.runs.currentData() or ""))
        self.stop.clicked.connect(self.stop_requested)
        self.panel.save_requested.connect(self.save_requested)
        self.what_if.save_requested.connect(self.save_requested)
        self.before.clicked.connect(lambda: self._turn_to(self._from - ROWS))
        self.after.clicked.connect(lambda: self._turn_to(self._from + ROWS))
        self.panel.view.moved.connect(self._select)
        self.panel.view.picked.connect(self._go_to_stage)
        for number in range(self.pages.count()):
            QShortcut(QKeySequence(f"Ctrl+{number + 1}"), self, lambda page=number: self.pages.setCurrentIndex(page))
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)
        QShortcut(QKeySequence("Ctrl+W"), self, self.close)

    def show_page(self, number: int) -> None:
        """Come up with one of the pages."""
        self.pages.setCurrentIndex(number)
        self.show()
        self.activateWindow()
        self._came_up = number == 0
        targets: tuple[QWidget, ...] = (self.panel.view, self.what_if, self.compared, self.form)
        targets[number].setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent, /) -> None:
        """Qt: the window comes up."""
        super().showEvent(event)
        self.shown.emit()

    # -- runs and their stages ---------------------------------------------------------------------------------------

    def show_runs(self, lines: Sequence[RunLine], chosen: str) -> None:
        """Show which runs there are, newest first, and choose one; the newest where that is not among them."""
        self.runs.blockSignals(True)  # what is chosen is told once, below
        self.runs.clear()
        for line in lines:
            self.runs.addItem(line.words, line.id)
        self.runs.setCurrentIndex(max(0, self.runs.findData(chosen)) if lines else -1)
        self.runs.blockSignals(False)
        self.runs.setEnabled(bool(lines))
        self.sent.setEnabled(bool(lines))
        if lines:
            self._choose()
        else:
            self.show_cascades((), None)

    def _choose(self) -> None:
        self.run_chosen.emit(self.runs.currentData() or "")

    def show_cascades(self, cascades: Sequence[Cascade], settings: RoutingSettings | None) -> None:
        """Draw the cascades of the chosen run.

        Args:
            cascades: In the order of its tasks.
            settings: With which it ran; None where it is the run that was shown before, which may have more stages now.
        """
        self._cascades = tuple(cascades)
        if settings is not None:
            self._picture, self._from = None, 0
        self.empty.setVisible(not self._cascades)
        self.strips.setVisible(bool(self._cascades))
        self._draw(stay=settings is None)
        if self._came_up and self._cascades:  # hidden until now, the picture could not have the focus
            self.panel.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self._came_up = False
        self.what_if.show_cascades(self._cascades, settings)

    @property
    def cascades(self) -> tuple[Cascade, ...]:
        """All cascades of the chosen run."""
        return self._cascades

    def _turn_to(self, first: int) -> None:
        """Draw other cascades of the run."""
        self._from, self._picture = first, None
        self._draw(stay=False)

    def _draw(self, *, stay: bool) -> None:
        shown = self._cascades[self._from : self._from + ROWS]
        last, total = self._from + len(shown), len(self._cascades)
        self.part.setText(self.tr("{0} to {1} of {2}").format(self._from + 1, last, total))
        self.before.setEnabled(self._from > 0)
        self.after.setEnabled(last < total)
        self._turn.setVisible(total > ROWS)
        selected = self._picture.selected if self._picture is not None else None
        if selected is None or selected[0] >= len(shown) or shown[selected[0]].stage(selected[1]) is None:
            selected = (0, shown[0].stages[-1].stage) if shown else None
        self._picture = CascadesPicture(shown, selected) if shown else None
        if self._picture is not None and selected is not None:
            self.panel.show_picture(self._picture, stay=stay)
            self._focus(selected)
        self._show_stage()

    def _focus(self, selected: tuple[int, int]) -> None:
        """The stage that is shown has the focus of the picture; where it has it already, nothing scrolls."""
        view, key = self.panel.view, f"{selected[0]} {selected[1]}"
        if view.current is None or view.current.key != key:
            view.select(next(number for number, mark in enumerate(view.marks) if mark.key == key))

    def _select(self, key: str) -> None:
        """The stage that the focus of the picture stands on is shown below it."""
        if self._picture is not None and key:
            row, stage = map(int, key.split())
            self._picture = replace(self._picture, selected=(row, stage))
            self.panel.view.show_picture(self._picture, stay=True)
            self._show_stage()

    def _go_to_stage(self, key: str) -> None:
        self._select(key)
        self.stage.samples.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_stage(self) -> None:
        if self._picture is None or self._picture.selected is None:
            self.stage.show_stage(None, None)
            return
        row, number = self._picture.selected
        cascade = self._picture.cascades[row]
        self.stage.show_stage(cascade, cascade.stage(number))

    # -- what else is shown ------------------------------------------------------------------------------------------

    def show_compared(self, about: str, rows: Sequence[Sequence[str]]) -> None:
        """Show each model alone and both together, as far as that was measured."""
        self.compared_about.setText(about)
        self.compared.show_rows(rows)

    def show_progress(self, words: str, *, going: bool) -> None:
        """Say how far the run under way is; `going` says that it can be stopped."""
        self.progress.setText(words)
        self.stop.setVisible(going)

    def show_problem(self, words: str) -> None:
        """Say why a run could not begin or go on; nothing where that is over."""
        self.problem.setText(f"▲ {words}" if words else "")
        self.problem.setVisible(bool(words))

    def show_note(self, words: str) -> None:
        """What became of a file."""
        self.progress.setText(words)
