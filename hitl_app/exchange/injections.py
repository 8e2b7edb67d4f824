"""Instructions to the agent in texts that others wrote: by what an environment says that it injected, else by patterns.

The patterns are few. They find texts that speak to an agent about its task, as known attacks do, and miss a text that
only says what to do. What was measured is in docs/decisions/0009-cleaning.md.
"""

import re
from collections.abc import Collection

_SIGNS: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = tuple(
    (hints, re.compile(pattern))
    for hints, pattern in (
        (
            ("gnore", "GNORE", "isregard", "ISREGARD", "orget", "ORGET"),
            "(?:ignore|disregard|forget) (?:(?:all|any|of|the|these|those|my|your) ){0,3}"
            "(?:previous|prior|above|earlier|preceding|your) (?:[^ ]+ )?[a-z]{0,3}(?:nstructions?|prompts?|rules)",
        ),
        (("mportant message",), "important message from (?:[^ ]+ ){1,6}to you"),
        (("that I gave", "gave you"), "(?:before|after) you (?:can )?(?:solve|do) the task that i gave you"),
        (("ystem_message", "ystem message", "YSTEM MESSAGE"), "### ?system message"),
        (("dhere to",), "adhere to the following (?:new )?instructions?"),
        (
            ("ell the user", "ing the user", "nform the user", "otify the user", "lert the user"),
            "(?:do not|don t|never|without) (?:tell|telling|inform|informing|notify|notifying|alert|alerting) the user",
        ),
    )
)
"""Parts of a text, one of which stands wherever a pattern of its words does: they are quick to look for."""

_ESCAPE = re.compile(r"\\(?:\s*\n\s*\\?|[nrt\"/\\])")
_WORD = re.compile(r"[^\W_]+|###")


def reads_like_one(text: str) -> bool:
    """Whether some part of a text speaks to the agent about its task."""
    signs = [pattern for hints, pattern in _SIGNS if any(hint in text for hint in hints)]
    if not signs:
        return False
    spoken = words(text)
    return any(pattern.search(spoken) for pattern in signs)


def holds_one(text: str, injected: Collection[str]) -> bool:
    """Whether one of some texts stands in a text; `injected` as `words` gives them."""
    if not injected or len(text) < min(map(len, injected)):
        return False
    here = words(text)
    return any(each in here for each in injected)


def words(text: str) -> str:
    """The words of a text alone, in small letters: YAML and JSON fold the lines of a text, quote it and escape it."""
    return " ".join(_WORD.findall(_ESCAPE.sub(" ", text).lower()))
