"""Which task a tau2 run was really given.

`simulation.task_id` can disagree with the task that was run, so the evidence in the run's own verdict comes first.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hitl_app.domain.codec import get_object, get_objects, get_strings
from hitl_app.domain.jsontypes import Json, JsonObject, canonical, same_json

_IDENTIFIER = re.compile(r"[\w#@.-]*\d[\w#@.-]*\w")


@dataclass(frozen=True)
class TrueTask:
    """A run's task.

    Attributes:
        key: Its id; ends in `?` where all evidence speaks against the recorded id and for no other.
        raw: The task as the file has it; None where the file does not have it.
        evidence: What the id was read from.
    """

    key: str
    raw: JsonObject | None
    evidence: str


class TaskIndex:
    """The tasks of one file."""

    def __init__(self, tasks: Iterable[Json]) -> None:
        self._tasks: dict[str, JsonObject] = {}
        for task in tasks:
            if isinstance(task, Mapping) and "id" in task:
                self._tasks[str(task["id"])] = task

    def find(self, run: JsonObject) -> TrueTask:
        """The task that the run was given."""
        claimed = str(run.get("task_id", ""))
        verdict = get_object(run, "reward_info")
        if checked := checked_actions(verdict):
            return self._by_actions(claimed, checked)
        assertions = _texts(verdict, "nl_assertions", "nl_assertion")
        infos = _texts(verdict, "communicate_checks", "info")
        if assertions or infos:
            return self._by_criteria(claimed, assertions, infos)
        return self._by_identifiers(claimed, run)

    def _by_actions(self, claimed: str, checked: tuple[JsonObject, ...]) -> TrueTask:
        """The task with these actions; their ids name it too, but in some files one number beside its id."""
        fitting = [key for key, task in self._tasks.items() if _same_actions(task, checked)]
        first = str(checked[0].get("action_id", ""))
        fitting = fitting or [key for key, task in self._tasks.items() if first in _action_ids(task)]
        if fitting:
            key = claimed if claimed in fitting else fitting[0]
            return TrueTask(key, self._tasks[key], "action_checks")
        prefix = first.rpartition("_")[0]
        return TrueTask(prefix if prefix.isdigit() else f"{claimed}?", None, "action_checks")

    def _by_criteria(self, claimed: str, assertions: tuple[str, ...], infos: tuple[str, ...]) -> TrueTask:
        def fits(task: JsonObject) -> bool:
            criteria = get_object(task, "evaluation_criteria")
            return (not assertions or get_strings(criteria, "nl_assertions") == assertions) and (
                not infos or get_strings(criteria, "communicate_info") == infos
            )

        evidence = "nl_assertions" if assertions else "communicate_checks"
        fitting = [key for key, task in self._tasks.items() if fits(task)]
        if claimed in fitting or (not fitting and claimed not in self._tasks):
            return TrueTask(claimed, self._tasks.get(claimed), evidence)
        if fitting:
            return TrueTask(fitting[0], self._tasks[fitting[0]], evidence)
        return TrueTask(f"{claimed}?", None, evidence)

    def _by_identifiers(self, claimed: str, run: JsonObject) -> TrueTask:
        """Nothing was judged: keep the recorded id unless the names in the conversation are those of one other task."""
        said = [
            [m.get("content"), m.get("tool_calls")] for m in get_objects(run, "messages") if m.get("role") != "tool"
        ]
        spoken = frozenset(_IDENTIFIER.findall(canonical(said)))

        def named(task: JsonObject) -> bool:
            return not spoken.isdisjoint(
                word for word in _IDENTIFIER.findall(canonical(task.get("user_scenario"))) if len(word) > 4
            )

        fitting = [key for key, task in self._tasks.items() if named(task)]
        if len(fitting) == 1 and fitting[0] != claimed and claimed in self._tasks:
            return TrueTask(fitting[0], self._tasks[fitting[0]], "identifiers")
        return TrueTask(claimed, self._tasks.get(claimed), "task_id")


def checked_actions(verdict: JsonObject) -> tuple[JsonObject, ...]:
    """The gold actions that a verdict compared with, as the file has them."""
    return tuple(get_object(check, "action") for check in get_objects(verdict, "action_checks"))


def _action_ids(task: JsonObject) -> frozenset[str]:
    actions = get_objects(get_object(task, "evaluation_criteria"), "actions")
    return frozenset(str(action.get("action_id", "")) for action in actions)


def _same_actions(task: JsonObject, checked: tuple[JsonObject, ...]) -> bool:
    actions = get_objects(get_object(task, "evaluation_criteria"), "actions")
    return len(actions) == len(checked) and all(
        same_json(ours.get(name), theirs.get(name))
        for ours, theirs in zip(actions, checked, strict=True)
        for name in ("action_id", "name", "arguments")
    )


def _texts(verdict: JsonObject, field: str, name: str) -> tuple[str, ...]:
    return tuple(str(check.get(name, "")) for check in get_objects(verdict, field))
