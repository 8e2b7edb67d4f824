"""What a reader says of a file, and what it warns of."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypedDict

from .request import File, Row

Runs = list[tuple[bool, str]]
"""A text in runs of what is trained and what is not."""


class SeenRow(TypedDict):
    """A row as the trainer hands it to the model: its texts by name, and what stands beside them."""

    texts: dict[str, Runs]
    values: Row


class Answer(TypedDict, total=False):
    """A file as the trainer reads it; `problem` where it could not."""

    file: str
    loader: str
    read: int
    features: dict[str, str]
    rows: list[SeenRow]
    warnings: list[str]
    lost: list[str]
    problem: str


def answer_for(file: File, loader: str) -> Answer:
    """An answer that is still empty."""
    return Answer(file=file.path.name, loader=loader, warnings=[], lost=[])


def failed(error: Exception) -> str:
    """An exception of the trainer as one line."""
    return f"{type(error).__name__}: {error}"[:1000]


def look_through(answer: Answer, written: Sequence[Row], loaded: Sequence[Mapping[str, Any]] | None = None) -> None:
    """Add what the first rows lose, and what is put into them.

    Args:
        answer: With its rows.
        written: The same rows as they stand in the file.
        loaded: The same rows as the loader's data set has them; None where it keeps nothing of their form.
    """
    for number, (row, seen) in enumerate(zip(written, answer["rows"], strict=False)):
        text = "".join(part for runs in seen["texts"].values() for _, part in runs)
        for name, arguments in calls_of(row):
            if seen["texts"] and not (name in text and _stands_in(arguments, text)):
                answer["lost"].append(f"row {number}: the call of {name} is not what was written")
        for name, runs in seen["texts"].items():
            trained = "".join(part for is_trained, part in runs if is_trained)
            if any(f"<|im_start|>{role}\n" in trained for role in ("system", "user", "tool")):
                answer["warnings"].append(f"row {number}: {name} trains on words that are not the assistant's")
    for number, (row, held) in enumerate(zip(written, loaded or (), strict=False)):
        if added := sorted(set(_added(row, held, ""))):
            answer["warnings"].append(f"row {number}: filled with null: {', '.join(added)}")


def calls_of(value: object) -> Iterator[tuple[str, str]]:
    """Every native tool call inside a row: its name and its arguments."""
    if isinstance(value, Mapping):
        function = value.get("function")
        if value.get("type") == "function" and isinstance(function, Mapping) and "arguments" in function:
            yield str(function["name"]), str(function["arguments"])
        for item in value.values():
            yield from calls_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from calls_of(item)


def _stands_in(arguments: str, text: str) -> bool:
    """Whether arguments are in a text as they were written, or as a template writes the object."""
    return arguments in text or json.dumps(json.loads(arguments), ensure_ascii=False) in text


def _added(written: object, loaded: object, place: str) -> Iterator[str]:
    """Keys that a loader filled with null."""
    if isinstance(written, Mapping) and isinstance(loaded, Mapping):
        for name, item in loaded.items():
            if name not in written and item is None:
                yield f"{place}{name}"
            elif name in written:
                yield from _added(written[name], item, f"{place}{name}.")
    elif isinstance(written, list) and isinstance(loaded, list):
        for one, other in zip(written, loaded, strict=False):
            yield from _added(one, other, place)
