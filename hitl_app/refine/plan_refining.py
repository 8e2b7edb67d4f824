"""Refining a plan with a model: it sees what an agent did by the plan and what was wrong with it, never the answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hitl_app.domain.inspection import Inspection
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.model import ModelRequest, Purpose
from hitl_app.domain.ports import ModelClient, OnText, Prompts
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import PlanStep, Trajectory
from hitl_app.refine import prompting
from hitl_app.refine.gradients import for_autonomous
from hitl_app.refine.planning import STEPS, read_plan
from hitl_app.refine.voices import sampling_of

REFINED: JsonObject = {
    "type": "object",
    "properties": {"changes": {"type": "string"}, "plan": STEPS},
    "required": ["changes", "plan"],
    "additionalProperties": False,
}
"""Schema of a refined plan."""


@dataclass(frozen=True)
class RefinePlanRequest:
    """What a plan is refined from.

    Attributes:
        task: Without what it is judged by.
        trajectory: A failed execution of the plan.
        inspection: What was found of it; what reveals the answer is not shown.
        others: Plans that it was refined to already.
        sample: Number among requests that are equal otherwise.
    """

    task: Task
    tools: Sequence[ToolSpec]
    plan: tuple[PlanStep, ...]
    trajectory: Trajectory
    inspection: Inspection
    others: Sequence[tuple[PlanStep, ...]] = ()
    sample: int = 0


class PlanRefiner:
    """Lets a model refine plans."""

    def __init__(self, client: ModelClient, prompts: Prompts) -> None:
        self._client = client
        self._prompt = prompts.get("refine_plan")

    async def refine(
        self, request: RefinePlanRequest, on_text: OnText = lambda text: None
    ) -> tuple[tuple[PlanStep, ...], str]:
        """The new plan, and what the model says it changed.

        Raises:
            ModelError: The model cannot be asked, or its answer is no plan.
        """
        asked = ModelRequest(
            Purpose.PLAN,
            prompting.render(self._prompt, _places(request)),
            self._prompt.label,
            schema=REFINED,
            sampling=sampling_of(request.sample),
            sample=request.sample,
        )
        value = (await self._client.ask(asked, on_text)).value
        changes = value.get("changes") if isinstance(value, Mapping) else None
        return read_plan(value), " ".join(changes.split()) if isinstance(changes, str) else ""


def _places(request: RefinePlanRequest) -> dict[str, str]:
    visible = for_autonomous(request.inspection)
    steps = prompting.show_steps(request.trajectory.steps, visible.execution.steps, near=visible.earliest_cause)
    gradients = prompting.show_gradients(visible.gradients)
    others = [f"refined plan {number}\n{prompting.show_plan(plan)}" for number, plan in enumerate(request.others)]
    return {
        "task": prompting.show_task(request.task),
        "tools": prompting.show_tools(request.tools),
        "plan": prompting.show_plan(request.plan),
        "steps": steps,
        "losses": prompting.show_losses(visible.losses),
        "findings": prompting.show_held(visible.findings),
        "gradients": gradients,
        "others": "\n".join(others) or "there are none",
        "task_again": prompting.show_task_again(request.task, steps, gradients, *others),
    }
