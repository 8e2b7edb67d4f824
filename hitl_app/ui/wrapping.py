"""Lines of fixed-width text broken to a width, with their marks."""

import re
from collections.abc import Iterator
from unicodedata import east_asian_width

from hitl_app.domain.side_by_side import Cell

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")

HANGING = 2
"""Columns that the rest of a broken line is put in."""


def clean(text: str) -> str:
    """Text without characters that move what is painted after them; each leaves a sign, so that marks stay right."""
    return _CONTROL.sub("·", text.replace("\t", " "))


def columns_of(text: str) -> int:
    """The width of a text in columns; characters of East Asia take two."""
    return len(text) if text.isascii() else sum(1 + (east_asian_width(c) in "WF") for c in text)


def wrapped(cell: Cell, columns: int) -> Iterator[Cell]:
    """A cell in pieces of so many columns, at least one; what is left out is said by the last."""
    if len(cell.text) <= columns and cell.text.isascii() and cell.text.isprintable():
        yield cell
        return
    text = clean(cell.text)
    indent = min(len(text) - len(text.lstrip()) + HANGING, columns // 2)
    start = put_in = 0
    while True:
        end = _end(text, start, columns - put_in)
        marks = tuple(
            (max(first, start) - start + put_in, min(first + length, end) - max(first, start))
            for first, length in cell.marks
            if first < end and first + length > start
        )
        yield Cell(" " * put_in + text[start:end], marks, cell.cut and end == len(text))
        if end >= len(text):
            return
        start, put_in = end, indent


def _end(text: str, start: int, columns: int) -> int:
    """Where a piece ends that begins at `start`: behind a space where one is near the end."""
    if text.isascii():
        end = min(start + columns, len(text))
    else:
        end, taken = start, 0
        while end < len(text) and (taken := taken + 1 + (east_asian_width(text[end]) in "WF")) <= columns:
            end += 1
        end = max(end, start + 1) if start < len(text) else end
    if end < len(text):
        space = text.rfind(" ", start + (end - start) * 3 // 4, end)
        return end if space < 0 else space + 1
    return end
