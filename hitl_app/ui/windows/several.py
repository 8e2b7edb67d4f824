"""Shows what one decision on several trajectories would change, before it is made."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHeaderView,
    QProgressBar,
    QRadioButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from hitl_app.ui.panes.parts import paragraph
from hitl_app.ui.translating import translate, without_mnemonic

LISTED = 200
"""Trajectories that are listed; more are only counted."""

PREVIEW_AFTER_MS = 200
"""A name is typed so long before the next preview."""


@dataclass(frozen=True)
class Change:
    """What would change.

    Attributes:
        count: Trajectories that would.
        left_out: How many would not, by the reason in words.
        lines: Titles, each with why it is left out; empty where it is not. At most `LISTED`.
    """

    count: int
    left_out: Mapping[str, int]
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Texts:
    """What a dialog says of one action; `words` asks for a reason or a name where one is needed."""

    title: str
    button: str
    done: str
    words: str = ""


def _texts(action: str) -> _Texts:
    return {
        "approve": _Texts(
            translate("Several", "Approve several as they are"),
            translate("Several", "&Approve {0}"),
            translate("Several", "approved {0}"),
        ),
        "reject": _Texts(
            translate("Several", "Reject several"),
            translate("Several", "&Reject {0}"),
            translate("Several", "rejected {0}"),
            translate("Several", "Reaso&n"),
        ),
        "skip": _Texts(
            translate("Several", "Skip several"), translate("Several", "S&kip {0}"), translate("Several", "skipped {0}")
        ),
        "flag": _Texts(
            translate("Several", "Flag several"),
            translate("Several", "&Flag {0}"),
            translate("Several", "flagged {0}"),
            translate("Several", "Reaso&n"),
        ),
        "reopen": _Texts(
            translate("Several", "Reopen several"),
            translate("Several", "Re&open {0}"),
            translate("Several", "reopened {0}"),
        ),
        "assign": _Texts(
            translate("Several", "Assign several"),
            translate("Several", "&Assign {0}"),
            translate("Several", "assigned {0}"),
            translate("Several", "A&nnotator"),
        ),
    }[action]


class Words(QComboBox):
    """A line with choices: common reasons, or known names."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setAccessibleName(name)
        self.setMinimumContentsLength(24)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    @property
    def text(self) -> str:
        """What was typed or chosen."""
        return self.currentText().strip()

    def show_choices(self, choices: Iterable[str]) -> None:
        """Offer choices; what was typed stays."""
        typed = self.currentText()
        self.clear()
        self.addItems(list(choices))
        self.setEditText(typed)


class SeveralDialog(QDialog):
    """Which ones, why, and what would change; nothing is recorded before the button is pressed.

    Signals:
        preview_wanted: To be answered by `show_change`.
        confirmed: To be done, and then answered by `close_after_work`.
    """

    preview_wanted = Signal()
    confirmed = Signal()

    def __init__(self, action: str, selected: int, query: str, total: int, parent: QWidget) -> None:
        """Make the dialog.

        Args:
            action: One of the `SeveralAction`s.
            selected: How many rows are selected.
            query: What the queue shows; empty for everything.
            total: How many rows fit it.
            parent: The window.
        """
        super().__init__(parent)
        self._texts = _texts(action)
        self._count, self._works = 0, False
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self._texts.title)
        self.selected = QRadioButton(self.tr("&Selected rows: {0}").format(selected))
        shown = (
            self.tr("&Everything in the queue: {0}") if not query else self.tr("&Everything that fits the query: {0}")
        )
        self.everything = QRadioButton(shown.format(total))
        self.everything.setToolTip(query.replace("<", "‹"))  # a tooltip would take a tag for rich text
        self.selected.setEnabled(selected > 0)
        (self.selected if selected > 1 or total <= 1 else self.everything).setChecked(True)
        self.selected.toggled.connect(self.ask_for_preview)
        self.words = Words(without_mnemonic(self._texts.words))
        self.words.setVisible(bool(self._texts.words))
        self._typing = QTimer(self, interval=PREVIEW_AFTER_MS, singleShot=True)
        self._typing.timeout.connect(self.ask_for_preview)
        self.words.editTextChanged.connect(self._words_changed)
        self._asks_name = action == "assign"
        self.summary = paragraph(self.tr("Looking at what would change…"))
        self.list = self._make_list()
        self._busy = QProgressBar()
        self._busy.setRange(0, 0)
        self._busy.setAccessibleName(self.tr("Recording"))
        self._busy.hide()
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.go = self._buttons.addButton(self._texts.button.format(0), QDialogButtonBox.ButtonRole.AcceptRole)
        self._buttons.accepted.connect(self._confirm)
        self._buttons.rejected.connect(self.reject)
        self._lay_out()
        self._allow()

    def _make_list(self) -> QTreeWidget:
        made = QTreeWidget()
        made.setAccessibleName(self.tr("Trajectories, and why some are left out"))
        made.setHeaderLabels([self.tr("Trajectory"), self.tr("Left out because")])
        made.setRootIsDecorated(False)
        made.setUniformRowHeights(True)
        made.header().setStretchLastSection(False)
        made.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        made.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        return made

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.addWidget(self.selected)
        layout.addWidget(self.everything)
        if self._texts.words:
            form = QFormLayout()
            form.addRow(self._texts.words, self.words)
            layout.addLayout(form)
        for widget in (self.summary, self.list, self._busy, self._buttons):
            layout.addWidget(widget)
        self.resize(600, 460)

    # -- showing ---------------------------------------------------------------------------------------------------

    @property
    def only_selected(self) -> bool:
        """Whether it is about the selected rows alone."""
        return self.selected.isChecked()

    def ask_for_preview(self) -> None:
        """Look again at what would change."""
        self._count = 0
        self._allow()
        self.preview_wanted.emit()

    def _words_changed(self) -> None:
        if self._asks_name:
            self._count = 0
            self._typing.start()
        self._allow()

    def show_change(self, change: Change) -> None:
        """Show what would change and what would not."""
        self._count = change.count
        words = self.tr("Changes: {0}.").format(change.count)
        if change.left_out:
            reasons = ", ".join(self.tr("{0}: {1}").format(why, count) for why, count in change.left_out.items())
            words = self.tr("Changes: {0}. Stays as it is: {1} ({2}).").format(
                change.count, sum(change.left_out.values()), reasons
            )
        whole = change.count + sum(change.left_out.values())
        if whole > len(change.lines):
            words = self.tr("{0} The list shows the first {1}.").format(words, len(change.lines))
        self.summary.setText(words)
        self.list.clear()
        self.list.addTopLevelItems([QTreeWidgetItem([title, why]) for title, why in change.lines])
        self._allow()

    def _allow(self) -> None:
        self.go.setText(self._texts.button.format(self._count))
        ready = self._count > 0 and (bool(self.words.text) or not self._texts.words)
        self.go.setEnabled(ready and not self._works)

    def done_words(self, count: int) -> str:
        """What was done, in words."""
        return self._texts.done.format(count)

    # -- doing -----------------------------------------------------------------------------------------------------

    def _confirm(self) -> None:
        self._works = True
        self._busy.show()
        for widget in (self.selected, self.everything, self.words, self._buttons):
            widget.setEnabled(False)
        self.summary.setText(self.tr("Recording…"))
        self.confirmed.emit()

    def close_after_work(self) -> None:
        """Everything is recorded, or nothing could be."""
        self._works = False
        self.accept()

    def reject(self) -> None:
        """Qt: Escape and Cancel; what is being recorded is not cut short."""
        if not self._works:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Qt: likewise for the window's own button."""
        if self._works:
            event.ignore()
        else:
            super().closeEvent(event)
