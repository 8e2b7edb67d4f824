"""The window of plan trees: those on record, one drawn, the plan that is selected in it, and a new search."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from hitl_app.domain.plan_tree import PlanTree
from hitl_app.ui.panes.flow import Flow
from hitl_app.ui.panes.parts import column, label, paragraph, rule, scrolled
from hitl_app.ui.panes.plan_node import PlanNodePane
from hitl_app.ui.panes.search_form import SearchForm
from hitl_app.ui.panes.tables import Table
from hitl_app.ui.pictures.panel import PicturePanel
from hitl_app.ui.pictures.plan_tree import PlanTreePicture
from hitl_app.ui.theme import SPACE_M
from hitl_app.ui.translating import translate

ZOOM_STEP = 1.2


@dataclass(frozen=True, slots=True)
class TreeLine:
    """A tree in the list.

    Attributes:
        key: Which one it is, for whoever loads it.
        task: What the task is called.
        plans: How many it has.
        verified: Whether one of its plans is verified in each rollout; None where nothing was measured.
        when: When its run began.
    """

    key: str
    task: str
    plans: int
    verified: bool | None
    when: str


class PlanTreesWindow(QWidget):
    """Two pages beside the desk: the trees, and a new search.

    Signals:
        shown: It came up, and wants to know what there is.
        tree_chosen: Key of a tree to be shown by `show_tree`.
        stop_requested: Stop the search under way.
        save_requested: See `PictureView`.
    """

    shown = Signal()
    tree_chosen = Signal(str)
    stop_requested = Signal()
    save_requested = Signal(object, str, bool)

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Plan trees"))
        self._picture: PlanTreePicture | None = None
        self._filling = False
        self._came_up = False
        self.form = SearchForm()
        self.list = Table(
            self.tr("Trees"), (self.tr("Task"), self.tr("Plans"), self.tr("Best plan"), self.tr("Searched"))
        )
        self.panel = PicturePanel(fills=True)
        self.node = PlanNodePane()
        self.problem = label(tone="danger", wrap=True)
        self.problem.hide()
        self.progress = label(tone="muted", wrap=True)
        self.stop = QPushButton(self.tr("S&top the search"))
        self.stop.clicked.connect(self.stop_requested)
        self.pages = QTabWidget()
        self.pages.setDocumentMode(True)
        self.trees = QStackedWidget()
        self.trees.addWidget(self._empty_page())
        self.trees.addWidget(self._tree_page())
        self.pages.addTab(self.trees, self.tr("Trees"))
        self.pages.addTab(self.form, self.tr("New search"))
        self._lay_out()
        self._connect()
        self.show_progress("", going=False, free=True)
        self.resize(1240, 860)

    def _empty_page(self) -> QWidget:
        page = QWidget()
        self.empty = paragraph()
        self.begin = QPushButton(self.tr("&New search…"))
        self.begin.setProperty("primary", "true")
        self.begin.clicked.connect(lambda: self.show_page(self.form))
        layout = column(page)
        layout.addWidget(self.empty)
        layout.addWidget(Flow(self.begin))
        layout.addStretch(1)
        return page

    def _tree_page(self) -> QWidget:
        self.zoom_out, self.zoom_in = QPushButton("−"), QPushButton("+")
        self.fit = QPushButton(self.tr("&Whole tree"))
        for button, name in ((self.zoom_out, self.tr("Smaller")), (self.zoom_in, self.tr("Larger"))):
            button.setAccessibleName(name)
            button.setToolTip(name)
        self.panel.add_buttons(self.zoom_out, self.zoom_in, self.fit)
        parts = QWidget()
        layout = column(parts, margin=0, spacing=0)
        for part, stretch in ((self.list, 2), (rule(), 0), (self.panel, 6), (rule(), 0), (self.node, 5)):
            layout.addWidget(part, stretch)
        self._scroll = scrolled(parts)
        return self._scroll

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self.progress, 1)
        foot.addWidget(self.stop)
        layout = QVBoxLayout(self)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.problem)
        layout.addLayout(foot)

    def _connect(self) -> None:
        view = self.panel.view
        self.list.currentItemChanged.connect(self._choose)
        self.panel.save_requested.connect(self.save_requested)
        view.moved.connect(lambda key: self._select(int(key)))
        view.picked.connect(self._go_to_plan)
        self.zoom_out.clicked.connect(lambda: view.set_zoom(view.zoom / ZOOM_STEP))
        self.zoom_in.clicked.connect(lambda: view.set_zoom(view.zoom * ZOOM_STEP))
        self.fit.clicked.connect(self.show_whole)
        for key, button in (("Ctrl+-", self.zoom_out), ("Ctrl++", self.zoom_in), ("Ctrl+0", self.fit)):
            QShortcut(QKeySequence(key), self, button.click)
        for number in range(2):
            QShortcut(QKeySequence(f"Ctrl+{number + 1}"), self, lambda page=number: self.pages.setCurrentIndex(page))
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)
        QShortcut(QKeySequence("Ctrl+W"), self, self.close)

    def show_page(self, page: QWidget) -> None:
        """Come up with one of the pages."""
        self.pages.setCurrentWidget(page)
        self.show()
        self.activateWindow()
        self._came_up = page is self.trees
        target = self.form if page is self.form else self._target
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def _target(self) -> QWidget:
        return self.panel.view if self.trees.currentIndex() else self.begin

    def showEvent(self, event: QShowEvent, /) -> None:
        """Qt: the window comes up."""
        super().showEvent(event)
        self.shown.emit()

    # -- trees -----------------------------------------------------------------------------------------------------

    def show_loading(self) -> None:
        """Trees are being read."""
        if not self.list.topLevelItemCount():
            self.empty.setText(self.tr("Reading the trees…"))
            self.begin.hide()

    def show_trees(self, lines: Sequence[TreeLine]) -> None:
        """Show which trees there are, newest first; the one that is shown stays chosen where it is still there."""
        chosen = self.list.current_key()
        self._filling = True
        rows = [(each.task, str(each.plans), _best_words(each.verified), each.when) for each in lines]
        self.list.show_rows(rows, [each.key for each in lines])
        self.list.go_to(chosen)
        self._filling = False
        self.empty.setText(
            self.tr(
                "There is no plan tree yet. A search writes plans for a task, carries each out several times, and "
                "refines the promising ones from what failed; each tree of plans is then drawn here."
            )
        )
        self.begin.show()
        leads = self._came_up or self.begin.hasFocus() or self.panel.view.hasFocus()
        self._came_up = False
        self.trees.setCurrentIndex(1 if lines else 0)
        if leads:
            self._target.setFocus(Qt.FocusReason.OtherFocusReason)
        if lines:
            self._choose()

    def go_to(self, key: str) -> None:
        """Choose a tree."""
        self.list.go_to(key)

    def _choose(self) -> None:
        key = self.list.current_key()
        if key and not self._filling:
            self.tree_chosen.emit(key)

    def show_tree(self, tree: PlanTree, *, stay: bool) -> None:
        """Draw a tree. The best plan is selected; `stay` keeps another one that the person went to."""
        number, before = _best(tree), self._picture
        if stay and before is not None and before.selected not in (None, _best(before.tree)):
            number = min(before.selected or 0, len(tree.nodes) - 1)
        self._picture = PlanTreePicture(tree, number)
        self.panel.show_picture(self._picture)
        self.panel.view.select(number)

    def _select(self, number: int) -> None:
        """The plan that the focus of the picture stands on is shown below it."""
        if self._picture is not None and number < len(self._picture.tree.nodes):
            self._picture = replace(self._picture, selected=number)
            self.panel.view.show_picture(self._picture, stay=True)
            self.node.show_plan(self._picture.tree, number)

    def _go_to_plan(self) -> None:
        self.node.rollouts.setFocus(Qt.FocusReason.OtherFocusReason)
        self._scroll.ensureWidgetVisible(self.node)

    @property
    def selected(self) -> int | None:
        """Number of the selected plan."""
        return self._picture.selected if self._picture is not None else None

    def show_whole(self) -> None:
        """Make the picture as large as there is room for all of it."""
        view, room = self.panel.view, self.panel.area.viewport().size()
        wanted = view.sizeHint()
        view.set_zoom(view.zoom * min(room.width() / wanted.width(), room.height() / wanted.height()))

    # -- the search under way --------------------------------------------------------------------------------------

    def show_progress(self, words: str, *, going: bool, free: bool) -> None:
        """Say how far a search is, or how it ended.

        Args:
            words: What to say.
            going: A search is under way: it can be stopped.
            free: Nothing is under way: a plan can be refined.
        """
        self.progress.setText(words)
        self.stop.setVisible(going)
        self.node.show_free(free=free)

    def show_note(self, words: str) -> None:
        """Say what became of a file."""
        self.progress.setText(words)

    def show_problem(self, words: str) -> None:
        """Say why something could not be done; nothing is said where the words are empty."""
        self.problem.setText(f"▲ {words}" if words else "")
        self.problem.setVisible(bool(words))


def _best(tree: PlanTree) -> int:
    return tree.best.number if tree.best is not None else 0


def _best_words(verified: bool | None) -> str:
    if verified is None:
        return "○ " + translate("PlanTreesWindow", "not measured")
    return (
        "● " + translate("PlanTreesWindow", "verified")
        if verified
        else "✕ " + translate("PlanTreesWindow", "not verified")
    )
