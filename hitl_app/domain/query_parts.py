"""Takes a query apart into what stands between its spaces, with places, so that errors and completion can point."""

import re
from dataclasses import dataclass

_HEAD = re.compile(r"(?P<minus>-?)(?:(?P<name>[A-Za-z][A-Za-z_.]*)(?P<mark>:|<=|>=|!=|<|>|=))?")
_QUOTED = re.compile(r'"(?P<inside>(?:[^"]|"")*)(?P<close>"?)')
_ALTERNATIVE, _WORD = re.compile(r"[^\s,]*"), re.compile(r"\S*")
_SPACE = re.compile(r"\s*")


@dataclass(frozen=True, slots=True)
class Value:
    """A value as it was typed, from `start` to before `end`.

    Attributes:
        text: Without its quotes; a doubled quote mark inside of them is one.
        quoted: It begins with a quote mark.
        closed: Its quotes close; also of one without quotes.
    """

    start: int
    end: int
    text: str
    quoted: bool = False
    closed: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a query.

    Attributes:
        name, mark: What stands before a value, such as `status` and `:` or `steps` and `>`; empty for a bare word.
        values: At least one, which may be empty; several where commas part them.
        junk: What follows a closing quote without a space.
    """

    start: int
    end: int
    negated: bool
    name: str
    mark: str
    values: tuple[Value, ...]
    junk: str = ""

    @property
    def name_start(self) -> int:
        """Where the name, or the bare word, begins: behind the minus sign."""
        return self.start + self.negated


def scan(text: str) -> list[Part]:
    """All parts of a query. Any text has some; whether they make sense is not asked here."""
    parts: list[Part] = []
    position = _end(_SPACE, text, 0)
    while position < len(text):
        parts.append(_part(text, position))
        position = _end(_SPACE, text, parts[-1].end)
    return parts


def _part(text: str, start: int) -> Part:
    head = next(_HEAD.finditer(text, start))  # at `start`, since it fits nothing, too
    mark = head["mark"] or ""
    values = [_value(text, head.end(), mark)]
    while mark == ":" and text[values[-1].end : values[-1].end + 1] == ",":
        values.append(_value(text, values[-1].end + 1, mark))
    end = _end(_WORD, text, values[-1].end)
    junk = text[values[-1].end : end]
    return Part(start, end, bool(head["minus"]), head["name"] or "", mark, tuple(values), junk)


def _value(text: str, start: int, mark: str) -> Value:
    quoted = _QUOTED.match(text, start) if mark in ("", ":") else None
    if quoted is not None:
        inside = quoted["inside"].replace('""', '"')
        return Value(start, quoted.end(), inside, quoted=True, closed=bool(quoted["close"]))
    end = _end(_ALTERNATIVE if mark == ":" else _WORD, text, start)
    return Value(start, end, text[start:end])


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    match = pattern.match(text, start)
    return match.end() if match else start
