"""What a person reads where an environment's worker misbehaves: one step is lost, the rest is judged."""

import io
import json
from pathlib import Path

import pytest

from hitl_app.bootstrap import build
from hitl_app.cli.main import parse, run_command
from hitl_app.cli.output import Output
from hitl_app.domain.library import ImportedRun
from hitl_app.domain.store_file import STORE
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import Trajectory, action
from hitl_app.store import open_store
from hitl_app.system.clock import SystemClock

HANDLERS = Path(__file__).resolve().parents[1] / "environments" / "faulty_handlers.py"
PACKAGE = f"""
import sys
from pathlib import Path
from hitl_app.domain.inspection import Finding, FindingKind
from hitl_app.domain.loss import Component
from hitl_app.domain.ports import EnvironmentInfo, EnvironmentStatus
from hitl_app.environments.worker import Session, Worker, WorkerLimits

class Environment(Session):
    info = EnvironmentInfo("faulty", "1", frozenset({{Component.GOAL, Component.FEASIBILITY}}))

    def describe_tools(self, task):
        return ()

    def reset(self, task):
        super().reset(task.spec)

    def verdict(self, task, trajectory, execution):
        if "verdict" in task.key:
            self.ask("hang")
        return (Finding("count", FindingKind.GOAL, met=self.ask("snapshot") == "2"),)

class Provider:
    name = "faulty"

    def status(self, home):
        return EnvironmentStatus("faulty", "", installed=True, needs_install=False)

    def open(self, home):
        limits = WorkerLimits(start_seconds=30, call_seconds=1, memory_bytes=256 << 20, answer_bytes=1 << 20)
        return Environment(Worker(Path(sys.executable), Path({str(HANDLERS)!r}), limits))

provider = Provider()
"""

FAULTS = [
    (1, "hang could not be executed: the worker did not answer within 1 s"),
    (2, "flood could not be executed: the worker answered with more than 1,048,576 bytes"),
    (3, "exit could not be executed: the worker ended with exit code 7"),
    (4, "nonsense could not be executed: the worker answered nonsense: b'this is not JSON'"),
]
"""Steps of the run, with what is to be said of them."""


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with runs of an environment whose worker does what is worst, installed as any package is."""
    site = tmp_path / "site"
    metadata = site / "faulty_package-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: faulty-package\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[hitl_app.environments]\nfaulty = faulty_package:provider\n")
    (site / "faulty_package.py").write_text(PACKAGE)
    monkeypatch.syspath_prepend(str(site))
    runs = []
    for key, names in {
        "verdict hangs": ("count",),
        "reset dies": (),
        "steps fail": ("count", "hang", "flood", "exit", "nonsense", "count"),
    }.items():
        task = Task("faulty", key, key, spec={"fault": "exit"} if key == "reset dies" else {})
        runs.append(ImportedRun(task, Trajectory(task.id, tuple(action(name, {}) for name in names))))
    store = open_store(tmp_path / STORE, SystemClock())
    store.add_runs(runs)
    store.close()
    return tmp_path


def called(data_dir: Path, *arguments: str, as_json: bool, code: int) -> tuple[str, str]:
    """Standard output and standard error of a command."""
    args = parse([*arguments, "--data-dir", str(data_dir)], data_dir)
    results, messages = io.StringIO(), io.StringIO()
    assert run_command(args, build, Output(as_json, results, messages)) == code
    return results.getvalue(), messages.getvalue()


def test_a_faulty_worker_costs_the_steps_in_which_it_failed_and_every_fault_is_told(data_dir: Path) -> None:
    results, messages = called(data_dir, "inspect", "--all", as_json=False, code=1)
    hanging, dying = messages.splitlines()
    assert hanging.endswith(": The environment does not work: the worker did not answer within 1 s.")
    assert dying.endswith(": The environment does not work: the worker ended with exit code 7.")
    head, losses, _, *told = results.splitlines()
    assert "verified" in head, "both steps that could count have done so, whatever happened between them"
    assert "feasibility 4/6" in losses
    assert [line.strip() for line in told] == [f"! step {index}: {critique}" for index, critique in FAULTS]

    shown, _ = called(data_dir, "show", head.split()[0], as_json=True, code=0)
    gradients = json.loads(shown)["gradients"]
    assert [(gradient["step_index"], gradient["critique"]) for gradient in gradients] == FAULTS
