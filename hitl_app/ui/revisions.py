"""Revisions at the desk: any two side by side, the candidate against its base, and an earlier one restored."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from hitl_app.domain.difference import Difference, Version
from hitl_app.domain.ports import Revision
from hitl_app.ui.action_spec import with_candidate
from hitl_app.ui.gated import GatedSession
from hitl_app.ui.revision_words import loss_words, outcome_words
from hitl_app.ui.tasks import Failed, Tasks
from hitl_app.ui.windows.compare import Choice, CompareWindow
from hitl_app.ui.windows.reason import Question, ReasonDialog
from hitl_app.workflow.opened import Opened
from hitl_app.workflow.workspace import Workspace


class RevisionDesk(QObject):
    """Opens the window of differences and answers what it asks for, and restores revisions.

    Signals:
        told: What cannot be done, and why.
    """

    told = Signal(str)

    def __init__(self, workspace: Workspace, session: GatedSession, failed: Failed, window: QWidget) -> None:
        super().__init__(window)
        self._workspace = workspace
        self._session = session
        self._parent = window
        self._tasks = Tasks(failed)
        self.window: CompareWindow | None = None

    async def close(self) -> None:
        """Close the window and stop what runs."""
        if self.window is not None:
            self.window.close()
        await self._tasks.cancel_all()

    # -- side by side ----------------------------------------------------------------------------------------------

    def show_revisions(self, revision_id: str = "") -> None:
        """Compare two revisions: the open one with its parent, or with the one that is named."""
        opened = self._session.state.opened
        if opened is None:
            return
        ids = [revision.trajectory.id for revision in opened.revisions]
        here = ids.index(opened.trajectory.id) if opened.trajectory.id in ids else len(ids) - 1
        other = revision_id or opened.trajectory.parent_id or ""
        beside = ids.index(other) if other in ids else 0
        choices = self._choices(opened)
        if beside == here:  # a recording has no parent: what was made of it last stands beside it
            here = len(choices) - 1
        self._show(opened, choices, beside, here)

    def show_candidate(self) -> None:
        """Compare the candidate of the working hunks with its base."""
        state = self._session.state
        if state.opened is not None and state.candidate is not None and with_candidate(state):
            choices = self._choices(state.opened)
            ids = [revision.trajectory.id for revision in state.opened.revisions]
            base = ids.index(state.candidate.base.id) if state.candidate.base.id in ids else 0
            self._show(state.opened, choices, base, len(choices) - 1)

    def _choices(self, opened: Opened) -> list[Choice]:
        """What the desk holds of the lineage: nobody is shown a revision that the desk hides."""
        newest = Version(opened.trajectory, opened.inspection)
        choices = []
        for revision in opened.revisions:
            here = revision.trajectory.id == opened.trajectory.id
            version = newest if here else Version(revision.trajectory, revision.inspection)
            choices.append(Choice(self._words(revision, here=here), version))
        candidate = self._session.state.candidate
        if candidate is not None and with_candidate(self._session.state):
            choices.append(
                Choice(self.tr("Candidate on the desk"), Version(candidate.trajectory, candidate.inspection))
            )
        return choices

    def _words(self, revision: Revision, *, here: bool) -> str:
        words = self.tr("{0}: {1}, {2}").format(revision.number, outcome_words(revision), loss_words(revision))
        return self.tr("{0} (on the desk)").format(words) if here else words

    def _show(self, opened: Opened, choices: list[Choice], before: int, after: int) -> None:
        if len(choices) < 2:
            self.told.emit(self.tr("There is only one revision: nothing to compare it with."))
            return
        if self.window is not None:
            self.window.close()
        window = self.window = CompareWindow(opened.task.title, choices, before, after)
        window.compare_requested.connect(lambda b, a: self._tasks.start("compare", self._compare(window, b, a)))
        window.lines_requested.connect(lambda d, row, whole: self._tasks.start("lines", self._open(d, row, whole)))
        window.destroyed.connect(lambda: self._forget(window))
        window.show()
        window.activateWindow()
        window.start()

    def _forget(self, window: CompareWindow) -> None:
        if self.window is window:
            self.window = None
            self._tasks.cancel("compare")
            self._tasks.cancel("lines")

    async def _compare(self, window: CompareWindow, before: Version, after: Version) -> None:
        compared = await self._workspace.differences.between(before, after)
        if self.window is window:
            window.show_compared(compared)

    async def _open(self, difference: Difference, row: int, whole: bool) -> None:
        found = await self._workspace.differences.lines(difference, [row], whole=whole)
        if self.window is not None:
            self.window.show_lines(difference, row, found[row])

    # -- the way back ----------------------------------------------------------------------------------------------

    def restore(self, revision_id: str) -> None:
        """Make a revision the head again; where it is worse than the head, ask for the reason first."""
        opened = self._session.state.opened
        revision = next((r for r in opened.revisions if r.trajectory.id == revision_id), None) if opened else None
        if opened is None or revision is None:
            return
        if revision_id == opened.row.head_id:
            self.told.emit(self.tr("This revision is the head already: there is nothing to restore."))
        elif self._session.state.held:
            self.told.emit(self.tr("A run works on this trajectory: restore when it is done."))
        elif self._session.is_worse(revision):
            asked = Question(
                self.tr("Restore"),
                self.tr(
                    "Revision {0} is worse than the head, or cannot be compared with it. Say why it is wanted."
                ).format(revision.number),
                (),
            )
            dialog = ReasonDialog(asked, lambda reason: self._session.restore(revision_id, reason), self._parent)
            dialog.keep.hide()
            dialog.open()
        else:
            self._session.restore(revision_id)
