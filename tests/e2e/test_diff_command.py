"""`hitl-app diff` names what differs between two trajectories, for people and for scripts."""

import io
import json
from pathlib import Path

from in_process import call

from hitl_app.bootstrap import build
from hitl_app.cli.main import parse, run_command
from hitl_app.cli.output import Output


def test_two_revisions_are_compared_step_by_step(tmp_path: Path) -> None:
    call(tmp_path, "samples", "--count", "1", "--level", "1")
    (row,) = call(tmp_path, "list")
    (shown,) = call(tmp_path, "show", row["id"])
    booking = next(step for step in shown["steps"] if step["name"] == "book_hotel")
    edits = tmp_path / "edits.json"
    change = {"op": "set_argument", "step": booking["index"], "name": "rooms", "value": 2}
    edits.write_text(json.dumps([change, {"op": "insert", "before": 1, "message": "Let me see."}]))
    maker = ("--annotator", "ann", "--reason", "a try", "--override")
    (revised,) = call(tmp_path, "revise", row["id"], "--edits", edits, *maker)
    (told,) = call(tmp_path, "diff", row["id"], revised["id"])
    assert (told["before"], told["after"]) == (row["id"], revised["id"])
    assert [hunk["operator"] for hunk in told["hunks"]] == ["insert", "set_argument"]
    before = booking["arguments"]["rooms"]
    changes = [{"path": "rooms", "kind": "changed", "before": before, "after": 2}]
    assert told["hunks"][1]["changes"] == changes
    assert told["losses_before"] != told["losses_after"]
    text = printed(tmp_path, "diff", row["id"], revised["id"])
    assert "@ –→1 added\n  + Let me see.\n" in text
    assert f"  -   rooms={before}\n  +   rooms=2\n" in text


def printed(data_dir: Path, *arguments: str) -> str:
    args = parse([*arguments, "--data-dir", str(data_dir)], data_dir)
    results, messages = io.StringIO(), io.StringIO()
    assert run_command(args, build, Output(False, results, messages)) == 0, messages.getvalue()
    return results.getvalue()
