"""Asks a person what the user of a task says next."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent, QTextCursor
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QSplitter, QVBoxLayout, QWidget

from hitl_app.domain.trajectory import Step
from hitl_app.ui.panes.parts import label
from hitl_app.ui.step_text import preview
from hitl_app.ui.theme import SPACE_L, SPACE_M, mark
from hitl_app.ui.voice import Turn
from hitl_app.ui.words import role_name

LONGEST = 4_000
"""Characters of a message in the conversation."""

CALL_WORDS = 200
"""Characters of a call in the conversation."""


class SpeakDialog(QDialog):
    """The conversation so far, and a place for the user's next words. It leaves the window behind it usable.

    Signals:
        stop_requested: Stop the model altogether.
    """

    stop_requested = Signal()

    def __init__(self, turn: Turn, parent: QWidget) -> None:
        super().__init__(parent)
        self._turn = turn
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Speak for the user"))
        self.conversation = QPlainTextEdit("\n\n".join(self._line(step) for step in turn.steps))
        self.conversation.setReadOnly(True)
        self.conversation.setTabChangesFocus(True)
        self.conversation.setAccessibleName(self.tr("Conversation so far"))
        self.words = QPlainTextEdit()
        self.words.setTabChangesFocus(True)
        self.words.setAccessibleName(self.tr("What the user says next"))
        self.words.setPlaceholderText(self.tr("What the user says next. Ctrl+Return says it."))
        self.words.textChanged.connect(self._allow)
        self._told = label(tone="muted", wrap=True)
        buttons = QDialogButtonBox()
        self.stop = buttons.addButton(self.tr("Stop the model"), QDialogButtonBox.ButtonRole.DestructiveRole)
        self.over = buttons.addButton(self.tr("End the conversation"), QDialogButtonBox.ButtonRole.ActionRole)
        self.say = buttons.addButton(self.tr("Say it"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.say.setProperty("primary", "true")
        for button in (self.stop, self.over, self.say):
            button.setAutoDefault(False)
        self.stop.clicked.connect(self.stop_requested)
        self.over.clicked.connect(turn.end)
        self.say.clicked.connect(self._say)
        QShortcut(QKeySequence("Ctrl+Return"), self, self._say)
        for field in (self.conversation, self.words):
            field.setProperty("field", "true")
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(self.conversation)
        split.addWidget(self.words)
        split.setSizes([360, 120])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        layout.setSpacing(SPACE_M)
        layout.addWidget(split, 1)
        layout.addWidget(self._told)
        layout.addWidget(buttons)
        self.resize(640, 560)
        self.words.setFocus()
        self._allow()

    def _line(self, step: Step) -> str:
        if step.is_action:
            return self.tr("The agent calls {0}").format(preview(step, CALL_WORDS))
        text = step.text if len(step.text) <= LONGEST else f"{step.text[:LONGEST]}…"
        return f"{role_name(step.role)}: {text}"

    def _allow(self) -> None:
        self.say.setEnabled(bool(self.words.toPlainText().strip()))

    def _say(self) -> None:
        words = self.words.toPlainText().strip()
        if words:
            self._turn.say(words)

    def showEvent(self, event: QShowEvent, /) -> None:
        """Qt: what was said last is in view."""
        super().showEvent(event)
        self.conversation.moveCursor(QTextCursor.MoveOperation.End)

    def reject(self) -> None:
        """Qt: Escape and the title bar. The model waits for an answer: which one has to be said."""
        self._told.setText(self.tr("The model waits: say something, end the conversation, or stop the model."))
        mark(self._told, "tone", "warning")

    def close_over(self) -> None:
        """The turn is over."""
        super().reject()
