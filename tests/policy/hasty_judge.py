"""The scripted policy, but for the first question about a plan, which it turns away."""

import itertools

from scripted_replies import JsonDict, Reply, failing, said
from travel_policy import policy

_ASKED = itertools.count()


def reply(request: JsonDict, number: int) -> Reply:
    """Answer one request."""
    if '{"correctness_reason": ' in said(request) and next(_ASKED) < 1:
        return failing(401, "not now")
    return policy(request, number)
