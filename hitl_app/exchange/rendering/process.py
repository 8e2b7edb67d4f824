"""Renders in a process of its own: a template is a stranger's program, which may loop for ever or fill the memory."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

from hitl_app.domain.chat import Doubt, Piece, RenderedChat
from hitl_app.domain.codec import get_bool, get_list, get_str
from hitl_app.domain.errors import UserError
from hitl_app.domain.jsontypes import Json, JsonObject
from hitl_app.exchange.rendering.files import read_template

SERVER = "hitl_app.exchange.rendering.serve"
"""The module that renders, to be run as a program."""

SECONDS = 5.0
"""After which a template that has not finished a row is ended."""

MORE_SECONDS = 0.5
"""For each further row."""


class TemplateProcess:
    """Renders rows; see `ChatRenderer`."""

    def __init__(self, builtin: Path, command: Sequence[str], seconds: float = SECONDS) -> None:
        """Make a renderer.

        Args:
            builtin: File of the template that is used where none is chosen.
            command: Runs `SERVER` in a process of its own.
            seconds: After which a template that has not finished a row is ended.
        """
        self._builtin = builtin
        self._command = tuple(command)
        self._seconds = seconds

    def render(self, rows: Sequence[str], template: Path | None) -> list[tuple[RenderedChat, ...]]:
        """The chats of each row as a trainer sees them; none where a row has no chat.

        Raises:
            UserError: The template cannot be read, or did not finish in its time and memory.
        """
        file = template or self._builtin
        source = read_template(file)
        question = json.dumps({"template": source.text, "tokens": dict(source.tokens), "rows": list(rows)})
        seconds = self._seconds + MORE_SECONDS * max(0, len(rows) - 1)
        try:
            done = subprocess.run(
                self._command, input=question.encode(), capture_output=True, timeout=seconds, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise UserError(f"{file}: the template did not finish within {seconds:g} s") from error
        if done.returncode:
            told = done.stderr.decode(errors="replace").strip().splitlines()
            raise UserError(f"{file}: the template could not be rendered: {told[-1] if told else 'its process died'}")
        answer: JsonObject = json.loads(done.stdout)
        if problem := get_str(answer, "problem", ""):
            raise UserError(f"{file}: is no chat template: {problem}")
        return [tuple(map(_chat, _items(row))) for row in get_list(answer, "rows")]


def _items(value: Json) -> list[JsonObject]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _chat(value: JsonObject) -> RenderedChat:
    pieces = _items(get_list(value, "pieces"))
    return RenderedChat(
        get_str(value, "name"),
        tuple(Piece(get_str(piece, "text"), get_bool(piece, "trained")) for piece in pieces),
        tuple(Doubt[str(name).upper()] for name in get_list(value, "doubts")),
        get_str(value, "problem"),
    )
