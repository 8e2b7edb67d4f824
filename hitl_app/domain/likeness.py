"""How much two JSON values have in common, from 0 to 1."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from hitl_app.domain.jsontypes import Json

MOST_FEATURES = 400
"""Features of a value that count; what comes after them is not looked at."""

WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\w+|\s+|.", re.DOTALL)
"""A word, a character of a script without spaces, a gap, or a sign."""

_MEANT = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\w+")

Features = frozenset[int]


def features(value: Json) -> Features:
    """What a value is made of: its plain values and words, each with the keys that lead to it."""
    return frozenset(islice(_features(value, ()), MOST_FEATURES))


def likeness(left: Features, right: Features) -> float:
    """Dice's coefficient: the share of the features that both have."""
    return 2 * len(left & right) / (len(left) + len(right)) if left or right else 1.0


def _features(value: Json, path: tuple[str, ...]) -> Iterator[int]:
    if isinstance(value, str):
        for word in _MEANT.finditer(value):
            yield hash((path, word.group()))
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _features(item, (*path, name))
    elif isinstance(value, Sequence):
        for item in value:
            yield from _features(item, path)
    else:
        yield hash((path, repr(value)))
