"""The session with the way back: an earlier revision becomes the head of its lineage again."""

from dataclasses import replace

from hitl_app.domain.loss import NotComparableError
from hitl_app.domain.ports import Revision
from hitl_app.ui.honest import HonestSession


class RestoringSession(HonestSession):
    """A session that can restore a revision."""

    def restore(self, revision_id: str, reason: str = "") -> None:
        """Make a revision the head again and put it on the desk.

        Args:
            revision_id: Full id of a trajectory of the open lineage.
            reason: Needed where `is_worse` says so.
        """

        async def work() -> None:
            root_id = self._root_id
            await self._drafts.flush()
            await self._workspace.review.restore(revision_id, self._maker(reason), override=bool(reason))
            await self._queue.refresh(root_id)
            await self._open_trajectory(revision_id)
            self._show(replace(self._state, message=self.tr("Saved: restored")))

        self._save(work)

    def is_worse(self, revision: Revision) -> bool:
        """Whether a revision is worse than the head of the open lineage, or cannot be compared with it."""
        opened = self._state.opened
        known = {each.trajectory.id: each.inspection for each in opened.revisions} if opened else {}
        head = known.get(opened.row.head_id) if opened else None
        if head is None or revision.inspection is None:
            return head is not None
        try:
            return revision.inspection.losses.compare(head.losses) > 0
        except NotComparableError:
            return True
