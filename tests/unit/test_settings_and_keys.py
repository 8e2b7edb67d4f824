"""What can be chosen for the desk, and which key belongs to which action."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hitl_app.domain.errors import UserError
from hitl_app.domain.keys import canonical, checked, reserved
from hitl_app.domain.settings import Settings
from hitl_app.ui.actions import ACTIONS
from hitl_app.ui.keymap import Keymap, KeyTakenError

SHIPPED = {spec.id: spec.shortcut for spec in ACTIONS}
FREE = [action for action in SHIPPED if not Keymap(SHIPPED).is_fixed(action)]
KEYS = sorted({checked(key) for key in ("A", "S", "X", "Ctrl+K", "F1", "?", "B", "F9", "Ctrl++", "Shift+Del")})

changes = st.lists(st.tuples(st.sampled_from(FREE), st.sampled_from(["", *KEYS]), st.booleans()), max_size=12)


@settings(max_examples=30, deadline=None)
@given(changes)
def test_no_two_actions_ever_have_the_same_key(steps: list[tuple[str, str, bool]]) -> None:
    keymap = Keymap(SHIPPED)
    for action, key, take_over in steps:
        holder = keymap.holder(key)
        if holder not in (None, action) and not take_over:
            with pytest.raises(KeyTakenError):
                keymap.with_key(action, key)
        else:
            keymap = keymap.with_key(action, key, take_over=take_over)
            assert keymap.key(action) == key
        given_out = [key for key in map(keymap.key, SHIPPED) if key]
        assert len(given_out) == len(set(given_out))
        again = keymap.choosing(keymap.chosen)
        assert {action: again.key(action) for action in SHIPPED} == {action: keymap.key(action) for action in SHIPPED}


@settings(max_examples=30, deadline=None)
@given(changes)
def test_reset_keys_are_the_shipped_ones(steps: list[tuple[str, str, bool]]) -> None:
    keymap = Keymap(SHIPPED)
    for action, key, _ in steps:
        keymap = keymap.with_key(action, key, take_over=True)
    for action in SHIPPED:
        keymap = keymap if keymap.is_fixed(action) else keymap.with_key(action, keymap.shipped(action), take_over=True)
    assert not keymap.chosen


def test_what_was_chosen_goes_before_what_is_shipped_and_what_cannot_be_used_is_left_out() -> None:
    chosen = {"skip": "A", "flag": "A", "stop": "F9", "gone": "F8", "undo": "Left", "next": ""}
    keymap = Keymap(SHIPPED, chosen)
    assert (keymap.key("skip"), keymap.key("approve"), keymap.key("next")) == ("A", "", "")
    assert (keymap.key("flag"), keymap.key("undo"), keymap.key("stop")) == ("F", "U", "Esc")


@pytest.mark.parametrize(
    ("written", "key"),
    [("ctrl+shift+r", "Ctrl+Shift+R"), ("Shift + Ctrl+r", "Ctrl+Shift+R"), ("Ctrl++", "Ctrl++"), ("delete", "Del")],
)
def test_a_key_is_the_same_however_it_is_written(written: str, key: str) -> None:
    assert canonical(written) == key == canonical(key)


@pytest.mark.parametrize(
    "key", ["Left", "Return", "Space", "Tab", "Shift+Tab", "1", "Ctrl+3", "Alt+F", "Ctrl+C", "Esc"]
)
def test_keys_that_are_needed_elsewhere_are_refused_with_the_reason(key: str) -> None:
    assert reserved(key)
    with pytest.raises(UserError, match="choose another key"):
        checked(key)


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("annotator", "x" * 61, "at most 60"),
        ("annotator", "a\x07b", "control characters"),
        ("theme", "pink", "light, dark, high_contrast"),
        ("zoom", "99", "80, 90"),
        ("language", "de", "zh_CN"),
        ("key.skip", "Hyper+X", "is no key"),
        ("key.skip", "Ctrl+B", "is the key of flag"),
        ("colour", "red", "there is no setting"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_with_what_it_can_be(name: str, value: str, why: str) -> None:
    with pytest.raises(UserError, match=why):
        Settings(keys={"flag": "Ctrl+B"}).with_value(name, value)


def test_settings_come_back_as_they_were_kept() -> None:
    chosen = Settings()
    for name, value in (("annotator", "  李 雷 "), ("theme", "dark"), ("zoom", "150%"), ("key.skip", "b")):
        chosen = chosen.with_value(name, value)
    chosen = chosen.with_value("key.flag", "none")
    assert Settings.from_json(json.loads(json.dumps(chosen.to_json()))) == chosen
    assert chosen == Settings("李 雷", theme="dark", zoom=150, keys={"skip": "B", "flag": ""})
    assert chosen.with_value("key.skip", "").with_value("key.flag", "").keys == {}
