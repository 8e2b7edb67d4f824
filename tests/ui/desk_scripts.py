"""Models for stories at the desk; the name of the model says which one is wanted."""

import re
from dataclasses import replace

from model_scripts import capable
from scripted_replies import JsonDict, Reply, fitting, said, slowly

WORDS = "The <b>blamed</b> step goes."
"""What the repairing model gives as its reason: not to be taken for markup."""

NAMED = re.compile(r"^gradient \w+ \(\w+, step (\d+), from the (?:environment|checker)", re.MULTILINE)


def reply(request: JsonDict, number: int) -> Reply:
    """`repairs` deletes the last step that a gradient names, `slow` takes a minute for it, `hangs` never answers.

    `acts` says at once that all is done, in other words for each branch.
    """
    model = request["model"]
    if model == "acts" and "tool_choice" not in request and "response_format" not in request:
        return Reply(f"All is done, says branch {request.get('seed', 0)}.")
    if model == "hangs":
        return Reply(hang=True)
    text = said(request)
    if '"edits"' not in text:
        return capable(request, number)
    step = max(int(found) for found in NAMED.findall(text))
    edit = {"op": "delete", "step": step, "why": "it is blamed"}
    answer = fitting(request, {"reasoning": WORDS, "kind": "edits", "edits": [edit]})
    return slowly(replace(answer, chunk=1), 0.5) if model == "slow" else answer
