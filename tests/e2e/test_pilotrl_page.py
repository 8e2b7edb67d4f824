"""The commands of the page on PilotRL give what it shows."""

import io
import json
import re
import shlex
from pathlib import Path

from hitl_app.bootstrap import build
from hitl_app.cli.main import parse, run_command
from hitl_app.cli.output import Output

PAGE = Path(__file__).resolve().parents[2] / "docs" / "pilotrl.md"
SECTION = "## Example: scores and a group without a model"
RECORDING = "2ac178f0deab"


def printed(data_dir: Path, command: str) -> str:
    """What a command prints for people."""
    args = parse([*shlex.split(command)[1:], "--data-dir", str(data_dir)], data_dir)
    results = io.StringIO()
    assert run_command(args, build, Output(False, results, io.StringIO())) == 0
    return results.getvalue()


def masked(text: str) -> list[str]:
    """Lines without ids: what a search makes hangs on the words in which it reads a plan off."""
    return [re.sub(r"\b[0-9a-f]{12,}\b", "…", line) for line in text.splitlines()]


def test_the_commands_of_the_page_give_its_group_and_its_row(tmp_path: Path) -> None:
    section = PAGE.read_text("utf-8").split(SECTION)[1].split("\n## ")[0]
    first, second = (block.splitlines() for block in re.findall(r"```sh\n(.*?)```", section, re.DOTALL))
    (shown,) = re.findall(r"```text\n(.*?)```", section, re.DOTALL)
    *before, groups = [printed(tmp_path, command) for command in first]
    assert "it is not verified" in before[-1]
    assert "nothing in it is redundant" in before[-1]
    assert masked(groups)[1:] == masked(shown)[1:]
    assert masked(groups)[0].endswith(masked(shown)[0])
    give, export = second
    assert RECORDING in groups
    printed(tmp_path, give)
    printed(tmp_path, export.replace("rows", str(tmp_path / "rows")))
    lines = (tmp_path / "rows" / "stage1-train.jsonl").read_text("utf-8").splitlines()
    row = next(row for row in map(json.loads, lines) if row["trajectory"].startswith(RECORDING))
    values = [row[name] for name in ("r_format", "r_adherence", "r_e2e", "r_total", "human_override")]
    assert values == [1, 1, 0, 1.5, True]


def test_the_page_names_what_there_is() -> None:
    text = PAGE.read_text("utf-8")
    for path in re.findall(r"`((?:domain|refine|workflow)/\w+\.py)`", text):
        assert (PAGE.parents[1] / "hitl_app" / path).is_file()
    for name in re.findall(r"`(judge_\w+)`", text):
        assert (PAGE.parents[1] / "resources" / "prompts" / f"{name}.toml").is_file()
