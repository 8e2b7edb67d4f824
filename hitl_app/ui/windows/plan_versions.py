"""The window of plans: P(0) to P(T) of the trajectory on the desk, proposed plans, and a plan written anew by hand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSpinBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from hitl_app.domain.plan_diff import PlanChange, PlanDiffRow, PlanVersion, brackets, diff_plans, versions
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.replan import Replan, carried_out
from hitl_app.domain.trajectory import PlanStep, Trajectory
from hitl_app.ui import plan_writing
from hitl_app.ui.panes.flow import Flow
from hitl_app.ui.panes.parts import ElidedLabel, paragraph
from hitl_app.ui.panes.plan_table import PlanTable, read_span, span_words
from hitl_app.ui.step_text import one_line
from hitl_app.ui.theme import SPACE_M


@dataclass(frozen=True)
class ShownPlan:
    """One entry of the list.

    Attributes:
        words: What the list says of it.
        old: The plan that it is compared with.
        plan: The plan.
        locked: Number of first steps that cannot be changed.
        steps: For each of its steps, those of the trajectory that carry it out.
        proposal: The proposal that it is of; None for a plan that was in force, or that is written here.
        faults: What is wrong with it, in words; with any it cannot be accepted.
    """

    words: str
    old: tuple[PlanStep, ...]
    plan: tuple[PlanStep, ...]
    locked: int
    steps: Mapping[int, Sequence[int]]
    proposal: Proposal | None = None
    faults: tuple[str, ...] = ()

    @property
    def rows(self) -> tuple[PlanDiffRow, ...]:
        """What differs."""
        return diff_plans(self.old, self.plan)


class PlanWindow(QWidget):
    """Beside the desk, whose trajectory it follows.

    Signals:
        step_picked: Index of a step of the trajectory.
        save_requested: A `Replan` that was written by hand.
        accept_requested: Id of the proposal that is shown.
        reject_requested: Likewise.
        planner_requested: Let the planner write anew what is to do from so many steps on.
        ground_requested: Make a plan out of what was done; whether a model is to write it.
        stop_requested: Stop what runs.
    """

    step_picked = Signal(int)
    save_requested = Signal(object)
    accept_requested = Signal(str)
    reject_requested = Signal(str)
    planner_requested = Signal(int)
    ground_requested = Signal(bool)
    stop_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._trajectory: Trajectory | None = None
        self._shown: list[ShownPlan] = []
        self._writing: Replan | None = None
        self._busy = False
        self.title = ElidedLabel(role="title")
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Plans over time"))
        self.list.setWordWrap(True)
        self.table = PlanTable()
        self.note = paragraph(tone="muted")
        self.note.setAccessibleName(self.tr("Notes"))
        self.problem = paragraph(tone="danger")
        self.problem.setAccessibleName(self.tr("Problem"))
        self.at = QSpinBox()
        self.at.setAccessibleName(self.tr("Plan anew from step"))
        self._make_buttons()
        self._lay_out()
        self._connect()
        self.resize(1080, 640)
        self._allow()

    def _make_buttons(self) -> None:
        self.write = QPushButton(self.tr("&Write anew from step"))
        self.planner = QPushButton(self.tr("Ask the &planner"))
        self.ground = QPushButton(self.tr("&Grounded plan"))
        self.ground_by_model = QPushButton(self.tr("Grounded plan by the &model"))
        self.stop = QPushButton(self.tr("S&top"))
        self.add = QPushButton(self.tr("A&dd a step"))
        self.remove = QPushButton(self.tr("&Remove"))
        self.up, self.down = QPushButton(self.tr("Move &up")), QPushButton(self.tr("Move do&wn"))
        self.save = QPushButton(self.tr("&Save as a revision"))
        self.cancel = QPushButton(self.tr("&Cancel"))
        self.accept = QPushButton(self.tr("&Accept this plan"))
        self.reject = QPushButton(self.tr("Re&ject…"))

    def _lay_out(self) -> None:
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_M)
        column.addWidget(self.table, 1)
        column.addWidget(Flow(self.add, self.remove, self.up, self.down, self.save, self.cancel))
        column.addWidget(Flow(self.accept, self.reject))
        column.addWidget(self.problem)
        column.addWidget(self.note)
        whole = QSplitter(Qt.Orientation.Horizontal)
        whole.setChildrenCollapsible(False)
        whole.addWidget(self.list)
        whole.addWidget(right)
        whole.setStretchFactor(1, 1)
        whole.setSizes([280, 800])
        start = QWidget()
        row = QHBoxLayout(start)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.write)
        row.addWidget(self.at)
        layout = QVBoxLayout(self)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self.title)
        layout.addWidget(Flow(start, self.planner, self.ground, self.ground_by_model, self.stop))
        layout.addWidget(whole, 1)

    def _connect(self) -> None:
        self.list.currentRowChanged.connect(self._show_chosen)
        self.table.step_picked.connect(self.step_picked)
        self.table.currentCellChanged.connect(lambda *_: self._allow())
        self.write.clicked.connect(lambda: self._begin(self.at.value()))
        self.planner.clicked.connect(lambda: self.planner_requested.emit(self.at.value()))
        self.ground.clicked.connect(lambda: self.ground_requested.emit(False))
        self.ground_by_model.clicked.connect(lambda: self.ground_requested.emit(True))
        self.stop.clicked.connect(self.stop_requested)
        self.add.clicked.connect(self._add)
        self.remove.clicked.connect(self._remove)
        self.up.clicked.connect(lambda: self._move(-1))
        self.down.clicked.connect(lambda: self._move(1))
        self.save.clicked.connect(self._save)
        self.cancel.clicked.connect(self._end)
        self.accept.clicked.connect(lambda: self._decide(self.accept_requested.emit))
        self.reject.clicked.connect(lambda: self._decide(self.reject_requested.emit))
        QShortcut(QKeySequence("Ctrl+W"), self, self.close)
        QShortcut(QKeySequence("Ctrl+Return"), self, self._confirm)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self._leave)

    # -- what is shown ---------------------------------------------------------------------------------------------

    def show_plans(
        self, title: str, trajectory: Trajectory, proposals: Sequence[tuple[Proposal, Sequence[str]]]
    ) -> None:
        """Show another trajectory, or the same one with other proposals. What is being written stays.

        Args:
            title: Of the task.
            trajectory: Whose plans are shown.
            proposals: New plans for it that nobody decided on yet, newest first, with what is wrong with each.
        """
        same = self._trajectory is not None and self._trajectory.id == trajectory.id
        self.setWindowTitle(self.tr("Plans: {0}").format(one_line(title, 120)))
        self.title.set_text(one_line(title, 300))
        if not same:
            self._writing = None
            self.at.setRange(0, len(trajectory.steps))
            self.at.setValue(len(trajectory.steps) if not trajectory.plan else 0)
            self.show_problem("")
        self._trajectory = trajectory
        known = len(self._shown)
        self._shown = [*self._over_time(trajectory), *(self._proposed(trajectory, *each) for each in proposals)]
        if self._writing is not None:
            return
        chosen = self.list.currentRow() if same and len(self._shown) == known else -1
        self._fill(chosen)

    def _fill(self, chosen: int) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for each in self._shown:
            self.list.addItem(QListWidgetItem(each.words))
        self.list.blockSignals(False)
        proposed = next((n for n, each in enumerate(self._shown) if each.proposal is not None), len(self._shown) - 1)
        self.list.setCurrentRow(chosen if 0 <= chosen < len(self._shown) else proposed)
        self._show_chosen()

    def _over_time(self, trajectory: Trajectory) -> list[ShownPlan]:
        found = versions(trajectory)
        carried = dict(enumerate(brackets(trajectory)))
        shown = []
        for each in found:
            old = found[max(0, each.number - 1)].plan
            steps = {n: [s for s in carried.get(n, ()) if s < each.until] for n in range(len(each.plan))}
            shown.append(ShownPlan(self._version_words(each), old, each.plan, each.locked, steps))
        return shown

    def _version_words(self, version: PlanVersion) -> str:
        changed = sum(row.change is not PlanChange.SAME for row in version.changes)
        if version.until <= version.since:
            where = self.tr("no step under it")
        else:
            where = self.tr("steps {0}").format(span_words(range(version.since, version.until)))
        words = [f"P({version.number})", where]
        if version.number:
            words.append(self.tr("{0} changed").format(changed))
        return " · ".join(words)

    def _proposed(self, trajectory: Trajectory, proposal: Proposal, faults: Sequence[str]) -> ShownPlan:
        replan = proposal.replan or Replan(0, trajectory.plan)
        words = self.tr("Grounded plan") if not replan.at else self.tr("New plan from step {0}").format(replan.at)
        return ShownPlan(
            f"{words} · {one_line(proposal.proposer, 60)}",
            trajectory.plan,
            replan.plan,
            carried_out(trajectory, replan.at),
            plan_writing.carried_by(trajectory, replan),
            proposal,
            tuple(faults),
        )

    @property
    def chosen(self) -> ShownPlan | None:
        """The entry that is shown."""
        row = self.list.currentRow()
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def _show_chosen(self, _: int = 0) -> None:
        if self._writing is not None:
            return
        shown = self.chosen
        if shown is None:
            self.table.setRowCount(0)
            self.note.setText(self.tr("There is no plan yet: write one, or make a grounded plan of what was done."))
        else:
            self.table.show_plan(shown.old, shown.plan, shown.rows, shown.locked, shown.steps)
            self.note.setText("\n".join(shown.faults))
        self.table.set_writable(writable=False)
        self._allow()

    def show_note(self, words: str) -> None:
        """Say what worked, or what runs."""
        self.note.setText(words)

    def show_problem(self, words: str) -> None:
        """Say what cannot be done, and why."""
        self.problem.setText(words)
        self.problem.setVisible(bool(words))

    def show_busy(self, *, busy: bool) -> None:
        """Something runs: it can be stopped, and nothing else begun."""
        self._busy = busy
        self._allow()

    # -- writing ---------------------------------------------------------------------------------------------------

    @property
    def writing(self) -> bool:
        """Whether a plan is being written here."""
        return self._writing is not None

    def _begin(self, at: int) -> None:
        """Write anew what is to do from a step on, beginning with the plan as it stands, or with a proposed one."""
        shown = self.chosen
        self.begin(at, shown.proposal.replan if shown is not None and shown.proposal is not None else None)

    def begin(self, at: int, proposed: Replan | None = None) -> None:
        """Let the person write a plan anew, beginning with a proposed one where there is one."""
        if self._trajectory is None:
            return
        replan = plan_writing.begun(self._trajectory, at, proposed)
        self.at.setValue(replan.at)
        self.show_problem("")
        self._write(replan, carried_out(self._trajectory, replan.at), cell=not self._trajectory.plan)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _write(self, replan: Replan, go_to: int, *, cell: bool = False) -> None:
        """Show a plan that is being written, and go to one of its steps."""
        trajectory = self._trajectory
        if trajectory is None:
            return
        self._writing = replan
        locked = carried_out(trajectory, replan.at)
        rows = diff_plans(trajectory.plan, replan.plan)
        carried = plan_writing.carried_by(trajectory, replan)
        self.table.show_plan(trajectory.plan, replan.plan, rows, locked, carried)
        self.table.set_writable(writable=True)
        words = self.tr("Plan steps up to {0} were carried out before step {1}: they stay as they are.")
        self.note.setText(words.format(locked, replan.at) if locked else "")
        self._allow()
        self.table.go_to(go_to, write=cell)

    def _taken(self, replan: Replan) -> Replan | None:
        """With what is written in the cells by now; None where that cannot be read, and says why."""
        self.table.setCurrentCell(self.table.currentRow(), 0)  # takes what is still in a cell's editor
        try:
            spans = [read_span(text) for text in self.table.written_spans]
        except ValueError as error:
            words = self.tr("Steps are written like 3–5, 7. This cannot be read: {0}")
            self.show_problem(words.format(one_line(str(error), 80)))
            return None
        try:
            taken = plan_writing.rewritten(replan, self.table.written, spans)
        except ValueError as error:
            self.show_problem(self.tr("Step {0} is named by two plan steps.").format(error))
            return None
        self.show_problem("")
        return taken

    def _add(self) -> None:
        if self._writing is not None and self._trajectory is not None:
            here, count = self.table.plan_step, len(self._writing.plan)
            place = max(carried_out(self._trajectory, self._writing.at), count if here is None else here + 1)
            taken = self._taken(self._writing)
            if taken is not None:
                self._write(plan_writing.inserted(taken, place), place, cell=True)

    def _remove(self) -> None:
        place = self._open_place
        taken = self._taken(self._writing) if self._writing is not None and place is not None else None
        if taken is not None and place is not None:
            self._write(plan_writing.removed(taken, place), max(0, place - 1))

    def _move(self, distance: int) -> None:
        place = self._open_place
        if self._writing is None or self._trajectory is None or place is None:
            return
        other = place + distance
        taken = self._taken(self._writing)
        if taken is not None and carried_out(self._trajectory, taken.at) <= other < len(taken.plan):
            self._write(plan_writing.swapped(taken, place, other), other)

    @property
    def _open_place(self) -> int | None:
        """The current plan step, where it may be changed."""
        place = self.table.plan_step
        if self._writing is None or self._trajectory is None or place is None:
            return None
        return place if place >= carried_out(self._trajectory, self._writing.at) else None

    def _save(self) -> None:
        taken = self._taken(self._writing) if self._writing is not None else None
        if taken is not None:
            self._writing = taken
            self.save_requested.emit(taken)

    def _end(self) -> None:
        self._writing = None
        self.show_problem("")
        self._fill(self.list.currentRow())

    def saved(self) -> None:
        """What was written is on record."""
        self._end()

    # -- keys and buttons ------------------------------------------------------------------------------------------

    def _decide(self, tell: Callable[[str], None]) -> None:
        shown = self.chosen
        if shown is not None and shown.proposal is not None:
            tell(shown.proposal.id)

    def _confirm(self) -> None:
        if self.writing:
            self._save()
        elif self.accept.isEnabled() and self.accept.isVisible():
            self._decide(self.accept_requested.emit)

    def _leave(self) -> None:
        if self.writing:
            self._end()
        else:
            self.close()

    def _allow(self) -> None:
        writing, free = self.writing, self._trajectory is not None and not self._busy
        proposed = self.chosen is not None and self.chosen.proposal is not None and not writing
        for button in (self.write, self.planner, self.ground, self.ground_by_model, self.at):
            button.setEnabled(free and not writing)
        has_actions = self._trajectory is not None and bool(self._trajectory.actions)
        self.ground.setEnabled(free and not writing and has_actions)
        self.ground_by_model.setEnabled(free and not writing and has_actions)
        self.stop.setVisible(self._busy)
        self.list.setEnabled(not writing)
        for button in (self.add, self.remove, self.up, self.down, self.save, self.cancel):
            button.setVisible(writing)
        for button in (self.remove, self.up, self.down):
            button.setEnabled(self._open_place is not None)
        for button in (self.accept, self.reject):
            button.setVisible(proposed)
            button.setEnabled(free)
        if proposed and self.chosen is not None and self.chosen.faults:
            self.accept.setEnabled(False)
