"""Actions of the menu Team: who looks at what, and how they agree."""

from hitl_app.ui.action_spec import TEAM, ActionSpec, always
from hitl_app.ui.team.window import TeamPage
from hitl_app.ui.translating import QT_TRANSLATE_NOOP

TEAM_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "team_assign",
        TEAM,
        QT_TRANSLATE_NOOP("Actions", "&Assign…"),
        "",
        lambda w: w.team.show(TeamPage.ASSIGN),
    ),
    ActionSpec(
        "team_merge",
        TEAM,
        QT_TRANSLATE_NOOP("Actions", "&Merge a colleague's store…"),
        "Ctrl+Shift+G",
        lambda w: w.team.show(TeamPage.MERGE),
    ),
    ActionSpec(
        "team_agreement",
        TEAM,
        QT_TRANSLATE_NOOP("Actions", "A&greement and disputes…"),
        "Ctrl+Shift+A",
        lambda w: w.team.show(TeamPage.AGREEMENT),
        always,
        separated=True,
    ),
    ActionSpec(
        "team_gold",
        TEAM,
        QT_TRANSLATE_NOOP("Actions", "Gold &items…"),
        "",
        lambda w: w.team.show(TeamPage.GOLD),
    ),
    ActionSpec(
        "team_reliance",
        TEAM,
        QT_TRANSLATE_NOOP("Actions", "&Reliance on proposals…"),
        "",
        lambda w: w.team.show(TeamPage.RELIANCE),
    ),
    ActionSpec(
        "dashboard",
        TEAM,
        QT_TRANSLATE_NOOP("Actions", "&Dashboard…"),
        "Ctrl+B",
        lambda w: w.dashboard.show(),
        always,
        separated=True,
    ),
)
