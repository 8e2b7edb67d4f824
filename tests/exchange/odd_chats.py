"""Chats as no benchmark has them, for exports that must hold everything: all scripts, halves of characters, depth."""

import json
from pathlib import Path

from hypothesis import strategies as st

from hitl_app.domain.jsontypes import Json

CALLS = 4
"""Calls of each chat: as many as the reviews of `bundle_desk.decide` work on."""

LARGE = 350_000
"""Characters of a large argument, of three bytes each: a megabyte."""

ANSWER = "done"
"""What a chat must end with to reach its goal."""

PLAN = "## Step 1\nReasoning: 先看\nStep: look it up\n\n## Step 2\nReasoning: 👩‍👩‍👧\nStep: tell them"
ODD = (
    *("", "好的，预订", "👩‍👩‍👧 e\u0301", "\0\x1b[31m\r\n\u2028\x85", "half \ud83d"),
    *('{"a": [1]}', "=1+1", "<|im_end|>", "ann@example.org"),
)
TEXT = st.sampled_from(ODD) | st.text(max_size=10)
NUMBERS = st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
NESTED = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
ARGUMENTS = st.dictionaries(TEXT, NESTED, max_size=3)


@st.composite
def chats(draw: st.DrawFn, key: str) -> dict[str, Json]:
    """A chat in which anything may stand anywhere."""
    sizes = draw(st.sampled_from([(1, 1, 1, 1), (2, 2), (1, 3), (2, 1, 1)]))
    turns: list[Json] = []
    for turn, size in enumerate(sizes):
        names = [f"c{turn}-{number}" for number in range(size)]
        made: list[Json] = [_call(name, draw(ARGUMENTS), as_text=draw(st.booleans())) for name in names]
        turns.append({"role": "assistant", "content": draw(TEXT), "tool_calls": made})
        turns += [{"role": "tool", "tool_call_id": name, "content": draw(TEXT)} for name in names]
    return {
        **_chat(key, draw(TEXT), [*turns, {"role": "assistant", "content": draw(TEXT | st.just(ANSWER))}]),
        "model": draw(TEXT),
        "note": draw(NESTED),
    }


def chat(key: str, *odd: str) -> dict[str, Json]:
    """A chat of a plan and `CALLS` calls, whose arguments, observations and thoughts are these texts in turn."""
    turns: list[Json] = []
    for number in range(CALLS):
        text = odd[number % len(odd)]
        call = _call(f"c{number}", {text: {"in": [text, 2**70]}}, as_text=True)
        turns.append({"role": "assistant", "content": text if number else PLAN, "tool_calls": [call]})
        turns.append({"role": "tool", "tool_call_id": f"c{number}", "content": odd[(number + 1) % len(odd)]})
    return _chat(key, "go", [*turns, {"role": "assistant", "content": ANSWER}])


def large(key: str) -> dict[str, Json]:
    """A chat with arguments of a megabyte, nested deeply, whose calls are in one message and answered by nothing."""
    nested: Json = "深"
    for _ in range(50):
        nested = {"in": [nested]}
    calls: list[Json] = [_call("c0", {"text": "好" * LARGE, "nested": nested}, as_text=True)]
    calls += [_call(f"c{number}", {}, as_text=False) for number in range(1, CALLS)]
    results: list[Json] = [{"role": "tool", "tool_call_id": f"c{number}", "content": ""} for number in range(CALLS)]
    said: Json = {"role": "assistant", "content": None, "tool_calls": calls}
    return _chat(key, "go", [said, *results, {"role": "assistant", "content": ANSWER}])


def write(file: Path, records: list[dict[str, Json]]) -> Path:
    """The records as a file, halves of characters as escapes: a file cannot hold them otherwise."""
    file.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return file


def _chat(key: str, opening: str, turns: list[Json]) -> dict[str, Json]:
    function: Json = {"name": "look", "description": "查找", "parameters": {"type": "object"}}
    messages: list[Json] = [{"role": "system", "content": "规则"}, {"role": "user", "content": opening}, *turns]
    tools: Json = [{"type": "function", "function": function}]
    return {"id": key, "messages": messages, "tools": tools, "expected_answer": ANSWER}


def _call(name: str, arguments: Json, *, as_text: bool) -> Json:
    function: Json = {"name": "look", "arguments": json.dumps(arguments) if as_text else arguments}
    return {"id": name, "type": "function", "function": function}
