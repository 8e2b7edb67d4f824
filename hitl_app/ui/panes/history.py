"""The lineage: revisions with the loss over them."""

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from hitl_app.domain.ports import Revision
from hitl_app.ui.panes.parts import Header, column
from hitl_app.ui.pictures.loss import LossPicture
from hitl_app.ui.pictures.view import PictureView
from hitl_app.ui.revision_words import loss_words, outcome_glyph, outcome_words
from hitl_app.ui.state import DeskState
from hitl_app.ui.step_text import one_line
from hitl_app.ui.theme import SPACE_S, current_theme, theme_notifier
from hitl_app.ui.words import rule_words, verified_words
from hitl_app.workflow.opened import Opened

NUMBER, OUTCOME, WHO, LOSS, VERIFIED = range(5)
LEAST_ROWS = 2
"""Revisions that are in view in the smallest window."""
ID_ROLE = Qt.ItemDataRole.UserRole


class HistoryPane(QWidget):
    """A small plot and a list of the revisions.

    Signals:
        revision_selected: Trajectory id of a revision to put on the desk.
        compare_requested, restore_requested: The same of one to compare with what is open, or to make the head again.
        pictures_requested: The pictures of the lineage are wanted.
    """

    revision_selected = Signal(str)
    compare_requested = Signal(str)
    restore_requested = Signal(str)
    pictures_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._opened: Opened | None = None
        self.header = Header(self.tr("Revisions"))
        self.pictures_button = QToolButton()
        self.pictures_button.setText(self.tr("Pictures…"))
        self.pictures_button.setAccessibleName(self.tr("Pictures of this trajectory"))
        self.pictures_button.clicked.connect(self.pictures_requested)
        self.plot = PictureView(whole=False)
        self.plot.picked.connect(self.revision_selected)
        self.list = QTreeWidget()
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setHeaderLabels(
            [self.tr("No."), self.tr("Outcome"), self.tr("Who"), self.tr("Loss"), self.tr("Replay")]
        )
        self.list.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.list.header().setStretchLastSection(False)
        self.list.header().setSectionResizeMode(WHO, QHeaderView.ResizeMode.Stretch)
        self.list.setAccessibleName(self.tr("Revisions"))
        self.list.itemActivated.connect(self._chosen)
        self.list.itemClicked.connect(self._chosen)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._show_menu)
        layout = self._column = column(self, spacing=SPACE_S)
        head = QHBoxLayout()
        head.addWidget(self.header, 1)
        head.addWidget(self.pictures_button)
        layout.addLayout(head)
        layout.addWidget(self.plot, 2)
        layout.addWidget(self.list, 3)
        self.setAccessibleName(self.tr("History"))
        theme_notifier.theme_changed.connect(self._fill)

    def minimumSizeHint(self) -> QSize:
        """Qt: the list alone, which the plot gives way to."""
        wanted = self._column.totalMinimumSize()
        plot = 0 if self.plot.isHidden() else self._plot_height
        return QSize(wanted.width(), wanted.height() - plot)

    @property
    def _plot_height(self) -> int:
        return self.plot.minimumSizeHint().height() + self._column.spacing()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Qt: where there is room for the list alone, the plot goes."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        row = max(self.list.sizeHintForRow(0), self.list.fontMetrics().lineSpacing() + SPACE_S)
        around = self.list.header().sizeHint().height() + self.list.horizontalScrollBar().sizeHint().height()
        self.list.setMinimumHeight(around + LEAST_ROWS * row)
        roomy = self.height() >= self.minimumSizeHint().height() + self._plot_height
        self.plot.setVisible(roomy)
        self.header.set_aside(self.tr("Loss over revisions") if roomy else "")

    def render_state(self, state: DeskState) -> None:
        """Show a state."""
        if self._opened is not state.opened:
            self._opened = state.opened
            self._fill()

    @property
    def focus_target(self) -> QWidget:
        """Where the keys go when a person turns to this pane."""
        return self.list

    @property
    def selected(self) -> str:
        """Trajectory id of the selected revision; empty where there is none."""
        item = self.list.currentItem()
        return str(item.data(NUMBER, ID_ROLE)) if item is not None else ""

    def menu_for(self, trajectory_id: str) -> QMenu:
        """What can be done with a revision."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        opened = self._opened
        here = opened is not None and opened.trajectory.id == trajectory_id
        head = opened is not None and opened.row.head_id == trajectory_id
        put = menu.addAction(self.tr("Put on the desk"), lambda: self.revision_selected.emit(trajectory_id))
        put.setEnabled(not here)
        words = self.tr("Compare with its parent…") if here else self.tr("Compare with the open revision…")
        wanted = "" if here else trajectory_id
        compare = menu.addAction(words, lambda: self.compare_requested.emit(wanted))
        compare.setEnabled(opened is not None and len(opened.revisions) > 1)
        restore = menu.addAction(self.tr("Restore this revision…"), lambda: self.restore_requested.emit(trajectory_id))
        restore.setEnabled(not head)
        return menu

    def _show_menu(self, place: QPoint) -> None:
        if self.selected:
            self.menu_for(self.selected).popup(self.list.viewport().mapToGlobal(place))

    def _fill(self) -> None:
        self.list.clear()
        opened = self._opened
        revisions = opened.revisions if opened else ()
        current = opened.trajectory.id if opened else ""
        self.plot.show_picture(LossPicture(revisions, current) if opened else None)
        self.pictures_button.setEnabled(opened is not None)
        for revision in revisions:
            item = self._item(revision, current)
            self.list.addTopLevelItem(item)
            if revision.trajectory.id == current:
                self.list.setCurrentItem(item)
        self._make_room()

    def _item(self, revision: Revision, current: str) -> QTreeWidgetItem:
        inspection, entry = revision.inspection, revision.entry
        tone, verdict = verified_words(inspection)
        rule = rule_words(entry.decision.rule)[1] if entry is not None and entry.decision.rule else ""
        who = entry.decision.annotator if entry is not None else revision.trajectory.author
        total = "–" if inspection is None else str(inspection.losses.total)
        texts = [str(revision.number), f"{outcome_glyph(revision)} {outcome_words(revision)}", one_line(who), total]
        item = QTreeWidgetItem([*texts, verdict])
        item.setData(NUMBER, ID_ROLE, revision.trajectory.id)
        item.setTextAlignment(NUMBER, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setTextAlignment(LOSS, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setForeground(VERIFIED, current_theme().tone(tone))
        if revision.trajectory.id == current:
            font = self.list.font()
            font.setBold(True)
            for number in range(self.list.columnCount()):
                item.setFont(number, font)
        words = [self.tr("revision {0}").format(revision.number), outcome_words(revision), rule, one_line(who)]
        spoken = ", ".join(word for word in (*words, loss_words(revision), verdict) if word)
        item.setData(NUMBER, Qt.ItemDataRole.AccessibleTextRole, spoken)
        item.setToolTip(OUTCOME, rule)
        item.setToolTip(LOSS, loss_words(revision))
        return item

    def _chosen(self, item: QTreeWidgetItem) -> None:
        found = item.data(NUMBER, ID_ROLE)
        if self._opened is not None and found != self._opened.trajectory.id:
            self.revision_selected.emit(str(found))
