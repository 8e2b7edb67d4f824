"""Actions of the menu Team: who looks at what, and how they agree."""

from hitl_app.ui.action_spec import ActionSpec

TEAM_ACTIONS: tuple[ActionSpec, ...] = ()
