"""Models at the seam: who asks them, who keeps what was asked, who holds the keys."""

from collections.abc import Callable
from typing import Protocol

from hitl_app.domain.model import (
    Capabilities,
    ModelAnswer,
    ModelCall,
    ModelEndpoint,
    ModelRequest,
    PastedQuestion,
    Prompt,
    Secret,
)

OnText = Callable[[str], None]
"""Receives the text of an answer as it streams in, piece by piece."""


class ModelClient(Protocol):
    """Asks one model on behalf of one task."""

    async def ask(self, request: ModelRequest, on_text: OnText = lambda text: None) -> ModelAnswer:
        """The answer; with a schema its `value` fits the schema.

        Cancelling the task that awaits it ends the call within a second.

        Raises:
            ModelUnavailableError: After all retries, or at once where they cannot help.
            AnswerError: The answer does not fit, even after one correction.
            BudgetExhaustedError: The call would pass a ceiling; nothing was sent.
            NotOnRecordError: Only recorded answers may be used, and there is none.
        """
        ...


class CallKeeper(Protocol):
    """Stands around every call that goes out: answers it from the record, admits it, keeps it."""

    async def recall(self, key: str) -> ModelCall | None:
        """The recorded call with that key (`domain.model.request_key`), where this run may use it."""
        ...

    async def admit(self, tokens_in: int, max_tokens: int) -> int:
        """Reserve an estimate of a call's tokens; the answer is how many completion tokens it may ask for.

        Waits where only calls under way stand in the way. What it answers goes to the server, and not into the key.

        Raises:
            BudgetExhaustedError: Nothing sensible fits under a ceiling any more.
            NotOnRecordError: It would fit, and the run may ask no server.
        """
        ...

    def release(self, tokens_in: int, max_tokens: int) -> None:
        """Give back what was reserved, whether or not the call succeeded: the estimate, and what `admit` answered."""
        ...

    async def keep(self, call: ModelCall, *, recalled: bool = False) -> None:
        """Count a call and, unless it was recalled, put it on record; durable on return. Failed calls, too."""
        ...


class ModelServers(Protocol):
    """Opens models. Keeps one connection pool and one limit of concurrency per endpoint."""

    def client(self, endpoint: ModelEndpoint, capabilities: Capabilities, keeper: CallKeeper) -> ModelClient:
        """A client of a model."""
        ...

    async def probe(self, endpoint: ModelEndpoint) -> Capabilities:
        """Ask a server what it can do, with a few short calls. Never raises for what the server does."""
        ...

    async def close(self) -> None:
        """Close all connections. Idempotent."""
        ...


class Hand(Protocol):
    """A person who carries questions to a chat of theirs, and answers back."""

    async def answer(self, question: PastedQuestion) -> str:
        """What the person pastes.

        Raises:
            ModelUnavailableError: Nobody is there to paste anything.
        """
        ...


class SecretStore(Protocol):
    """Holds the keys of endpoints: the environment's first, then the keyring's, then those given this session."""

    def find(self, base_url: str) -> Secret | None:
        """The key for an endpoint. May block for a moment: not in Qt's thread."""
        ...

    def keep(self, base_url: str, value: str) -> Secret:
        """Keep a key in the keyring, or in memory where there is none; says which. An empty one is forgotten."""
        ...


class Prompts(Protocol):
    """The prompts: those that are shipped, or the user's edited ones."""

    def get(self, name: str) -> Prompt:
        """A prompt by its name. Raises NotFoundError, or UserError where the user's text cannot be used."""
        ...

    def all(self) -> tuple[Prompt, ...]:
        """All prompts, by name; where the user's own text cannot be used, the one that is shipped with the problem."""
        ...

    def edit(self, name: str, text: str | None) -> Prompt:
        """Keep the user's own text of a prompt; None goes back to the one that is shipped.

        Raises:
            UserError: A place is missing or unknown; says which. Nothing was changed.
        """
        ...

    def text(self, name: str) -> str:
        """The prompt as its file has it, for an editor."""
        ...
