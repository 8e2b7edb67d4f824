"""Windows of the methods beside the loop: plans over time, rewards, new tasks after seeds, cascades."""

from PySide6.QtWidgets import QWidget

from hitl_app.ui.expand_desk import ExpandDesk
from hitl_app.ui.gated import GatedSession
from hitl_app.ui.panes.queue import QueuePane
from hitl_app.ui.picture_desk import PictureDesk
from hitl_app.ui.plan_desk import PlanDesk
from hitl_app.ui.routing_desk import RoutingDesk
from hitl_app.ui.run_desk import RunDesk
from hitl_app.ui.score_desk import ScoreDesk
from hitl_app.ui.tasks import Failed
from hitl_app.workflow.workspace import Workspace


class Methods:
    """Owns them."""

    def __init__(
        self,
        workspace: Workspace,
        session: GatedSession,
        run_desk: RunDesk,
        queue: QueuePane,
        pictures: PictureDesk,
        *,
        failed: Failed,
        window: QWidget,
    ) -> None:
        self.plans: PlanDesk = PlanDesk(workspace, session, failed, window)
        self.scores: ScoreDesk = ScoreDesk(workspace, session, failed, window)
        self.cascades: RoutingDesk = RoutingDesk(workspace, session, run_desk, pictures, failed=failed, window=window)
        self.expanding: ExpandDesk = ExpandDesk(workspace, session, run_desk, queue, failed=failed, window=window)

    async def close(self) -> None:
        """Close their windows; what a person gave is recorded."""
        await self.plans.close()
        await self.scores.close()
        await self.cascades.close()
        await self.expanding.close()
