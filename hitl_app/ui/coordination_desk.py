"""How well the plan and its executions go together, for what is on the desk: measured beside the work."""

from PySide6.QtCore import QObject, Signal

from hitl_app.domain.trajectory import Trajectory
from hitl_app.ui.gated import GatedSession
from hitl_app.ui.state import DeskState
from hitl_app.ui.tasks import Failed, Tasks
from hitl_app.workflow.coordination import Coordination
from hitl_app.workflow.opened import Opened
from hitl_app.workflow.workspace import Workspace


class CoordinationDesk(QObject):
    """Follows the desk, and measures only where a trajectory has a plan.

    Signals:
        measured: A `Coordination` of what is open; None where it has no plan, or is being measured.
        weighed: The same of what would be approved: the newest candidate, else what is open.
    """

    measured = Signal(object)
    weighed = Signal(object)

    def __init__(self, workspace: Workspace, session: GatedSession, failed: Failed, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._session = session
        self._tasks = Tasks(failed)
        self._opened: Opened | None = None
        self._subject: Trajectory | None = None
        self._known: Coordination | None = None
        session.state_changed.connect(self._follow)

    async def idle(self) -> None:
        """Wait until nothing is measured."""
        await self._tasks.idle()

    async def close(self) -> None:
        """Stop measuring."""
        await self._tasks.cancel_all()

    def _follow(self, state: DeskState) -> None:
        opened = state.opened
        subject = opened.trajectory if opened is not None else None
        if state.candidate is not None and not state.stale:
            subject = state.candidate.trajectory
        if opened is self._opened and subject is self._subject:
            return
        if opened is not self._opened:
            self._opened, self._known = opened, None
            self.measured.emit(None)
        self._subject = subject
        if subject is None or not subject.plan:
            self.weighed.emit(None)
        else:
            self._tasks.start("measure", self._measure(opened, subject))

    async def _measure(self, opened: Opened | None, subject: Trajectory) -> None:
        state = self._session.state
        viewer = self._session.annotator if state.policy.blind else ""
        if self._known is None and opened is not None:
            self._known = await self._workspace.coordination.of(opened.trajectory, viewer)
            self.measured.emit(self._known)
        open_one = opened is not None and subject is opened.trajectory
        self.weighed.emit(self._known if open_one else await self._workspace.coordination.of(subject, viewer))
