"""Domain objects to rows and back."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from hitl_app.domain.codec import (
    CodecError,
    get_objects,
    inspection_from_json,
    inspection_to_json,
    plan_step_from_json,
    plan_step_to_json,
    source_from_json,
    source_to_json,
    task_to_json,
    tool_from_json,
    tool_to_json,
)
from hitl_app.domain.inspection import Inspection
from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.domain.record_codec import earlier_from_json, earlier_to_json
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import EarlierPlan, PlanStep, Recorded, Source, Step, StepKind, Trajectory

encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
"""JSON as it is stored: keys in their own order, so that exports show arguments as they were written."""

Values = dict[str, object]
"""Column names with the values of one row."""


def decode_object(text: str) -> JsonObject:
    """A stored JSON object.

    Raises:
        CodecError: It is another JSON value.
    """
    value: Json = json.loads(text)
    if not isinstance(value, dict):
        raise CodecError(f"expected an object, found {type(value).__name__}")
    return value


def task_values(number: int, task: Task) -> Values:
    """The row of a task."""
    return {
        "number": number,
        "id": task.id,
        "environment": task.environment,
        "domain": task.domain,
        "key": task.key,
        "title": task.title,
        "instruction": task.instruction,
        "synthetic": task.synthetic,
        "document": encode(task_to_json(replace(task, place=""))),  # kept apart: a place may change
    }


def trajectory_values(number: int, trajectory: Trajectory, task_number: int, root_number: int, time: str) -> Values:
    """The row of a trajectory, without its steps."""
    source = trajectory.source
    return {
        "number": number,
        "id": trajectory.id,
        "task_number": task_number,
        "root_number": root_number,
        "parent_id": trajectory.parent_id,
        "author": trajectory.author,
        "model": "" if source is None else source.model,
        "synthetic": source is not None and source.synthetic,
        "step_count": len(trajectory.steps),
        "plan": encode([plan_step_to_json(item) for item in trajectory.plan]),
        "source": None if source is None else encode(source_to_json(source)),
        "carried_over": encode(sorted(trajectory.carried_over)),
        "earlier": encode([earlier_to_json(each) for each in trajectory.earlier]),
        "added_at": time,
    }


STEP_COLUMNS = (
    "trajectory_number",
    "step_index",
    "kind",
    "role",
    "text",
    "tool",
    "arguments",
    "thought",
    "observation",
    "observation_failed",
    "turn",
    "plan_step",
    "link_confidence",
)

StepValues = tuple[
    int, int, str, str, str, str, str, str, str | None, bool | None, int | None, int | None, float | None
]


def step_values(number: int, steps: Sequence[Step]) -> Iterator[StepValues]:
    """The rows of a trajectory's steps, in the order of `STEP_COLUMNS`."""
    for index, step in enumerate(steps):
        expected = step.expected
        yield (
            number,
            index,
            step.kind.value,
            step.role,
            step.text,
            step.tool,
            encode(step.arguments) if step.arguments else "{}",
            step.thought,
            None if expected is None else expected.text,
            None if expected is None else expected.failed,
            step.turn,
            step.plan_step,
            step.link_confidence,
        )


def step_from_row(row: Sequence[Any]) -> Step:  # Any: the columns are of several types
    """A step from its row's values in the order of `STEP_COLUMNS`."""
    _, _, kind, role, text, tool, arguments, thought, observation, failed, turn, plan_step, confidence = row
    return Step(
        StepKind(kind),
        role=role,
        text=text,
        tool=tool,
        arguments=decode_object(arguments) if arguments != "{}" else {},
        thought=thought,
        expected=None if observation is None else Recorded(observation, bool(failed)),
        turn=turn,
        plan_step=plan_step,
        link_confidence=confidence,
    )


def inspection_to_text(inspection: Inspection) -> str:
    """An inspection as it is stored: a line with everything but the executed steps, and a line for each of those.

    One JSON text of a long trajectory would keep the other threads waiting until it is written, or read.
    """
    value = inspection_to_json(inspection)
    steps = get_objects(value, "steps")
    return "\n".join([encode({**value, "steps": []}), *map(encode, steps)])


def inspection_from_text(text: str) -> Inspection:
    """A stored inspection; older ones have their steps in the first line."""
    first, *lines = text.split("\n")
    value = decode_object(first)
    steps = (*get_objects(value, "steps"), *map(decode_object, lines))
    return inspection_from_json({**value, "steps": steps})


def plan_from_text(text: str) -> tuple[PlanStep, ...]:
    """A stored plan."""
    return tuple(plan_step_from_json(item) for item in json.loads(text))


def earlier_from_text(text: str) -> tuple[EarlierPlan, ...]:
    """Stored earlier plans."""
    return tuple(earlier_from_json(item) for item in json.loads(text))


def source_from_text(text: str | None) -> Source | None:
    """A stored source."""
    return None if text is None else source_from_json(decode_object(text))


def tools_to_text(tools: Sequence[ToolSpec]) -> str:
    """Tools as they are stored."""
    return encode([tool_to_json(tool) for tool in tools])


def tools_from_text(text: str) -> tuple[ToolSpec, ...]:
    """Stored tools."""
    return tuple(tool_from_json(tool) for tool in json.loads(text))
