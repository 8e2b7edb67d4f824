"""Actions of the menu Help: what explains."""

from hitl_app.ui.action_spec import HELP, ActionSpec
from hitl_app.ui.translating import QT_TRANSLATE_NOOP

HELP_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("keys", HELP, QT_TRANSLATE_NOOP("Actions", "&Keys"), "?", lambda w: w.show_keys()),
    ActionSpec("tour", HELP, QT_TRANSLATE_NOOP("Actions", "&Tour"), "", lambda w: w.tour.begin()),
    ActionSpec("about", HELP, QT_TRANSLATE_NOOP("Actions", "&About"), "", lambda w: w.show_about()),
)
