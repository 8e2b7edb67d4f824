"""Dialogs of saved views: a name for the present one, and a list to rename and delete them."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from hitl_app.domain.views import LONGEST_NAME, SavedView
from hitl_app.ui.panes.parts import paragraph

_NAME = int(Qt.ItemDataRole.UserRole)


class SaveViewDialog(QDialog):
    """Asks for a name.

    Signals:
        named: The name that was given.
    """

    named = Signal(str)

    def __init__(self, query: str, order: str, taken: Sequence[str], parent: QWidget) -> None:
        """Make the dialog.

        Args:
            query: What is saved; empty for everything.
            order: Its order in words.
            taken: Names of the views that are saved.
            parent: The window.
        """
        super().__init__(parent)
        self._taken = {name.casefold() for name in taken}
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Save this view"))
        self.name = QLineEdit()
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setAccessibleName(self.tr("Name of the view"))
        self.name.textChanged.connect(self._allow)
        self._note = paragraph(tone="muted")
        shown = query or self.tr("everything")
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        self._buttons.accepted.connect(self._give)
        self._buttons.rejected.connect(self.reject)
        form = QFormLayout(self)
        form.addRow(
            paragraph(self.tr("It shows: {0} ({1}). Everybody at this store can pick it.").format(shown, order))
        )
        form.addRow(self.tr("&Name"), self.name)
        form.addRow(self._note)
        form.addRow(self._buttons)
        self.setMinimumWidth(420)
        self._allow()

    def _allow(self) -> None:
        name = self.name.text().strip()
        self._buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(bool(name))
        taken = name.casefold() in self._taken
        self._note.setText(self.tr("It takes the place of the view of that name.") if taken else "")

    def _give(self) -> None:
        self.accept()
        self.named.emit(self.name.text().strip())


class ViewsDialog(QDialog):
    """The saved views. They are renamed in place.

    Signals:
        rename_requested: The old name and the new one; to be answered by `show_views`.
        delete_requested: The name; likewise.
    """

    rename_requested = Signal(str, str)
    delete_requested = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Saved views"))
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Saved views"))
        self.list.itemChanged.connect(self._renamed)
        self.list.currentRowChanged.connect(self._allow)
        self._note = paragraph(self.tr("There are none yet: type a query and save it as a view."), tone="muted")
        self._problem = paragraph(tone="danger")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._rename = buttons.addButton(self.tr("&Rename"), QDialogButtonBox.ButtonRole.ActionRole)
        self._delete = buttons.addButton(self.tr("&Delete"), QDialogButtonBox.ButtonRole.ActionRole)
        self._rename.setAutoDefault(False)
        self._delete.setAutoDefault(False)
        self._rename.clicked.connect(self._edit)
        self._delete.clicked.connect(self._delete_current)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (self.list, self._note, self._problem, buttons):
            layout.addWidget(widget)
        self.resize(460, 340)

    def show_views(self, views: Sequence[SavedView]) -> None:
        """Show what is saved now."""
        row = self.list.currentRow()
        self.list.blockSignals(True)
        self.list.clear()
        for view in views:
            item = QListWidgetItem(view.name)
            item.setData(_NAME, view.name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            item.setToolTip(view.query.replace("<", "‹"))  # a tooltip would take a tag for rich text
            self.list.addItem(item)
        self.list.blockSignals(False)
        self.list.setCurrentRow(max(0, min(row, len(views) - 1)))
        self._note.setVisible(not views)
        self.show_problem("")
        self._allow()

    def show_problem(self, words: str) -> None:
        """Say why a view could not be renamed."""
        self._problem.setText(words)
        self._problem.setVisible(bool(words))

    def _allow(self) -> None:
        for button in (self._rename, self._delete):
            button.setEnabled(self.list.currentItem() is not None)

    def _edit(self) -> None:
        self.list.setFocus()
        self.list.editItem(self.list.currentItem())

    def _renamed(self, item: QListWidgetItem) -> None:
        if item.text() != item.data(_NAME):
            self.rename_requested.emit(item.data(_NAME), item.text())

    def _delete_current(self) -> None:
        self.delete_requested.emit(self.list.currentItem().data(_NAME))
