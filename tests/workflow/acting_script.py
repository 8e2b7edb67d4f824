"""A scripted model that plans and acts on travel tasks: it makes what is left of the reference plan's calls.

A request with a seed is another sample: its model gives up after `PATIENCE` calls of its own.
"""

import json
import re
from functools import cache

from scripted_replies import JsonDict, Reply, calling, fitting

from hitl_app.domain.trajectory import Step
from hitl_app.environments.travel.samples import clean_run

PATIENCE = 3
_KEY = re.compile(r"^\| travel-(\w+)-(\d)-(\d+)-(\d+)$", re.MULTILINE)


def reply(request: JsonDict, number: int) -> Reply:
    """What the model says."""
    text = "\n".join(message.get("content") or "" for message in request["messages"])
    found = _KEY.search(text)
    if found is None:
        return _probed(request)
    if "write the plan" in text.lower():
        steps = [{"reasoning": "because", "step": f"step {n}", "expected_outcome": "done"} for n in range(3)]
        return fitting(request, {"plan": steps})
    split, level, seed, index = found.groups()
    made = [call["function"] for message in request["messages"] for call in message.get("tool_calls") or ()]
    done = [(call["name"], json.loads(call["arguments"])) for call in made]
    left = [step for step in _reference(split, int(level), int(seed), int(index)) if _call(step) not in done]
    if not left or (request.get("seed") and len(made) >= PATIENCE):
        return Reply("All is planned.")
    return calling(_call(left[0]), text=f"[plan step 1] {left[0].thought}")


def _call(step: Step) -> tuple[str, dict[str, object]]:
    return step.tool, dict(step.arguments)


@cache
def _reference(split: str, level: int, seed: int, index: int) -> list[Step]:
    return [step for step in clean_run(seed, index, level, split).trajectory.steps if step.is_action]


def _probed(request: JsonDict) -> Reply:
    """What a server is asked to find out what it can do."""
    if "tool_choice" in request or "response_format" in request:
        return fitting(request, {"ready": True})
    return Reply("OK")
