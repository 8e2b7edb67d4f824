"""The palette: every action by a few letters of its name."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QDialog, QHeaderView, QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from hitl_app.ui.action_spec import ActionSpec


def fuzzy_score(letters: str, text: str) -> int | None:
    """How badly `letters` fit, in their order, into `text`: 0 is best, None where they do not."""
    wanted, there = letters.casefold().replace(" ", ""), text.casefold()
    at, score = -1, 0
    for letter in wanted:
        found = there.find(letter, at + 1)
        if found < 0:
            return None
        starts_word = found == 0 or not there[found - 1].isalnum()
        score += 0 if found == at + 1 or starts_word else found - at
        at = found
    return score


class Palette(QDialog):
    """A line to type in and the actions that fit, best first; Return runs the selected one."""

    def __init__(
        self, choices: Sequence[tuple[ActionSpec, QAction]], run: Callable[[QAction], None], parent: QWidget
    ) -> None:
        """Make the palette; `run` receives the action that was chosen, after the palette has closed."""
        super().__init__(parent)
        self._choices = choices
        self._run = run
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Commands"))
        self.line = QLineEdit()
        self.line.setPlaceholderText(self.tr("Type a few letters of a command"))
        self.line.setAccessibleName(self.tr("Command"))
        self.line.textChanged.connect(self._filter)
        self.line.installEventFilter(self)
        self.list = QTreeWidget()
        self.list.setAccessibleName(self.tr("Commands that fit"))
        self.list.setColumnCount(2)
        self.list.setHeaderHidden(True)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.header().setStretchLastSection(False)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.list.itemActivated.connect(self._take)
        self.list.itemClicked.connect(self._take)
        layout = QVBoxLayout(self)
        layout.addWidget(self.line)
        layout.addWidget(self.list)
        self.resize(560, 420)
        self._filter("")

    def _filter(self, letters: str) -> None:
        scored = []
        for number, (spec, action) in enumerate(self._choices):
            score = fuzzy_score(letters, spec.words)
            if score is not None:
                scored.append((not action.isEnabled(), score, number))
        self.list.clear()
        for _, _, number in sorted(scored):
            spec, action = self._choices[number]
            item = QTreeWidgetItem([spec.words, spec.keys])
            item.setData(0, Qt.ItemDataRole.UserRole, number)
            item.setDisabled(not action.isEnabled())
            self.list.addTopLevelItem(item)
        self._select(0)

    def _select(self, number: int) -> None:
        item = self.list.topLevelItem(number)
        if item is not None:
            self.list.setCurrentItem(item)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move in the list and Return runs, while the line keeps the focus."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step:
                self._select(self.list.currentIndex().row() + step)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                item = self.list.currentItem()
                if item is not None:
                    self._take(item)
                return True
        return super().eventFilter(watched, event)

    def _take(self, item: QTreeWidgetItem) -> None:
        _, action = self._choices[int(item.data(0, Qt.ItemDataRole.UserRole))]
        if action.isEnabled():
            self.accept()
            self._run(action)
