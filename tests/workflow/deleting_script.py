"""A scripted model that repairs by deleting: of the steps that the gradients name, one after the other.

While the file that `HOLD` names exists, requests from the number in it on are left without an answer.
"""

import os
import re
from pathlib import Path

from scripted_replies import JsonDict, Reply, fitting, said

HOLD = "DELETING_SCRIPT_HOLD"

_NAMED = re.compile(r"^gradient \w+ \(\w+, step (\d+), from the (?:environment|checker)", re.MULTILINE)
_LOCKED = re.compile(r"the first (\d+) are locked")
_REFUSED = re.compile(r"^attempt \d+", re.MULTILINE)


def reply(request: JsonDict, number: int) -> Reply:
    """What the model says."""
    held = Path(os.environ[HOLD])
    if held.exists() and number >= int(held.read_text("utf-8")):
        return Reply(hang=True)
    text = said(request)
    if '"notes"' in text:
        return fitting(request, {"notes": [], "further": [], "earliest_cause": None})
    if '"edits"' not in text:  # the server is asked what it can do
        return fitting(request, {"ready": True})
    locked = int(found.group(1)) if (found := _LOCKED.search(text)) else 0
    steps = sorted({int(step) for step in _NAMED.findall(text)} - set(range(locked)), reverse=True)
    tried = len(_REFUSED.findall(text))
    if tried >= len(steps):
        return fitting(request, {"kind": "nothing", "reasoning": "There is nothing left to delete."})
    edit = {"op": "delete", "step": steps[tried], "why": "it is blamed"}
    return fitting(request, {"kind": "edits", "reasoning": "The blamed step goes.", "edits": [edit]})
