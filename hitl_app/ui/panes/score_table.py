"""Rewards of a trajectory by rule, judge and people side by side; a number key gives one's own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from hitl_app.domain.score import OF_A_STEP, RANGES, Reward, Score, ScoreSource, effective
from hitl_app.ui.rule_reasons import rule_reason_words
from hitl_app.ui.step_text import one_line
from hitl_app.ui.translating import translate

WHAT, ABOUT, RULE, JUDGE, OTHERS, OWN, COUNTS, REASON = range(8)


def reward_name(reward: Reward) -> str:
    """A reward in words."""
    return {
        Reward.FORMAT: translate("Scores", "Format"),
        Reward.ADHERENCE: translate("Scores", "Adherence to the plan"),
        Reward.END_TO_END: translate("Scores", "End to end"),
        Reward.CORRECTNESS: translate("Scores", "Plan: correctness"),
        Reward.FOLLOWABILITY: translate("Scores", "Plan: followability"),
        Reward.STANDARDISATION: translate("Scores", "Plan: standardisation"),
    }[reward]


def value_words(reward: Reward, value: int) -> str:
    """A value with what it means."""
    meanings = {
        Reward.FORMAT: (translate("Scores", "broken"), translate("Scores", "kept")),
        Reward.ADHERENCE: (
            translate("Scores", "none"),
            translate("Scores", "partial"),
            translate("Scores", "complete"),
        ),
        Reward.END_TO_END: (
            translate("Scores", "failed"),
            translate("Scores", "redundant"),
            translate("Scores", "efficient"),
        ),
    }
    known = meanings.get(reward)
    return str(value) if known is None else f"{value} {known[value]}"


@dataclass(frozen=True)
class ScoreLine:
    """What one row is about.

    Attributes:
        step: Index of a step; None where it is about the whole trajectory or its plan.
        about: The step, or what is rewarded, in a few words.
    """

    reward: Reward
    step: int | None
    about: str


def lines_of(actions: Iterable[tuple[int, str]], *, has_plan: bool) -> tuple[ScoreLine, ...]:
    """The rows of a trajectory: what is about all of it first, then its actions in order."""
    whole = [
        ScoreLine(reward, None, "")
        for reward in Reward
        if reward not in OF_A_STEP and (has_plan or reward is Reward.END_TO_END)
    ]
    of_steps = [Reward.FORMAT, *([Reward.ADHERENCE] if has_plan else [])]
    return (*whole, *(ScoreLine(reward, step, words) for step, words in actions for reward in of_steps))


class ScoreTable(QTableWidget):
    """One row a reward.

    Signals:
        given: Reward, value and step (or None) that the person gives.
        refused: The least and the greatest value of the reward, where another number was typed.
        step_picked: Step of a row that was opened.
    """

    given = Signal(object, int, object)
    refused = Signal(int, int)
    step_picked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 8, parent)
        self._lines: tuple[ScoreLine, ...] = ()
        self.setHorizontalHeaderLabels(
            [
                self.tr("Reward"),
                self.tr("Step"),
                self.tr("Rule"),
                self.tr("Judge"),
                self.tr("Others"),
                self.tr("You"),
                self.tr("Counts"),
                self.tr("Reason"),
            ]
        )
        self.setAccessibleName(self.tr("Rewards"))
        self.setAccessibleDescription(self.tr("A number key gives your own value for the current row."))
        self.verticalHeader().hide()
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = self.horizontalHeader()
        for column in range(8):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        for column in (ABOUT, REASON):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        self.cellActivated.connect(self._pick)

    def show_scores(self, lines: Sequence[ScoreLine], scores: Sequence[Score], annotator: str) -> None:
        """Show what was given; the current row stays."""
        here = self.currentRow()
        self._lines = tuple(lines)
        counting = effective(scores)
        self.setRowCount(len(lines))
        for place, line in enumerate(lines):
            known = [score for score in scores if (score.reward, score.step) == (line.reward, line.step)]
            human = [score for score in known if score.source is ScoreSource.HUMAN]
            counts = counting.get((line.reward, line.step))
            step = "" if line.step is None else f"{line.step} {line.about}"
            cells = {
                WHAT: reward_name(line.reward),
                ABOUT: step,
                RULE: _newest(line, (score for score in known if score.source is ScoreSource.RULE)),
                JUDGE: _newest(line, (score for score in known if score.source is ScoreSource.JUDGE)),
                OTHERS: _by_name(score for score in human if score.by != annotator),
                OWN: _newest(line, (score for score in human if score.by == annotator)),
                COUNTS: self.tr("not measured") if counts is None else value_words(line.reward, counts.value),
                REASON: "" if counts is None else _reason(counts),
            }
            for column, text in cells.items():
                self.setItem(place, column, QTableWidgetItem(text))
        self.setCurrentCell(min(max(here, 0), len(lines) - 1), OWN)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Qt: a number gives one's own value."""
        place, text = self.currentRow(), event.text()
        if event.modifiers() or not text.isdecimal() or not 0 <= place < len(self._lines):
            super().keyPressEvent(event)
            return
        line, value = self._lines[place], int(text)
        least, greatest = RANGES[line.reward]
        if least <= value <= greatest:
            self.given.emit(line.reward, value, line.step)
            self.setCurrentCell(min(place + 1, len(self._lines) - 1), OWN)
        else:
            self.refused.emit(least, greatest)
        event.accept()

    @property
    def current(self) -> ScoreLine | None:
        """What the current row is about."""
        place = self.currentRow()
        return self._lines[place] if 0 <= place < len(self._lines) else None

    def _pick(self, place: int, _: int) -> None:
        step = self._lines[place].step
        if step is not None:
            self.step_picked.emit(step)


def _reason(score: Score) -> str:
    words = rule_reason_words(score.reason) if score.source is ScoreSource.RULE else score.reason
    return one_line(words, 300)


def _newest(line: ScoreLine, scores: Iterable[Score]) -> str:
    newest = max(scores, key=lambda score: score.made_at, default=None)
    return "" if newest is None else value_words(line.reward, newest.value)


def _by_name(scores: Iterable[Score]) -> str:
    newest: dict[str, Score] = {}
    for score in scores:
        if score.by not in newest or newest[score.by].made_at <= score.made_at:
            newest[score.by] = score
    return ", ".join(f"{one_line(name, 30)} {score.value}" for name, score in sorted(newest.items()))
