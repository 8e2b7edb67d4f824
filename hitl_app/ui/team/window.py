"""The window of a team: one page a job."""

from enum import IntEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from hitl_app.ui.panes.parts import scrolled
from hitl_app.ui.team.agreement import AgreementPage
from hitl_app.ui.team.assign import AssignPage
from hitl_app.ui.team.gold import GoldPage
from hitl_app.ui.team.merge import MergePage
from hitl_app.ui.team.reliance import ReliancePage


class TeamPage(IntEnum):
    """The pages, in the order of the tabs."""

    ASSIGN = 0
    MERGE = 1
    AGREEMENT = 2
    GOLD = 3
    RELIANCE = 4


class TeamWindow(QWidget):
    """Assigning, merging, agreement, gold items and reliance; stays open beside the desk.

    Signals:
        shown: The `TeamPage` that a person turned to.
    """

    shown = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(self.tr("Team"))
        self.assign, self.merge, self.agreement = AssignPage(), MergePage(), AgreementPage()
        self.gold, self.reliance = GoldPage(), ReliancePage()
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName(self.tr("Pages of the team"))
        for page, words in (
            (self.assign, self.tr("Assign")),
            (self.merge, self.tr("Merge")),
            (self.agreement, self.tr("Agreement")),
            (self.gold, self.tr("Gold items")),
            (self.reliance, self.tr("Reliance")),
        ):
            self.tabs.addTab(scrolled(page), words)
        self.tabs.currentChanged.connect(self.shown)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.tabs)
        self.resize(900, 680)

    def show_page(self, page: TeamPage) -> None:
        """Turn to a page and come to the front."""
        self.tabs.setCurrentIndex(page)
        self.show()
        self.raise_()
        self.activateWindow()
        targets = (self.assign.query, self.merge.path, self.agreement.disputes, self.gold.items, self.reliance.report)
        targets[page].setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.shown.emit(page)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Qt: Escape closes it, also from a line that is typed in."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)
