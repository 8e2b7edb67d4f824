"""Which key each action has: the shipped ones, changed by what people chose. Words that name a key ask here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence

from hitl_app.domain.keys import Reserved, canonical, reserved

NONE = "—"
"""Stands in words where an action has no key."""


class KeyTakenError(Exception):
    """Another action, `holder`, has that key."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


class KeyReservedError(Exception):
    """No action can have that key, for a `reason`."""

    def __init__(self, reason: Reserved) -> None:
        super().__init__(reason)
        self.reason = reason


class Keymap:
    """The key of each action by its id; no two have the same one. What was chosen goes before what is shipped."""

    def __init__(self, shipped: Mapping[str, str], chosen: Mapping[str, str] | None = None) -> None:
        """Combine keys.

        Args:
            shipped: Of all actions; empty for those that have none.
            chosen: Of some; an empty one says that the action has none. What cannot be used is left out.
        """
        self._shipped = {action: canonical(key) if key else "" for action, key in shipped.items()}
        self.chosen: dict[str, str] = {}
        for action, key in (chosen or {}).items():
            usable = not key or (reserved(key) is None and key not in self.chosen.values())
            if action in shipped and not self.is_fixed(action) and usable:
                self.chosen[action] = key
        taken = {key for key in self.chosen.values() if key}
        left = {action: "" if key in taken else key for action, key in self._shipped.items()}
        self._keys = {**left, **self.chosen}

    def key(self, action: str) -> str:
        """The key in canonical notation; empty where there is none."""
        return self._keys[action]

    def holder(self, key: str) -> str | None:
        """The action that has a key."""
        return next((action for action, taken in self._keys.items() if key and taken == key), None)

    def is_fixed(self, action: str) -> bool:
        """Whether its key is needed at that place, such as Esc, and cannot be changed."""
        shipped = self._shipped[action]
        return bool(shipped) and reserved(shipped) is not None

    def shipped(self, action: str) -> str:
        """The key that it has as long as nobody chooses another one."""
        return self._shipped[action]

    def choosing(self, chosen: Mapping[str, str]) -> Keymap:
        """The shipped keys, changed by what was chosen and by nothing else."""
        return Keymap(self._shipped, chosen)

    def with_key(self, action: str, key: str, *, take_over: bool = False) -> Keymap:
        """The same keys, but this one for an action.

        Args:
            action: One whose key can be changed.
            key: In canonical notation; empty for none.
            take_over: Take the key from the action that has it.

        Raises:
            KeyReservedError: No action can have it. KeyTakenError: Another one has it.
        """
        reason = reserved(key) if key else None
        if reason is not None:
            raise KeyReservedError(reason)
        holder = self.holder(key)
        if holder not in (None, action) and not take_over:
            raise KeyTakenError(holder or "")
        chosen = {other: taken for other, taken in self.chosen.items() if other != action and (not key or taken != key)}
        if key != self._shipped[action]:
            chosen[action] = key
        return self.choosing(chosen)


class KeymapNotifier(QObject):
    """Tells what shows a key that keys have changed.

    Signals:
        keymap_changed: `current_keymap` is another one.
    """

    keymap_changed = Signal()


keymap_notifier = KeymapNotifier()
_used: list[Keymap] = []


@cache
def _shipped() -> Keymap:
    from hitl_app.ui.actions import ACTIONS  # noqa: PLC0415 -- actions name panes, and panes show the keys of actions

    return Keymap({spec.id: spec.shortcut for spec in ACTIONS})


def current_keymap() -> Keymap:
    """The keys that hold now."""
    return _used[0] if _used else _shipped()


def use_keymap(keymap: Keymap) -> None:
    """Let other keys hold from now on."""
    _used[:] = [keymap]
    keymap_notifier.keymap_changed.emit()


def use_chosen(chosen: Mapping[str, str]) -> None:
    """Let the shipped keys hold, changed by what was chosen."""
    use_keymap(_shipped().choosing(chosen))


def native(key: str) -> str:
    """A key as this system writes it."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def cap(action: str) -> str:
    """The key of an action as it stands in words and on buttons: letters are small; empty where there is none."""
    shown = native(current_keymap().key(action))
    return shown.lower() if len(shown) == 1 else shown


def with_keys(words: str, *actions: str) -> str:
    """Words with the keys of actions in the places `{0}`, `{1}` and so on."""
    return words.format(*(cap(action) or NONE for action in actions))


class _KeyedWords(QObject):
    """Shows words with keys in them, and again whenever keys change, as long as its owner is there."""

    def __init__(self, owner: QObject, show: Callable[[str], object], words: str, actions: tuple[str, ...]) -> None:
        super().__init__(owner)
        self._show_words, self._words, self._actions = show, words, actions
        keymap_notifier.keymap_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self._show_words(with_keys(self._words, *self._actions))


def keep_keys(owner: QObject, show: Callable[[str], object], words: str, *actions: str) -> None:
    """Let a widget show words with the keys of actions in them, now and after each change of keys.

    Args:
        owner: The widget; nothing is shown any more once it is gone.
        show: Such as its `setText`.
        words: See `with_keys`.
        actions: Their ids.
    """
    _KeyedWords(owner, show, words, actions)
