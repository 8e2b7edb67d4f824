"""Guidelines can be read and edited without a window."""

from pathlib import Path

from in_process import answer, call


def test_guidelines_are_printed_copied_and_a_broken_copy_is_named(tmp_path: Path) -> None:
    (shipped,) = call(tmp_path, "guidelines")
    assert shipped["rubric"]["items"][0]["id"] == "policy"
    assert set(shipped["reasons"]) == {"reject", "leave", "override", "flag"}
    assert not any(file["own"] for file in shipped["files"])
    copies = call(tmp_path, "guidelines", "--edit-copy")
    assert [Path(file["path"]).name for file in copies] == ["guidelines.md", "rubric.toml", "reasons.toml"]
    (tmp_path / "guidelines" / "rubric.toml").write_text("version = 1\n", "utf-8")
    code, (found,), messages = answer(tmp_path, "guidelines")
    assert code == 1
    assert "rubric.toml, line 1" in messages
    assert found["rubric"] == shipped["rubric"]
