"""Long JSON, read-only: formatted and lexed in another thread, highlighted from the result."""

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from pygments.lexers.data import JsonLexer  # type: ignore[import-untyped]  # pygments has no types
from pygments.token import Keyword, Name, Number, String  # type: ignore[import-untyped]  # as above
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QSyntaxHighlighter, QTextDocument
from shiboken6 import isValid

from hitl_app.domain.jsontypes import Json, parse_or_text
from hitl_app.ui.step_text import pretty
from hitl_app.ui.theme import current_theme

log = logging.getLogger(__name__)

CAP = 20_000
"""Characters that are shown before "show all"."""

LEXED = 100_000
"""Longer texts are shown without colours: colouring them would hold the window up."""

SOON = 4_000
"""Texts up to this length are formatted at once, in the window's thread."""

_worker = ThreadPoolExecutor(1, "format")

Span = tuple[int, int, str]
_TONES = (
    (Name.Tag, "accent"),
    (String, "success"),
    (Number, "warning"),
    (Keyword, "warning"),
)


@dataclass(frozen=True)
class Part:
    """A headed piece of text: a JSON value, or text that may be JSON."""

    heading: str
    value: Json


@dataclass(frozen=True)
class Formatted:
    """Text with, for each line, its coloured spans (start, length, tone); `whole` is the length before cutting."""

    text: str
    spans: tuple[tuple[Span, ...], ...]
    whole: int


def format_parts(parts: tuple[Part, ...], cap: int | None = CAP) -> Formatted:
    """Pretty-print and lex.

    Args:
        parts: What to show, in order.
        cap: Characters after which the text is cut; None shows everything.
    """
    text = ""
    spans: list[tuple[Span, ...]] = []
    for part in parts:
        body, is_json = _pretty(part.value)
        heading = f"{part.heading}\n" if part.heading else ""
        text += ("\n\n" if text else "") + heading + body
        spans += [()] * bool(spans)
        spans += [((0, len(part.heading), "muted"),)] * bool(heading)
        spans += _lex(body[: min(cap or LEXED, LEXED)]) if is_json else [()] * (body.count("\n") + 1)
    shown = text if cap is None else text[:cap]
    return Formatted(shown, tuple(spans) if len(shown) <= LEXED else (), len(text))


def _pretty(value: Json) -> tuple[str, bool]:
    """The text of a value, and whether it is JSON."""
    parsed = parse_or_text(value) if isinstance(value, str) else value
    if isinstance(parsed, str):
        return parsed, False
    try:
        return pretty(parsed), True
    except (RecursionError, ValueError):
        return str(value), False


def _lex(text: str) -> list[tuple[Span, ...]]:
    lines: list[list[Span]] = [[]]
    column = 0
    for kind, piece in JsonLexer(stripnl=False, ensurenl=False).get_tokens(text):
        tone = next((tone for wanted, tone in _TONES if kind in wanted), "")
        for number, part in enumerate(piece.split("\n")):
            if number:
                lines.append([])
                column = 0
            if tone and part:
                lines[-1].append((column, len(part), tone))
            column += len(part)
    return [tuple(line) for line in lines]


class Highlighter(QSyntaxHighlighter):
    """Colours lines by spans that were found elsewhere."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._shown = document
        self._spans: tuple[tuple[Span, ...], ...] = ()

    def show_spans(self, spans: tuple[tuple[Span, ...], ...]) -> None:
        """Take the spans of the text that is put into the document next."""
        self._spans = spans
        self.setDocument(self._shown if spans else None)

    def highlightBlock(self, text: str) -> None:
        """Qt: colour one line."""
        number = self.currentBlock().blockNumber()
        if number >= len(self._spans):
            return
        theme = current_theme()
        for start, length, tone in self._spans[number]:
            self.setFormat(start, length, theme.tone(tone))


class Formatter(QObject):
    """Formats the newest request; answers to older ones are dropped.

    Signals:
        formatted: A `Formatted`.
    """

    formatted = Signal(object)
    _arrived = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._newest = 0
        self._arrived.connect(self._deliver)

    def request(self, parts: tuple[Part, ...], cap: int | None) -> None:
        """Format; short texts at once, long ones in another thread."""
        self._newest += 1
        if sum(_rough_length(part.value) for part in parts) <= SOON:
            self.formatted.emit(format_parts(parts, cap))
            return
        number = self._newest

        def work() -> None:
            if number == self._newest:
                formatted = format_parts(parts, cap)
                if isValid(self):
                    self._arrived.emit(number, formatted)

        _worker.submit(work).add_done_callback(_report)

    def _deliver(self, number: int, formatted: Formatted) -> None:
        if number == self._newest:
            self.formatted.emit(formatted)


def _report(done: "Future[None]") -> None:
    if (error := done.exception()) is not None:
        log.error("a step could not be formatted", exc_info=error)


def _rough_length(value: Json) -> int:
    """A lower bound of the length as text, counted no further than it matters."""
    stack, total = [value], 0
    while stack and total <= SOON:
        item = stack.pop()
        if isinstance(item, str):
            total += len(item)
        elif isinstance(item, dict):
            total += 8 * len(item)
            stack.extend(list(item.values())[:SOON])
        elif isinstance(item, list | tuple):
            total += 2 * len(item)
            stack.extend(item[:SOON])
    return total
