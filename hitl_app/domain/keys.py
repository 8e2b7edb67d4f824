"""Keys as people write them, such as `Ctrl+Shift+R`: one notation, and those that no action may take."""

from collections.abc import Mapping
from enum import StrEnum

from hitl_app.domain.errors import UserError

MODIFIERS = ("Meta", "Ctrl", "Alt", "Shift")
"""In the order in which they are written."""

_NAMED = (
    *("Esc", "Tab", "Backtab", "Backspace", "Return", "Enter", "Ins", "Del", "Pause", "Home", "End"),
    *("Left", "Up", "Right", "Down", "PgUp", "PgDown", "Space", "Menu"),
    *(f"F{number}" for number in range(1, 36)),
)
_KEYS = {name.casefold(): name for name in _NAMED}
_KEYS |= {"escape": "Esc", "delete": "Del", "insert": "Ins", "pageup": "PgUp", "pagedown": "PgDown"}
_MODIFIERS = {name.casefold(): name for name in MODIFIERS}

_ARROWS = ("Left", "Up", "Right", "Down", "Home", "End", "PgUp", "PgDown")
_MOVING = frozenset({*_ARROWS, "Tab", "Backtab", "Return", "Enter", "Space", "Backspace"})
_TEXT = frozenset({*(f"Ctrl+{letter}" for letter in "ACVXYZ"), "Ctrl+Shift+Z", "Ctrl+Space"})


class Reserved(StrEnum):
    """Why a key cannot be given to an action."""

    MOVING = "moving"
    TEXT = "text"
    RUBRIC = "rubric"
    VIEWS = "views"
    MENUS = "menus"
    STOP = "stop"


_REASONS: Mapping[Reserved, str] = {
    Reserved.MOVING: "moves or presses something in the panes, and is typed in fields",
    Reserved.TEXT: "works on text",
    Reserved.RUBRIC: "answers an item of the rubric",
    Reserved.VIEWS: "shows a saved view",
    Reserved.MENUS: "opens a menu",
    Reserved.STOP: "stops, closes and gives up",
}


def canonical(text: str) -> str:
    """One key with its modifiers, in Qt's portable notation.

    Raises:
        UserError: It is none; says what one looks like.
    """
    held, key = _parts(text.strip())
    modifiers = {_MODIFIERS.get(each.casefold(), "") for each in held}
    name = _KEYS.get(key.casefold()) or (key.upper() if len(key) == 1 and key.isprintable() else "")
    if not name or "" in modifiers:
        raise UserError(f"{text!r} is no key: write one as in Ctrl+Shift+R, F5, Del or a single letter")
    return "+".join([*(each for each in MODIFIERS if each in modifiers), name])


def reserved(key: str) -> Reserved | None:
    """Why no action may take a key, in canonical notation; None where it may."""
    held, name = _parts(key)
    modifiers = set(held)
    if name == "Esc":
        return Reserved.STOP
    if "Alt" in modifiers or name == "Menu" or key in ("F10", "Shift+F10"):
        return Reserved.MENUS
    if modifiers <= {"Shift"} and name in _MOVING:
        return Reserved.MOVING
    if name in "123456789" and modifiers <= {"Ctrl"}:
        return Reserved.VIEWS if modifiers else Reserved.RUBRIC
    return Reserved.TEXT if key in _TEXT else None


def checked(text: str) -> str:
    """A key that an action may take, in canonical notation.

    Raises:
        UserError: It is no key, or one that is needed for something else.
    """
    key = canonical(text)
    reason = reserved(key)
    if reason is not None:
        raise UserError(f"{key} {_REASONS[reason]}: choose another key")
    return key


def _parts(text: str) -> tuple[list[str], str]:
    """Modifiers and key. The key may be a plus sign itself, as in `Ctrl++`."""
    if text.endswith("+"):
        return [each.strip() for each in text[:-1].split("+") if each.strip()], "+"
    *held, key = (each.strip() for each in text.split("+"))
    return held, key
