"""Chat templates in the files that models come with."""

import json
from collections.abc import Mapping
from pathlib import Path

from hitl_app.domain.chat import TemplateSource
from hitl_app.domain.errors import UserError
from hitl_app.domain.jsontypes import Json, JsonObject

CONFIG = "tokenizer_config.json"
TEMPLATE = "chat_template.jinja"
LARGEST = 16 << 20
"""Bytes of a file that is read: a `tokenizer_config.json` lists added tokens, a template is a few kilobytes."""


def read_template(file: Path) -> TemplateSource:
    """The template in `tokenizer_config.json`, `chat_template.json` or a Jinja file, with the tokens that stand by it.

    Of several templates in one file the one for tools is taken, as `transformers` does where there are tools.

    Raises:
        UserError: It cannot be read, or holds no template.
    """
    text = _read(file)
    if file.suffix.lower() != ".json":
        beside = file.with_name(CONFIG)
        return TemplateSource(text, _tokens(_parse(beside)) if beside.is_file() else {})
    config = _parse(file, text)
    found = _named(config.get("chat_template"))
    beside = file.with_name(TEMPLATE)
    if not found and beside.is_file():
        found = _read(beside)
    if not found:
        raise UserError(f"{file}: holds no chat template, and there is no {TEMPLATE} beside it; name another file")
    return TemplateSource(found, _tokens(config))


def _read(file: Path) -> str:
    try:
        if file.stat().st_size > LARGEST:
            raise UserError(f"{file}: is too large for a chat template; name a {CONFIG} or a {TEMPLATE}")
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise UserError(f"{file}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{file}: is no text in UTF-8; name a {CONFIG} or a {TEMPLATE}") from error


def _parse(file: Path, text: str | None = None) -> JsonObject:
    try:
        config = json.loads(_read(file) if text is None else text)
    except (ValueError, RecursionError) as error:
        raise UserError(f"{file}: is no JSON: {error}") from error
    return config if isinstance(config, dict) else {}


def _named(found: Json) -> str:
    """A template, or the right one of a list with names."""
    if isinstance(found, str):
        return found
    if not isinstance(found, list):
        return ""
    named = {each.get("name"): each.get("template") for each in found if isinstance(each, Mapping)}
    return str(named.get("tool_use") or named.get("default") or "")


def _tokens(config: JsonObject) -> dict[str, str]:
    """Special tokens by name; some are written as objects with their text inside."""
    tokens = {}
    for name, value in config.items():
        text = value.get("content") if isinstance(value, Mapping) else value
        if name.endswith("_token") and isinstance(text, str):
            tokens[name] = text
    return tokens
