"""One question to a server: attempts, pauses between them, and other manners of asking where one is refused."""

import asyncio
import random
import time
from dataclasses import dataclass, field

import openai

from hitl_app.domain.jsontypes import Json
from hitl_app.domain.model import Answering, ChatMessage, ModelEndpoint, ModelRequest
from hitl_app.domain.ports import OnText
from hitl_app.llm.estimating import prompt_tokens
from hitl_app.llm.faults import FaultError
from hitl_app.llm.line import Line
from hitl_app.llm.manner import Manner
from hitl_app.llm.receiving import Received
from hitl_app.llm.wire import body, ceiling

LONGEST_PAUSE = 8.0
"""Seconds of a pause that we choose, before its jitter."""

LONGEST_ASKED = 120.0
"""Seconds of a pause that a server may ask for; one that asks for more is given up."""

AGAIN = "\n[the connection was lost: asking again]\n"


@dataclass
class Asking:
    """The state of one question; what it cost is right at any time, also where it is cancelled.

    Attributes:
        received: The answer that came, or is coming.
        lost: Tokens of the prompt and of the answer that the last attempt may have consumed for nothing.
        pause: Seconds after which another `run` may help; None where none does.
        attempts: Requests that the last `run` sent.
    """

    line: Line
    api: openai.AsyncOpenAI
    endpoint: ModelEndpoint
    request: ModelRequest
    messages: tuple[ChatMessage, ...]
    on_text: OnText
    manner: Manner
    first_pause: float
    received: Received | None = None
    lost: tuple[int, int] = (0, 0)
    pause: float | None = None
    attempts: int = 0
    _failed: int = 0
    _earlier: int = 0
    _shown: bool = False
    _began: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """Since the last `run` began."""
        return time.monotonic() - self._began

    @property
    def answering(self) -> Answering | None:
        """How a structured answer is asked for; None where none is."""
        return None if self.request.schema is None else self.manner.answering

    def prompt(self) -> int:
        """Estimated tokens of the prompt."""
        return prompt_tokens(self._body())

    async def run(self, max_tokens: int) -> Received:
        """Ask until there is an answer, nothing helps, or an attempt was lost that may have cost tokens.

        Raises:
            FaultError: Of the last attempt. `pause` says whether to run again.
        """
        self._began = time.monotonic()
        self._earlier += self.attempts
        self.attempts, self.lost = 0, (0, 0)
        while True:
            try:
                return await self._attempt(max_tokens)
            except FaultError as fault:
                other = self.manner.after_refusal(str(fault), self.request) if fault.refused else None
                if other is not None:
                    self.manner = other
                    continue
                self._failed += 1
                self.pause = self._pause_after(fault)
                if self.pause is None or self.lost != (0, 0):
                    raise
                await asyncio.sleep(self.pause)

    def lose(self) -> None:
        """Count the attempt under way as lost."""
        if self.received is not None:
            self.lost = (self.prompt(), self.received.estimated_tokens())
            self.received = None

    def explained(self, fault: FaultError) -> str:
        """What went wrong, where, and what to do about it."""
        attempts = self._earlier + self.attempts
        times = f" after {attempts} attempts" if attempts > 1 else ""
        return f"{self.endpoint.model} at {self.line.base_url} {fault}{times}: {fault.advice}"

    async def _attempt(self, max_tokens: int) -> Received:
        self.attempts += 1
        if self._shown:
            self.on_text(AGAIN)
        self.received = received = Received(self.on_text)
        try:
            sent = {**self._body(), **ceiling(max_tokens, self.manner)}
            await self.line.complete(self.api, sent, self.endpoint.timeout, received)
        except FaultError as fault:
            if received.complete:  # the server left without a goodbye
                return received
            self._shown = received.anything
            if fault.consumed or received.anything:
                self.lose()
            self.received = None
            raise
        return received

    def _body(self) -> dict[str, Json]:
        return body(self.request, self.messages, self.endpoint.model, self.manner)

    def _pause_after(self, fault: FaultError) -> float | None:
        """Exponential, with jitter: many calls that fail together do not come back together."""
        asked = fault.after or 0.0
        if not fault.retry or self._failed > self.endpoint.retries or asked > LONGEST_ASKED:
            return None
        longest = min(LONGEST_PAUSE, self.first_pause * 2.0 ** (self._failed - 1))
        return max(asked, longest * random.uniform(0.5, 1.0))  # noqa: S311 -- spreads load, guards nothing
