"""The tasks of a run, and the runs on record, as tables."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from hitl_app.domain.run import Run, TaskStatus
from hitl_app.ui.board import Board, TaskLine
from hitl_app.ui.run_words import (
    losses_word,
    run_result_words,
    run_status_words,
    spent_words,
    task_state_words,
    time_words,
    who_words,
)
from hitl_app.ui.step_text import one_line
from hitl_app.ui.theme import current_theme
from hitl_app.ui.translating import translate
from hitl_app.ui.words import losses_words

Index = QModelIndex | QPersistentModelIndex
_TONES = {
    TaskStatus.VERIFIED: "success",
    TaskStatus.UNVERIFIED: "warning",
    TaskStatus.FAILED: "danger",
    TaskStatus.CANCELLED: "muted",
}


class TextTable(QAbstractTableModel):
    """A table of words: what each column says of a row. The column `WIDE` takes the room that is left."""

    WIDE = 0

    def __init__(self, headers: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._headers = headers

    def rowCount(self, parent: Index | None = None, /) -> int:
        """Qt: number of rows."""
        return 0 if parent is not None and parent.isValid() else self.count()

    def columnCount(self, parent: Index | None = None, /) -> int:
        """Qt: number of columns."""
        return 0 if parent is not None and parent.isValid() else len(self._headers)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole, /
    ) -> object:
        """Qt: what a column is about."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._headers[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole, /) -> object:
        """Qt: words, colour and tooltip of a cell."""
        if not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.words(index.row(), index.column())
        if role == Qt.ItemDataRole.ForegroundRole and (tone := self.tone(index.row(), index.column())):
            return current_theme().tone(tone)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.more(index.row(), index.column()).replace("<", "‹")
        return None

    def count(self) -> int:
        """Number of rows."""
        raise NotImplementedError

    def words(self, row: int, column: int) -> str:
        """What a cell says."""
        raise NotImplementedError

    def tone(self, row: int, column: int) -> str:
        """Tone of a cell; empty for the usual one."""
        return ""

    def more(self, row: int, column: int) -> str:
        """What a tooltip adds."""
        return ""


class TaskTable(TextTable):
    """One row a task that has begun, in the order in which they began."""

    STAGE, LOSSES = 1, 3

    def __init__(self, parent: QObject | None = None) -> None:
        headers = [
            translate("RunTable", "Task"),
            translate("RunTable", "Stage"),
            translate("RunTable", "Iteration"),
            translate("RunTable", "Loss"),
            translate("RunTable", "Tokens"),
            translate("RunTable", "USD"),
        ]
        super().__init__(headers, parent)
        self._board: Board | None = None
        self._lines: list[TaskLine] = []
        self.waits_for: Callable[[TaskLine], str] = lambda line: ""

    def show_board(self, board: Board | None) -> None:
        """Show what is new on a board."""
        if board is not self._board:
            self.beginResetModel()
            self._board, self._lines = board, list(board.lines.values()) if board else []
            self.endResetModel()
            return
        if board is None:
            return
        new = list(board.lines.values())[len(self._lines) :]
        if new:
            first = len(self._lines)
            self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
            self._lines += new
            self.endInsertRows()
        if self._lines:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._lines) - 1, len(self._headers) - 1))

    def line(self, row: int) -> TaskLine | None:
        """The task of a row."""
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def count(self) -> int:
        """Number of rows."""
        return len(self._lines)

    def words(self, row: int, column: int) -> str:
        """What a cell says."""
        line = self._lines[row]
        tokens, money = spent_words(line.usage)
        return (
            one_line(line.title or line.start_id[:12]),
            task_state_words(line, self.waits_for(line)),
            str(line.iteration),
            losses_word(line),
            tokens,
            money,
        )[column]

    def tone(self, row: int, column: int) -> str:
        """How a task ended."""
        status = self._lines[row].status
        return _TONES[status] if status is not None and column == self.STAGE else ""

    def more(self, row: int, column: int) -> str:
        """Why it ended, and the whole vectors."""
        line = self._lines[row]
        if column == self.LOSSES and line.before is not None and line.now is not None:
            return losses_words(line.before, line.now)
        return one_line(line.error or line.stopped_by) if column == self.STAGE else ""


class RunTable(TextTable):
    """One row a run on record, newest first."""

    WIDE = 4

    def __init__(self, parent: QObject | None = None) -> None:
        headers = [
            translate("RunTable", "Began"),
            translate("RunTable", "What"),
            translate("RunTable", "Tasks"),
            translate("RunTable", "Status"),
            translate("RunTable", "Results"),
            translate("RunTable", "Tokens"),
            translate("RunTable", "USD"),
        ]
        super().__init__(headers, parent)
        self._runs: Sequence[Run] = ()
        self._under_way, self._blind = "", False

    def show_runs(self, runs: Sequence[Run], under_way: str, *, blind: bool) -> None:
        """Show runs, to the blind without names; `under_way` is the id of the one that goes on."""
        self.beginResetModel()
        self._runs, self._under_way, self._blind = runs, under_way, blind
        self.endResetModel()

    def run(self, row: int) -> Run | None:
        """The run of a row."""
        return self._runs[row] if 0 <= row < len(self._runs) else None

    def count(self) -> int:
        """Number of rows."""
        return len(self._runs)

    def words(self, row: int, column: int) -> str:
        """What a cell says."""
        run = self._runs[row]
        settings = run.settings
        tokens, money = spent_words(run.usage)
        return (
            time_words(run.started_at),
            f"{settings.command} · {who_words(settings, blind=self._blind)}",
            str(len(settings.starts)),
            run_status_words(run, self._under_way),
            run_result_words(run),
            tokens,
            money,
        )[column]
