"""Actions of the menu Review: what decides."""

from hitl_app.ui.action_spec import QT_TRANSLATE_NOOP, REVIEW, ActionSpec, gradients, hunks, opened, step

REVIEW_ACTIONS: tuple[ActionSpec, ...] = (
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
        lambda w: w.selected.confirm_gradient(),
        gradients,
        separated=True,
    ),
    ActionSpec(
        "move_blame",
        REVIEW,
        QT_TRANSLATE_NOOP("Actions", "&Move blame to step"),
        "M",
        lambda w: w.selected.blame(),
        step,
    ),
    ActionSpec(
        "dismiss_gradient",
        REVIEW,
        QT_TRANSLATE_NOOP("Actions", "&Dismiss gradient"),
        "X",
        lambda w: w.selected.dismiss_gradient(),
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
)
