"""Keys of endpoints: from the environment, the keyring, or for this session."""

import queue
import threading
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from hitl_app.domain.endpoints import server_url
from hitl_app.domain.errors import UserError
from hitl_app.domain.model import ModelUnavailableError, Secret

SERVICE = "hitl-app"
"""Under which the keyring keeps keys; the user's name there is the server's base URL."""

ENVIRONMENT = "HITL_APP_API_KEY"
OPENAI = ("OPENAI_API_KEY", "api.openai.com")
"""A variable that counts for its own server only."""

PATIENCE = 2.0
"""Seconds that the keyring may take: one that waits for a person, or for a broken bus, is none."""


class Secrets:
    """Implements `domain.ports.SecretStore`. Safe in several threads."""

    def __init__(self, variables: Mapping[str, str], patience: float = PATIENCE) -> None:
        """Look for keys.

        Args:
            variables: Of the environment.
            patience: Seconds that the keyring may take.
        """
        self._variables = variables
        self._patience = patience
        self._memory: dict[str, str] = {}

    def __repr__(self) -> str:
        return "Secrets()"

    def find(self, base_url: str) -> Secret | None:
        """The key for a server. Blocks for `patience` at most.

        The environment's goes first. What is in memory was given after the keyring's, which did not take it.
        """
        url = _normal(base_url)
        value = self._variables.get(ENVIRONMENT, "").strip()
        if not value and urlsplit(url).hostname == OPENAI[1]:
            value = self._variables.get(OPENAI[0], "").strip()
        if value:
            return Secret(value, "environment")
        value = self._memory.get(url, "")
        if value:
            return Secret(value, "memory")
        value = self._ask_keyring(lambda: _keyring_get(url)) or ""
        return Secret(value, "keyring") if value else None

    def keep(self, base_url: str, value: str) -> Secret:
        """Keep a key in the keyring, or in memory where there is none; says which. An empty one is forgotten.

        Raises:
            UserError: It holds characters that no key has.
        """
        url, value = _normal(base_url), value.strip()
        if not value.isascii() or not value.isprintable() or " " in value:
            raise UserError("a key has no spaces, line breaks or letters beyond ASCII: copy it again")
        self._memory.pop(url, None)
        if not value:
            self._ask_keyring(lambda: _keyring_delete(url))
            return Secret("", "memory")
        if self._ask_keyring(lambda: _keyring_set(url, value)) == value:
            return Secret(value, "keyring")
        self._memory[url] = value
        return Secret(value, "memory")

    def _ask_keyring(self, question: Callable[[], str | None]) -> str | None:
        """The keyring's answer; None where there is no keyring, or it fails, or does not answer in time."""
        answers: queue.SimpleQueue[str | None] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put(question())
            except Exception:  # backends raise whatever their platform does: any failure means no keyring
                answers.put(None)

        # A daemon: one that never ends must not keep the program from ending.
        threading.Thread(target=ask, name="keyring", daemon=True).start()
        try:
            return answers.get(timeout=self._patience)
        except queue.Empty:
            return None


def _normal(base_url: str) -> str:
    try:
        return server_url(base_url)
    except ModelUnavailableError:
        return base_url


def _keyring_get(url: str) -> str | None:
    import keyring  # noqa: PLC0415 -- looks for backends when it is imported

    return keyring.get_password(SERVICE, url)


def _keyring_set(url: str, value: str) -> str | None:
    """Keep a key; the answer is what is kept then: a null backend takes anything and keeps nothing."""
    import keyring  # noqa: PLC0415 -- looks for backends when it is imported

    keyring.set_password(SERVICE, url, value)
    return keyring.get_password(SERVICE, url)


def _keyring_delete(url: str) -> str | None:
    import keyring  # noqa: PLC0415 -- looks for backends when it is imported

    keyring.delete_password(SERVICE, url)
    return None
