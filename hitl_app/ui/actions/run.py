"""Actions of the menu Run: what executes, searches and asks a model."""

from hitl_app.ui.action_spec import (
    RUN,
    ActionSpec,
    asked,
    calls,
    guiding,
    idle_model,
    idle_search,
    opened,
    step,
    verifying,
)
from hitl_app.ui.translating import QT_TRANSLATE_NOOP

RUN_ACTIONS: tuple[ActionSpec, ...] = (
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
        calls,
    ),
    ActionSpec(
        "expand",
        RUN,
        QT_TRANSLATE_NOOP("Actions", "&New tasks with plans…"),
        "Ctrl+N",
        lambda w: w.methods.expanding.ask(),
    ),
    ActionSpec("verify", RUN, QT_TRANSLATE_NOOP("Actions", "&Verify"), "V", lambda w: w.session.verify(), opened),
    ActionSpec(
        "runs", RUN, QT_TRANSLATE_NOOP("Actions", "&Runs…"), "Ctrl+R", lambda w: w.run_desk.show(), separated=True
    ),
    ActionSpec(
        "plan_trees", RUN, QT_TRANSLATE_NOOP("Actions", "Plan tr&ees…"), "Ctrl+T", lambda w: w.plan_trees.show()
    ),
    ActionSpec(
        "cascades",
        RUN,
        QT_TRANSLATE_NOOP("Actions", "Ca&scades of two models…"),
        "Ctrl+Shift+C",
        lambda w: w.methods.cascades.show(),
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
)
