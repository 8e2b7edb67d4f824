"""The plan tree of a search: each plan with what the search knows of it, beside the plan that it was refined from."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QFont, QFontMetricsF

from hitl_app.domain.plan_tree import PlanNode, PlanTree
from hitl_app.ui.coordination_words import number_words
from hitl_app.ui.pictures.drawing import Drawing, Side
from hitl_app.ui.pictures.picture import Mark, Page, Picture, Table, Way
from hitl_app.ui.translating import translate

LINES = 3
"""Lines of text in the box of a plan."""

MOST_MARKS = 8
"""Rollouts that have a mark of their own; the rest are counted."""


@dataclass(frozen=True)
class PlanTreePicture(Picture):
    """Plans as boxes, the first one at the start; a line leads from a plan to those that were refined from it.

    Attributes:
        selected: Number of the plan that is shown beside the picture; None where none is.
    """

    tree: PlanTree
    selected: int | None = None

    @property
    def title(self) -> str:
        """See `Picture`."""
        return translate("Pictures", "Plan tree")

    @property
    def about(self) -> str:
        """See `Picture`."""
        return translate(
            "Pictures",
            "Each box is a plan, and a line leads to the plans that were refined from one of its failed rollouts. "
            "Q is its reward after what came of it below, N how often the search came by, UCB decides where the "
            "search goes on. A dot is a rollout that is verified, a cross one that is not, a ring one that nothing "
            "judged. c_p says how alike the rollouts are; a good way that no other took lowers it, too. A star marks "
            "the best plan.",
        )

    @property
    def description(self) -> str:
        """See `Picture`."""
        return " ".join((self.about, *(f"{self.words_of(node)}." for node in self.tree.nodes)))

    @property
    def table(self) -> Table:
        """See `Picture`: a row for each plan."""
        header = (
            translate("Pictures", "Plan"),
            translate("Pictures", "Refined from plan"),
            translate("Pictures", "Steps"),
            translate("Pictures", "Q"),
            translate("Pictures", "N"),
            translate("Pictures", "UCB"),
            translate("Pictures", "c_p"),
            translate("Pictures", "Rollouts"),
            translate("Pictures", "Verified"),
            translate("Pictures", "Best"),
        )
        return Table(header, tuple(map(self._row, self.tree.nodes)))

    def _row(self, node: PlanNode) -> tuple[str, ...]:
        value = self.tree.values[node.number]
        return (
            str(node.number),
            "" if node.parent is None else str(node.parent),
            str(len(node.plan)),
            number_words(value.q),
            str(value.visits),
            number_words(value.ucb),
            number_words(node.alike),
            str(len(node.rollouts)),
            str(_verified(node)),
            translate("Pictures", "yes") if node is self.tree.best else "",
        )

    def words_of(self, node: PlanNode) -> str:
        """What there is to know of a plan, in one line."""
        value = self.tree.values[node.number]
        words = translate("Pictures", "plan {0}{1}: Q {2}, N {3}, UCB {4}, c_p {5}, rollouts {6}, verified {7}")
        told = words.format(
            node.number,
            self._origin(node),
            number_words(value.q),
            value.visits,
            number_words(value.ucb),
            number_words(node.alike),
            len(node.rollouts),
            _verified(node),
        )
        return told if node is not self.tree.best else translate("Pictures", "{0}, the best").format(told)

    def _origin(self, node: PlanNode) -> str:
        if node.parent is None:
            return ""
        rollout = self._driving(node)
        if rollout is None:
            return translate("Pictures", ", refined from plan {0}").format(node.parent)
        return translate("Pictures", ", refined from rollout {1} of plan {0}").format(node.parent, rollout)

    def _driving(self, node: PlanNode) -> int | None:
        """Number, from 1, of the parent's rollout that a plan was refined from."""
        rollouts = self.tree.nodes[node.parent].rollouts if node.parent is not None else ()
        ids = [rollout.trajectory_id for rollout in rollouts]
        return ids.index(node.refined_from) + 1 if node.refined_from in ids else None

    # -- places ------------------------------------------------------------------------------------------------------

    @cached_property
    def _depths(self) -> tuple[int, ...]:
        """Of each plan, how many stand before it up to the first one."""
        depths: list[int] = []
        for node in self.tree.nodes:
            depths.append(0 if node.parent is None else depths[node.parent] + 1)
        return tuple(depths)

    @cached_property
    def _rows(self) -> tuple[float, ...]:
        """Of each plan, how many rows down it stands: one without children has a row of its own, others the middle."""
        rows = [0.0] * len(self.tree.nodes)
        children: list[list[int]] = [[] for _ in self.tree.nodes]
        for node in self.tree.nodes:
            if node.parent is not None:
                children[node.parent].append(node.number)
        order, waiting = [], [0] if self.tree.nodes else []
        while waiting:
            order.append(number := waiting.pop())
            waiting += reversed(children[number])
        free = 0
        for number in order:
            if not children[number]:
                rows[number], free = float(free), free + 1
        for number in reversed(order):
            if below := children[number]:
                rows[number] = (rows[below[0]] + rows[below[-1]]) / 2
        return tuple(rows)

    def size(self, font: QFont) -> QSizeF:
        """See `Picture`."""
        shape = _Shape.of(QFontMetricsF(font))
        columns, rows = max(self._depths, default=0) + 1, max(self._rows, default=0) + 1
        return QSizeF(columns * shape.across - shape.gap, rows * shape.down)

    def _box(self, page: Page, number: int) -> QRectF:
        shape = _Shape.of(page.metrics)
        left = page.area.left() + self._depths[number] * shape.across
        top = page.area.top() + self._rows[number] * shape.down
        return QRectF(left, top, shape.width, shape.height)

    def marks(self, page: Page) -> Sequence[Mark]:
        """See `Picture`: a plan has its number as its key, and is in the place of its number."""
        return [
            Mark(page.place(self._box(page, n.number)), self.words_of(n), round(self._rows[n.number]), str(n.number))
            for n in self.tree.nodes
        ]

    def neighbour(self, mark: int, way: Way) -> int:
        """See `Picture`: back to the plan that it was refined from, forth to the first that was refined from it."""
        if way is Way.BACK:
            above = self.tree.nodes[mark].parent
            return mark if above is None else above
        if way is Way.FORTH:
            below = self.tree.children(mark)
            return below[0].number if below else mark
        depth, row = self._depths[mark], self._rows[mark]
        level = sorted((self._rows[n], n) for n, other in enumerate(self._depths) if other == depth)
        beyond = [n for at, n in level if (at < row if way is Way.UP else at > row)]
        if not beyond:
            return mark
        return beyond[-1] if way is Way.UP else beyond[0]

    # -- paint -------------------------------------------------------------------------------------------------------

    def paint(self, drawing: Drawing, page: Page) -> None:
        """See `Picture`."""
        shape = _Shape.of(page.metrics)
        for node in self.tree.nodes:
            box = self._box(page, node.number)
            if node.parent is not None:
                self._paint_edge(drawing, shape, self._box(page, node.parent), box, node)
            if box.intersects(drawing.visible):
                self._paint_plan(drawing, shape, box, node)

    def _paint_edge(self, drawing: Drawing, shape: "_Shape", parent: QRectF, child: QRectF, node: PlanNode) -> None:
        start, end = QPointF(parent.right(), parent.center().y()), QPointF(child.left(), child.center().y())
        reach = QRectF(start, end).normalized().adjusted(-1, -shape.line, 1, 1)
        if not reach.intersects(drawing.visible):
            return
        bend = start.x() + shape.pad
        drawing.path((start, QPointF(bend, start.y()), QPointF(bend, end.y()), end), "muted")
        rollout = self._driving(node)
        words = translate("Pictures", "refined from")
        label = words if rollout is None else translate("Pictures", "refined from {0}").format(f"✕{rollout}")
        place = QRectF(bend, end.y() - shape.line, end.x() - bend, shape.line)
        drawing.text(place, label, Side.CENTRE, "muted")

    def _paint_plan(self, drawing: Drawing, shape: "_Shape", box: QRectF, node: PlanNode) -> None:
        shown, best = node.number == self.selected, node is self.tree.best
        drawing.box(box, "accent" if shown else "muted", width=3.0 if shown else 1.0)
        value = self.tree.values[node.number]
        line = QRectF(box.left() + shape.pad, box.top() + shape.pad, box.width() - 2 * shape.pad, shape.line)
        drawing.text(line, translate("Pictures", "Plan {0}").format(node.number), bold=True)
        if best:
            drawing.text(line, "★ " + translate("Pictures", "best"), Side.END, "accent", bold=True)
        line.translate(0, shape.line)
        drawing.text(line, f"Q {number_words(value.q)} · N {value.visits} · UCB {number_words(value.ucb)}")
        line.translate(0, shape.line)
        drawing.text(line, f"c_p {number_words(node.alike)}", Side.END, "muted")
        self._paint_rollouts(drawing, shape, line, node)

    def _paint_rollouts(self, drawing: Drawing, shape: "_Shape", line: QRectF, node: PlanNode) -> None:
        mark = shape.line * 0.5
        place = QRectF(line.left(), line.top() + (shape.line - mark) / 2, mark, mark)
        for rollout in node.rollouts[:MOST_MARKS]:
            if rollout.failed:
                drawing.cross(place, "danger")
            else:
                measured = rollout.reward is not None
                drawing.circle(place, "success" if measured else "muted", filled=measured)
            place.translate(mark * 1.5, 0)
        if rest := len(node.rollouts) - MOST_MARKS:
            words = f"+{rest}" if rest > 0 else ""
            drawing.text(QRectF(place.left(), line.top(), 3 * mark, shape.line), words, Side.START, "muted")


@dataclass(frozen=True, slots=True)
class _Shape:
    """Sizes that follow from the font, so that a larger font is a larger picture."""

    width: float
    gap: float
    line: float
    pad: float

    @classmethod
    def of(cls, metrics: QFontMetricsF) -> "_Shape":
        line, pad = metrics.height() * 1.15, metrics.height() * 0.4
        label = translate("Pictures", "refined from {0}").format("✕00")
        values = metrics.horizontalAdvance("Q 0.00 · N 000 · UCB 00.00")
        rollouts = 1.5 * (MOST_MARKS + 2) * 0.5 * line + metrics.horizontalAdvance("c_p 0.00")
        return cls(max(values, rollouts) + 2 * pad, metrics.horizontalAdvance(label) + 3 * pad, line, pad)

    @property
    def height(self) -> float:
        """Of a box."""
        return LINES * self.line + 2 * self.pad

    @property
    def across(self) -> float:
        """From a box to the one beside it."""
        return self.width + self.gap

    @property
    def down(self) -> float:
        """From a box to the one below it."""
        return self.height + 2 * self.pad


def _verified(node: PlanNode) -> int:
    return sum(rollout.reward is not None and not rollout.failed for rollout in node.rollouts)
