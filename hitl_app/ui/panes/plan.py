"""The plan: the task, and the steps that carry it out, by plan step or by turn."""

from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QMenu, QSplitter, QVBoxLayout, QWidget

from hitl_app.domain.hunk import Hunk
from hitl_app.ui.coordination_words import executable_reason, executable_words, followed_reason, followed_words
from hitl_app.ui.delegates.plan import PlanDelegate
from hitl_app.ui.models.plan import PlanModel
from hitl_app.ui.panes.flow import Flow
from hitl_app.ui.panes.parts import ElidedLabel, KeepingList, badge, paragraph, rule, set_badge
from hitl_app.ui.panes.step_detail import StepDetail
from hitl_app.ui.state import DeskState
from hitl_app.ui.step_text import one_line
from hitl_app.ui.theme import SPACE_L, SPACE_M, SPACE_S, theme_notifier
from hitl_app.ui.words import verified_words
from hitl_app.workflow.coordination import Coordination
from hitl_app.workflow.opened import Opened

MOST_ASKED = 2000
"""Characters of an instruction that are shown."""

BATCH = 80
"""Rows that are laid out in one turn of the event loop."""

KEYED = 9
"""Plan steps that have a number as their key in the menu of links."""


class TaskHeader(QWidget):
    """What the open trajectory is about, where it comes from, and whether it holds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = ElidedLabel(role="title")
        self.meta = ElidedLabel(tone="muted")
        self.verdict, self.revision, self.synthetic = badge(), badge(tone="accent"), badge(tone="warning")
        self.executable, self.followed = badge(), badge()
        line = Flow(self.meta, self.verdict, self.revision, self.synthetic, self.executable, self.followed)
        self.show_coordination(None)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self.title)
        layout.addWidget(line)

    def show_opened(self, opened: Opened | None) -> None:
        """Show another trajectory, or that there is none."""
        if opened is None:
            self.title.set_text(self.tr("Nothing is open"))
            self.meta.set_text(self.tr("Choose a trajectory in the queue, or import some."))
            for shown in (self.verdict, self.revision, self.synthetic):
                shown.hide()
            return
        task, inspection = opened.task, opened.inspection
        self.title.set_text(task.title)
        words = [self.tr("task {0}").format(task.key), f"{task.environment} {task.domain}".strip()]
        if opened.row.model:
            words.append(self.tr("recorded by {0}").format(opened.row.model))
        if inspection is not None:
            ran = inspection.execution
            compared = sum(step.replayed and step.identical is not None for step in ran.steps)
            words.append(self.tr("replayed {0}").format(ran.replayed))
            if compared:
                words.append(self.tr("{0} of {1} identical").format(ran.identical, compared))
            if ran.not_replayable:
                words.append(self.tr("{0} not replayable").format(ran.not_replayable))
        self.meta.set_text(" · ".join(words))
        tone, text = verified_words(inspection)
        set_badge(self.verdict, tone, text)
        number = next((r.number for r in opened.revisions if r.trajectory.id == opened.trajectory.id), 0)
        set_badge(self.revision, "accent", self.tr("revision {0}").format(number))
        made = opened.task.synthetic or opened.row.synthetic
        set_badge(self.synthetic, "warning", self.tr("SYNTHETIC") if made else "")

    def show_coordination(self, measured: Coordination | None) -> None:
        """Show how well the plan and its executions go together; nothing where there is no plan."""
        alike, runs = (measured.alike, measured.own.runs) if measured is not None else (None, 0)
        followed = measured.followed if measured is not None else None
        for shown, words, reason in (
            (self.executable, executable_words(alike, runs), executable_reason(alike, runs)),
            (self.followed, followed_words(followed), followed_reason(followed)),
        ):
            set_badge(shown, "muted", words if measured is not None else "")
            shown.setToolTip(reason)
            shown.setAccessibleDescription(reason)


class StepList(KeepingList):
    """Steps; arrows select, Space and Return fold out.

    Signals:
        fold_toggled: The person wants the detail of the selected step shown, or hidden again.
    """

    fold_toggled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wanted = QPersistentModelIndex()
        self.rows = PlanModel(self)
        self.painter = PlanDelegate(self)
        self.setModel(self.rows)
        self.setItemDelegate(self.painter)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setMinimumSize(QSize(160, 60))
        self.setAccessibleName(self.tr("Steps"))
        self.setBatchSize(BATCH)
        self.verticalScrollBar().rangeChanged.connect(self._more_is_laid_out)

    def show_state(self, state: DeskState, *, stay: bool) -> None:
        """Show a trajectory; `stay` keeps the place where the list was."""
        top = self.verticalScrollBar().value()
        self.rows.show_state(state)
        many = self.rows.rowCount() > 2 * BATCH
        self.setLayoutMode(QListView.LayoutMode.Batched if many else QListView.LayoutMode.SinglePass)
        if not stay:
            self.scrollToTop()
        elif not many:
            self.doItemsLayout()
            self.verticalScrollBar().setValue(top)

    def show_edits(self, state: DeskState) -> bool:
        """Show what the hunks change without laying out all steps anew; False where there are other rows."""
        rows = self.rows.show_edits(state)
        for row in rows or ():
            index = self.rows.index(row)
            before = self.visualRect(index).height()
            self.rows.make_anew(row)
            if self.sizeHintForIndex(index).height() != before:
                self.rows.dataChanged.emit(index, index)
            else:
                self.update(index)
        return rows is not None

    def select(self, step: int | None) -> None:
        """Select a step and scroll to it, now or when its place is known."""
        row = self.rows.row_of_step(step)
        if row is None:
            self.selectionModel().clear()
            return
        index = self.rows.index(row)
        self._wanted = QPersistentModelIndex(index)
        self.setCurrentIndex(index)
        self._more_is_laid_out()

    def _more_is_laid_out(self) -> None:
        if self._wanted.isValid():
            index = self.rows.index(self._wanted.row())
            self.scrollTo(index)
            if self.viewport().rect().intersects(self.visualRect(index)):
                self._wanted = QPersistentModelIndex()

    def wheelEvent(self, event: QWheelEvent, /) -> None:
        """Qt: the person scrolls somewhere else."""
        self._wanted = QPersistentModelIndex()
        super().wheelEvent(event)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Qt: another width may wrap titles otherwise."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.scheduleDelayedItemsLayout()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Qt: letters are shortcuts of the window, not a search in the list."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.fold_toggled.emit()
        elif event.text() and event.text().isprintable():
            event.ignore()
        else:
            super().keyPressEvent(event)


class PlanPane(QWidget):
    """Shows the open trajectory; a person selects and edits steps here.

    Signals:
        step_selected, edit_requested, delete_requested, blame_requested: Index of a step of the base.
        continue_requested: Index of the step in whose place a model shall go on.
        insert_requested: Index of the step that something is to be put in front of.
        move_requested: A step, and the step that it is to stand in front of.
        link_requested: A step, and the index of the plan step that it carries out, or None.
    """

    step_selected = Signal(int)
    edit_requested = Signal(int)
    delete_requested = Signal(int)
    insert_requested = Signal(int)
    move_requested = Signal(int, int)
    blame_requested = Signal(int)
    continue_requested = Signal(int)
    link_requested = Signal(int, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = DeskState()
        self._hunks: tuple[Hunk, ...] = ()
        self._rendering = False
        self.header = TaskHeader()
        self.instruction = paragraph()
        self.instruction.setAccessibleName(self.tr("What the task asks for"))
        self.instruction.setContentsMargins(SPACE_L, 0, SPACE_L, SPACE_M)
        self.instruction.hide()
        self.steps = StepList()
        self.detail = StepDetail()
        self.detail.hide()
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(self.steps)
        split.addWidget(self.detail)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self.instruction)
        layout.addWidget(rule())
        layout.addWidget(split, 1)
        self.setAccessibleName(self.tr("Plan"))
        self.steps.selectionModel().currentChanged.connect(self._current_changed)
        self.steps.fold_toggled.connect(self.toggle_detail)
        self.steps.doubleClicked.connect(lambda _: self.toggle_detail())
        self.steps.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.steps.customContextMenuRequested.connect(self._open_menu)
        self.detail.closed.connect(self.toggle_detail)
        theme_notifier.theme_changed.connect(self._theme_changed)
        self.header.show_opened(None)

    def _show_instruction(self, opened: Opened | None) -> None:
        """What is asked for, where no step says it: of a plan that waits for somebody to carry it out."""
        alone = opened is not None and opened.trajectory.plan_alone
        self.instruction.setText(opened.task.instruction[:MOST_ASKED] if opened is not None and alone else "")
        self.instruction.setVisible(alone)

    @property
    def focus_target(self) -> QWidget:
        """Where the keys go when a person turns to this pane."""
        return self.steps

    def render_state(self, state: DeskState) -> None:
        """Show a state."""
        old, self._state = self._state, state
        hunks = tuple(working.hunk for working in state.draft.hunks if working.in_candidate)
        if not _same_trajectory(old.opened, state.opened):
            for menu in self.findChildren(QMenu):  # it was about a step of the other one
                menu.close()
        if old.opened is not state.opened:
            self.header.show_opened(state.opened)
            self._show_instruction(state.opened)
        if old.opened is not state.opened or old.locked != state.locked or not _same(self._hunks, hunks):
            self._hunks = hunks
            if not self.steps.show_edits(state):
                self._rendering = True
                self.steps.show_state(state, stay=_same_trajectory(old.opened, state.opened))
                self._rendering = False
                self._select(state.selected_step)
            elif old.selected_step != state.selected_step:
                self._select(state.selected_step)
        elif old.selected_step != state.selected_step:
            self._select(state.selected_step)
        self._show_detail()

    def toggle_detail(self) -> None:
        """Fold the selected step's arguments and observation out, or in."""
        showing = self.detail.isVisibleTo(self)
        self.detail.setVisible(not showing)
        if showing:
            self.steps.setFocus()
        self._show_detail()

    def changeEvent(self, event: QEvent, /) -> None:
        """Qt: another font needs other heights."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._theme_changed()

    def _theme_changed(self) -> None:
        self.steps.painter.forget_fonts()
        self.steps.scheduleDelayedItemsLayout()
        self.steps.viewport().update()

    def _select(self, step: int | None) -> None:
        self._rendering = True
        self.steps.select(step)
        self._rendering = False

    def _current_changed(self, current: QModelIndex) -> None:
        if not self._rendering and current.isValid():
            step = self.steps.rows.plan_row(current).step
            if step is not None:
                self.step_selected.emit(step)

    def _show_detail(self) -> None:
        opened, step = self._state.opened, self._state.selected_step
        if not self.detail.isVisibleTo(self):
            return
        if opened is None or step is None:
            self.detail.show_nothing()
        else:
            self.detail.show_step(step, opened)

    def _open_menu(self, place: QPoint) -> None:
        index = self.steps.indexAt(place)
        if not index.isValid():
            index = self.steps.currentIndex()
        step = self.steps.rows.plan_row(index).step if index.isValid() else None
        if step is not None:
            self.menu_for(step).popup(self.steps.viewport().mapToGlobal(place))

    def menu_for(self, step: int) -> QMenu:
        """The context menu of a step."""
        last = len(self._state.opened.trajectory.steps) - 1 if self._state.opened else 0
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Edit step"), lambda: self.edit_requested.emit(step))
        menu.addAction(self.tr("Delete step"), lambda: self.delete_requested.emit(step))
        menu.addAction(self.tr("Insert call before"), lambda: self.insert_requested.emit(step))
        menu.addSeparator()
        up = menu.addAction(self.tr("Move step up"), lambda: self.move_requested.emit(step, step - 1))
        down = menu.addAction(self.tr("Move step down"), lambda: self.move_requested.emit(step, step + 2))
        up.setEnabled(step > 0)
        down.setEnabled(step < last)
        menu.addSeparator()
        if self._state.opened is not None and self._state.opened.trajectory.plan:
            menu.addMenu(self.links_for(step))
        menu.addAction(self.tr("Move blame to step"), lambda: self.blame_requested.emit(step))
        menu.addAction(self.tr("Continue from here…"), lambda: self.continue_requested.emit(step))
        menu.addAction(self.tr("Fold out"), self._fold_out)
        return menu

    def links_for(self, step: int) -> QMenu:
        """The plan steps that a step can be linked to; the first nine by their numbers as keys."""
        menu = QMenu(self.tr("Link to plan step"), self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        opened = self._state.opened
        if opened is None:
            return menu
        now = opened.alignment.links.get(step)
        choices: list[tuple[int | None, str]] = [(None, self.tr("&None"))]
        for number, item in enumerate(opened.trajectory.plan):
            key = "&" if number < KEYED else ""
            choices.append((number, f"{key}{number + 1}  {one_line(item.step, 60).replace('&', '&&')}"))
        for choice, text in choices:
            link = menu.addAction(text, partial(self.link_requested.emit, step, choice))
            link.setCheckable(True)
            link.setChecked(choice == (None if now is None else now.plan_step))
            if link.isChecked():
                menu.setActiveAction(link)
        return menu

    def show_links(self, step: int) -> None:
        """Let the person pick one, beside the step."""
        row = self.steps.rows.row_of_step(step)
        if row is not None:
            place = self.steps.visualRect(self.steps.rows.index(row)).bottomLeft()
            self.links_for(step).popup(self.steps.viewport().mapToGlobal(place))

    def _fold_out(self) -> None:
        self.detail.show()
        self._show_detail()


def _same(old: tuple[Hunk, ...], new: tuple[Hunk, ...]) -> bool:
    return len(old) == len(new) and all(left is right for left, right in zip(old, new, strict=True))


def _same_trajectory(old: Opened | None, new: Opened | None) -> bool:
    return old is not None and new is not None and old.trajectory.id == new.trajectory.id
