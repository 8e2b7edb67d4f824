"""What a model answers when it is asked for edits: the form, and how it is read and checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hitl_app.domain.arguments import check_arguments, shown
from hitl_app.domain.codec import CodecError, get_list, get_object, get_optional_int, get_str
from hitl_app.domain.hunk import Hunk, HunkError
from hitl_app.domain.jsontypes import Json, JsonObject, canonical
from hitl_app.domain.ports import ProposalRequest
from hitl_app.domain.task import ToolSpec
from hitl_app.domain.trajectory import Step, action
from hitl_app.refine.edits import FIELDS, EditError, hunks_of_edits
from hitl_app.refine.evolve import evolve

LOOKUPS = 8
"""Calls that a model may look up at a time."""

_TEXT: JsonObject = {"type": ["string", "null"]}
_INDEX: JsonObject = {"type": ["integer", "null"]}
_CALL: JsonObject = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "arguments": {"type": "object"}},
    "required": ["name", "arguments"],
}
_STEP: JsonObject = {"action": {**_CALL, "type": ["object", "null"]}, "message": _TEXT, "role": _TEXT, "thought": _TEXT}

SCHEMA: JsonObject = {
    "type": "object",
    "properties": {
        "reasoning": {"type": "string"},
        "kind": {"type": "string", "enum": ["edits", "lookups", "nothing"]},
        "before": _INDEX,
        "lookups": {"type": ["array", "null"], "items": _CALL},
        "edits": {
            "type": ["array", "null"],
            "items": {
                "type": "object",
                "properties": {
                    "op": {"type": "string", "enum": [op for op in FIELDS if op != "link"]},
                    "step": _INDEX,
                    "before": _INDEX,
                    **_STEP,
                    "name": _TEXT,
                    "value": {},
                    "steps": {"type": ["array", "null"], "items": {"type": "object", "properties": _STEP}},
                    "why": _TEXT,
                    "answers": {"type": ["array", "null"], "items": {"type": "string"}},
                },
                "required": ["op"],
            },
        },
    },
    "required": ["kind"],
}
"""The form of an answer."""


@dataclass(frozen=True)
class LookUps:
    """Calls that a model wants to see the answers of, in the state in front of a step; None leaves the place open."""

    place: int | None
    calls: tuple[Step, ...]


@dataclass(frozen=True)
class Edits:
    """A model's edits as hunks; none where it says that no edit would help."""

    hunks: tuple[Hunk, ...]


def read_answer(request: ProposalRequest, value: Json, *, may_look_up: bool) -> tuple[Edits | LookUps, str]:
    """What a model answered, and its reasoning.

    Raises:
        EditError: The answer cannot be used; says what is wrong with it in words that the model can act on.
    """
    try:
        canonical(value).encode()
    except (ValueError, RecursionError):
        raise EditError("the answer holds what JSON does not have: NaN, an infinity or half a character") from None
    if not isinstance(value, Mapping):
        raise EditError("expected a JSON object")
    value = _without_nulls(value)
    try:
        kind, reasoning = get_str(value, "kind"), get_str(value, "reasoning", "")
        if kind == "edits":
            return Edits(_read_edits(request, get_list(value, "edits"))), reasoning
        if kind == "lookups" and may_look_up:
            return _read_lookups(request, value), reasoning
    except CodecError as error:
        raise EditError(str(error)) from None
    if kind == "nothing":
        return Edits(()), reasoning
    if kind == "lookups":
        raise EditError('no look-ups are left: the kind must be "edits" or "nothing"')
    raise EditError(f"kind: {shown(kind)} is neither edits, lookups nor nothing")


def _read_lookups(request: ProposalRequest, value: JsonObject) -> LookUps:
    calls = get_list(value, "lookups")
    if not 0 < len(calls) <= LOOKUPS:
        raise EditError(f"lookups: expected 1 to {LOOKUPS} calls, found {len(calls)}")
    steps = []
    for number, call in enumerate(calls):
        where = f"lookups[{number}]"
        if not isinstance(call, Mapping):
            raise EditError(f"{where}: expected an object with a name and arguments")
        step = action(get_str(call, "name"), get_object(call, "arguments"))
        _check_call(step, request.tools, where)
        steps.append(step)
    place, last = get_optional_int(value, "before"), len(request.base.steps)
    if place is not None and not 0 <= place <= last:
        raise EditError(f"before: {place} is not one of 0 to {last}")
    return LookUps(place, tuple(steps))


def _read_edits(request: ProposalRequest, edits: Json) -> tuple[Hunk, ...]:
    """Edits as hunks that leave locked steps alone, call what the tools know and put no words into anybody's mouth."""
    base = request.base
    hunks = hunks_of_edits(base, edits)
    if not hunks:
        raise EditError('edits: there is none; where no edit would help the kind is "nothing"')
    known = {gradient.id for gradient in request.inspection.gradients}
    said = {step.text for step in base.steps if step.role == "user"}
    for hunk in hunks:
        where = f"{hunk.operator} of step {hunk.start}"
        if hunk.first < request.locked:
            raise EditError(f"{where}: steps 0 to {request.locked - 1} are locked")
        kept = {step.key for step in hunk.before}
        for step in hunk.after:
            if step.is_action and step.key not in kept:
                _check_call(step, request.tools, where)
            elif not step.is_action and step.role != "assistant" and step.text not in said:
                raise EditError(f"{where}: only the agent's messages can be written anew, not the {step.role}'s")
    try:
        evolve(base, hunks, "")
    except HunkError as error:
        raise EditError(str(error)) from None
    return tuple(
        replace(hunk, gradient_ids=tuple(identity for identity in hunk.gradient_ids if identity in known))
        for hunk in hunks
    )


def _check_call(step: Step, tools: Sequence[ToolSpec], where: str) -> None:
    """Make sure that a tool is known and its arguments fit; where nobody described the tools, any call passes."""
    tool = next((tool for tool in tools if tool.name == step.tool), None)
    if tool is not None:
        problems = check_arguments(tool.parameters, step.arguments, allow_unknown=False)
        if problems:
            raise EditError(f"{where}: {step.tool}: {'; '.join(problems)}")
    elif tools:
        raise EditError(f"{where}: there is no tool {shown(step.tool)}; there are {', '.join(t.name for t in tools)}")


def _without_nulls(answer: JsonObject) -> JsonObject:
    """The answer without fields that say nothing: servers that enforce a form make models fill them all."""
    edits = answer.get("edits")
    plain = {name: value for name, value in answer.items() if value is not None}
    if isinstance(edits, Sequence) and not isinstance(edits, str):
        plain["edits"] = [_without_nulls_in(edit) for edit in edits]
    return plain


def _without_nulls_in(edit: Json) -> Json:
    if not isinstance(edit, Mapping):
        return edit
    kept = {name: value for name, value in edit.items() if value is not None or _is_value(edit, name)}
    steps = kept.get("steps")
    if isinstance(steps, Sequence) and not isinstance(steps, str):
        kept["steps"] = [_without_nulls_in(step) for step in steps]
    return kept


def _is_value(edit: JsonObject, name: str) -> bool:
    """Null is a value that an argument can be set to."""
    return name == "value" and edit.get("op") == "set_argument"
