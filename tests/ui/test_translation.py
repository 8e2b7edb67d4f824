"""Translations: every word of the window has one, from the present sources, with the same places and mnemonics."""

import ast
import filecmp
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest
from PySide6.QtWidgets import QApplication

from hitl_app.ui.action_spec import MENUS
from hitl_app.ui.actions import ACTIONS
from hitl_app.ui.language import Translations
from hitl_app.ui.translating import translate

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "hitl_app" / "ui").rglob("*.py"))
TRANSLATED = ROOT / "resources" / "translations" / "hitl_app_zh_CN.ts"
UPDATE = "run `make translations`, translate what is new, and run it again"

_PLACE = re.compile(r"\{\d*\}")
_MNEMONIC = re.compile(r"&([^&\s])")
_ENDS = {".": "。", ":": "：", "?": "？", "…": "…"}
_ABBREVIATIONS = {"No."}


class Message(NamedTuple):
    context: str
    source: str
    words: str
    finished: bool


def messages() -> Iterator[Message]:
    for context in ElementTree.parse(TRANSLATED).getroot().iter("context"):  # noqa: S314 - our own file
        for each in context.iter("message"):
            words = each.find("translation")
            assert words is not None
            yield Message(
                context.findtext("name", ""), each.findtext("source", ""), words.text or "", not words.get("type")
            )


MESSAGES = tuple(messages())


def run_tool(name: str, *arguments: object) -> None:
    """Run one of Qt's translation tools, which come with PySide6-Essentials."""
    tool = shutil.which(name, path=str(Path(sys.executable).parent))
    if tool is None:
        pytest.fail(f"{name} is not beside {sys.executable}: install PySide6-Essentials again, it brings it along")
    done = subprocess.run([tool, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def asked_for(file: Path) -> Iterator[tuple[str, str, int]]:
    """What a file asks to be translated: context, text, line; no text where it stands under a name of its own."""

    def walk(node: ast.AST, inside: str) -> Iterator[tuple[str, str, int]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Call):
                of = child.func.value if isinstance(child.func, ast.Attribute) else None
                match getattr(child.func, "attr", getattr(child.func, "id", "")), child.args:
                    case "tr", [ast.Constant(value=str(text))] if isinstance(of, ast.Name) and of.id == "self":
                        yield inside, text, child.lineno
                    case (("tr" | "_tr"), _):
                        yield inside, "", child.lineno
                    case (
                        ("translate" | "QT_TRANSLATE_NOOP"),
                        [ast.Constant(value=str(context)), ast.Constant(value=str(text))],
                    ):
                        yield context, text, child.lineno
            yield from walk(child, child.name if isinstance(child, ast.ClassDef) else inside)

    yield from walk(ast.parse(file.read_text(encoding="utf-8")), "")


def test_every_word_of_the_window_is_translated() -> None:
    missing = [f"{each.context}: {each.source}" for each in MESSAGES if not each.finished or not each.words.strip()]
    assert not missing, f"{UPDATE}: {missing}"


def test_the_translators_file_is_what_the_present_sources_give(tmp_path: Path) -> None:
    again = tmp_path / TRANSLATED.name
    shutil.copyfile(TRANSLATED, again)
    run_tool("pyside6-lupdate", *SOURCES, "-ts", again, "-no-obsolete", "-locations", "none")
    assert filecmp.cmp(TRANSLATED, again, shallow=False), f"words of the window were changed: {UPDATE}"


def test_the_compiled_file_is_what_the_translators_file_gives(tmp_path: Path) -> None:
    again = tmp_path / "again.qm"
    run_tool("pyside6-lrelease", TRANSLATED, "-qm", again)
    assert filecmp.cmp(TRANSLATED.with_suffix(".qm"), again, shallow=False), UPDATE


def test_the_window_keeps_its_words_while_the_program_is_updated_below_it(qapp: QApplication, tmp_path: Path) -> None:
    compiled = tmp_path / TRANSLATED.with_suffix(".qm").name
    shutil.copyfile(TRANSLATED.with_suffix(".qm"), compiled)
    translations = Translations(qapp, tmp_path)
    translations.install("zh_CN")
    try:
        compiled.write_bytes(b"")
        assert translate("Words", "goal") == "目标"
    finally:
        translations.install("en")


def test_everything_that_the_window_asks_for_is_in_the_translators_file() -> None:
    """The tools see neither into f-strings nor through another name for `translate`: such words would stay English."""
    known = {(each.context, each.source) for each in MESSAGES}
    lost = [
        f"{file.relative_to(ROOT)}:{line}"
        for file in SOURCES
        for context, text, line in asked_for(file)
        if (context, text) not in known
    ]
    assert not lost, f"not found by Qt's tools, or not collected yet ({UPDATE}): {lost}"


@pytest.mark.parametrize("what", [_PLACE, _MNEMONIC], ids=["places", "mnemonic"])
def test_a_translation_keeps_what_is_put_in_and_the_mnemonic(what: re.Pattern[str]) -> None:
    wrong = [
        (each.source, each.words)
        for each in MESSAGES
        if sorted(found.upper() for found in what.findall(each.source)) != sorted(what.findall(each.words.upper()))
    ]
    assert not wrong


def test_a_translation_ends_as_its_source_does() -> None:
    """A sentence stays a sentence, and three dots still say that a dialog follows."""

    def end(text: str, marks: dict[str, str]) -> str:
        return marks.get(text.rstrip()[-1:], "")

    own = {mark: mark for mark in _ENDS.values()}
    sentences = [each for each in MESSAGES if each.source not in _ABBREVIATIONS]
    wrong = [(each.source, each.words) for each in sentences if end(each.source, _ENDS) != end(each.words, own)]
    assert not wrong


def test_no_two_entries_of_a_translated_menu_share_a_mnemonic() -> None:
    words = {each.source: each.words for each in MESSAGES if each.context == "Actions"}
    menus: dict[str, list[str]] = defaultdict(list)
    menus["the menu bar"] = [words[menu] for menu in MENUS]
    for spec in ACTIONS:
        menus[spec.submenu or spec.menu].append(words[spec.text])
    for submenu, menu in {(spec.submenu, spec.menu) for spec in ACTIONS if spec.submenu}:
        menus[menu].append(words[submenu])
    for menu, entries in menus.items():
        keys = _MNEMONIC.findall(" ".join(entries))
        assert len(keys) == len(set(keys)) == len(entries), f"{menu}: {entries}"
