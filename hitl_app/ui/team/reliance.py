"""Reliance: bad proposals among good ones, and who follows them."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QWidget,
)

from hitl_app.domain.team import SeedKind
from hitl_app.ui.panes.parts import column, paragraph
from hitl_app.ui.panes.tables import Table
from hitl_app.ui.team.figures import seconds_words, seed_words, skipped_words, tally_words
from hitl_app.workflow.reliance import Reliance
from hitl_app.workflow.seeding import SeedingReport


class ReliancePage(QWidget):
    """The report by annotator, and a form that puts bad proposals in.

    Signals:
        seed_requested: Query, number and kinds of bad proposals to make.
        cancel_requested: Stop making them; what is there stays.
    """

    seed_requested = Signal(str, int, object)
    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = paragraph(
            self.tr(
                "For whoever leads the team: who knows where the bad proposals are cannot be measured by them. A bad "
                "proposal that is accepted changes no trajectory and is never exported."
            ),
            tone="muted",
        )
        self.report = Table(
            self.tr("How much each annotator relies on proposals"),
            [self.tr("Annotator and measure"), self.tr("Share (95 % interval)")],
        )
        self.query, self.count = QLineEdit(), QSpinBox()
        self.query.setPlaceholderText("status:pending")
        self.query.setAccessibleName(self.tr("Query of the trajectories"))
        self.count.setRange(1, 10_000)
        self.count.setValue(6)
        self.count.setAccessibleName(self.tr("How many bad proposals"))
        self.kinds = {kind: QCheckBox(seed_words(kind)) for kind in SeedKind}
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.addRow(self.tr("&Query of the trajectories"), self.query)
        form.addRow(self.tr("&How many bad proposals"), self.count)
        for box in self.kinds.values():
            box.setChecked(True)
            box.toggled.connect(self._allow)
            form.addRow(box)
        self.go, self.cancel = QPushButton(self.tr("&Put bad proposals in")), QPushButton(self.tr("&Cancel"))
        self.go.clicked.connect(self._seed)
        self.cancel.clicked.connect(self.cancel_requested)
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.tr("Bad proposals made"))
        self.result = paragraph()
        buttons = QHBoxLayout()
        buttons.addWidget(self.go)
        buttons.addWidget(self.progress, 1)
        buttons.addWidget(self.cancel)
        layout = column(self)
        layout.addWidget(self.words)
        layout.addWidget(self.report, 1)
        layout.addLayout(form)
        layout.addWidget(self.result)
        layout.addLayout(buttons)
        self.show_progress(0, 0)

    def show_report(self, report: Sequence[Reliance]) -> None:
        """Show the figures of everybody."""
        rows = [row for each in report for row in self._rows(each)]
        self.report.show_rows(rows or [[self.tr("Nobody has decided on a proposal yet."), ""]])

    def _rows(self, of: Reliance) -> list[list[str]]:
        by_kind = [
            [self.tr("{0}: accepted, {1}").format(of.annotator, seed_words(seed.kind)), tally_words(seed.accepted)]
            for seed in of.seeded
            if seed.accepted.of
        ]
        first = of.judge_first
        return [
            [self.tr("{0}: accepted bad proposals (over-trust)").format(of.annotator), tally_words(of.over_trust)],
            *by_kind,
            [self.tr("{0}: accepted good proposals").format(of.annotator), tally_words(of.good)],
            [
                self.tr("{0}: judged first, and moved to the proposal's step").format(of.annotator),
                tally_words(first.changed_mind),
            ],
            [
                self.tr("{0}: active time on bad proposals, on others").format(of.annotator),
                f"{seconds_words(of.time_on_seeded.mean)}, {seconds_words(of.time_on_others.mean)}",
            ],
        ]

    def show_progress(self, done: int, of: int) -> None:
        """So many of so many are made; 0 of 0: nothing is being made."""
        busy = of > 0
        self.progress.setRange(0, of or 1)
        self.progress.setValue(done)
        self.progress.setVisible(busy)
        self.cancel.setVisible(busy)
        self.go.setEnabled(not busy)
        if not busy:
            self._allow()

    def show_seeded(self, report: SeedingReport) -> None:
        """Say what was made, and why not more."""
        self.show_progress(0, 0)
        left_out = "; ".join(f"{skipped_words(why)}: {count}" for why, count in report.skipped.items())
        made = self.tr("Bad proposals put in: {0}.").format(len(report.seeds))
        self.result.setText(self.tr("{0} Left out: {1}.").format(made, left_out) if left_out else made)

    def show_problem(self, words: str) -> None:
        """Say why nothing was made."""
        self.show_progress(0, 0)
        self.result.setText(words)

    def _allow(self) -> None:
        self.go.setEnabled(any(box.isChecked() for box in self.kinds.values()))

    def _seed(self) -> None:
        wanted = tuple(kind for kind, box in self.kinds.items() if box.isChecked())
        self.seed_requested.emit(self.query.text(), self.count.value(), wanted)
