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


def look_through(
    answer: Answer,
    written: Sequence[Row],
    loaded: Sequence[Row] = (),
    *,
    masks: bool = True,
) -> None:
    """Add what the first rows lose, and what is put into them.

    Args:
        answer: With its rows.
        written: The same rows as they stand in the file.
        loaded: The same rows as the loader's data set has them; none where it keeps nothing of their form.
        masks: The trainer learns to write what is trained; a reward model judges all of a text.
    """
    for number, (row, seen) in enumerate(zip(written, answer["rows"], strict=False)):
        text = "".join(part for runs in seen["texts"].values() for _, part in runs)
        missing = [what for what, forms in said_in(row) if text and not any(form in text for form in forms)]
        answer["lost"] += [f"row {number}: {what}" for what in missing]
        for name, runs in seen["texts"].items() if masks else ():
            trained = "".join(part for is_trained, part in runs if is_trained)
            if any(f"<|im_start|>{role}\n" in trained for role in ("system", "user", "tool")):
                answer["warnings"].append(f"row {number}: {name} trains on words that are not the assistant's")
    for number, (row, held) in enumerate(zip(written, loaded, strict=False)):
        if added := sorted(set(_added(row, held, ""))):
            answer["warnings"].append(f"row {number}: filled with null: {', '.join(added)}")


def said_in(value: object) -> Iterator[tuple[str, Sequence[str]]]:
    """Everything that the messages inside a row say or call, with the forms in which a template may write it."""
    if isinstance(value, list):
        for item in value:
            yield from said_in(item)
    elif isinstance(value, Mapping) and "role" in value:
        yield _content(value["role"], value.get("content"))
        for call in value.get("tool_calls") or ():
            yield from _call(call["function"])
    elif isinstance(value, Mapping) and value.get("from") == "function_call":
        words, mark, calls = value["value"].partition("<tool_call>")
        yield _content("assistant", words if mark else "")
        for call in json.loads(calls.removesuffix("</tool_call>") if mark else value["value"]):
            yield from _call(call)
    elif isinstance(value, Mapping) and "instruction" in value:
        yield _content("user", value["instruction"])
        yield _content("assistant", value["output"])
    elif isinstance(value, Mapping) and "from" in value:
        yield _content(value["from"], value["value"])
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from said_in(item)


def _content(role: str, content: str | None) -> tuple[str, Sequence[str]]:
    return f"words of {role}: {(content or '')[:200]}", ((content or "").strip(),)


def _call(function: Mapping[str, Any]) -> Iterator[tuple[str, Sequence[str]]]:  # Any: JSON
    """The name and the arguments of a call: as they were written, and as a template writes the object."""
    name, given = function["name"], function["arguments"]
    written = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)
    yield f"a call of {name}", (name,)
    yield f"arguments of {name}: {written[:200]}", (written, json.dumps(json.loads(written), ensure_ascii=False))


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
