"""Lines of two trajectories side by side: a line a row of the list, long ones broken to the width of a side.

Runs of equal steps are folded; what a row says is there as soon as it was compared. A thousand steps are some thousand
short lines, of which the list paints those in view.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import islice, zip_longest

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from hitl_app.domain.difference import Difference, RowKind, RowLines
from hitl_app.domain.side_by_side import Cell, Line, side_by_side
from hitl_app.domain.trajectory import Step
from hitl_app.ui.panes.sides import folded_words
from hitl_app.ui.step_text import preview
from hitl_app.ui.translating import translate
from hitl_app.ui.words import role_name
from hitl_app.ui.wrapping import clean, wrapped

LINE_ROLE = Qt.ItemDataRole.UserRole

LEAST_FOLDED = 3
"""Fewer equal steps are not worth folding."""

PREVIEW = 400
"""Characters of a step that is shown on one line."""

MOST_OF_ROW = 400
"""Lines that a row is shown in."""

Index = QModelIndex | QPersistentModelIndex


class LineKind(Enum):
    """What a line of the list is."""

    RUN = auto()
    HEADER = auto()
    STEP = auto()
    OBSERVATION = auto()


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of the list.

    Attributes:
        row: The row of the difference that it belongs to; of a run the first.
        numbers: Of a header: the step's number on either side; empty where it is not there.
        words: Of a header what is said of the row; of a run and of a folded part all that is shown.
        same: Both sides say the same.
    """

    kind: LineKind
    row: int
    says: RowKind
    left: Cell | None = None
    right: Cell | None = None
    numbers: tuple[str, str] = ("", "")
    words: str = ""
    same: bool = False


class DifferenceModel(QAbstractListModel):
    """The lines of one difference."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._difference: Difference | None = None
        self._lines: list[DiffLine | int] = []
        self._opened: dict[int, RowLines] = {}
        self._runs: set[int] = set()
        self._made: dict[int, list[DiffLine]] = {}
        self._headers: dict[int, DiffLine] = {}
        self._columns = 80

    # -- what is shown ---------------------------------------------------------------------------------------------

    def show_difference(self, difference: Difference | None, lines: Mapping[int, RowLines]) -> None:
        """Show a difference, with the lines of the rows that are folded out at first."""
        self._difference = difference
        self._opened, self._runs, self._headers = dict(lines), set(), {}
        self._make_anew()

    def set_columns(self, columns: int) -> None:
        """Break lines after so many characters."""
        if columns != self._columns:
            self._columns = columns
            self._make_anew()

    def open_row(self, row: int, lines: RowLines) -> None:
        """Fold a row out."""
        self._opened[row] = lines
        self._made.pop(row, None)
        self._rebuild()

    def close_row(self, row: int) -> None:
        """Fold a row in to its header."""
        self._opened.pop(row, None)
        self._made.pop(row, None)
        self._rebuild()

    def open_run(self, row: int) -> None:
        """Show the equal steps that are folded behind a line."""
        self._runs.add(row)
        self._rebuild()

    def is_open(self, row: int) -> bool:
        """Whether a row is folded out."""
        return row in self._opened

    def line(self, index: Index) -> DiffLine:
        """What a line of the list shows. The header of a row that is folded in is made when it is first asked for."""
        line = self._lines[index.row()]
        if isinstance(line, DiffLine):
            return line
        if line not in self._headers and self._difference is not None:
            self._headers[line] = _header(self._difference, line)
        return self._headers[line]

    def place_of(self, row: int) -> int:
        """The line at which a row begins; the run that hides it where it is folded away."""
        found = 0
        for place, line in enumerate(self._lines):
            begins = line if isinstance(line, int) else line.row
            if begins > row:
                break
            if isinstance(line, int) or line.kind in (LineKind.HEADER, LineKind.RUN):
                found = place
        return found

    @property
    def differences(self) -> list[int]:
        """Rows that differ, in order."""
        kinds = self._difference.kinds if self._difference else ()
        return [row for row, kind in enumerate(kinds) if kind is not RowKind.SAME]

    # -- Qt --------------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index | None = None, /) -> int:
        """Qt: number of lines."""
        return 0 if parent is not None and parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole, /) -> object:
        """Qt: the line itself, and its words."""
        if not index.isValid():
            return None
        line = self.line(index)
        if role == LINE_ROLE:
            return line
        if role == Qt.ItemDataRole.DisplayRole:
            return plain_text(line)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return _spoken(line)
        return None

    # -- making lines ----------------------------------------------------------------------------------------------

    def _make_anew(self) -> None:
        self._made = {}
        self._rebuild()

    def _rebuild(self) -> None:
        self.beginResetModel()
        self._lines = list(self._all(self._difference)) if self._difference is not None else []
        self.endResetModel()

    def _all(self, difference: Difference) -> Iterator[DiffLine | int]:
        kinds = difference.kinds
        start = 0
        while start < len(kinds):
            end = start
            while end < len(kinds) and kinds[end] is RowKind.SAME and end not in self._opened:
                end += 1
            # One equal step stays on either side of a difference.
            first, last = start + bool(start), end - (end < len(kinds))
            if last - first >= LEAST_FOLDED and first not in self._runs:
                yield from self._rows(difference, start, first)
                words = translate("Difference", "⋯ {0} equal steps").format(last - first)
                yield DiffLine(LineKind.RUN, first, RowKind.SAME, words=words, same=True)
                yield from self._rows(difference, last, end)
            else:
                yield from self._rows(difference, start, end)
            yield from self._rows(difference, end, min(end + 1, len(kinds)))
            start = end + 1

    def _rows(self, difference: Difference, start: int, end: int) -> Iterator[DiffLine | int]:
        for row in range(start, end):
            opened = self._opened.get(row)
            if opened is None:
                yield row
                continue
            if row not in self._made:
                lines = list(islice(_row_lines(difference, row, opened, self._columns), MOST_OF_ROW))
                if len(lines) == MOST_OF_ROW:
                    words = translate(
                        "Difference", "⋯ more than is shown here: fold the step out in the plan to read all of it"
                    )
                    lines[-1] = DiffLine(LineKind.STEP, row, difference.kinds[row], words=words, same=True)
                self._made[row] = lines
            yield from self._made[row]


def _row_lines(difference: Difference, row: int, opened: RowLines, columns: int) -> Iterator[DiffLine]:
    """The header of a row that is folded out, and what the header does not say."""
    header = _header(difference, row)
    step: tuple[Line, ...] = ()
    if _is_said(header, opened.step):
        yield header
    else:
        yield replace(header, left=_speaker(difference, row, right=False), right=_speaker(difference, row, right=True))
        step = opened.step
    for kind, lines in ((LineKind.STEP, step), (LineKind.OBSERVATION, opened.observation)):
        for line in side_by_side(lines):
            yield from _broken(line, kind, row, difference.kinds[row], columns)


def _header(difference: Difference, row: int) -> DiffLine:
    aligned, kind = difference.rows[row], difference.kinds[row]
    left, right = _one_line(difference.before.step(aligned.old)), _one_line(difference.after.step(aligned.new))
    numbers = ("" if aligned.old is None else str(aligned.old), "" if aligned.new is None else str(aligned.new))
    words = _kind_words(kind, aligned.moved)
    return DiffLine(LineKind.HEADER, row, kind, left, right, numbers, words, same=kind is RowKind.SAME)


def _one_line(step: Step | None) -> Cell | None:
    if step is None:
        return None
    text = preview(step, PREVIEW)
    return Cell(clean(text if step.is_action else f"{role_name(step.role)}: {text}"))


def _speaker(difference: Difference, row: int, *, right: bool) -> Cell | None:
    """Of a step that is said in the lines below: who speaks, or nothing for a call."""
    aligned = difference.rows[row]
    step = difference.after.step(aligned.new) if right else difference.before.step(aligned.old)
    if step is None:
        return None
    return Cell("" if step.is_action else f"{role_name(step.role)}:")


def _broken(line: Line, kind: LineKind, row: int, says: RowKind, columns: int) -> Iterator[DiffLine]:
    """A line broken to the width of a side."""
    if line.folded is not None:
        yield DiffLine(kind, row, says, words=folded_words(line.folded), same=True)
        return
    left, right = ([] if cell is None else list(wrapped(cell, columns)) for cell in (line.left, line.right))
    for old, new in zip_longest(left, right):
        yield DiffLine(kind, row, says, old, new, same=line.same)


def plain_text(line: DiffLine) -> str:
    """A line as it is copied: what goes behind a minus, what comes behind a plus."""
    head = f"{line.numbers[0] or '–'}→{line.numbers[1] or '–'} [{line.words}] " if line.kind is LineKind.HEADER else ""
    if line.left is None and line.right is None:
        return f"  {line.words}"
    if line.same and line.left is not None:
        return f"  {head}{line.left.text}"
    texts = (("-", line.left), ("+", line.right))
    return "\n".join(f"{sign} {head}{cell.text}" for sign, cell in texts if cell is not None)


def _spoken(line: DiffLine) -> str:
    if line.left is None and line.right is None:
        return line.words
    parts = [line.words] if line.words else []
    numbers = [number for number in dict.fromkeys(line.numbers) if number]
    if numbers:
        parts.append(translate("Difference", "step {0}").format(" → ".join(numbers)))
    if line.same and line.left is not None:
        return ", ".join((*parts, line.left.text))
    if line.left is not None:
        parts.append(translate("Difference", "before: {0}").format(line.left.text))
    if line.right is not None:
        parts.append(translate("Difference", "after: {0}").format(line.right.text))
    return ", ".join(parts)


def _kind_words(kind: RowKind, moved: int | None) -> str:
    """What a row says, with a sign that needs no colour."""
    words = {
        RowKind.SAME: "",
        RowKind.CHANGED: translate("Difference", "✎ changed"),
        RowKind.OBSERVED: translate("Difference", "≠ other answer"),
        RowKind.ADDED: translate("Difference", "+ added"),
        RowKind.REMOVED: translate("Difference", "− removed"),
        RowKind.MOVED_HERE: translate("Difference", "↷ moved here from {0}"),
        RowKind.MOVED_AWAY: translate("Difference", "↷ moved to {0}"),
    }
    return words[kind].format(moved)


def _is_said(header: DiffLine, lines: tuple[Line, ...]) -> bool:
    """Whether the only line of a step is what its header says."""
    if len(lines) != 1 or lines[0].folded is not None:
        return not lines
    line = lines[0]
    return all(
        cell is None or (head is not None and not cell.marks and head.text.endswith(cell.text))
        for cell, head in ((line.left, header.left), (line.right, header.right))
    )
