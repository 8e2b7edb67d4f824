"""Which key each action has, and how another one is chosen."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QMessageBox, QPushButton, QTreeWidgetItem, QWidget

from hitl_app.domain.errors import UserError
from hitl_app.domain.keys import Reserved, canonical
from hitl_app.ui.action_spec import ActionSpec
from hitl_app.ui.actions import ACTIONS
from hitl_app.ui.keymap import KeyReservedError, KeyTakenError, current_keymap, native
from hitl_app.ui.panes.flow import Flow
from hitl_app.ui.panes.parts import column, label, paragraph
from hitl_app.ui.theme import mark
from hitl_app.ui.windows.key_line import KeyLine
from hitl_app.ui.windows.key_tree import KeyTree

_SPECS = {spec.id: spec for spec in ACTIONS}
ROWS = 12
"""Of actions that are in view at least."""


class KeysPage(QWidget):
    """Select an action, then press its new key in the line below. A key that another action has is not taken unseen.

    Signals:
        keymap_chosen: The `Keymap` that is to hold.
    """

    keymap_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wanted = ""
        self.finding = QLineEdit()
        self.tree = KeyTree(ACTIONS, self._note)
        self.tree.setAccessibleName(self.tr("Actions with their keys"))
        self.tree.setMinimumHeight(ROWS * self.fontMetrics().lineSpacing())
        self.line = KeyLine()
        self.line.setPlaceholderText(self.tr("Press the new key here"))
        self.line.setAccessibleName(self.tr("New key"))
        self.told = paragraph()
        self.take_over = QPushButton(self.tr("&Take it over"))
        self.none, self.reset = QPushButton(self.tr("&No key")), QPushButton(self.tr("&Reset"))
        self.reset_all = QPushButton(self.tr("Reset &all…"))
        self._lay_out()
        self._connect()
        self._show_selected()

    def _lay_out(self) -> None:
        for button in (self.take_over, self.none, self.reset, self.reset_all):
            button.setAutoDefault(False)
        layout = column(self)
        layout.addWidget(label(self.tr("Keys"), role="title", wrap=True))
        layout.addWidget(self.finding)
        layout.addWidget(self.tree, 1)
        layout.addWidget(self.line)
        layout.addWidget(self.told)
        layout.addWidget(Flow(self.take_over, self.none, self.reset, self.reset_all))

    def _connect(self) -> None:
        self.tree.find_with(self.finding)
        self.tree.currentItemChanged.connect(self._selection_changed)
        self.tree.itemActivated.connect(lambda: self.line.setFocus(Qt.FocusReason.OtherFocusReason))
        self.line.pressed.connect(self._press)
        self.line.given_up.connect(lambda: self.tree.setFocus(Qt.FocusReason.OtherFocusReason))
        self.take_over.clicked.connect(lambda: self._choose(self._wanted, take_over=True))
        self.none.clicked.connect(lambda: self._choose(""))
        self.reset.clicked.connect(lambda: self._choose(current_keymap().shipped(self.tree.selected)))
        self.reset_all.clicked.connect(self._ask_to_reset)

    def _selection_changed(self, _: QTreeWidgetItem | None) -> None:
        self._show_selected()

    def _note(self, spec: ActionSpec) -> str:
        keymap = current_keymap()
        if keymap.is_fixed(spec.id):
            return self.tr("(fixed)")
        return self.tr("(yours)") if spec.id in keymap.chosen else ""

    def _show_selected(self) -> None:
        """Say of the selected action what can be done."""
        action, keymap = self.tree.selected, current_keymap()
        fixed = bool(action) and keymap.is_fixed(action)
        free = bool(action) and not fixed
        self._wanted = ""
        self.line.setText(native(keymap.key(action)) if action else "")
        for widget in (self.line, self.none):
            widget.setEnabled(free)
        self.reset.setEnabled(free and keymap.key(action) != keymap.shipped(action))
        self.reset_all.setEnabled(bool(keymap.chosen))
        self.take_over.hide()
        if fixed:
            self._tell(self.tr("This key cannot be changed: it is needed at its place, also in panes and dialogs."))
        elif action:
            self._tell(
                self.tr("Select the line above and press another key. Its name on the command line is {0}.").format(
                    action
                )
            )
        else:
            self._tell(self.tr("Select an action. Return goes to the line for its key."))

    def _tell(self, words: str, tone: str = "muted") -> None:
        self.told.setText(words)
        mark(self.told, "tone", tone)

    def _press(self, pressed: str) -> None:
        try:
            key = canonical(pressed)
        except UserError:
            self._tell(self.tr("This key cannot be used: choose another one."), "danger")
            return
        self._choose(key)

    def _choose(self, key: str, *, take_over: bool = False) -> None:
        action = self.tree.selected
        if not action:
            return
        self.take_over.hide()
        try:
            keymap = current_keymap().with_key(action, key, take_over=take_over)
        except KeyReservedError as error:
            self._tell(self._reason_words(error.reason).format(native(key)), "danger")
        except KeyTakenError as error:
            self._wanted = key
            words = self.tr(
                "{0} is the key of “{1}”. Nothing was changed. You can take it over: that action then loses it."
            )
            self._tell(words.format(native(key), _SPECS[error.holder].words), "warning")
            self.take_over.show()
        else:
            self.keymap_chosen.emit(keymap)
            self._show_selected()
            now = native(current_keymap().key(action))
            words = self.tr("The key of “{0}” is {1} from now on.") if now else self.tr("“{0}” has no key from now on.")
            self._tell(words.format(_SPECS[action].words, now), "success")

    def _ask_to_reset(self) -> None:
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(self.tr("Reset all keys"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(self.tr("Give every action the key back that it was shipped with?"))
        box.setInformativeText(self.tr("Keys that you chose: {0}").format(len(current_keymap().chosen)))
        yes = box.addButton(self.tr("&Reset all"), QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        yes.clicked.connect(self._reset_all)
        box.open()

    def _reset_all(self) -> None:
        self.keymap_chosen.emit(current_keymap().choosing({}))
        self._show_selected()
        self._tell(self.tr("Every action has its own key again."), "success")

    def _reason_words(self, reason: Reserved) -> str:
        """Why no action can have a key, with `{0}` in the place of the key."""
        return {
            Reserved.MOVING: self.tr("{0} moves or presses something in the panes, or is typed: choose another key."),
            Reserved.TEXT: self.tr("{0} works on text wherever text is: choose another key."),
            Reserved.RUBRIC: self.tr("{0} answers an item of the rubric: choose another key."),
            Reserved.VIEWS: self.tr("{0} shows a saved view: choose another key."),
            Reserved.MENUS: self.tr("{0} opens a menu: choose another key."),
            Reserved.STOP: self.tr("{0} stops, closes and gives up: choose another key."),
        }[reason]
