"""A run while it goes on: its tasks, what it has spent of its budget, and what a model says."""

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHeaderView,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QSplitter,
    QTableView,
    QWidget,
)

from hitl_app.domain.run import Arm, RunStatus
from hitl_app.domain.team import ReviewPolicy
from hitl_app.ui.board import Board, TaskLine
from hitl_app.ui.models.run import TaskTable, TextTable
from hitl_app.ui.panes.flow import Flow
from hitl_app.ui.panes.parts import column, label
from hitl_app.ui.run_words import duration_words, run_result_words, who_words
from hitl_app.ui.step_text import one_line
from hitl_app.ui.theme import SPACE_M
from hitl_app.ui.words import losses_words

TICK_MS = 500
BAR_HEIGHT = 10
STEPS = 1000
"""Parts of a bar: budgets can be larger than Qt's numbers."""


class Ceiling(QWidget):
    """One kind of spending as a bar with its numbers; without a ceiling only the number."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = label(name, tone="muted")
        self.value = label()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, STEPS)
        self.bar.setFixedHeight(BAR_HEIGHT)
        self.bar.setAccessibleName(name)

    def put_into(self, grid: QGridLayout, row: int) -> None:
        """Take a row of a grid."""
        grid.addWidget(self.name, row, 0)
        grid.addWidget(self.bar, row, 1)
        grid.addWidget(self.value, row, 2)
        grid.setRowMinimumHeight(row, self.value.sizeHint().height())

    def show_spent(self, spent: float, limit: float | None, words: str) -> None:
        """Show what was spent of a limit; None is no limit."""
        self.bar.setVisible(limit is not None)
        self.bar.setValue(min(STEPS, round(STEPS * spent / limit)) if limit else 0)
        self.value.setText(words)
        self.bar.setAccessibleDescription(words)


class RunProgress(QWidget):
    """The run under way, or the one that ended last.

    Signals:
        stop_requested: Stop it.
        open_requested: A `TaskLine` to open at the desk.
        sent_requested: Show the calls of the run.
    """

    stop_requested = Signal()
    open_requested = Signal(object)
    sent_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._board: Board | None = None
        self._policy = ReviewPolicy()
        self._shown: tuple[str, int] = ("", 0)
        self.head = label(self.tr("No run has been started here yet."), wrap=True)
        self.problem = label(tone="danger", wrap=True)
        self.problem.hide()
        self.tasks = Ceiling(self.tr("Tasks"))
        self.tokens = Ceiling(self.tr("Tokens"))
        self.money = Ceiling(self.tr("US dollars"))
        self.time = Ceiling(self.tr("Time"))
        self.rows = TaskTable(self)
        self.table = table_of(self.rows, self.tr("Tasks of the run"))
        self.table.doubleClicked.connect(self._open)
        self.table.activated.connect(self._open)
        self.table.selectionModel().currentRowChanged.connect(self._selected)
        self.about = label(tone="muted", wrap=True)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setProperty("role", "mono")
        self.text.setAccessibleName(self.tr("What the model says"))
        self.text.setPlaceholderText(self.tr("What a model says about the selected task stands here as it comes."))
        self.stop = QPushButton(self.tr("S&top the run"))
        self.stop.clicked.connect(self.stop_requested)
        self.open = QPushButton(self.tr("Open at the &desk"))
        self.open.clicked.connect(self._open)
        self.sent = QPushButton(self.tr("&What was sent…"))
        self.sent.clicked.connect(self.sent_requested)
        self._lay_out()
        self._clock = QTimer(self)
        self._clock.setInterval(TICK_MS)
        self._clock.timeout.connect(self._show_spending)
        self.setAccessibleName(self.tr("Progress of the run"))
        self.setFocusProxy(self.table)
        self.show_board(None, going=False)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_M)
        grid.setColumnStretch(1, 1)
        for row, ceiling in enumerate((self.tasks, self.tokens, self.money, self.time)):
            ceiling.put_into(grid, row)
        below = QWidget()
        words = column(below, margin=0)
        words.addWidget(self.about)
        words.addWidget(self.text, 1)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.setChildrenCollapsible(False)
        parts.addWidget(self.table)
        parts.addWidget(below)
        parts.setStretchFactor(0, 3)
        parts.setStretchFactor(1, 2)
        layout = column(self)
        layout.addWidget(self.head)
        layout.addWidget(self.problem)
        layout.addLayout(grid)
        layout.addWidget(parts, 1)
        layout.addWidget(Flow(self.stop, self.open, self.sent))

    def show_problem(self, text: str) -> None:
        """Say why a run could not begin or go on."""
        self.problem.setText(f"▲ {text}" if text else "")
        self.problem.setVisible(bool(text))

    def show_policy(self, policy: ReviewPolicy) -> None:
        """Hide what a policy of review hides: names, and a model's words where the blame comes before a proposal."""
        self._policy = policy
        if policy.judge_first:
            self.text.clear()
            words = self.tr("What a model says is hidden: its proposal is seen after the blame is marked.")
        else:
            words = self.tr("What a model says about the selected task stands here as it comes.")
        self.text.setPlaceholderText(words)
        self._shown = ("", 0)
        self.head.setText(self._words(self._board))

    def show_board(self, board: Board | None, *, going: bool) -> None:
        """Show what is new."""
        self._board = board
        self.rows.show_board(board)
        if self.rows.rowCount() and not self.table.currentIndex().isValid():
            self.table.selectRow(0)
        self.stop.setEnabled(going)
        self.sent.setEnabled(board is not None and bool(board.run.settings.model) and not self._policy.blind)
        self.head.setText(self._words(board))
        if going:
            self._clock.start()
        else:
            self._clock.stop()
        self._show_spending()
        self._show_line()

    def _words(self, board: Board | None) -> str:
        if board is None:
            return self.tr("No run has been started here yet.")
        settings = board.run.settings
        offline = not settings.model and not self._policy.blind
        who = self.tr("the offline repairer") if offline else who_words(settings, blind=self._policy.blind)
        gates = self.tr("with you at the gates") if settings.arm is Arm.HUMAN else self.tr("autonomous")
        words = self.tr("Run {0}: {1}, {2}").format(board.run.id[:12], one_line(who), gates)
        if board.going:
            return words
        ended = self.tr("Ended.")
        if board.run.status is not RunStatus.ENDED:
            ended = self.tr("Stopped: what was done stays on record, and the run can be resumed.")
        return f"{words}\n{ended} {run_result_words(board.run)}"

    def _show_spending(self) -> None:
        board = self._board
        if board is None:
            for ceiling in (self.tasks, self.tokens, self.money, self.time):
                ceiling.show_spent(0, None, "–")
            return
        budget, spent = board.run.settings.budget, board.spent
        self.tasks.show_spent(board.done, board.total, self.tr("{0} of {1}").format(board.done, board.total))
        about = "" if spent.measured else "≈ "
        tokens = f"{about}{spent.tokens:,}"
        self.tokens.show_spent(spent.tokens, budget.tokens, self._of(tokens, f"{budget.tokens or 0:,}", budget.tokens))
        money = self.tr("price not known") if spent.usd is None else f"{spent.usd:.4f}"
        self.money.show_spent(spent.usd or 0, budget.usd, self._of(money, f"{budget.usd or 0:g}", budget.usd))
        words = duration_words(board.seconds)
        words = self._of(words, duration_words(budget.seconds or 0), budget.seconds)
        left = board.seconds_left()
        if left is not None:
            words = self.tr("{0}, about {1} left").format(words, duration_words(left))
        self.time.show_spent(board.seconds, budget.seconds, words)

    def _of(self, spent: str, limit: str, ceiling: float | None) -> str:
        words = self.tr("{0}, no ceiling") if ceiling is None else self.tr("{0} of {1}")
        return words.format(spent, limit)

    # -- the selected task -----------------------------------------------------------------------------------------

    @property
    def line(self) -> TaskLine | None:
        """The selected task."""
        return self.rows.line(self.table.currentIndex().row())

    def _selected(self, index: QModelIndex) -> None:
        self._show_line()

    def _show_line(self) -> None:
        line = self.line
        self.open.setEnabled(line is not None)
        if line is None:
            self.about.setText("")
            self._shown = ("", 0)
            self.text.clear()
            return
        words = [one_line(line.error or line.stopped_by)]
        if line.before is not None and line.now is not None:
            words.append(losses_words(line.before, line.now))
        self.about.setText(" · ".join(filter(None, words)))
        self._show_text(line)

    def _show_text(self, line: TaskLine) -> None:
        """Add what is new at the end; the view stays where the person has scrolled to."""
        if self._policy.judge_first:
            return
        start_id, shown = self._shown
        if start_id != line.start_id or shown < line.said_before:
            self.text.setPlainText(line.said)
        elif new := line.said[shown - line.said_before :]:
            bar = self.text.verticalScrollBar()
            follows = bar.value() == bar.maximum()
            cursor = QTextCursor(self.text.document())
            cursor.movePosition(QTextCursor.MoveOperation.End)
            cursor.insertText(new)
            if follows:
                bar.setValue(bar.maximum())
        self._shown = (line.start_id, line.said_before + len(line.said))

    def _open(self) -> None:
        if self.line is not None:
            self.open_requested.emit(self.line)


def table_of(model: TextTable, name: str) -> QTableView:
    """A table of whole rows, its first column as wide as there is room."""
    view = QTableView()
    view.setModel(model)
    view.setAccessibleName(name)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setTabKeyNavigation(False)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.verticalHeader().hide()
    view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    view.verticalHeader().setDefaultSectionSize(view.fontMetrics().height() + SPACE_M)
    header = view.horizontalHeader()
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setResizeContentsPrecision(50)
    header.setSectionResizeMode(model.WIDE, QHeaderView.ResizeMode.Stretch)
    view.setMinimumHeight(4 * view.fontMetrics().lineSpacing())
    return view
