"""The window in which the model and its prompts are set up."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QMessageBox, QTabWidget, QVBoxLayout, QWidget

from hitl_app.ui.windows.connection import ConnectionPage
from hitl_app.ui.windows.prompts import PromptsPage


class ModelDialog(QDialog):
    """The connection on one page, the prompts on another. Closing asks where something was not saved."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Model settings"))
        self.connection, self.prompts = ConnectionPage(), PromptsPage()
        self.pages = QTabWidget()
        self.pages.addTab(self.connection, self.tr("&Connection"))
        self.pages.addTab(self.prompts, self.tr("Pr&ompts"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setAutoDefault(False)
        close.setDefault(False)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.pages, 1)
        layout.addWidget(buttons)
        self.resize(720, 700)

    def show_connection(self) -> None:
        """Turn to the connection."""
        self.pages.setCurrentWidget(self.connection)
        self.connection.form.base_url.setFocus()

    def show_prompts(self) -> None:
        """Turn to the prompts."""
        self.pages.setCurrentWidget(self.prompts)
        self.prompts.list.setFocus()

    def reject(self) -> None:
        """Qt: close, but not over the head of what was typed and not saved."""
        unsaved = [*self.prompts.unsaved]
        if self.connection.unsaved:
            unsaved.insert(0, self.tr("the connection"))
        if not unsaved:
            super().reject()
            return
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(self.tr("Not saved"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(self.tr("Not saved: {0}. Close all the same, and lose it?").format(", ".join(unsaved)))
        drop = box.addButton(self.tr("&Lose it"), QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton(self.tr("&Go on editing"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        drop.clicked.connect(self._lose)
        box.open()

    def _lose(self) -> None:
        super().reject()
