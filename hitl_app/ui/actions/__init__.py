"""Every action of the window, declared once: for the menu bar, its shortcut and the palette. One file a menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenuBar

from hitl_app.ui.action_spec import CONTEXT, MENUS, VIEW, ActionSpec
from hitl_app.ui.actions.edit import EDIT_ACTIONS
from hitl_app.ui.actions.file import FILE_ACTIONS
from hitl_app.ui.actions.help import HELP_ACTIONS
from hitl_app.ui.actions.review import REVIEW_ACTIONS
from hitl_app.ui.actions.run import RUN_ACTIONS
from hitl_app.ui.actions.team import TEAM_ACTIONS
from hitl_app.ui.actions.view import VIEW_ACTIONS
from hitl_app.ui.keymap import current_keymap
from hitl_app.ui.state import DeskState
from hitl_app.ui.translating import translate

if TYPE_CHECKING:
    from hitl_app.ui.main_window import MainWindow

ACTIONS: tuple[ActionSpec, ...] = (
    *FILE_ACTIONS,
    *EDIT_ACTIONS,
    *REVIEW_ACTIONS,
    *RUN_ACTIONS,
    *TEAM_ACTIONS,
    *VIEW_ACTIONS,
    *HELP_ACTIONS,
)


def build_actions(window: MainWindow, menu_bar: QMenuBar) -> dict[str, QAction]:
    """Make the actions of a window and its menus; returns them by id."""
    menus = {}
    for name in MENUS:
        menus[name, ""] = menu_bar.addMenu(translate(CONTEXT, name))
    actions: dict[str, QAction] = {}
    for spec in ACTIONS:
        action = _action(spec, window)
        place = spec.menu, spec.submenu
        if place not in menus:
            menus[place] = menus[spec.menu, ""].addMenu(translate(CONTEXT, spec.submenu))
        if spec.separated:
            menus[place].addSeparator()
        menus[place].addAction(action)
        window.addAction(action)
        actions[spec.id] = action
    apply_keys(actions)
    return actions


def apply_keys(actions: dict[str, QAction]) -> None:
    """Give actions the keys that hold now."""
    for name, action in actions.items():
        action.setShortcut(QKeySequence(current_keymap().key(name)))


def _action(spec: ActionSpec, window: MainWindow) -> QAction:
    action = QAction(translate(CONTEXT, spec.text), window)
    action.setObjectName(spec.id)
    action.setMenuRole(QAction.MenuRole.QuitRole if spec.id == "quit" else QAction.MenuRole.NoRole)
    if spec.id == "quit":
        action.setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)  # also in the windows beside the desk
    action.setAutoRepeat(spec.menu == VIEW)  # a key held down must not decide on one trajectory after another
    action.triggered.connect(lambda: spec.run(window))
    return action


def enable_actions(actions: dict[str, QAction], state: DeskState) -> None:
    """Enable what can be used in a state."""
    for spec in ACTIONS:
        actions[spec.id].setEnabled(spec.enabled(state))
