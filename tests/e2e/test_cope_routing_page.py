"""The commands of the page on COPE give what it shows, and its exports add up to what the runs cost."""

import json
import re
import shlex
from pathlib import Path
from typing import Any  # rows of JSON are read here as a script would read them

import pytest
from in_process import answer, call, printed
from serving import serving

ROOT = Path(__file__).resolve().parents[2]
COST = re.compile(r"\d+ \+ \d+ tokens, [\d.]+ USD")
"""Tokens hang on every word of every prompt."""


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_the_example_of_the_page_gives_what_it_shows(tmp_path: Path) -> None:
    section = (ROOT / "docs" / "cope-routing.md").read_text("utf-8").split("## Example")[1]
    setting_up, replaying, using = (block.splitlines() for block in re.findall(r"```sh\n(.*?)```", section, re.DOTALL))
    routed, replayed = re.findall(r"```text\n(.*?)```", section, re.DOTALL)
    desk, out = tmp_path / "desk", tmp_path / "cascades"
    with serving("travel_routing:models", ROOT / "tests" / "policy") as served:
        shown = [printed(desk, command.replace("URL", served.base_url)) for command in setting_up]
        assert COST.sub("…", shown[-1]) == COST.sub("…", routed)
        (run,) = call(desk, "runs")
        (command,) = replaying
        assert COST.sub("…", printed(desk, command.replace("RUN", run["run"]))) == COST.sub("…", replayed)
        refine, export = using
        (result,) = call(desk, *shlex.split(refine)[1:])
        assert (result["status"], result["tokens"]) == ("verified", "measured")
    assert printed(desk, export.replace("--out cascades", f"--out {out}"))
    assert call(desk, "check-export", str(out))
    _adds_up(rows(out / "stages.jsonl"), rows(out / "calls.jsonl"), desk)


def _adds_up(stages: list[dict[str, Any]], calls: list[dict[str, Any]], desk: Path) -> None:
    """Every stage costs what its calls cost, and whole tasks what their stages cost."""
    for stage in stages:
        place = ("run", "start_id", "step", "attempt", "stage")
        mine = [call for call in calls if all(call[name] == stage[name] for name in place)]
        for name in ("tokens_in", "tokens_out", "usd"):
            assert sum(call[name] for call in mine) == pytest.approx(stage[name])
        plans = [call for call in mine if call["part"] == "plan"]
        assert {call["model"] for call in plans} == (
            {"small"} if stage["stage"] == 1 else {"large"} if plans else set()
        )
        assert {call["role"] for call in mine if call["part"] == "execution"} == {stage["role"]}
        assert all(call["plan"] for call in mine)
        samples = {call["sample_idx"]: call["answer"] for call in mine if call["part"] == "execution"}
        assert len(samples) == stage["samples"]
        assert stage["answer"] in samples.values()
    for run in call(desk, "runs"):
        mine = [stage for stage in stages if stage["run"] == run["run"]]
        whole = run["settings"]["command"] == "route"
        spent, known = sum(stage["usd"] for stage in mine), run["usd"]
        assert spent == pytest.approx(known) if whole else spent < known, "refine asks a critic besides"


def test_what_cannot_be_routed_is_said(tmp_path: Path) -> None:

    for arguments, message in (
        (("route",), "say what to route"),
        (("route", "t", "--what-if", "abcd"), "say what to route"),
        (("route", "--what-if", "abcd"), "--tau1 X and --tau2 Y"),
        (("route", "--what-if", "abcd", "--sweep"), "abcd"),
        (("route", "t"), "no model is set up"),
    ):
        code, lines, said = answer(tmp_path, *arguments)
        assert (code, lines) == (1, [])
        assert message in said
