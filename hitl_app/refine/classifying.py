"""A model says in which class the failure of a trajectory belongs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hitl_app.domain.failure_classes import FailureClass
from hitl_app.domain.inspection import Inspection
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.model import AnswerError, ModelRequest, Purpose
from hitl_app.domain.ports import ModelClient, OnText, Prompts
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import Trajectory
from hitl_app.refine import prompting

LONGEST = 500
"""Characters of a reason that are kept."""


@dataclass(frozen=True, slots=True)
class Told:
    """The class that a model names, and what shows it."""

    name: str
    reason: str


class Classifier:
    """Asks a model."""

    def __init__(self, client: ModelClient, prompts: Prompts) -> None:
        self._client = client
        self._prompt = prompts.get("classify")

    async def classify(
        self,
        task: Task,
        trajectory: Trajectory,
        visible: Inspection,
        classes: Sequence[FailureClass],
        on_text: OnText = lambda text: None,
    ) -> Told | None:
        """The class of a trajectory's failure; None where the model finds that none fits.

        Args:
            task: Of the trajectory.
            trajectory: What failed.
            visible: Its inspection without what reveals the answer.
            classes: The classes to choose from.
            on_text: Receives the model's words as they come.

        Raises:
            ModelError: The model cannot be asked, or it names a class that there is not.
        """
        places = {
            "task": prompting.show_task(task),
            "classes": "\n".join(prompting.quote(f"{each.name}: {each.description}") for each in classes),
            "plan": prompting.show_plan(trajectory.plan),
            "steps": prompting.show_steps(
                trajectory.steps,
                visible.execution.steps,
                near=visible.earliest_cause,
                carried=trajectory.carried_over,
            ),
            "gradients": prompting.show_gradients(visible.gradients),
        }
        request = ModelRequest(
            Purpose.CLASSIFY,
            prompting.render(self._prompt, places),
            self._prompt.label,
            schema=_schema([each.name for each in classes]),
        )
        value = (await self._client.ask(request, on_text)).value
        answer = value if isinstance(value, Mapping) else {}
        name, reason = answer.get("failure_class"), answer.get("reason")
        if name is None:
            return None
        known = next((each.name for each in classes if each.name == name), None)
        if known is None:
            raise AnswerError(f"the model names a failure class that there is not: {str(name)[:80]}")
        return Told(known, reason.strip()[:LONGEST] if isinstance(reason, str) else "")


def _schema(names: Sequence[str]) -> JsonObject:
    return {
        "type": "object",
        "properties": {"reason": {"type": "string"}, "failure_class": {"enum": [*names, None]}},
        "required": ["reason", "failure_class"],
        "additionalProperties": False,
    }
