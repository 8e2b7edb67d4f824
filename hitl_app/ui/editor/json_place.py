"""Where in a JSON text the cursor stands, also while the text is not finished. Pure functions."""

import re
from dataclasses import dataclass, field

from hitl_app.domain.arguments import JsonPath
from hitl_app.domain.jsontypes import parse_or_text

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?$)|[{}\[\]:,]|[^\s{}\[\]:,"]+')
_REST_OF_STRING = re.compile(r'(?:[^"\\\n:,{}\[\]]|\\.)*"')
_REST_OF_WORD = re.compile(r'[^\s{}\[\]:,"]*')


@dataclass(frozen=True)
class Place:
    """What can be typed at the cursor.

    Attributes:
        path: Of the value that stands here, or of the object that a name stands in.
        is_name: A name belongs here; else a value.
        typed: What was typed of it so far, without its quotation mark.
        before, after: The text around the cursor that is part of it.
        taken: Names that the object has already.
        named: A colon follows: the name has its value.
    """

    path: JsonPath
    is_name: bool
    typed: str = ""
    before: str = ""
    after: str = ""
    taken: frozenset[str] = frozenset()
    named: bool = False


@dataclass
class _Level:
    is_object: bool
    part: str | int
    names: list[str] = field(default_factory=list)
    in_value: bool = False
    count: int = 0


def place_in(before: str, after: str) -> Place | None:
    """The place of the cursor between two pieces of a text; None where nothing can stand there."""
    pieces = list(_TOKEN.finditer(before))
    last = pieces[-1] if pieces else None
    typed = ""
    if last is not None and (_is_open(last.group()) or (last.end() == len(before) and _is_word(last.group()))):
        typed = last.group()
        pieces.pop()
    levels = _levels([piece.group() for piece in pieces])
    if not levels:
        return None
    finished = not typed and bool(pieces) and pieces[-1].group() not in "{[,:"
    level = levels[-1]
    if finished:
        return None
    rest = (_REST_OF_STRING if typed.startswith('"') else _REST_OF_WORD).match(after)
    following = rest.group() if rest is not None else ""
    parts = tuple(inner.part for inner in levels[1:])
    is_name = level.is_object and not level.in_value
    return Place(
        path=parts if is_name else (*parts, _here(level)),
        is_name=is_name,
        typed=typed.removeprefix('"'),
        before=typed,
        after=following,
        taken=frozenset(level.names),
        named=after[len(following) :].lstrip().startswith(":"),
    )


def _is_open(piece: str) -> bool:
    return piece.startswith('"') and (len(piece) == 1 or not re.search(r'(?<!\\)(?:\\\\)*"$', piece[1:]))


def _is_word(piece: str) -> bool:
    return piece[0] not in '"{}[]:,'


def _here(level: _Level) -> str | int:
    return (level.names[-1] if level.names else "") if level.is_object else level.count


def _levels(pieces: list[str]) -> list[_Level]:
    """The objects and lists that are still open after these pieces, the outermost first."""
    levels: list[_Level] = []
    for piece in pieces:
        level = levels[-1] if levels else None
        if piece in ("{", "["):
            levels.append(_Level(piece == "{", "" if level is None else _here(level)))
        elif level is None:
            continue
        elif piece in ("}", "]"):
            levels.pop()
        elif piece == ":":
            level.in_value = True
        elif piece == ",":
            level.in_value = False
            level.count += 1
        elif level.is_object and not level.in_value:
            level.names.append(str(parse_or_text(piece)))
    return levels
