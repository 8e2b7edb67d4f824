"""A scripted model for a task that only a model can judge: it wants the length said, and proposes to say it."""

from scripted_replies import JsonDict, Reply, fitting, said

REQUIREMENTS = ["hello.txt holds the word hello", "The length of the text is said"]
LENGTH = "It is 5 bytes long."


def reply(request: JsonDict, number: int) -> Reply:
    """What the model says."""
    text = said(request)
    if '"requirements"' in text:
        return fitting(request, {"requirements": REQUIREMENTS})
    if '"verdicts"' in text:
        seen = [(0, True, [3]), (1, LENGTH in text, [5])]
        verdicts = [{"requirement": n, "evidence": "seen", "steps": steps, "met": met} for n, met, steps in seen]
        return fitting(request, {"verdicts": verdicts})
    if '"notes"' in text:
        return fitting(request, {"notes": [], "further": [], "earliest_cause": None})
    if '"edits"' in text:
        edit = {"op": "replace", "step": last_step(text), "message": f"Done. {LENGTH}", "why": "the length is missing"}
        return fitting(request, {"kind": "edits", "reasoning": "The length is missing.", "edits": [edit]})
    return fitting(request, {"ready": True})


def last_step(text: str) -> int:
    """Index of the last step that is shown."""
    return max(int(line.split()[1]) for line in text.splitlines() if line.startswith("step "))
