"""The worked example of the documentation: a package of somebody else, installed and used as a user would."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any  # lines of JSON are read here as a script would read them

import pytest

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "counter-environment"
LOG = EXAMPLE / "recordings" / "count-to-three.log"

BROKEN_ENTRY_POINTS = """[hitl_app.importers]
removed = a_module_that_was_removed:importer
nameless = broken_package:Nameless
other-name = broken_package:Careless
careless = broken_package:Careless
nonsense = broken_package:Nonsense
exits = broken_package:Exits
leaves = a_package_that_leaves:importer
tau2 = broken_package:Tau2
"""
BROKEN_PACKAGE = """
from hitl_app.domain.library import ImportedRecord, ImportedTask, Rejected
from hitl_app.domain.task import Task

class Nameless:
    pass

class Careless:
    name = "careless"
    def recognises(self, path):
        return 1 // (path.name != "careless.txt") == 2
    def read(self, path):
        return []

class Nonsense:
    name = "nonsense"
    def recognises(self, path):
        return path.name == "nonsense.txt"
    def read(self, path):
        yield {"a": "dictionary"}
        raise RuntimeError("and then it fell over")

class Exits:
    name = "exits"
    def recognises(self, path):
        return path.name == "exits.txt"
    def read(self, path):
        yield ImportedTask(5)
        yield ImportedTask(Task("recorded", "k", "t", spec={"a": {1}}))
        yield ImportedRecord("x", 5)
        yield Rejected(5, None)
        raise SystemExit("enough")

class Tau2(Careless):
    name = "tau2"
"""


def run(
    sites: Sequence[Path], *arguments: str | Path, data_dir: Path, code: int | None = 0, stdin: str = ""
) -> tuple[list[dict[str, Any]], str]:
    """The lines of a command in a Python that sees the folders `sites`, too; and its messages.

    `code` is the exit code that it must have; None where that depends on the machine.
    """
    command = [sys.executable, "-m", "hitl_app", *map(str, arguments), "--data-dir", str(data_dir), "--json"]
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, sites))}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=variables, input=stdin)
    assert code in (None, done.returncode), done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example in it, installed by pip without a network; nothing else is touched."""
    folder = tmp_path_factory.mktemp("package")
    shutil.copytree(EXAMPLE, folder / "source")
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation"]
    target = folder / "site"
    done = subprocess.run(
        [*install, "--target", target, folder / "source"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture
def broken_site(tmp_path: Path) -> Path:
    """A folder with a package whose importers are broken in every way."""
    metadata = tmp_path / "site" / "broken_package-2.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: broken-package\nVersion: 2.0\n")
    (metadata / "entry_points.txt").write_text(BROKEN_ENTRY_POINTS)
    (tmp_path / "site" / "broken_package.py").write_text(BROKEN_PACKAGE)
    (tmp_path / "site" / "a_package_that_leaves.py").write_text("raise SystemExit('not on this machine')\n")
    return tmp_path / "site"


def test_the_documented_package_adds_an_environment_and_a_format(site: Path, tmp_path: Path) -> None:
    (checked,), _ = run([site], "env", "check", "counter", data_dir=tmp_path)
    assert checked == {"name": "counter", "works": True, "checked": ["the counter counts", "the counter goes back"]}
    lines = {line["what"]: line for line in run([site], "doctor", data_dir=tmp_path, code=None)[0]}
    assert lines["importer counter-log"]["detail"] == "counter-environment 1.0: ready"
    assert lines["environment counter"]["ok"]


@pytest.mark.slow
def test_a_recording_of_the_documented_package_is_judged_and_mended(site: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.log"
    damaged.write_text("counter-log 1\ncount to 3, never above 5\nadd two -> ?\n")
    (imported, rejected), _ = run([site], "import", LOG, damaged, data_dir=tmp_path, code=1)
    assert (imported["format"], imported["trajectories"], imported["rejected"]) == ("counter-log", 1, [])
    reason = "expected `> words` or `tool number -> observation`"
    assert rejected["rejected"] == [{"where": f"{damaged}: line 3", "reason": reason}]

    (found,), _ = run([site], "inspect", "--all", data_dir=tmp_path)
    assert (found["replayed"], found["identical"], found["scores"]) == (3, 3, {"distance": 1})
    unmet = {finding["id"]: finding["steps"] for finding in found["findings"] if not finding["met"]}
    assert unmet == {"target": [1, 3], "limit": [1]}

    edits = json.dumps([{"op": "set_argument", "step": 1, "name": "number", "value": 5}])
    person = ("--annotator", "ann", "--reason", "five is enough")
    (mended,), _ = run([site], "revise", found["id"], "--edits", "-", *person, data_dir=tmp_path, stdin=edits)
    assert (mended["accepted"], mended["verified"]) == (True, True)
    assert mended["losses_after"]["hard_constraints"] == {"count": 0, "of": 1}


@pytest.mark.slow
def test_a_broken_importer_is_named_and_stops_no_other(site: Path, broken_site: Path, tmp_path: Path) -> None:
    formats, _ = run([site, broken_site], "formats", data_dir=tmp_path)
    assert {
        "name": "counter-log",
        "description": "Logs of the counter: a task, then a call a line.",
        "built_in": False,
        "package": "counter-environment 1.0",
        "problem": "",
    } in formats
    assert all(known["description"] for known in formats if known["built_in"])
    problems = {known["name"]: known["problem"] for known in formats if known["package"] == "broken-package 2.0"}
    assert problems.pop("careless") == problems.pop("nonsense") == problems.pop("exits") == ""
    assert problems.pop("leaves") == "SystemExit: not on this machine"
    assert "ModuleNotFoundError" in problems.pop("removed")
    assert "no methods recognises(path) and read(path)" in problems.pop("nameless")
    assert 'calls itself "careless"' in problems.pop("other-name")
    assert problems == {"tau2": "another importer has that name: choose another one"}

    folder = tmp_path / "runs"
    folder.mkdir()
    chat = [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi"}]
    (folder / "chat.json").write_text(json.dumps(chat))
    (folder / "careless.txt").write_text("?")
    (folder / "nonsense.txt").write_text("?")
    (folder / "exits.txt").write_text("?")
    lines, _ = run([broken_site], "import", folder, data_dir=tmp_path, code=1)
    careless, good, exits, nonsense = sorted(lines, key=lambda line: line["file"].rpartition("/")[2])
    assert (good["format"], good["trajectories"], good["rejected"]) == ("openai-chat", 1, [])
    assert "the importer careless of broken-package 2.0 failed: ZeroDivisionError" in careless["rejected"][0]["reason"]
    assert "importer removed of broken-package 2.0 cannot be used" in careless["rejected"][0]["reason"]
    assert [item["reason"] for item in nonsense["rejected"]] == [
        "the importer nonsense of broken-package 2.0 gave dict, which is no run, task or rejection",
        "the importer nonsense of broken-package 2.0 failed: RuntimeError: and then it fell over",
    ]
    no_task, no_json, no_record, rejected, ended = exits["rejected"]
    assert "gave a task that is not JSON: AttributeError" in no_task["reason"]
    assert "gave a task that is not JSON: TypeError" in no_json["reason"]
    assert no_record["reason"].endswith("gave ImportedRecord, which is no run, task or rejection")
    assert rejected == {"where": "5", "reason": "None"}
    assert ended["reason"].endswith("failed: SystemExit: enough")
    _, message = run([broken_site], "import", folder, "--format", "removed", data_dir=tmp_path, code=1)
    assert "the importer removed of broken-package 2.0 cannot be used: ModuleNotFoundError" in message
