import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from decisions import BASE, FIXED, OTHER, STEPS, TASK, Decisions, by, deleted, inspected, judged, replaced, revise
from hypothesis import given, settings
from hypothesis import strategies as st

from hitl_app.domain.decision import AUTOMATIC
from hitl_app.domain.library import ImportedRun
from hitl_app.domain.task import Task
from hitl_app.domain.training import ExportSettings, Filters, Resampling, Splits, Weighting
from hitl_app.domain.trajectory import Trajectory, action, message
from hitl_app.exchange.dataset import DatasetExporter, Target
from hitl_app.exchange.examples.lineage import Judged
from hitl_app.exchange.exporters import trl_dpo, trl_sft
from hitl_app.exchange.reading import read_path

PARTS = Splits((("train", 0.5), ("dev", 0.25), ("test", 0.25)), seed=3)
TABLES = (*trl_sft.TARGET.tables, trl_dpo.TARGET.tables[0])
TARGET = Target("both", "nobody", "Both.", tuple(replace(table, beside=True) for table in TABLES))


def repair(base: Trajectory) -> Trajectory:
    return revise(base, replaced(base, 5, action("book", {"id": "a"})))


def repaired(task: Task, run: int) -> list[Judged]:
    """A run for a task that is no other, and the decision that accepted a repair of it."""
    base = Trajectory(task.id, (message(f"Hello {task.key!r} {run}", "user"), *STEPS[1:]))
    return [judged(base, repair(base))]


def store(tasks: Sequence[tuple[str, int]]) -> Decisions:
    made = {key: replace(TASK, key=key, title=f"Task {key}") for key, _ in tasks}
    decided = [item for key, runs in tasks for run in range(runs) for item in repaired(made[key], run)]
    return Decisions(decided, list(made.values()))


def export(record: Decisions, out: Path) -> None:
    DatasetExporter(TARGET).export(record, out, replace(ExportSettings(), splits=PARTS))


def parts_by(column: str, out: Path) -> dict[str, set[str]]:
    """The parts in which a value of a column stands, over all files."""
    found = defaultdict(set)
    for file in out.glob("*.provenance.jsonl"):
        for line in file.read_text("utf-8").splitlines():
            found[json.loads(line)[column]].add(file.name.split(".")[0].rpartition("-")[2])
    return found


STORES = st.lists(
    st.tuples(st.text("ab+/-|\n", max_size=4), st.integers(1, 3)),
    min_size=1,
    max_size=6,
    unique_by=lambda each: each[0],
)


@settings(max_examples=5, deadline=None)
@given(STORES, STORES)
def test_nothing_is_in_two_parts_and_what_is_added_moves_nothing(
    tmp_path_factory: pytest.TempPathFactory, tasks: list[tuple[str, int]], added: list[tuple[str, int]]
) -> None:
    out = tmp_path_factory.mktemp("parts")
    known = {key for key, _ in tasks}
    export(store(tasks), out / "before")
    export(store([*tasks, *(each for each in added if each[0] not in known)]), out / "after")
    for column in ("task", "lineage", "id"):
        before, after = parts_by(column, out / "before"), parts_by(column, out / "after")
        assert all(len(parts) == 1 for parts in after.values())
        assert before == {value: after[value] for value in before}
    for tree in ("before", "after"):
        attacked: dict[str, set[str]] = defaultdict(set)
        for task, parts in parts_by("task", out / tree).items():
            attacked[task.partition("+")[0]] |= parts
        assert all(len(parts) == 1 for parts in attacked.values())


def recorded(folder: Path) -> Iterator[tuple[Task, list[Judged]]]:
    """Real runs, each with a decision that kept it and, where it is long enough, one that took its last step out."""
    for _, _, items in read_path(folder, None):
        for item in items:
            if isinstance(item, ImportedRun) and len(item.trajectory.steps) > 2:
                shorter = revise(item.trajectory, deleted(item.trajectory, len(item.trajectory.steps) - 1))
                yield (
                    item.task,
                    [judged(item.trajectory, shorter, sequence=1), judged(item.trajectory, item.trajectory)],
                )


def test_no_task_and_no_lineage_of_real_recordings_is_in_two_parts(recordings: Path, tmp_path: Path) -> None:
    found = [
        each for name in ("tau2-bench", "tau-bench", "agentdojo-format", "bfcl") for each in recorded(recordings / name)
    ]
    record = Decisions([item for _, items in found for item in items], [task for task, _ in found])
    export(record, tmp_path)
    for column in ("task", "lineage"):
        parts = parts_by(column, tmp_path)
        assert all(len(each) == 1 for each in parts.values())
        assert set.union(*parts.values()) == set(PARTS.names)
    assert len(parts_by("lineage", tmp_path)) > 40


def test_resampled_rows_stand_together_with_what_is_known_of_them_beside(tmp_path: Path) -> None:
    record = store([(f"{number}", 1) for number in range(40)])
    chosen = replace(ExportSettings(), weighting=Weighting.MARGIN, resampling=Resampling(5.0, seed=1))
    exporter = DatasetExporter(TARGET)
    exporter.export(record, tmp_path / "a", chosen)
    file = tmp_path / "a" / "pairs-divergence-train.jsonl"
    rows = file.read_text("utf-8").splitlines()
    known = [json.loads(line) for line in file.with_suffix(".provenance.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) == len(known)
    copies = Counter(each["id"] for each in known)
    weight = {each["id"]: each["weight"] for each in known}
    assert set(copies.values()) <= {2, 3}  # one goal less is a margin of 0.5, and 5 * 0.5 is 2.5
    assert set(weight.values()) == {0.5}
    assert 80 < len(rows) < 120
    assert len(set(rows)) == len(copies)
    exporter.export(record, tmp_path / "b", chosen)
    assert (tmp_path / "b" / "pairs-divergence-train.jsonl").read_text("utf-8").splitlines() == rows


@pytest.mark.parametrize(
    ("filters", "left_out"),
    [
        (Filters(verified=True), {"not verified": 1}),
        (Filters(human=True), {"no person decided": 1}),
        (Filters(no_override=True), {"accepted against the rule": 1}),
        (Filters(agreement=0.6), {"fewer than two people judged it independently": 3}),
        (
            Filters(verified=True, human=True, no_override=True),
            {"not verified": 1, "no person decided": 1, "accepted against the rule": 1},
        ),
        (Filters(), {}),
    ],
)
def test_what_a_filter_leaves_out_is_counted_with_the_reason(
    tmp_path: Path, filters: Filters, left_out: dict[str, int]
) -> None:
    lineages = [replace(BASE, steps=(message(f"Hello {number}", "user"), *STEPS[1:])) for number in range(3)]
    revised = [repair(base) for base in lineages]
    record = Decisions(
        [
            judged(lineages[0], revised[0], unmet=(2, 1)),
            by(AUTOMATIC, judged(lineages[1], revised[1]), 2),
            judged(lineages[2], revised[2], override=True, sequence=3),
        ]
    )
    summary = DatasetExporter(trl_dpo.TARGET).export(record, tmp_path, replace(ExportSettings(), filters=filters))
    divergence = {
        reason.removeprefix("pairs-divergence: filter: "): count
        for reason, count in summary.excluded
        if reason.startswith("pairs-divergence: filter")
    }
    assert divergence == left_out
    assert dict(summary.files).get("pairs-divergence-train.jsonl", 0) == 3 - sum(left_out.values())


def test_a_weight_that_was_not_measured_leaves_the_row_out_and_is_counted(tmp_path: Path) -> None:
    weighed = replace(ExportSettings(), weighting=Weighting.AGREEMENT)
    summary = DatasetExporter(trl_sft.TARGET).export(Decisions([judged(BASE, FIXED)]), tmp_path, weighed)
    assert dict(summary.excluded) == {"demonstrations: no agreement was measured to weigh it by": 1}
    both = [by("ada", judged(BASE, FIXED), 1), by("bob", judged(BASE, OTHER), 2)]
    assert inspected(FIXED, 0).verified
    DatasetExporter(trl_sft.TARGET).export(Decisions(both), tmp_path, weighed)
    (row,) = map(json.loads, (tmp_path / "demonstrations-train.jsonl").read_text("utf-8").splitlines())
    assert row["weight"] == row["agreement"] == 1.0
