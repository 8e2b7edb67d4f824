"""The reward functions for trainers: one file that runs anywhere, and rewards answers as the documentation says."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl_app.domain import grpo
from hitl_app.domain.arguments import check_arguments
from hitl_app.domain.jsontypes import Json, JsonObject

TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "refund",
            "description": "",
            "parameters": {
                "type": "object",
                "properties": {"order": {"type": "string"}, "amount": {"type": "number"}},
                "required": ["order"],
            },
        },
    }
]
INFO: dict[str, object] = {
    "tools": json.dumps(TOOLS),
    "global_plans": json.dumps(["Step 1: Look up the order\nof the customer\nStep 2: Refund the amount of the order"]),
    "due": 1,
    "agent_action": 'Action: {"name": "refund", "arguments": {"order": "A", "amount": 5}}',
    "recorded": {"adherence": 2.0, "end_to_end": 1.0, "plan_quality": 4.0},
    "norm": "max",
}
RIGHT = 'Thought: so\nAction: {"arguments": {"amount": 5, "order": "A"}, "name": "refund"}'
OTHER = 'Action: {"name": "refund", "arguments": {"order": "B"}}'
WORDS = "Action: Shall I look it up?"


def answers(*texts: str) -> dict[str, list[object]]:
    return {"prompts": [""] * len(texts), "completions": list(texts), "extra_info": [INFO] * len(texts)}


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        (RIGHT, 1),
        (OTHER, 1),
        (WORDS, 1),
        (f"{OTHER}\n{OTHER.removeprefix('Action: ')}", 1),
        ("Shall I look it up?", 0),
        ("Action: ", 0),
        ("Thought: I act\nAction:\n", 0),
        ('Action: {"name": "refund"', 0),
        ('Action: {"name": "refund", "arguments": {"order": 7}}', 0),
        ('Action: {"name": "refund", "arguments": {"order": "A", "fast": true}}', 0),
        ('Action: {"name": "refund", "arguments": {"amount": true, "order": "A"}}', 0),
        ('Action: {"name": "pay", "arguments": {}}', 0),
        ('Action: {"name": "refund", "arguments": {"order": "A"}} and then', 0),
        ("Action: {" * 5000, 0),
    ],
)
def test_an_answer_keeps_the_format_or_not(answer: str, kept: int) -> None:
    assert grpo.format_reward(**answers(answer)) == [kept]


def test_answers_may_be_messages() -> None:
    columns = answers(WORDS)
    columns["completions"] = [[{"role": "assistant", "content": WORDS}]]
    assert grpo.format_reward(**columns) == [1.0]


def test_adherence_is_recorded_or_read_out_of_the_words() -> None:
    steps = ("Action: I refund the amount of order B", "Action: look up the order of the customer", "Action: Hello you")
    assert grpo.adherence_reward(**answers(RIGHT, *steps, "no action")) == [2.0, 2.0, 1.0, 0.0, 0.0]


def test_the_end_is_known_of_the_recorded_action_alone_and_the_plan_is_the_same_for_all() -> None:
    assert grpo.end_to_end_reward(**answers(RIGHT, OTHER, "no action")) == [1.0, None, None]
    assert grpo.plan_quality_reward(**answers(RIGHT, OTHER)) == [4.0, 4.0]


def test_totals_of_the_stages_in_both_trainers_forms() -> None:
    """A term that was not measured adds nothing: of another answer than the recorded one, the end."""
    columns = answers(RIGHT, OTHER, "no action")
    assert grpo.stage1_reward(**columns) == [1 + 1 + 0.5, 1 + 1, 0]
    assert grpo.stage2_reward(**columns) == [1 + 0.5 + 0.8, 1 + 0.8, 0.8]
    assert grpo.stage3_reward(**columns) == [1.5, 1, 0]
    scores = [grpo.compute_score("travel", RIGHT, None, {**INFO, "stage": stage}) for stage in (1, 2, 3)]
    assert scores == [2.5, 2.3, 1.5]
    assert grpo.compute_score("travel", RIGHT, None, {**INFO, "norm": "range", "stage": 2}) == 1 + 0.5 + 0.75
    with pytest.raises(ValueError, match="stage"):
        grpo.compute_score("travel", RIGHT, None, INFO)
    with pytest.raises(ValueError, match="extra_info"):
        grpo.stage1_reward([""], [RIGHT])


SCALAR = (
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from([0.5, 2.0]) | st.sampled_from(["", "a", "abc"])
)
VALUE = st.recursive(SCALAR, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("xy"), inner))
TYPE = st.sampled_from(["string", "integer", "number", "boolean", "array", "object", "null", "any"])
PLAIN = st.fixed_dictionaries(
    {},
    optional={
        "type": TYPE | st.lists(TYPE, min_size=1, max_size=2),
        "enum": st.lists(SCALAR, min_size=1, max_size=2),
        "minimum": st.integers(-1, 1),
        "maximum": st.integers(-1, 1),
        "maxLength": st.integers(0, 2),
        "items": st.fixed_dictionaries({"type": TYPE}),
    },
)
SCHEMA = st.fixed_dictionaries(
    {},
    optional={
        "type": st.just("object"),
        "properties": st.dictionaries(st.sampled_from("xy"), PLAIN),
        "required": st.lists(st.sampled_from("xy"), max_size=2),
        "additionalProperties": st.booleans(),
    },
)


@given(SCHEMA, st.dictionaries(st.sampled_from("xyz"), VALUE))
def test_arguments_fit_where_the_desk_finds_nothing_wrong_with_them(
    schema: JsonObject, arguments: dict[str, Json]
) -> None:
    fits = not check_arguments(schema, arguments, allow_unknown=False)
    assert grpo.is_valid_call("t", arguments, {"t": schema}) == fits


def test_the_file_alone_runs_with_nothing_but_python(tmp_path: Path) -> None:
    """In another folder, without packages: the time is that of the import, after Python has started."""
    shutil.copyfile(grpo.__file__, tmp_path / "rewards.py")
    script = (
        "import time; began = time.perf_counter(); import rewards; took = time.perf_counter() - began;"
        "given = len(rewards.stage1_reward([], [], extra_info=[]));"
        "import sys; print(took, any('hitl_app' in name for name in sys.modules), given)"
    )
    command = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {script}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    took, ours, rewards = done.stdout.split()
    assert (ours, rewards) == ("False", "0")
    assert float(took) < 1
