import importlib
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from decisions import BASE, FIXED, TASK, Decisions, judged
from hypothesis import given, settings
from hypothesis import strategies as st

from hitl_app.domain.task import Task
from hitl_app.domain.training import Cleaning, ExportSettings, Filters, Splits
from hitl_app.domain.trajectory import Source
from hitl_app.exchange.card import quoted
from hitl_app.exchange.columns import Type
from hitl_app.exchange.dataset import DatasetExporter
from hitl_app.exchange.exporters import trl_dpo
from hitl_app.exchange.origins import Source as Origin

yaml: Any = importlib.import_module("yaml")  # Any: untyped; detect-secrets brings it along
NASTY = "x | y\n---\n# Title\n```\n- `a`: <b>\x1b[31m\u2028"


def card_of(out: Path, task: Task = TASK, model: str = "m", chosen: ExportSettings | None = None) -> tuple[Any, str]:
    """The header, read as YAML, and the Markdown of an export of one decision."""
    source = Source("a.json", 0, format="inspect", model=model)
    base = replace(BASE, task_id=task.id, source=source)
    candidate = replace(FIXED, task_id=task.id, parent_id=base.id, lineage_root=base.id)
    record = Decisions([judged(base, candidate)], [task])
    DatasetExporter(trl_dpo.TARGET).export(record, out, chosen or ExportSettings())
    text = (out / "README.md").read_text("utf-8")
    _, header, markdown = text.split("---\n", 2)
    return yaml.safe_load(header), markdown


def section(markdown: str, title: str) -> list[str]:
    """The lines of a section, without empty ones."""
    (found,) = re.findall(rf"^## {title}\n(.*?)(?=^## |\Z)", markdown, re.MULTILINE | re.DOTALL)
    return [line for line in found.splitlines() if line]


def test_the_header_names_every_file_with_its_part_and_the_types_that_its_rows_have(tmp_path: Path) -> None:
    header, _ = card_of(tmp_path, chosen=replace(ExportSettings(), splits=Splits((("no", 1.0),))))
    names = [config["config_name"] for config in header["configs"]]
    assert names == [info["config_name"] for info in header["dataset_info"]] == ["pairs-divergence", "pairs-whole"]
    assert [config.get("default", False) for config in header["configs"]] == [True, False]
    for config, info in zip(header["configs"], header["dataset_info"], strict=True):
        (file,) = config["data_files"]
        assert file == {"split": "no", "path": f"{config['config_name']}-no.jsonl"}
        (line,) = (tmp_path / file["path"]).read_text("utf-8").splitlines()
        assert [feature["name"] for feature in info["features"]] == list(json.loads(line))
        assert all(fits(feature, json.loads(line)[feature["name"]]) for feature in info["features"])


def fits(feature: dict[str, Any], value: Any) -> bool:  # noqa: ANN401 -- what YAML and JSON give
    """Whether a value is null or of a feature's type."""
    if value is None:
        return True
    if "struct" in feature:
        return all(fits(each, value[each["name"]]) for each in feature["struct"])
    if "list" in feature:
        of: Type = feature["list"]
        inner = {"dtype": of} if isinstance(of, str) else {"struct": of}
        return all(fits(inner, each) for each in value)
    return isinstance(value, {"string": str, "bool": bool, "int64": int, "float64": float}[feature["dtype"]])


def test_names_out_of_the_data_make_no_cell_no_heading_and_no_header(tmp_path: Path) -> None:
    task = replace(TASK, environment="recorded", domain=NASTY)
    chosen = replace(ExportSettings(), filters=Filters(query=NASTY))
    header, markdown = card_of(tmp_path, task, NASTY, chosen)
    assert header["pretty_name"] == "hitl-app trl-dpo"
    row = section(markdown, "Where the rows come from")[-1]
    assert len(re.findall(r"(?<!\\)\|", row)) == 7
    shown = r"`x \| y --- # Title ''' - 'a': <b> [31m`"
    assert row == f"| `recorded` | {shown} | `inspect` | {shown} | unknown | 2 |"
    assert [line for line in markdown.splitlines() if line.startswith("# ")] == ["# Export `trl-dpo`"]
    assert section(markdown, "Settings")[0] == "```json"
    assert markdown.splitlines().count("```") == 1


@settings(max_examples=50)
@given(st.text())
def test_a_quoted_name_is_one_cell(name: str) -> None:
    cell = quoted(name)
    assert cell == "-" or re.fullmatch(r"`(?:[^`|\n\r]|\\\|)+`", cell)
    assert cell.isprintable()


def test_the_card_and_the_manifest_count_sources_labels_and_findings(tmp_path: Path) -> None:
    task = replace(TASK, environment="tau2", domain="airline", policy="Write to ana@example.org.")
    _, markdown = card_of(tmp_path, task, "gpt-5")
    assert section(markdown, "Where the rows come from")[-1] == "| `tau2` | `airline` | `inspect` | `gpt-5` | MIT | 2 |"
    assert "| decided by a person | 2 |" in section(markdown, "How the labels came about")
    assert section(markdown, "Found in the texts")[-1] == "| EMAIL | 2 |"
    assert any("it is masked on request" in line for line in section(markdown, "Notes"))
    assert any("names, postal addresses" in line for line in section(markdown, "Known limits"))
    manifest = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    source = {"environment": "tau2", "domain": "airline", "format": "inspect", "model": "gpt-5", "licence": "MIT"}
    assert manifest["sources"] == [{**source, "rows": 2}]
    assert manifest["labels"] == {"decided by a person": 2, "verified": 2}
    assert manifest["found"] == {"EMAIL": 2}


@pytest.mark.parametrize(
    ("environment", "form", "licence"),
    [
        ("bfcl", "inspect", "Apache-2.0"),
        ("recorded", "tau-bench", "MIT"),
        ("recorded", "claude-code", "unknown"),
        ("recorded", "agentdojo", "unknown"),
        ("mine", "", "unknown"),
        ("travel", "synthetic", "none needed: made by hitl-app"),
    ],
)
def test_a_licence_is_told_where_it_is_known_and_unknown_elsewhere(environment: str, form: str, licence: str) -> None:
    assert Origin(environment, "", form, "").licence == licence


def test_masked_rows_and_rows_that_nobody_looked_through_are_said_so(tmp_path: Path) -> None:
    task = replace(TASK, policy="Write to ana@example.org.")
    _, masked = card_of(tmp_path / "mask", task, chosen=replace(ExportSettings(), cleaning=Cleaning.MASK))
    assert "ana@example.org" not in (tmp_path / "mask" / "pairs-whole-train.jsonl").read_text("utf-8")
    assert section(masked, "Found in the texts")[-1] == "| EMAIL | 2 |"
    assert not any("masked on request" in line for line in section(masked, "Notes"))
    _, unseen = card_of(tmp_path / "off", task, chosen=replace(ExportSettings(), cleaning=Cleaning.OFF))
    assert "- nobody looked for secrets and personal data in the texts" in section(unseen, "Notes")
