"""INSPECT with a model: its words beside the gradients that the environment gave."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from hitl_app.domain.inspection import Gradient, GradientSource, Inspection
from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.domain.loss import Component
from hitl_app.domain.model import AnswerError, ModelRequest, Prompt, Purpose
from hitl_app.domain.ports import ModelClient, Prompts
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import Trajectory
from hitl_app.refine import prompting
from hitl_app.refine.gradients import for_autonomous

MOST = 8
"""Gradients that a model may add to one inspection."""

LONGEST = 1_000
"""Characters of a critique or a suggestion that are kept."""

_TEXT: JsonObject = {"type": "string"}
_CONFIDENCE: JsonObject = {"type": ["number", "null"]}
_STEP: JsonObject = {"type": ["integer", "null"]}
_COMPONENT: JsonObject = {"type": "string", "enum": [str(c) for c in Component if c is not Component.DISCREPANCY]}


def _closed(properties: JsonObject) -> JsonObject:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


_WORDS: JsonObject = {"critique": _TEXT, "suggestion": _TEXT, "confidence": _CONFIDENCE}
_NOTE = _closed({"gradient": _TEXT, **_WORDS})
_FURTHER = _closed({"component": _COMPONENT, "step": _STEP, "evidence": _TEXT, **_WORDS})

SCHEMA = _closed(
    {
        "notes": {"type": "array", "items": _NOTE},
        "further": {"type": "array", "items": _FURTHER},
        "earliest_cause": _STEP,
    }
)
"""The form of an answer."""


class ModelCritic:
    """Adds gradients of a model's own to an inspection; those of the environment stay as they are."""

    def __init__(self, client: ModelClient, prompts: Prompts) -> None:
        self._client = client
        self._prompts = prompts
        self._known: dict[tuple[str, tuple[str, ...]], JsonObject] = {}

    async def critique(
        self,
        task: Task,
        base: Trajectory,
        inspection: Inspection,
        on_text: Callable[[str], None],
        tools: tuple[ToolSpec, ...] = (),
    ) -> Inspection:
        """The inspection with a model's words; as it is where nothing is wrong or the answer is of no use.

        The model sees nothing that reveals the answer, whatever the inspection holds. It is asked once for the same
        gradients of the same trajectory. An answer that has no use is no failure of the loop: the words say so, and the
        call is on record.

        Args:
            task: Of the trajectory.
            base: The trajectory that was inspected.
            inspection: What was found; it may reveal the answer.
            on_text: Receives the model's words as they come.
            tools: What the trajectory can call, where the task does not say.

        Raises:
            ModelError: The model cannot be asked.
        """
        visible = for_autonomous(inspection)
        if not visible.gradients:
            return inspection
        state = base.id, tuple(gradient.id for gradient in visible.gradients)
        if state not in self._known:
            self._known[state] = await self._ask(task, base, visible, task.tools or tools, on_text)
        return with_words(inspection, visible, self._known[state], len(base.steps))

    async def _ask(
        self,
        task: Task,
        base: Trajectory,
        visible: Inspection,
        tools: tuple[ToolSpec, ...],
        on_text: Callable[[str], None],
    ) -> JsonObject:
        request = critique_request(self._prompts.get("critique"), task, base, visible, tools)
        try:
            value = (await self._client.ask(request, on_text)).value
        except AnswerError as error:
            on_text(f"\nThe critique cannot be used, and the loop goes on without it: {error}\n")
            return {}
        return value if isinstance(value, Mapping) else {}


def critique_request(
    prompt: Prompt, task: Task, base: Trajectory, visible: Inspection, tools: Sequence[ToolSpec]
) -> ModelRequest:
    """The question to the critic.

    Args:
        prompt: The template.
        task: Of the trajectory.
        base: The trajectory.
        visible: Its inspection without what reveals the answer.
        tools: What the trajectory can call.
    """
    steps = prompting.show_steps(
        base.steps, visible.execution.steps, near=visible.earliest_cause, carried=base.carried_over
    )
    gradients = prompting.show_gradients(visible.gradients)
    places = {
        "task": prompting.show_task(task),
        "tools": prompting.show_tools(tools),
        "plan": prompting.show_plan(base.plan),
        "steps": steps,
        "losses": prompting.show_losses(visible.losses),
        "findings": prompting.show_held(visible.findings),
        "gradients": gradients,
        "task_again": prompting.show_task_again(task, steps, gradients),
        "most": str(MOST),
    }
    messages = prompting.render(prompt, places)
    return ModelRequest(Purpose.CRITIQUE, messages, prompt=prompt.label, schema=SCHEMA)


def with_words(inspection: Inspection, visible: Inspection, answer: JsonObject, length: int) -> Inspection:
    """Add what an answer says; entries that name no gradient or no step of the trajectory are left out."""
    known = {gradient.id: gradient for gradient in visible.gradients}
    present = {gradient.id for gradient in inspection.gradients}
    added: dict[str, Gradient] = {}
    for gradient in (*_notes(answer, known), *_further(answer, length)):
        if gradient.id not in present:
            added.setdefault(gradient.id, gradient)
    gradients = list(added.values())[:MOST]
    cause = inspection.earliest_cause
    named = answer.get("earliest_cause")
    if cause is None and isinstance(named, int) and not isinstance(named, bool) and 0 <= named < length:
        cause = named
        first = next((number for number, gradient in enumerate(gradients) if gradient.step_index == cause), None)
        if first is not None:
            gradients[first] = replace(gradients[first], is_earliest_cause=True)
    return replace(inspection, gradients=(*inspection.gradients, *gradients), earliest_cause=cause)


def _notes(answer: JsonObject, known: Mapping[str, Gradient]) -> Iterator[Gradient]:
    for note in _items(answer, "notes"):
        gradient = known.get(_text(note, "gradient"))
        critique = _text(note, "critique")
        if gradient is not None and critique:
            yield Gradient(
                GradientSource.MODEL,
                gradient.component,
                critique,
                step_index=gradient.step_index,
                constraint_id=gradient.constraint_id,
                evidence=gradient.evidence,
                suggested_edit=_text(note, "suggestion"),
                confidence=_confidence(note),
            )


def _further(answer: JsonObject, length: int) -> Iterator[Gradient]:
    components = {str(component): component for component in Component}
    for item in _items(answer, "further"):
        component, critique = components.get(_text(item, "component")), _text(item, "critique")
        step = item.get("step") if isinstance(item, Mapping) else None
        anchored = isinstance(step, int) and not isinstance(step, bool) and 0 <= step < length
        if component is not None and critique and (anchored or step is None):
            yield Gradient(
                GradientSource.MODEL,
                component,
                critique,
                step_index=step if isinstance(step, int) else None,
                evidence=_text(item, "evidence"),
                suggested_edit=_text(item, "suggestion"),
                confidence=_confidence(item),
            )


def _items(answer: JsonObject, name: str) -> Sequence[Json]:
    found = answer.get(name)
    return found if isinstance(found, Sequence) and not isinstance(found, str) else ()


def _text(item: Json, name: str) -> str:
    """A field's text; empty where it is missing or none. Half characters, which no file can hold, are replaced."""
    found = item.get(name) if isinstance(item, Mapping) else None
    return found.strip()[:LONGEST].encode("utf-8", "replace").decode() if isinstance(found, str) else ""


def _confidence(item: Json) -> float | None:
    found = item.get("confidence") if isinstance(item, Mapping) else None
    if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found):
        return None
    return min(1.0, max(0.0, float(found)))
