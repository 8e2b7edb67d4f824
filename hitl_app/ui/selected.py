"""What the keys do to the step, the hunk or the gradient that is selected."""

from hitl_app.ui.gated import GatedSession
from hitl_app.ui.panes.gradients import GradientsPane
from hitl_app.ui.panes.plan import PlanPane


class Selected:
    """Edits, moves and blames what is selected in the panes of one window."""

    def __init__(self, session: GatedSession, plan: PlanPane, gradients: GradientsPane) -> None:
        self._session = session
        self._plan = plan
        self._gradients = gradients

    def edit(self) -> None:
        """Edit the selected hunk, else the selected step."""
        state = self._session.state
        if state.selected_hunk is not None:
            self._session.edit_hunk(state.selected_hunk)
        elif state.selected_step is not None:
            self._session.edit_step(state.selected_step)

    def delete(self) -> None:
        """Take the selected step out; a step that was only just put in is taken back."""
        state = self._session.state
        number = state.selected_hunk
        if number is not None and not state.draft.hunks[number].hunk.before:
            self._session.reject_hunk(number)
        elif state.selected_step is not None:
            self._session.delete_step(state.selected_step)

    def insert_before(self, *, message: bool = False) -> None:
        """Put a new step in front of the selected one, or at the end."""
        state = self._session.state
        if state.opened is not None:
            step = state.selected_step
            at = len(state.opened.trajectory.steps) if step is None else step
            (self._session.insert_message if message else self._session.insert_step)(at)

    def move(self, distance: int) -> None:
        """Move the selected step up (-1) or down (1)."""
        if self._session.state.selected_step is not None:
            self._session.move_step_by(self._session.state.selected_step, distance)

    def ask_for_link(self) -> None:
        """Let the person pick the plan step that the selected step carries out."""
        if self._session.state.selected_step is not None:
            self._plan.show_links(self._session.state.selected_step)

    def unlink(self) -> None:
        """Say that the selected step carries out nothing of the plan."""
        if self._session.state.selected_step is not None:
            self._session.link_step(self._session.state.selected_step, None)

    def fold_step(self) -> None:
        """Show all of the selected step, or hide it again."""
        self._plan.toggle_detail()

    def blame(self) -> None:
        """Blame the selected step."""
        if self._session.state.selected_step is not None:
            self._session.move_blame(self._session.state.selected_step)

    def confirm_gradient(self) -> None:
        """Agree with the gradient that is selected."""
        if self._gradients.selected_gradient is not None:
            self._session.confirm_gradient(self._gradients.selected_gradient)

    def dismiss_gradient(self) -> None:
        """Disagree with the gradient that is selected."""
        if self._gradients.selected_gradient is not None:
            self._session.dismiss_gradient(self._gradients.selected_gradient)
