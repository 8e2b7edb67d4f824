"""The window of pictures: three of the lineage that is on the desk."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from hitl_app.domain.heat import HeatStrip
from hitl_app.ui.panes.parts import label
from hitl_app.ui.pictures.alignment import AlignmentPicture
from hitl_app.ui.pictures.heat import HeatPicture
from hitl_app.ui.pictures.loss import LossPicture
from hitl_app.ui.pictures.panel import PicturePanel
from hitl_app.ui.revision_words import outcome_words
from hitl_app.ui.step_text import one_line
from hitl_app.ui.theme import SPACE_M
from hitl_app.workflow.opened import Opened
from hitl_app.workflow.pictures import shown_revisions


class PicturesWindow(QWidget):
    """Beside the desk, whose trajectory it follows.

    Signals:
        save_requested: See `PictureView`.
        revision_picked: Trajectory id of a revision to put on the desk.
        step_picked: Index of a step of the trajectory that is shown.
    """

    save_requested = Signal(object, str, bool)
    revision_picked = Signal(str)
    step_picked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.loss, self.heat, self.alignment = (PicturePanel(fills=True) for _ in range(3))
        self.pages = QTabWidget()
        self.pages.setDocumentMode(True)
        self.pages.addTab(self.loss, self.tr("Loss"))
        self.pages.addTab(self.heat, self.tr("Blame by step"))
        self.pages.addTab(self.alignment, self.tr("Plan and actions"))
        self.note = label(tone="muted", wrap=True)
        self.note.setAccessibleName(self.tr("Notes"))
        layout = QVBoxLayout(self)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.note)
        for panel in (self.loss, self.heat, self.alignment):
            panel.save_requested.connect(self.save_requested)
        self.loss.view.picked.connect(self.revision_picked)
        self.heat.view.picked.connect(self.revision_picked)
        self.alignment.view.picked.connect(lambda key: self.step_picked.emit(int(key)))
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)
        QShortcut(QKeySequence("Ctrl+W"), self, self.close)
        for number in range(3):
            QShortcut(QKeySequence(f"Ctrl+{number + 1}"), self, lambda page=number: self.show_page(page))
        self.resize(1040, 720)

    def show_page(self, number: int) -> None:
        """Turn to a picture, which gets the keys."""
        self.pages.setCurrentIndex(number)
        (self.loss, self.heat, self.alignment)[number].view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_opened(self, opened: Opened) -> None:
        """Show what is known at once; `show_heat` brings the rest."""
        self.setWindowTitle(self.tr("Pictures: {0}").format(one_line(opened.task.title, 120)))
        self.loss.show_picture(LossPicture(shown_revisions(opened), opened.trajectory.id))
        executed = opened.inspection.execution.steps if opened.inspection is not None else ()
        self.alignment.show_picture(AlignmentPicture(opened.trajectory, executed, opened.alignment))
        self.note.setText(self.tr("Aligning the revisions…"))

    def show_heat(self, opened: Opened, strip: HeatStrip) -> None:
        """Show where each revision is blamed."""
        labels = {r.trajectory.id: f"{r.number} {outcome_words(r)}" for r in opened.revisions}
        self.heat.show_picture(HeatPicture(strip, labels))
        self.note.clear()

    def show_note(self, words: str) -> None:
        """Say what worked, or why something did not."""
        self.note.setText(one_line(words, 400))
