"""The commands of the page on Plan-and-Act give what it shows."""

import io
import json
import re
import shlex
from pathlib import Path

from in_process import call
from serving import serving

from hitl_app.bootstrap import build
from hitl_app.cli.main import parse, run_command
from hitl_app.cli.output import Output

ROOT = Path(__file__).resolve().parents[2]


def printed(data_dir: Path, command: str) -> str:
    """What a command prints for people."""
    args = parse([*shlex.split(command)[1:], "--data-dir", str(data_dir)], data_dir)
    results, messages = io.StringIO(), io.StringIO()
    assert run_command(args, build, Output(False, results, messages)) == 0, messages.getvalue()
    return results.getvalue()


def test_the_example_of_the_page_makes_the_pairs_that_it_tells_of(tmp_path: Path) -> None:
    section = (ROOT / "docs" / "plan-and-act.md").read_text("utf-8").split("## Example")[1]
    classifying, expanding = (block.splitlines() for block in re.findall(r"```sh\n(.*?)```", section, re.DOTALL))
    (shown,) = re.findall(r"```text\n(.*?)```", section, re.DOTALL)
    desk = tmp_path / "desk"
    assert [printed(desk, command) for command in classifying][-1] == shown
    with serving("travel_expanding:policy", ROOT / "tests" / "policy") as served:
        for command in expanding[:2]:
            printed(desk, command.replace("URL", served.base_url).replace("NAME", "scripted"))
    pairs = call(desk, *shlex.split(expanding[2])[1:])
    assert [row["status"] for row in pairs] == ["pending"] * 3
    for row in pairs:
        printed(desk, f"hitl-app mark approve {row['id']} --annotator ann")
    call(desk, "export", "--format", "plan-and-act", "--out", str(tmp_path / "sets"))
    lines = (tmp_path / "sets" / "planner-train.jsonl").read_text("utf-8").splitlines()
    made = [row for row in map(json.loads, lines) if row["seeds"]]
    assert [(row["failure_class"], len(row["seeds"]), row["synthetic"]) for row in made] == [
        ("wrong time or order", 1, True),
        (None, 2, True),
        (None, 2, True),
    ]
