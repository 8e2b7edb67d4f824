"""Actions of the menu Edit: what changes the draft."""

from hitl_app.ui.action_spec import EDIT, ActionSpec, editing, linkable, opened, step
from hitl_app.ui.translating import QT_TRANSLATE_NOOP

EDIT_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("undo", EDIT, QT_TRANSLATE_NOOP("Actions", "&Undo decision"), "U", lambda w: w.session.undo(), opened),
    ActionSpec(
        "edit_step",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "&Edit step"),
        "E",
        lambda w: w.selected.edit(),
        step,
        separated=True,
    ),
    ActionSpec(
        "arguments_view",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "Edit as &form or JSON"),
        "Ctrl+J",
        lambda w: w.editor_desk.change_view(),
        editing,
    ),
    ActionSpec(
        "delete_step",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "&Delete step"),
        "Delete",
        lambda w: w.selected.delete(),
        step,
    ),
    ActionSpec(
        "insert_step",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "&Insert call before"),
        "I",
        lambda w: w.selected.insert_before(),
        opened,
    ),
    ActionSpec(
        "insert_message",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "Insert &message before"),
        "Shift+I",
        lambda w: w.selected.insert_before(message=True),
        opened,
    ),
    ActionSpec(
        "move_up",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "Move step u&p"),
        "Ctrl+Shift+Up",
        lambda w: w.selected.move(-1),
        step,
    ),
    ActionSpec(
        "move_down",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "Move step do&wn"),
        "Ctrl+Shift+Down",
        lambda w: w.selected.move(1),
        step,
    ),
    ActionSpec(
        "link_step",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "Lin&k to a plan step…"),
        "T",
        lambda w: w.selected.ask_for_link(),
        linkable,
        separated=True,
    ),
    ActionSpec(
        "unlink_step",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "Link to &no plan step"),
        "Shift+T",
        lambda w: w.selected.unlink(),
        linkable,
    ),
)
