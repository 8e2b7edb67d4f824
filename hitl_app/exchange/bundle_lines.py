"""What a line of a bundle holds, checked by itself. All raise CodecError for what cannot be taken."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from hitl_app.domain.codec import (
    CodecError,
    get_object,
    get_objects,
    get_str,
    inspection_from_json,
    task_from_json,
    tool_from_json,
)
from hitl_app.domain.inspection import Inspection
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.library import Draft, Toolset
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.record_codec import proposal_from_json, trajectory_from_json
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import Trajectory

_LARGEST = 2**63 - 1
"""Of the whole numbers that a store keeps as such; those in arguments may be any."""

Identified = TypeVar("Identified", Task, Trajectory, Proposal)


def task_from_line(value: JsonObject) -> Task:
    """A task without a place: no bundle says what is where on this disk."""
    return replace(_with_id(value, task_from_json(value)), place="")


def trajectory_from_line(value: JsonObject) -> Trajectory:
    """A trajectory that names no step beyond its end, and no number beyond what a store keeps."""
    found = _with_id(value, trajectory_from_json(value))
    if not all(0 <= index < len(found.steps) for index in found.carried_over):
        raise CodecError(f"carried_over: the trajectory has {len(found.steps)} steps")
    _check_numbers("steps", (number for step in found.steps for number in (step.turn, step.plan_step)))
    places = [0, *(each.until for each in found.earlier)]
    if places != sorted(set(places)) or places[-1] > len(found.steps):
        raise CodecError(f"earlier: until does not grow from 1 to {len(found.steps)} at most")
    return found


def inspection_from_line(value: JsonObject) -> Inspection:
    """An inspection; whether it is of its trajectory is for `points_inside` to say."""
    found = inspection_from_json(value)
    counts = [count for _, count in found.losses.items() if count is not None]
    _check_numbers("losses", (number for count in counts for number in (count.count, count.of)))
    return found


def points_inside(inspection: Inspection) -> bool:
    """Whether all steps that it speaks of are there."""
    named = [step for finding in inspection.findings for step in finding.steps]
    named += [step for edge in inspection.dependencies for step in (edge.step, edge.on)]
    named += [step for gradient in inspection.gradients if (step := gradient.step_index) is not None]
    named += [] if inspection.earliest_cause is None else [inspection.earliest_cause]
    return all(0 <= step < len(inspection.execution.steps) for step in named)


def proposal_from_line(value: JsonObject) -> Proposal:
    """A proposal; whether it fits its base is for whoever has that to say."""
    return _with_id(value, proposal_from_json(value))


def toolset_from_line(value: JsonObject) -> Toolset:
    """The tools of an environment's domain."""
    tools = tuple(tool_from_json(tool) for tool in get_objects(value, "tools"))
    return Toolset(get_str(value, "environment"), get_str(value, "domain"), tools)


def draft_from_line(value: JsonObject) -> Draft:
    """An unfinished review."""
    return Draft(get_str(value, "base_id"), get_object(value, "draft"))


def _check_numbers(field: str, numbers: Iterable[int | None]) -> None:
    if any(number is not None and abs(number) > _LARGEST for number in numbers):
        raise CodecError(f"{field}: a number is too large to be kept")


def _with_id(value: JsonObject, found: Identified) -> Identified:
    """What was decoded, if its content has the id that the line states."""
    if found.id != get_str(value, "id"):
        raise CodecError("id: is not that of the content, which was altered")
    return found
