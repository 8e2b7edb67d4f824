"""A scripted model that plans and acts on travel tasks: it makes what is left of the reference plan's calls.

A request with a seed is another sample: its model gives up after `PATIENCE` calls.
"""

import json
import os
from functools import cache
from pathlib import Path

from scripted_replies import JsonDict, Reply, calling, fitting, refusing, sample, wanted

from hitl_app.domain.trajectory import Step
from hitl_app.environments.travel.samples import clean_run
from hitl_app.workflow.samples import SEED

PATIENCE = 2
STALLS_AT = 6
SAMPLES = 12
_PLAN = {"plan": [{"reasoning": "because", "step": f"step {n}", "expected_outcome": "done"} for n in range(2)]}


def reply(request: JsonDict, number: int) -> Reply:
    """What the model says."""
    text = "\n".join(message.get("content") or "" for message in request["messages"])
    reference, schema = _reference(text), wanted(request)
    if reference is None:
        return Reply("OK") if schema is None else fitting(request, sample(schema))
    if schema is not None and "plan" in schema["properties"]:
        return fitting(request, _PLAN)
    made = list(_made(request))
    left = [step for step in reference if (step.tool, step.arguments) not in made]
    step = None if not left or (request.get("seed") and len(made) >= PATIENCE) else left[0]
    if schema is not None:
        return fitting(request, _move(step))
    return calling((step.tool, step.arguments), text="[plan step 1]") if step else Reply("All is planned.")


def stalling(request: JsonDict, number: int) -> Reply:
    """Does not answer one request, and leaves a file to say so."""
    stalled = Path(os.environ["ACTING_STALLED"])
    if number < STALLS_AT or stalled.exists():
        return reply(request, number)
    stalled.touch()
    return Reply(hang=True)


def toolless(request: JsonDict, number: int) -> Reply:
    """A server that takes no tools."""
    return refusing(request, "tools") or reply(request, number)


def _move(step: Step | None) -> JsonDict:
    action = {"name": step.tool, "arguments": step.arguments} if step else None
    message = None if step else "All is planned."
    return {"thought": "", "plan_step": None, "action": action, "message": message, "done": step is None}


def _made(request: JsonDict) -> "list[tuple[str, JsonDict]]":
    """Calls in the conversation, as calls or in JSON objects."""
    made = []
    for message in request["messages"]:
        for call in message.get("tool_calls") or ():
            made.append((call["function"]["name"], json.loads(call["function"]["arguments"])))
        if message["role"] == "assistant" and str(message.get("content")).startswith('{"thought"'):
            action = json.loads(message["content"])["action"]
            made += [(action["name"], action["arguments"])] if action else []
    return made


def _reference(text: str) -> list[Step] | None:
    """Steps of the reference plan for the sample whose instruction is quoted in the text."""
    quoted = set(text.splitlines())
    return next((steps for lines, steps in map(_sample, range(SAMPLES)) if lines <= quoted), None)


@cache
def _sample(index: int) -> tuple[frozenset[str], list[Step]]:
    """Lines of a sample's instruction as they are quoted, and its reference plan."""
    run = clean_run(SEED, index)
    lines = frozenset(f"| {line}".rstrip() for line in run.task.instruction.splitlines())
    return lines, [step for step in run.trajectory.steps if step.is_action]
