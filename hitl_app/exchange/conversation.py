"""Trajectories as chats: what an agent read and wrote, in the form that trainers take.

Every message has the same keys, and a tool call's arguments are JSON text, so that `datasets` gives every row one type
and adds nothing to it.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import dropwhile, groupby

from hitl_app.domain.inspection import Inspection
from hitl_app.domain.jsontypes import Json, JsonObject, canonical
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import Step, Trajectory


@dataclass(frozen=True)
class Turn:
    """Messages that belong together: one message, or an assistant's calls with their results.

    Attributes:
        indexes: The trajectory's steps that it was made of.
        key: What was said and done, without what was observed: equal keys, the same turn.
    """

    role: str
    messages: tuple[JsonObject, ...]
    indexes: tuple[int, ...]
    key: str


def message(role: str, content: str, **more: Json) -> JsonObject:
    """A chat message; keys that it does not use are null."""
    blank: dict[str, Json] = {"role": role, "content": content, "tool_calls": None, "tool_call_id": None, "name": None}
    return blank | more


def system_message(task: Task) -> tuple[JsonObject, ...]:
    """The task's policy as the first message; nothing where it has none."""
    return (message("system", task.policy),) if task.policy else ()


def turns_of(trajectory: Trajectory, inspection: Inspection | None) -> list[Turn]:
    """The trajectory's turns. An observation is the executed one where there is one, else the recorded one.

    What a simulated user did with tools of its own is left out: the agent never saw it.
    """
    seen = ((index, step) for index, step in enumerate(trajectory.steps) if not step.is_action or step.role != "user")
    turns: list[Turn] = []
    for _, group in groupby(seen, key=_turn_key):
        steps = list(group)
        turns.append(_calls(steps, inspection) if steps[0][1].is_action else _said(*steps[0]))
    return turns


def flatten(turns: Sequence[Turn]) -> list[JsonObject]:
    """All messages of the turns."""
    return [item for turn in turns for item in turn.messages]


def tools_text(tools: Sequence[ToolSpec]) -> str | None:
    """Tools as the JSON text of a list of function schemas; None where there are none."""
    return to_text(schemas(tools)) if tools else None


def schemas(tools: Sequence[ToolSpec]) -> list[JsonObject]:
    """Tools as function schemas."""
    return [
        {
            "type": "function",
            "function": {"name": tool.name, "description": tool.description, "parameters": tool.parameters},
        }
        for tool in tools
    ]


def up_to_last_answer(messages: Sequence[JsonObject]) -> list[JsonObject]:
    """Messages up to the last one in which the assistant says or does something: the rest is not learnt from."""
    answers = [
        number
        for number, item in enumerate(messages, 1)
        if item["role"] == "assistant" and (item["content"] or item["tool_calls"])
    ]
    return list(messages[: answers[-1] if answers else 0])


def from_first_words(messages: Sequence[JsonObject], roles: Collection[str] = ("system", "user")) -> list[JsonObject]:
    """Messages without a greeting, beginning with one of the roles; none where the assistant acted before."""
    kept = list(dropwhile(lambda item: item["role"] == "assistant" and not item["tool_calls"], messages))
    return kept if kept and kept[0]["role"] in roles else []


def functions(item: JsonObject) -> Iterator[tuple[str, str]]:
    """Names and arguments of the calls of a message; arguments are JSON text."""
    calls = item["tool_calls"]
    for call in calls if isinstance(calls, Sequence) else ():
        function = call["function"] if isinstance(call, Mapping) else None
        if isinstance(function, Mapping):
            yield str(function["name"]), str(function["arguments"])


def to_text(value: Json) -> str:
    """JSON text in the order in which the keys stand."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def without_ids(messages: Sequence[JsonObject]) -> str:
    """Canonical text of messages with their calls' ids left out: those only number the steps."""
    return canonical([_without_ids(item) for item in messages])


def _without_ids(item: JsonObject) -> JsonObject:
    calls = item["tool_calls"]
    kept: dict[str, Json] = {name: value for name, value in item.items() if name != "tool_call_id"}
    if isinstance(calls, Sequence):
        kept["tool_calls"] = [call["function"] for call in calls if isinstance(call, Mapping)]
    return kept


def _turn_key(item: tuple[int, Step]) -> tuple[int, int]:
    """Calls of one assistant message share a key; every other step has one of its own."""
    index, step = item
    return (0, step.turn) if step.is_action and step.turn is not None else (1, index)


def _said(index: int, step: Step) -> Turn:
    return Turn(step.role, (message(step.role, step.text),), (index,), canonical(step.content))


def _calls(steps: Sequence[tuple[int, Step]], inspection: Inspection | None) -> Turn:
    calls: list[Json] = []
    results: list[JsonObject] = []
    for index, step in steps:
        call_id = f"call_{index}"
        function = {"name": step.tool, "arguments": to_text(step.arguments)}
        calls.append({"id": call_id, "type": "function", "function": function})
        results.append(message("tool", _observed(index, step, inspection), tool_call_id=call_id, name=step.tool))
    thought = "\n".join(step.thought for _, step in steps if step.thought)
    return Turn(
        "assistant",
        (message("assistant", thought, tool_calls=calls), *results),
        tuple(index for index, _ in steps),
        canonical([step.content for _, step in steps]),
    )


def _observed(index: int, step: Step, inspection: Inspection | None) -> str:
    executed = inspection.execution.steps if inspection is not None else ()
    observation = executed[index].observation if index < len(executed) else None
    if observation is not None:
        return observation.text
    return step.expected.text if step.expected is not None else ""
