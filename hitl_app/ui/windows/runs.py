"""The window of runs, beside the desk: start one, follow it, look at the earlier ones."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from hitl_app.ui.panes.run_form import RunForm
from hitl_app.ui.panes.run_progress import RunProgress
from hitl_app.ui.panes.run_record import RunRecord


class RunWindow(QWidget):
    """Three pages. It is not modal: the desk goes on beside it.

    Signals:
        shown: It came up, and wants to know what there is.
    """

    shown = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Runs"))
        self.form, self.progress, self.record = RunForm(), RunProgress(), RunRecord()
        self.pages = QTabWidget()
        self.pages.setDocumentMode(True)
        self.pages.addTab(self.form, self.tr("New run"))
        self.pages.addTab(self.progress, self.tr("Progress"))
        self.pages.addTab(self.record, self.tr("Earlier runs"))
        self.pages.currentChanged.connect(self.shown)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.pages)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.hide)
        for number, key in enumerate(("Ctrl+1", "Ctrl+2", "Ctrl+3")):
            QShortcut(QKeySequence(key), self, lambda page=number: self.pages.setCurrentIndex(page))
        self.resize(760, 680)

    def show_page(self, page: QWidget) -> None:
        """Come up with one of the pages."""
        self.pages.setCurrentWidget(page)
        self.show()
        self.activateWindow()
        page.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent, /) -> None:
        """Qt: the window comes up."""
        super().showEvent(event)
        self.shown.emit()
