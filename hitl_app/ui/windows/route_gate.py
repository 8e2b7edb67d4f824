"""ROUTE: shows how a stage of a cascade has voted, and lets a person accept, escalate, or leave it to the threshold."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from hitl_app.domain.routing import Route, RouteAction
from hitl_app.ui.cascades import Cascade
from hitl_app.ui.gate import Routing
from hitl_app.ui.panes.flow import Flow
from hitl_app.ui.panes.parts import column, label, scrolled
from hitl_app.ui.panes.stage_pane import StagePane
from hitl_app.ui.pictures.cascades import CascadesPicture
from hitl_app.ui.pictures.view import PictureView
from hitl_app.ui.theme import SPACE_M


class RouteDialog(QDialog):
    """One stage that waits for a word. Closing it leaves the question waiting."""

    def __init__(self, question: Routing, parent: QWidget) -> None:
        super().__init__(parent)
        self._question, stage = question, question.stage
        cascade = Cascade(stage.place, question.task.title, (stage,))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Accept or escalate?"))
        self.strip = PictureView()
        self.strip.show_picture(CascadesPicture((cascade,), asked=stage.stage))
        self.votes = StagePane()
        self.votes.show_stage(cascade, stage, asked=True)
        self.guideline = QPlainTextEdit(stage.guideline)
        self.guideline.setTabChangesFocus(True)
        self.guideline.setProperty("field", "true")
        self.guideline.setAccessibleName(self.tr("Guideline of the next stage"))
        self.guideline.setPlaceholderText(
            self.tr("How to go about it, in one or two sentences. Left empty, the large model writes it.")
        )
        self.reason = QLineEdit()
        self.reason.setAccessibleName(self.tr("Why, in a few words"))
        self.reason.setPlaceholderText(self.tr("Why, in a few words (may be left empty)"))
        self.accept_now = QPushButton(self.tr("&Accept now"))
        self.escalate = QPushButton(self.tr("&Escalate"))
        ruled = (
            self.tr("&Continue: the threshold accepts")
            if stage.accepted
            else self.tr("&Continue: the threshold escalates")
        )
        self.go_on = QPushButton(ruled)
        self.go_on.setProperty("primary", "true")
        for button, key, action in (
            (self.accept_now, "A", RouteAction.ACCEPT),
            (self.escalate, "E", RouteAction.ESCALATE),
            (self.go_on, "C", RouteAction.PROCEED),
        ):
            button.setAutoDefault(False)
            button.clicked.connect(lambda _=False, chosen=action: self._answer(chosen))
            QShortcut(QKeySequence(key), self, button.click)
        QShortcut(QKeySequence("Ctrl+Return"), self, self.go_on.click)
        self._lay_out()
        self.resize(980, 760)
        question.answer.add_done_callback(self._is_over)
        self.finished.connect(lambda: question.answer.remove_done_callback(self._is_over))
        self.votes.samples.setFocus()

    def _lay_out(self) -> None:
        for field, lines in ((self.votes.text, 7), (self.guideline, 4)):
            field.setMaximumHeight(lines * field.fontMetrics().lineSpacing())
        inner = QWidget()
        parts = column(inner, margin=0)
        parts.addWidget(self.strip)
        parts.addWidget(self.votes, 5)
        parts.addWidget(label(self.tr("Guideline of the next stage"), role="caption"))
        parts.addWidget(self.guideline, 1)
        parts.addWidget(self.reason)
        words = self.tr("A accepts, E escalates, C or Ctrl+Return continues. Esc leaves the question waiting.")
        layout = QVBoxLayout(self)
        layout.setSpacing(SPACE_M)
        layout.addWidget(scrolled(inner), 1)
        layout.addWidget(label(words, tone="muted", wrap=True))
        layout.addWidget(Flow(self.accept_now, self.escalate, self.go_on))

    def _is_over(self, _: object) -> None:
        self.close()

    def _answer(self, action: RouteAction) -> None:
        """A guideline counts where it was changed: else the large model's stays, or it writes one."""
        written = self.guideline.toPlainText().strip()
        changed = written != self._question.stage.guideline.strip()
        self._question.give(Route(action, written if written and changed else None, self.reason.text().strip()))
