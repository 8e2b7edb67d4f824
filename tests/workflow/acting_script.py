"""A scripted model that plans and acts on travel tasks: it makes what is left of the reference plan's calls.

A request with a seed is another sample: its model gives up after `PATIENCE` calls.
"""

import json
import os
import re
from functools import cache
from pathlib import Path

from scripted_replies import JsonDict, Reply, calling, fitting, refusing, sample, wanted

from hitl_app.domain.trajectory import Step
from hitl_app.environments.travel.samples import clean_run

PATIENCE = 2
STALLS_AT = 6
_KEY = re.compile(r"^\| travel-(\w+)-(\d)-(\d+)-(\d+)$", re.MULTILINE)
_PLAN = {"plan": [{"reasoning": "because", "step": f"step {n}", "expected_outcome": "done"} for n in range(2)]}


def reply(request: JsonDict, number: int) -> Reply:
    """What the model says."""
    text = "\n".join(message.get("content") or "" for message in request["messages"])
    found, schema = _KEY.search(text), wanted(request)
    if found is None:
        return Reply("OK") if schema is None else fitting(request, sample(schema))
    if schema is not None and "plan" in schema["properties"]:
        return fitting(request, _PLAN)
    made = list(_made(request))
    left = [step for step in _reference(*found.groups()) if (step.tool, step.arguments) not in made]
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


@cache
def _reference(split: str, level: str, seed: str, index: str) -> list[Step]:
    run = clean_run(int(seed), int(index), int(level), split)
    return [step for step in run.trajectory.steps if step.is_action]
