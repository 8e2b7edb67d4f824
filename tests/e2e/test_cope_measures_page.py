"""What the page on CoPE says of measures, links and training data is what its commands give."""

import json
import re
import sys
from pathlib import Path

from in_process import call, printed

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "cope.md"
SECTION = "## Example: two plans, five executions"

sys.path.append(str(ROOT / "tests" / "benchmarks"))

from measure_coordination import measured, table  # noqa: E402 -- found once its folder is on the path


def test_the_example_measures_links_and_exports_what_the_page_shows(tmp_path: Path) -> None:
    section = PAGE.read_text("utf-8").split(SECTION)[1].split("\n## ")[0]
    before, after = (block.splitlines() for block in re.findall(r"```sh\n(.*?)```", section, re.DOTALL))
    (shown,) = re.findall(r"```text\n(.*?)```", section, re.DOTALL)
    for command in before[:-1]:
        printed(tmp_path, command.replace("docs/", f"{ROOT}/docs/"))
    assert printed(tmp_path, before[-1]) == shown
    assert "plan followed (c_tau): 1.0000" in printed(tmp_path, after[0])
    printed(tmp_path, after[1].replace("--out pairs", f"--out {tmp_path}/pairs"))
    row = json.loads((tmp_path / "pairs" / "planner-pairs-train.jsonl").read_text("utf-8"))
    figures = [f"{row[name]:.4f}" for name in ("c_w", "c_l", "weight")]
    assert figures == ["0.9167", "0.1429", "0.8869"]
    assert all(figure in section for figure in figures)


def test_links_are_set_and_taken_back_on_the_command_line(tmp_path: Path) -> None:
    call(tmp_path, "import", ROOT / "docs" / "examples" / "plans")
    arguments = ("links", "9159", "--set", "8=1", "--set", "3=0", "--unset", "1", "--annotator", "ann")
    (found,) = call(tmp_path, *arguments)
    assert found["alignment"] == [
        {"plan_step": 0, "step": 2, "sure": 1.0, "source": "matched"},
        {"plan_step": 1, "step": 8, "sure": 1.0, "source": "human"},
    ]
    assert (found["c_tau"], found["executor_weight"], found["planner_weight"]) == (1, 1, None)
    (other,) = found["others"]
    assert (other["runs"], round(other["weight"], 4)) == (2, 0.8869)
    for _ in range(3):
        call(tmp_path, "undo", "--annotator", "ann")
    (found,) = call(tmp_path, "links", "9159")
    assert (found["c_tau"], found["alignment"][0]["step"]) == (0.5, 1)


def test_what_the_weights_are_worth_is_measured_alike_each_time() -> None:
    first, second = (table(measured(2, sizes=(5,), tasks=8)) for _ in range(2))
    assert first == second
    assert first.count("\n") == 6, "a heading and five worlds"
