"""The line to one server: its connections, how many calls it takes at a time, and how its models want to be asked."""

import asyncio
import functools
import os
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import httpx2
import openai

from hitl_app.domain.jsontypes import Json, parse_or_text
from hitl_app.domain.model import ModelUnavailableError
from hitl_app.domain.ports import SecretStore
from hitl_app.llm.faults import FaultError, from_status
from hitl_app.llm.manner import Manner, names_a_feature
from hitl_app.llm.receiving import Received, error_text, receive
from hitl_app.llm.structured import quoted

NO_KEY = "no-key"
"""Sent to servers that have no key: the library wants one."""

CONNECT = 10.0
"""Seconds in which a connection must stand."""

LONGEST = 20
"""An attempt may take this many times the time without a byte: a server that only keeps awake is given up, too."""

CHECK = "check the base URL, and whether the server runs"
"""What to do where nobody answers."""

SHORTEST_KEY = 8
"""Characters up to which the beginning of a key tells nothing."""

_LOCAL = ("localhost", "127.0.0.1", "::1")
_OPENAI = "api.openai.com"


class Line:
    """Sends single requests to one server. Belongs to one event loop."""

    def __init__(self, base_url: str, secrets: SecretStore, concurrency: int) -> None:
        self.base_url = base_url
        self.manners: dict[tuple[str, Manner], Manner] = {}
        self.limit = asyncio.Semaphore(max(1, concurrency))
        self._secrets = secrets
        self._host = urlsplit(base_url).hostname or ""
        # A proxy in the environment is for servers elsewhere.
        self._http = openai.DefaultAsyncHttpx2Client(verify=_certificates(), trust_env=self._host not in _LOCAL)

    async def open(self) -> openai.AsyncOpenAI:
        """The library's client with the key as it is now.

        Raises:
            ModelUnavailableError: The key cannot be sent, or the base URL not be asked.
        """
        secret = await asyncio.to_thread(self._secrets.find, self.base_url)
        key = secret.value if secret else NO_KEY
        if not key.isascii() or not key.isprintable() or " " in key:
            raise ModelUnavailableError(f"the key for {self.base_url} holds characters that no key has: enter it again")
        try:
            api = openai.AsyncOpenAI(base_url=self.base_url, api_key=key, max_retries=0, http_client=self._http)
        except httpx2.InvalidURL as error:
            raise ModelUnavailableError(f"{quoted(self.base_url)} is no base URL of a server: {error}") from None
        if self._host != _OPENAI:
            api.organization = api.project = None  # taken from the environment; nobody else's business
        return api

    async def complete(
        self, api: openai.AsyncOpenAI, body: dict[str, Json], silence: float, received: Received
    ) -> None:
        """Send one request and take its answer.

        Args:
            api: From `open`.
            body: Of the request.
            silence: Seconds without a byte before it is given up.
            received: Takes what comes.

        Raises:
            FaultError: It failed.
        """
        wait = openai.Timeout(silence, connect=min(silence, CONNECT), pool=None)
        try:
            async with self._faults(api.api_key, silence), asyncio.timeout(LONGEST * silence):
                # The body is ours already: the library need not look through its messages.
                sending = api.chat.completions.with_streaming_response.create(
                    model=str(body["model"]), messages=[], extra_body=body, timeout=wait
                )
                async with sending as response:
                    await receive(response.headers.get("content-type", ""), response.iter_bytes(), received)
        except TimeoutError:
            raise FaultError(f"did not end its answer within {LONGEST * silence:g} s", consumed=True) from None

    async def models(self, api: openai.AsyncOpenAI, silence: float) -> tuple[str, ...]:
        """Names of the models that the server lists.

        Raises:
            FaultError: It lists none.
        """
        async with self._faults(api.api_key, silence):
            page = await api.models.with_raw_response.list(timeout=silence)
            listed = parse_or_text(page.text)
        entries = listed.get("data") if isinstance(listed, dict) else None
        if not isinstance(entries, list):
            raise FaultError("lists no models")
        return tuple(str(entry["id"]) for entry in entries if isinstance(entry, dict) and "id" in entry)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    @asynccontextmanager
    async def _faults(self, key: str, silence: float) -> AsyncIterator[None]:
        """Turn what the library and its transport raise into faults; the chain is cut, as it holds the request.

        What a server says is quoted without the key, wherever it repeats it.
        """
        if self._http.is_closed:
            raise FaultError("is not asked any more: the program is closing", advice="start it again")
        try:
            yield
        except FaultError as fault:
            fault.args = (_without(key, str(fault)),)
            raise
        except openai.APIStatusError as error:
            raise _of_status(error, key) from None
        except (openai.APITimeoutError, httpx2.TimeoutException) as error:
            raise _of_timeout(error, silence) from None
        except (openai.APIConnectionError, httpx2.HTTPError) as error:
            raise _of_connection(error) from None


@functools.cache
def _certificates() -> ssl.SSLContext:
    """The certificates of the machine; reading them takes a tenth of a second."""
    return httpx2.create_ssl_context()


def _of_status(error: openai.APIStatusError, key: str) -> FaultError:
    reason = _without(key, error_text(error.body if error.body is not None else error.response.text))
    code = error.code if isinstance(error.code, str) else ""
    return from_status(error.status_code, reason, code, error.response.headers, refused=names_a_feature(reason))


def _without(key: str, text: str) -> str:
    """The text without the key, also where the end of a quotation cut it."""
    text = text.replace(key, "…")
    for length in range(len(key) - 1, SHORTEST_KEY, -1):
        text = text.replace(key[:length] + "…", "…")
    return text


def _of_connection(error: Exception) -> FaultError:
    if isinstance(error.__cause__, httpx2.ConnectError):
        return FaultError(f"cannot be reached ({_cause(error)})", retry=True, advice=CHECK)
    said = str(error.__cause__ or error).strip() or _cause(error)
    return FaultError(f"broke off the connection ({said})", retry=True, consumed=True)


def _of_timeout(error: Exception, silence: float) -> FaultError:
    if isinstance(error.__cause__, httpx2.ConnectTimeout):
        return FaultError(f"cannot be reached (no answer for {min(silence, CONNECT):g} s)", retry=True, advice=CHECK)
    advice = "allow more time in the settings, or ask a faster model"
    return FaultError(f"sent nothing for {silence:g} s", retry=True, consumed=True, advice=advice)


def _cause(error: BaseException) -> str:
    """The words of what is behind an error, such as the system's."""
    while inner := error.__cause__ or error.__context__:
        error = inner
    if isinstance(error, OSError) and error.errno is not None:
        return os.strerror(error.errno) if error.errno > 0 else str(error.strerror)
    return str(error).strip() or type(error).__name__
