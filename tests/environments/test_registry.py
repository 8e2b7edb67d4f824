"""What a user can rely on when environments are looked up by name."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hitl_app.domain.errors import EnvironmentUnavailableError
from hitl_app.domain.inspection import Execution, Observation
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import Trajectory
from hitl_app.environments.registry import EnvironmentRegistry

PLUGIN = """
import sys

from hitl_app.domain.inspection import Finding, FindingKind, Observation
from hitl_app.domain.ports import EnvironmentStatus

class Opened:
    closed = 0

    def step(self, name, arguments):
        if name == "count":
            return Observation("1")
        if name == "exit":
            sys.exit("enough")
        if name == "number":
            return Observation(1)
        return {"text": "1"} if name == "malformed" else arguments["missing"]

    def describe_tools(self, task):
        return ["a name"]

    def verdict(self, task, trajectory, execution):
        if task.key == "index":
            return [Finding("late", FindingKind.GOAL, met=False, steps=(7,))]
        raise ZeroDivisionError("nobody thought of that")

    def close(self):
        Opened.closed += 1

class Provider:
    name = "plugin"
    installed = True

    def status(self, home):
        return EnvironmentStatus("plugin", "from another package", installed=self.installed, needs_install=False)

    def install(self, home, report):
        report("done")
        self.installed = True

    def open(self, home):
        return Opened()

    def check(self, home):
        return (f"looked into {home.name}",)

class Absent(Provider):
    def status(self, home):
        return None

class Faulty(Provider):
    def status(self, home):
        raise OSError("the disk is gone")

    check = open = status

provider = Provider()
absent = Absent()
faulty = Faulty()
"""
ENTRY_POINTS = """[hitl_app.environments]
plugin = a_plugin:provider
faulty = a_plugin:faulty
travel = a_plugin:provider
absent = a_plugin:absent
other = a_plugin:provider
broken = a_plugin_that_was_removed:provider
exits = a_plugin_that_exits:provider
"""


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EnvironmentRegistry]:
    """With a plugin that works and one that does not, installed as any package is."""
    site = tmp_path / "site"
    metadata = site / "a_plugin-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: a-plugin\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(ENTRY_POINTS)
    (site / "a_plugin.py").write_text(PLUGIN)
    (site / "a_plugin_that_exits.py").write_text("import sys\nsys.exit('not on this machine')\n")
    monkeypatch.syspath_prepend(str(site))
    registry = EnvironmentRegistry(tmp_path / "home")
    yield registry
    registry.close()
    sys.modules.pop("a_plugin", None)


def test_environments_of_this_and_other_packages_are_found(registry: EnvironmentRegistry) -> None:
    statuses = {status.name: status for status in registry.statuses()}
    assert {"travel", "recorded", "tau2", "plugin"} <= statuses.keys()
    assert list(statuses) == sorted(statuses)
    assert statuses["plugin"].description == "from another package"
    assert (statuses["tau2"].installed, statuses["tau2"].needs_install) == (False, True)


def test_a_package_that_cannot_be_loaded_is_reported_and_keeps_no_other_from_working(
    registry: EnvironmentRegistry,
) -> None:
    broken = next(status for status in registry.statuses() if status.name == "broken")
    assert "a_plugin_that_was_removed" in broken.problem
    assert not broken.installed
    with pytest.raises(EnvironmentUnavailableError, match="Reinstall the package"):
        registry.get("broken")
    assert registry.check("plugin") == ("looked into home",)


def test_a_provider_that_fails_is_reported_with_its_package(registry: EnvironmentRegistry) -> None:
    faulty = next(status for status in registry.statuses() if status.name == "faulty")
    said = "The environment `faulty` of a-plugin 1.0 failed: OSError: the disk is gone."
    assert faulty.problem == said
    for call in (registry.get, registry.check):
        with pytest.raises(EnvironmentUnavailableError) as raised:
            call("faulty")
        assert str(raised.value) == said


def test_a_step_in_which_another_packages_environment_fails_is_a_failed_step(registry: EnvironmentRegistry) -> None:
    environment = registry.get("plugin")
    failed = environment.step("raise", {})
    assert failed.failed
    assert failed.error == "The environment `plugin` of a-plugin 1.0 failed: KeyError: 'missing'."
    assert "answered with dict instead of Observation" in environment.step("malformed", {}).error
    assert environment.step("count", {}) == Observation("1"), "the next step is not concerned"


def test_another_package_that_exits_does_not_end_the_desk(registry: EnvironmentRegistry) -> None:
    exits = next(status for status in registry.statuses() if status.name == "exits")
    assert "cannot be loaded: SystemExit: not on this machine" in exits.problem
    assert "failed: SystemExit: enough" in registry.get("plugin").step("exit", {}).error


def test_answers_of_another_package_that_are_none_are_said_to_be_its_fault(registry: EnvironmentRegistry) -> None:
    absent = next(status for status in registry.statuses() if status.name == "absent")
    assert "answered with NoneType instead of EnvironmentStatus" in absent.problem
    environment, task = registry.get("plugin"), Task("plugin", "index", "Count")
    assert "text: expected text, found int" in environment.step("number", {}).error
    with pytest.raises(EnvironmentUnavailableError, match="answered with str instead of ToolSpec"):
        environment.describe_tools(task)
    with pytest.raises(EnvironmentUnavailableError, match="traces late to steps that there are not"):
        environment.verdict(task, Trajectory("", ()), Execution("", "plugin", "1", ()))


def test_an_environment_is_listed_under_the_name_that_tasks_refer_to(registry: EnvironmentRegistry) -> None:
    assert "other" in [status.name for status in registry.statuses()]


def test_a_verdict_in_which_another_packages_environment_fails_says_so(registry: EnvironmentRegistry) -> None:
    task, trajectory = Task("plugin", "1", "Count"), Trajectory("", ())
    with pytest.raises(EnvironmentUnavailableError, match=r"a-plugin 1\.0 failed: ZeroDivisionError: nobody"):
        registry.get("plugin").verdict(task, trajectory, Execution("", "plugin", "1", ()))


def test_no_other_package_takes_the_place_of_a_built_in_environment(registry: EnvironmentRegistry) -> None:
    status = next(status for status in registry.statuses() if status.name == "travel")
    assert status.place == "built in"


def test_an_environment_is_opened_once_and_closed_with_the_registry(registry: EnvironmentRegistry) -> None:
    opened = registry.get("plugin")
    assert registry.get("plugin") is opened
    registry.close()
    registry.close()
    assert vars(sys.modules["a_plugin"])["Opened"].closed == 1
    assert registry.get("plugin") is not opened


def test_an_unknown_environment_lists_the_known_ones(registry: EnvironmentRegistry) -> None:
    with pytest.raises(EnvironmentUnavailableError, match=r"no environment `tao2`.*tau2"):
        registry.get("tao2")


def test_an_environment_that_is_not_installed_says_how_to_install_it(registry: EnvironmentRegistry) -> None:
    with pytest.raises(EnvironmentUnavailableError, match="hitl-app env install tau2"):
        registry.get("tau2")


def test_installing_reports_progress_and_answers_with_the_new_status(registry: EnvironmentRegistry) -> None:
    opened = registry.get("plugin")
    lines: list[str] = []
    assert registry.install("plugin", lines.append).installed
    registry.release("plugin")
    assert lines == ["done"]
    assert registry.get("plugin") is not opened, "the one that was open is not used any more"
