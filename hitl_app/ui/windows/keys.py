"""The sheet of keys: every action that has one, by menu."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QVBoxLayout, QWidget

from hitl_app.ui.action_spec import ActionSpec
from hitl_app.ui.panes.parts import paragraph
from hitl_app.ui.windows.key_tree import KeyTree


class KeysDialog(QDialog):
    """What is typed in the line filters; arrows move in the list meanwhile.

    Signals:
        settings_requested: Other keys are to be chosen.
    """

    settings_requested = Signal()

    def __init__(self, actions: Sequence[ActionSpec], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keys"))
        self.line = QLineEdit()
        self.tree = KeyTree([spec for spec in actions if spec.keys])
        self.tree.setAccessibleName(self.tr("Keys by menu"))
        self.tree.find_with(self.line)
        words = paragraph(
            self.tr("Single letters are silent while you type. In a list, arrows move and Return chooses."),
            tone="muted",
        )
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        change = buttons.addButton(self.tr("C&hange keys…"), QDialogButtonBox.ButtonRole.ActionRole)
        change.clicked.connect(self._change)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (self.line, self.tree, words, buttons):
            layout.addWidget(widget, 1 if widget is self.tree else 0)
        self.resize(QSize(560, 720).boundedTo(self.screen().availableSize() * 0.9))

    def _change(self) -> None:
        self.settings_requested.emit()
        self.reject()
