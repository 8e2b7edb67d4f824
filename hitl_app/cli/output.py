"""What commands print: JSON Lines on standard output, or the same for people; messages on standard error."""

import io
import json
import sys
from dataclasses import dataclass
from typing import TextIO

from hitl_app.domain.jsontypes import JsonObject

_BASIC = 0xFFFF
"""The last character that JSON escapes with four digits."""


@dataclass(frozen=True)
class Output:
    """Standard output and standard error of one command.

    Attributes:
        as_json: Print one JSON object a line, and nothing else.
    """

    as_json: bool
    results: TextIO
    messages: TextIO

    @classmethod
    def standard(cls, as_json: bool) -> "Output":
        """The process's own streams; results are UTF-8, whatever the locale says."""
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")
        if isinstance(sys.stderr, io.TextIOWrapper):
            sys.stderr.reconfigure(errors="backslashreplace")
        return cls(as_json, sys.stdout, sys.stderr)

    def result(self, value: JsonObject, text: str) -> None:
        """One result: `value` as a line of JSON, or `text` for people."""
        line = json_line(value) if self.as_json else printable(text)
        self.results.write(line.encode("utf-8", "backslashreplace").decode("utf-8") + "\n")
        self.results.flush()

    def heading(self, text: str) -> None:
        """A line above results, for people only."""
        if not self.as_json:
            self.results.write(printable(text) + "\n")

    def message(self, text: str) -> None:
        """A message for people."""
        self.messages.write(printable(text) + "\n")
        self.messages.flush()


def json_line(value: JsonObject) -> str:
    """A value as one line of JSON. JSON lets some control characters stand as they are; here they are escaped, too."""
    line = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return (
        line if line.isprintable() else "".join(c if c.isprintable() or ord(c) > _BASIC else _escaped(c) for c in line)
    )


def _escaped(character: str) -> str:
    return f"\\u{ord(character):04x}"


def printable(text: str) -> str:
    """Text with control characters made visible, so that data cannot steer the terminal."""
    return "".join(c if c in "\n\t" or (c.isprintable() or c == " ") else f"\\x{ord(c):02x}" for c in text)


def one_line(text: str) -> str:
    """Text without line breaks, so that data cannot look like another line of the output."""
    return " ".join(text.split())


def counted(number: int, noun: str) -> str:
    """`1 call`, `2 calls`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def short(identity: str) -> str:
    """The first digits of an id: enough to name a trajectory on the command line."""
    return identity[:12]
