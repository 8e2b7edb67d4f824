"""The workflows of a public CI call what exists here, and may do no more than they need."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any  # YAML

import pytest
import yaml

import build

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.fixture(params=WORKFLOWS, ids=lambda path: path.stem)
def workflow(request: pytest.FixtureRequest) -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = yaml.safe_load(request.param.read_text("utf-8"))
    return loaded


def test_what_a_workflow_runs_exists(workflow: Mapping[str, Any]) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    for script in (step["run"] for step in _steps(workflow) if "run" in step):
        for target in re.findall(r"^make (\S+)", script, re.MULTILINE):
            assert target in targets
        for steps in re.findall(r"packaging/build\.py (.+)", script):
            assert set(steps.split()) <= set(build.STEPS)
        for file in re.findall(r"(?<!\S)(?:packaging|\.ci)/\S+", script):
            assert (ROOT / file).is_file()


def test_actions_are_github_s_own_in_a_named_version_and_leave_no_token_behind(workflow: Mapping[str, Any]) -> None:
    for step in _steps(workflow):
        if "uses" in step:
            assert re.fullmatch(r"actions/[a-z-]+@v\d+", step["uses"])
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


def test_only_the_draft_of_a_release_may_write(workflow: Mapping[str, Any]) -> None:
    assert workflow["permissions"] == {"contents": "read"}
    assert {name for name, job in workflow["jobs"].items() if "permissions" in job} <= {"release"}


def test_a_script_reads_values_from_its_environment_alone(workflow: Mapping[str, Any]) -> None:
    assert not [step for step in _steps(workflow) if "${{" in step.get("run", "")]


def test_every_job_ends_by_itself(workflow: Mapping[str, Any]) -> None:
    assert all("timeout-minutes" in job for job in workflow["jobs"].values())


def _steps(workflow: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for job in workflow["jobs"].values():
        yield from job["steps"]
