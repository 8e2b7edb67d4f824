"""Asks one model on behalf of one task, with a keeper around every call."""

import asyncio

import openai

from hitl_app.domain.model import (
    ChatMessage,
    ModelAnswer,
    ModelCall,
    ModelEndpoint,
    ModelRequest,
    ModelUnavailableError,
    Usage,
)
from hitl_app.domain.ports import CallKeeper, Clock, OnText
from hitl_app.llm.asking import Asking
from hitl_app.llm.dialogue import converse, parameters, to_the_end
from hitl_app.llm.faults import FaultError
from hitl_app.llm.line import Line
from hitl_app.llm.manner import Manner


class OpenAIClient:
    """Implements `domain.ports.ModelClient`."""

    def __init__(
        self,
        line: Line,
        endpoint: ModelEndpoint,
        *,
        manner: Manner,
        keeper: CallKeeper,
        clock: Clock,
        first_pause: float,
    ) -> None:
        self._line = line
        self._endpoint = endpoint
        self._first = manner
        self._keeper = keeper
        self._clock = clock
        self._first_pause = first_pause
        self._api: openai.AsyncOpenAI | None = None

    async def ask(self, request: ModelRequest, on_text: OnText = lambda text: None) -> ModelAnswer:
        """The answer to a request; one that does not fit is shown to the model once, with what is wrong with it."""
        return await converse(self._endpoint.model, request, self._keeper, on_text, self._call)

    async def _call(self, request: ModelRequest, messages: tuple[ChatMessage, ...], on_text: OnText) -> ModelCall:
        """One call to the server."""
        api = await self._open()
        async with self._line.limit:
            known = (self._endpoint.model, self._first)
            manner = self._line.manners.get(known, self._first)
            asking = Asking(
                self._line,
                api,
                self._endpoint,
                request,
                messages,
                on_text,
                manner=manner,
                first_pause=self._first_pause,
            )
            call = await self._answered(asking)
            if asking.manner is not manner:
                self._line.manners[known] = asking.manner
            return call

    async def _answered(self, asking: Asking) -> ModelCall:
        """Ask the server until it answers.

        An attempt that was lost on the way, but may have cost tokens, is a call of its own: it counts before the next
        one is admitted, so that attempts cannot pass a ceiling.
        """
        while True:
            try:
                return await self._admitted(asking)
            except FaultError as fault:
                if asking.pause is None:
                    raise ModelUnavailableError(asking.explained(fault)) from None
                await asyncio.sleep(asking.pause)

    async def _admitted(self, asking: Asking) -> ModelCall:
        """Ask the server under the keeper's eyes."""
        prompt = asking.prompt()
        allowed = await self._keeper.admit(prompt, asking.request.sampling.max_tokens)
        started_at = self._clock.now()
        # What was reserved is given back after the call is counted: in between nobody may take it.
        try:
            try:
                await asking.run(allowed)
            except FaultError as fault:
                await self._keep(asking, started_at, asking.explained(fault))
                raise
            except asyncio.CancelledError:
                asking.lose()
                await self._keep(asking, started_at, "cancelled")
                raise
            return await self._keep(asking, started_at)
        finally:
            self._keeper.release(prompt, allowed)

    async def _open(self) -> openai.AsyncOpenAI:
        if self._api is None:
            self._api = await self._line.open()
        return self._api

    async def _keep(self, asking: Asking, started_at: str, error: str = "") -> ModelCall:
        """Put on record what was asked, what came of it, and what it cost."""
        request, received = asking.request, asking.received
        (tokens_in, tokens_out), measured = asking.lost, asking.lost == (0, 0)
        if received is not None:
            measured = received.counted is not None
            tokens_in, tokens_out = received.counted or (asking.prompt(), received.estimated_tokens())
        price = self._endpoint.price
        call = ModelCall(
            purpose=str(request.purpose),
            prompt=request.prompt,
            model=self._endpoint.model,
            messages=asking.messages,
            parameters=parameters(request),
            answer={} if received is None else received.answer(),
            usage=Usage(1, tokens_in, tokens_out, measured, None if price is None else price.of(tokens_in, tokens_out)),
            seconds=asking.seconds,
            attempts=asking.attempts,
            error=error,
            endpoint=self._endpoint.base_url,
            answering=str(asking.answering or ""),
            started_at=started_at,
        )
        await to_the_end(self._keeper.keep(call))
        return call
