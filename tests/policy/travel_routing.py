"""The scripted policy behind two models, for COPE's cascade: `travel_routing:models`.

The model `small` slips wherever it can, but for what a goal or a guideline names; any other model is the policy of the
documented skill. A goal names one wish of the request, a guideline all that are not overlooked and the slips to avoid.
"""

from scripted_replies import JsonDict, Reply
from travel_policy import answer_as
from travel_reading import read_request
from travel_skill import BEGINNER, SKILL, Draws

SMALL = "small"
FORMS = ("one sentence", "one or two sentences")
SLIPS = (
    "a seat too few, less than a bed for each, a visit outside its hours (such as: open 9:00), no dinner on day 1, "
    "a total handed in without asking for it"
)


def models(request: JsonDict, number: int) -> Reply:
    """Answer as the model that is asked."""
    skill = BEGINNER if request.get("model") == SMALL else SKILL
    asked = read_request(request)
    goal, guideline = (f"Answer with {form}, and nothing else." in asked.opening for form in FORMS)
    if asked.trip is None or not (goal or guideline):
        return answer_as(request, skill)
    wishes = Draws(asked, skill).heeded(asked.trip)
    if goal:
        chosen = int(Draws(asked, skill).number("goal") * len(wishes))
        return Reply(f"Heed this: {wishes[chosen].text}" if wishes else "Plan the trip.")
    return Reply(f"Heed this: {'; heed this: '.join(wish.text for wish in wishes)}. Avoid: {SLIPS}.")
