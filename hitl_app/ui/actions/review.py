"""Actions of the menu Review: what decides."""

from hitl_app.ui.action_spec import REVIEW, ActionSpec, gradients, hunks, judging, opened, rubric_item, step
from hitl_app.ui.several import SeveralAction
from hitl_app.ui.translating import QT_TRANSLATE_NOOP

_RUBRIC = (
    QT_TRANSLATE_NOOP("Actions", "Rubric item &1"),
    QT_TRANSLATE_NOOP("Actions", "Rubric item &2"),
    QT_TRANSLATE_NOOP("Actions", "Rubric item &3"),
    QT_TRANSLATE_NOOP("Actions", "Rubric item &4"),
    QT_TRANSLATE_NOOP("Actions", "Rubric item &5"),
    QT_TRANSLATE_NOOP("Actions", "Rubric item &6"),
    QT_TRANSLATE_NOOP("Actions", "Rubric item &7"),
    QT_TRANSLATE_NOOP("Actions", "Rubric item &8"),
    QT_TRANSLATE_NOOP("Actions", "Rubric item &9"),
)


def _answer(number: int, text: str) -> ActionSpec:
    """Answers an item of the rubric, the first on key 1."""
    return ActionSpec(
        f"rubric_{number + 1}",
        REVIEW,
        text,
        str(number + 1),
        lambda w: w.review_desk.rubric.press(number),
        rubric_item(number),
        separated=number == 0,
    )


SEVERAL = QT_TRANSLATE_NOOP("Actions", "Se&veral")
_SEVERAL = (
    (SeveralAction.APPROVE, QT_TRANSLATE_NOOP("Actions", "&Approve several as they are…")),
    (SeveralAction.REJECT, QT_TRANSLATE_NOOP("Actions", "&Reject several…")),
    (SeveralAction.SKIP, QT_TRANSLATE_NOOP("Actions", "&Skip several…")),
    (SeveralAction.FLAG, QT_TRANSLATE_NOOP("Actions", "&Flag several…")),
    (SeveralAction.REOPEN, QT_TRANSLATE_NOOP("Actions", "Re&open several…")),
    (SeveralAction.ASSIGN, QT_TRANSLATE_NOOP("Actions", "Assi&gn several…")),
)


def _several(action: SeveralAction, text: str) -> ActionSpec:
    return ActionSpec(f"several_{action}", REVIEW, text, "", lambda w: w.several.ask(action), opened, submenu=SEVERAL)


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
        "restore",
        REVIEW,
        QT_TRANSLATE_NOOP("Actions", "R&estore this revision…"),
        "Ctrl+Shift+R",
        lambda w: w.revisions.restore(w.history.selected),
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
        "nothing_wrong",
        REVIEW,
        QT_TRANSLATE_NOOP("Actions", "&Nothing is wrong (before a proposal)"),
        "N",
        lambda w: w.session.judge_nothing_wrong(),
        judging,
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
    ActionSpec(
        "classify",
        REVIEW,
        QT_TRANSLATE_NOOP("Actions", "Fa&ilure class…"),
        "Shift+F",
        lambda w: w.methods.expanding.classify(),
        opened,
    ),
    *(_several(action, text) for action, text in _SEVERAL),
    *(_answer(number, text) for number, text in enumerate(_RUBRIC)),
)
