"""A plan as a table: what is locked, what is new, which steps carry out what. Open plan steps can be written anew."""

import re
from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from hitl_app.domain.plan_diff import PlanChange, PlanDiffRow
from hitl_app.domain.trajectory import PlanStep
from hitl_app.ui.theme import current_theme, theme_notifier
from hitl_app.ui.translating import translate

MARK, NUMBER, STEP, REASONING, OUTCOME, STEPS = range(6)
WRITTEN = (STEP, REASONING, OUTCOME)
_SPAN = re.compile(r"(\d{1,9})(?:\s*[–-]\s*(\d{1,9}))?")
_LONGEST_SPAN = 100_000
_TONES = {PlanChange.CHANGED: "accent", PlanChange.ADDED: "success", PlanChange.REMOVED: "danger"}


def change_words(change: PlanChange, *, locked: bool) -> str:
    """Glyph and words for what became of a plan step; none where it stayed."""
    if locked:
        return "▪ " + translate("PlanTable", "locked")
    return {
        PlanChange.SAME: "",
        PlanChange.CHANGED: "~ " + translate("PlanTable", "changed"),
        PlanChange.ADDED: "+ " + translate("PlanTable", "new"),
        PlanChange.REMOVED: "− " + translate("PlanTable", "removed"),
    }[change]


def span_words(steps: Sequence[int]) -> str:
    """Steps as people write them: `3–5, 7`."""
    spans: list[list[int]] = []
    for step in steps:
        if spans and step == spans[-1][1] + 1:
            spans[-1][1] = step
        else:
            spans.append([step, step])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in spans)


def read_span(text: str) -> tuple[int, ...]:
    """Steps out of what `span_words` writes.

    Raises:
        ValueError: It is something else; names the part.
    """
    found: list[int] = []
    for part in filter(None, map(str.strip, text.split(","))):
        match = _SPAN.fullmatch(part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if not first <= last < first + _LONGEST_SPAN:
            raise ValueError(part)
        found += range(first, last + 1)
    return tuple(found)


class PlanTable(QTableWidget):
    """Plan steps, one a row.

    Signals:
        step_picked: The first step of the trajectory that carries out the plan step of a row that was opened.
    """

    step_picked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 6, parent)
        self._rows: tuple[PlanDiffRow, ...] = ()
        self._steps: list[tuple[int, ...]] = []
        self._locked = 0
        self.setHorizontalHeaderLabels(
            [
                self.tr("Change"),
                "#",
                self.tr("Plan step"),
                self.tr("Reasoning"),
                self.tr("Expected outcome"),
                self.tr("Carried out by steps"),
            ]
        )
        self.setAccessibleName(self.tr("Plan"))
        self.verticalHeader().hide()
        self.setWordWrap(True)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = self.horizontalHeader()
        for each in (MARK, NUMBER, STEPS):
            header.setSectionResizeMode(each, QHeaderView.ResizeMode.ResizeToContents)
        for each in WRITTEN:
            header.setSectionResizeMode(each, QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.cellActivated.connect(self._pick)
        theme_notifier.theme_changed.connect(self._colour)
        self.set_writable(writable=False)

    def show_plan(
        self,
        old: Sequence[PlanStep],
        new: Sequence[PlanStep],
        rows: Sequence[PlanDiffRow],
        locked: int,
        steps: Mapping[int, Sequence[int]],
    ) -> None:
        """Show a plan beside the one before.

        Args:
            old: The plan before; its steps are shown where they are gone.
            new: The plan.
            rows: Their difference.
            locked: Number of first steps that cannot be changed.
            steps: For each step of the new plan the steps of the trajectory that carry it out.
        """
        self._rows, self._locked = tuple(rows), locked
        self._steps = [tuple(steps.get(row.new, ())) if row.new is not None else () for row in rows]
        self.setRowCount(0)  # else a row that is written in keeps its editor
        self.setRowCount(len(rows))
        for place, row in enumerate(rows):
            shown = new[row.new] if row.new is not None else old[row.old or 0]
            is_locked = row.new is not None and row.new < locked
            number = "" if row.new is None else str(row.new + 1)
            self._put(place, MARK, change_words(row.change, locked=is_locked))
            self._put(place, NUMBER, number)
            self._put(place, STEP, shown.step)
            self._put(place, REASONING, shown.reasoning)
            self._put(place, OUTCOME, shown.expected_outcome)
            self._put(place, STEPS, span_words(self._steps[place]))
            self._tell(place)
        self._colour()

    def set_writable(self, *, writable: bool) -> None:
        """Let the open steps be written in, or only be read."""
        triggers = QAbstractItemView.EditTrigger
        on = triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed
        self.setEditTriggers(on if writable else triggers.NoEditTriggers)

    @property
    def written(self) -> tuple[PlanStep, ...]:
        """The plan as it is written now."""
        kept = [place for place, row in enumerate(self._rows) if row.new is not None]
        return tuple(PlanStep(*(self._text(place, each) for each in WRITTEN)) for place in kept)

    @property
    def written_spans(self) -> tuple[str, ...]:
        """For each step of the plan what is written about the steps that carry it out, to be read by `read_span`."""
        return tuple(self._text(place, STEPS) for place, row in enumerate(self._rows) if row.new is not None)

    @property
    def plan_step(self) -> int | None:
        """Number of the plan step of the current row; None where it was removed, or nothing is current."""
        place = self.currentRow()
        return self._rows[place].new if 0 <= place < len(self._rows) else None

    def go_to(self, plan_step: int, *, write: bool = False) -> None:
        """Make a plan step current, and open it to be written in."""
        place = next((n for n, row in enumerate(self._rows) if row.new == plan_step), None)
        if place is not None:
            self.setCurrentCell(place, STEP)
            item = self.item(place, STEP)
            if write and item is not None:
                self.editItem(item)

    def _put(self, place: int, column: int, text: str) -> None:
        item = QTableWidgetItem(text)
        row = self._rows[place]
        open_ = column in (*WRITTEN, STEPS) and row.new is not None and row.new >= self._locked
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        item.setFlags(flags | Qt.ItemFlag.ItemIsEditable if open_ else flags)
        self.setItem(place, column, item)

    def _tell(self, place: int) -> None:
        """The whole row in words, for people who do not see it."""
        words = [self._text(place, column) for column in range(self.columnCount())]
        told = ", ".join(word for word in words if word)
        item = self.item(place, STEP)
        if item is not None:
            item.setData(Qt.ItemDataRole.AccessibleTextRole, told)

    def _text(self, place: int, column: int) -> str:
        item = self.item(place, column)
        return item.text().strip() if item is not None else ""

    def _colour(self) -> None:
        theme = current_theme()
        for place, row in enumerate(self._rows):
            locked = row.new is not None and row.new < self._locked
            tone = "muted" if locked else _TONES.get(row.change, "")
            for column in range(self.columnCount()):
                item = self.item(place, column)
                if item is None:
                    continue
                font = item.font()
                font.setStrikeOut(row.change is PlanChange.REMOVED and column in WRITTEN)
                item.setFont(font)
                if tone and (column == MARK or locked):
                    item.setForeground(theme.tone(tone))

    def _pick(self, place: int, _: int) -> None:
        if 0 <= place < len(self._steps) and self._steps[place] and self.state() != self.State.EditingState:
            self.step_picked.emit(self._steps[place][0])
