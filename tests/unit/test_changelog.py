"""The changelog of the next release is written from the files in docs/changes."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["towncrier"]
FRAGMENTS = sorted(path for path in (ROOT / SETTINGS["directory"]).iterdir() if path.name != "README.md")


@pytest.mark.parametrize("path", FRAGMENTS, ids=lambda path: path.name)
def test_a_change_is_named_by_subject_and_kind_and_says_what_it_is_in_one_paragraph(path: Path) -> None:
    kinds = "|".join(kind["directory"] for kind in SETTINGS["type"])
    assert re.fullmatch(rf"\+[a-z0-9-]+\.({kinds})\.md", path.name)
    paragraph, _, listed = path.read_text(encoding="utf-8").rstrip("\n").partition("\n\n")
    assert re.match(r"[A-Z*`]", paragraph)
    assert "\n" not in paragraph
    assert all(line.startswith("- ") for line in listed.splitlines())


def test_the_draft_of_the_changelog_holds_every_change() -> None:
    draft = subprocess.run(
        [sys.executable, "-m", "towncrier", "build", "--draft", "--version", "9.9.9", "--date", "2030-01-31"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        encoding="utf-8",
    ).stdout
    assert "## 9.9.9 (2030-01-31)\n" in draft
    for path in FRAGMENTS:
        for line in path.read_text(encoding="utf-8").splitlines():
            assert line in draft


def test_a_release_is_written_under_the_line_that_the_changelog_has_for_it() -> None:
    assert SETTINGS["start_string"] in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
