"""What a model says, as it says it, and what that has cost so far."""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QWidget

from hitl_app.domain.model import Usage
from hitl_app.ui.panes.parts import ElidedLabel, column, label
from hitl_app.ui.step_text import one_line
from hitl_app.ui.theme import SPACE_M, SPACE_S
from hitl_app.ui.words import usage_words

GATHER_MS = 30
"""Pieces that come within this time are shown at once: a stream may come faster than a window can draw."""

KEPT_LINES = 2_000
"""Lines that stay readable; the record keeps everything."""

LONGEST_PIECE = 10_000
"""Characters that are shown at once; of more, the end."""

LONGEST_LINE = 1_000
"""Characters after which a line is broken: one without end would be laid out anew, all of it, at each piece."""


class SpeechView(QWidget):
    """Streamed text, plain, whatever the model writes. It follows the end unless the person scrolled up."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pieces: list[str] = []
        self._model = ElidedLabel(role="caption")
        self._spent = label(tone="muted", role="small")
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setMaximumBlockCount(KEPT_LINES)
        self.text.setUndoRedoEnabled(False)
        self.text.setProperty("role", "mono")
        self.text.setProperty("field", "true")
        self.text.setMinimumHeight(4 * self.text.fontMetrics().lineSpacing())
        self.text.setAccessibleName(self.tr("What the model says"))
        row = QHBoxLayout()
        row.setSpacing(SPACE_M)
        row.addWidget(self._model, 1)
        row.addWidget(self._spent)
        layout = column(self, margin=0, spacing=SPACE_S)
        layout.addLayout(row)
        layout.addWidget(self.text, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(GATHER_MS)
        self._timer.timeout.connect(self._show_pieces)

    def begin(self, model: str) -> None:
        """A model begins: what was said before goes."""
        self._pieces.clear()
        self.text.clear()
        self._model.set_text(one_line(model, 120))
        self.spend(Usage())

    def say(self, text: str) -> None:
        """Show a piece of its words soon."""
        self._pieces.append(text)
        if not self._timer.isActive():
            self._timer.start()

    def spend(self, spent: Usage) -> None:
        """Show what it has consumed by now."""
        self._spent.setText(usage_words(spent))

    @property
    def spent(self) -> str:
        """What it has consumed, as shown."""
        return self._spent.text()

    def _show_pieces(self) -> None:
        gathered = "".join(self._pieces)[-LONGEST_PIECE:]
        self._pieces.clear()
        bar = self.text.verticalScrollBar()
        follows = bar.value() == bar.maximum()
        cursor = QTextCursor(self.text.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        for start in range(0, len(gathered), LONGEST_LINE):
            if cursor.positionInBlock() > LONGEST_LINE:
                cursor.insertBlock()
            cursor.insertText(gathered[start : start + LONGEST_LINE])
        if follows:
            bar.setValue(bar.maximum())
