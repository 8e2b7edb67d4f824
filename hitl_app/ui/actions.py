"""Every action of the window, declared once: for the menu bar, its shortcut and the palette."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenuBar

from hitl_app.ui.action_spec import (
    CONTEXT,
    EDIT,
    FILE,
    HELP,
    MENUS,
    QT_TRANSLATE_NOOP,
    REVIEW,
    RUN,
    VIEW,
    ActionSpec,
    always,
    asked,
    gradients,
    guiding,
    hunks,
    idle_model,
    idle_search,
    opened,
    step,
    verifying,
)
from hitl_app.ui.state import DeskState

if TYPE_CHECKING:
    from hitl_app.ui.main_window import MainWindow


ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "import_files", FILE, QT_TRANSLATE_NOOP("Actions", "&Import files…"), "Ctrl+O", lambda w: w.files.choose_files()
    ),
    ActionSpec(
        "import_folder",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "Import f&older…"),
        "Ctrl+Shift+O",
        lambda w: w.files.choose_folder(),
    ),
    ActionSpec("add_samples", FILE, QT_TRANSLATE_NOOP("Actions", "Add &samples"), "", lambda w: w.files.add_samples()),
    ActionSpec(
        "export",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "&Export…"),
        "Ctrl+E",
        lambda w: w.files.choose_export(),
        always,
        separated=True,
    ),
    ActionSpec(
        "model_settings",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "&Model settings…"),
        "Ctrl+,",
        lambda w: w.modelling.show_settings(),
        always,
        separated=True,
    ),
    ActionSpec("prompts", FILE, QT_TRANSLATE_NOOP("Actions", "&Prompts…"), "", lambda w: w.modelling.show_prompts()),
    ActionSpec(
        "quit", FILE, QT_TRANSLATE_NOOP("Actions", "&Quit"), "Ctrl+Q", lambda w: w.close(), always, separated=True
    ),
    ActionSpec("undo", EDIT, QT_TRANSLATE_NOOP("Actions", "&Undo decision"), "U", lambda w: w.session.undo(), opened),
    ActionSpec(
        "edit_step",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "&Edit step"),
        "E",
        lambda w: w.edit_selected(),
        step,
        separated=True,
    ),
    ActionSpec(
        "delete_step",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "&Delete step"),
        "Delete",
        lambda w: w.delete_selected(),
        step,
    ),
    ActionSpec(
        "insert_step",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "&Insert call before"),
        "I",
        lambda w: w.insert_before_selected(),
        opened,
    ),
    ActionSpec(
        "insert_message",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "Insert &message before"),
        "Shift+I",
        lambda w: w.insert_before_selected(message=True),
        opened,
    ),
    ActionSpec(
        "move_up",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "Move step u&p"),
        "Ctrl+Shift+Up",
        lambda w: w.move_selected(-1),
        step,
    ),
    ActionSpec(
        "move_down",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "Move step do&wn"),
        "Ctrl+Shift+Down",
        lambda w: w.move_selected(1),
        step,
    ),
    ActionSpec(
        "approve",
        REVIEW,
        QT_TRANSLATE_NOOP("Actions", "&Accept hunk, approve and next"),
        "A",
        lambda w: w.session.accept_or_approve(),
        opened,
    ),
    ActionSpec(
        "approve_all",
        REVIEW,
        QT_TRANSLATE_NOOP("Actions", "Accept a&ll hunks and approve"),
        "Ctrl+Return",
        lambda w: w.session.approve_all(),
        hunks,
    ),
    ActionSpec(
        "reject",
        REVIEW,
        QT_TRANSLATE_NOOP("Actions", "&Reject hunk or trajectory"),
        "R",
        lambda w: w.session.reject_hunk_or_all(),
        opened,
    ),
    ActionSpec(
        "reject_trajectory",
        REVIEW,
        QT_TRANSLATE_NOOP("Actions", "Reject &trajectory…"),
        "Shift+R",
        lambda w: w.session.ask_to_reject(),
        opened,
    ),
    ActionSpec(
        "lateral",
        REVIEW,
        QT_TRANSLATE_NOOP("Actions", "Accept an e&qual loss (lateral move)"),
        "L",
        lambda w: w.session.accept_lateral(),
        hunks,
    ),
    ActionSpec(
        "override",
        REVIEW,
        QT_TRANSLATE_NOOP("Actions", "&Override the rule…"),
        "O",
        lambda w: w.session.ask_to_override(),
        opened,
    ),
    ActionSpec(
        "skip", REVIEW, QT_TRANSLATE_NOOP("Actions", "&Skip"), "S", lambda w: w.session.skip(), opened, separated=True
    ),
    ActionSpec("flag", REVIEW, QT_TRANSLATE_NOOP("Actions", "&Flag…"), "F", lambda w: w.session.ask_to_flag(), opened),
    ActionSpec(
        "confirm_gradient",
        REVIEW,
        QT_TRANSLATE_NOOP("Actions", "&Confirm gradient"),
        "C",
        lambda w: w.confirm_selected_gradient(),
        gradients,
        separated=True,
    ),
    ActionSpec(
        "move_blame",
        REVIEW,
        QT_TRANSLATE_NOOP("Actions", "&Move blame to step"),
        "M",
        lambda w: w.blame_selected(),
        step,
    ),
    ActionSpec(
        "dismiss_gradient",
        REVIEW,
        QT_TRANSLATE_NOOP("Actions", "&Dismiss gradient"),
        "X",
        lambda w: w.dismiss_selected_gradient(),
        gradients,
    ),
    ActionSpec(
        "add_gradient",
        REVIEW,
        QT_TRANSLATE_NOOP("Actions", "Add &gradient…"),
        "G",
        lambda w: w.ask_for_gradient(),
        opened,
    ),
    ActionSpec("inspect", RUN, QT_TRANSLATE_NOOP("Actions", "&Inspect"), "F5", lambda w: w.session.inspect(), opened),
    ActionSpec(
        "inspect_all",
        RUN,
        QT_TRANSLATE_NOOP("Actions", "Inspect &all in the queue"),
        "Shift+F5",
        lambda w: w.sweep.start(),
    ),
    ActionSpec(
        "propose",
        RUN,
        QT_TRANSLATE_NOOP("Actions", "&Propose a repair (offline)"),
        "P",
        lambda w: w.session.propose(),
        idle_search,
    ),
    ActionSpec(
        "propose_with_model",
        RUN,
        QT_TRANSLATE_NOOP("Actions", "Propose with the &model"),
        "Shift+P",
        lambda w: w.session.propose_with_model(),
        idle_model,
    ),
    ActionSpec(
        "continue_from",
        RUN,
        QT_TRANSLATE_NOOP("Actions", "Continue from &here…"),
        "Shift+C",
        lambda w: w.modelling.ask_to_continue(),
        step,
    ),
    ActionSpec(
        "sent",
        RUN,
        QT_TRANSLATE_NOOP("Actions", "&What was sent…"),
        "W",
        lambda w: w.modelling.show_sent(),
        opened,
    ),
    ActionSpec("verify", RUN, QT_TRANSLATE_NOOP("Actions", "&Verify"), "V", lambda w: w.session.verify(), opened),
    ActionSpec(
        "runs", RUN, QT_TRANSLATE_NOOP("Actions", "&Runs…"), "Ctrl+R", lambda w: w.run_desk.show(), separated=True
    ),
    ActionSpec("stop_run", RUN, QT_TRANSLATE_NOOP("Actions", "Stop the r&un"), "Ctrl+.", lambda w: w.run_desk.stop()),
    ActionSpec(
        "go_to_question",
        RUN,
        QT_TRANSLATE_NOOP("Actions", "&Go to the question of the run"),
        "Ctrl+G",
        lambda w: w.session.go_to_question(),
        asked,
    ),
    ActionSpec(
        "lock_steps",
        RUN,
        QT_TRANSLATE_NOOP("Actions", "&Lock the steps before this one"),
        "Shift+L",
        lambda w: w.run_desk.lock_before_selected(),
        guiding,
    ),
    ActionSpec(
        "missed",
        RUN,
        QT_TRANSLATE_NOOP("Actions", "Add a missed &constraint…"),
        "Shift+G",
        lambda w: w.run_desk.ask_for_missed(),
        verifying,
    ),
    ActionSpec("stop", RUN, QT_TRANSLATE_NOOP("Actions", "S&top"), "Esc", lambda w: w.stop()),
    ActionSpec("next", VIEW, QT_TRANSLATE_NOOP("Actions", "&Next trajectory"), "J", lambda w: w.session.next()),
    ActionSpec(
        "previous", VIEW, QT_TRANSLATE_NOOP("Actions", "&Previous trajectory"), "K", lambda w: w.session.previous()
    ),
    ActionSpec(
        "next_pane",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Next pan&e"),
        "F6",
        lambda w: w.focus_next_pane(),
        always,
        separated=True,
    ),
    ActionSpec(
        "fold_step",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "&Fold step out or in"),
        "D",
        lambda w: w.fold_step(),
        step,
    ),
    ActionSpec("find", VIEW, QT_TRANSLATE_NOOP("Actions", "&Query"), "/", lambda w: w.queue.focus_query()),
    ActionSpec(
        "palette", VIEW, QT_TRANSLATE_NOOP("Actions", "Command pa&lette…"), "Ctrl+K", lambda w: w.show_palette()
    ),
    ActionSpec(
        "theme_system",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Theme of the s&ystem"),
        "",
        lambda w: w.look.choose("system"),
        always,
        separated=True,
    ),
    ActionSpec(
        "theme_light", VIEW, QT_TRANSLATE_NOOP("Actions", "Theme: li&ght"), "", lambda w: w.look.choose("light")
    ),
    ActionSpec("theme_dark", VIEW, QT_TRANSLATE_NOOP("Actions", "Theme: dar&k"), "", lambda w: w.look.choose("dark")),
    ActionSpec(
        "theme_contrast",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Theme: high &contrast"),
        "",
        lambda w: w.look.choose("high_contrast"),
    ),
    ActionSpec(
        "zoom_in",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Zoom &in"),
        "Ctrl++",
        lambda w: w.look.zoom_by(1),
        always,
        separated=True,
    ),
    ActionSpec("zoom_out", VIEW, QT_TRANSLATE_NOOP("Actions", "Zoom &out"), "Ctrl+-", lambda w: w.look.zoom_by(-1)),
    ActionSpec(
        "zoom_reset", VIEW, QT_TRANSLATE_NOOP("Actions", "Zoom &reset"), "Ctrl+0", lambda w: w.look.zoom_reset()
    ),
    ActionSpec("keys", HELP, QT_TRANSLATE_NOOP("Actions", "&Keys"), "?", lambda w: w.show_keys()),
    ActionSpec("about", HELP, QT_TRANSLATE_NOOP("Actions", "&About"), "", lambda w: w.show_about()),
)


def build_actions(window: MainWindow, menu_bar: QMenuBar) -> dict[str, QAction]:
    """Make the actions of a window and its menus; returns them by id."""
    menus = {}
    for name in MENUS:
        menus[name] = menu_bar.addMenu(QCoreApplication.translate(CONTEXT, name))
    actions: dict[str, QAction] = {}
    for spec in ACTIONS:
        action = _action(spec, window)
        if spec.separated:
            menus[spec.menu].addSeparator()
        menus[spec.menu].addAction(action)
        window.addAction(action)
        actions[spec.id] = action
    return actions


def _action(spec: ActionSpec, window: MainWindow) -> QAction:
    action = QAction(QCoreApplication.translate(CONTEXT, spec.text), window)
    action.setObjectName(spec.id)
    action.setMenuRole(QAction.MenuRole.QuitRole if spec.id == "quit" else QAction.MenuRole.NoRole)
    if spec.shortcut:
        action.setShortcut(QKeySequence(spec.shortcut))
    action.setAutoRepeat(spec.menu == VIEW)  # a key held down must not decide on one trajectory after another
    action.triggered.connect(lambda: spec.run(window))
    return action


def enable_actions(actions: dict[str, QAction], state: DeskState) -> None:
    """Enable what can be used in a state."""
    for spec in ACTIONS:
        actions[spec.id].setEnabled(spec.enabled(state))
