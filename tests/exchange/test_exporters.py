import hashlib
import json
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import pytest
from decisions import (
    BASE,
    FIXED,
    OTHER,
    STEPS,
    TASK,
    TOOLS,
    Decisions,
    by,
    deleted,
    inspected,
    judged,
    rejection,
    replaced,
    revise,
    trajectory,
)

from hitl_app.domain.decision import ReviewStatus
from hitl_app.domain.errors import UserError
from hitl_app.domain.ports import ExportSummary
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.training import ExportSettings
from hitl_app.domain.trajectory import Recorded, action, message
from hitl_app.exchange.columns import Columns
from hitl_app.exchange.dataset import WRITTEN
from hitl_app.exchange.examples.example import PROVENANCE
from hitl_app.exchange.examples.lineage import Judged
from hitl_app.exchange.exporters import EXPORTERS, trl_dpo, trl_sft

Row: TypeAlias = "dict[str, Json]"
Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


def export(name: str, decisions: list[Judged] | Iterator[Judged], out: Path) -> ExportSummary:
    exporter = next(exporter for exporter in EXPORTERS if exporter.name == name)
    return exporter.export(Decisions(decisions), out, ExportSettings())


def rows(file: Path) -> list[Row]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def roles(messages: Json) -> list[Json]:
    assert isinstance(messages, list)
    return [item["role"] for item in messages if isinstance(item, dict)]


def test_a_demonstration_is_the_chat_with_calls_grouped_by_turn_and_what_was_observed(tmp_path: Path) -> None:
    export("trl-sft", [judged(BASE, FIXED)], tmp_path)
    (row,) = rows(tmp_path / "demonstrations-train.jsonl")
    chat = row["messages"]
    assert roles(chat) == [
        "system",
        "user",
        "assistant",
        "tool",
        "tool",
        "assistant",
        "user",
        *["assistant", "tool"],
    ]
    assert isinstance(chat, list)
    calls = chat[2]
    assert isinstance(calls, dict)
    assert calls["content"] == "Let me see"
    assert calls["tool_calls"] == [
        {"id": "call_1", "type": "function", "function": {"name": "look", "arguments": '{"id": "a"}'}},
        {"id": "call_2", "type": "function", "function": {"name": "look", "arguments": '{"id": "b"}'}},
    ]
    assert chat[4] == {
        "role": "tool",
        "content": "found b",
        "tool_calls": None,
        "tool_call_id": "call_2",
        "name": "look",
    }
    assert {frozenset(item) for item in chat if isinstance(item, dict)} == {frozenset(calls)}
    assert chat[8] == {
        "role": "tool",
        "content": "executed",
        "tool_calls": None,
        "tool_call_id": "call_5",
        "name": "book",
    }
    assert json.loads(str(row["tools"]))[0]["function"]["name"] == "look"


def test_a_demonstration_says_where_it_leaves_the_recording_and_how_much_was_carried_over(tmp_path: Path) -> None:
    export("trl-sft", [judged(BASE, FIXED)], tmp_path)
    (row,) = rows(tmp_path / "demonstrations-train.jsonl")
    assert (row["divergence"], row["carried_over"]) == (7, 1)
    assert len(roles(row["messages"])) == 9, "what was carried over after the edit is not shown as an example"


def test_a_trajectory_approved_as_it_is_is_demonstrated_whole_and_preferred_to_nothing(tmp_path: Path) -> None:
    decision = replace(judged(BASE, BASE), candidate_inspection=inspected(BASE, 0))
    export("trl-sft", [decision], tmp_path / "sft")
    (row,) = rows(tmp_path / "sft" / "demonstrations-train.jsonl")
    assert (roles(row["messages"])[-1], row["carried_over"], row["divergence"]) == ("assistant", 0, None)
    summary = export("trl-dpo", [decision], tmp_path / "dpo")
    assert dict(summary.excluded) == {"approved as it is: nothing to prefer it to": 1}


def test_only_the_newest_verified_revision_of_a_lineage_is_demonstrated(tmp_path: Path) -> None:
    better = revise(FIXED, replaced(FIXED, 6, message("Booked a")))
    other = replace(BASE, steps=(*STEPS, message("Bye")))
    unverified = revise(other, deleted(other, 5))
    decisions = [
        judged(BASE, FIXED, sequence=1),
        judged(FIXED, better, sequence=2),
        judged(other, unverified, sequence=3, unmet=(2, 1)),
    ]
    summary = export("trl-sft", decisions, tmp_path)
    assert [row["trajectory"] for row in rows(tmp_path / "demonstrations-train.jsonl")] == [better.id]
    assert dict(summary.excluded) == {"superseded by a later revision": 1, "not verified": 1}


def test_an_accepted_candidate_is_preferred_to_its_base_from_the_first_differing_turn(tmp_path: Path) -> None:
    export("trl-dpo", [judged(BASE, FIXED, override=True)], tmp_path)
    (row,) = rows(tmp_path / "pairs-divergence-train.jsonl")
    assert roles(row["prompt"])[-1] == "user"
    chosen, rejected = row["chosen"], row["rejected"]
    assert isinstance(chosen, list)
    assert isinstance(rejected, list)
    assert len(chosen) == len(rejected) == 1
    assert '{\\"id\\": \\"a\\"}' in json.dumps(chosen)
    assert '{\\"id\\": \\"b\\"}' in json.dumps(rejected)
    assert (row["override"], row["minimal"], row["carried_over"], row["pair"]) == (True, True, 0, "accepted_base")


def test_whole_pairs_begin_after_the_users_first_words_and_count_carried_over_text(tmp_path: Path) -> None:
    export("trl-dpo", [judged(BASE, FIXED)], tmp_path)
    (row,) = rows(tmp_path / "pairs-whole-train.jsonl")
    assert roles(row["prompt"]) == ["system", "user"]
    assert roles(row["chosen"])[-1] == roles(row["rejected"])[-1] == "assistant"
    assert row["carried_over"] == 1


def test_a_greeting_before_the_users_first_words_belongs_to_the_prompt(tmp_path: Path) -> None:
    base = trajectory((message("Hi, how can I help?"), *STEPS))
    fixed = revise(base, replaced(base, 6, action("book", {"id": "a"})))
    export("trl-dpo", [judged(base, fixed)], tmp_path)
    (row,) = rows(tmp_path / "pairs-whole-train.jsonl")
    assert roles(row["prompt"]) == ["system", "assistant", "user"]


def test_when_chosen_extends_rejected_the_shared_tool_turn_stays_in_the_prompt(tmp_path: Path) -> None:
    short = trajectory(STEPS[:3])
    longer = revise(short)
    longer = replace(longer, steps=(*STEPS[:3], message("Found both")))
    base = trajectory((*STEPS[:3], message("I do not know")))
    summary = export("trl-dpo", [judged(short, longer), judged(base, longer, sequence=2)], tmp_path)
    whole, divergence = rows(tmp_path / "pairs-whole-train.jsonl"), rows(tmp_path / "pairs-divergence-train.jsonl")
    assert [roles(row["prompt"]) for row in divergence] == [["system", "user", "assistant", "tool", "tool"]]
    assert all("tool" not in roles(row[side]) for row in divergence for side in ("chosen", "rejected"))
    assert len(whole) == 2
    assert dict(summary.excluded) == {"divergence: one side has no answer of the assistant there": 1}


def test_carried_over_words_are_never_the_preferred_answer(tmp_path: Path) -> None:
    summary = export("trl-dpo", [judged(BASE, revise(BASE, deleted(BASE, 5)))], tmp_path)
    assert dict(summary.excluded) == {"divergence: the chosen answer is carried over, nobody rewrote it": 1}
    (row,) = rows(tmp_path / "pairs-whole-train.jsonl")
    assert row["carried_over"] == 1


def test_after_a_deletion_the_candidates_next_action_is_the_answer(tmp_path: Path) -> None:
    base = trajectory((*STEPS[:5], action("look", {"id": "z"}), *STEPS[5:]))
    export("trl-dpo", [judged(base, revise(base, deleted(base, 5)))], tmp_path)
    (row,) = rows(tmp_path / "pairs-divergence-train.jsonl")
    assert '\\"z\\"' in json.dumps(row["rejected"])
    assert "book" in json.dumps(row["chosen"])


def test_a_file_without_rows_is_not_written_and_an_older_one_goes(tmp_path: Path) -> None:
    export("trl-dpo", [judged(BASE, FIXED)], tmp_path)
    summary = export("trl-dpo", [judged(BASE, revise(BASE, deleted(BASE, 5)))], tmp_path)
    assert summary.files == (("pairs-whole-train.jsonl", 1),)
    assert not (tmp_path / "pairs-divergence-train.jsonl").exists()
    assert "pairs-divergence-train is not written: it would have no rows" in summary.notes


def test_an_edit_of_one_of_several_calls_takes_the_whole_turn_as_the_answer(tmp_path: Path) -> None:
    edited = replace(STEPS[2], arguments={"id": "c"}, expected=None)
    export("trl-dpo", [judged(BASE, revise(BASE, replaced(BASE, 2, edited)))], tmp_path)
    (row,) = rows(tmp_path / "pairs-divergence-train.jsonl")
    assert roles(row["prompt"]) == ["system", "user"]
    assert json.dumps(row["chosen"]).count('"function": {') == 2


@pytest.mark.parametrize(
    ("unmet", "excluded"),
    [
        ((1, 2), {}),
        ((1, 1), {"rejected candidate: its losses are not worse": 1}),
        ((2, 1), {"rejected candidate: its losses are not worse": 1}),
    ],
)
def test_a_rejected_candidate_is_a_negative_only_where_its_losses_are_worse(
    tmp_path: Path, unmet: tuple[int, int], excluded: dict[str, int]
) -> None:
    summary = export("trl-dpo", [judged(BASE, FIXED, accepted=False, unmet=unmet)], tmp_path)
    assert dict(summary.excluded) == excluded
    found = [] if excluded else rows(tmp_path / "pairs-divergence-train.jsonl")
    assert len(found) == sum(count for _, count in summary.files) // 2
    assert all('\\"a\\"' in json.dumps(row["rejected"]) and row["pair"] == "base_rejected" for row in found)


def test_pairs_that_say_the_same_are_left_out_and_counted(tmp_path: Path) -> None:
    same = replace(BASE, steps=(*STEPS[:5], replace(STEPS[5], expected=Recorded("other")), STEPS[6]), parent_id=BASE.id)
    decision = judged(BASE, same)
    decision = replace(decision, candidate_inspection=inspected(BASE, 0))
    summary = export("trl-dpo", [decision], tmp_path)
    assert dict(summary.excluded) == {
        "divergence: one side has no answer of the assistant there": 1,
        "whole: chosen equals rejected": 1,
    }


def test_the_same_decisions_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("trl-sft", "trl-dpo"):
        written = []
        for attempt in ("one", "two"):
            export(name, [judged(BASE, FIXED)], tmp_path / name / attempt)
            written.append({file.name: file.read_bytes() for file in (tmp_path / name / attempt).iterdir()})
        assert written[0] == written[1]
        assert {"manifest.json", "README.md"} < written[0].keys()


def test_the_manifest_has_the_hash_and_the_rows_of_every_file(tmp_path: Path) -> None:
    summary = export("trl-dpo", [judged(BASE, FIXED)], tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    for file in manifest["files"]:
        data = (tmp_path / file["name"]).read_bytes()
        assert file["sha256"] == hashlib.sha256(data).hexdigest()
        assert file["bytes"] == len(data)
        assert file["rows"] == (1 if file["name"].endswith(".parquet") else data.count(b"\n"))
    lines = tuple((file["name"], file["rows"]) for file in manifest["files"] if file["name"].endswith(".jsonl"))
    assert summary.files == lines
    assert (tmp_path / "README.md").read_text().startswith("---\npretty_name:")


@pytest.mark.parametrize(("name", "own"), [("trl-sft", trl_sft.DEMONSTRATIONS.columns), ("trl-dpo", trl_dpo.COLUMNS)])
def test_the_card_names_the_columns_that_the_rows_have(tmp_path: Path, name: str, own: Columns) -> None:
    export(name, [judged(BASE, FIXED)], tmp_path)
    header = (tmp_path / "README.md").read_text().split("---")[1]
    for file in tmp_path.glob("*.jsonl"):
        assert list(rows(file)[0]) == [*own, *PROVENANCE, *WRITTEN]
        assert f'path: "{file.name}"' in header
    assert all(f'  - name: "{column}"\n' in header for column in [*own, *PROVENANCE, *WRITTEN])


@pytest.mark.parametrize("name", ["trl-sft", "trl-dpo"])
def test_an_interrupted_export_leaves_nothing_and_touches_no_older_one(tmp_path: Path, name: str) -> None:
    def interrupted() -> Iterator[Judged]:
        yield judged(BASE, FIXED)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(name, interrupted(), tmp_path / "new")
    assert not (tmp_path / "new").exists()
    export(name, [judged(BASE, FIXED)], tmp_path / "old")
    before = {file.name: file.read_bytes() for file in (tmp_path / "old").iterdir()}
    with pytest.raises(KeyboardInterrupt):
        export(name, interrupted(), tmp_path / "old")
    assert {file.name: file.read_bytes() for file in (tmp_path / "old").iterdir()} == before


def test_a_place_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot be written"):
        export("trl-sft", [], tmp_path / "file")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["trl-sft", "trl-dpo"])
def test_memory_does_not_grow_with_the_rows(tmp_path: Path, name: str) -> None:
    def stream(count: int) -> Iterator[Judged]:
        for number in range(count):
            base = replace(BASE, steps=(message("x" * 200_000 + str(number), "user"), *STEPS))
            yield judged(base, revise(base, replaced(base, 6, action("book", {"id": "a"}))), sequence=number + 1)

    peaks = []
    for count in (100, 300):  # with 100, what is held back for Parquet and for cleaning is full
        tracemalloc.start()
        export(name, stream(count), tmp_path / str(count))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    written = sum(file.stat().st_size for file in (tmp_path / "300").iterdir())
    assert peaks[1] - peaks[0] < written / 8


def test_tools_come_from_where_the_store_keeps_them(tmp_path: Path) -> None:
    class Toolless(Decisions):
        def tools(self, task: Task) -> tuple[ToolSpec, ...]:
            assert task == TASK
            return TOOLS[:0]

    exporter = next(exporter for exporter in EXPORTERS if exporter.name == "trl-sft")
    exporter.export(Toolless([judged(BASE, FIXED)]), tmp_path, ExportSettings())
    assert rows(tmp_path / "demonstrations-train.jsonl")[0]["tools"] is None


@pytest.mark.parametrize("name", ["trl-sft", "trl-dpo"])
def test_what_people_disagree_on_makes_no_example_until_it_is_settled(tmp_path: Path, name: str) -> None:
    both = [by("ada", judged(BASE, FIXED), 1), rejection("bob", BASE, 2)]
    summary = export(name, both, tmp_path / "open")
    assert sum(count for _, count in summary.files) == 0
    assert dict(summary.excluded) == {"people decided differently, and nobody settled it yet": 1}
    seen = {"status_before": ReviewStatus.DISPUTED, "made_at": "2026-02-01"}
    summary = export(name, [*both, rejection("cyd", BASE, 3, **seen)], tmp_path / "rejected")
    assert dict(summary.excluded) == {"rejected later": 1}


def test_of_a_settled_disagreement_only_what_was_settled_is_exported(tmp_path: Path) -> None:
    seen = {"status_before": ReviewStatus.DISPUTED, "made_at": "2026-02-01"}
    decisions = [
        by("ada", judged(BASE, FIXED), 1),
        rejection("bob", BASE, 2),
        by("cyd", judged(BASE, OTHER), 3, **seen),
    ]
    summary = export("trl-sft", decisions, tmp_path / "sft")
    assert [row["trajectory"] for row in rows(tmp_path / "sft" / "demonstrations-train.jsonl")] == [OTHER.id]
    assert dict(summary.excluded) == {"people decided differently, and it was settled otherwise": 1}
    export("trl-dpo", decisions, tmp_path / "dpo")
    assert [row["trajectory"] for row in rows(tmp_path / "dpo" / "pairs-whole-train.jsonl")] == [OTHER.id]


def test_of_two_repairs_that_agree_the_one_that_the_lineage_stands_at_is_demonstrated(tmp_path: Path) -> None:
    better = {"detail": {"losses_after": {"goal": {"count": 0, "of": 3}}}}
    decisions = [by("ada", judged(BASE, FIXED), 1, **better), by("bob", judged(BASE, OTHER), 2)]
    summary = export("trl-sft", decisions, tmp_path)
    assert [row["trajectory"] for row in rows(tmp_path / "demonstrations-train.jsonl")] == [FIXED.id]
    assert dict(summary.excluded) == {"superseded by a later revision": 1}


@pytest.mark.parametrize("name", ["trl-sft", "trl-dpo"])
def test_a_proposal_that_was_bad_on_purpose_makes_no_example(tmp_path: Path, name: str) -> None:
    seeded = by("ada", judged(BASE, FIXED), 1, detail={"seed": {"kind": "smuggled", "accepted_bad": True}})
    summary = export(name, [seeded], tmp_path)
    assert sum(count for _, count in summary.files) == 0
    assert dict(summary.excluded) == {"the proposal was bad on purpose, to see who follows it": 1}
