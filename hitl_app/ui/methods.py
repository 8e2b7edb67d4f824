"""Windows of the methods beside the loop, each on what is on the desk: plans over time, rewards."""

from PySide6.QtWidgets import QWidget

from hitl_app.ui.gated import GatedSession
from hitl_app.ui.score_desk import ScoreDesk
from hitl_app.ui.tasks import Failed
from hitl_app.workflow.workspace import Workspace


class Methods:
    """Owns them."""

    def __init__(self, workspace: Workspace, session: GatedSession, failed: Failed, window: QWidget) -> None:
        self.scores: ScoreDesk = ScoreDesk(workspace, session, failed, window)

    async def close(self) -> None:
        """Close their windows; what a person gave is recorded."""
        await self.scores.close()
