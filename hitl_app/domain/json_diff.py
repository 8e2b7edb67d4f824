"""Structural difference of two JSON values, as changes by path."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeGuard

from hitl_app.domain.alignment import Pairs, best_pairs, common
from hitl_app.domain.jsontypes import Json, JsonObject, canonical, same_json
from hitl_app.domain.likeness import features, likeness

Path = tuple[str | int, ...]

ALIKE = 0.3
"""Likeness from which on two items of a list are one that changed."""

_NAMES = ("id", "key", "name", "number", "code")
"""What the key ends with that tells the objects of a list apart."""


class ChangeKind(StrEnum):
    """What happened at a path."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    Attributes:
        path: Keys and indexes of the old value that lead to it. What is added to a list names the index that it is put
            in front of.
        before: The old value; None where it is added.
        after: The new value; None where it is removed.
    """

    kind: ChangeKind
    path: Path
    before: Json = None
    after: Json = None


def json_changes(old: Json, new: Json) -> tuple[Change, ...]:
    """What makes one value of another; empty where they are the same JSON. `apply_changes` is the inverse.

    The order of keys is no difference. Items of a list are aligned by a key that tells them apart, such as an id, else
    by content.
    """
    return tuple(_changes(old, new, ()))


def apply_changes(old: Json, changes: Sequence[Change]) -> Json:
    """Apply changes to the value that they were found in; keys keep its order, added ones come behind them."""
    if changes and not changes[0].path:
        return changes[0].after
    below = by_place(changes)
    if isinstance(old, Mapping):
        return dict(_applied_to_object(old, below))
    return list(_applied_to_list(old, below)) if is_list(old) else old


@dataclass(slots=True)
class Below:
    """What changes at one key or index of a value.

    Attributes:
        added: What is put in there; into a list, in front of what stands there.
        removed: What stands there goes.
        inside: Changes of what stands there, with paths that begin there.
    """

    added: list[Json] = field(default_factory=list)
    removed: bool = False
    inside: list[Change] = field(default_factory=list)


NOTHING = Below()


def by_place(changes: Iterable[Change]) -> dict[str | int, Below]:
    """Changes of an object or a list, by the key or index at which they begin."""
    found: dict[str | int, Below] = {}
    for change in changes:
        here = found.setdefault(change.path[0], Below())
        if len(change.path) > 1 or change.kind is ChangeKind.CHANGED:
            here.inside.append(replace(change, path=change.path[1:]))
        elif change.kind is ChangeKind.ADDED:
            here.added.append(change.after)
        else:
            here.removed = True
    return found


def path_text(path: Path) -> str:
    """`flights[0].date`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def is_list(value: Json) -> TypeGuard[Sequence[Json]]:
    """Whether a value is a list."""
    return isinstance(value, Sequence) and not isinstance(value, str)


def _changes(old: Json, new: Json, path: Path) -> Iterator[Change]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _changes_of_objects(old, new, path)
    elif is_list(old) and is_list(new):
        yield from _changes_of_lists(old, new, path)
    elif not same_json(old, new):
        yield Change(ChangeKind.CHANGED, path, old, new)


def _changes_of_objects(old: JsonObject, new: JsonObject, path: Path) -> Iterator[Change]:
    for name, value in old.items():
        if name in new:
            yield from _changes(value, new[name], (*path, name))
        else:
            yield Change(ChangeKind.REMOVED, (*path, name), before=value)
    for name, value in new.items():
        if name not in old:
            yield Change(ChangeKind.ADDED, (*path, name), after=value)


def _changes_of_lists(old: Sequence[Json], new: Sequence[Json], path: Path) -> Iterator[Change]:
    i = j = 0
    for end in (*_aligned(old, new), (len(old), len(new))):
        yield from (Change(ChangeKind.ADDED, (*path, i), after=new[k]) for k in range(j, end[1]))
        yield from (Change(ChangeKind.REMOVED, (*path, k), before=old[k]) for k in range(i, end[0]))
        i, j = end
        if i < len(old):
            yield from _changes(old[i], new[j], (*path, i))
        i, j = i + 1, j + 1


def _aligned(old: Sequence[Json], new: Sequence[Json]) -> Pairs:
    """Items that are one, in order."""
    name = _telling_key(old, new)
    if name is not None:
        return common([_named(item, name) for item in old], [_named(item, name) for item in new])
    pairs: Pairs = []
    i = j = 0
    for end in (*common([canonical(item) for item in old], [canonical(item) for item in new]), (len(old), len(new))):
        pairs += [(i + k, j + m) for k, m in _alike(old[i : end[0]], new[j : end[1]])]
        pairs.append(end)
        i, j = end[0] + 1, end[1] + 1
    return pairs[:-1]


def _alike(old: Sequence[Json], new: Sequence[Json]) -> Pairs:
    """Items between equal ones: one by one where as many go as come, else those that are alike."""
    if len(old) == len(new):
        return [(i, i) for i in range(len(old)) if _same_type(old[i], new[i])]
    left, right = [features(item) for item in old], [features(item) for item in new]

    def score(i: int, j: int) -> float:
        alike = likeness(left[i], right[j])
        return alike if alike >= ALIKE and _same_type(old[i], new[j]) else 0.0

    return best_pairs(len(old), len(new), score)


def _same_type(old: Json, new: Json) -> bool:
    return isinstance(old, Mapping) == isinstance(new, Mapping) and is_list(old) == is_list(new)


def _telling_key(old: Sequence[Json], new: Sequence[Json]) -> str | None:
    """A key that every object of both lists has with another value."""
    if not old or not new:
        return None
    first = old[0]
    names = first if isinstance(first, Mapping) else ()
    told = [name for name in names if name.lower().endswith(_NAMES)]
    return next((name for name in told if _tells_apart(old, name) and _tells_apart(new, name)), None)


def _tells_apart(items: Sequence[Json], name: str) -> bool:
    values = {_named(item, name) for item in items}
    return len(values) == len(items) and None not in values


def _named(item: Json, name: str) -> str | None:
    value = item.get(name) if isinstance(item, Mapping) else None
    return canonical(value) if isinstance(value, str | int) else None


def _applied_to_object(old: JsonObject, below: Mapping[str | int, Below]) -> Iterator[tuple[str, Json]]:
    for name, value in old.items():
        here = below.get(name, NOTHING)
        if not here.removed:
            yield name, apply_changes(value, here.inside)
    for added, here in below.items():
        yield from ((str(added), value) for value in here.added)


def _applied_to_list(old: Sequence[Json], below: Mapping[str | int, Below]) -> Iterator[Json]:
    for index, value in enumerate(old):
        here = below.get(index, NOTHING)
        yield from here.added
        if not here.removed:
            yield apply_changes(value, here.inside)
    yield from below.get(len(old), NOTHING).added
