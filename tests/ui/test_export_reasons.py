"""Why an export leaves something out is said in the language of the window, whatever the format."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hitl_app import exchange
from hitl_app.ui.export_reasons import REASONS, reason_words

ROOM = Path(exchange.__file__).parent
FILES = [*(ROOM / "examples").glob("*.py"), *(ROOM / "exporters").glob("*.py"), ROOM / "dataset.py"]


def _given(file: Path) -> Iterator[str]:
    """Texts that a file counts exclusions by, returns, or names: those in plain words are reasons."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Subscript(value=ast.Name("excluded"), slice=value) | ast.Return(value):
                pass
            case ast.Assign([ast.Name(name)], value) if name.isupper() or name in ("checks", "unknown"):
                pass
            case _:
                continue
        for each in ast.walk(value) if isinstance(value, ast.IfExp | ast.Tuple) else [value]:
            if isinstance(each, ast.Constant) and re.match(r"[a-z][^\n`]* [^\n`]*$", str(each.value)):
                yield str(each.value)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_reason_of_an_export_can_be_translated(file: Path) -> None:
    unknown = {part for reason in _given(file) for part in reason.split(": ")} - set(REASONS)
    assert not unknown, f"add these to hitl_app/ui/export_reasons.py: {sorted(unknown)}"


def test_what_is_no_reason_stays_as_it_is() -> None:
    assert reason_words("pairs-whole: filter: of tomorrow") == "pairs-whole: filter: of tomorrow"
