"""JSON values, their canonical text, and content hashes made from it."""

import hashlib
import json
import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
JsonObject: TypeAlias = Mapping[str, Json]


MAX_DEPTH = 200
"""Levels of nesting up to which a text is read as JSON."""

_UTF8 = ("utf-8", "surrogatepass")

_encoder = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def canonical(value: Json) -> str:
    """One text for one JSON value: sorted keys, no spaces, no escapes beyond JSON's own.

    Raises:
        ValueError: The value holds NaN or an infinity, which JSON does not have.
    """
    return _encoder.encode(value)


def hashable(value: Json) -> Hashable:
    """Something that is equal for two values exactly where their canonical texts are, without writing those."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return frozenset((name, hashable(item)) for name, item in value.items())
    if isinstance(value, Sequence):
        return tuple(map(hashable, value))
    return (type(value), repr(value))


def content_hash(value: Json) -> str:
    """SHA-256 of the canonical text, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value).encode(*_UTF8)).hexdigest()


def list_hash(first: Sequence[Json], last: Iterable[Json]) -> str:
    """The content hash of a list whose last item is a long list, which is never whole in memory as text.

    No piece of work here is longer than one item: other threads go on beside it.
    """
    digest = hashlib.sha256(("[" + "".join(f"{canonical(item)}," for item in first) + "[").encode(*_UTF8))
    for number, item in enumerate(last):
        digest.update(("," * (number > 0) + canonical(item)).encode(*_UTF8))
    digest.update(b"]]")
    return digest.hexdigest()


def parse_or_text(text: str) -> Json:
    """The JSON value in `text`, or `text` itself where it is not JSON.

    Observations are compared in this form, so that key order and spacing do not count as a difference. NaN, infinities
    and nesting beyond `MAX_DEPTH` are not taken for JSON, so that every answer has a canonical text.
    """
    try:
        return parse_json(text)
    except ValueError:
        return text


def parse_json(text: str) -> Json:
    """The JSON value in `text`.

    Raises:
        ValueError: It is not JSON, or nested beyond `MAX_DEPTH`.
    """
    try:
        value: Json = json.loads(text, parse_constant=_refuse, parse_float=_finite)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if text.count("[") + text.count("{") > MAX_DEPTH and not _is_shallow(value):
        raise ValueError("nested too deeply")
    return value


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refuse(text)


def _is_shallow(value: Json) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return True
    return False


def _children(value: Json) -> Iterable[Json]:
    if isinstance(value, Mapping):
        return value.values()
    return () if isinstance(value, str) or not isinstance(value, Sequence) else value


def same_json(left: Json, right: Json) -> bool:
    """Equality as JSON sees it: unlike Python's `==`, true is not 1; like JavaScript's, 1 is 1.0."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(same_json(left[key], right[key]) for key in left)
    if isinstance(left, str) or isinstance(right, str):
        return isinstance(left, str) and isinstance(right, str) and left == right
    if isinstance(left, Sequence) and isinstance(right, Sequence):
        return len(left) == len(right) and all(map(same_json, left, right))
    return left == right
