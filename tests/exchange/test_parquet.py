import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet
import pytest
from decisions import BASE, FIXED, TASK, Decisions, judged
from hypothesis import given, settings
from hypothesis import strategies as st

from hitl_app.domain.errors import UserError
from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.domain.task import Task
from hitl_app.domain.training import ExportSettings
from hitl_app.exchange import dataset, parquet
from hitl_app.exchange.columns import MESSAGES, Columns, Type
from hitl_app.exchange.dataset import DatasetExporter, Target
from hitl_app.exchange.exporters import trl_dpo, trl_sft, verl
from hitl_app.exchange.folder import encode_row
from hitl_app.exchange.parquet import ParquetFile

COLUMNS: Columns = {
    "messages": MESSAGES,
    "words": ["string"],
    "tree": {"deep": [["string"]], "flag": "bool"},
    "count": "int64",
    "share": "float64",
}
TEXTS = st.text(max_size=8) | st.sampled_from(
    [
        "",
        "中文 好",
        "👩‍👩‍👧 é\u0301",
        "\0\x1f\u2028\ufeff",
        "\ud800 half",
        '{"a": [1e400]}',
        "2024-05-15",
        "null",
        "1",
        "\\u0041\\",
    ]
)


def values(of: Type) -> st.SearchStrategy[Json]:
    """Values of a type, null among them."""
    if isinstance(of, str):
        kinds: dict[str, st.SearchStrategy[Json]] = {
            "string": TEXTS,
            "bool": st.booleans(),
            "int64": st.integers(-(2**63), 2**63 - 1),
            "float64": st.floats(allow_nan=False, allow_infinity=False),
        }
        return st.none() | kinds[of]
    if isinstance(of, Mapping):
        return st.none() | st.fixed_dictionaries({name: values(inner) for name, inner in of.items()})
    (inner,) = of
    return st.none() | st.lists(values(inner), max_size=3)


def write(file: Path, columns: Columns, rows: Sequence[JsonObject]) -> None:
    with ParquetFile(file, columns) as out:
        for row in rows:
            out.write(encode_row(row))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.fixed_dictionaries({name: values(of) for name, of in COLUMNS.items()}), max_size=5))
def test_parquet_holds_what_the_lines_of_json_hold(
    tmp_path_factory: pytest.TempPathFactory, rows: list[JsonObject]
) -> None:
    file = tmp_path_factory.getbasetemp() / "rows.parquet"
    write(file, COLUMNS, rows)
    assert pyarrow.parquet.read_table(file).to_pylist() == [json.loads(encode_row(row)) for row in rows]


def test_cells_of_a_megabyte_are_kept_and_few_of_them_are_in_memory_at_a_time(tmp_path: Path) -> None:
    columns: Columns = {"text": "string"}
    rows = [{"text": f"{number} 好" * 200_000} for number in range(20)]
    write(tmp_path / "a.parquet", columns, rows)
    write(tmp_path / "b.parquet", columns, rows)
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()
    with pyarrow.parquet.ParquetFile(tmp_path / "a.parquet") as file:
        groups = [file.metadata.row_group(number).num_rows for number in range(file.metadata.num_row_groups)]
        assert max(groups) * 1_000_000 <= parquet.GROUP_BYTES < sum(groups) * 1_200_000
        assert file.read().to_pylist() == rows


def test_a_file_is_closed_where_writing_fails(tmp_path: Path) -> None:
    files: list[ParquetFile] = []

    def fail(row: bytes, error: BaseException | None) -> None:
        with ParquetFile(tmp_path / "a.parquet", {"text": "string"}) as file:
            files.append(file)
            file.write(row)
            if error is not None:
                raise error

    with pytest.raises(KeyboardInterrupt):
        fail(b'{"text": "a"}\n', KeyboardInterrupt())
    with pytest.raises(pyarrow.ArrowInvalid):
        fail(b'{"text": "a", "more": 1}\n', None)
    assert [file._writer.is_open for file in files] == [False, False]


def test_two_exports_are_the_same_bytes_and_parquet_has_the_rows_of_the_lines(tmp_path: Path) -> None:
    for name in ("a", "b"):
        DatasetExporter(trl_dpo.TARGET).export(Decisions([judged(BASE, FIXED)]), tmp_path / name, ExportSettings())
    tables = sorted((tmp_path / "a").glob("*.parquet"))
    assert tables
    for file in tables:
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()
        lines = file.with_suffix(".jsonl").read_text("utf-8").splitlines()
        assert pyarrow.parquet.read_table(file).to_pylist() == [json.loads(line) for line in lines]


def test_an_installation_that_cannot_write_parquet_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (parquet, dataset):
        monkeypatch.setattr(module, "can_write_parquet", lambda: False)
    record = Decisions([judged(BASE, FIXED)])
    summary = DatasetExporter(trl_sft.TARGET).export(record, tmp_path / "sft", ExportSettings())
    note = "Parquet is not written: it needs one more package: pip install 'hitl-app[parquet]'"
    assert summary.notes == (note,)
    assert f"- {note}" in (tmp_path / "sft" / "README.md").read_text("utf-8")
    assert not list(tmp_path.glob("*/*.parquet"))
    with pytest.raises(UserError, match=r"verl needs one more package: pip install 'hitl-app\[parquet\]'"):
        DatasetExporter(verl.TARGET).export(record, tmp_path / "verl", ExportSettings())
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert "pipx install 'hitl-app[parquet]'" in DatasetExporter(verl.TARGET).problem, "nothing is added to a package"
    beside = Target("beside", "nobody", "", (replace(trl_sft.TARGET.tables[0], beside=True),))
    assert DatasetExporter(beside).export(record, tmp_path / "beside", ExportSettings()).notes == ()


def test_observations_of_a_megabyte_and_halves_of_characters_go_through_an_export(tmp_path: Path) -> None:
    large: Task = replace(TASK, policy="\ud83d " + "好" * 1_000_000)
    base = replace(BASE, task_id=large.id)
    record = Decisions(
        [judged(base, replace(FIXED, task_id=large.id, parent_id=base.id, lineage_root=base.id))], [large]
    )
    DatasetExporter(trl_sft.TARGET).export(record, tmp_path, ExportSettings())
    (row,) = pyarrow.parquet.read_table(tmp_path / "demonstrations-train.parquet").to_pylist()
    assert row["messages"][0]["content"] == "? " + "好" * 1_000_000
