"""Replanning: while a plan is carried out, a model writes anew what is left of it (Plan-and-Act, AdaPlan)."""

from collections.abc import Mapping

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.model import AnswerError, ModelRequest, Purpose
from hitl_app.domain.ports import ModelClient, Prompts
from hitl_app.refine.acting import Left, Scene
from hitl_app.refine.planning import read_steps, steps_schema
from hitl_app.refine.prompting import render, show_steps, show_task_again
from hitl_app.refine.voices import sampling_of

LEFT: JsonObject = {
    "type": "object",
    "properties": {
        "done": {"type": "integer", "minimum": 0},
        "changes": {"type": "string"},
        "plan": steps_schema(0),
    },
    "required": ["done", "changes", "plan"],
    "additionalProperties": False,
}
"""Schema of what is left to do."""


class Replanner:
    """Implements `acting.Replanning`: lets a model write what is still to do.

    It is shown what was done until then, and nothing that was done later: a scene holds no more.
    """

    def __init__(self, client: ModelClient, prompts: Prompts, every: int = 1) -> None:
        """Let a model replan.

        Args:
            client: The planner.
            prompts: Holds `replan`.
            every: Number of actions after which it is asked again.
        """
        self._client = client
        self._prompt = prompts.get("replan")
        self.every = every

    async def left(self, scene: Scene, locked: int) -> Left:
        """What is still to do; see `acting.Replanning`.

        Raises:
            ModelError: The model cannot be asked, or its answer is no plan.
        """
        request, work = scene.request, scene.work
        seen, executed = list(work.visible(scene.steps)), scene.execution.steps
        outcomes = [executed[index] for index, _ in seen if index < len(executed)]
        steps = show_steps([step for _, step in seen], outcomes)
        told = work.places()
        places = {
            "task": told["task"],
            "tools": told["tools"],
            "plan": told["plan"],
            "locked": _locked(locked),
            "steps": steps,
            "task_again": "" if work.served else show_task_again(work.task, steps),
        }
        asked = ModelRequest(
            Purpose.REPLAN,
            render(self._prompt, places),
            self._prompt.label,
            schema=LEFT,
            sampling=sampling_of(request.sample),
            sample=request.sample,
        )
        value = (await self._client.ask(asked, request.on_text)).value
        done = value.get("done") if isinstance(value, Mapping) else None
        if not isinstance(value, Mapping) or not isinstance(done, int) or isinstance(done, bool):
            raise AnswerError("the answer does not say how much of the plan is carried out")
        return Left(
            min(max(done, locked), len(work.plan)), read_steps(value.get("plan")), str(value.get("changes") or "")
        )


def _locked(count: int) -> str:
    if not count:
        return "None of its steps was begun yet."
    which = "Its first step was begun: it stays" if count == 1 else f"Its first {count} steps were begun: they stay"
    return f"{which} as written, whatever you answer."
