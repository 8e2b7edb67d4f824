"""The sheet of keys: every action with its key, by menu."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHeaderView, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from hitl_app.ui.action_spec import CONTEXT, MENUS, ActionSpec


class KeysDialog(QDialog):
    """Read-only list of the keys."""

    def __init__(self, actions: Sequence[ActionSpec], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keys"))
        tree = QTreeWidget()
        tree.setAccessibleName(self.tr("Keys by menu"))
        tree.setHeaderLabels([self.tr("What it does"), self.tr("Key")])
        tree.header().setStretchLastSection(False)
        tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        tree.setRootIsDecorated(False)
        for menu in MENUS:
            group = QTreeWidgetItem([QCoreApplication.translate(CONTEXT, menu).replace("&", "")])
            font = group.font(0)
            font.setBold(True)
            group.setFont(0, font)
            group.addChildren([QTreeWidgetItem([s.words, s.keys]) for s in actions if s.menu == menu and s.shortcut])
            tree.addTopLevelItem(group)
        tree.expandAll()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(tree)
        layout.addWidget(buttons)
        self.resize(520, 680)
