"""Two models for cascades at the desk: their answers agree only where they are told how to go about it."""

from model_scripts import capable
from scripted_replies import JsonDict, Reply, said

GOAL, GUIDELINE, OWN = "Book the cheapest train.", "Compare the prices first.", "Ask for two seats."
"""What the models write, and what a person writes in their place."""


def reply(request: JsonDict, number: int) -> Reply:
    """`small` and `large` write goals and guidelines; what they do is one sentence."""
    text = said(request)
    if "WHAT has to be achieved" in text:
        return Reply(GOAL)
    if "HOW should the agent" in text:
        return Reply(GUIDELINE)
    if "response_format" in request or "tool_choice" in request or "Answer with the word OK" in text:
        return capable(request, number)
    guided = GUIDELINE in text or OWN in text
    return Reply("All is booked." if guided else f"Way {request.get('seed', 0)} is taken.")
