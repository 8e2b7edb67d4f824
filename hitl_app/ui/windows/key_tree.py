"""Actions by menu with their keys, found by a few letters: of the sheet of keys, and of the settings."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHeaderView, QLineEdit, QTreeWidget, QTreeWidgetItem, QWidget

from hitl_app.ui.action_spec import CONTEXT, MENUS, ActionSpec
from hitl_app.ui.keymap import keymap_notifier
from hitl_app.ui.translating import translate, without_mnemonic

_ID = Qt.ItemDataRole.UserRole
_WALKS = frozenset(
    {
        *(Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown),
        *(Qt.Key.Key_Return, Qt.Key.Key_Enter),
    }
)
_Note = Callable[[ActionSpec], str]


class KeyTree(QTreeWidget):
    """A group for each menu. It follows the keys."""

    def __init__(
        self, actions: Sequence[ActionSpec], note: _Note = lambda _: "", parent: QWidget | None = None
    ) -> None:
        """Show actions.

        Args:
            actions: In the order of the menus.
            note: What else there is to say of an action; stands behind its key.
            parent: Qt's.
        """
        super().__init__(parent)
        self._note = note
        self._items: list[tuple[QTreeWidgetItem, ActionSpec]] = []
        self.setHeaderLabels([self.tr("What it does"), self.tr("Key")])
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.setRootIsDecorated(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        for menu in MENUS:
            shown = [spec for spec in actions if spec.menu == menu]
            if shown:
                self._add_group(without_mnemonic(translate(CONTEXT, menu)), shown)
        self.expandAll()
        keymap_notifier.keymap_changed.connect(self.show_keys)
        self.show_keys()

    def _add_group(self, name: str, actions: Sequence[ActionSpec]) -> None:
        group = QTreeWidgetItem([name])
        group.setFlags(Qt.ItemFlag.ItemIsEnabled)
        font = group.font(0)
        font.setBold(True)
        group.setFont(0, font)
        self.addTopLevelItem(group)
        for spec in actions:
            item = QTreeWidgetItem([spec.words])
            item.setData(0, _ID, spec.id)
            item.setToolTip(0, spec.words)
            group.addChild(item)
            self._items.append((item, spec))

    def show_keys(self) -> None:
        """Show the keys that hold now."""
        for item, spec in self._items:
            note = self._note(spec)
            keys = spec.keys
            item.setText(1, f"{keys} {note}".strip())
            item.setData(1, Qt.ItemDataRole.AccessibleTextRole, f"{keys} {note}".strip() or self.tr("no key"))

    @property
    def selected(self) -> str:
        """Id of the selected action; empty for none."""
        item = self.currentItem()
        return str(item.data(0, _ID) or "") if item is not None else ""

    def select(self, action: str) -> None:
        """Select an action and bring it into view."""
        for item, spec in self._items:
            if spec.id == action:
                self.setCurrentItem(item)
                self.scrollToItem(item)

    def find_with(self, line: QLineEdit) -> None:
        """Let a line filter; arrows and Return that are pressed in it belong to the list."""
        line.setClearButtonEnabled(True)
        line.setPlaceholderText(self.tr("Find an action or a key"))
        line.setAccessibleName(self.tr("Find an action or a key"))
        line.textChanged.connect(self.filter)
        line.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: what is pressed in the line that filters."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _WALKS:
            QApplication.sendEvent(self, event)
            return True
        return super().eventFilter(watched, event)

    def filter(self, letters: str) -> None:
        """Show only what has these letters in its words or in its key."""
        wanted = letters.strip().casefold()
        for item, spec in self._items:
            item.setHidden(wanted not in spec.words.casefold() and wanted not in spec.keys.casefold())
        for number in range(self.topLevelItemCount()):
            group = self.topLevelItem(number)
            if group is not None:
                group.setHidden(all(item.isHidden() for item, _ in self._items if item.parent() is group))
        shown = [item for item, _ in self._items if not item.isHidden()]
        current = self.currentItem()
        if shown and (current is None or current not in shown):
            self.setCurrentItem(shown[0])
