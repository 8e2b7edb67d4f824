"""Hunks as edits that can be written down: the inverse of `edits.hunks_of_edits`, up to what only a recording knows."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from hitl_app.domain.hunk import Hunk, Operator
from hitl_app.domain.jsontypes import JsonObject, canonical, same_json
from hitl_app.domain.trajectory import Step


def edits_of_hunks(hunks: Sequence[Hunk]) -> list[JsonObject]:
    """Edits that do the same as the hunks, in their order.

    What an edit has no words for is left out: recorded observations, turns and links to the plan.
    """
    return [{**edit, **_explanation(hunk)} for hunk in hunks for edit in _edits(hunk)]


def _edits(hunk: Hunk) -> Iterator[JsonObject]:
    moves = hunk.operator is Operator.MOVE
    if [_does(step) for step in hunk.before] == [_does(step) for step in hunk.after]:
        for index in range(hunk.start, hunk.end) if moves else ():
            yield {"op": "move", "step": index, "before": hunk.at}
        return
    if moves:
        for index in range(hunk.start, hunk.end):
            yield {"op": "delete", "step": index}
        for step in hunk.after:
            yield {"op": "insert", "before": hunk.at, **_written(step)}
        return
    for number, (old, new) in enumerate(zip_longest(hunk.before, hunk.after)):
        index = hunk.start + number
        if new is None:
            yield {"op": "delete", "step": index}
        elif old is None:
            yield {"op": "insert", "before": hunk.end, **_written(new)}
        elif _only_arguments_differ(old, new):
            for name, value in new.arguments.items():
                if name not in old.arguments or not same_json(value, old.arguments[name]):
                    yield {"op": "set_argument", "step": index, "name": name, "value": value}
        elif _does(old) != _does(new):
            yield {"op": "replace", "step": index, **_written(new)}


def _only_arguments_differ(old: Step, new: Step) -> bool:
    """Whether arguments were set, and none was taken away."""
    if not old.is_action or (old.tool, old.thought, old.role) != (new.tool, new.thought, new.role):
        return False
    return _does(old) != _does(new) and old.arguments.keys() <= new.arguments.keys()


def _written(step: Step) -> JsonObject:
    if not step.is_action:
        return {"message": step.text, "role": step.role}
    call: JsonObject = {"action": {"name": step.tool, "arguments": step.arguments}}
    return {**call, "thought": step.thought} if step.thought else call


def _explanation(hunk: Hunk) -> JsonObject:
    why: JsonObject = {"why": hunk.why} if hunk.why else {}
    return {**why, "answers": list(hunk.gradient_ids)} if hunk.gradient_ids else why


def _does(step: Step) -> str:
    return canonical(step.content)
