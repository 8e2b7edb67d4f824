"""What Axolotl, veRL and OpenAI take, refuse or misread of the rows that we write for them."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from decisions import Decisions, trajectory
from trainer_samples import FIXED, STEPS, TASK, TOOLS, approved, better, export, parquet, rows

from hitl_app.domain.task import ToolSpec
from hitl_app.domain.training import ExportSettings, Splits
from hitl_app.domain.trajectory import action, message
from hitl_app.exchange.examples.turns import SAYS_NOTHING
from hitl_app.exchange.exporters import EXPORTERS, axolotl, openai

# --- Axolotl ---


def test_axolotl_gets_native_calls_for_sft_and_text_in_single_messages_for_preferences(tmp_path: Path) -> None:
    export("axolotl", FIXED, tmp_path)
    (chat,) = rows(tmp_path / "demonstrations-train.jsonl")
    calls = chat["messages"][3]["tool_calls"]
    assert [type(call["function"]["arguments"]) for call in calls] == [str, str]
    assert json.loads(chat["tools"])[0]["function"]["name"] == "look"
    (pair,) = rows(tmp_path / "pairs-divergence-train.jsonl")
    assert set(pair["messages"][0]) == set(pair["chosen"]) == {"role", "content"}, "it drops tool_calls in silence"
    assert "<tool_call>" in pair["rejected"]["content"]
    assert "tools" not in pair
    assert not list(tmp_path.glob("pairs-whole*")), "it takes the last turn alone"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("", f"divergence: {SAYS_NOTHING}"),
        (" \n", f"divergence: {SAYS_NOTHING}"),
        ("user", f"pairs-divergence: {axolotl.PART_OF_THE_FRAME}"),
        ("s", f"pairs-divergence: {axolotl.PART_OF_THE_FRAME}"),
    ],
)
def test_axolotl_gets_no_answer_that_it_would_find_in_the_wrong_place(answer: str, reason: str, tmp_path: Path) -> None:
    summary = export("axolotl", better(message(answer)), tmp_path)
    assert dict(summary.excluded)[reason] >= 1
    assert not list(tmp_path.glob("pairs-*"))


def test_axolotl_gets_answers_without_white_space_at_their_ends_since_templates_trim_it(tmp_path: Path) -> None:
    export("axolotl", better(message("\n I cannot. \n")), tmp_path)
    (pair,) = rows(tmp_path / "pairs-divergence-train.jsonl")
    good, _ = rows(tmp_path / "judgements-divergence-train.jsonl")
    assert pair["chosen"]["content"] == "I cannot."
    assert good["completion"] == "I cannot.<|im_end|>"


def test_axolotl_gets_rendered_texts_for_kto(tmp_path: Path) -> None:
    export("axolotl", FIXED, tmp_path)
    good, bad = rows(tmp_path / "judgements-divergence-train.jsonl")
    assert (good["label"], bad["label"]) == (True, False)
    assert good["prompt"].startswith("<|im_start|>system\nBe careful.\n\n# Tools\n")
    assert good["prompt"].endswith("<|im_start|>user\nThe first<|im_end|>\n<|im_start|>assistant\n")
    assert good["prompt"] == bad["prompt"]
    assert bad["completion"].endswith("</tool_call><|im_end|>")


def test_axolotl_configurations_name_the_files_of_each_part(tmp_path: Path) -> None:
    task = replace(TASK, key="1")
    other = trajectory(STEPS, task)
    parts = Splits((("train", 0.5), ("test", 0.5)), seed=1)
    assert {parts.part_of(f"recorded//{key}") for key in "18"} == {"train", "test"}
    decided = [*FIXED, *better(action("book", {"seats": 3}), other)]
    exporter = next(exporter for exporter in EXPORTERS if exporter.name == "axolotl")
    exporter.export(Decisions(decided, (TASK, task)), tmp_path, ExportSettings(splits=parts))
    assert (tmp_path / "dpo.yaml").read_text("utf-8") == (
        "rl: dpo\n"
        "datasets:\n"
        "  - path: pairs-divergence-train.jsonl\n    ds_type: json\n    split: train\n    type: chat_template.default\n"
        "test_datasets:\n"
        "  - path: pairs-divergence-test.jsonl\n    ds_type: json\n    split: train\n    type: chat_template.default\n"
    )
    assert "roles_to_train: [assistant]" in (tmp_path / "sft.yaml").read_text("utf-8")
    assert 'completion_format: "{completion}"' in (tmp_path / "kto.yaml").read_text("utf-8")


# --- veRL ---


def test_verl_gets_parquet_of_plain_text_with_parallel_results_in_one_message_and_no_filled_nulls(
    tmp_path: Path,
) -> None:
    pytest.importorskip("pyarrow")
    export("verl", FIXED, tmp_path)
    assert not list(tmp_path.glob("*.jsonl"))
    (chat,) = parquet(tmp_path / "demonstrations-train.parquet")
    assert {frozenset(item) for item in chat["messages"]} == {frozenset({"role", "content"})}
    assert all(item["content"] is not None for item in chat["messages"])
    assert chat["messages"][4]["content"] == "found a\n</tool_response>\n<tool_response>\nfound b"
    assert '"arguments": {"deep": {"x": [1, null, "ü"]}}' in chat["messages"][6]["content"], (
        "that null is the call's own"
    )


def test_verl_gets_prompts_with_a_ground_truth_and_an_index_of_their_own(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    task = replace(TASK, key="9")
    other = better(action("book", {"seats": 3}), trajectory(STEPS, task))
    exporter = next(exporter for exporter in EXPORTERS if exporter.name == "verl")
    exporter.export(Decisions([*FIXED, *other], (TASK, task)), tmp_path, ExportSettings())
    one, two = parquet(tmp_path / "prompts-train.parquet")
    assert (one["data_source"], one["ability"], one["reward_model"]["style"]) == (
        "hitl-app/recorded",
        "tool-use",
        "rule",
    )
    assert json.loads(one["reward_model"]["ground_truth"]) == [{"name": "book", "arguments": {"seats": 2}}]
    assert one["prompt"][-1] == {"role": "user", "content": "The first"}
    assert one["extra_info"]["index"] != two["extra_info"]["index"], "without one, the trainer takes 0 for all"
    assert one["extra_info"]["id"] == one["id"]


# --- OpenAI ---


def test_openai_gets_no_key_that_it_does_not_know_and_provenance_beside(tmp_path: Path) -> None:
    export("openai-sft", FIXED, tmp_path)
    (row,) = rows(tmp_path / "demonstrations-train.jsonl")
    assert set(row) == {"messages", "tools", "parallel_tool_calls"}
    keys = {item["role"]: frozenset(item) for item in row["messages"]}
    assert keys["tool"] == {"role", "content", "tool_call_id"}
    assert keys["user"] == keys["system"] == {"role", "content"}
    assert all(value is not None for item in row["messages"] for value in item.values())
    assert row["parallel_tool_calls"] is True
    assert isinstance(row["messages"][3]["tool_calls"][0]["function"]["arguments"], str)
    assert row["tools"][0]["function"]["parameters"] == TOOLS[0].parameters, "an object"
    assert row["tools"][2] == {"type": "function", "function": {"name": "ping"}}
    (beside,) = rows(tmp_path / "demonstrations-train.provenance.jsonl")
    assert beside["task"] == "recorded//8"
    assert beside["weight"] == 1.0
    assert not list(tmp_path.glob("*.parquet")), "schemas that differ have no one type"


def test_openai_preferences_are_one_message_each_with_the_tools_beside_the_prompt(tmp_path: Path) -> None:
    export("openai-dpo", FIXED, tmp_path)
    (row,) = rows(tmp_path / "pairs-divergence-train.jsonl")
    assert set(row) == {"input", "preferred_output", "non_preferred_output"}
    assert set(row["input"]) == {"messages", "tools", "parallel_tool_calls"}
    (chosen,), (rejected,) = row["preferred_output"], row["non_preferred_output"]
    assert chosen["content"] == "I book."
    assert set(rejected) == {"role", "tool_calls"}, "a call without words has no content"
    assert not list(tmp_path.glob("pairs-whole*"))


def test_openai_gets_no_tools_where_nobody_described_them_and_none_that_it_refuses(tmp_path: Path) -> None:
    plain = replace(TASK, tools=())
    export("openai-sft", approved(*STEPS, task=plain), tmp_path / "plain", plain)
    (row,) = rows(tmp_path / "plain" / "demonstrations-train.jsonl")
    assert set(row) == {"messages"}
    for tools, reason in (
        ((ToolSpec("fs.write"),), openai.REFUSED_NAME),
        (tuple(ToolSpec(f"tool{number}") for number in range(129)), openai.TOO_MANY_TOOLS),
    ):
        task = replace(TASK, tools=tools)
        summary = export("openai-sft", approved(*STEPS, task=task), tmp_path / str(len(tools)), task)
        assert dict(summary.excluded) == {f"demonstrations: {reason}": 1}


def test_a_dataset_card_promises_no_types_for_rows_of_openai(tmp_path: Path) -> None:
    export("openai-dpo", FIXED, tmp_path)
    card = (tmp_path / "README.md").read_text("utf-8")
    assert "pairs-divergence-train.jsonl" in card
    assert "dataset_info:" not in card
