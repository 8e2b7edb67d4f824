"""`hitl-app --smoke-test` tries the desk wholly, and says where something does not work."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from shutil import copytree

import pytest

import hitl_app
from hitl_app.__main__ import main

PACKAGE = Path(hitl_app.__file__).parent
STAGES = [
    "start", "window", "parts", "import", "inspect", "propose", "approve", "reject", "ledger", "render", "export",
    "check", "chinese",
]  # fmt: skip


def smoke_test(
    *options: str | Path, variables: Mapping[str, str] | None = None, tree: Path = PACKAGE.parent
) -> subprocess.CompletedProcess[str]:
    """Run it from a source tree, as a process."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", **(variables or {})}
    return subprocess.run(
        [sys.executable, "-m", "hitl_app", "--smoke-test", *options],
        cwd=tree,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=180,
        check=False,
    )


@pytest.mark.slow  # the packaged application does the same in each `.ci/run`
def test_the_desk_does_everything_once_and_leaves_nothing_but_the_picture(tmp_path: Path) -> None:
    picture, home, temporary = tmp_path / "desk.png", tmp_path / "home", tmp_path / "temporary"
    temporary.mkdir()
    places = {name: str(home / name) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
    done = smoke_test("--json", "--screenshot", picture, variables={**places, "TMPDIR": str(temporary)})
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    *lines, last = map(json.loads, done.stdout.splitlines())
    assert last == {"passed": True, "problems": []}
    assert [line["did"] for line in lines] == STAGES
    figures = {line["did"]: line for line in lines}
    assert figures["start"]["version"] == hitl_app.__version__
    assert figures["import"]["trajectories"] == 3
    assert figures["propose"]["hunks"] > 0
    assert (figures["approve"]["kind"], figures["reject"]["kind"]) == ("accept", "reject")
    assert (figures["ledger"]["entries"], figures["ledger"]["sound"]) == (2, True)
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert not list(temporary.iterdir())
    assert not list(home.glob("XDG_DATA_HOME/**/*.db"))


@pytest.mark.slow
def test_a_missing_resource_fails_the_test_and_is_named(tmp_path: Path) -> None:
    copytree(PACKAGE, tmp_path / "hitl_app")
    copytree(PACKAGE.parent / "resources", tmp_path / "resources")
    (tmp_path / "resources" / "templates" / "chatml.jinja").unlink()
    done = smoke_test(tree=tmp_path)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-2].startswith("ledger: ")
    assert done.stdout.splitlines()[-1] == "smoke test failed"
    assert "chatml.jinja" in done.stderr


def test_a_folder_that_cannot_be_made_fails_the_test_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    assert main(["--smoke-test"]) == 1
    printed = capsys.readouterr()
    assert printed.out.endswith("smoke test failed\n")
    assert "nowhere" in printed.err


@pytest.mark.parametrize("beside", [["--samples"], ["--data-dir", "here"], ["list"]])
def test_it_works_in_no_other_folder_than_its_own(beside: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--smoke-test", *beside])
    assert "stands alone" in capsys.readouterr().err
