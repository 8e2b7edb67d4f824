"""Tokens where no server counts them: from bytes, and rather too many than too few."""

import json

from hitl_app.domain.jsontypes import JsonObject

BYTES_PER_TOKEN = 3
"""Of UTF-8. English has about 4.5 bytes a token in today's vocabularies, code about 3.5, Chinese 3 to 4."""


def text_tokens(text: str) -> int:
    """Estimated tokens of a text, rounded up."""
    return -(-len(text.encode("utf-8", "replace")) // BYTES_PER_TOKEN)


def prompt_tokens(body: JsonObject) -> int:
    """Estimated tokens of a prompt: of the JSON of its messages, tools and schema as they are sent."""
    prompt = [body.get(name) for name in ("messages", "tools", "response_format")]
    return text_tokens(json.dumps(prompt, ensure_ascii=False))
