"""A model that answers from a function and keeps what it was asked, and the prompts as they are shipped."""

import json
from collections.abc import Callable
from pathlib import Path

from hitl_app.domain.jsontypes import Json
from hitl_app.domain.model import AnswerError, ModelAnswer, ModelRequest, Usage
from hitl_app.domain.ports import OnText
from hitl_app.llm.prompts import PromptFiles
from hitl_app.system.paths import resource


class Answering:
    """Implements `domain.ports.ModelClient`. Where the function answers with an `AnswerError`, that is raised."""

    def __init__(self, answer: "Callable[[ModelRequest], Json | AnswerError]") -> None:
        self._answer = answer
        self.requests: list[ModelRequest] = []

    async def ask(self, request: ModelRequest, on_text: OnText = lambda text: None) -> ModelAnswer:
        self.requests.append(request)
        value = self._answer(request)
        if isinstance(value, AnswerError):
            raise value
        text = json.dumps(value)
        on_text(text)
        return ModelAnswer(text, value=value, usage=Usage(1, len(said(request)) // 4, len(text) // 4, usd=0.001))


def said(request: ModelRequest) -> str:
    """All that was sent in a request, as one text."""
    return "\n".join(message.text for message in request.messages)


def shipped() -> PromptFiles:
    """The prompts as they are shipped."""
    return PromptFiles(resource("prompts"), Path("no edited prompts"))
