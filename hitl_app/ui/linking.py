"""The session with links: which step of the plan a step of the trajectory carries out, as the person says."""

from dataclasses import replace

from hitl_app.ui.restoring import RestoringSession


class LinkingSession(RestoringSession):
    """A session that records links. They change how the trajectory is read, and nothing of it."""

    def link_step(self, index: int, plan_step: int | None) -> None:
        """Say which step of the plan a step carries out; None where it carries out nothing of it."""
        opened = self._state.opened
        if opened is None or not 0 <= index < len(opened.trajectory.steps):
            return
        if opened.annotations.links.get(index, -1) == plan_step:
            self._show(replace(self._state, message=self.tr("You linked it so before.")))
            return
        if plan_step is None:
            message = self.tr("Saved: step {0} carries out nothing of the plan").format(index)
        else:
            message = self.tr("Saved: step {0} carries out plan step {1}").format(index, plan_step + 1)
        review = self._workspace.review
        self._note(lambda maker: review.link(self._open_id, index, plan_step, maker), message)
