"""What OpenRLHF and LLaMA-Factory take, refuse or misread of the rows that we write for them."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trainer_samples import FIXED, STEPS, TASK, TOOLS, TWO_CALLS, approved, better, export, parquet, rows, said

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.training import ExportSettings, Splits
from hitl_app.domain.trajectory import Recorded, action, message
from hitl_app.exchange.conversation import message as chat_message
from hitl_app.exchange.examples.turns import SAYS_NOTHING
from hitl_app.exchange.exporters import flat, llama_factory

# --- calls as text ---


def test_where_a_trainer_knows_no_tools_calls_and_schemas_are_text_in_the_words_of_qwens_template(
    tmp_path: Path,
) -> None:
    export("openrlhf", FIXED, tmp_path)
    (row,) = rows(tmp_path / "pairs-divergence-train.jsonl")
    assert {frozenset(item) for side in ("prompt", "chosen", "rejected") for item in row[side]} == {
        frozenset({"role", "content"})
    }
    system = row["prompt"][0]["content"]
    assert system.startswith("Be careful.\n\n# Tools\n\nYou may call one or more functions to assist with the user")
    schema = {"name": "ping", "description": "", "parameters": {}}
    assert f"\n{json.dumps({'type': 'function', 'function': schema})}\n</tools>\n" in system
    assert row["prompt"][3] == {"role": "assistant", "content": f"Let me see\n{TWO_CALLS}"}
    assert [item["content"] for item in row["prompt"] if item["role"] == "tool"][:2] == ["found a", "found b"]
    assert row["chosen"] == [
        {
            "role": "assistant",
            "content": 'I book.\n<tool_call>\n{"name": "book", "arguments": {"seats": 2}}\n</tool_call>',
        }
    ]
    assert row["margin"] == 0.5


def test_schemas_are_the_system_text_where_the_task_has_no_policy() -> None:
    made = flat.flat([chat_message("user", "Hello")], TOOLS)
    assert [item["role"] for item in made] == ["system", "user"]
    assert str(made[0]["content"]).startswith("# Tools\n")
    assert flat.flat([chat_message("user", "{not} a format")]) == [{"role": "user", "content": "{not} a format"}]


@pytest.mark.parametrize("name", ["openrlhf", "axolotl"])
def test_a_pair_whose_sides_are_one_text_trains_on_nothing_and_is_left_out(name: str, tmp_path: Path) -> None:
    words = '<tool_call>\n{"name": "book", "arguments": {"id": "b"}}\n</tool_call>'
    summary = export(name, better(message(words)), tmp_path)
    assert dict(summary.excluded)[f"pairs-divergence: {flat.EQUAL}"] == 1
    assert not (tmp_path / "pairs-divergence-train.jsonl").exists()


def test_a_rendered_chat_has_results_as_qwens_template_shows_them() -> None:
    told = flat.chatml(
        [{"role": role, "content": text} for role, text in (("user", "U"), ("tool", "1"), ("tool", "2"))]
    )
    results = "<tool_response>\n1\n</tool_response>\n<tool_response>\n2\n</tool_response>"
    assert told == f"<|im_start|>user\nU<|im_end|>\n<|im_start|>user\n{results}<|im_end|>\n"


@pytest.mark.parametrize("name", ["openrlhf", "llama-factory", "axolotl", "verl", "openai-sft"])
def test_every_demonstration_ends_with_what_the_assistant_says_or_does(name: str, tmp_path: Path) -> None:
    if name == "verl":
        pytest.importorskip("pyarrow")
    silent = (message("Hello", "user"), action("ping", {}, expected=Recorded("pong")), message(""))
    export(name, approved(*silent), tmp_path / "calls")
    file = next((tmp_path / "calls").glob("demonstrations-train.*[lt]"))
    (row,) = parquet(file) if name == "verl" else rows(file)
    last = next(row[name] for name in ("messages", "input", "conversations") if name in row)[-1]
    assert last.get("role", last.get("from")) in ("assistant", "function_call"), "neither a result nor empty words"
    summary = export(name, approved(message("Hello", "user"), message("")), tmp_path / "silent")
    assert dict(summary.excluded)[f"demonstrations: {flat.NO_ANSWER}"] == 1


# --- OpenRLHF ---


def test_openrlhf_gets_answers_as_lists_and_whole_chats_for_its_own_mask(tmp_path: Path) -> None:
    export("openrlhf", FIXED, tmp_path)
    (answer,) = rows(tmp_path / "answers-train.jsonl")
    (whole,) = rows(tmp_path / "demonstrations-train.jsonl")
    (prompt,) = rows(tmp_path / "prompts-train.jsonl")
    assert answer["input"] == prompt["input"] == whole["input"][: len(answer["input"])]
    assert answer["output"] == whole["input"][len(answer["input"]) :], "one message: no result of a tool in it"
    assert json.loads(prompt["label"]) == [{"name": "book", "arguments": {"seats": 2}}]
    assert "tools" not in answer, "it would be ignored in silence"


@pytest.mark.parametrize("name", ["openrlhf", "verl"])
def test_no_whole_chat_begins_with_the_assistant(name: str, tmp_path: Path) -> None:
    """OpenRLHF renders what stands before each answer and stops at nothing; veRL's mask shifts by a template's text."""
    if name == "verl":
        pytest.importorskip("pyarrow")
    task = replace(TASK, policy="", tools=())
    export(name, approved(*STEPS, task=task), tmp_path / "greets", task)
    file = next((tmp_path / "greets").glob("demonstrations-train.*[lt]"))
    (row,) = parquet(file) if name == "verl" else rows(file)
    assert (row.get("input") or row["messages"])[0] == {"role": "user", "content": "Hello"}
    summary = export(name, approved(*STEPS[2:], task=task), tmp_path / "acts", task)
    assert dict(summary.excluded)[f"demonstrations: {flat.NO_PROMPT}"] == 1


# --- LLaMA-Factory ---


def test_llama_factory_gets_turns_in_alternation_with_parallel_calls_and_results_joined(tmp_path: Path) -> None:
    export("llama-factory", approved(*STEPS), tmp_path)
    (row,) = rows(tmp_path / "demonstrations-train.jsonl")
    turns = row["conversations"]
    assert said(turns) == [
        *("human", "function_call", "observation", "function_call", "observation", "gpt"),
        *("human", "function_call", "observation", "gpt"),
    ]
    assert turns[2]["value"] == "found a\n</tool_response>\n<tool_response>\nfound b"
    assert turns[3]["value"].startswith("Once more.\n<tool_call>["), "words before a call are one turn with it"
    assert row["system"] == "Be careful."
    assert [tool["function"]["name"] for tool in json.loads(row["tools"])] == ["look", "book", "ping"], "JSON text"


def test_llama_factory_finds_the_thought_and_the_calls_where_it_looks_for_them(tmp_path: Path) -> None:
    export("llama-factory", approved(*STEPS), tmp_path)
    (row,) = rows(tmp_path / "demonstrations-train.jsonl")
    value = row["conversations"][1]["value"]
    thought, _, inside = value.partition("<tool_call>")
    listed, _, after = inside.partition("</tool_call>")  # as its regular expression does: up to the first end mark
    assert (thought, after) == ("Let me see\n", "")
    assert json.loads(listed) == [
        {"name": "look", "arguments": {"id": "</tool_call><b>"}},
        {"name": "look", "arguments": {"id": "b"}},
    ], "arguments are objects"
    bare = row["conversations"][7]["value"]
    assert json.loads(bare) == [{"name": "book", "arguments": {"id": "b"}}], "without a thought there are no marks"


def test_llama_factory_gets_no_thought_that_holds_its_mark(tmp_path: Path) -> None:
    marked = action("look", {}, thought="I write <tool_call> now")
    summary = export("llama-factory", approved(message("Hello", "user"), marked), tmp_path)
    assert dict(summary.excluded) == {f"demonstrations: {llama_factory.MARKED}": 1, **AS_IT_IS}


AS_IT_IS = {
    "approved as it is: nothing to prefer it to": 1,
    "divergence: approved as it is: it differs from nothing": 1,
}


def test_llama_factory_pairs_are_one_turn_each_and_only_of_spans_with_one(tmp_path: Path) -> None:
    summary = export("llama-factory", FIXED, tmp_path)
    (row,) = rows(tmp_path / "pairs-divergence-train.jsonl")
    assert said(row["conversations"])[-1] == "human"
    assert (row["chosen"]["from"], row["rejected"]["from"]) == ("function_call", "function_call")
    assert set(row["chosen"]) == {"from", "value"}, "an object, not a list"
    assert not any("whole" in name for name, _ in summary.files)


def test_llama_factory_judgements_end_with_what_was_judged_and_are_never_empty(tmp_path: Path) -> None:
    export("llama-factory", FIXED, tmp_path / "judged")
    good, bad = rows(tmp_path / "judged" / "judgements-divergence-train.jsonl")
    assert (good["kto_tag"], bad["kto_tag"]) == (True, False)
    assert "I book." in good["conversations"][-1]["value"]
    summary = export("llama-factory", better(message("")), tmp_path / "empty")
    assert dict(summary.excluded)[f"divergence: {SAYS_NOTHING}"] == 2, "the loader would take the good one for bad"
    assert not list((tmp_path / "empty").glob("judgements-*"))


def test_llama_factory_is_told_each_file_with_its_columns_and_stage(tmp_path: Path) -> None:
    parts = ExportSettings(splits=Splits((("train", 0.5), ("test", 0.5))))
    export("llama-factory", FIXED, tmp_path, settings=parts)
    info = json.loads((tmp_path / "dataset_info.json").read_text("utf-8"))
    (name,) = [name for name in info if name.startswith("pairs-divergence-")]
    assert info[name] == {
        "file_name": f"{name}.jsonl",
        "formatting": "sharegpt",
        "ranking": True,
        "columns": {
            "messages": "conversations",
            "system": "system",
            "tools": "tools",
            "chosen": "chosen",
            "rejected": "rejected",
        },
    }
    assert {name for name, told in info.items() if "kto_tag" in told["columns"]} == {
        name.replace("pairs", "judgements")
    }
    assert all((tmp_path / told["file_name"]).exists() for told in info.values())
    assert [name for name, told in info.items() if told.get("ranking")] == [name]


MESSAGES = st.lists(
    st.one_of(
        st.builds(chat_message, st.sampled_from(("system", "user", "assistant", "tool")), st.text(max_size=3)),
        st.builds(
            lambda text, count: chat_message("assistant", text, tool_calls=[CALL] * count),
            st.sampled_from(("", "thought")),
            st.integers(1, 2),
        ),
    ),
    max_size=9,
)
CALL: JsonObject = {"id": "1", "type": "function", "function": {"name": "ping", "arguments": '{"a": "<"}'}}


@given(MESSAGES)
def test_no_chat_breaks_the_alternation_that_llama_factory_drops_rows_for(messages: list[JsonObject]) -> None:
    made = llama_factory.chat([*messages, chat_message("assistant", "end")], ())
    if isinstance(made, str):
        assert made in (llama_factory.NO_USER, llama_factory.MID_CHAT)
        return
    roles = [str(turn["from"]) for turn in made.turns]
    assert len(roles) % 2 == 0
    assert roles[0] == "human"
    assert all(role in ("human", "observation") for role in roles[::2])
    assert all(role in ("gpt", "function_call") for role in roles[1::2])
