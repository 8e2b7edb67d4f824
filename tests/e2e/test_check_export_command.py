import io
import json
import sys
from pathlib import Path

import pytest
from in_process import answer, call

from hitl_app.bootstrap import build
from hitl_app.cli.main import parse, run_command
from hitl_app.cli.output import Output


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """A demonstration of a trip that was right from the beginning."""
    store, out = tmp_path / "store", tmp_path / "out"
    call(store, "samples", "--count", "1")
    (found,) = call(store, "list")
    call(store, "inspect", found["id"])
    call(store, "mark", "approve", found["id"], "--annotator", "ada")
    call(store, "export", "--format", "trl-sft", "--out", out)
    return out


def trainer(folder: Path, file: str) -> Path:
    """A program that answers in place of a Python with a trainer."""
    row = {"texts": {"messages": [[False, "hi\nyou"], [True, "book"]]}, "values": {"label": True}}
    seen = {"file": file, "loader": "a loader", "read": 1, "rows": [row], "warnings": ["careful"], "lost": []}
    said = json.dumps({"versions": {"trl": "1"}, "files": [seen]}).replace("\\", "\\\\")
    program = folder / "python"
    program.write_text(f"#!/bin/sh\ncat > /dev/null\nprintf '%b' '{said}'\n", "utf-8")
    program.chmod(0o755)
    return program


def printed(store: Path, export: Path, *python: Path) -> str:
    """What a person reads."""
    more = [word for each in python for word in ("--python", str(each))]
    args = parse(["check-export", str(export), "--data-dir", str(store), *more], store)
    text = io.StringIO()
    assert run_command(args, build, Output(False, text, io.StringIO())) == (0 if python else 1)
    return text.getvalue()


def test_an_export_is_checked_and_damage_ends_with_another_code(export: Path, tmp_path: Path) -> None:
    store, file = tmp_path / "store", "demonstrations-train.jsonl"
    code, (found,), _ = answer(store, "check-export", export)
    assert code == 0
    assert found["format"] == "trl-sft"
    assert found["passed"]
    assert found["files"] == [{"table": "demonstrations", "part": "train", "file": file, "rows": 1}]
    assert [each for each in found["checks"] if each["passed"] is None] == [
        {
            "what": "the loader takes every row",
            "passed": None,
            "detail": f"trl is not installed in {sys.executable}; name another one with --python",
        }
    ]
    assert "    messages\n      masked  hi\\nyou\n      trained book\n" in printed(
        store, export, trainer(tmp_path, file)
    )

    (export / file).write_text("{}\n", "utf-8")
    code, (found,), _ = answer(store, "check-export", export)
    assert code == 1
    assert not found["passed"]
    text = printed(store, export)
    assert "  demonstrations  train  demonstrations-train.jsonl: 1 row\n" in text
    assert f"no   files are those of the manifest, byte for byte: {file} was changed\n" in text

    code, lines, told = answer(store, "check-export", tmp_path)
    assert (code, lines) == (1, [])
    assert "no manifest.json in it; name a folder that `hitl-app export` wrote" in told
