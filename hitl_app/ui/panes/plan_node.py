"""One plan of a tree: its steps beside those of the plan that it was refined from, and how it was carried out."""

from collections.abc import Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QSplitter, QWidget

from hitl_app.domain.plan_diff import PlanChange, PlanDiffRow, diff_plans
from hitl_app.domain.plan_tree import PlanNode, PlanRollout, PlanTree
from hitl_app.ui.coordination_words import executable_reason, executable_words, number_words
from hitl_app.ui.panes.flow import Flow
from hitl_app.ui.panes.parts import badge, column, label, paragraph, set_badge
from hitl_app.ui.panes.plan_table import MARK, OUTCOME, STEPS, PlanTable
from hitl_app.ui.panes.tables import Table
from hitl_app.ui.step_text import one_line
from hitl_app.ui.theme import SPACE_M, SPACE_S
from hitl_app.ui.translating import translate

WHY = 400
"""Characters of what a refinement says it changed."""


class PlanNodePane(QWidget):
    """The plan that is selected in a tree.

    Signals:
        open_requested: Trajectory id of a rollout to put on the desk.
        refine_requested: Number of the plan to refine, and trajectory id of the failed rollout to refine it from.
    """

    open_requested = Signal(str)
    refine_requested = Signal(int, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tree: PlanTree | None = None
        self._node: PlanNode | None = None
        self._free = True
        self.title = label(role="title", wrap=True)
        self.executable = badge()
        self.why = paragraph(tone="muted")
        self.plan = PlanTable()
        for each in (OUTCOME, STEPS):
            self.plan.setColumnHidden(each, True)
        headers = (self.tr("Verdict"), self.tr("Rollout"), self.tr("Reward"), self.tr("Refined into"))
        self.rollouts = Table(self.tr("Rollouts of the plan"), headers)
        self.rollouts.itemActivated.connect(self._open)
        self.rollouts.currentItemChanged.connect(self._allow)
        self.open = QPushButton(self.tr("Open at the &desk"))
        self.open.clicked.connect(self._open)
        self.refine = QPushButton(self.tr("&Refine from this failed rollout"))
        self.refine.clicked.connect(self._refine)
        self._lay_out()
        self.setAccessibleName(self.tr("Selected plan"))
        self.show_plan(None, None)

    def _lay_out(self) -> None:
        below = QWidget()
        carried = column(below, margin=0)
        carried.addWidget(self.rollouts, 1)
        carried.addWidget(Flow(self.open, self.refine))
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.setChildrenCollapsible(False)
        parts.addWidget(self.plan)
        parts.addWidget(below)
        parts.setStretchFactor(0, 3)
        parts.setStretchFactor(1, 2)
        layout = column(self, margin=SPACE_M, spacing=SPACE_S)
        layout.addWidget(self.title)
        layout.addWidget(Flow(self.executable))
        layout.addWidget(self.why)
        layout.addWidget(parts, 1)

    def show_plan(self, tree: PlanTree | None, number: int | None) -> None:
        """Show a plan of a tree; None shows that there is nothing to show. The rollout stays where it is the same."""
        rollout = self.rollouts.current_key()
        self._tree = tree
        node = self._node = tree.nodes[number] if tree is not None and number is not None else None
        self.title.setText(self._title(node))
        runs = len(node.rollouts) if node is not None else 0
        alike = node.alike if node is not None else None
        set_badge(self.executable, "muted", executable_words(alike, runs) if node is not None else "")
        self.executable.setToolTip(executable_reason(alike, runs))
        self.executable.setAccessibleDescription(executable_reason(alike, runs))
        self.why.setText(one_line(node.why, WHY) if node is not None else "")
        self.why.setVisible(bool(self.why.text()))
        self._show_steps(tree, node)
        self._show_rollouts(tree, node)
        self.rollouts.go_to(rollout)
        self._allow()

    def show_free(self, *, free: bool) -> None:
        """Whether a refinement can begin: one run is under way at a time."""
        self._free = free
        self._allow()

    def _title(self, node: PlanNode | None) -> str:
        if node is None:
            return self.tr("No plan is selected")
        if node.parent is None:
            return self.tr("Plan {0}, the first one").format(node.number)
        return self.tr("Plan {0}, refined from plan {1}").format(node.number, node.parent)

    def _show_steps(self, tree: PlanTree | None, node: PlanNode | None) -> None:
        above = tree.nodes[node.parent] if tree is not None and node is not None and node.parent is not None else None
        plan = node.plan if node is not None else ()
        old = above.plan if above is not None else plan
        self.plan.setColumnHidden(MARK, above is None)
        self.plan.show_plan(old, plan, tuple(_old_and_new(diff_plans(old, plan))), 0, {})

    def _show_rollouts(self, tree: PlanTree | None, node: PlanNode | None) -> None:
        rollouts = node.rollouts if node is not None else ()
        below = tree.children(node.number) if tree is not None and node is not None else ()
        rows = []
        for number, rollout in enumerate(rollouts, 1):
            into = ", ".join(str(n.number) for n in below if n.refined_from == rollout.trajectory_id)
            rows.append((verdict_words(rollout), str(number), number_words(rollout.reward), into))
        self.rollouts.show_rows(rows, [rollout.trajectory_id for rollout in rollouts])

    @property
    def rollout(self) -> PlanRollout | None:
        """The selected rollout."""
        key = self.rollouts.current_key()
        found = self._node.rollouts if self._node is not None else ()
        return next((rollout for rollout in found if rollout.trajectory_id == key), None)

    def _allow(self) -> None:
        rollout = self.rollout
        self.open.setEnabled(rollout is not None)
        self.refine.setEnabled(rollout is not None and rollout.failed and self._free)
        why = "" if rollout is None or rollout.failed else self.tr("A plan is refined from a rollout that failed.")
        self.refine.setToolTip(why)
        self.refine.setAccessibleDescription(why)

    def _open(self) -> None:
        if self.rollout is not None:
            self.open_requested.emit(self.rollout.trajectory_id)

    def _refine(self) -> None:
        if self._node is not None and self.rollout is not None:
            self.refine_requested.emit(self._node.number, self.rollout.trajectory_id)


def verdict_words(rollout: PlanRollout) -> str:
    """Glyph and words for how a rollout ended."""
    if rollout.failed:
        return "✕ " + translate("PlanNodePane", "not verified")
    if rollout.reward is None:
        return "○ " + translate("PlanNodePane", "not measured")
    return "● " + translate("PlanNodePane", "verified")


def _old_and_new(rows: tuple[PlanDiffRow, ...]) -> Iterator[PlanDiffRow]:
    """A changed step in two rows: as it was, and as it is now."""
    for row in rows:
        if row.change is PlanChange.CHANGED:
            yield PlanDiffRow(PlanChange.REMOVED, row.old, None)
            yield PlanDiffRow(PlanChange.ADDED, None, row.new)
        else:
            yield row
