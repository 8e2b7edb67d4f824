import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from decisions import BASE, FIXED, OTHER, Decisions, judged

from hitl_app.domain.errors import UserError
from hitl_app.domain.export_check import ExportCheck
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.training import ExportSettings
from hitl_app.exchange.checking import faults, files, readers
from hitl_app.exchange.checking.checker import FolderChecker
from hitl_app.exchange.checking.outside.trainer_readers.answers import Answer, look_through
from hitl_app.exchange.exporters import EXPORTERS, TARGETS

LINES = "pairs-divergence-train.jsonl"
DONE = "demonstrations-train.jsonl"
Change = Callable[[Path], None]
Row = dict[str, JsonObject]


def export(name: str, out: Path) -> Path:
    exporter = next(exporter for exporter in EXPORTERS if exporter.name == name)
    decisions = [judged(BASE, FIXED), judged(BASE, OTHER, sequence=2, accepted=False, unmet=(1, 2))]
    exporter.export(Decisions(decisions), out, ExportSettings())
    return out


def check(folder: Path, python: Path | None = None) -> ExportCheck:
    return FolderChecker().check(folder, python, 1)


def failed(found: ExportCheck) -> dict[str, str]:
    return {each.what: each.detail for each in found.checks if each.passed is False}


def interpreter(file: Path, says: str, code: int = 0) -> Path:
    """A program that answers in place of a Python with a trainer."""
    file.write_text(f"#!/bin/sh\ncat > /dev/null\necho '{says}'\necho no luck >&2\nexit {code}\n", "utf-8")
    os.chmod(file, 0o755)  # noqa: PTH101, S103 -- it has to run
    return file


@pytest.mark.parametrize("name", [target.name for target in TARGETS])
def test_every_format_passes_what_can_be_checked_without_its_trainer(name: str, tmp_path: Path) -> None:
    found = check(export(name, tmp_path / "out"), interpreter(tmp_path / "python", '{"missing": "it"}'))
    assert failed(found) == {}
    assert found.passed
    (loader,) = [each for each in found.checks if each.what == readers.READ]
    assert loader.passed is None
    assert ("it is not installed" in loader.detail) == bool(found.files)


def test_a_trainer_that_is_not_installed_here_is_told(tmp_path: Path) -> None:
    found = check(export("trl-dpo", tmp_path))
    assert found.passed
    assert "trl is not installed in" in found.checks[-1].detail


def test_a_program_that_is_no_python_asks_for_one(tmp_path: Path) -> None:
    found = FolderChecker(None).check(export("trl-dpo", tmp_path), None, 1)
    assert found.passed
    assert (found.checks[-1].passed, found.versions) == (None, ())
    assert "--python" in found.checks[-1].detail


def rewrite(change: Callable[[str], str], name: str = LINES) -> Change:
    def damage(folder: Path) -> None:
        text = (folder / name).read_text("utf-8")
        assert change(text) != text
        (folder / name).write_text(change(text), "utf-8")

    return damage


def rows(change: Callable[[dict[str, object]], object]) -> Change:
    """Change the first row."""

    def changed(text: str) -> str:
        first, _, rest = text.partition("\n")
        row = json.loads(first)
        change(row)
        return f"{json.dumps(row, ensure_ascii=False)}\n{rest}"

    return rewrite(changed)


def copied(source: str, to: str) -> Change:
    def copy(folder: Path) -> None:
        (folder / to).write_bytes((folder / source).read_bytes())

    return copy


DAMAGE: dict[str, tuple[Change, str, str]] = {
    "a changed word": (rewrite(lambda text: text.replace("Hello", "Hallo")), files.HASHES, "was changed"),
    "a missing file": (lambda folder: (folder / LINES).unlink(), files.HASHES, "is missing"),
    "a lost line": (rewrite(lambda text: text.partition("\n")[2]), files.ROWS, "has 2, not 3"),
    "an older file": (copied(LINES, "pairs-divergence-test.jsonl"), files.NAMED, "pairs-divergence-test.jsonl"),
    "no card": (lambda folder: (folder / "README.md").unlink(), files.CARD_FITS, "no README.md"),
    "no names": (
        rewrite(lambda text: text.replace("configs:", "c:"), "README.md"),
        files.CARD_FITS,
        "is not named",
    ),
    "no YAML": (rewrite(lambda text: text.replace("tags:", "tags: ["), "README.md"), files.CARD_FITS, "no YAML"),
    "no JSON": (rewrite(lambda text: text.replace("{", "[", 1)), faults.READ, f"the first in {LINES}:1"),
    "a number for a text": (rows(lambda row: row.update(tools=3)), faults.TYPED, "tools is no string"),
    "a column too many": (rows(lambda row: row.update(extra=3)), faults.TYPED, "extra was not declared"),
    "a column too few": (rows(lambda row: row.pop("pair")), faults.TYPED, "pair is missing"),
    "the same twice": (rows(lambda row: row.update(rejected=row["chosen"])), faults.DIFFERENT, "they are the same"),
    "no arguments": (rewrite(lambda text: text.replace('"{\\"id', '"{\\"id\\": ')), faults.CALLS, "look"),
    "a stray result": (rewrite(lambda text: text.replace('_id":"call_1"', '_id":"call_9"')), faults.ANSWERS, "call_9"),
    "two kinds of rows": (rows(lambda row: row.update(pair="other")), faults.EQUAL, ".parquet:1: they differ"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_found_and_told_with_its_place(kind: str, tmp_path: Path) -> None:
    change, what, detail = DAMAGE[kind]
    change(export("trl-dpo", tmp_path))
    found = check(tmp_path)
    assert not found.passed
    assert detail in failed(found)[what]


def test_a_task_in_two_parts_is_found(tmp_path: Path) -> None:
    export("trl-dpo", tmp_path)
    copied(LINES, "pairs-divergence-test.jsonl")(tmp_path)
    card, manifest = tmp_path / "README.md", tmp_path / "manifest.json"
    train = f'  - split: "train"\n    path: "{LINES}"\n'
    card.write_text(card.read_text("utf-8").replace(train, train + train.replace("train", "test")), "utf-8")
    said = json.loads(manifest.read_text("utf-8"))
    (listed,) = [file for file in said["files"] if file["name"] == LINES]
    said["files"].append({**listed, "name": "pairs-divergence-test.jsonl"})
    manifest.write_text(json.dumps(said), "utf-8")
    found = check(tmp_path)
    assert list(failed(found)) == [faults.APART]
    assert "task recorded//7 is in train as well" in failed(found)[faults.APART]


@pytest.mark.parametrize(
    ("name", "change", "what"),
    [
        ("llama-factory", rewrite(lambda text: text.replace('{\\"id\\"', '{\\"id', 1)), faults.CALLS),
        (
            "llama-factory",
            rewrite(lambda text: text.replace('"function_call"', '"gpt"'), DONE),
            faults.ANSWERS,
        ),
        ("openai-dpo", rewrite(lambda text: text.replace('"{\\"id', '"{\\"id\\": ')), faults.CALLS),
    ],
)
def test_calls_are_checked_in_other_forms_of_chats_too(name: str, change: Change, what: str, tmp_path: Path) -> None:
    change(export(name, tmp_path))
    assert what in failed(check(tmp_path))


def test_an_export_without_rows_is_sound(tmp_path: Path) -> None:
    EXPORTERS[0].export(Decisions([]), tmp_path, ExportSettings())
    found = check(tmp_path)
    assert found.passed
    assert found.files == ()


@pytest.mark.parametrize(
    ("manifest", "told"),
    [
        (None, "no manifest.json in it"),
        ("{", "cannot be read"),
        ('{"product": {"name": "other"}}', "not written by hitl-app"),
        ('{"product": {"name": "hitl-app"}}', "is damaged"),
        (
            '{"product": {"name": "hitl-app"}, "format": "trl-dpo", "files": [{"name": "../a"}]}',
            "no file of this",
        ),
    ],
)
def test_a_folder_that_is_no_export_is_a_clear_error(manifest: str | None, told: str, tmp_path: Path) -> None:
    if manifest is not None:
        (tmp_path / "manifest.json").write_text(manifest, "utf-8")
    with pytest.raises(UserError, match=told):
        check(tmp_path)


def test_a_folder_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="there is no such folder"):
        check(tmp_path / "none")


@pytest.mark.parametrize(
    ("says", "code", "told"),
    [
        ("", 3, "ended with code 3: no luck"),
        ("hello", 0, "is no JSON"),
        ('{"files": [{}], "versions": {}}', 0, "makes no sense"),
        (
            '{"versions": {}, "files": [{"file": "pairs-whole-train.jsonl", "loader": "it", "read": 1, "lost": [],'
            ' "warnings": []}]}',
            0,
            "it takes 1 of 3 rows",
        ),
    ],
)
def test_a_loader_that_fails_or_drops_rows_fails_the_check(says: str, code: int, told: str, tmp_path: Path) -> None:
    python = interpreter(tmp_path / "python", says, code)
    found = check(export("trl-dpo", tmp_path / "out"), python)
    assert not found.passed
    assert told in failed(found)[readers.READ]


def test_an_interpreter_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be started"):
        check(export("trl-dpo", tmp_path / "out"), tmp_path / "none")


def message(role: str, content: str) -> dict[str, object]:
    return {"role": role, "content": content}


def test_what_a_reader_loses_adds_or_trains_on_by_mistake_is_told() -> None:
    call = {"type": "function", "function": {"name": "book", "arguments": '{"id":1}'}}
    row = {"messages": [message("user", "hi"), {**message("assistant", "ok"), "tool_calls": [call]}]}
    whole = '<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\nok book {"id": 1}<|im_end|>\n'
    found = Answer(rows=[{"texts": {"messages": [(True, whole)]}, "values": {}}], lost=[], warnings=[])
    look_through(found, [row], [{"messages": [{**message("user", "hi"), "name": None}, row["messages"][1]]}])
    assert found["lost"] == []
    assert found["warnings"] == [
        "row 0: messages trains on words that are not the assistant's",
        "row 0: filled with null: messages.name",
    ]
    shorter = Answer(rows=[{"texts": {"messages": [(True, "ok")]}, "values": {}}], lost=[], warnings=[])
    look_through(shorter, [row])
    lost = ["words of user: hi", "a call of book", 'arguments of book: {"id":1}']
    assert shorter["lost"] == [f"row 0: {each}" for each in lost]
