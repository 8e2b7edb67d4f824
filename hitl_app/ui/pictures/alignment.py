"""The plan beside the actions that carry it out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QFont, QFontMetricsF

from hitl_app.domain.following import AlignedStep, LinkSource, PlanAlignment
from hitl_app.domain.inspection import ExecutedStep, StepStatus
from hitl_app.domain.trajectory import Step, Trajectory
from hitl_app.ui.pictures.drawing import Drawing, Pattern, Side
from hitl_app.ui.pictures.picture import Mark, Page, Picture, Table
from hitl_app.ui.theme import SPACE_M, SPACE_S
from hitl_app.ui.translating import translate

PAD = 3.0
WORDS = 60
"""Characters of a plan step in tooltips and in the description."""


@dataclass(frozen=True)
class AlignmentPicture(Picture):
    """Plan steps at the start, actions at the end, a line for each link.

    A link that was read out of a text is dashed and has its confidence; what has no link is hatched and says so.

    Attributes:
        executed: Of each step, parallel to the trajectory's; empty where it was not inspected.
        alignment: With the links as people left them; None takes those of the recording.
    """

    trajectory: Trajectory
    executed: tuple[ExecutedStep, ...] = ()
    alignment: PlanAlignment | None = None

    @property
    def title(self) -> str:
        """See `Picture`."""
        return translate("Pictures", "Plan and actions")

    @property
    def about(self) -> str:
        """See `Picture`."""
        return translate(
            "Pictures",
            "Plan steps stand on one side, actions on the other, and a line joins an action to the plan step that it "
            "carries out; a dashed line is a link that was read out of a text, with how sure it is.",
        )

    @property
    def description(self) -> str:
        """See `Picture`."""
        words = translate(
            "Pictures", "Plan steps: {0}, of those without an action: {1}. Actions: {2}, of those unplanned: {3}."
        )
        alone = [str(n) for n in range(len(self.trajectory.plan)) if not self._linked[n]]
        unplanned = [str(index) for index in self._actions if self._plan_of(index) is None]
        nothing = translate("Pictures", "none")
        told = words.format(
            len(self.trajectory.plan),
            ", ".join(alone) or nothing,
            len(self._actions),
            ", ".join(unplanned) or nothing,
        )
        return f"{self.about} {told}"

    @property
    def table(self) -> Table:
        """See `Picture`: a row for each action, then one for each plan step without any."""
        header = (
            translate("Pictures", "Step"),
            translate("Pictures", "Action"),
            translate("Pictures", "Plan step"),
            translate("Pictures", "Intention"),
            translate("Pictures", "Confidence"),
        )
        rows = [self._action_row(index) for index in self._actions]
        for number, item in enumerate(self.trajectory.plan):
            if not self._linked[number]:
                rows.append(("", self._without_action(number), str(number), item.step, ""))
        return Table(header, tuple(rows))

    def _action_row(self, index: int) -> tuple[str, ...]:
        number = self._plan_of(index)
        tool = self._step(index).tool
        if number is None:
            return (str(index), tool, "", translate("Pictures", "unplanned"), "")
        return (str(index), tool, str(number), self.trajectory.plan[number].step, self._confidence(index))

    # -- what is there -----------------------------------------------------------------------------------------------

    @cached_property
    def _actions(self) -> tuple[int, ...]:
        return self.trajectory.actions

    def _step(self, index: int) -> Step:
        return self.trajectory.steps[index]

    def _plan_of(self, index: int) -> int | None:
        link = self._links.get(index)
        return None if link is None else link.plan_step

    @cached_property
    def _links(self) -> Mapping[int, AlignedStep]:
        return (self.alignment or PlanAlignment.of(self.trajectory)).links

    @cached_property
    def _linked(self) -> tuple[tuple[int, ...], ...]:
        """Of each plan step, the rows of its actions."""
        found: list[list[int]] = [[] for _ in self.trajectory.plan]
        for row, index in enumerate(self._actions):
            number = self._plan_of(index)
            if number is not None:
                found[number].append(row)
        return tuple(map(tuple, found))

    @cached_property
    def _spoken(self) -> frozenset[int]:
        """Plan steps that messages carry out."""
        return frozenset(link.plan_step for index, link in self._links.items() if not self._step(index).is_action)

    @cached_property
    def _plan_rows(self) -> tuple[float, ...]:
        """Of each plan step, where it stands in rows: beside the middle of its actions, as far as there is room."""
        rows: list[float] = []
        for linked in self._linked:
            free = rows[-1] + 1 if rows else 0.0
            rows.append(max(free, fmean(linked)) if linked else free)
        return tuple(rows)

    def _confidence(self, index: int) -> str:
        link = self._links[index]
        if link.source is LinkSource.HUMAN:
            return translate("Pictures", "by hand")
        return translate("Pictures", "certain") if link.sure >= 1 else f"{link.sure:.0%}"

    def _without_action(self, number: int) -> str:
        if number in self._spoken:
            return translate("Pictures", "only messages")
        return translate("Pictures", "no action")

    # -- places ------------------------------------------------------------------------------------------------------

    def size(self, font: QFont) -> QSizeF:
        """See `Picture`."""
        metrics = QFontMetricsF(font)
        rows = max(len(self._actions), self._plan_rows[-1] + 1 if self._plan_rows else 0, 1)
        return QSizeF(max(640.0, 75 * metrics.averageCharWidth()), rows * _row_height(metrics) + PAD)

    def _plan_box(self, page: Page, number: int) -> QRectF:
        height = _row_height(page.metrics)
        width = page.area.width() * 0.42
        return QRectF(page.area.left(), page.area.top() + self._plan_rows[number] * height, width, height - PAD)

    def _action_box(self, page: Page, row: int) -> QRectF:
        height = _row_height(page.metrics)
        width = page.area.width() * 0.36
        return QRectF(page.area.right() - width, page.area.top() + row * height, width, height - PAD)

    def marks(self, page: Page) -> Sequence[Mark]:
        """See `Picture`: an action has the number of its step as its key."""
        plan = [
            Mark(page.place(self._plan_box(page, number)), self._plan_words(number), round(self._plan_rows[number]))
            for number in range(len(self.trajectory.plan))
        ]
        actions = [
            Mark(page.place(self._action_box(page, row)), self._action_words(index), row, str(index))
            for row, index in enumerate(self._actions)
        ]
        return sorted([*plan, *actions], key=lambda mark: mark.row)

    def _plan_words(self, number: int) -> str:
        step = self.trajectory.plan[number].step[:WORDS]
        if not self._linked[number]:
            return translate("Pictures", "plan step {0}: {1}: {2}").format(number, step, self._without_action(number))
        carried = ", ".join(str(self._actions[row]) for row in self._linked[number])
        return translate("Pictures", "plan step {0}: {1}: carried out by {2}").format(number, step, carried)

    def _action_words(self, index: int) -> str:
        number, tool = self._plan_of(index), self._step(index).tool
        if number is None:
            return translate("Pictures", "step {0}: {1}: unplanned").format(index, tool)
        words = translate("Pictures", "step {0}: {1}: for plan step {2}, {3}")
        return words.format(index, tool, number, self._confidence(index))

    # -- paint -------------------------------------------------------------------------------------------------------

    def paint(self, drawing: Drawing, page: Page) -> None:
        """See `Picture`."""
        visible = drawing.visible
        for row, index in enumerate(self._actions):
            number = self._plan_of(index)
            if number is not None:
                self._paint_link(drawing, self._plan_box(page, number), self._action_box(page, row), index)
        for number in range(len(self.trajectory.plan)):
            place = self._plan_box(page, number)
            if place.intersects(visible):
                self._paint_plan_step(drawing, place, number)
        for row, index in enumerate(self._actions):
            place = self._action_box(page, row)
            if place.intersects(visible):
                self._paint_action(drawing, place, index)

    def _paint_link(self, drawing: Drawing, start: QRectF, end: QRectF, index: int) -> None:
        unsure = self._links[index].sure < 1
        ends = QPointF(start.right(), start.center().y()), QPointF(end.left(), end.center().y())
        span = QRectF(*ends).normalized().adjusted(0, -drawing.metrics.height(), 0, drawing.metrics.height())
        if not span.intersects(drawing.visible):
            return
        drawing.line(*ends, "warning" if unsure else "accent", 1.4, dashed=unsure)
        if unsure:
            words = self._confidence(index)
            width = drawing.metrics.horizontalAdvance(words) + 2 * PAD
            place = QRectF(end.left() - width - SPACE_S, end.top(), width, end.height())
            drawing.box(place.adjusted(0, PAD, 0, -PAD), "window", filled=True)
            drawing.text(place, words, Side.CENTRE, "warning")

    def _paint_plan_step(self, drawing: Drawing, place: QRectF, number: int) -> None:
        alone = not self._linked[number]
        drawing.fill(place, "warning" if alone else "accent", Pattern.FALLING if alone else Pattern.EMPTY)
        inner = place.adjusted(SPACE_M, 0, -SPACE_M, 0)
        words = f"{number}  {self.trajectory.plan[number].step}"
        if alone:
            aside = self._without_action(number)
            inner = _aside(drawing, inner, aside)
        drawing.text(inner, words)

    def _paint_action(self, drawing: Drawing, place: QRectF, index: int) -> None:
        alone = self._plan_of(index) is None
        drawing.fill(place, "warning" if alone else "line", Pattern.RISING if alone else Pattern.EMPTY)
        inner = place.adjusted(SPACE_M, 0, -SPACE_M, 0)
        if alone:
            inner = _aside(drawing, inner, translate("Pictures", "unplanned"))
        failed = index < len(self.executed) and self.executed[index].status is StepStatus.FAILED
        words = f"{index}  {self._step(index).tool}"
        drawing.text(inner, f"✕ {words}" if failed else words, Side.START, "danger" if failed else "text")


def _aside(drawing: Drawing, inner: QRectF, words: str) -> QRectF:
    """Words at the end of a box, on a ground of their own; the rest of the box is left."""
    width = drawing.metrics.horizontalAdvance(words) + 2 * PAD
    drawing.box(inner.adjusted(-PAD, PAD, PAD, -PAD), "window", filled=True)
    drawing.text(QRectF(inner.right() - width, inner.top(), width, inner.height()), words, Side.END, "warning")
    return inner.adjusted(0, 0, -width - SPACE_S, 0)


def _row_height(metrics: QFontMetricsF) -> float:
    return metrics.height() * 1.5 + PAD
