"""The prompts: files that are shipped, or the user's edited ones."""

from pathlib import Path

from hitl_app.domain.model import Prompt


class PromptFiles:
    """Implements `domain.ports.Prompts`."""

    def __init__(self, shipped: Path, edited: Path) -> None:
        self._shipped = shipped
        self._edited = edited

    def get(self, name: str) -> Prompt:
        """A prompt by its name."""
        raise NotImplementedError

    def all(self) -> tuple[Prompt, ...]:
        """All prompts, by name."""
        raise NotImplementedError

    def edit(self, name: str, text: str | None) -> Prompt:
        """Keep the user's own text of a prompt."""
        raise NotImplementedError

    def text(self, name: str) -> str:
        """The prompt as its file has it."""
        raise NotImplementedError
