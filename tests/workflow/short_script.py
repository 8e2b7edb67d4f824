"""A scripted model that answers every question in five words, but those to which it never finds an end."""

from scripted_replies import JsonDict, Reply

SHORT = Reply("one two three four five")


def reply(request: JsonDict, number: int) -> Reply:
    return Reply("never " * 9, cut_after=2, hang=True) if "for ever" in str(request["messages"]) else SHORT
