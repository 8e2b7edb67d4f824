"""Shows a question that a model is asked, and takes the answer that a person pastes."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QPushButton, QSplitter, QVBoxLayout, QWidget

from hitl_app.domain.model import correction
from hitl_app.ui.by_hand import ByHand
from hitl_app.ui.panes.flow import Flow
from hitl_app.ui.panes.parts import TwoParts, paragraph
from hitl_app.ui.step_text import one_line
from hitl_app.ui.theme import SPACE_L, SPACE_M, mark
from hitl_app.ui.words import purpose_words

SHOWN = 100_000
"""Characters of a question that are shown; all of them are copied."""

LINGER_MS = 400
"""How long the window waits for the next question before it goes: a run asks many."""


class PasteDialog(QDialog):
    """One question after the other. It leaves the windows behind it usable; nothing in it is more than plain text."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._asked: ByHand | None = None
        self.setWindowTitle(self.tr("Answer by hand"))
        self._about = paragraph()
        self.question, self.answer = QPlainTextEdit(), QPlainTextEdit()
        self.question.setReadOnly(True)
        self.question.setAccessibleName(self.tr("The question"))
        self.answer.setAccessibleName(self.tr("The answer"))
        self.answer.setPlaceholderText(self.tr("Paste the answer of your chat here. Ctrl+Return uses it."))
        self.answer.textChanged.connect(self._allow)
        for field in (self.question, self.answer):
            field.setTabChangesFocus(True)
            field.setProperty("role", "mono")
            field.setProperty("field", "true")
        self._more = paragraph(tone="muted")
        self.told = paragraph()
        self.copy_question = QPushButton(self.tr("&Copy the question"))
        self.copy_question.clicked.connect(self._copy_question)
        self.copy_problem = QPushButton(self.tr("Copy what is &wrong"))
        self.copy_problem.clicked.connect(self._copy_problem)
        self.stop = QPushButton(self.tr("&Stop the run"))
        self.stop.clicked.connect(self._take_back)
        self.use = QPushButton(self.tr("&Use this answer"))
        self.use.setProperty("primary", "true")
        self.use.clicked.connect(self._use)
        for button in (self.copy_problem, self.stop, self.use):
            button.setAutoDefault(False)
        QShortcut(QKeySequence("Ctrl+Return"), self, self._use)
        self._gone = QTimer(self)
        self._gone.setSingleShot(True)
        self._gone.setInterval(LINGER_MS)
        self._gone.timeout.connect(self.hide)
        self._lay_out()
        self.resize(760, 680)

    def _lay_out(self) -> None:
        asked, given = QWidget(), QWidget()
        above, below = QVBoxLayout(asked), QVBoxLayout(given)
        for layout in (above, below):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(SPACE_M)
        above.addWidget(self.question, 1)
        above.addWidget(TwoParts(self._more, Flow(self.copy_question)))
        below.addWidget(self.answer, 1)
        below.addWidget(TwoParts(self.told, Flow(self.copy_problem)))
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(asked)
        split.addWidget(given)
        split.setSizes([400, 240])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self._about)
        layout.addWidget(split, 1)
        layout.addWidget(Flow(self.stop, self.use))

    # -- what is shown ---------------------------------------------------------------------------------------------

    def show_question(self, asked: ByHand) -> None:
        """A question waits from now on."""
        self._asked, question = asked, asked.question
        self._gone.stop()
        words = self.tr("{0} is asked to: {1}. Put the question to any chat that you have, and paste its answer.")
        self._about.setText(words.format(one_line(question.model, 60), purpose_words(question.purpose)))
        self.question.setPlainText(question.text[:SHOWN])
        missing = len(question.text) - SHOWN
        words = self.tr("{0} characters more are not shown; all of it is copied.").format(f"{missing:,}")
        self._more.setText(words if missing > 0 else "")
        self.answer.setPlainText(question.answer)
        self.copy_problem.setVisible(bool(question.problem))
        if question.problem:
            self._tell(self.tr("▲ This answer cannot be used: {0}.").format(one_line(question.problem, 600)), "danger")
            self.answer.selectAll()  # what is pasted next takes its place
        else:
            self._tell("", "")
        self._allow()
        if not self.isVisible():
            self.show()
            self.activateWindow()
        (self.answer if question.problem else self.copy_question).setFocus()

    def rest(self) -> None:
        """Nothing waits any more; where the run goes on, the next question comes soon."""
        self._asked = None
        self._tell(self.tr("◌ The run goes on…"), "muted")
        self.copy_problem.hide()
        self._allow()
        self._gone.start()

    def _tell(self, words: str, tone: str) -> None:
        self.told.setText(words)
        mark(self.told, "tone", tone)

    def _allow(self) -> None:
        waits = self._asked is not None
        self.use.setEnabled(waits and bool(self.answer.toPlainText().strip()))
        self.stop.setEnabled(waits)

    # -- what the person does --------------------------------------------------------------------------------------

    def _copy_question(self) -> None:
        if self._asked is not None:
            QGuiApplication.clipboard().setText(self._asked.question.text)
            self._tell(self.tr("✓ The question is copied."), "success")
            self.answer.setFocus()

    def _copy_problem(self) -> None:
        if self._asked is not None:
            QGuiApplication.clipboard().setText(correction(self._asked.question.problem))
            self.answer.setFocus()

    def _use(self) -> None:
        if self._asked is not None and self.use.isEnabled():
            self._asked.give(self.answer.toPlainText())

    def _take_back(self) -> None:
        if self._asked is not None:
            self._asked.take_back()

    def reject(self) -> None:
        """Qt: Escape and the title bar. A run waits for the answer, so that it is not closed by the way."""
        if self._asked is None:
            super().reject()
        else:
            self._tell(self.tr("The run waits: paste an answer and use it, or stop the run."), "warning")
