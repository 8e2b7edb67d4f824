"""The commands of the page on CoPE give what it shows."""

import re
from pathlib import Path

from in_process import call, printed

PAGE = Path(__file__).resolve().parents[2] / "docs" / "cope.md"
SECTION = "## Example: a search without a model"


def test_the_search_of_the_page_grows_the_tree_that_it_shows(tmp_path: Path) -> None:
    section = PAGE.read_text("utf-8").split(SECTION)[1].split("\n## ")[0]
    commands = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)[0].splitlines()
    shown = re.findall(r"```text\n(.*?)```", section, re.DOTALL)[0]
    *first, last = commands
    for command in first:
        printed(tmp_path, command)
    (tree,) = call(tmp_path, "tree")
    _, lines = printed(tmp_path, last.replace("RUN", tree["run"])).split("\n", 1)
    assert _masked(lines) == _masked(shown)


def _masked(text: str) -> str:
    """Without what hangs on the words in which a plan is read off actions."""
    return re.sub(r"\b[0-9a-f]{12}\b|\d+(?= steps)", "…", text)
