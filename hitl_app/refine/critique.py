"""INSPECT with a model: its words beside the gradients that the environment gave."""

from collections.abc import Callable

from hitl_app.domain.inspection import Inspection
from hitl_app.domain.ports import ModelClient, Prompts
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import Trajectory


class ModelCritic:
    """Adds critiques and suggested edits to gradients."""

    def __init__(self, client: ModelClient, prompts: Prompts) -> None:
        self._client = client
        self._prompts = prompts

    async def critique(
        self, task: Task, base: Trajectory, inspection: Inspection, on_text: Callable[[str], None]
    ) -> Inspection:
        """The inspection with a model's words."""
        return inspection
