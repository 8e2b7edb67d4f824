"""The far end of `TemplateProcess`: one question on standard input, one answer on standard output.

Started with `-m`; imports as little as it can, so that a row is on the screen soon.
"""

import json
import sys

from jinja2 import TemplateError

from hitl_app.domain.chat import TemplateSource
from hitl_app.domain.jsontypes import Json
from hitl_app.exchange.rendering.chats import chats_of, read_row, texts_of
from hitl_app.exchange.rendering.template import ChatTemplate

MEMORY = 512 << 20
"""Bytes of private memory."""


def main() -> None:
    """Answer once."""
    _limit_memory()
    question = json.load(sys.stdin)
    json.dump(_answer(question["template"], question["tokens"], question["rows"]), sys.stdout)


def _limit_memory() -> None:
    if sys.platform != "win32":  # which has no such limits
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(text: str, tokens: dict[str, str], rows: list[str]) -> Json:
    try:
        template = ChatTemplate(TemplateSource(text, tokens))
    except TemplateError as error:
        return {"problem": str(error)}
    rendered: list[Json] = []
    for row in map(read_row, rows):
        chats = [template.render(chat) for chat in chats_of(row)] or texts_of(row)
        rendered.append([chat.to_json() for chat in chats])
    return {"rows": rendered}


if __name__ == "__main__":
    main()
