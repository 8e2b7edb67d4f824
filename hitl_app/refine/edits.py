"""Edits as people write them: a JSON list whose indexes all mean the trajectory as it was."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from hitl_app.domain.codec import CodecError, get_int, get_list, get_object, get_str
from hitl_app.domain.errors import UserError
from hitl_app.domain.hunk import Hunk, HunkError, Operator, check_hunks
from hitl_app.domain.jsontypes import Json, JsonObject, canonical, same_json
from hitl_app.domain.trajectory import Step, Trajectory, action, message
from hitl_app.refine.evolve import rewritten


class EditError(UserError):
    """An edit cannot be applied: names the edit, the field and the reason."""


def hunks_of_edits(base: Trajectory, edits: Json) -> tuple[Hunk, ...]:
    """Turn edits into hunks.

    Each edit is one of `{"op": "delete", "step": i}`, `{"op": "replace", "step": i, "action": {"name", "arguments"}}`
    (or `"message": text`), `{"op": "insert", "before": i, ...}`, `{"op": "move", "step": i, "before": j}`,
    `{"op": "set_argument", "step": i, "name", "value"}`, `{"op": "link", "step": i, "plan_step": k or null}`,
    `{"op": "regenerate_suffix", "step": i, "steps": [{"action"} or {"message"}, ...]}`. Each may say `"why"` and which
    gradients it answers, by id: `"answers": [...]`. Several `set_argument` of one step become one hunk; a regenerated
    suffix becomes a hunk for each run of steps that differs from what was there.

    Raises:
        EditError: Names the edit (counted from 0) and what is wrong with it.
    """
    if isinstance(edits, str) or not isinstance(edits, Sequence):
        raise EditError("edits: expected a JSON list of edits")
    hunks: list[Hunk] = []
    for number, edit in enumerate(edits):
        try:
            if not isinstance(edit, Mapping):
                raise CodecError("expected an object with a field op")
            for hunk in _hunks_of(base, edit):
                _add(hunks, _explained(hunk, edit))
        except CodecError as error:
            raise EditError(f"edit {number}: {error}") from None
    try:
        check_hunks(base.steps, hunks)
    except HunkError as error:
        raise EditError(f"edits do not fit together: {error}") from None
    return tuple(hunks)


_WRITTEN = {"action", "message", "role", "thought"}
_EXPLAINED = {"op", "why", "answers"}

FIELDS = {
    "delete": {"step"},
    "replace": {"step", *_WRITTEN},
    "insert": {"before", *_WRITTEN},
    "move": {"step", "before"},
    "set_argument": {"step", "name", "value"},
    "link": {"step", "plan_step"},
    "regenerate_suffix": {"step", "steps"},
}
"""What each operator may be given, besides `why` and `answers`."""


def _hunks_of(base: Trajectory, edit: JsonObject) -> Sequence[Hunk]:
    op = get_str(edit, "op")
    if op not in FIELDS:
        raise CodecError(f'op: there is no "{op}"; there are {", ".join(FIELDS)}')
    unknown = sorted(edit.keys() - FIELDS[op] - _EXPLAINED)
    if unknown:
        raise CodecError(f"{unknown[0]}: {op} has no such field")
    if op == "insert":
        at = _index(edit, "before", len(base.steps) + 1)
        return [Hunk(Operator.INSERT, at, at, (), (_written_step(edit, None),))]
    if op == "regenerate_suffix":
        return _suffix(base, edit)
    return [_hunk_of_step(base, op, edit)]


def _hunk_of_step(base: Trajectory, op: str, edit: JsonObject) -> Hunk:
    index = _index(edit, "step", len(base.steps))
    old = base.steps[index]
    if op == "delete":
        return Hunk(Operator.DELETE, index, index + 1, (old,), ())
    if op == "replace":
        return Hunk(Operator.REPLACE, index, index + 1, (old,), (_written_step(edit, old),))
    if op == "move":
        to = _index(edit, "before", len(base.steps) + 1)
        return Hunk(Operator.MOVE, index, index + 1, (old,), (old,), to=to)
    if op == "link":
        return Hunk(Operator.REPLACE, index, index + 1, (old,), (_linked_step(edit, old, base),))
    return Hunk(Operator.SET_ARGUMENT, index, index + 1, (old,), (_with_argument(index, old, edit),))


def _suffix(base: Trajectory, edit: JsonObject) -> list[Hunk]:
    """A hunk for each run of steps that differs: what stays the same keeps what was recorded of it."""
    first = _index(edit, "step", len(base.steps) + 1)
    if "steps" not in edit:
        raise CodecError("steps: missing")
    new = []
    for number, item in enumerate(get_list(edit, "steps")):
        if not isinstance(item, Mapping):
            raise CodecError(f"steps[{number}]: expected an object with an action or a message")
        try:
            new.append(_written_step(item, None))
        except CodecError as error:
            raise CodecError(f"steps[{number}]: {error}") from None
    old = base.steps[first:]
    same = SequenceMatcher(None, [_does(step) for step in old], [_does(step) for step in new], autojunk=False)
    changed = [codes for tag, *codes in same.get_opcodes() if tag != "equal"]
    if not changed:
        raise CodecError("steps: they are those of the trajectory already")
    return [
        Hunk(Operator.REGENERATE_SUFFIX, first + i1, first + i2, old[i1:i2], tuple(new[j1:j2]))
        for i1, i2, j1, j2 in changed
    ]


def _does(step: Step) -> str:
    """What a step does: a thought that was not written again is no difference."""
    return canonical([step.kind, step.role, step.text, step.tool, step.arguments])


def _explained(hunk: Hunk, edit: JsonObject) -> Hunk:
    answers = [identity for identity in get_list(edit, "answers") if isinstance(identity, str)]
    return replace(hunk, why=get_str(edit, "why", ""), gradient_ids=tuple(dict.fromkeys(answers)))


def _add(hunks: list[Hunk], hunk: Hunk) -> None:
    """Add a hunk; arguments of one step are set together."""
    for number, other in enumerate(hunks):
        if hunk.operator is other.operator is Operator.SET_ARGUMENT and hunk.start == other.start:
            old, arguments = other.before[0], {**other.after[0].arguments, **_changed(hunk)}
            hunks[number] = replace(
                other,
                after=(rewritten(old, replace(old, arguments=arguments)),),
                why="; ".join(filter(None, dict.fromkeys([other.why, hunk.why]))),
                gradient_ids=tuple(dict.fromkeys([*other.gradient_ids, *hunk.gradient_ids])),
            )
            return
    hunks.append(hunk)


def _changed(hunk: Hunk) -> JsonObject:
    old, new = hunk.before[0].arguments, hunk.after[0].arguments
    return {name: value for name, value in new.items() if name not in old or not same_json(value, old[name])}


def _with_argument(index: int, old: Step, edit: JsonObject) -> Step:
    if not old.is_action:
        raise CodecError(f"step: step {index} is a message and has no arguments")
    if "value" not in edit:
        raise CodecError("value: missing")
    arguments = {**old.arguments, get_str(edit, "name"): edit["value"]}
    return rewritten(old, replace(old, arguments=arguments))


def _linked_step(edit: JsonObject, old: Step, base: Trajectory) -> Step:
    """The step with another link to the plan: what a person says is certain, so it has no confidence."""
    if "plan_step" not in edit:
        raise CodecError("plan_step: missing; null takes the link away")
    if edit["plan_step"] is None:
        place = None
    elif not base.plan:
        raise CodecError("plan_step: this trajectory has no plan")
    else:
        place = _index(edit, "plan_step", len(base.plan))
    if place == old.plan_step:
        raise CodecError("plan_step: the step has this link already")
    return replace(old, plan_step=place, link_confidence=None)


def _index(edit: JsonObject, field: str, end: int) -> int:
    index = get_int(edit, field)
    if not 0 <= index < end:
        raise CodecError(f"{field}: {index} is not one of 0 to {end - 1}")
    return index


def _written_step(edit: JsonObject, old: Step | None) -> Step:
    if ("action" in edit) == ("message" in edit):
        raise CodecError("expected either an action or a message")
    if "message" in edit:
        role = "assistant" if old is None or old.is_action else old.role
        role = get_str(edit, "role", role)
        if role not in ("assistant", "user"):
            raise CodecError(f'role: "{role}" is neither assistant nor user')
        new = message(get_str(edit, "message"), role)
    else:
        call = get_object(edit, "action")
        new = action(get_str(call, "name"), get_object(call, "arguments"), thought=get_str(edit, "thought", ""))
    return new if old is None else rewritten(old, new)
