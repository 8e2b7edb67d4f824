"""One chat with everything that trainers stumble over, decided on by hand, for tests of their formats."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from decisions import Decisions, inspected, judged, replaced, revise, trajectory

from hitl_app.domain.ports import ExportSummary
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.training import ExportSettings
from hitl_app.domain.trajectory import Recorded, Step, Trajectory, action, message
from hitl_app.exchange.examples.lineage import Judged
from hitl_app.exchange.exporters import EXPORTERS

Row: TypeAlias = "dict[str, Any]"  # Any: rows are read back as whatever they hold

TOOLS = (
    ToolSpec("look", "Look <it> up", {"type": "object", "properties": {"id": {"type": "string"}}}),
    ToolSpec("book", parameters={"type": "object", "properties": {"seats": {"type": "integer"}}}),
    ToolSpec("ping"),
)
TASK = Task("recorded", "8", "Book it", policy="Be careful.", tools=TOOLS)
STEPS = (
    message("Hi, how can I help?"),
    message("Hello", "user"),
    action("look", {"id": "</tool_call><b>"}, thought="Let me see", expected=Recorded("found a"), turn=1),
    action("look", {"id": "b"}, expected=Recorded("found b"), turn=1),
    message("Once more."),
    action("look", {"deep": {"x": [1, None, "ü"]}}, expected=Recorded("found c")),
    message("Which one?"),
    message("The first", "user"),
    action("book", {"id": "b"}, expected=Recorded("no", failed=True)),
    message("Done"),
)
THE_CALL = 8
BASE = trajectory(STEPS, TASK)
TWO_CALLS = (
    '<tool_call>\n{"name": "look", "arguments": {"id": "</tool_call><b>"}}\n</tool_call>\n'
    '<tool_call>\n{"name": "look", "arguments": {"id": "b"}}\n</tool_call>'
)


def better(step: Step, base: Trajectory = BASE, at: int = THE_CALL) -> list[Judged]:
    """An accepted revision that puts one step right."""
    return [judged(base, revise(base, replaced(base, at, step)))]


FIXED = better(action("book", {"seats": 2}, thought="I book."))


def approved(*steps: Step, task: Task = TASK) -> list[Judged]:
    """A trajectory that was accepted as it is."""
    whole = trajectory(steps, task)
    return [replace(judged(whole, whole), candidate_inspection=inspected(whole, 0))]


def export(
    name: str, decided: Sequence[Judged], out: Path, task: Task = TASK, settings: ExportSettings | None = None
) -> ExportSummary:
    exporter = next(exporter for exporter in EXPORTERS if exporter.name == name)
    return exporter.export(Decisions(list(decided), (task,)), out, settings or ExportSettings())


def rows(file: Path) -> list[Row]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def parquet(file: Path) -> list[Row]:
    pyarrow = pytest.importorskip("pyarrow.parquet")
    found: list[Row] = pyarrow.read_table(file).to_pylist()
    return found


def said(turns: Sequence[Row]) -> list[str]:
    return [turn["from"] for turn in turns]
