"""Actions of the menu View: what is shown, and how."""

from hitl_app.ui.action_spec import VIEW, ActionSpec, always, opened, several, step, with_candidate
from hitl_app.ui.translating import QT_TRANSLATE_NOOP

VIEW_ACTIONS: tuple[ActionSpec, ...] = (
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
        lambda w: w.selected.fold_step(),
        step,
    ),
    ActionSpec(
        "compare_candidate",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Full &difference of the candidate…"),
        "Ctrl+D",
        lambda w: w.revisions.show_candidate(),
        with_candidate,
    ),
    ActionSpec(
        "compare_revisions",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Co&mpare revisions…"),
        "Ctrl+Shift+D",
        lambda w: w.revisions.show_revisions(),
        several,
    ),
    ActionSpec(
        "pictures", VIEW, QT_TRANSLATE_NOOP("Actions", "Pic&tures…"), "Ctrl+P", lambda w: w.pictures.show(), opened
    ),
    ActionSpec(
        "plans",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Plan &history…"),
        "Ctrl+Shift+P",
        lambda w: w.methods.plans.show(),
        opened,
    ),
    ActionSpec(
        "rewards",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Rew&ards…"),
        "Ctrl+Shift+S",
        lambda w: w.methods.scores.show(),
        opened,
    ),
    ActionSpec(
        "guidelines",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "G&uidelines"),
        "F1",
        lambda w: w.review_desk.toggle_guidelines(),
    ),
    ActionSpec("find", VIEW, QT_TRANSLATE_NOOP("Actions", "&Query"), "/", lambda w: w.queue.focus_query()),
    ActionSpec("views", VIEW, QT_TRANSLATE_NOOP("Actions", "Pick a &view…"), "Ctrl+L", lambda w: w.views.pop_up()),
    ActionSpec(
        "save_view", VIEW, QT_TRANSLATE_NOOP("Actions", "&Save this view…"), "Ctrl+S", lambda w: w.views.ask_to_save()
    ),
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
)
