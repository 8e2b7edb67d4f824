"""Settings on the command line."""

from pathlib import Path

from in_process import answer, call


def test_settings_are_set_one_by_one_and_shown(tmp_path: Path) -> None:
    call(tmp_path, "settings", "set", "theme", "dark")
    (shown,) = call(tmp_path, "settings", "set", "key.skip", "ctrl+b")
    assert [shown] == call(tmp_path, "settings")
    assert (shown["theme"], shown["keys"]) == ("dark", {"skip": "Ctrl+B"})


def test_a_setting_that_cannot_be_changes_nothing(tmp_path: Path) -> None:
    code, lines, messages = answer(tmp_path, "settings", "set", "key.skip", "Return")
    assert (code, lines) == (1, [])
    assert "choose another key" in messages
    assert call(tmp_path, "settings")[0]["keys"] == {}
