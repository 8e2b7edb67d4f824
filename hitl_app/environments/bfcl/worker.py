"""BFCL's multi-turn classes behind the worker protocol.

Runs in the environment's own Python, where this product cannot be imported (see `worker/serve.py`).

BFCL's own executor evaluates call strings and keeps its instances in module globals. Here a call is a name and
arguments, and a task's instances live in a `World`, which is copied for a snapshot. How a turn is judged follows
`bfcl_eval.eval_checker.multi_turn_eval.multi_turn_checker`.
"""

import copy
import hashlib
import importlib
import inspect
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import bfcl_eval
from bfcl_eval.constants.executable_backend_config import (
    CLASS_FILE_PATH_MAPPING,
    MULTI_TURN_FUNC_DOC_FILE_MAPPING,
    STATELESS_CLASSES,
)
from bfcl_eval.constants.type_mappings import GORILLA_TO_OPENAPI
from bfcl_eval.eval_checker.multi_turn_eval.func_source_code.gorilla_file_system import Directory, File

CLASSES = frozenset(
    {
        "GorillaFileSystem",
        "MathAPI",
        "MessageAPI",
        "TicketAPI",
        "TradingBot",
        "TravelAPI",
        "TwitterAPI",
        "VehicleControlAPI",
    }
)
DATA = Path(bfcl_eval.__file__).parent / "data"

ABSENT = "absent"
UNREAD = frozenset({"_api_description", "_last_modified"})
"""Attributes that no method reads; the second is the time of the machine."""

# Orders get their time stamps by way of the machine's time zone.
os.environ["TZ"] = "UTC"
if sys.platform != "win32":  # which reads the variable when it first needs the zone
    time.tzset()

Call = Mapping[str, object]
Task = Mapping[str, object]


class World:
    """The instances of a task's classes, in the state that the calls so far have led to."""

    def __init__(self, task: Task) -> None:
        """The initial state of `{"involved_classes", "initial_config", "long_context"}`.

        Raises:
            ValueError: Says which class or configuration is not supported.
        """
        self.instances: dict[str, object] = {}
        self._owners: dict[str, object] = {}
        config = task["initial_config"]
        for name in _texts(task["involved_classes"]):
            of_class = config.get(name, {}) if isinstance(config, Mapping) else {}
            instance = _build(name, of_class, long_context=task["long_context"] is True)
            self.instances[name] = instance
            for method, _ in inspect.getmembers(instance, inspect.ismethod):
                if not method.startswith("_"):
                    self._owners[method] = instance

    def has(self, name: str) -> bool:
        """Whether there is a tool of that name."""
        return name in self._owners

    def call(self, name: str, arguments: Mapping[str, object]) -> tuple[str, bool]:
        """What BFCL would answer, and whether it is an error."""
        if not self.has(name):
            return f"Error during execution: name '{name}' is not defined", True
        try:
            # Some methods keep their arguments and change them later.
            result = getattr(self._owners[name], name)(**copy.deepcopy(dict(arguments)))
        except MemoryError:
            raise
        except Exception as error:  # BFCL tells the agent of any exception
            return f"Error during execution: {error}", True
        return _as_text(result), isinstance(result, dict) and "error" in result

    def state(self) -> "State":
        """A picture of the present state."""
        return State(self.instances)


class State:
    """A picture of a world: lines of text, each of a part with a name, equal exactly where the worlds behave alike.

    Objects that two places share are told from equal ones: a copied folder of BFCL's file system shares its files.
    """

    def __init__(self, instances: Mapping[str, object]) -> None:
        self._labels: dict[int, str] = {}
        self._counts: Counter[str] = Counter()
        self.parts: dict[str, list[str]] = {}
        everything = hashlib.sha256()
        for class_name, instance in instances.items():
            for name, value in _attributes(instance):
                for part, line in self._lines(value, f"{class_name}/{name}", split=True):
                    self.parts.setdefault(part, []).append(line)
                    everything.update(f"{part}\t{line}\n".encode("utf-8", "surrogatepass"))
        self.digest = everything.hexdigest()

    def changed_since(self, before: "State") -> list[str]:
        """Names of the parts that differ."""
        names = before.parts.keys() | self.parts.keys()
        return sorted(name for name in names if before.parts.get(name) != self.parts.get(name))

    def _lines(self, value: object, part: str, *, split: bool) -> Iterator[tuple[str, str]]:
        """Lines of a value; `split`: each entry of a dictionary is a part of its own."""
        if isinstance(value, random.Random):
            yield part, hashlib.sha256(repr(value.getstate()).encode()).hexdigest()
        elif isinstance(value, set):
            yield part, repr(sorted(value, key=repr))
        elif not isinstance(value, dict | list | Directory | File):
            yield part, repr(value)
        elif id(value) in self._labels:
            yield part, f"the same as {self._labels[id(value)]}"
        else:
            self._counts[part] += 1
            self._labels[id(value)] = f"{part}#{self._counts[part]}"
            yield part, type(value).__name__
            yield from self._inner_lines(value, part, split=split)

    def _inner_lines(self, value: object, part: str, *, split: bool) -> Iterator[tuple[str, str]]:
        if isinstance(value, dict):
            for key, item in value.items():
                at = f"{part}/{key}" if split else part
                yield at, repr(key)
                yield from self._lines(item, at, split=False)
        elif isinstance(value, list):
            for item in value:
                yield from self._lines(item, part, split=False)
        else:
            for name, item in _attributes(value):
                yield part, name
                yield from self._lines(item, part, split=True)
        yield part, "end"


def _build(class_name: str, config: object, *, long_context: bool) -> object:
    if class_name not in CLASSES:
        raise ValueError(f"`{class_name}` is not one of {', '.join(sorted(CLASSES))}")
    instance: object = getattr(importlib.import_module(CLASS_FILE_PATH_MAPPING[class_name]), class_name)()
    if class_name not in STATELESS_CLASSES:
        load = getattr(instance, "_load_scenario")  # noqa: B009  # the class is the package's: untyped
        try:
            load(copy.deepcopy(config), long_context=long_context)
        except Exception as error:  # a configuration may be wrong in any way
            raise ValueError(
                f"{class_name} does not load its configuration: {type(error).__name__}: {error}"
            ) from error
    # What makes a context long stands in the module for all instances: credit cards, which calls charge.
    return copy.deepcopy(instance) if long_context else instance


def _attributes(value: object) -> Iterator[tuple[str, object]]:
    return ((name, item) for name, item in vars(value).items() if name not in UNREAD)


def _as_text(result: object) -> str:
    """The result as BFCL hands it to the agent."""
    if not isinstance(result, dict):
        return str(result)
    try:
        return json.dumps(result)
    except (TypeError, ValueError):
        return str(result)


def _texts(value: object) -> Sequence[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError("involved_classes: expected a list of names")
    return value


def judge(task: Task, turns: list[list[Call]], gold: list[list[Call]]) -> list[object]:
    """How each turn of the gold compares with the same turn of a run; null for one in which the gold calls nothing.

    State: the public attributes after the turn. Answers: those of the gold's calls in this turn occur, each as often,
    among the run's up to here. A turn in which the run calls nothing misses every answer.
    """
    ours, ideal = World(task), World(task)
    answers: list[str] = []
    verdicts: list[object] = []
    for number, wanted in enumerate(gold):
        made = _run(ours, turns[number]) if number < len(turns) else []
        expected = _run(ideal, wanted)
        answers += made
        verdicts.append(_turn(ours, ideal, wanted, expected, answers if made else []) if wanted else None)
    return verdicts


def _run(world: World, calls: Sequence[Call]) -> list[str]:
    return [world.call(str(call["name"]), _object(call["arguments"]))[0] for call in calls]


def _turn(ours: World, ideal: World, wanted: Sequence[Call], expected: Sequence[str], answers: list[str]) -> object:
    left = Counter(answers)
    missing = []
    for call, answer in zip(wanted, expected, strict=True):
        if left[answer]:
            left[answer] -= 1
        else:
            missing.append({"call": call, "answer": answer})
    differences = [
        {"at": at, "expected": wanted_text, "observed": text} for at, wanted_text, text in _differences(ideal, ours)
    ]
    return {"differences": differences, "missing": missing}


def _differences(ideal: World, ours: World) -> Iterator[tuple[str, str, str]]:
    """Where two worlds differ: the place, and what is there in each."""
    for name, instance in ideal.instances.items():
        for attribute, value in vars(instance).items():
            if attribute.startswith("_"):
                continue
            at = f"{name}/{attribute}"
            try:
                yield from _differing(at, value, getattr(ours.instances[name], attribute))
            except RecursionError:  # BFCL can copy a folder into itself
                yield at, "a state that can be compared", "one that holds itself"


def _differing(at: str, expected: object, observed: object) -> Iterator[tuple[str, str, str]]:
    """The innermost places where two values differ by BFCL's comparison."""
    if expected == observed:
        return
    left, right = _entries(expected), _entries(observed)
    if left is None or right is None or left == right:
        yield at, _shown(expected), _shown(observed)
        return
    for key in {**left, **right}:
        inner = f"{at}/{key}"
        if key not in right:
            yield inner, _shown(left[key]), ABSENT
        elif key not in left:
            yield inner, ABSENT, _shown(right[key])
        else:
            yield from _differing(inner, left[key], right[key])


def _entries(value: object) -> Mapping[object, object] | None:
    found = value.contents if isinstance(value, Directory) else value
    return found if isinstance(found, dict) else None


def _shown(value: object) -> str:
    if isinstance(value, File):
        return json.dumps(value.content)
    if isinstance(value, Directory):
        return f"a directory of {', '.join(value.contents) or 'nothing'}"
    return json.dumps(value, default=str)


def describe(class_name: str) -> list[object]:
    """The tools of a class: names, descriptions and JSON Schemas."""
    if class_name not in CLASSES:
        return []
    lines = (DATA / "multi_turn_func_doc" / MULTI_TURN_FUNC_DOC_FILE_MAPPING[class_name]).read_text(encoding="utf-8")
    tools = map(json.loads, filter(str.strip, lines.splitlines()))
    return [
        {"name": tool["name"], "description": tool["description"], "parameters": _schema(tool["parameters"])}
        for tool in tools
    ]


def _schema(doc: Mapping[str, object]) -> dict[str, object]:
    """A JSON Schema from BFCL's, whose types are Python's."""
    schema = {**doc, "type": GORILLA_TO_OPENAPI[str(doc["type"])]}
    if "properties" in doc:
        schema["properties"] = {name: _schema(_object(inner)) for name, inner in _object(doc["properties"]).items()}
    if "items" in doc:
        schema["items"] = _schema(_object(doc["items"]))
    return schema


def _object(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise TypeError(f"expected an object, not {type(value).__name__}")
    return value


class Worker:
    """The handlers; one task at a time."""

    def __init__(self) -> None:
        self._task: Task = {}
        self._world = World({"involved_classes": [], "initial_config": {}, "long_context": False})
        self._state = self._world.state()
        self._snapshots: dict[str, World] = {}

    def data(self) -> str:
        """Folder of the benchmark's own data."""
        return str(DATA)

    def tools(self, classes: list[str]) -> object:
        """The tools of these classes."""
        return [tool for name in classes for tool in describe(name)]

    def reset(self, task: Task) -> object:
        """Go to the initial state of a task."""
        self._snapshots.clear()
        try:
            self._task, world = task, World(task)
        except ValueError as error:
            return {"unavailable": f"The task's initial state cannot be made: {error}."}
        self._enter(world)
        return {"state": self._state.digest}

    def step(self, name: str, arguments: Mapping[str, object]) -> object:
        """Call a tool; None where there is none of that name."""
        if not self._world.has(name):
            return None
        before = self._state
        text, failed = self._world.call(name, arguments)
        self._state = self._world.state()
        changed = self._state.changed_since(before)
        return {"text": text, "failed": failed, "changed": changed, "state": self._state.digest}

    def snapshot(self) -> str:
        """Keep the present state under its digest."""
        token = self._state.digest
        if token not in self._snapshots:
            self._snapshots[token] = copy.deepcopy(self._world)
        return token

    def restore(self, token: str) -> None:
        """Go back to a kept state."""
        self._enter(copy.deepcopy(self._snapshots[token]))

    def judge(self, turns: list[list[Call]], gold: list[list[Call]]) -> object:
        """Compare a run with the gold, turn by turn, in worlds of their own."""
        return judge(self._task, turns, gold)

    def _enter(self, world: World) -> None:
        self._world, self._state = world, world.state()


_worker = Worker()
HANDLERS = {
    handler.__name__: handler
    for handler in (
        _worker.data,
        _worker.tools,
        _worker.reset,
        _worker.step,
        _worker.snapshot,
        _worker.restore,
        _worker.judge,
    )
}
