"""Asks for a reason: a number key for a common one, or a few words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)


@dataclass(frozen=True)
class Question:
    """What a reason is asked for.

    Attributes:
        title: The dialog's title and what its button does.
        text: What happens.
        reasons: Common reasons, the first on key 1.
        needed: Whether the reason may not be empty.
    """

    title: str
    text: str
    reasons: tuple[str, ...]
    needed: bool = True


def question(what: str) -> Question:
    """The question for `reject`, `leave` (a run's candidate), `override` or `flag`."""
    tr = QCoreApplication.translate
    if what == "leave":
        return Question(
            tr("Reason", "Reject the candidate"),
            tr("Reason", "The candidate stays on record with the reason, and the run goes on without it."),
            (
                tr("Reason", "the proposal does not follow the policy"),
                tr("Reason", "the proposal satisfies the check but not the request"),
                tr("Reason", "the proposal changes more than it must"),
            ),
        )
    if what == "reject":
        return Question(
            tr("Reason", "Reject"),
            tr("Reason", "Reject this trajectory. It stays on record with the reason."),
            (
                tr("Reason", "the task cannot be done"),
                tr("Reason", "the proposal does not follow the policy"),
                tr("Reason", "the proposal satisfies the check but not the request"),
                tr("Reason", "the recording is broken or incomplete"),
                tr("Reason", "the trajectory is not worth repairing"),
            ),
        )
    if what == "override":
        return Question(
            tr("Reason", "Override"),
            tr("Reason", "Accept the candidate against the rule. The revision is marked as not monotone."),
            (
                tr("Reason", "the check is wrong here"),
                tr("Reason", "the recorded answer is wrong"),
                tr("Reason", "the loss does not measure what improved"),
                tr("Reason", "equal loss, but clearer for the user"),
            ),
        )
    return Question(
        tr("Reason", "Flag"),
        tr("Reason", "Mark this trajectory for somebody else to look at."),
        (
            tr("Reason", "the policy is unclear"),
            tr("Reason", "the task is ambiguous"),
            tr("Reason", "I am not sure"),
            tr("Reason", "the environment looks wrong"),
        ),
        needed=False,
    )


class ReasonDialog(QDialog):
    """Common reasons on the number keys, and a line for one's own words."""

    def __init__(self, asked: Question, chosen: Callable[[str], None], parent: QWidget | None = None) -> None:
        """Make the dialog; `chosen` receives the reason when it is given."""
        super().__init__(parent)
        self._chosen = chosen
        self._needed = asked.needed
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(asked.title)
        text = QLabel(asked.text)
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setWordWrap(True)
        self.reasons = self._list_of(asked.reasons)
        self.words = QLineEdit()
        self.words.setAccessibleName(self.tr("Reason in your own words"))
        self.words.setPlaceholderText(self.tr("or in your own words"))
        self.words.textChanged.connect(self._allow)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setText(asked.title)
        self._buttons.accepted.connect(self._give)
        self._buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (text, self.reasons, self.words, self._buttons):
            layout.addWidget(widget)
        self.setMinimumWidth(460)
        self.reasons.setFocus()
        self._allow()

    def _list_of(self, reasons: Sequence[str]) -> QListWidget:
        shown = QListWidget()
        shown.setAccessibleName(self.tr("Common reasons"))
        for number, reason in enumerate(reasons, 1):
            item = QListWidgetItem(f"{number}   {reason}")
            item.setData(Qt.ItemDataRole.UserRole, reason)
            shown.addItem(item)
            # on the list alone: in the line below a number is typed
            QShortcut(
                QKeySequence(str(number)), shown, partial(self._finish, reason), Qt.ShortcutContext.WidgetShortcut
            )
        shown.itemActivated.connect(self._take)
        shown.itemSelectionChanged.connect(self._allow)
        shown.setFixedHeight(shown.sizeHintForRow(0) * (len(reasons) + 1))
        return shown

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return gives the words, or the reason that is selected."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._give()
        else:
            super().keyPressEvent(event)

    def _reason(self) -> str:
        if self.words.text().strip():
            return self.words.text().strip()
        chosen = self.reasons.selectedItems()
        return str(chosen[0].data(Qt.ItemDataRole.UserRole)) if chosen else ""

    def _allow(self) -> None:
        ready = bool(self._reason()) or not self._needed
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(ready)

    def _take(self, item: QListWidgetItem) -> None:
        self._finish(str(item.data(Qt.ItemDataRole.UserRole)))

    def _give(self) -> None:
        if self._reason() or not self._needed:
            self._finish(self._reason())

    def _finish(self, reason: str) -> None:
        self.accept()
        self._chosen(reason)
