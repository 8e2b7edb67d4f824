"""PLAN: a model writes an ordered plan for a task before anything is done."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.domain.model import AnswerError, ModelRequest, Purpose
from hitl_app.domain.ports import ModelClient, OnText, Prompts
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import PlanStep
from hitl_app.refine.acting import Actor, ActRequest, Rollout
from hitl_app.refine.prompting import quote, render, show_task, show_tools
from hitl_app.refine.voices import sampling_of

MAX_PLAN = 40
"""Steps of a plan."""

_FIELDS = ("reasoning", "step", "expected_outcome")


def steps_schema(least: int = 1, **more: JsonObject) -> JsonObject:
    """Schema of a plan's steps: at least so many, each with further fields."""
    words: JsonObject = {name: {"type": "string"} for name in _FIELDS}
    return {
        "type": "array",
        "minItems": least,
        "maxItems": MAX_PLAN,
        "items": {
            "type": "object",
            "properties": {**words, **more},
            "required": [*_FIELDS, *more],
            "additionalProperties": False,
        },
    }


STEPS = steps_schema()
"""Schema of a plan's steps."""
PLAN: JsonObject = {
    "type": "object",
    "properties": {"plan": STEPS},
    "required": ["plan"],
    "additionalProperties": False,
}
"""Schema of a plan."""


class Planner:
    """Lets a model plan."""

    def __init__(self, client: ModelClient, prompts: Prompts) -> None:
        self._client = client
        self._prompt = prompts.get("plan")

    async def plan(
        self,
        task: Task,
        tools: Sequence[ToolSpec],
        *,
        sample: int = 0,
        notes: str = "",
        on_text: OnText = lambda text: None,
    ) -> tuple[PlanStep, ...]:
        """A plan for a task.

        Args:
            task: Without what it is judged by.
            tools: What the plan may build on.
            sample: Number among plans that are equal otherwise.
            notes: Feedback, reflections and such that the model is to bear in mind.
            on_text: Receives the model's words as they come.

        Raises:
            ModelError: The model cannot be asked, or its answer is no plan.
        """
        places = {
            "task": show_task(task),
            "tools": show_tools(tools),
            "notes": quote(notes) if notes else "there are none",
        }
        request = ModelRequest(
            Purpose.PLAN,
            render(self._prompt, places),
            self._prompt.label,
            schema=PLAN,
            sampling=sampling_of(sample),
            sample=sample,
        )
        return read_plan((await self._client.ask(request, on_text)).value)


async def plan_and_act(planner: Planner | None, actor: Actor, request: ActRequest) -> Rollout:
    """One candidate: a plan, and a rollout that follows it.

    Args:
        planner: None leaves PLAN out. Nothing is planned either where a user speaks: what they want is not known yet.
        actor: Acts.
        request: Its own plan is kept where nothing is planned.

    Raises:
        ModelError: The model cannot be asked, or its plan is none.
        BudgetExhaustedError: The budget ended while it planned.
    """
    plan = request.plan
    if planner is not None and request.voice is None:
        plan = await planner.plan(
            request.task, request.tools, sample=request.sample, notes=request.notes, on_text=request.on_text
        )
    return await actor.act(replace(request, plan=plan))


def read_plan(value: Json) -> tuple[PlanStep, ...]:
    """The plan in an answer that fits `PLAN`. Raises AnswerError where it holds none, or a step says nothing."""
    plan = read_steps(value.get("plan") if isinstance(value, Mapping) else None)
    if not plan:
        raise AnswerError("the answer holds no plan")
    return plan


def read_steps(items: Json) -> tuple[PlanStep, ...]:
    """The steps of a plan, of which there may be none. Raises AnswerError like `read_plan`."""
    if not isinstance(items, Sequence) or isinstance(items, str):
        raise AnswerError("the answer holds no plan")
    return tuple(_step(number, item) for number, item in enumerate(items))


def _step(number: int, item: Json) -> PlanStep:
    fields = item if isinstance(item, Mapping) else {}
    reasoning, step, outcome = (str(fields.get(name) or "").strip() for name in _FIELDS)
    if not step:
        raise AnswerError(f"plan step {number} says nothing")
    return PlanStep(step, reasoning, outcome)
