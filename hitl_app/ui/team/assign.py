"""Assigning: who is to look at what, with a look at the plan before anything is kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QCompleter, QFormLayout, QLineEdit, QPushButton, QSpinBox, QWidget

from hitl_app.ui.panes.parts import column, paragraph
from hitl_app.ui.panes.tables import Table
from hitl_app.ui.translating import without_mnemonic
from hitl_app.workflow.assigning import AssignmentPlan

PREVIEW_AFTER_MS = 300
"""Typing pauses at least so long before the plan is made again."""


@dataclass(frozen=True)
class AssignWanted:
    """What is to be assigned to whom; `overlap` is a share from 0 to 1."""

    query: str
    annotators: tuple[str, ...]
    per_item: int
    overlap: float
    overlap_by: int
    seed: int


class AssignPage(QWidget):
    """A form, and below it what each person would get.

    Signals:
        plan_wanted: An `AssignWanted`, to be answered by `show_plan` or `show_problem`.
        assign_requested: An `AssignmentPlan` to be kept.
    """

    plan_wanted = Signal(object)
    assign_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plan: AssignmentPlan | None = None
        self.query, self.names = QLineEdit(), QLineEdit()
        self.query.setPlaceholderText("status:pending")
        self.names.setPlaceholderText(self.tr("anna, ben, chen"))
        self.per_item, self.overlap, self.overlap_by, self.seed = QSpinBox(), QSpinBox(), QSpinBox(), QSpinBox()
        for box, low, high, value in (
            (self.per_item, 1, 50, 1),
            (self.overlap, 0, 100, 10),
            (self.overlap_by, 2, 50, 2),
            (self.seed, 0, 1_000_000, 0),
        ):
            box.setRange(low, high)
            box.setValue(value)
        self.overlap.setSuffix(" %")
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        for words, field in (
            (self.tr("&Query of the trajectories"), self.query),
            (self.tr("A&nnotators, separated by commas"), self.names),
            (self.tr("&People for each trajectory"), self.per_item),
            (self.tr("Share that &overlaps"), self.overlap),
            (self.tr("Peop&le for an overlapping one"), self.overlap_by),
            (self.tr("&Seed"), self.seed),
        ):
            form.addRow(words, field)
            field.setAccessibleName(without_mnemonic(words))
        self.summary = paragraph()
        self.table = Table(
            self.tr("What each person gets"),
            [self.tr("Annotator"), self.tr("Has"), self.tr("New"), self.tr("Together")],
        )
        self.go = QPushButton(self.tr("&Assign"))
        self.go.setProperty("primary", "true")
        self.go.clicked.connect(self._assign)
        layout = column(self)
        layout.addWidget(
            paragraph(
                self.tr(
                    "Trajectories that several people decide on by themselves show how far they agree. "
                    "What is assigned already stays as it is."
                ),
                tone="muted",
            )
        )
        layout.addLayout(form)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.summary)
        layout.addWidget(self.go, 0, Qt.AlignmentFlag.AlignRight)
        self._typing = QTimer(self, interval=PREVIEW_AFTER_MS, singleShot=True)
        self._typing.timeout.connect(self.ask)
        for line in (self.query, self.names):
            line.textChanged.connect(self._changed)
        for box in (self.per_item, self.overlap, self.overlap_by, self.seed):
            box.valueChanged.connect(self._changed)
        self._changed()

    def prepare(self, query: str, known: Sequence[str]) -> None:
        """Begin with what the queue shows, and with the people that are known."""
        if not self.query.text():
            self.query.setText(query)
        self.names.setCompleter(QCompleter(list(known), self.names))
        if not self.names.text():
            self.names.setText(", ".join(known))
        self.ask()

    def ask(self) -> None:
        """Make the plan again."""
        names = tuple(name.strip() for name in self.names.text().split(",") if name.strip())
        if not names:
            self.show_problem(self.tr("Name at least one annotator."))
            return
        self.plan_wanted.emit(
            AssignWanted(
                self.query.text(),
                names,
                self.per_item.value(),
                self.overlap.value() / 100,
                self.overlap_by.value(),
                self.seed.value(),
            )
        )

    def show_plan(self, plan: AssignmentPlan) -> None:
        """Show what an assignment would do."""
        self._plan = plan
        self.table.show_rows([[s.annotator, str(s.assigned), str(s.new), str(s.total)] for s in plan.shares])
        self.summary.setText(
            self.tr(
                "Trajectories: {0}. Assigned already: {1}. Decided on by several: {2}. New assignments: {3}."
            ).format(plan.lineages, plan.untouched, plan.overlapping, len(plan.pairs))
        )
        self.go.setEnabled(bool(plan.pairs))

    def show_problem(self, words: str) -> None:
        """Say why there is no plan."""
        self._plan = None
        self.table.clear()
        self.summary.setText(words)
        self.go.setEnabled(False)

    def _changed(self) -> None:
        self.go.setEnabled(False)
        self._typing.start()

    def _assign(self) -> None:
        if self._plan is not None:
            self.go.setEnabled(False)
            self.assign_requested.emit(self._plan)
