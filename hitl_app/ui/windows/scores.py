"""The window of rewards: of the trajectory on the desk by rule, judge and people, and of its group with advantages."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QLabel,
    QPushButton,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from hitl_app.domain.grpo import Norm
from hitl_app.domain.reward_groups import Group
from hitl_app.domain.score import Score
from hitl_app.ui.panes.flow import Flow
from hitl_app.ui.panes.parts import ElidedLabel, paragraph
from hitl_app.ui.panes.score_table import ScoreLine, ScoreTable
from hitl_app.ui.step_text import one_line
from hitl_app.ui.theme import SPACE_M, scaled

_ID = int(Qt.ItemDataRole.UserRole)


class ScoresWindow(QWidget):
    """Beside the desk, whose trajectory it follows.

    Signals:
        given: Reward, value and step (or None) that the person gives.
        step_picked: Index of a step of the trajectory.
        trajectory_picked: Id of a member of the group.
        choice_changed: Another stage of the training, or another way to normalise, is chosen.
        judge_requested: Let a model score.
        stop_requested: Stop what runs.
    """

    given = Signal(object, int, object)
    step_picked = Signal(int)
    trajectory_picked = Signal(str)
    choice_changed = Signal()
    judge_requested = Signal()
    stop_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.title = ElidedLabel(role="title")
        self.table = ScoreTable()
        self.stage, self.norm = QComboBox(), QComboBox()
        self.stage.setAccessibleName(self.tr("Stage"))
        self.norm.setAccessibleName(self.tr("Normalised"))
        for number, words in (
            (1, self.tr("Stage 1: format, adherence, end to end")),
            (2, self.tr("Stage 2: format, end to end, quality of the plan")),
            (3, self.tr("Stage 3: format, end to end")),
        ):
            self.stage.addItem(words, number)
        for norm, words in (
            (Norm.MAX, self.tr("by the greatest value")),
            (Norm.RANGE, self.tr("to the range from 0 to 1")),
            (Norm.NONE, self.tr("not at all")),
        ):
            self.norm.addItem(words, norm.value)
        self.judge, self.stop = QPushButton(self.tr("Ask the &judge")), QPushButton(self.tr("S&top"))
        self.stop.hide()
        self.note, self.problem = paragraph(tone="muted"), paragraph(tone="danger")
        self.warning = paragraph(tone="warning")
        for widget, name in ((self.note, self.tr("Notes")), (self.problem, self.tr("Problem"))):
            widget.setAccessibleName(name)
        self.problem.hide()
        self.warning.hide()
        self.group = self._group_table()
        self._lay_out()
        self._connect()
        self.resize(1060, 720)

    def _group_table(self) -> QTableWidget:
        table = QTableWidget(0, 3)
        table.setHorizontalHeaderLabels([self.tr("Trajectory of the group"), self.tr("Reward"), self.tr("Advantage")])
        table.setAccessibleName(self.tr("Group"))
        table.verticalHeader().hide()
        table.setTabKeyNavigation(False)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        return table

    def _lay_out(self) -> None:
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_M)
        column.addWidget(Flow(_named(self.tr("Stag&e"), self.stage), self.stage))
        column.addWidget(Flow(_named(self.tr("&Normalised"), self.norm), self.norm))
        column.addWidget(self.group, 1)
        column.addWidget(self.warning)
        whole = QSplitter(Qt.Orientation.Vertical)
        whole.setChildrenCollapsible(False)
        whole.addWidget(self.table)
        whole.addWidget(below)
        whole.setSizes([400, 260])
        layout = QVBoxLayout(self)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self.title)
        layout.addWidget(Flow(self.judge, self.stop))
        layout.addWidget(whole, 1)
        layout.addWidget(self.problem)
        layout.addWidget(self.note)

    def _connect(self) -> None:
        self.table.given.connect(self.given)
        self.table.step_picked.connect(self.step_picked)
        self.table.refused.connect(self._refuse)
        self.group.cellActivated.connect(self._pick)
        self.stage.currentIndexChanged.connect(self.choice_changed)
        self.norm.currentIndexChanged.connect(self.choice_changed)
        self.judge.clicked.connect(self.judge_requested)
        self.stop.clicked.connect(self.stop_requested)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)
        QShortcut(QKeySequence("Ctrl+W"), self, self.close)

    @property
    def chosen_stage(self) -> int:
        """Number of the stage of the training."""
        return int(self.stage.currentData())

    @property
    def chosen_norm(self) -> Norm:
        """How terms are normalised."""
        return Norm(self.norm.currentData())

    def show_scores(self, title: str, lines: Sequence[ScoreLine], scores: Sequence[Score], annotator: str) -> None:
        """Show the rewards of a trajectory."""
        self.setWindowTitle(self.tr("Rewards: {0}").format(one_line(title, 120)))
        self.title.set_text(one_line(title, 300))
        self.table.show_scores(lines, scores, annotator)
        self.note.setText(
            self.tr("Type a number to give your own value for the current row; it counts before the judge's.")
        )

    def show_group(self, group: Group | None, words: Mapping[str, str], here: str) -> None:
        """Show the group of the trajectory, whose own row stands out.

        Args:
            group: Members with their advantages; None while it is not known.
            words: What people know each member by.
            here: Id of the trajectory.
        """
        members = () if group is None else group.members
        rows = [(each.trajectory_id, f"{each.reward:.3f}", _advantage(each.advantage)) for each in members]
        rows += [(each, self.tr("not measured"), "–") for each in (group.not_measured if group else ())]
        self.group.setRowCount(len(rows))
        for place, (trajectory_id, *texts) in enumerate(rows):
            for column, text in enumerate((words.get(trajectory_id, trajectory_id[:12]), *texts)):
                item = QTableWidgetItem(text)
                item.setData(_ID, trajectory_id)
                if trajectory_id == here:
                    item.setFont(scaled(self.group.font(), 1.0, bold=True))
                self.group.setItem(place, column, item)
        warning = "" if group is None else self._warning(group)
        self.warning.setText(warning)
        self.warning.setVisible(bool(warning))

    def _warning(self, group: Group) -> str:
        if group.std is None:
            return self.tr("Fewer than two rewards of this group were measured: there is nothing to compare.")
        if not group.std:
            return self.tr("All rewards of this group are equal: every advantage is 0, and nothing is learnt from it.")
        return ""

    def show_problem(self, words: str) -> None:
        """Say what cannot be done, and why."""
        self.problem.setText(words)
        self.problem.setVisible(bool(words))

    def _refuse(self, least: int, greatest: int) -> None:
        self.show_problem(self.tr("This reward goes from {0} to {1}.").format(least, greatest))

    def show_busy(self, words: str) -> None:
        """Say what runs, so that it can be stopped; nothing where nothing does."""
        self.judge.setEnabled(not words)
        self.stop.setVisible(bool(words))
        if words:
            self.note.setText(words)

    def _pick(self, place: int, _: int) -> None:
        item = self.group.item(place, 0)
        if item is not None:
            self.trajectory_picked.emit(item.data(_ID))


def _named(words: str, buddy: QComboBox) -> QLabel:
    named = QLabel(words)
    named.setBuddy(buddy)
    return named


def _advantage(value: float | None) -> str:
    return "–" if value is None else f"{value:+.3f}"
