"""What TRL's KTO, Reward and GRPO trainers are given: the written rows."""

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from decisions import BASE, FIXED, OTHER, STEPS, Decisions, deleted, judged, replaced, revise

from hitl_app.domain.ports import ExportSummary
from hitl_app.domain.training import ExportSettings, Filters, Span
from hitl_app.domain.trajectory import Trajectory, action, message
from hitl_app.exchange.examples.lineage import Judged
from hitl_app.exchange.exporters import EXPORTERS

GUIDE = Path(__file__).parents[2] / "docs" / "training-data.md"
EVERYTHING = ExportSettings()
WORSE = revise(BASE, replaced(BASE, 5, action("drop", {"id": "all"})))

Row = dict[str, Any]  # Any: rows are read back as JSON


def written(
    name: str, decided: Sequence[Judged], out: Path, asked: ExportSettings = EVERYTHING
) -> tuple[dict[str, list[Row]], ExportSummary]:
    """The rows of each table that an export writes."""
    exporter = next(each for each in EXPORTERS if each.name == name)
    summary = exporter.export(Decisions(decided), out, asked)
    files = {file: (out / file).read_text("utf-8").splitlines() for file, _ in summary.files}
    return {file.removesuffix("-train.jsonl"): [json.loads(line) for line in files[file]] for file in files}, summary


def labels(rows: Sequence[Row]) -> dict[str, bool]:
    return {row["trajectory"]: row["label"] for row in rows}


REVIEW = (
    judged(BASE, WORSE, sequence=1, accepted=False, unmet=(1, 2)),
    judged(BASE, FIXED, sequence=2),
)


def test_what_was_accepted_is_good_and_what_is_measured_to_be_worse_is_bad(tmp_path: Path) -> None:
    tables, _ = written("trl-kto", REVIEW, tmp_path)
    expected = {FIXED.id: True, BASE.id: False, WORSE.id: False}
    assert {name: labels(rows) for name, rows in tables.items()} == {
        "judgements-divergence": expected,
        "judgements-whole": expected,
    }
    for row in tables["judgements-divergence"]:
        assert [item["role"] for item in row["completion"]] == ["assistant"]
        assert row["prompt"][-1]["content"] == "The first", "what both sides share"
    for row in tables["judgements-whole"]:
        assert [item["role"] for item in row["prompt"]] == ["system", "user"]
        assert row["completion"][0]["role"] == "assistant"


def test_a_good_whole_ends_before_words_that_were_only_carried_over(tmp_path: Path) -> None:
    tables, _ = written("trl-kto", [judged(BASE, FIXED)], tmp_path)
    good = next(row for row in tables["judgements-whole"] if row["label"])
    assert (good["carried_over"], good["completion"][-1]["name"]) == (1, "book")
    assert STEPS[6].text not in json.dumps(good["completion"])


def test_what_was_approved_as_it_is_is_good_as_a_whole(tmp_path: Path) -> None:
    tables, summary = written("trl-kto", [judged(BASE, BASE, unmet=(0, 0))], tmp_path)
    assert {name: labels(rows) for name, rows in tables.items()} == {"judgements-whole": {BASE.id: True}}
    assert dict(summary.excluded) == {"divergence: approved as it is: it differs from nothing": 1}


@pytest.mark.parametrize("unmet", [(1, 1), (0, 1)])
def test_a_base_is_bad_only_where_its_losses_are_worse(tmp_path: Path, unmet: tuple[int, int]) -> None:
    tables, summary = written("trl-kto", [judged(BASE, FIXED, unmet=unmet, override=True)], tmp_path)
    assert labels(tables["judgements-whole"]) == {FIXED.id: True}
    assert dict(summary.excluded) == {"base: its losses are not worse": 1}


def test_what_was_called_good_and_bad_is_neither(tmp_path: Path) -> None:
    better = revise(FIXED, replaced(FIXED, 6, message("Booked a")))
    tables, summary = written(
        "trl-kto", [judged(BASE, FIXED, sequence=1, unmet=(2, 1)), judged(FIXED, better, sequence=2)], tmp_path
    )
    assert labels(tables["judgements-whole"]) == {better.id: True, BASE.id: False}
    assert dict(summary.excluded)["whole: judged good and bad"] == 2


def test_words_that_were_only_carried_over_are_no_bad_answer(tmp_path: Path) -> None:
    worse = revise(BASE, deleted(BASE, 5))
    tables, summary = written("trl-kto", [judged(BASE, worse, accepted=False, unmet=(1, 2))], tmp_path)
    assert labels(tables["judgements-whole"]) == {worse.id: False}
    assert dict(summary.excluded) == {"divergence: the answer was only carried over after an edit": 1}


def test_only_good_ones_are_asked_for_verification(tmp_path: Path) -> None:
    decided = [judged(BASE, FIXED, unmet=(2, 1))]
    tables, summary = written("trl-kto", decided, tmp_path, ExportSettings(filters=Filters(verified=True)))
    assert labels(tables["judgements-whole"]) == {BASE.id: False}
    assert dict(summary.excluded)["judgements-whole: filter: not verified"] == 1


def test_every_pair_for_a_reward_model_has_a_margin_that_was_measured(tmp_path: Path) -> None:
    other = revise(OTHER, replaced(OTHER, 6, message("Booked c")))
    decided = [
        *REVIEW,
        judged(BASE, OTHER, sequence=3, override=True, unmet=(1, 1)),
        judged(OTHER, other, sequence=4, unmet=(1, 1)),
    ]
    tables, summary = written("trl-reward", decided, tmp_path)
    margins = [row["margin"] for row in tables["pairs-whole"]]
    assert margins == [0.5, 0.5, pytest.approx(2 / 3), 0.0]
    assert set(tables) == {"pairs-divergence", "pairs-whole"}, "no margin is measured for a hunk"
    assert dict(summary.excluded)["pairs-whole: no margin was measured"] == 2


def test_a_pair_whose_chosen_side_has_worse_losses_is_not_for_a_reward_model(tmp_path: Path) -> None:
    decided = [
        judged(BASE, OTHER, sequence=1, accepted=False, unmet=(2, 0)),
        judged(BASE, FIXED, sequence=2, unmet=(2, 1)),
    ]
    _, summary = written("trl-reward", decided, tmp_path)
    assert dict(summary.excluded)["pairs-whole: the losses of the chosen side are worse"] == 1


def test_a_prompt_for_reinforcement_learning_has_the_accepted_calls_as_its_ground_truth(tmp_path: Path) -> None:
    tables, _ = written("trl-grpo", REVIEW, tmp_path)
    (row,) = tables["prompts"]
    assert json.loads(row["ground_truth"]) == [{"name": "book", "arguments": {"id": "a"}}]
    assert (row["environment"], row["task"]) == ("recorded", "recorded//7")
    assert [set(item) for item in row["prompt"]] == [{"role", "content"}] * len(row["prompt"])
    assert '"name": "look"' in row["prompt"][0]["content"], "the tools are told in the system text"
    assert row["prompt"][-1] == {"role": "user", "content": "The first"}


@pytest.mark.parametrize(
    ("candidate", "reason"),
    [
        (BASE, "approved as it is: no step was put right"),
        (
            revise(BASE, replaced(BASE, 3, message("Both?"))),
            "the accepted answer is words: equality says nothing of them",
        ),
        (revise(BASE, deleted(BASE, 5)), "the chosen answer is carried over, nobody rewrote it"),
    ],
)
def test_what_no_reward_can_be_checked_by_is_left_out(tmp_path: Path, candidate: Trajectory, reason: str) -> None:
    tables, summary = written("trl-grpo", [judged(BASE, candidate)], tmp_path)
    assert (tables, dict(summary.excluded)) == ({}, {reason: 1})


def test_the_reward_function_of_the_guide_rewards_the_accepted_calls_alone(tmp_path: Path) -> None:
    (row,) = written("trl-grpo", REVIEW, tmp_path)[0]["prompts"]
    answers = [
        'Sure.\n<tool_call>\n{"name": "book", "arguments": {"id": "a"}}\n</tool_call>',
        '<tool_call>\n{"name": "book", "arguments": {"id": "b"}}\n</tool_call>',
        "<tool_call>not JSON</tool_call>",
        "I booked it.",
    ]
    completions = [[{"role": "assistant", "content": answer}] for answer in answers]
    assert guides_reward()(completions, ground_truth=[row["ground_truth"]] * 4) == [1.0, 0.0, 0.0, 0.0]


def guides_reward() -> Callable[..., list[float]]:
    """The reward function as the guide has it."""
    section = GUIDE.read_text("utf-8").split("\n## `trl-grpo`\n")[1].split("\n## ")[0]
    code = re.search(r"```python\n(.*?)\n```", section, re.DOTALL)
    assert code is not None
    function = code[1][code[1].index("def same_calls") : code[1].index("\ndata = ")]
    names: dict[str, Any] = {"json": json, "re": re}  # Any: whatever the guide defines
    exec(function, names)  # noqa: S102 -- our own page
    found: Callable[..., list[float]] = names["same_calls"]
    return found


def test_spans_that_are_not_asked_for_are_left_out_of_judgements(tmp_path: Path) -> None:
    tables, _ = written("trl-kto", REVIEW, tmp_path, ExportSettings(spans=frozenset({Span.DIVERGENCE})))
    assert set(tables) == {"judgements-divergence"}
