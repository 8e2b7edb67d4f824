"""Prompts can be edited, and an edit that would not work is refused."""

from pathlib import Path

import pytest

from hitl_app.domain.errors import NotFoundError, UserError
from hitl_app.llm.prompts import PromptFiles, places

SHIPPED = """version = "1"
system = '''You plan. {{rules}}'''
user = '''Task: {{task}}
Rules again: {{rules}}'''
"""
OWN = SHIPPED.replace("You plan.", "Plan well, and never {{ this }}.").replace('"1"', '"1-mine"')


@pytest.fixture
def prompts(tmp_path: Path) -> PromptFiles:
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    (shipped / "plan.toml").write_text(SHIPPED, "utf-8")
    (shipped / "act.toml").write_text("version = '2'\nsystem = ''\nuser = 'go'", "utf-8")
    return PromptFiles(shipped, tmp_path / "data" / "prompts")


def test_a_shipped_prompt_is_found_with_its_places(prompts: PromptFiles) -> None:
    prompt = prompts.get("plan")
    assert (prompt.version, prompt.system, prompt.edited) == ("1", "You plan. {{rules}}", False)
    assert places(prompt) == {"rules", "task"}
    assert prompts.text("plan") == SHIPPED
    assert [one.name for one in prompts.all()] == ["act", "plan"]


def test_an_edit_is_kept_and_can_be_taken_back(prompts: PromptFiles, tmp_path: Path) -> None:
    shipped = prompts.get("plan")
    edited = prompts.edit("plan", OWN)
    assert edited == prompts.get("plan") == prompts.all()[1]
    assert edited.edited
    assert edited.label != shipped.label
    assert edited.label.startswith("plan/1-mine-")
    assert prompts.text("plan") == OWN
    assert [path.name for path in (tmp_path / "data" / "prompts").iterdir()] == ["plan.toml"]
    assert prompts.edit("plan", None) == shipped == prompts.edit("plan", None)
    assert not list((tmp_path / "data" / "prompts").iterdir())


def test_a_file_that_was_broken_by_hand_is_named_shown_and_can_be_reset(prompts: PromptFiles, tmp_path: Path) -> None:
    own = tmp_path / "data" / "prompts" / "plan.toml"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"version = '1' \xff")
    with pytest.raises(UserError, match="mend it, or delete it"):
        prompts.get("plan")
    act, plan = prompts.all()
    assert (act.problem, plan.edited, str(own) in plan.problem) == ("", True, True)
    assert prompts.text("plan").startswith("version = '1'")
    assert prompts.edit("plan", None) == prompts.all()[1]
    assert not own.exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("version = ", "prompt plan: it is not TOML: "),
        ("version = '1'\nsystem = 'a'", "it has no user = '''...'''"),
        ("version = 1\nsystem = 'a'\nuser = ''", "it has no version = "),
        (SHIPPED + "model = 'x'", "it has model, which no prompt has"),
        (SHIPPED.replace("{{task}}", ""), "it misses the place {{task}}; its places are {{rules}}, {{task}}"),
        (SHIPPED + "# {{x}}", ""),
        (SHIPPED.replace("{{task}}", "{{task}} {{tsk}}"), "it has the unknown place {{tsk}}; its places are"),
        (SHIPPED.replace("You", "\ud800"), "it holds half of a character"),
    ],
)
def test_an_edit_that_cannot_be_used_changes_nothing(prompts: PromptFiles, text: str, words: str) -> None:
    prompts.edit("plan", OWN)
    if not words:
        assert prompts.edit("plan", text).edited
        return
    with pytest.raises(UserError) as caught:
        prompts.edit("plan", text)
    assert words in str(caught.value)
    assert str(caught.value).endswith("nothing was changed")
    assert prompts.text("plan") == OWN


def test_a_file_that_was_broken_by_hand_is_named(prompts: PromptFiles, tmp_path: Path) -> None:
    prompts.edit("plan", OWN)
    file = tmp_path / "data" / "prompts" / "plan.toml"
    file.write_text(OWN.replace("{{task}}", ""), "utf-8")
    with pytest.raises(UserError) as caught:
        prompts.get("plan")
    assert str(caught.value).startswith(f"{file}: it misses the place {{{{task}}}}")
    assert "{{task}}" not in prompts.text("plan")
    prompts.edit("plan", None)
    assert not prompts.get("plan").edited


@pytest.mark.parametrize("name", ["nothing", "../shipped/plan", ""])
def test_a_name_that_is_not_shipped_is_no_prompt(prompts: PromptFiles, name: str) -> None:
    for use in (prompts.get, prompts.text, lambda which: prompts.edit(which, OWN)):
        with pytest.raises(NotFoundError, match="there are act, plan"):
            use(name)


def test_a_folder_that_cannot_be_written_is_a_clear_error(prompts: PromptFiles, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder would be", "utf-8")
    with pytest.raises(UserError, match="cannot be written"):
        prompts.edit("plan", OWN)
