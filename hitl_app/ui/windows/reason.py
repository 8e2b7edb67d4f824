"""Asks for a reason: a number key for a common one, or a few words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from hitl_app.domain.guidelines import Occasion
from hitl_app.ui.translating import translate

MOST_KEYS = 9
MOST_ROWS = 10
"""Reasons that are in view without scrolling."""


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


def question(what: Occasion, reasons: tuple[str, ...]) -> Question:
    """The question for an occasion, with the reasons of the list."""
    if what is Occasion.LEAVE:
        return Question(
            translate("Reason", "Reject the candidate"),
            translate("Reason", "The candidate stays on record with the reason, and the run goes on without it."),
            reasons,
        )
    if what is Occasion.REJECT:
        return Question(
            translate("Reason", "Reject"),
            translate("Reason", "Reject this trajectory. It stays on record with the reason."),
            reasons,
        )
    if what is Occasion.OVERRIDE:
        return Question(
            translate("Reason", "Override"),
            translate("Reason", "Accept it although the rule refuses it or it is not verified. The record says so."),
            reasons,
        )
    return Question(
        translate("Reason", "Flag"),
        translate("Reason", "Mark this trajectory for somebody else to look at."),
        reasons,
        needed=False,
    )


class _Reasons(QListWidget):
    """The common reasons: none is chosen before a person does so.

    Signals:
        typed: Text that is meant for the line of one's own words.
    """

    typed = Signal(str)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Qt: letters are own words; the first arrow key chooses the first reason."""
        held = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        if event.text().strip() and event.text().isprintable() and not held:
            self.typed.emit(event.text())
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not self.selectedItems():
            self.setCurrentRow(0)
        else:
            super().keyPressEvent(event)


class ReasonDialog(QDialog):
    """Common reasons on the number keys, and a line for one's own words.

    Signals:
        keep_requested: Own words that are to stand in the list from now on.
    """

    keep_requested = Signal(str)

    def __init__(self, asked: Question, chosen: Callable[[str], None], parent: QWidget | None = None) -> None:
        """Make the dialog; `chosen` receives the reason when it is given."""
        super().__init__(parent)
        self._chosen = chosen
        self._needed = asked.needed
        self._listed = asked.reasons
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
        self.keep = QCheckBox(self.tr("&Keep this reason in the list"))
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setText(asked.title)
        self._buttons.accepted.connect(self._give)
        self._buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (text, self.reasons, self.words, self.keep, self._buttons):
            layout.addWidget(widget)
        self.setMinimumWidth(460)
        (self.reasons if asked.reasons else self.words).setFocus()
        self._allow()

    def _list_of(self, reasons: Sequence[str]) -> QListWidget:
        shown = _Reasons()
        shown.typed.connect(self._type)
        shown.setAccessibleName(self.tr("Common reasons"))
        for number, reason in enumerate(reasons, 1):
            item = QListWidgetItem(f"{number}   {reason}" if number <= MOST_KEYS else reason)
            item.setData(Qt.ItemDataRole.UserRole, reason)
            item.setToolTip(reason.replace("<", "‹"))
            shown.addItem(item)
            if number > MOST_KEYS:
                continue
            # on the list alone: in the line below a number is typed
            QShortcut(
                QKeySequence(str(number)), shown, partial(self._finish, reason), Qt.ShortcutContext.WidgetShortcut
            )
        shown.itemActivated.connect(self._take)
        shown.itemSelectionChanged.connect(self._allow)
        shown.setWordWrap(True)
        shown.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        shown.setSizeAdjustPolicy(QListWidget.SizeAdjustPolicy.AdjustToContents)
        if reasons:
            shown.setMinimumHeight(shown.sizeHintForRow(0) * (min(len(reasons), MOST_ROWS) + 1))
        shown.setVisible(bool(reasons))
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
        words = self.words.text().strip()
        self.keep.setEnabled(bool(words) and words not in self._listed)
        ready = bool(self._reason()) or not self._needed
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(ready)

    def _type(self, text: str) -> None:
        self.words.setFocus(Qt.FocusReason.OtherFocusReason)
        self.words.insert(text)

    def _take(self, item: QListWidgetItem) -> None:
        if item.isSelected():  # Return names the current one as well, which nobody has chosen at first
            self._finish(str(item.data(Qt.ItemDataRole.UserRole)))

    def _give(self) -> None:
        if self._reason() or not self._needed:
            self._finish(self._reason())

    def _finish(self, reason: str) -> None:
        if self.keep.isEnabled() and self.keep.isChecked() and reason == self.words.text().strip():
            self.keep_requested.emit(reason)
        self.accept()
        self._chosen(reason)
